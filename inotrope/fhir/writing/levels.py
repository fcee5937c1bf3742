"""A measured level that is asked for, as a service request in draft.

Knows no code of such a measurement: the facts name none for a level of milrinone, so it stands in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inotrope.fhir.writing.elements import Plain, moment, patient, words
from inotrope.fhir.writing.proving import prove_resource

if TYPE_CHECKING:
    from datetime import datetime

    from inotrope.plan import Plan


def level_request(plan: Plan, subject: str, because: str, *, at: datetime | None = None) -> Plain:
    """Return the request of a level of the plan's drug, as a proposal in draft.

    Args:
        plan: The plan.
        subject: The patient, as `Patient/ID`.
        because: Why it is asked for, in a sentence.
        at: When it is to be drawn; None for as soon as possible.

    Raises:
        RequestError: The patient is not named so.
    """
    made: Plain = {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "proposal",
        "code": words(f"{plan.drug} concentration in plasma"),
        "subject": patient(subject),
    }
    made |= {} if at is None else {"occurrenceDateTime": moment(at)}
    made |= {"authoredOn": moment(plan.made_for), "reasonCode": [words(because)]}
    made |= {"note": [{"text": "Say when it is drawn, from which line, and at which rate the infusion runs."}]}
    prove_resource(made)
    return made
