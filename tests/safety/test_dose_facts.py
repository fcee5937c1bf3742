"""The facts of a computed dose. 80 kg at 0.375 mcg/kg/min and 200 mcg/mL: 0.375 x 80 x 60 / 200 = 9 mL/h exactly."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from inotrope.dosing import Regimen, compute_regimen, history, loading_until, no_load
from inotrope.findings import Truth
from inotrope.patient import assess_kidney, read_case
from inotrope.patient.examples import EXAMPLES
from inotrope.plan.making import work_out
from inotrope.safety import DOSE_FACTS, case_facts, dose_facts
from inotrope.units import Quantity


@pytest.fixture
def facts_of(milrinone, make_case):
    def compute(*, soft: str | None = None, **keys: Any):
        case = make_case(**{"administrations": [], **keys})
        past = history(case, drug="milrinone")
        regimen = compute_regimen(
            case,
            milrinone,
            milrinone.entries[0],
            clearance=Quantity(Decimal(80), "mL/min/1.73 m2"),
            past=past,
            load=no_load("none in this test"),
        )
        assert isinstance(regimen, Regimen)
        limit = None if soft is None else Quantity(Decimal(soft.split()[0]), "mcg/kg/min")
        return dose_facts(case, past, regimen, soft_maximum=limit)

    return compute


BAG = {"product": "premix", "concentration": "200 mcg/mL", "volume": "90 mL"}


def test_without_a_regimen_there_is_nothing_to_judge(make_case) -> None:
    case = make_case()
    facts, needs = dose_facts(case, history(case, drug="milrinone"), None)
    assert facts == dict.fromkeys(DOSE_FACTS, Truth.ABSENT)
    assert needs == {}


def test_everything_known(facts_of) -> None:
    facts, needs = facts_of(preparation=BAG, pump={"minimum": "9.1 mL/h"})
    assert facts == {
        "delivered rate": Quantity(Decimal("0.375"), "mcg/kg/min"),
        "delivered error": Quantity(Decimal(0), "%"),
        "total 24 h": Quantity(Decimal("0.54"), "mg/kg"),  # 0.375 x 1,440 = 540 mcg/kg
        "pump rate is below its minimum": Truth.PRESENT,
        "bag lasts": Quantity(Decimal(10), "h"),  # 90 mL / 9 mL/h
        "preparation is diluted": Truth.ABSENT,
        "running rate is above what is allowed": Truth.ABSENT,
        "rate is above the site's soft limit": Truth.ABSENT,
    }
    assert set(needs) >= DOSE_FACTS - facts.keys()


def test_an_error_counts_in_either_direction(facts_of) -> None:
    # 81 kg: 9.1125 mL/h, which the pump rounds down to 9.1
    facts, _ = facts_of(preparation=BAG, patient={"weight": "81 kg"})
    error = facts["delivered error"]
    assert isinstance(error, Quantity)
    assert error.shown(3) == "0.137 %"  # 0.0125 / 9.1125


def test_the_pump_at_its_minimum_and_without_one(facts_of) -> None:
    at_minimum, _ = facts_of(preparation=BAG, pump={"minimum": "9 mL/h"})
    without, _ = facts_of(preparation=BAG)
    assert at_minimum["pump rate is below its minimum"] is without["pump rate is below its minimum"] is Truth.ABSENT


def test_what_hangs_on_the_pump_is_not_known(facts_of) -> None:
    facts, needs = facts_of(pump={"minimum": "9 mL/h"})
    missing = {"delivered error", "pump rate is below its minimum", "bag lasts", "preparation is diluted"}
    assert not missing & facts.keys()
    for name in missing:
        assert needs[name][0].startswith("preparation")


def test_a_vial_is_diluted_unless_its_concentration_is_the_vials_own_or_not_known(facts_of) -> None:
    facts, _ = facts_of(preparation={**BAG, "product": "vial"})
    assert facts["preparation is diluted"] is Truth.PRESENT
    facts, _ = facts_of(preparation={"product": "vial", "concentration": "1 mg/mL"})
    assert facts["preparation is diluted"] is Truth.ABSENT
    facts, needs = facts_of(preparation={"product": "vial", "volume": "100 mL"})
    assert "preparation is diluted" not in facts
    assert needs["bag lasts"] == ("preparation",)


@pytest.mark.hazard("renal-accumulation")
def test_an_infusion_above_what_is_allowed_is_known(facts_of) -> None:
    for rate, truth in (("0.75", Truth.ABSENT), ("0.76", Truth.PRESENT)):
        runs = {"of": "milrinone", "start": "2026-11-22T04:00:00+00:00", "rate": f"{rate} mcg/kg/min"}
        facts, _ = facts_of(preparation=BAG, administrations=[runs])
        assert facts["running rate is above what is allowed"] is truth


def test_a_total_that_nobody_can_vouch_for(facts_of, make_case, milrinone) -> None:
    case = make_case(preparation=BAG)
    past = history(case, drug="milrinone")
    entry = milrinone.entries[0]
    clearance = Quantity(Decimal(80), "mL/min/1.73 m2")
    regimen = compute_regimen(case, milrinone, entry, clearance=clearance, past=past, load=no_load("none"))
    assert isinstance(regimen, Regimen)
    facts, needs = dose_facts(case, past, regimen)
    assert "total 24 h" not in facts and needs["total 24 h"] == ("administrations",)


@pytest.mark.parametrize(
    ("hours", "rate", "loading"),
    [
        (1, "0.75", True),  # the load of 3 h, one hour old
        (4, "0.75", False),  # the load is over, and 0.75 is above the only rate of 0.2
        (1, "0.8", False),  # more than the load
    ],
)
def test_a_load_that_runs_on_the_pump_is_not_too_fast(
    milrinone, make_case, hours: int, rate: str, loading: bool
) -> None:
    (entry,) = [item for item in milrinone.entries if item.id == "newborn-below-30-weeks-kemh"]
    start = f"2026-11-22T0{8 - hours}:00:00+00:00"
    case = make_case(administrations=[{"of": "milrinone", "start": start, "rate": f"{rate} mcg/kg/min"}])
    past = history(case, drug="milrinone")
    regimen = compute_regimen(case, milrinone, entry, clearance=None, past=past, load=no_load("none in this test"))
    assert isinstance(regimen, Regimen)
    facts, _ = dose_facts(case, past, regimen)
    assert facts["running rate is above what is allowed"] is (Truth.ABSENT if loading else Truth.PRESENT)
    found, _ = case_facts(milrinone, case, assess_kidney(case), past, entry)
    assert found["running rate"] == (Truth.ABSENT if loading else Quantity(Decimal(rate), "mcg/kg/min"))


@pytest.mark.parametrize(
    ("soft", "running", "says"),
    [
        (None, None, Truth.ABSENT),
        ("0.375 mcg/kg/min", None, Truth.ABSENT),  # at the limit is not above it
        ("0.37 mcg/kg/min", None, ("0.375 mcg/kg/min proposed, above 0.37 mcg/kg/min",)),
        ("0.4 mcg/kg/min", "0.5 mcg/kg/min", ("0.5 mcg/kg/min running, above 0.4 mcg/kg/min",)),
        ("0.5 mcg/kg/min", "0.5 mcg/kg/min", Truth.ABSENT),
    ],
)
def test_a_rate_above_the_soft_limit_of_the_hospital(facts_of, make_case, soft, running, says) -> None:
    runs = [] if running is None else [{"of": "milrinone", "start": "2026-11-22T06:00:00+00:00", "rate": running}]
    facts, _ = facts_of(preparation=BAG, administrations=runs, soft=soft)
    assert facts["rate is above the site's soft limit"] == says


def test_a_soft_limit_without_a_pump_and_without_a_rate(facts_of, make_case) -> None:
    facts, _ = facts_of(soft="0.37 mcg/kg/min")  # no bag, so the rate itself is held against it
    assert facts["rate is above the site's soft limit"] == ("0.375 mcg/kg/min proposed, above 0.37 mcg/kg/min",)
    case = make_case(administrations=[])
    limit = Quantity(Decimal("0.37"), "mcg/kg/min")
    facts, _ = dose_facts(case, history(case, drug="milrinone"), None, soft_maximum=limit)
    assert facts["rate is above the site's soft limit"] is Truth.ABSENT


def test_while_a_load_goes_in_as_a_rate_the_pump_is_judged_by_the_rate_behind_it() -> None:
    """From 30 weeks on 0.4 mcg/kg/min is the load, which may stay as a rate: the pump is proved for what follows."""
    document = json.loads((EXAMPLES / "preterm-baby.json").read_text(encoding="utf-8"))
    load = {"of": "milrinone", "rate": "0.4 mcg/kg/min", "start": "2026-11-22T07:30:00+01:00"}
    patient = document["patient"] | {"gestational_age": "34 weeks"}
    found = work_out(read_case(document | {"patient": patient, "administrations": [load]}), {}, None, None, None)
    assert found.regimen is not None and found.regimen.entry.id == "newborn-from-30-weeks-kemh"
    assert loading_until(found.regimen.entry, found.past, found.case.now) is not None
    facts, _ = dose_facts(found.case, found.past, found.regimen)
    behind, pump = found.regimen.maintenance.rate, found.regimen.maintenance.pump
    assert pump is not None and behind < Quantity(Decimal("0.4"), "mcg/kg/min")
    assert facts["delivered rate"] == pump.delivered and facts["delivered error"] == pump.error
