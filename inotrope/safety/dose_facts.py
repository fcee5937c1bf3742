"""The facts about a computed dose that rules judge: delivered, rounded, with the total and the bag.

Knows how a regimen becomes facts. Where there is no regimen there is nothing to judge, and these facts are absent;
where a pump setting needs a concentration that nobody wrote down, they are unknown.
"""

from __future__ import annotations

from inotrope.dosing import History, Regimen, exact_flow, loading_until, off_by, recorded_setting
from inotrope.findings import SourceReference, Truth
from inotrope.patient import Case
from inotrope.safety.situation import Fact
from inotrope.units import Quantity

DELIVERED_RATE = "delivered rate"
DELIVERED_ERROR = "delivered error"
TOTAL = "total 24 h"
PUMP_BELOW_MINIMUM = "pump rate is below its minimum"
BAG_LASTS = "bag lasts"
IS_DILUTED = "preparation is diluted"
RUNS_TOO_FAST = "running rate is above what is allowed"
ABOVE_SOFT_LIMIT = "rate is above the site's soft limit"

DOSE_FACTS = frozenset(
    {DELIVERED_RATE, DELIVERED_ERROR, TOTAL, PUMP_BELOW_MINIMUM, BAG_LASTS, IS_DILUTED, RUNS_TOO_FAST, ABOVE_SOFT_LIMIT}
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
    case: Case, past: History, regimen: Regimen | None, *, soft_maximum: Quantity | None = None
) -> tuple[dict[str, Fact], dict[str, tuple[str, ...]]]:
    """Return the facts of a regimen, and what is needed to know those that are missing.

    Without a concentration nobody can say what a pump would deliver; without a record of what was given nobody can
    vouch for a total.

    Args:
        case: The patient.
        past: What was given.
        regimen: What would be given; None where no rate is proposed.
        soft_maximum: The rate above which the hospital's own file asks for a second look; None where it sets none.
    """
    soft = {ABOVE_SOFT_LIMIT: _above(soft_maximum, past, regimen) or Truth.ABSENT}
    if regimen is None:
        return {**dict.fromkeys(DOSE_FACTS, Truth.ABSENT), **soft}, {}
    facts: dict[str, Fact] = dict(soft)
    if past.recorded:
        facts[TOTAL] = regimen.total_24_h.per_weight
    pump = regimen.maintenance.pump
    slowest = None if case.pump is None else case.pump.minimum
    if slowest is None:
        facts[PUMP_BELOW_MINIMUM] = Truth.ABSENT
    if pump is not None:
        facts[DELIVERED_RATE] = pump.delivered
        setting, error = _set_now(case, past, regimen) or (pump.rate, pump.error)
        facts[DELIVERED_ERROR] = Quantity(abs(error.value), "%")
        if slowest is not None:
            facts[PUMP_BELOW_MINIMUM] = Truth.of(setting < slowest)
    if regimen.preparation.lasts is not None:
        longest = regimen.entry.numbers.get("duration.longest")  # a bag hangs no longer than the course lasts
        lasts = regimen.preparation.lasts
        facts[BAG_LASTS] = lasts if longest is None else min(lasts, longest.value)
    product = None if case.preparation is None else case.preparation.product
    if product == "premix" or (product == "vial" and regimen.preparation.concentration is not None):
        facts[IS_DILUTED] = Truth.of(regimen.preparation.use_within is not None)
    if past.recorded and past.running is not Truth.UNKNOWN:
        runs = past.running_rate
        too_fast = runs is not None and runs > regimen.maintenance.maximum
        facts[RUNS_TOO_FAST] = Truth.of(too_fast and loading_until(regimen.entry, past, case.now) is None)
    needs: dict[str, tuple[str, ...]] = dict(_NEEDS)
    if case.preparation is not None and case.preparation.volume is not None:
        needs[BAG_LASTS] = ("preparation",)
    return facts, needs


def limits_behind(regimen: Regimen | None) -> dict[str, SourceReference]:
    """Return the source of the limit that a running rate is held against: the lowest that holds, of this entry."""
    return {} if regimen is None else {RUNS_TOO_FAST: regimen.maintenance.maximum_source}


def _set_now(case: Case, past: History, regimen: Regimen) -> tuple[Quantity, Quantity] | None:
    """Return the pump's setting for the rate that runs, and how far off that is, %; None where none runs.

    While an infusion runs at a rate that may stay, the pump is judged by that one: the start that the plan names beside
    it is no order. A rate that is too high, or a load still going in, gives way to the rate of the plan.
    """
    rate, concentration = past.running_rate, regimen.preparation.concentration
    if rate is None or concentration is None or rate > regimen.maintenance.maximum:
        return None
    if loading_until(regimen.entry, past, case.now) is not None:
        return None
    flow = exact_flow(rate, weight=case.patient.weight, concentration=concentration)
    setting = recorded_setting(
        rate,
        weight=case.patient.weight,
        concentration=concentration,
        step=regimen.pump_step,
        highest=regimen.maintenance.maximum,
    )
    return setting, off_by(setting.in_unit("mL/h"), flow.in_unit("mL/h"))


def _above(soft_maximum: Quantity | None, past: History, regimen: Regimen | None) -> tuple[str, ...]:
    """Return the running rate and the proposed one where they lie above the hospital's soft limit.

    The proposed one before the pump rounds it: what half a step of the pump adds to the limit itself is no choice.
    """
    if soft_maximum is None:
        return ()
    rates = {"running": past.running_rate, "proposed": None if regimen is None else regimen.maintenance.rate}
    return tuple(
        f"{rate.shown(3)} {word}, above {soft_maximum}"
        for word, rate in rates.items()
        if rate is not None and rate > soft_maximum
    )
