"""What if, in a plan: how a change is written, what it does to the levels, and that it allows nothing."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from inotrope.drug import load_drug
from inotrope.errors import InotropeError, RequestError
from inotrope.patient import Case, read_case
from inotrope.plan import PlanStatus, make_plan, plan_schema, to_plain
from inotrope.plan.decks import read_decks
from inotrope.plan.forecast_record import Spreading, WhatIf, WhatIfModel
from inotrope.plan.what_if import read_changes

Maker = Callable[..., Case]
CASES = Path(__file__).parents[2] / "inotrope" / "library" / "cases"
LABEL = "milrinone/label_adult"


def asked(case: Case, *texts: str, **more: Any) -> tuple[WhatIf, ...]:
    found = make_plan(case, what_if=texts, **more).forecast
    assert found is not None
    return found.what_if


def of(found: WhatIf, model: str = LABEL) -> WhatIfModel:
    return next(item for item in found.models if item.model == model)


def number(level: Spreading | None) -> float:
    assert level is not None and level.typical.unit == "ng/mL"
    return float(level.typical.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pause 2 h", "pause 2 h from now on"),
        ("  Pause = 90 min  after 6 h ", "pause 90 min after 6 h"),
        ("rate: 0.5 mcg/kg/min after 30 min", "rate 0.5 mcg/kg/min after 30 min"),
        ("kidney=30 mL/min/1.73 m2 after 0 h", "kidney 30 mL/min/1.73 m2 from now on"),
        ("kidney 30 mL/min/1.73 m2 at 14:00", "kidney 30 mL/min/1.73 m2 at 14:00, 6 h from now"),
        ("kidney 30\nmL/min/1.73 m2 at 14:00", "kidney 30 mL/min/1.73 m2 at 14:00, 6 h from now"),
        ("kidney  30 mL/min/1.73\r\n    m2\tat  14:00\n", "kidney 30 mL/min/1.73 m2 at 14:00, 6 h from now"),
        ("pause 2\u00a0h\nafter 6 h", "pause 2 h after 6 h"),
        ("pause 2 h AT 8:45", "pause 2 h at 8:45, 45 min from now"),
        ("pause 2 h at 08:00", "pause 2 h at 08:00, from now on"),
        ("pause 2 h at 07:59", "pause 2 h at 07:59, 23 h 59 min from now"),
        ("rate 0.5 mcg/kg/min at 00:00", "rate 0.5 mcg/kg/min at 00:00, 16 h from now"),
    ],
)
def test_a_change_is_read_as_it_is_written(text: str, shown: str) -> None:
    (change,) = read_changes([text], now=datetime.fromisoformat("2026-11-22T08:00:40+01:00"))
    assert str(change) == shown


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no change that can be supposed"),
        ("stop", "no change that can be supposed"),
        ("pause2 h", "no change that can be supposed"),
        ("pause 2", "has no unit"),
        ("pause 2 mg", "measures"),
        ("pause 0 h", "above zero"),
        ("rate 5 mL/h", "measures"),
        ("rate 0.5 mcg/kg/min after 24 h", "outside the 24 h"),
        ("rate 0.5 mcg/kg/min after -1 h", "outside the 24 h"),
        ("kidney 30 mL/min", "measures"),
        ("kidney 30 mL/min/1.73 m2 at 24:00", "no time of the clock"),
        ("kidney 30 mL/min/1.73 m2 at 2 pm", "no time of the clock"),
        ("kidney 30 mL/min/1.73 m2 at 14:00 after 2 h", "no time of the clock"),
    ],
)
def test_what_is_no_change_is_an_error_and_no_failed_forecast(make_case: Maker, text: str, says: str) -> None:
    with pytest.raises(InotropeError, match=says):
        make_plan(make_case(), what_if=[text])


def test_nothing_asked_is_nothing_told(make_case: Maker) -> None:
    assert asked(make_case()) == ()
    assert make_plan(make_case(), forecast=False, what_if=["pause 2 h"]).forecast is None


def test_a_pause_lets_the_level_fall_by_its_half_life(make_case: Maker) -> None:
    plan = make_plan(make_case(), what_if=["pause 2 h after 6 h"])
    assert plan.forecast is not None
    (found,) = plan.forecast.what_if
    assert found.regimen == "4.1 mg over 10 min; 0.374 mcg/kg/min for 350 min; pause 2 h; 0.374 mcg/kg/min"
    whole = next(item for item in plan.forecast.models if item.model == LABEL)
    assert whole.curve is not None and whole.time_to_90_percent is not None
    at_end, at_day = of(found).moments
    assert (at_end.when, at_day.when) == ("at 8 h", "at 24 h")
    # One compartment comes to 90 % in ln 10 / k, so that 2 h without infusion leave 10^(-2 / t90) of the level at 6 h.
    left = whole.curve.typical.values[24] * 10 ** (-2 / float(whole.time_to_90_percent.typical.value))
    assert number(at_end.after) == pytest.approx(left, rel=0.02)
    assert number(at_end.before) == whole.curve.typical.values[32]
    assert at_day.after is not None and at_day.after.median is not None
    assert number(at_day.after) < number(at_day.before)


def test_a_pause_beyond_the_chart_is_told_at_its_end_only(make_case: Maker) -> None:
    (found,) = asked(make_case(), "pause 20 h after 6 h")
    assert [moment.when for moment in of(found).moments] == ["at 24 h"]
    (to_the_end,) = asked(make_case(), "pause 18 h after 6 h")
    assert [moment.when for moment in of(to_the_end).moments] == ["at 24 h"]


def test_the_steady_level_goes_with_the_rate(make_case: Maker) -> None:
    (found,) = asked(make_case(), "rate 0.75 mcg/kg/min after 2 h")
    assert found.says == ()  # it is the highest that the plan allows
    end = of(found).moments[-1]
    assert end.when == "in the end"
    # 9.2 mL/h of 200 mcg/mL in 82 kg is 0.374 mcg/kg/min as the forecast takes it
    assert number(end.after) == pytest.approx(number(end.before) * 0.75 / 0.374, rel=0.002)
    osaka = of(found, "milrinone/osaka_2009")
    assert [moment.when for moment in osaka.moments] == ["in the end"]  # it gives no curve


def test_a_rate_above_the_plans_limit_is_called_that(make_case: Maker) -> None:
    (found,) = asked(make_case(), "rate 0.76 mcg/kg/min")
    assert "above what this plan allows now (0.75 mcg/kg/min)" in found.says[0]


def test_falling_kidneys_raise_the_level_where_a_model_knows_them(make_case: Maker) -> None:
    (found,) = asked(make_case(), "kidney 30 mL/min/1.73 m2 after 1 h")
    assert all(number(moment.after) > number(moment.before) for moment in of(found).moments)
    prielipp = of(found, "milrinone/prielipp_1996")
    assert prielipp.moments == () and "does not know the kidneys" in prielipp.refused
    assert all(not item.model.endswith("bailey_2004") for item in found.models)  # it did not answer before either


def test_a_time_of_the_clock_is_so_long_from_now(make_case: Maker) -> None:
    """Now is 08:00."""
    by_clock = asked(make_case(), "kidney 30 mL/min/1.73 m2 at 14:00", "pause 90 min at 9:30")
    from_now = asked(make_case(), "kidney 30 mL/min/1.73 m2 after 6 h", "pause 90 min after 90 min")
    for clock, after in zip(by_clock, from_now, strict=True):
        assert clock.models == after.models and clock.refused == after.refused == ""
        assert clock.asked != after.asked


def test_what_runs_can_be_paused_too() -> None:
    case = read_case(CASES / "running-since-yesterday.json")
    (found,) = asked(case, "pause 4 h")
    assert found.regimen == "pause 4 h; 0.5 mcg/kg/min"
    first = of(found).moments[0]
    assert first.when == "at 4 h" and number(first.after) < number(first.before) / 2


def test_without_a_proposed_rate_no_other_rate_is_supposed(make_case: Maker) -> None:
    case = json.loads((CASES / "running-since-yesterday.json").read_text(encoding="utf-8"))
    stopped = read_case({**case, "allergies": ["milrinone"]})
    assert make_plan(stopped).status is PlanStatus.STOPPED
    (rate,) = asked(stopped, "rate 0.25 mcg/kg/min")
    assert rate.refused.startswith("This plan proposes no rate") and rate.models == () and rate.regimen == ""
    given = [{"of": "milrinone", "start": "2026-11-22T04:00:00+01:00", "dose": "50 mcg/kg", "duration": "10 min"}]
    over = make_case(allergies=["milrinone"], administrations=given)
    pause, kidney = asked(over, "pause 2 h", "kidney 40 mL/min/1.73 m2")
    assert pause.refused == "Nothing is given from now on that could change."
    assert [moment.when for moment in of(kidney).moments] == ["at 24 h"]


@pytest.mark.parametrize("text", ["pause 1 h after 20 h", "rate 0.1 mcg/kg/min after 20 h"])
def test_a_regimen_that_is_over_by_then_cannot_change(text: str) -> None:
    bases, _ = read_decks(load_drug("milrinone"))
    case = read_case(copy.deepcopy(dict(bases["first-day"])), name="first-day")
    (found,) = asked(case, text)
    assert "is over after 20 h" in found.refused


def test_what_is_told_keeps_to_the_schema(make_case: Maker) -> None:
    plan = make_plan(make_case(), what_if=["pause 2 h", "kidney 30 mL/min/1.73 m2", "rate 0.8 mcg/kg/min"])
    jsonschema.Draft202012Validator(plan_schema()).validate(json.loads(json.dumps(to_plain(plan))))


def test_the_dose_stays_what_it_was(make_case: Maker) -> None:
    plain, changed = make_plan(make_case()), make_plan(make_case(), what_if=["rate 0.5 mcg/kg/min"])
    assert (plain.maintenance, plain.findings, plain.status) == (changed.maintenance, changed.findings, changed.status)
    with pytest.raises(RequestError):
        make_plan(make_case(), what_if=["dose 5 mg"])


@pytest.mark.parametrize("when", ["", " after 5 min"])
def test_another_rate_leaves_the_load_whole(make_case: Maker, when: str) -> None:
    """4.1 mg over 10 min are given before any rate: at the end of the load the level is that of the plan."""
    (found,) = asked(make_case(), "rate 0.5 mcg/kg/min" + when)
    assert found.regimen == "4.1 mg over 10 min; 0.5 mcg/kg/min"
    assert found.says == () and found.notes == (
        "The load of this plan is given whole (4.1 mg over 10 min); the rate follows it.",
    )
    (later,) = asked(make_case(), "rate 0.5 mcg/kg/min after 10 min")
    assert later.regimen == found.regimen and later.notes == ()


@pytest.mark.parametrize("when", ["", " after 1 h"])
def test_another_rate_leaves_a_first_rate_in_the_place_of_a_load(when: str) -> None:
    """0.75 mcg/kg/min for 3 h are the preterm baby's load: until then the level is that of the plan."""
    case = read_case(CASES / "preterm-baby.json")
    (found,) = asked(case, "rate 0.15 mcg/kg/min" + when)
    assert found.regimen == "0.75 mcg/kg/min for 3 h; 0.15 mcg/kg/min"
    assert found.says == ()
    (says,) = found.notes
    assert says.startswith("The first rate of this plan, in the place of a load, is kept (0.75 mcg/kg/min for 3 h)")
    (later,) = asked(case, "rate 0.15 mcg/kg/min after 4 h")
    assert later.regimen == "0.75 mcg/kg/min for 3 h; 0.2 mcg/kg/min for 1 h; 0.15 mcg/kg/min" and later.notes == ()


def test_the_highest_rate_as_a_plan_shows_it_is_not_above_it() -> None:
    case = read_case(CASES / "reduced-kidneys.json")
    plan = make_plan(case, forecast=False)
    assert plan.maintenance is not None
    highest = plan.maintenance.maximum
    shown = highest.shown(4)
    assert float(shown.split()[0]) > highest.value, "the case must have a highest rate that is shown rounded up"
    (same,) = asked(case, f"rate {shown}")
    assert same.says == ()
    (above,) = asked(case, f"rate {highest.value + Decimal('0.001'):.4f} mcg/kg/min")
    assert "lies above what this plan allows now" in above.says[0] and f"({shown})" in above.says[0]
