"""The circulation ahead of a plan: what it shows, when there is none, and that the plan does not hang on it."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from inotrope import make_plan, predict_circulation, read_case
from inotrope.drug import read_site
from inotrope.errors import RequestError, UnitError
from inotrope.plan import plan_schema, to_plain
from inotrope.plan.circulation.course_record import CirculationCourse, CourseStatus, QuantityCourse
from inotrope.plan.circulation.over_time import foreseeing
from inotrope.plan.circulation.over_time.saying import FIRST, RATES
from inotrope.plan.record import Plan

from .beds import (
    BEFORE,
    CASES,
    CVP,
    FRACTIONS,
    LEVEL,
    MAP,
    ON,
    OUTPUT,
    PULMONARY,
    RATE,
    READ,
    RUNS,
    WEDGE,
    bed,
    course,
    reading,
    shipped_course,
    shipped_plan,
)

EXAMPLE = CASES.parent / "sites" / "example-site.toml"


def of(found: CirculationCourse, short: str) -> QuantityCourse:
    return next(item for item in found.quantities if item.short == short)


def test_a_day_of_ten_quantities_with_intervals_in_order() -> None:
    found = shipped_course()
    assert found.status is CourseStatus.EXPECTED and found.refusals == ()
    shorts = [item.short for item in found.quantities]
    assert shorts == ["CI", "MAP", "CVP", "PCWP", "mPAP", "SVR", "PVR", "HR", "SV", "EF"]
    assert (found.time.values[0], found.time.values[-1], found.time.unit) == (0, 24, "h")
    for item in found.quantities:
        ends = (item.curve.lowest, item.curve.lower, item.curve.median, item.curve.upper, item.curve.highest)
        for row in zip(*(end.values for end in ends), strict=True):
            assert list(row) == sorted(row), item.short
        assert len(item.curve.median.values) == len(found.time.values)
    # As read: 78 mmHg, 3.9 L/min over 2.01 m2, 92 /min; the errors of the readings leave a little room.
    assert float(of(found, "MAP").before.median.value) == pytest.approx(78, abs=1.5)
    assert float(of(found, "CI").before.median.value) == pytest.approx(3.9 / 2.013, abs=0.06)
    assert float(of(found, "HR").before.median.value) == pytest.approx(92, abs=1.5)
    assert of(found, "MAP").curve.median.values[0] == float(of(found, "MAP").before.median.value)  # no drug yet


def test_the_drug_raises_the_output_and_lowers_what_it_should() -> None:
    found = shipped_course()
    change = {item.short: item.curve.median.values[-1] - item.curve.median.values[0] for item in found.quantities}
    assert change["CI"] > 0.3 and change["HR"] > 0 and change["SV"] > 0 and change["EF"] > 0
    assert change["SVR"] < -100 and change["PCWP"] < -3 and change["CVP"] < -3 and change["PVR"] < 0


def test_the_chance_of_a_low_pressure_and_its_headline() -> None:
    found = shipped_course()
    below = found.below
    assert below is not None and str(below.limit) == "65 mmHg"
    assert below.so_far.values == tuple(sorted(below.so_far.values))
    assert below.so_far.values[-1] == float(below.ever.value) >= max(below.at.values) - 0.1
    assert below.at.values[-1] == float(below.at_the_end.value) and below.at.values[0] == float(below.now.value)
    assert 3 < float(below.ever.value) < 30  # OPTIME-CHF saw a lasting hypotension in 10.7 %
    assert found.headline == f"MAP below 65 mmHg within 24 h: {below.ever.shown(0)} (judgement)"
    assert below.source in found.sources


def test_what_must_be_said_stands_there() -> None:
    found = shipped_course()
    assert found.says[0] == FIRST and "does not tell how forceful" in found.says[1]
    assert "judgement" in found.says[2] and any("extrapolation" in item for item in found.says)
    assert found.rates_say == RATES and RATES.startswith("Information; it selects no rate.")
    assert "milrinone/label_adult" in found.levels_by and "none was fitted" in found.levels_by
    assert [item.model for item in found.models if item.first] == ["milrinone/label_adult"]
    assert {item.model for item in found.models} == {
        "milrinone/label_adult",
        "milrinone/label_adult_bolus",
        "milrinone/prielipp_1996",
    }


def test_a_load_against_none_in_the_same_draws() -> None:
    load = shipped_course().load
    assert load is not None and load.below_only_with is not None
    assert load.with_load.regimen.startswith("4.1 mg over 10 min") and "over" not in load.without.regimen
    assert load.with_load.below is not None and load.without.below is not None
    # 50 mcg/kg in 0.3 L/kg and less of it at the site: at a quarter of an hour far more than an infusion has given.
    at = load.time.values.index(16)
    assert load.with_load.level.median.values[at] > 4 * load.without.level.median.values[at]
    assert [item.short for item in load.with_load.quantities] == ["CI", "MAP"]
    outputs = [way.quantities[0].curve.median.values[at] for way in (load.with_load, load.without)]
    assert outputs[0] > outputs[1] + 0.1
    assert float(load.lower_by.ninety_to.value) > 0
    assert float(load.with_load.below.value) >= float(load.without.below.value)


def dose_of(plan: Plan) -> dict[str, Any]:
    """Return all of a plan but the circulation, what it cites, and which readings it asks for."""
    kept = {item.name: getattr(plan, item.name) for item in fields(plan)}
    return {name: value for name, value in kept.items() if name not in ("circulation", "sources", "missing")}


def test_dose_findings_and_rates_are_those_without_the_readings() -> None:
    without = make_plan(bed(without=(OUTPUT, CVP, WEDGE, PULMONARY, *FRACTIONS, "systemic vascular resistance")))
    assert without.circulation is None
    read, unread = dose_of(shipped_plan()), dose_of(without)
    # That no rule reads an output is said wherever one is written, with a course of it and without.
    told = [item for item in read.pop("findings") if item.rule != "not-judged"]
    assert told == list(unread.pop("findings")) and read == unread
    alone = make_plan(bed(), forecast=False)
    assert alone.circulation is None
    assert {**dose_of(alone), "forecast": None} == {**dose_of(shipped_plan()), "forecast": None}


def test_whatever_fails_withholds_nothing_of_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("the loop broke")

    monkeypatch.setattr(foreseeing, "course_of", fails)
    found = make_plan(bed())
    assert found.circulation is not None and found.circulation.status is CourseStatus.REFUSED
    assert "the loop broke" in found.circulation.refusals[0].says
    assert dose_of(found) == dose_of(shipped_plan())


@pytest.mark.parametrize("name", ["sound-adult", "running-since-yesterday", "child-after-surgery", "low-pressure"])
def test_without_a_reading_of_the_circulation_there_is_none(name: str) -> None:
    assert to_plain(make_plan(read_case(CASES / f"{name}.json")))["circulation"] is None  # type: ignore[index, call-overload]


def test_it_fits_the_published_schema() -> None:
    fits = jsonschema.Draft202012Validator(plan_schema())
    for plan in (shipped_plan(), make_plan(bed(without=(OUTPUT,)))):
        fits.validate(json.loads(json.dumps(to_plain(plan))))


def test_the_same_case_gives_the_same_course_to_the_digit() -> None:
    again = make_plan(bed()).circulation
    assert again == shipped_course()


def test_without_an_output_it_says_what_would_make_one() -> None:
    found = course(bed(without=(OUTPUT,)))
    assert found.status is CourseStatus.REFUSED and found.quantities == ()
    assert found.refusals[0].needs == ("cardiac output or cardiac index",)
    assert found.headline == "No course of the circulation: it needs cardiac output or cardiac index."
    assert course(bed(reading(CVP, "13 mmHg"))).refusals[0].needs == (MAP, RATE, "cardiac output or cardiac index")


def test_three_readings_are_enough_and_leave_more_open() -> None:
    few = course(bed(*(item | {"at": "2026-11-22T07:40:00+01:00"} for item in BEFORE)))
    assert [item.what for item in few.readings] == [RATE, OUTPUT, MAP] or len(few.readings) == 3
    widths = [
        float(of(found, "PCWP").before.ninety_to.value) - float(of(found, "PCWP").before.ninety_from.value)
        for found in (few, shipped_course())
    ]
    assert widths[0] > 2 * widths[1]


@pytest.mark.parametrize(
    ("conditions", "keys", "why"),
    [
        ({"paced rhythm": "present"}, {}, "a pacemaker sets it"),
        ({"hypertrophic obstructive cardiomyopathy": "present"}, {}, "obstruction of the outflow"),
        ({"severe mitral regurgitation": "present"}, {}, "sound valves"),
        ({"predominant right heart failure": "present"}, {}, "right"),
        ({}, {"support": [{"what": "ECMO", "start": "2026-11-22T01:00:00+01:00"}]}, "machine|pump|support"),
        (
            {},
            {"patient": {"born": "2012-03-02", "sex": "male", "weight": "40 kg", "height": "150 cm"}},
            "holds for adults",
        ),
    ],
)
def test_whom_the_model_does_not_hold_for(conditions: dict[str, str], keys: dict[str, Any], why: str) -> None:
    found = course(bed(conditions=conditions, **keys))
    assert found.status is CourseStatus.REFUSED and found.quantities == () and found.rates == ()
    assert any(re.search(why, item.says) for item in found.refusals), found.refusals


def test_a_low_filling_is_refused() -> None:
    low = [
        reading(CVP, "1 mmHg"),
        reading(WEDGE, "5 mmHg"),
        *(item | {"at": "2026-11-22T07:40:00+01:00"} for item in BEFORE),
    ]
    assert course(bed(*low)).refusals[0].id == "circulation-out-of-domain"


def test_a_pressor_changed_between_readings_is_not_learned_from() -> None:
    given = {"of": "norepinephrine", "start": "2026-11-22T05:00:00+01:00", "rate": "0.05 mcg/kg/min"}
    found = course(bed(*BEFORE, *ON, administrations=[RUNS, given]))
    assert found.refusals[0].id == "bedside-changed" and "norepinephrine" in found.refusals[0].says
    assert len(found.readings) == 6  # they stand there all the same


def test_readings_on_the_drug_are_learned_from_with_its_level_then() -> None:
    found = course(bed(*BEFORE, *ON, administrations=[RUNS]))
    assert [item.on_the_drug for item in found.readings] == [False] * 3 + [True] * 3
    assert "3 readings of the time before the drug and 3 readings on the drug" in found.learned
    assert found.supposes == "what runs goes on unchanged" and found.load is None
    assert float(of(found, "MAP").before.median.value) == pytest.approx(78, abs=2)
    assert 70 < of(found, "MAP").curve.median.values[0] < 76  # between what was read and what the model expects
    assert len(found.models) == 3 and all(item.below is not None for item in found.models)
    pause = found.rates[0]
    assert pause.because == "nothing from now on" and not pause.rate.value
    before = {item.short: float(item.before.median.value) for item in found.quantities}
    for item in pause.quantities:  # a day later hardly any drug is left
        assert float(item.value.median.value) == pytest.approx(before[item.short], rel=0.02)


def test_a_measured_level_is_where_the_levels_begin() -> None:
    found = course(bed(*BEFORE, ON[0], LEVEL, administrations=[RUNS]))
    assert "weighed over" in found.levels_by and found.models[0].model == "all models that count"
    assert found.level is not None
    assert found.level.median.values[0] == pytest.approx(300, abs=40)
    doubted = course(bed(*BEFORE, ON[0], LEVEL | {"value": "33000 ng/mL"}, administrations=[RUNS]))
    assert "is not used here" in doubted.levels_by and "none was fitted" in doubted.levels_by
    assert doubted.level is not None and doubted.level.median.values[0] < 200


def test_a_regimen_that_is_named_over_a_day() -> None:
    found = predict_circulation(bed(), regimen="0.375 mcg/kg/min").course
    assert found is not None and found.load is None and found.rates == () and found.rates_say == ""
    assert found.supposes == "what was asked for is given from now on" and found.regimen == "0.375 mcg/kg/min"
    assert of(found, "MAP").before == of(shipped_course(), "MAP").before
    twice = predict_circulation(bed(), regimen="0.75 mcg/kg/min", model="milrinone/prielipp_1996").course
    assert twice is not None and "prielipp_1996" in twice.levels_by
    assert predict_circulation(bed()).course is None
    level_alone = predict_circulation(bed(), regimen="0.375 mcg/kg/min", model="milrinone/benotti_1985").course
    assert level_alone is not None and "milrinone/benotti_1985 says of no such patient" in level_alone.levels_by
    with pytest.raises(UnitError):
        predict_circulation(bed(), regimen="much of it")


def test_a_regimen_has_no_course_where_nobody_looked_or_the_model_is_not_shipped() -> None:
    typical = "decompensated_heart_failure"
    for whom in (bed(without=READ), read_case(CASES / "sound-adult.json")):
        found = predict_circulation(whom, regimen="0.375 mcg/kg/min", typical=typical)
        assert found.moments and found.course is not None and not found.has_course
        assert "cardiac output or cardiac index" in found.course.headline
    own = CASES.parent / "milrinone" / "models" / "prielipp_1996.toml"
    found = predict_circulation(bed(), regimen="0.375 mcg/kg/min", model=str(own))
    assert found.moments and found.course is not None and not found.has_course
    assert "another one is named" in found.course.refusals[0].says


def test_a_model_without_a_regimen_is_an_error() -> None:
    """The label's rates have levels of their own: nobody may think that a model was used which was not."""
    with pytest.raises(RequestError, match=r"'milrinone/cox_2013' is read with a regimen alone"):
        predict_circulation(bed(), model="milrinone/cox_2013")


def test_without_the_rest_of_the_catheter_the_course_stands_and_the_moments_do_not() -> None:
    few = bed(without=(CVP, WEDGE, PULMONARY, *FRACTIONS, "systemic vascular resistance"))
    found = predict_circulation(few, regimen="0.375 mcg/kg/min")
    assert found.moments == () and found.course is not None
    assert found.course.status is CourseStatus.EXPECTED


def test_without_a_height_the_output_stands_for_its_index() -> None:
    person = {"born": "1958-03-02", "sex": "male", "weight": "82 kg"}
    found = course(bed(*BEFORE, *ON, administrations=[RUNS], patient=person))
    assert found.status is CourseStatus.EXPECTED, found.refusals
    assert [item.short for item in found.quantities][:2] == ["CO", "MAP"]
    output = of(found, "CO")
    assert output.curve.median.unit == "L/min" and float(output.before.median.value) == pytest.approx(3.9, abs=0.25)
    assert any("no index is told" in item for item in found.says)
    assert found.rates == () and "height" in found.rates_say.lower()  # no kidney function, and no rate to choose


def test_low_filling_pressures_gain_less_output_and_lose_more_pressure() -> None:
    """Law 20 of the facts, with the same output and pressure before: the veins of a dry patient have less to give."""
    dry = course(bed(*_read({CVP: "5 mmHg", WEDGE: "12 mmHg", PULMONARY: "23 mmHg"})))
    full = course(bed(*_read({})))
    changes = []
    for found in (dry, full):
        changes.append([of(found, short).curve.median.values for short in ("CI", "MAP")])
    gained, lost = ([each[place][-1] - each[place][0] for each in changes] for place in (0, 1))
    assert gained[0] < gained[1] - 0.1
    assert lost[0] < lost[1] - 1
    chances = [found.below.ever.value for found in (dry, full) if found.below is not None]
    assert len(chances) == 2 and chances[0] > chances[1]


def _read(changed: dict[str, str]) -> list[dict[str, str]]:
    own = {MAP: "78 mmHg", RATE: "92 /min", OUTPUT: "3.9 L/min", CVP: "13 mmHg", WEDGE: "26 mmHg", PULMONARY: "37 mmHg"}
    return [reading(what, value) for what, value in (own | changed).items()]


def test_a_site_that_warns_earlier_is_warned_by_its_own_limit() -> None:
    site = read_site(EXAMPLE)
    found = make_plan(bed(), site=site).circulation
    assert found is not None and found.below is not None and str(found.below.limit) == "70 mmHg"
    own = shipped_course().below
    assert own is not None and found.below.ever.value > own.ever.value
    assert all(item.rate.value <= Decimal("0.6") for item in found.rates)  # the site asks before it goes above
