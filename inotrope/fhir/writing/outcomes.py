"""What went wrong, as an operation outcome: the same sentence as everywhere, never a value of a patient.

Knows which word of R4's list an error of this program is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inotrope.fhir.writing.elements import Plain, words
from inotrope.fhir.writing.proving import prove_resource

if TYPE_CHECKING:
    from inotrope.errors import InotropeError

_CODES = {"file": "structure", "case": "value", "unit": "value", "access": "login", "course": "processing"}
_OTHER = "invalid"


def operation_outcome(says: str, code: str, *, severity: str = "error", where: str | None = None) -> Plain:
    """Return one sentence as an operation outcome.

    Args:
        says: What was wrong and what to do.
        code: A word of R4's list, such as `required`.
        severity: `fatal`, `error`, `warning` or `information`.
        where: The place, as FHIRPath has it; None where there is none.

    Raises:
        RequestError: A word is none of R4's.
    """
    issue: Plain = {"severity": severity, "code": code, "details": words(says)}
    issue |= {} if where is None else {"expression": [where]}
    made: Plain = {"resourceType": "OperationOutcome", "issue": [issue]}
    prove_resource(made)
    return made


def outcome_of(problem: InotropeError) -> Plain:
    """Return an error as an operation outcome; its sentence may repeat what was sent, so it goes to the sender alone.

    Args:
        problem: The error.
    """
    return operation_outcome(str(problem), _CODES.get(problem.kind, _OTHER))
