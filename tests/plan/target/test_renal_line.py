"""Above the label's renal line a search goes only on a fresh level that is measured and fitted, and says so."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from inotrope.drug import read_site
from inotrope.findings import Truth
from inotrope.patient import Case
from inotrope.plan.target.record import Target
from inotrope.units import Quantity
from tests.forecast.persons import given
from tests.plan.fitting.bedside_levels import at, creatinines, level
from tests.plan.target.bedside_targets import RISING, case, outcome, shipped_case, target

WEAK = ("2.6 mg/dL",) * 3
"""A clearance of about 28 mL/min per 1.73 m2, for which the label prints 0.32 mcg/kg/min."""


def weak(*levels: dict[str, str], rate: str = "0.3 mcg/kg/min", **more: Any) -> Case:
    return case(*levels, **({"creatinine": WEAK, "administrations": [given(20, rate=rate)]} | more))


def line_of(of: Case) -> Quantity:
    regimen = outcome(of).regimen
    assert regimen is not None
    return regimen.maintenance.maximum


def passed(found: Target) -> bool:
    assert found.allowed is not None
    every = [item for search in found.searches for item in search.candidates]
    assert any(item.above_line for item in every) is (found.allowed.line is not None)
    return found.allowed.line is not None


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_a_low_level_opens_the_line_and_it_is_said() -> None:
    of = weak(level("60 ng/mL"))
    found = target(of)
    assert passed(found) and found.allowed is not None and found.named is not None
    assert found.allowed.line == Quantity(round(line_of(of).value, 4), "mcg/kg/min")
    assert found.allowed.highest.value <= Decimal("0.75")
    assert "may be passed, since the level of 60 ng/mL at 2026-11-22 07:00 is fitted" in found.allowed.says[0]
    (one,) = found.searches
    assert found.named.candidate.above_line and one.within_line is not None
    assert one.within_line.candidate.rate <= found.allowed.line and not one.within_line.candidate.above_line
    assert one.within_line.candidate.score < found.named.candidate.score
    assert any("the kidneys are taken as they are" in text for text in found.says)


def test_up_to_the_line_it_goes_as_the_plan_does_and_one_level_bears_one_step_above_it() -> None:
    """0.3 runs: to the line at once, then half an hour later to no more than 0.375, the next printed rate."""
    found = target(weak(level("60 ng/mL")), wanted="150-400 ng/mL")
    assert found.named is not None and found.allowed is not None
    steps = found.named.steps
    assert [float(step.after.value) for step in steps] == [0, 0.5]
    assert steps[0].rate.value <= line_of(weak()).value < steps[1].rate.value <= Decimal("0.375")
    assert all(step.pump_rate is not None for step in steps)
    pump_step = Decimal("0.0042")  # 0.1 mL/h of 200 mcg/mL in 80 kg: 0.375 as the pump gives it, rounded half up
    assert found.allowed.highest.value <= Decimal("0.375") + pump_step / 2
    assert "one step upward for each level: measure again" in found.allowed.says[0]


def test_what_runs_above_the_line_may_run_on_where_its_level_speaks_for_it() -> None:
    of = weak(level("120 ng/mL"), rate="0.5 mcg/kg/min")
    found = target(of)
    assert passed(found) and found.allowed is not None and found.allowed.now.value >= Decimal("0.5")
    assert any("faster than allowed" in item.title for item in found.findings)
    assert found.named is not None and found.named.steps[0].after.value == 0 and len(found.named.steps) == 1


@pytest.mark.hazard("dose-fitted-to-a-level")
@pytest.mark.parametrize(
    "of",
    [
        weak(),
        weak(level("60 ng/mL", -30.0), administrations=[given(40, rate="0.3 mcg/kg/min")]),
        weak(level("<60 ng/mL")),
        weak(level("400 ng/mL")),
        weak(level("60 ng/mL", site="infusing line"), level("<70 ng/mL", -2.0)),
        weak(level("60 ng/mL"), creatinine=("2.6 mg/dL",)),
        weak(level("60 ng/mL"), creatinine=RISING),
        weak(level("60 ng/mL"), conditions={"oliguria": "present"}),
        shipped_case("measured-level"),
    ],
    ids=[
        "no level",
        "a level of yesterday",
        "a level below quantification",
        "a high level",
        "a level that is not fitted",
        "nobody knows whether the kidneys change",
        "kidneys that change",
        "a finding that asks for less",
        "the shipped patient",
    ],
)
def test_the_line_stays_shut(of: Case) -> None:
    found = target(of)
    assert not found.searches or not passed(found)
    regimen = outcome(of).regimen
    assert regimen is not None
    if found.allowed is not None:
        assert found.allowed.highest <= regimen.maintenance.maximum


@pytest.mark.hazard("dose-fitted-to-a-level")
@pytest.mark.parametrize(
    ("of", "why"),
    [
        (weak(level("60 ng/mL", -12.5)), "older than 12 h"),
        (weak(level("18 ng/mL", -0.1), administrations=[given(0.6, rate="0.3 mcg/kg/min")]), "leaves most"),
        (weak(level("60 ng/mL", -4.0), creatinine=("2.3 mg/dL", "2.3 mg/dL", "2.55 mg/dL")), "rose since"),
    ],
    ids=["of yesterday evening", "soon after the start", "before the creatinine rose"],
)
def test_a_level_that_says_too_little_of_now_opens_nothing_and_that_is_said(of: Case, why: str) -> None:
    """A level bears a step above a limit of the kidneys only as long as a creatinine of kidneys that change would."""
    found = target(of)
    assert found.allowed is not None and not passed(found)
    says = next(text for text in found.allowed.says if "renal line" in text)
    assert "holds" in says and why in says and "Measure a level now" in says


def test_a_creatinine_that_is_no_higher_since_keeps_the_line_open() -> None:
    """It went from 2.5 to 2.6 mg/dL after the level: within twice the error of 5 %."""
    assert passed(target(weak(level("60 ng/mL", -4.0), creatinine=("2.5 mg/dL", "2.5 mg/dL", "2.6 mg/dL"))))


def test_without_a_creatinine_of_its_time_a_level_opens_nothing() -> None:
    two = creatinines("2.6 mg/dL")
    two.append({**two[0], "at": at(-6.0)})
    of = weak(measurements=[*two, level("60 ng/mL", -7.0)])
    assert outcome(of).kidney.changing is Truth.ABSENT and not passed(target(of))


def test_an_assumed_kidney_and_a_model_of_other_patients_open_nothing() -> None:
    of = weak(level("60 ng/mL"))
    assert not passed(target(of, assume_kidney=Quantity(Decimal(20), "mL/min/1.73 m2")))
    far = target(weak(level("60 ng/mL"), creatinine=("1.6 mg/dL",) * 3), only=("after_surgery_1998",))
    assert not far.searches or not passed(far)


def test_no_other_limit_opens_with_it(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text('[soft]\nmaximum = "0.4 mcg/kg/min"\n', encoding="utf-8")
    of = weak(level("60 ng/mL"))
    found = target(of, site=read_site(path))
    assert passed(found) and found.allowed is not None and found.allowed.highest.value <= Decimal("0.4")
    path.write_text('[soft]\nmaximum = "0.25 mcg/kg/min"\n', encoding="utf-8")
    below = target(of, site=read_site(path))
    assert not passed(below) and below.allowed is not None and below.allowed.highest.value <= Decimal("0.25")


def test_a_soft_limit_that_lies_within_the_one_step_is_the_reason_that_is_told(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text('[soft]\nmaximum = "0.36 mcg/kg/min"\n', encoding="utf-8")
    found = target(weak(level("60 ng/mL")), site=read_site(path))
    assert passed(found) and found.allowed is not None and found.allowed.highest.value <= Decimal("0.36")
    assert "one step upward" not in found.allowed.says[0] and "this hospital asks" in found.allowed.says[0]


def test_a_patient_without_a_line_needs_none_opened() -> None:
    found = target(case(level("60 ng/mL")))
    assert found.allowed is not None and found.allowed.line is None
    newborn = shipped_case("preterm-baby")
    assert target(newborn, only=("paradisis_2007",)).allowed is not None
