"""Moving kidneys and leaving a range in a plan: what the record holds, its schema, and that no dose comes from it."""

from __future__ import annotations

import itertools
import json
import math
import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from inotrope.patient import Case, read_case
from inotrope.plan import make_plan, plan_schema, to_plain
from inotrope.plan.forecast_record import LevelForecast, ModelLevels
from inotrope.units import read_quantity

CASES = Path(__file__).parents[2] / "inotrope" / "library" / "cases"


def shipped(name: str) -> Case:
    return read_case(json.loads((CASES / f"{name}.json").read_text(encoding="utf-8")))


def forecast_of(name: str, **more: Any) -> LevelForecast:
    found = make_plan(shipped(name), **more).forecast
    assert found is not None
    return found


def label(found: LevelForecast) -> ModelLevels:
    return next(item for item in found.models if item.model == "milrinone/label_adult")


def test_a_rising_creatinine_moves_the_kidneys_of_the_forecast() -> None:
    found = forecast_of("rising-creatinine")
    course, model = found.kidney, label(found)
    assert course is not None and "rose by 50 % within 24 h" in " ".join(course.because)
    assert course.creatinines == ("1.4 mg/dL, 26 h ago", "2.1 mg/dL, 1.8 h ago")
    assert course.time.values[0] == -48 and course.time.values[-1] == 24 and course.time.unit == "h"
    assert [path.kidneys for path in course.paths] == ["unchanged", "recovering", "worsening"]
    now = course.time.values.index(0.0)
    for path in course.paths:  # one past, and three ways from now on
        assert path.most_probable.unit == path.intervals.median.unit == "mL/min/1.73 m2"
        assert path.intervals.median.values[: now + 1] == course.paths[0].intervals.median.values[: now + 1]
    # Worsening halves the most probable path in 24 h, recovering doubles it.
    unchanged, better, worse = (path.most_probable.values[-1] for path in course.paths)
    assert (better, worse) == (pytest.approx(2 * unchanged, rel=0.01), pytest.approx(unchanged / 2, rel=0.01))
    assert course.now.median is not None and course.now.typical.unit == "mL/min/1.73 m2"
    assert course.paths[0].intervals.median.values[now] == pytest.approx(float(course.now.median.value), abs=0.06)
    assert {source.status for source in course.sources} == {"judgement"} and len(course.sources) == 4
    assert model.kidneys == "in motion" and [way.kidneys for way in model.ahead] == ["recovering", "worsening"]
    for way in model.ahead:
        assert len(way.curve.typical.values) == len(found.time.values) and way.at_the_end.median is not None
        assert {chance.when for chance in way.chances} == {"at 24 h"}
    shares = {way.kidneys: way.leaves[0].chance.value for way in model.ahead}
    assert shares["recovering"] < model.leaves[0].chance.value < shares["worsening"]


def test_a_range_that_is_left_has_its_share_and_its_hours() -> None:
    for name in ("rising-creatinine", "sound-adult", "running-since-yesterday"):
        for model in forecast_of(name).models:
            for item in model.leaves:
                assert item.chance.unit == item.now.unit == "%" and item.side in ("above", "below")
                times = (item.by_5_percent, item.by_25_percent, item.by_half)
                for time, share in zip(times, (5, 25, 50), strict=True):
                    # A share that is reached has its hour within the chart, one that is not has none.
                    assert (time is not None) == (item.chance.value >= share)
                    assert time is None or (time.unit == "h" and 0 <= time.value <= 24)


def test_kidneys_that_are_not_known_to_change_are_held() -> None:
    found = forecast_of("sound-adult")
    assert found.kidney is None and label(found).kidneys == "held" and label(found).ahead == ()
    assert next(item for item in found.models if item.model == "milrinone/prielipp_1996").kidneys == "not used"
    assumed = read_quantity("20 mL/min/1.73 m2", what="k", dimensions=("flow per body surface area",))
    held = forecast_of("rising-creatinine", assume_kidney=assumed)
    assert held.kidney is None and label(held).kidneys == "held" and held.draws == 200


def test_moving_kidneys_change_no_dose() -> None:
    case = shipped("rising-creatinine")
    plan, without = make_plan(case), make_plan(case, forecast=False)
    assert replace(plan, forecast=None, sources=()) == replace(without, sources=())
    listed = {(source.id, source.place) for source in plan.sources}
    assert plan.forecast is not None and plan.forecast.kidney is not None
    assert {(source.id, source.place) for source in plan.forecast.kidney.sources} <= listed


def test_the_schema_holds_the_fan() -> None:
    plan: Any = json.loads(json.dumps(to_plain(make_plan(shipped("rising-creatinine")))))
    jsonschema.Draft202012Validator(plan_schema()).validate(plan)
    (model,) = [item for item in plan["forecast"]["models"] if item["model"] == "milrinone/label_adult"]
    assert model["ahead"][1]["curve"]["intervals"]["highest"]["unit"] == "ng/mL"


def test_what_if_is_answered_with_the_same_paths_and_tells_no_ways() -> None:
    found = forecast_of("rising-creatinine", what_if=["pause 2 h after 6 h", "kidney 60 mL/min/1.73 m2 after 6 h"])
    pause, kidney = found.what_if
    before = label(found)
    for asked in (pause, kidney):
        (model,) = [item for item in asked.models if item.model == before.model]
        moment = next(item for item in model.moments if item.when == "at 24 h")
        assert moment.before == before.at_the_end and moment.after is not None and moment.before is not None
        assert moment.after.typical < moment.before.typical


NOW = datetime.fromisoformat("2026-11-22T08:00:00+01:00")


def invented(seed: int) -> Case:
    """Return a patient whose creatinine wanders: fresh, old or after a machine, with an infusion or without."""
    draw = random.Random(seed)

    def at(hours: float) -> str:
        return (NOW + timedelta(hours=hours)).isoformat()

    last, value, creatinines = draw.choice([-0.2, -5.0, -14.0, -40.0]), math.exp(draw.uniform(-0.8, 0.8)), []
    for hours in sorted(last - draw.uniform(0, 60) for _ in range(draw.randint(1, 4))):
        value *= math.exp(draw.gauss(0.15, 0.4))
        creatinines.append({"what": "serum creatinine", "value": f"{value:.2f} mg/dL", "at": at(hours)})
    runs = [
        {"of": "milrinone", "start": at(-draw.uniform(2, 90)), "rate": f"{draw.choice([0.2, 0.375, 0.5])} mcg/kg/min"}
    ]
    machine = {"what": "CRRT", "start": at(-140), "end": at(-110), "clearance": "1.2 L/h"}
    body = {"weight": f"{draw.choice([45, 70, 120])} kg", "height": f"{draw.randint(150, 195)} cm"}
    return read_case(
        {
            "drug": "milrinone",
            "indication": "acute decompensated heart failure",
            "now": NOW.isoformat(),
            "patient": {"born": f"{draw.randint(1930, 2006)}-03-02", "sex": draw.choice(["male", "female"]), **body},
            "administrations": draw.choice([runs, []]),
            "support": draw.choice([[], [], [machine]]),
            "conditions": {"oliguria": draw.choice(["absent", "present"])},
            "measurements": creatinines,
        }
    )


def test_laws_of_the_fan_for_invented_patients() -> None:
    """No forecast fails; better kidneys never raise a level; nothing leaves less often than it lies outside."""
    told = 0
    for seed in range(16):
        found = make_plan(invented(seed), what_if=["kidney 30 mL/min/1.73 m2 after 4 h"]).forecast
        if found is None:
            continue
        assert all(refusal.id != "forecast-failed" for refusal in found.refusals), seed
        for model in found.models:
            assert model.kidneys != "in motion" or found.kidney is not None
            for item in model.leaves:
                assert item.side == "below" or item.chance.value >= max(item.now.value, item.at_the_end.value)
            if model.ahead and model.curve is not None:
                told += 1
                curves = [model.ahead[0].curve, model.curve, model.ahead[1].curve]
                bounds = [curve.intervals for curve in curves if curve.intervals is not None]
                for low, high in itertools.pairwise(bounds):
                    for ends in ("lowest", "median", "highest"):
                        pairs = zip(getattr(low, ends).values, getattr(high, ends).values, strict=True)
                        assert all(one <= other + 0.11 for one, other in pairs), (seed, ends)  # each rounded to 0.1
    assert told >= 8
