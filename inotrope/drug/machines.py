"""Machines in place of the kidneys: which of a case's still rule what a creatinine tells.

Knows that a creatinine stays the machine's for some time after its end, and that the drug's own rules say for how long.
What follows from that for a rate, for a plan or for a forecast, those say.
"""

from __future__ import annotations

from inotrope.drug.conditions import OnSupport, walk
from inotrope.drug.folder import Drug
from inotrope.drug.numbers import Sourced
from inotrope.findings import Effect, Truth
from inotrope.patient import KIDNEY_REPLACEMENT, Case
from inotrope.units import Quantity


def creatinine_is_a_machine_s(drug: Drug, case: Case) -> bool:
    """Tell whether a machine replaces the kidneys, or did until so lately that a rule proposes no rate for it.

    Args:
        drug: Its rules say for how long after its end a machine still counts.
        case: The patient, with the support that is recorded.
    """
    if not case.support:
        return False
    return any(
        case.supported_by(name, ended_within=window) is Truth.PRESENT
        for name in KIDNEY_REPLACEMENT
        for window in (None, *_windows(drug, name))
    )


def _windows(drug: Drug, name: str) -> list[Quantity]:
    """Return for how long after its end one machine still counts, as each rule that proposes no rate says."""
    limits = [
        rule.limits.get((part.within_reference or "").removeprefix("@"))
        for rule in drug.rules
        if rule.effect is Effect.NO_RATE
        for part in walk(rule.when)
        if isinstance(part, OnSupport) and part.name == name
    ]
    return [limit.value for limit in limits if isinstance(limit, Sourced)]
