"""What is true of every entry at every age: the dose stays inside what its own text prints.

Each limit is read from the entry's printed numbers with fractions, and what the pump gives is multiplied out again;
no line of the program's arithmetic is used. The rules speak but withhold nothing: that is all that they ever do.
"""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from inotrope.drug import Entry, RateLoad, load_drug
from inotrope.findings import Effect, Severity
from inotrope.patient import AgeGroup, read_case
from inotrope.plan import Plan, make_plan

SHIPPED = load_drug("milrinone")
DRUG = replace(
    SHIPPED,
    rules=tuple(replace(rule, severity=Severity.INFORM, effect=Effect.NONE) for rule in SHIPPED.rules),
)
NOW = "2026-11-22T08:00:00+01:00"
PATIENTS = 60
"""Of each entry."""
PERSONS: dict[str, dict[str, str]] = {
    "adult": {"born": "1966-03-02"},
    "child": {"born": "2023-03-02"},
    "newborn-below-30-weeks-kemh": {"born": "2026-11-16", "gestational_age": "27+3"},
    "newborn-from-30-weeks-kemh": {"born": "2026-11-16", "gestational_age": "39 weeks"},
    "preterm-first-day-paradisis": {"born": "2026-11-21T22:00:00+01:00", "gestational_age": "26+3"},
    "preterm-after-duct-ligation-hallik": {"born": "2026-11-06", "gestational_age": "26 weeks"},
}
"""Somebody whom the entry serves; by its id, else by its group."""
WEIGHTS = {AgeGroup.ADULT: (350, 1500), AgeGroup.CHILD: (100, 300), AgeGroup.NEWBORN: (5, 45)}
"""Tenths of a kg."""


def planned(entry: Entry, seed: int) -> tuple[Plan, Fraction, Fraction]:
    """Return the plan of one patient by one entry, with the weight and the strength on the pump."""
    chance = random.Random(f"{entry.id} {seed}")
    assert entry.group is not None
    weight = Fraction(chance.randint(*WEIGHTS[entry.group]), 10)
    mg = max(Fraction(1, 2), weight * chance.choice((1, 2, 3)))
    mg = Fraction(round(float(min(mg, 45)), 1)).limit_denominator(10)
    case: dict[str, Any] = {
        "drug": "milrinone",
        "indication": entry.indication,
        "authority": entry.authority,
        "now": NOW,
        "patient": {
            "sex": chance.choice(("male", "female")),
            "weight": f"{float(weight):g} kg",
            "height": {AgeGroup.ADULT: "175 cm", AgeGroup.CHILD: "100 cm", AgeGroup.NEWBORN: "40 cm"}[entry.group],
            **PERSONS.get(entry.id, PERSONS.get(entry.group.value, {})),
        },
        "conditions": {"renal impairment": "absent"},
        "administrations": [],
        "measurements": [{"what": "serum creatinine", "value": "0.5 mg/dL", "at": "2026-11-22T06:00:00+01:00"}],
        "preparation": {"product": "vial", "amount": f"{float(mg):g} mg", "volume": "50 mL"},
        "pump": {"step": chance.choice(("0.01 mL/h", "0.1 mL/h"))},
    }
    return make_plan(read_case(case), forecast=False, drug=DRUG), weight, mg * 1000 / 50


def mcg(number: Any) -> Fraction:
    return Fraction(number.value.in_unit("mcg/kg/min"))


@pytest.mark.parametrize("entry", DRUG.entries, ids=lambda entry: entry.id)
@pytest.mark.hazard("baby-taken-for-a-child")
def test_every_dose_stays_inside_what_its_own_entry_prints(entry: Entry) -> None:
    plans = [planned(entry, seed) for seed in range(PATIENTS)]
    assert {plan.entry.id for plan, _, _ in plans if plan.entry is not None} == {entry.id}
    refused = [plan for plan, _, _ in plans if plan.maintenance is None]
    assert {item.id for plan in refused for item in plan.refusals} <= {"pump-cannot-deliver"}
    assert len(refused) < PATIENTS / 2
    for plan, weight, strength in plans:
        if plan.maintenance is not None:
            check_rate(entry, plan, weight, strength)
            check_load(entry, plan, weight, strength)


def check_rate(entry: Entry, plan: Plan, weight: Fraction, strength: Fraction) -> None:
    lowest, highest = mcg(entry.maintenance.minimum), mcg(entry.maintenance.maximum)
    rate = plan.maintenance
    assert rate is not None and rate.pump_rate is not None
    for asked, flow in ((rate.rate, rate.pump_rate), *((step.rate, step.pump_rate) for step in plan.titration)):
        assert lowest <= Fraction(asked.value) <= highest
        assert flow is not None
        assert 0 < Fraction(flow.value) * strength / 60 / weight <= highest
    assert Fraction(rate.rate.value) == lowest  # no kidney, no history: the start
    assert plan.total_24_h is not None
    assert (plan.total_24_h.maximum is None) == (entry.group is not AgeGroup.ADULT)
    if plan.total_24_h.maximum is not None:
        assert plan.total_24_h.per_weight <= plan.total_24_h.maximum


def check_load(entry: Entry, plan: Plan, weight: Fraction, strength: Fraction) -> None:
    load = plan.loading_dose
    assert load is not None and load.given == (entry.load is not None)
    if entry.load is None:
        return
    assert load.duration == entry.load.duration.value
    if isinstance(entry.load, RateLoad):
        assert load.pump_rate is not None and load.volumes == ()
        assert Fraction(load.pump_rate.value) * strength / 60 / weight <= mcg(entry.load.highest)
    else:
        (volume,) = load.volumes
        given = Fraction(volume.volume.in_unit("mL")) * 1000 / weight  # of the 1 mg/mL vial
        printed = Fraction(entry.load.dose.value.in_unit("mcg/kg"))
        assert 0 < given <= printed * Fraction(102, 100)
