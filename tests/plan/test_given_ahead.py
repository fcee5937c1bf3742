"""What is foreseen is what the plan says is given: a plan that is carried out foresees the same levels on the way."""

from __future__ import annotations

import copy
import json
import math
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from inotrope.display import plan_sheet, to_text
from inotrope.drug import load_drug
from inotrope.errors import RequestError
from inotrope.patient import Case, read_case
from inotrope.plan import PlanStatus, find_dose, fit_case, make_plan, prepare_plan
from inotrope.plan.decks import read_decks
from inotrope.plan.forecast_record import LevelForecast
from inotrope.plan.given_ahead import given_ahead, what_runs
from inotrope.plan.making import work_out
from inotrope.plan.supposing.prepared import rates_of
from inotrope.plan.target.ahead.courses import THEN_THE_PLAN
from inotrope.simulation import simulate

CASES = Path(__file__).parents[2] / "inotrope" / "library" / "cases"
FIRST_RATE = ("preterm-baby", "preterm", "term-newborn", "first-day", "ligation")
"""A first rate on the pump in the place of a load: KEMH below and from 30 weeks, Paradisis, Hallik."""
DRAWN_UP = ("sound-adult", "infant")
WITHOUT = ("bridge-to-transplant", "toddler")


def plain(name: str) -> dict[str, Any]:
    """Return a shipped case or a base of the decks, to whom nothing was given."""
    path = CASES / f"{name}.json"
    if path.exists():
        found = json.loads(path.read_text(encoding="utf-8"))
    else:
        found = copy.deepcopy(dict(read_decks(load_drug("milrinone"))[0][name]))
    return {**found, "administrations": []}


def moved(content: dict[str, Any], by: timedelta) -> dict[str, Any]:
    """Return the same patient so much later, with all that was read as fresh and as old in days as it was."""
    return {**content, "now": (datetime.fromisoformat(content["now"]) + by).isoformat()}


def carried_out(content: dict[str, Any], after: timedelta) -> Case:
    """Return the patient so long after a plan that was carried out as it stood."""
    start = datetime.fromisoformat(content["now"])
    plan = make_plan(read_case(content), forecast=False)
    load, rate = plan.loading_dose, plan.maintenance
    assert load is not None and rate is not None
    delivered = rate.delivered_rate or rate.rate
    found: list[dict[str, Any]] = []
    begins = start
    if load.given and load.duration is not None:
        begins = start + timedelta(minutes=float(load.duration.in_unit("min")))
        item = {"of": "milrinone", "start": start.isoformat()}
        if load.rate is not None:
            found.append({**item, "rate": str(load.rate)})
        else:
            found.append({**item, "dose": str(load.dose), "duration": str(load.duration)})
    now = start + after
    if begins <= now:
        found.append({"of": "milrinone", "start": begins.isoformat(), "rate": f"{delivered.value:.4f} mcg/kg/min"})
    return read_case({**moved(content, after), "administrations": found})


def forecast_of(case: Case, **more: Any) -> LevelForecast:
    found = make_plan(case, **more).forecast
    assert found is not None
    return found


def typical(found: LevelForecast) -> dict[str, list[float]]:
    return {item.model: list(item.curve.typical.values) for item in found.models if item.curve is not None}


def flowed(case: Case, hours: float) -> float:
    """Return the mcg/kg from the beginning of what was given up to so many hours from now, by what is supposed."""
    outcome = work_out(case, {}, None, None, None)
    ahead = given_ahead(outcome)
    assert ahead is not None
    total = sum(float(piece.rate_mcg_per_kg_h * (piece.end_h - piece.start_h)) for piece in outcome.past.pieces)
    for timed in () if ahead.regimen is None else ahead.regimen.timed():
        end = hours if timed.end_h is None else min(float(timed.end_h), hours)
        per_h = float(timed.part.mcg_per_h(case.patient.weight) / case.patient.weight.in_unit("kg"))
        total += per_h * max(end - float(timed.start_h), 0.0)
    return total


@pytest.mark.parametrize("minutes", [0, 9, 10, 60, 179, 180, 181])
@pytest.mark.parametrize("name", [*FIRST_RATE, *DRAWN_UP, *WITHOUT])
def test_a_plan_that_is_carried_out_gives_the_same_amount_in_the_end(name: str, minutes: int) -> None:
    """At each moment before, at and after the change: what was given and what is supposed come to the same."""
    content = plain(name)
    content["now"] = "2026-11-22T09:07:30+01:00"
    whole = flowed(read_case(content), 20.0)
    later = carried_out(content, timedelta(minutes=minutes))
    assert make_plan(later, forecast=False).status is PlanStatus.PLAN
    # a rate is rounded to four decimals, and the end of an entry to a hundredth of an hour
    assert flowed(later, 20.0 - minutes / 60) == pytest.approx(whole, rel=0.003)


@pytest.mark.parametrize("minutes", [45, 180, 360])
@pytest.mark.parametrize("name", ["preterm-baby", "term-newborn", "first-day", "sound-adult", "bridge-to-transplant"])
def test_a_plan_that_is_carried_out_foresees_the_same_levels_on_the_way(name: str, minutes: int) -> None:
    content = plain(name)
    before = typical(forecast_of(read_case(content)))
    after, passed = typical(forecast_of(carried_out(content, timedelta(minutes=minutes)))), minutes // 15
    assert before and before.keys() == after.keys()
    for model, levels in before.items():
        for old, new in zip(levels[passed:], after[model], strict=False):
            assert new == pytest.approx(old, rel=0.003, abs=0.15), model


def loading(**more: Any) -> dict[str, Any]:
    """Return the preterm baby whose first rate, 0.75 mcg/kg/min for 3 h, went in for 90 min."""
    began = [{"of": "milrinone", "start": "2026-11-22T08:00:00+01:00", "rate": "0.75 mcg/kg/min"}]
    return {**plain("preterm-baby"), "now": "2026-11-22T09:30:00+01:00", "administrations": began, **more}


def test_the_levels_under_a_first_rate_by_hand() -> None:
    """Paradisis 2007: 35 mL/h and 512 mL, one compartment. 0.9 kg: 40.5 mcg/h for 3 h, then 10.8 mcg/h."""
    k, fast, slow = 0.035 / 0.512, 40.5 / 0.035, 10.8 / 0.035
    found = forecast_of(read_case(loading()))
    assert found.regimen == "0.75 mcg/kg/min for 1.5 h; 0.2 mcg/kg/min"
    assert found.supposes.startswith("the load that is going in ends at 11:00, and the rate of this plan follows it")
    levels = typical(found)["milrinone/paradisis_2007"]
    at_the_end_of_the_load = fast * (1 - math.exp(-3 * k))
    assert levels[0] == pytest.approx(fast * (1 - math.exp(-1.5 * k)), abs=0.06)
    assert levels[6] == pytest.approx(at_the_end_of_the_load, abs=0.06)  # 1.5 h ahead, in quarters of an hour
    left = math.exp(-22.5 * k)
    assert levels[96] == pytest.approx(at_the_end_of_the_load * left + slow * (1 - left), abs=0.06)
    (steady,) = [item.steady for item in found.models if item.steady is not None]
    assert float(steady.typical.value) == pytest.approx(slow, abs=0.06)


def test_at_the_end_of_a_first_rate_that_nobody_lowered_it_is_told_as_it_runs() -> None:
    """The record says 0.75 mcg/kg/min at the moment of the change and after it: it is followed, and called too high."""
    for now in ("2026-11-22T11:00:00+01:00", "2026-11-22T11:01:00+01:00"):
        plan = make_plan(read_case(loading(now=now)))
        assert plan.running is not None and plan.forecast is not None
        assert plan.running.loading_until is None and plan.running.above_allowed
        assert plan.forecast.supposes == "what runs goes on unchanged" and plan.forecast.regimen == "0.75 mcg/kg/min"


def test_under_a_stop_no_rate_follows_a_first_rate_and_that_is_said() -> None:
    found = make_plan(read_case(loading(allergies=["milrinone"])))
    assert found.status is PlanStatus.STOPPED and found.forecast is not None
    assert found.forecast.regimen == "0.75 mcg/kg/min"
    assert "also after its load ends at 11:00: no rate is proposed that would follow" in found.forecast.supposes


def test_what_runs_ends_with_its_entry_as_the_total_of_the_plan_counts() -> None:
    """Paradisis 2007 ends at 18 h of age: born at 22:00, at 16:00, 2 h after now."""
    given = [
        {"of": "milrinone", "start": "2026-11-22T08:00:00+01:00", "rate": "0.75 mcg/kg/min"},
        {"of": "milrinone", "start": "2026-11-22T11:00:00+01:00", "rate": "0.2 mcg/kg/min"},
    ]
    content = {**plain("first-day"), "now": "2026-11-22T14:00:00+01:00", "administrations": given}
    found = forecast_of(read_case(content))
    assert found.regimen == "0.2 mcg/kg/min for 2 h"
    assert found.supposes == "what runs goes on unchanged until 16:00, when this entry ends"
    late = [{**given[0], "start": "2026-11-22T14:00:00+01:00"}]
    plan = make_plan(read_case({**content, "now": "2026-11-22T15:00:00+01:00", "administrations": late}))
    assert plan.status is PlanStatus.PLAN and plan.forecast is not None
    assert plan.forecast.regimen == "0.75 mcg/kg/min for 1 h"  # its load would go on to 17:00
    assert plan.forecast.supposes.endswith("goes on until 16:00, when this entry ends, and nothing follows it")


def half_loaded(**more: Any) -> dict[str, Any]:
    """Return the shipped adult 5 min into his load of 10 min."""
    load = [{"of": "milrinone", "start": "2026-11-22T07:55:00+01:00", "dose": "50 mcg/kg", "duration": "10 min"}]
    return {**plain("sound-adult"), "administrations": load, **more}


def test_after_a_load_that_is_drawn_up_and_going_in_the_infusion_of_the_plan_follows() -> None:
    plan = make_plan(read_case(half_loaded()))
    assert plan.given is not None and plan.forecast is not None and plan.loading_dose is not None
    assert plan.given.dose_until == datetime.fromisoformat("2026-11-22T08:05:00+01:00")
    assert plan.forecast.regimen == "nothing but the dose that is going in for 5 min; 0.374 mcg/kg/min"
    assert plan.forecast.supposes.startswith("the dose that is going in ends at 08:05, and the rate of this plan")
    assert "a dose is going in" in plan.loading_dose.because
    text = " ".join(to_text(plan_sheet(plan)).split())
    assert "RUNS NOW Milrinone: A dose is still going in, until 08:05; the infusion follows it" in text
    assert "Load no other than the one that is going in" in text and "on top of what runs or is going in" in text
    assert "Maintenance (after the load, from 08:05)".upper() in text.upper() and "Then set the pump 9.2 mL/h" in text


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"allergies": ["milrinone"]}, PlanStatus.STOPPED, "A stop rule fires: stop it or review it now"),
        ({"measurements": []}, PlanStatus.REFUSED, "No rate can be vouched for that would follow it"),
    ],
)
def test_what_follows_a_dose_is_not_said_where_the_plan_has_no_rate(
    changes: dict[str, Any], status: PlanStatus, says: str
) -> None:
    plan = make_plan(read_case(half_loaded(**changes)))
    assert plan.status is status and plan.given is not None and says in plan.given.dose_says
    assert plan.forecast is not None and plan.forecast.regimen == ""
    assert plan.forecast.supposes == "the dose that is going in ends at 08:05, and nothing more is given"


def test_a_dose_beside_an_infusion_that_runs_is_said_and_the_infusion_goes_on() -> None:
    runs = {"of": "milrinone", "start": "2026-11-22T07:00:00+01:00", "rate": "0.375 mcg/kg/min"}
    content = half_loaded()
    plan = make_plan(read_case({**content, "administrations": [runs, *content["administrations"]]}))
    assert plan.given is not None and plan.given.dose_says.endswith(
        "beside the infusion that runs. It is never given twice"
    )
    assert plan.forecast is not None and plan.forecast.regimen == "0.375 mcg/kg/min"
    over = {**half_loaded()["administrations"][0], "start": "2026-11-22T23:55:00+01:00"}
    late = make_plan(read_case(half_loaded(now="2026-11-22T23:58:00+01:00", administrations=[over])), forecast=False)
    assert late.given is not None and "until 2026-11-23 00:05" in late.given.dose_says
    asked = read_case(half_loaded(medicines=["anagrelide"]))
    assert make_plan(asked, forecast=False).given is not None


@pytest.mark.parametrize("when", ["", " after 1 h"])
def test_another_rate_is_that_after_the_first_rate_that_is_going_in(when: str) -> None:
    found = prepare_plan(read_case(loading())).what_if(f"rate 0.15 mcg/kg/min{when}").change
    assert found.regimen == "0.75 mcg/kg/min for 1.5 h; 0.15 mcg/kg/min"
    assert found.notes[0].startswith("The first rate that is going in, in the place of a load, is kept")
    paused = prepare_plan(read_case(loading())).what_if("pause 1 h after 1 h").change
    assert paused.regimen == "0.75 mcg/kg/min for 1 h; pause 1 h; 0.2 mcg/kg/min"


def test_another_rate_waits_for_a_dose_that_is_going_in() -> None:
    prepared = prepare_plan(read_case(half_loaded()))
    found = prepared.what_if("rate 0.5 mcg/kg/min").change
    assert found.regimen == "pause 5 min; 0.5 mcg/kg/min"
    assert found.notes == ("The dose that is going in is given whole (5 min are left); the rate follows it.",)


def test_another_rate_ends_when_its_entry_does() -> None:
    case = read_case(plain("first-day"))
    assert prepare_plan(case).what_if("rate 0.1 mcg/kg/min").change.regimen == (
        "0.75 mcg/kg/min for 3 h; 0.1 mcg/kg/min for 5 h"
    )
    assert prepare_plan(case).what_if("rate 0.1 mcg/kg/min after 4 h").change.regimen == (
        "0.75 mcg/kg/min for 3 h; 0.2 mcg/kg/min for 1 h; 0.1 mcg/kg/min for 4 h"
    )
    late = [{"of": "milrinone", "start": "2026-11-22T14:00:00+01:00", "rate": "0.75 mcg/kg/min"}]
    alone = read_case({**plain("first-day"), "now": "2026-11-22T15:00:00+01:00", "administrations": late})
    assert "is over after its load" in prepare_plan(alone).what_if("rate 0.1 mcg/kg/min").change.refused


def test_the_rate_that_is_moved_is_that_after_the_load() -> None:
    rates = rates_of(make_plan(read_case(loading())))
    assert rates is not None and str(rates.now) == "0.2 mcg/kg/min"
    assert rates.moves == "the rate after the load that is going in until 11:00"


def test_a_fit_and_a_search_follow_the_same_course() -> None:
    """A level at 09:20 by hand: 40.5 mcg/h for 80 min in the typical infant of Paradisis 2007."""
    k, fast = 0.035 / 0.512, 40.5 / 0.035
    level = {"what": "concentration", "of": "milrinone", "at": "2026-11-22T09:20:00+01:00", "site": "arterial line"}
    level["value"] = f"{fast * (1 - math.exp(-k * 80 / 60)):.0f} ng/mL"
    content = loading()
    case = read_case({**content, "measurements": [*content["measurements"], level]})
    fit = fit_case(case)
    assert any(says.startswith("Supposed ahead of now: the load that is going in ends at 11:00") for says in fit.says)
    (own,) = [item for item in fit.models if item.model == "milrinone/paradisis_2007"]
    assert own.curve is not None
    at = list(own.curve.time.values)
    typical_levels = dict(zip(at, own.curve.typical.values, strict=True))
    foreseen = typical(forecast_of(case))["milrinone/paradisis_2007"]
    for hour in (1.0, 6.0, 24.0):
        assert typical_levels[hour] == pytest.approx(foreseen[round(4 * hour)], abs=0.15)
    target = find_dose(case)
    assert {item.id for item in target.refusals} >= {"load-going-in"}
    runs = next(item for item in target.courses if item.course == THEN_THE_PLAN)
    assert float(runs.at_the_end.median.value) < 500  # at 0.75 mcg/kg/min for a day it would come near 1,000 ng/mL


def test_nothing_runs_where_nothing_was_given() -> None:
    assert what_runs(work_out(read_case(plain("sound-adult")), {}, None, None, None)) is None


def test_the_bag_lasts_for_the_load_and_for_the_rate_that_follows() -> None:
    """50 mL, 1 mL/h is 1 mcg/kg/min: 2.25 mL for 3 h of 0.75, and 47.75 mL at 0.2 mL/h are 238 h 45 min from 11:00."""
    content = loading()
    hung = {**content["preparation"], "hung": "2026-11-22T07:55:00+01:00"}
    plan = make_plan(read_case({**content, "preparation": hung}), forecast=False)
    assert plan.running is not None and plan.running.bag_ends is not None
    ends = datetime.fromisoformat("2026-11-22T11:00:00+01:00") + timedelta(hours=238, minutes=45)
    assert abs(plan.running.bag_ends - ends) < timedelta(minutes=1)
    stopped = make_plan(read_case({**content, "preparation": hung, "allergies": ["milrinone"]}), forecast=False)
    # 48.875 mL are left, and no rate is proposed that would follow 0.75 mL/h
    assert stopped.running is not None and stopped.running.bag_ends is not None
    left = timedelta(hours=48.875 / 0.75)
    assert abs(stopped.running.bag_ends - (datetime.fromisoformat("2026-11-22T09:30:00+01:00") + left)) < timedelta(
        minutes=1
    )


def test_the_plan_says_to_which_rate_the_first_one_is_lowered() -> None:
    text = " ".join(to_text(plan_sheet(make_plan(read_case(loading())))).split())
    assert "until 11:00; then lower the rate to 0.2 mcg/kg/min: set 0.2 mL/h of milrinone diluted from vials" in text
    assert "(after the load, from 11:00)".upper() in text.upper() and "for comparison" not in text
    stopped = make_plan(read_case(loading(allergies=["milrinone"])))
    assert "then lower the rate to" not in " ".join(to_text(plan_sheet(stopped)).split())


def test_a_simulation_asks_what_follows_a_first_rate_that_is_going_in() -> None:
    case = read_case(loading())
    with pytest.raises(RequestError, match="still goes in until 2026-11-22 11:00"):
        simulate("milrinone/paradisis_2007", case)
    assert simulate("milrinone/paradisis_2007", case, regimen="0.75 mcg/kg/min for 1.5 h; 0.2 mcg/kg/min").refused == ""
