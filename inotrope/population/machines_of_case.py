"""The machines of a case that replace the kidneys: what they clear, and what kidneys count beside one or after it.

Knows that a creatinine beside a machine is the machine's, and stays so for as long after its end as the drug's rules
say (`creatinine_is_a_machine_s`). It estimates no machine's clearance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import numpy as np

from inotrope.drug import Drug, creatinine_is_a_machine_s
from inotrope.findings import Truth, any_of
from inotrope.patient import KIDNEY_REPLACEMENT, Case, Kidney, Support, assess_kidney
from inotrope.population.extracorporeal import ENTER, ExtracorporealClearance
from inotrope.units import Quantity, hours_between

_SUPPOSED = (
    "supposed is nothing, so that levels come out too high rather than too low. An assumed kidney function "
    "supposes another clearance."
)
NO_OWN_KIDNEYS = f"Beside the machine no creatinine tells what the patient's own kidneys clear: {_SUPPOSED}"
NO_OWN_KIDNEYS_YET = (
    "A machine replaced the kidneys until lately, and no creatinine tells yet what the patient's own kidneys clear: "
    f"{_SUPPOSED}"
)


@dataclass(frozen=True, slots=True)
class EarlierKidneys:
    """The kidneys up to the machine that took their place: as the creatinine told before it began.

    Attributes:
        until_h: When it began, h from `now`.
        kidney: As assessed at that moment, from what was measured by then.
        clearance: Its dosing value, mL/min/1.73 m2.
    """

    until_h: float
    kidney: Kidney
    clearance: Quantity

    @property
    def says(self) -> str:
        """What is taken for the time before, in words."""
        return f"Before the machine began the creatinine of that time counts: {self.clearance.shown(0)}."


def earlier_kidneys(case: Case, drug: Drug | None) -> EarlierKidneys | None:
    """Return the kidneys before the machine whose creatinine it is now; None where none is, or nothing told of them.

    Several machines that follow each other so closely that no creatinine between them is the patient's count as one.
    """
    before = case
    while starts := [machine.start for machine in _in_their_place(before) if _rules_creatinine(before, machine, drug)]:
        start = min(starts)
        before = replace(
            case,
            now=start,
            support=tuple(machine for machine in before.support or () if machine.start < start),
            measurements=tuple(item for item in case.measurements if item.at <= start),
        )
    if before is case:
        return None
    kidney = assess_kidney(before)
    if kidney.clearance is None:
        return None
    return EarlierKidneys(_from_now(case, before.now), kidney, kidney.clearance)


def _rules_creatinine(case: Case, machine: Support, drug: Drug | None) -> bool:
    """Tell whether a creatinine of now is this machine's."""
    alone = replace(case, support=(machine,))
    return replaced(alone) is Truth.PRESENT or lately_replaced(alone, drug)


def machines_of_case(case: Case) -> tuple[ExtracorporealClearance, ...]:
    """Return the machines whose clearance of the drug the case enters, in hours from `now`."""
    return tuple(
        ExtracorporealClearance.entered(
            machine.what,
            clearance=machine.clearance,
            because=f"in the case, from {machine.start:%Y-%m-%d %H:%M}"
            + (" on" if machine.end is None else f" to {machine.end:%Y-%m-%d %H:%M}"),
            start_h=_from_now(case, machine.start),
            end_h=np.inf if machine.end is None else _from_now(case, machine.end),
        )
        for machine in case.support or ()
        if machine.clearance is not None
    )


def replaced(case: Case) -> Truth:
    """Tell whether a machine replaces the kidneys now."""
    return any_of(case.supported_by(name) for name in KIDNEY_REPLACEMENT)


def lately_replaced(case: Case, drug: Drug | None) -> bool:
    """Tell whether no machine replaces the kidneys now, and one did until so lately that the creatinine is its.

    A drug without a folder has no rule that says how lately: None for it.
    """
    return drug is not None and replaced(case) is not Truth.PRESENT and creatinine_is_a_machine_s(drug, case)


def clearances_entered(case: Case, drug: Drug | None) -> bool:
    """Tell whether every machine that makes the creatinine has its clearance entered, and there is one.

    Those are the machines that replace the kidneys now; where none does, those that did until lately.
    """
    there = _in_their_place(case)
    running = [machine for machine in there if not _ended(case, machine)]
    running = running or [machine for machine in there if lately_replaced(replace(case, support=(machine,)), drug)]
    return bool(running) and all(machine.clearance is not None for machine in running)


def beside_machines(case: Case, kidney: Kidney, drug: Drug | None) -> Kidney:
    """Return the kidneys beside a machine that replaces them: clearing nothing, unless somebody assumed otherwise.

    A creatinine beside a machine, and for some time after it, is the machine's: what it gives would count the machine
    twice, and levels would come out too low. Nothing is the bound on the other side.
    """
    if kidney.assumed or not (replaced(case) is Truth.PRESENT or lately_replaced(case, drug)):
        return kidney
    return replace(kidney, clearance=Quantity(Decimal(0), "mL/min/1.73 m2"))


def not_yet_known(case: Case, kidney: Kidney, drug: Drug | None, *, entered: bool) -> str:
    """Return why nothing is told so soon after a machine; empty where something is.

    Args:
        case: The patient.
        kidney: As assessed or assumed.
        drug: Its rules say for how long after its end a machine counts.
        entered: Whether the clearance of the drug by the machine is known.
    """
    if entered or kidney.assumed or not lately_replaced(case, drug):
        return ""
    return (
        "A machine replaced the kidneys until lately: the creatinine is still the machine's, and what the machine "
        f"cleared of {case.drug} is not known. {ENTER} Or assume a kidney function."
    )


def says_past_machines(case: Case, given_h: Iterable[float]) -> tuple[str, ...]:
    """Say which machines cleared an unknown share of what was given, so that the level `now` is not certain.

    Args:
        case: The patient.
        given_h: When what was given began to flow, h from `now`.
    """
    first = min(given_h, default=np.inf)
    return tuple(
        f"{machine.what} ran until {machine.end:%Y-%m-%d %H:%M}, and what it cleared of {case.drug} is not entered: "
        "the level now is uncertain, and may be lower than shown."
        for machine in _in_their_place(case)
        if machine.end is not None and _ended(case, machine) and machine.clearance is None
        if _from_now(case, machine.end) > first
    )


def _in_their_place(case: Case) -> list[Support]:
    return [machine for machine in case.support or () if machine.what in KIDNEY_REPLACEMENT]


def _ended(case: Case, machine: Support) -> bool:
    return machine.end is not None and _from_now(case, machine.end) <= 0


def _from_now(case: Case, at: datetime) -> float:
    return float(hours_between(case.now, at))
