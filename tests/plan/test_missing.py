"""Every question asks for what is missing in this case, once, and for nothing that the case already says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from inotrope.display.findings_sheet import numbered
from inotrope.patient import Case, read_case
from inotrope.plan import Plan, make_plan

Maker = Callable[..., Case]
NOW, BEFORE = "2026-11-22T08:00:00+01:00", "2026-11-21T08:00:00+01:00"
RUNS = [{"of": "milrinone", "start": "2026-11-22T03:10:00+01:00", "rate": "0.5 mcg/kg/min"}]
CHILD = {"born": "2021-03-02", "sex": "male", "weight": "18 kg"}
INFANT = {"born": "2026-05-02", "sex": "male", "weight": "6 kg", "gestational_age": "40+0"}


def child(patient: dict[str, str], **more: Any) -> Plan:
    case = {"drug": "milrinone", "indication": "low cardiac output after cardiac surgery", "now": NOW}
    return make_plan(read_case({**case, "patient": patient, **more}, name="child"))


def asked(plan: Plan) -> dict[str, str]:
    return {item.name: item.asks for item in plan.missing}


def creatinine(value: str, at: str = NOW) -> dict[str, str]:
    return {"what": "serum creatinine", "value": value, "at": at}


@pytest.mark.parametrize("patient", [CHILD, INFANT], ids=["5 years", "6 months"])
def test_a_child_whose_kidneys_are_said_to_be_well_is_not_asked_that_again(patient: dict[str, str]) -> None:
    plan = child(patient, conditions={"renal impairment": "absent"})
    assert "renal impairment" not in asked(plan)
    assert not any("kidneys impaired" in question for question in asked(plan).values())
    assert asked(plan)["serum creatinine"].startswith("What is the serum creatinine now?")
    assert "urine" in asked(plan)["oliguria"] and "changing" in asked(plan)["oliguria"]
    assert ("height" in asked(plan)) is (patient is CHILD)  # no equation holds for the infant


def test_a_child_is_asked_for_its_height_because_an_equation_needs_it() -> None:
    question = asked(child(CHILD))["height"]
    assert "renal table" not in question  # a child's entry has none
    assert "kidney" in question


def test_each_piece_of_a_childs_kidney_goes_once_it_is_recorded() -> None:
    patient = {**CHILD, "height": "110 cm"}
    conditions = {"renal impairment": "absent", "oliguria": "absent"}
    one = child(patient, conditions=conditions, measurements=[creatinine("0.4 mg/dL")])
    assert {"height", "oliguria", "renal impairment"}.isdisjoint(asked(one))
    assert asked(one)["serum creatinine"].startswith("Was the serum creatinine measured before")
    two = child(patient, conditions=conditions, measurements=[creatinine("0.4 mg/dL"), creatinine("0.4 mg/dL", BEFORE)])
    assert "serum creatinine" not in asked(two)
    unsaid = child(INFANT, conditions={"oliguria": "absent"})
    assert asked(unsaid)["renal impairment"].startswith("Are the kidneys impaired?")


@pytest.mark.parametrize("runs", [True, False])
def test_whether_it_runs_is_asked_only_where_the_case_does_not_tell(make_case: Maker, *, runs: bool) -> None:
    plan = make_plan(make_case(administrations=RUNS if runs else None, measurements=[]))
    about = [item.asks for item in numbered(plan.missing) if "running" in item.asks]
    assert len(about) == (0 if runs else 1)
    assert ("administrations" in asked(plan)) is not runs


@pytest.mark.parametrize("running", [None, [], RUNS], ids=["not said", "nothing", "runs"])
def test_the_pressure_is_asked_once(make_case: Maker, running: list[dict[str, str]] | None) -> None:
    both = make_plan(make_case(administrations=running, measurements=[]))
    (question,) = [item for item in numbered(both.missing) if "pressure now" in item.asks]
    assert question.names == ("mean arterial pressure", "systolic blood pressure")
    assert question.asks == "What are the mean arterial pressure and the systolic blood pressure now?"
    mean = {"what": "mean arterial pressure", "value": "74 mmHg", "at": NOW}
    one = make_plan(make_case(administrations=running, measurements=[mean]))
    (question,) = [item for item in numbered(one.missing) if "pressure now" in item.asks]
    assert question.names == ("systolic blood pressure",)
    assert question.asks == "What is the systolic blood pressure now?"


def test_a_childs_pressure_and_what_was_given_are_two_questions() -> None:
    plan = child(CHILD)
    assert "running" in asked(plan)["administrations"]
    assert "low for this age" in asked(plan)["low blood pressure for age"]
    assert len({asked(plan)[name] for name in ("administrations", "low blood pressure for age")}) == 2


def test_one_answer_about_events_is_asked_for_all_that_wait_for_it(make_case: Maker) -> None:
    question = asked(make_plan(make_case(events=None)))["events"]
    for word in ("torsades de pointes", "low blood pressure", "anaphylaxis"):
        assert question.count(word) == 1
    assert "heart attack" not in question  # its condition is on record


def test_a_bag_that_nobody_named_is_asked_for_as_a_bag(make_case: Maker) -> None:
    plan = make_plan(make_case(preparation=None, lines=None))
    assert asked(plan)["preparation"].startswith("Which bag or syringe hangs on the pump?")
    vial = {"product": "vial", "concentration": "200 mcg/mL", "volume": "50 mL"}
    bag = make_plan(make_case(preparation=vial))
    assert asked(bag)["diluent"] == "What is the drug diluted with in this bag or syringe?"
