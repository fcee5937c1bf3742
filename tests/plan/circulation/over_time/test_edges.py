"""Where a course ends early, or a part of it is left out: each says why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inotrope import make_plan, predict_circulation
from inotrope.circulation.arrays import Array
from inotrope.errors import CirculationError
from inotrope.estimation.response import learn
from inotrope.findings import Refusal
from inotrope.forecast.circulation import Foreseen, Person, foresee
from inotrope.plan.circulation.course_record import CourseStatus
from inotrope.plan.circulation.over_time import foreseeing, learning, telling

from .beds import BEFORE, CVP, MAP, ON, OUTPUT, RATE, RUNS, WEDGE, bed, course, reading, shipped_course


def test_a_slip_of_the_point_is_refused() -> None:
    slipped = [*BEFORE[:2], reading(OUTPUT, "0.39 L/min", "01:30")]
    found = course(bed(*slipped, *ON, administrations=[RUNS]))
    assert found.refusals[0].id == "reading-implausible" and "0.39" in found.refusals[0].says


def test_what_cannot_be_learned_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(target: Any, **asked: Any) -> Any:
        return replace(learn(target, **asked), refused="the draws do not settle")

    monkeypatch.setattr(learning, "learn", fails)
    found = course(bed())
    assert found.refusals[0].id == "response-uncertain" and "do not settle" in found.refusals[0].says


def test_beside_a_machine_that_nobody_knows_no_level_and_no_circulation() -> None:
    machine = {"what": "CRRT", "start": "2026-11-22T01:00:00+01:00"}
    found = course(bed(*BEFORE, *ON, administrations=[RUNS], support=[machine]))
    assert found.status is CourseStatus.REFUSED and found.refusals[0].id == "no-level"


def test_without_an_entry_there_is_no_limit_and_the_pressure_is_told() -> None:
    found = course(bed(*BEFORE, *ON, administrations=[RUNS], indication="vasospasm"))
    assert found.status is CourseStatus.EXPECTED and found.below is None
    assert found.headline.startswith("MAP after 24 h: ") and found.headline.endswith("(judgement)")
    assert all(item.below is None and item.lowest is not None for item in found.models)
    assert found.rates == () and found.rates_say.startswith("No rate is listed")


def test_another_model_that_cannot_be_learned_says_so_beside_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = Refusal("response-uncertain", "Nothing is learned by this one.", ())
    monkeypatch.setattr(telling, "person_of", lambda *_: (refusal,))
    models = course(bed(*BEFORE, *ON, administrations=[RUNS])).models
    assert [item.refused for item in models] == ["", refusal.says, refusal.says]
    assert models[0].below is not None and models[1].below is None and models[1].lowest is None


def collapsing(person: Person, *levels: Array) -> tuple[Foreseen, ...]:
    """Return what is foreseen, but over the next hour one of five draws has veins that collapse."""
    found = []
    for item in foresee(person, *levels):
        answered = item.expected.answered.copy()
        if len(answered) == 31:  # the next hour
            answered[5:, ::5] = False
        now = {name: np.where(answered, row, np.nan) for name, row in item.expected.now.items()}
        found.append(replace(item, expected=replace(item.expected, answered=answered, now=now)))
    return tuple(found)


def test_a_load_that_empties_too_many_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "foresee", collapsing)
    found = course(bed())
    assert found.status is CourseStatus.EXPECTED and found.load is None
    assert any("not compared with none" in item and "20%" in item for item in found.says)


def test_a_rate_that_empties_too_many_shows_its_chance_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def last_row(person: Person, *levels: Array) -> tuple[Foreseen, ...]:
        *rest, last = foresee(person, *levels)
        answered = last.expected.answered.copy()
        answered[-1, ::5] = False
        now = {name: np.where(answered, row, np.nan) for name, row in last.expected.now.items()}
        return (*rest, replace(last, expected=replace(last.expected, answered=answered, now=now)))

    monkeypatch.setattr(telling, "foresee", last_row)
    found = course(bed()).rates[-1]
    assert found.quantities == () and 20 <= found.unfilled.value < 20.5  # and who is empty of himself
    assert found.below is not None and float(found.below.value) > 20  # they count as below


def test_too_many_without_an_answer_and_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def first(person: Person, *levels: Array) -> tuple[Foreseen, ...]:
        main, *rest = foresee(person, *levels)
        answered = main.expected.answered.copy()
        answered[3, ::10] = False
        return (replace(main, expected=replace(main.expected, answered=answered)), *rest)

    monkeypatch.setattr(telling, "foresee", first)
    found = course(bed())
    assert found.status is CourseStatus.REFUSED and "filling is too low" in found.refusals[0].says
    assert len(found.readings) == 8


def test_a_drug_without_a_known_response_has_no_course(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreseeing, "list_responses", lambda: ())
    assert make_plan(bed()).circulation is None


def test_where_nothing_is_given_the_readings_are_told_and_why_nothing_more() -> None:
    """3.9 L/min over 2.01 m2 is 1.94; 80 (50 - 13) / 3.9 is 759 dyn s/cm5; 3,900 / 92 is 42.4 mL."""
    low = (reading(OUTPUT, "3.9 L/min"), reading(MAP, "50 mmHg"), reading(RATE, "92 /min"), reading(CVP, "13 mmHg"))
    stopped = make_plan(bed(*low, reading(WEDGE, "26 mmHg", "07:00")))
    assert stopped.status.value == "stopped" and stopped.circulation is not None
    found = stopped.circulation
    assert found.status is CourseStatus.REFUSED and found.quantities == () and found.below is None
    assert [refusal.id for refusal in found.refusals] == ["nothing-given"]
    assert "a stop rule fires" in found.headline and len(found.readings) == 5
    (says,) = found.says
    assert says.endswith(
        "cardiac index 1.94 L/min/m2, stroke volume 42.4 mL, systemic vascular resistance 759 dyn s/cm5."
    )
    small = {"born": "1958-03-02", "sex": "male", "weight": "82 kg"}
    unsized = make_plan(bed(*low[:2], patient=small)).circulation
    assert unsized is not None and unsized.says == ()
    bare = make_plan(bed(low[1], low[3])).circulation
    assert bare is not None and bare.says == () and len(bare.readings) == 2


def test_where_no_rate_is_proposed_likewise_and_readings_of_another_time_are_named() -> None:
    fluid = {"of": "sodium chloride 0.9 %", "start": "2026-11-22T07:45:00+01:00", "dose": "500 mL"}
    refused = make_plan(bed(without=("serum creatinine",), administrations=[fluid]))
    assert refused.status.value == "refused" and refused.circulation is not None
    assert [refusal.id for refusal in refused.circulation.refusals] == ["nothing-given", "bedside-changed"]
    assert "no rate is proposed" in refused.circulation.headline and refused.circulation.says == ()


def test_whom_the_model_does_not_hold_for_is_told_so_also_where_nothing_is_given() -> None:
    outflow = make_plan(bed(conditions={"hypertrophic obstructive cardiomyopathy": "present"}))
    assert outflow.status.value == "stopped" and outflow.circulation is not None
    assert "obstruction" in outflow.circulation.headline


def test_a_course_that_fails_leaves_the_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise CirculationError("No steady state.")

    monkeypatch.setattr(foreseeing, "course_under", fails)
    found = predict_circulation(bed(), regimen="0.375 mcg/kg/min")
    assert len(found.moments) > 0 and found.course is not None
    assert "No steady state" in found.course.refusals[0].says
    assert predict_circulation(bed(), regimen="0.375 mcg/kg/min", model="milrinone/label_adult").course is not None


def test_a_beta_blocker_is_told_and_moves_the_answer() -> None:
    found = course(bed(medicines=["carvedilol"]))
    assert any("Beside carvedilol" in item and "at 0.7 of the rate" in item for item in found.says)
    assert found.quantities != shipped_course().quantities


RISING = [("1.5 mg/dL", "00:10"), ("2.1 mg/dL", "07:10")]


@pytest.mark.parametrize("on", [(), ON])
def test_moving_kidneys_are_those_of_the_draws_and_other_ways_stand_beside(on: tuple[dict[str, str], ...]) -> None:
    rising = [reading("serum creatinine", value, clock) for value, clock in RISING]
    found = course(bed(*BEFORE, *on, *rising, administrations=[RUNS]))
    assert any("The kidneys move" in item for item in found.says), found.refusals
    rows = {item.model: item for item in found.models}
    first = next(item.model for item in found.models if item.first)
    ways = [rows[f"{first}, kidneys {way}"] for way in ("recovering", "worsening")]
    assert list(rows)[:3] == [first, *(item.model for item in ways)] and len(rows) > 3
    chances = [item.below.value for item in (ways[0], rows[first], ways[1]) if item.below is not None]
    assert len(chances) == 3 and chances == sorted(chances)  # the less is cleared, the more drug
    assert not any("kidneys" in item.model for item in shipped_course().models)
