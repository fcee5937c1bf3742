"""What a person enters that a machine clears of the drug.

Knows that it is a flow and how large one can be. It reckons no clearance, neither from an effluent nor from a kind of
filter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inotrope.errors import CaseError, shorten
from inotrope.patient.vocabulary import vocabulary
from inotrope.units import Quantity, read_quantity

if TYPE_CHECKING:
    from inotrope.patient.case import Case


def read_machine_clearance(text: object) -> Quantity:
    """Read the clearance of a drug by a machine, a flow such as `1.2 L/h` or `20 mL/min`.

    Raises:
        UnitError: No unit, or one of something else than a flow.
        CaseError: Zero or less, or more than all the blood that a machine is given.
    """
    found = read_quantity(text, what="Clearance", dimensions=("flow",))
    most = vocabulary().limit("machine.clearance_maximum").value
    if found > most:
        raise CaseError(
            f"Clearance '{shorten(str(text))}' is above {most}, all the blood that a machine is given. "
            "Check the number and its unit.",
            value=text,
            accepted=f"a flow up to {most}",
        )
    return found


def prove_one_clearance(case: Case) -> None:
    """Prove that no machine clears twice at one time: two entries of one machine would add up.

    Raises:
        CaseError: Two entries of one machine, both with a clearance, overlap.
    """
    entered = [(index, item) for index, item in enumerate(case.support or ()) if item.clearance is not None]
    for place, (_, first) in enumerate(entered):
        for index, second in entered[place + 1 :]:
            apart = (first.end is not None and first.end <= second.start) or (
                second.end is not None and second.end <= first.start
            )
            if first.what == second.what and not apart:
                raise CaseError(
                    f"{second.what} is entered twice at one time, each with a clearance. Give the first its end, or "
                    "keep one.",
                    value=str(second.clearance),
                    where=f"support[{index}].clearance",
                )
