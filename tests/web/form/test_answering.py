"""An answer to a question of a plan goes into the case beside what it holds, and settles the question."""

import json
from pathlib import Path
from typing import Any

import pytest

from inotrope.patient import read_case, vocabulary
from inotrope.plan import make_plan
from inotrope.web.form import check
from inotrope.web.form.answering import boxes_of, condition_of, measurement_of, put_answer
from inotrope.web.form.fields import ROWS

CASES = Path(__file__).parents[3] / "inotrope" / "library" / "cases"
LITTLE: dict[str, Any] = json.loads((CASES / "almost-nothing-known.json").read_text("utf-8"))
RUNNING: dict[str, Any] = json.loads((CASES / "running-since-yesterday.json").read_text("utf-8"))


def asked(case: dict[str, Any]) -> set[str]:
    return {item.name for item in make_plan(read_case(case), forecast=False).missing}


def every_question() -> set[str]:
    found = set()
    for path in CASES.glob("*.json"):
        case = json.loads(path.read_text("utf-8"))
        bare = {key: case[key] for key in ("drug", "indication", "now", "patient")}
        person = {key: text for key, text in case["patient"].items() if key not in ("height", "gestational_age")}
        for changed in (case, bare, bare | {"patient": person}, bare | {"indication": "sleep"}):
            found |= asked(changed)
    return found


def test_every_question_of_a_plan_can_be_answered_where_it_stands() -> None:
    unanswerable = [
        name
        for name in every_question()
        if not (boxes_of(name) or name in ROWS or condition_of(name) or measurement_of(name, "milrinone"))
    ]
    assert unanswerable == []


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("edema", {"conditions.edema": "absent"}),
        ("medicines", {"medicines": "none"}),
        ("allergies", {"allergies": "penicillin"}),
        ("events", {"events.none": "yes"}),
        ("support", {"support.none": "yes"}),
        ("lines", {"lines.none": "yes"}),
        ("administrations", {"administrations.none": "yes"}),
        (
            "serum potassium",
            {
                "measurements.0.asked": "serum potassium",
                "measurements.0.what": "serum potassium",
                "measurements.0.value": "4.1",
                "measurements.0.value.unit": "mmol/L",
                "measurements.0.at": "07:30",
            },
        ),
    ],
)
def test_an_answer_settles_its_question(question: str, typed: dict[str, str]) -> None:
    assert question in asked(LITTLE)
    filled = put_answer(LITTLE, typed)
    assert check(filled) == ()
    assert question not in asked(filled.document)
    changed = {name.partition(".")[0] for name in typed}
    assert {key: filled.document[key] for key in LITTLE if key not in changed} == {
        key: content for key, content in LITTLE.items() if key not in changed
    }


def test_a_new_value_stands_beside_the_older_ones() -> None:
    typed = {"measurements.0.what": "lactate", "measurements.0.value": "2 mmol/L", "measurements.0.at": "07:55"}
    filled = put_answer(RUNNING, typed)
    assert filled.document["measurements"][:-1] == RUNNING["measurements"]
    assert filled.document["measurements"][-1]["at"] == "2026-11-22T07:55:00+01:00"
    assert len(RUNNING["measurements"]) == 9  # the case itself is left alone


def test_a_wrong_answer_is_told_at_its_box_behind_the_rows_of_the_case() -> None:
    filled = put_answer(
        RUNNING, {"measurements.0.what": "lactate", "measurements.0.value": "2", "measurements.0.at": "07:55"}
    )
    (problem,) = check(filled)
    assert problem.field == "measurements.0.value"
    assert "has no unit" in problem.says


def test_a_part_of_the_preparation_leaves_the_others() -> None:
    filled = put_answer(RUNNING, {"preparation.volume": "200", "preparation.volume.unit": "mL"})
    assert filled.document["preparation"] == RUNNING["preparation"] | {"volume": "200 mL"}


def test_one_more_medicine_leaves_the_others() -> None:
    assert put_answer(RUNNING, {"medicines": "heparin\nfurosemide"}).document["medicines"] == ["furosemide", "heparin"]
    assert put_answer(RUNNING, {"medicines": "none"}).document["medicines"] == []


def test_nothing_typed_changes_nothing_and_is_told() -> None:
    filled = put_answer(
        RUNNING, {"measurements.0.asked": "lactate", "measurements.0.what": "lactate", "measurements.0.value": ""}
    )
    assert filled.document is RUNNING
    (problem, *_) = check(filled)
    assert problem.field == "measurements.0.value"


def test_an_age_is_asked_for_by_either_box_and_one_that_speaks_against_the_other_is_told() -> None:
    assert boxes_of("age") == ("patient.born", "patient.age")
    both = {"patient.born": "1990-01-02", "patient.age": "36", "patient.age.unit": "year"}
    assert check(put_answer(RUNNING, both)) == ()
    (problem,) = check(put_answer(RUNNING, {"patient.age": "36", "patient.age.unit": "year"}))  # born in 1958, it says
    assert problem.field == "patient.age"


def test_a_name_asks_for_one_thing() -> None:
    assert condition_of("oliguria") == "oliguria"
    assert condition_of("serum creatinine") is None
    assert condition_of("events") is None
    assert measurement_of("height", "milrinone") is None
    level = measurement_of("concentration", "milrinone")
    assert level is not None
    assert level.of == "milrinone"
    assert vocabulary().measurement("pump") is None


def test_an_answer_says_that_a_list_is_all_there_is() -> None:
    doubted = {**RUNNING, "medicines": ["furosemide"], "incomplete": ["medicines", "events"]}
    filled = put_answer(doubted, {"medicines": "digoxin"})
    assert filled.document["medicines"] == ["furosemide", "digoxin"] and filled.document["incomplete"] == ["events"]
    none = put_answer(filled.document, {"events.none": "yes"})
    assert "incomplete" not in none.document
    height = put_answer(doubted, {"patient.height": "178 cm"})
    assert height.document["incomplete"] == ["medicines", "events"]
