"""The facts about a computed dose that rules judge: delivered, rounded, with the total and the bag.

Knows how a regimen becomes facts. Where there is no regimen there is nothing to judge, and these facts are absent;
where a pump setting needs a concentration that nobody wrote down, they are unknown.
"""

from __future__ import annotations

from inotrope.dosing import History, Regimen, loading_until
from inotrope.findings import Truth
from inotrope.patient import Case
from inotrope.units import Quantity

DELIVERED_RATE = "delivered rate"
DELIVERED_ERROR = "delivered error"
TOTAL = "total 24 h"
PUMP_BELOW_MINIMUM = "pump rate is below its minimum"
BAG_LASTS = "bag lasts"
IS_DILUTED = "preparation is diluted"
RUNS_TOO_FAST = "running rate is above what is allowed"

DOSE_FACTS = frozenset(
    {DELIVERED_RATE, DELIVERED_ERROR, TOTAL, PUMP_BELOW_MINIMUM, BAG_LASTS, IS_DILUTED, RUNS_TOO_FAST}
)
"""Facts that exist only after the dose is computed."""

_NEEDS = {
    DELIVERED_RATE: ("preparation",),
    TOTAL: ("administrations",),
    DELIVERED_ERROR: ("preparation",),
    PUMP_BELOW_MINIMUM: ("preparation",),
    BAG_LASTS: ("preparation volume",),
    IS_DILUTED: ("preparation",),
    RUNS_TOO_FAST: ("administrations",),
}


def dose_facts(
    case: Case, past: History, regimen: Regimen | None
) -> tuple[dict[str, Quantity | Truth], dict[str, tuple[str, ...]]]:
    """Return the facts of a regimen, and what is needed to know those that are missing.

    Without a concentration nobody can say what a pump would deliver; without a record of what was given nobody can
    vouch for a total.
    """
    if regimen is None:
        return dict.fromkeys(DOSE_FACTS, Truth.ABSENT), {}
    facts: dict[str, Quantity | Truth] = {}
    if past.recorded:
        facts[TOTAL] = regimen.total_24_h.per_weight
    pump = regimen.maintenance.pump
    if pump is not None:
        facts[DELIVERED_RATE] = pump.delivered
        facts[DELIVERED_ERROR] = Quantity(abs(pump.error.value), "%")
    slowest = None if case.pump is None else case.pump.minimum
    if slowest is None:
        facts[PUMP_BELOW_MINIMUM] = Truth.ABSENT
    elif pump is not None:
        facts[PUMP_BELOW_MINIMUM] = Truth.of(pump.rate < slowest)
    if regimen.preparation.lasts is not None:
        facts[BAG_LASTS] = regimen.preparation.lasts
    product = None if case.preparation is None else case.preparation.product
    if product == "premix" or (product == "vial" and regimen.preparation.concentration is not None):
        facts[IS_DILUTED] = Truth.of(regimen.preparation.use_within is not None)
    if past.recorded:
        runs = past.running_rate
        too_fast = runs is not None and runs > regimen.maintenance.maximum
        facts[RUNS_TOO_FAST] = Truth.of(too_fast and loading_until(regimen.entry, past, case.now) is None)
    needs: dict[str, tuple[str, ...]] = dict(_NEEDS)
    if case.preparation is not None and case.preparation.volume is not None:
        needs[BAG_LASTS] = ("preparation",)
    return facts, needs
