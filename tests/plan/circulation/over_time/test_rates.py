"""The table of rates: permitted ones alone, each as a pump gives it, from when it may run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inotrope.plan.circulation.course_record import RateExpected
from inotrope.plan.circulation.over_time.rates import MOST, Permitted, permitted_of
from inotrope.plan.making import work_out
from inotrope.plan.target.allowing.allowed import Allowed, allowed_rates

from .beds import BEFORE, ON, OUTPUT, RUNS, bed, course, shipped_course


def rows(*, case: Any = None) -> dict[str, RateExpected]:
    found = shipped_course() if case is None else course(case)
    return {str(item.rate): item for item in found.rates}


def test_printed_rates_that_are_permitted_and_two_below_them() -> None:
    found = shipped_course().rates
    assert [str(item.rate) for item in found] == [
        f"{rate} mcg/kg/min" for rate in ("0.125", "0.25", "0.375", "0.5", "0.75")
    ]
    assert [item.because for item in found] == [
        "below what is printed",
        "below what is printed",
        "this plan's rate, printed",
        "printed",
        "printed",
    ]
    assert [str(item.starts) for item in found] == ["0 h", "0 h", "0 h", "0.5 h", "1 h"]


def test_more_drug_and_a_higher_output_a_lower_resistance_and_more_low_pressures() -> None:
    found = shipped_course().rates
    of = {
        short: [float(next(q for q in item.quantities if q.short == short).value.median.value) for item in found]
        for short in ("CI", "MAP", "PCWP", "SVR", "HR")
    }
    assert of["CI"] == sorted(of["CI"]) and of["HR"] == sorted(of["HR"])
    assert of["SVR"] == sorted(of["SVR"], reverse=True) and of["PCWP"] == sorted(of["PCWP"], reverse=True)
    chances = [item.below for item in found]
    assert all(one is not None for one in chances)
    assert [one.value for one in chances if one] == sorted(one.value for one in chances if one)
    levels = [float(item.level.median.value) for item in found]
    # At steady state a level goes with its rate; a day is nearly that.
    assert levels[4] / levels[2] == pytest.approx(2, abs=0.05)
    assert float(found[4].extrapolated.value) > 30 > float(found[2].extrapolated.value)


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"administrations": [RUNS]},
        {"administrations": [{**RUNS, "rate": "0.2 mcg/kg/min"}]},
        {"preparation": None},
        {"administrations": [{**RUNS, "rate": "0.9 mcg/kg/min"}]},
    ],
)
def test_none_that_a_search_would_not_take(keys: dict[str, Any]) -> None:
    case = bed(*BEFORE, *ON, **keys) if "administrations" in keys else bed(**keys)
    outcome = work_out(case, {}, None, None, None)
    allowed, found = allowed_rates(outcome), permitted_of(outcome)
    if not isinstance(allowed, Allowed):
        assert found == allowed
        return
    assert 0 < len(found) <= MOST
    way = allowed.ways[0]
    for item in found:
        assert isinstance(item, Permitted)
        assert item.setting in way.settings and item.setting.rate <= allowed.highest
        begun = item.starts.in_unit("h")
        first = next(float(stage.from_h) for stage in way.stages if item.setting.rate <= stage.highest)
        assert float(begun) == pytest.approx(first, abs=0.005)


def test_what_runs_stands_among_them_and_a_pause_too() -> None:
    found = rows(case=bed(*BEFORE, *ON, administrations=[{**RUNS, "rate": "0.3 mcg/kg/min"}]))
    assert found["0.3 mcg/kg/min"].because == "runs now" and found["0.3 mcg/kg/min"].starts.value == 0
    assert found["0 mcg/kg/min"].because == "nothing from now on"
    assert "this plan's rate" not in [item.because for item in found.values()]


def test_without_a_bag_only_what_is_printed() -> None:
    found = shipped_course()
    bare = course(bed(preparation=None))
    assert [str(item.rate) for item in bare.rates] == ["0.375 mcg/kg/min", "0.5 mcg/kg/min", "0.75 mcg/kg/min"]
    assert len(bare.rates) < len(found.rates)


def test_a_step_upward_waits_at_what_is_permitted_until_then() -> None:
    outcome = work_out(bed(), {}, None, None, None)
    found = permitted_of(outcome)
    highest = found[-1]
    assert isinstance(highest, Permitted)
    parts = highest.way.segments(highest.setting.rate)
    assert [round(float(part.from_h), 2) for part in parts] == [0, 0.5, 1]
    assert [float(part.rate.value) for part in parts] == pytest.approx([0.375, 0.5, 0.75], abs=0.005)


def test_while_a_load_goes_in_none_is_listed_and_why() -> None:
    load = {"of": "milrinone", "start": "2026-11-22T07:57:00+01:00", "duration": "10 min", "dose": "50 mcg/kg"}
    found = course(bed(administrations=[load]))
    assert found.rates == () and "A load is going in" in found.rates_say
    assert found.level is not None and np.max(found.level.median.values) > 80


def test_a_patient_without_an_output_has_no_table() -> None:
    assert course(bed(without=(OUTPUT,))).rates == ()
