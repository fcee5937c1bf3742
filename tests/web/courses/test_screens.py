"""The screens that a course is carried through: what is changed on one is put into it, what came meanwhile is told."""

from __future__ import annotations

import json
import re

import pytest

from inotrope.course.meaning.folding import fold
from inotrope.course.meaning.recording import Writer, note, record_case, record_given
from tests.moments import example_of_now, hours_ago
from tests.web.courses.conftest import Page, Ward, carried


def opened(ward: Ward, course: str, path: str = "/plan") -> Page:
    return ward.send(path, carried(ward.get(f"/courses/{course}")))


def case_of(ward: Ward, course: str) -> dict[str, object]:
    return fold(ward.store.events(course), ward.store.document)


def test_the_plan_of_a_course_is_made_for_now_and_recorded_once(ward: Ward) -> None:
    course = ward.begun()
    page = opened(ward, course)
    assert "infusion plan" in page.text and "Bed 7" in page.text and "Not a plan for now" not in page.text
    assert ward.kinds(course) == ["opened", "case", "planned"]
    again = ward.send("/plan", carried(page))
    printed = ward.send("/print", carried(again))
    assert printed.status == 200 and ward.kinds(course) == ["opened", "case", "planned"]
    shown = ward.get(f"/courses/{course}")
    assert "plan shown:" in shown.text and f'href="/courses/{course}/planned/3"' in shown.source


def test_a_plan_that_is_kept_becomes_a_course_and_sent_twice_it_is_one(ward: Ward) -> None:
    case = example_of_now("sound-adult")
    page = ward.post("/plan", case=case)
    assert "Keep it in a course" in page.text
    form = ward.send("/courses", {"case": case})
    sent = {"id": form.hidden("id"), "label": "Bed 9", "by": "A. First", "case": form.hidden("case")}
    pages = [ward.send("/courses", sent) for _ in range(2)]
    assert pages[0].path == pages[1].path and ward.kinds(sent["id"]) == ["opened", "case"]
    assert len(ward.store.list()) == 1
    other = ward.send("/courses", sent | {"label": "Bed 10"})
    assert other.status == 422 and "already" in other.text
    wrong = ward.send("/courses", {"label": "Bed 11", "by": "A. First", "case": '{"drug": "milrinone"}'})
    assert wrong.status == 422 and len(ward.store.list()) == 1


def test_a_page_that_belongs_to_a_course_begins_no_other(ward: Ward) -> None:
    course = ward.begun()
    assert ward.send("/courses", carried(opened(ward, course))).path == f"/courses/{course}"
    assert len(ward.store.list()) == 1


def test_a_form_of_a_course_is_sent_again_by_the_browser_alone(ward: Ward) -> None:
    course = ward.begun()
    page = ward.send(f"/courses/{course}/record/note", ward.typed(course, "note", text=""))
    assert page.status == 422 and 'data-method="GET"' in page.source
    assert 'data-method="POST"' in opened(ward, course).source


def test_a_course_begins_without_a_patient_and_then_the_form_asks(ward: Ward) -> None:
    page = ward.post("/courses", label="Bed 3", by="A. First")
    course = page.path.rpartition("/")[2]
    assert "Enter the patient first" in page.text and "Rate</a>" not in page.source
    form = ward.send("/case", carried(page))
    assert "Patient, measurements, what runs" in form.text and form.hidden("course") == course
    missing = ward.send("/plan", carried(page))
    assert missing.status == 422 and "no case yet" in missing.text


def test_an_answer_and_an_override_on_the_plan_are_entries_and_the_plan_follows(ward: Ward) -> None:
    course = ward.begun("low-pressure")
    page = opened(ward, course)
    assert "no dose is shown" in page.text
    rule = re.search(r'value="override:([a-z-]+)"', page.source)
    assert rule is not None
    sent = carried(page) | {"do": f"override:{rule[1]}", f"reason.{rule[1]}": "norepinephrine holds the pressure"}
    page = ward.send("/plan/change", sent)
    assert ward.kinds(course)[-2:] == ["overridden", "planned"] and "norepinephrine holds" in page.text
    again = opened(ward, course)  # for the same state of the case it is still set aside
    assert "norepinephrine holds" in again.text
    page = ward.send("/plan/change", carried(page) | {"do": f"withdraw:{rule[1]}"})
    assert ward.kinds(course)[-2:] == ["corrected", "planned"] and "no dose is shown" in page.text
    page = ward.send(
        "/plan/change",
        carried(page)
        | {"measurements.0.what": "serum potassium"}
        | {"measurements.0.value": "3.9", "measurements.0.value.unit": "mmol/L", "measurements.0.at": hours_ago(1)},
    )
    assert ward.kinds(course)[-2:] == ["case", "planned"]
    assert "3.9 mmol/L" in json.dumps(case_of(ward, course)["measurements"])


def test_what_others_wrote_is_in_the_next_screen_and_told_there(ward: Ward) -> None:
    course = ward.begun()
    page = opened(ward, course)
    entry = {"of": "milrinone", "start": hours_ago(0.5), "rate": "0.4 mcg/kg/min"}
    record_given(Writer(ward.store, course, "B. Second", 3), entry)
    page = ward.send("/target", carried(page))
    assert "Came meanwhile" in page.text and "Entry 4, by B. Second: milrinone 0.4 mcg/kg/min" in page.text
    assert "0.4 mcg/kg/min" in carried(page)["case"] and carried(page)["seen"] == "4"
    assert "Came meanwhile" not in ward.send("/target", carried(page)).text


def test_a_pump_that_was_set_for_another_bag_is_told_on_every_screen(ward: Ward) -> None:
    course = ward.begun()
    page = ward.get(f"/courses/{course}/record/bag")
    bag = {"preparation.product": "vial", "preparation.concentration": "1", "preparation.concentration.unit": "mg/mL"}
    ward.send(f"/courses/{course}/record/bag", {**page.form(f"/courses/{course}/record/bag"), **bag, "by": "B. Second"})
    shown = ward.get(f"/courses/{course}")
    assert shown.text.index("Look at the pump.") < shown.text.index("RUNS NOW")
    for path in ("/plan", "/print", "/second-check", "/levels"):
        text = ward.send(path, carried(shown)).text
        assert "To know of this course: Look at the pump." in text, path
    again = ward.send("/plan", carried(ward.send("/plan", carried(shown))))
    assert again.text.count("To know of this course: Look at the pump.") == 1


def test_the_case_of_somebody_else_is_not_put_into_a_course(ward: Ward) -> None:
    course = ward.begun()
    page = ward.send("/plan", carried(ward.get(f"/courses/{course}")))
    fields = carried(page)
    other = json.loads(fields["case"])
    other["patient"] = {"born": "1990-01-01", "sex": "female", "weight": "52 kg"}
    before = ward.store.course(course).number
    answer = ward.send("/plan", {**fields, "case": json.dumps(other)})
    assert "This is the case of somebody else: female, born 1990-01-01, 52 kg" in answer.text
    assert ward.store.course(course).number == before


def test_a_supposed_change_says_that_the_plan_above_it_is_older(ward: Ward) -> None:
    course = ward.begun()
    sent = carried(opened(ward, course)) | {"change": "rate", "rate": "0.4"}
    note(Writer(ward.store, course, "B. Second", 3), "Look at him.")
    answer = ward.client.post("/what-if", data=sent, headers={"hx-request": "true"})
    assert answer.status_code == 200 and "Make the plan anew" in answer.text and "Look at him." in answer.text


def test_what_is_wrong_with_a_case_comes_back_in_the_form_of_its_course(ward: Ward) -> None:
    course = ward.begun()
    sent = carried(opened(ward, course))
    wrong = json.loads(sent["case"])
    wrong["patient"]["weight"] = "heavy"
    page = ward.send("/plan", sent | {"case": json.dumps(wrong)})
    assert page.status == 422 and 'value="heavy"' in page.source and page.hidden("course") == course
    assert ward.kinds(course) == ["opened", "case", "planned"]


def test_a_stop_is_set_aside_only_for_the_case_that_was_seen(ward: Ward) -> None:
    course = ward.begun("low-pressure")
    page = opened(ward, course)
    rule = re.search(r'value="override:([a-z-]+)"', page.source)
    assert rule is not None
    note(Writer(ward.store, course, "B. Second", 3), "Norepinephrine is running out.")
    sent = carried(page) | {"do": f"override:{rule[1]}", f"reason.{rule[1]}": "norepinephrine holds the pressure"}
    page = ward.send("/plan/change", sent)
    assert "Norepinephrine is running out" in page.text  # a note changes nothing in the case, and is told


def test_a_level_entered_on_its_screen_is_one_entry_however_often_it_is_sent(ward: Ward) -> None:
    course = ward.begun()
    page = opened(ward, course, "/levels")
    sent = carried(page) | {
        "what": "concentration",
        "value": "212",
        "unit": "ng/mL",
        "at": hours_ago(1),
        "site": "vein",
    }
    for _ in range(2):
        shown = ward.send("/levels/add", sent)
        assert "212 ng/mL" in shown.text
    assert ward.kinds(course).count("level") == 1 and ward.kinds(course).count("case") == 1


def test_two_edits_of_one_value_are_shown_side_by_side_and_somebody_chooses(ward: Ward) -> None:
    course = ward.begun()
    page = opened(ward, course)
    mine = json.loads(carried(page)["case"])
    theirs = json.loads(json.dumps(mine))
    mine["patient"]["weight"], theirs["patient"]["weight"] = "84 kg", "80 kg"
    record_case(Writer(ward.store, course, "B. Second", 3), json.dumps(theirs))
    page = ward.send("/plan", carried(page) | {"case": json.dumps(mine)})
    assert page.status == 422 and "84 kg (yours)" in page.text and "80 kg (in the course)" in page.text
    assert ward.kinds(course)[-1] == "case" and ward.last(course).by == "B. Second"
    sent = page.form(f"/courses/{course}/settle")
    open_ = ward.send(f"/courses/{course}/settle", sent)
    assert open_.status == 422 and "Nothing was chosen for patient.weight" in open_.text
    done = ward.send(f"/courses/{course}/settle", sent | {"keep.patient.weight": "mine"})
    assert done.path == f"/courses/{course}"
    assert case_of(ward, course)["patient"]["weight"] == "84 kg"  # type: ignore[index]


def test_a_look_back_is_no_plan_for_now_and_is_recorded_only_where_it_is_wanted(ward: Ward) -> None:
    course = ward.begun()
    page = ward.get(f"/courses/{course}/as-of?at={hours_ago(0.005).replace('+', '%2B')}&knowing=since")
    assert "Not a plan for now" in page.text and "nobody could know all of it then" in page.text
    assert ward.kinds(course) == ["opened", "case"]
    ward.send(f"/courses/{course}/as-of", page.form(f"/courses/{course}/as-of", last=True) | {"by": "P. Harmacist"})
    assert (ward.last(course).kind, ward.last(course).body["knowing"]) == ("planned", "since")
    for at, says in (("", "Moment"), ("never", "never"), (hours_ago(-2), "lies ahead"), (hours_ago(90), "begins")):
        page = ward.get(f"/courses/{course}/as-of?at={at.replace('+', '%2B')}&knowing=since")
        assert says in page.text and "infusion plan" not in page.text


def test_a_plan_is_made_anew_beside_what_was_shown(ward: Ward) -> None:
    course = ward.begun()
    opened(ward, course)
    page = ward.get(f"/courses/{course}/planned/3")
    assert "SAME" in page.text and "Every value of the plan is the same" in page.text
    assert ward.get(f"/courses/{course}/planned/2").status == 422


def test_the_hand_over_is_one_page_with_the_head_of_the_course(ward: Ward) -> None:
    course = ward.begun()
    note(Writer(ward.store, course, "B. Second", 2), "Family was told.")
    page = ward.get(f"/courses/{course}/handover")
    assert "hand-over, Bed 7" in page.text and "Family was told." in page.text
    assert ward.store.course(course).hash[:8] in page.text


def test_a_closed_course_takes_no_plan_and_is_opened_again(ward: Ward) -> None:
    course = ward.begun()
    own = {"seen": "2", "by": "A. First"}
    assert ward.send(f"/courses/{course}/close", own | {"why": "", "form": "a"}).status == 422
    page = ward.send(f"/courses/{course}/close", own | {"why": "weaned", "form": "a"})
    assert "This course is closed." in page.text and "weaned" in page.text
    assert opened(ward, course).status == 422 and ward.kinds(course)[-1] == "closed"
    ward.send(f"/courses/{course}/reopen", own | {"seen": "3", "why": "came back", "form": "b"})
    assert opened(ward, course).status == 200 and ward.kinds(course)[-1] == "planned"


SOUND = {
    "weight": "82",
    "concentration": "200",
    "concentration-unit": "mcg/mL",
    "pump-rate": "9.2",
    "rate": "0.375",
    "load": "nothing",
}
"""0.375 mcg/kg/min x 82 kg x 60 min/h / 200 mcg/mL = 9.225 mL/h, on his pump 9.2."""

WITHOUT = "the start of the infusion, without the load"


def checked(ward: Ward, course: str, by: str = "A. First") -> str:
    first = opened(ward, course, "/second-check")
    sent = carried(first) | {"form": first.hidden("form"), "setting": WITHOUT, "by": by}
    page = ward.send("/second-check/open", sent)
    assert page.status == 200, page.text
    return page.hidden("code")


def test_two_different_people_agree_and_it_stands_in_the_course(ward: Ward) -> None:
    course = ward.begun("sound-adult")
    code = checked(ward, course)
    sent = SOUND | {"code": code, "form": "one"}
    same = ward.send("/second-check/compare", sent | {"by": "a.  first"})
    assert same.status == 422 and "nobody checks alone" in same.text
    assert ward.send("/second-check/compare", sent | {"by": ""}).status == 422
    assert "confirmed" not in ward.kinds(course)
    done = ward.send("/second-check/compare", sent | {"by": "B. Second"})
    assert "AGREE" in done.text and "stands in the course as entry 3" in done.text
    body = ward.last(course).body
    assert (body["first"], body["second"], body["meant"]["pump rate"]) == ("A. First", "B. Second", "9.2 mL/h")
    ward.send("/second-check/compare", sent | {"by": "B. Second"})
    assert ward.kinds(course).count("confirmed") == 1
    page = ward.get(f"/courses/{course}/correct/3")  # it can be taken back, and nothing put in its place
    assert "It never was: strike it out" in page.text and "It was this instead" not in page.text
    back = {"seen": "3", "form": "back", "by": "A. First", "why": "wrong patient", "do": "strike"}
    assert ward.send(f"/courses/{course}/correct/3", back | {"why": ""}).status == 422
    ward.send(f"/courses/{course}/correct/3", back)
    assert ward.last(course).body == {"of": 3, "why": "wrong patient", "instead": None}
    again = ward.get(f"/courses/{course}/correct/4")  # and the correction itself
    assert again.status == 200 and "strike it out" in again.text


def test_an_agreement_on_a_case_that_has_changed_is_not_recorded_and_not_to_be_set(ward: Ward) -> None:
    course = ward.begun("sound-adult")
    code = checked(ward, course)
    entry = {"of": "milrinone", "start": hours_ago(0.1), "rate": "0.375 mcg/kg/min"}
    record_given(Writer(ward.store, course, "C. Third", 2), entry)
    page = ward.send("/second-check/compare", SOUND | {"code": code, "form": "one", "by": "B. Second"})
    assert "Not recorded, and not to be set" in page.text and "AGREE" not in page.text
    assert "confirmed" not in ward.kinds(course)


@pytest.mark.parametrize("field", [{"course": "none"}, {"seen": "one"}, {"seen": "999"}])
def test_a_page_that_was_changed_on_its_way_is_told_and_writes_nothing(ward: Ward, field: dict[str, str]) -> None:
    course = ward.begun()
    sent = carried(ward.get(f"/courses/{course}")) | {"case": example_of_now("sound-adult")}
    assert ward.send("/plan", sent | field).status == 422
    assert ward.kinds(course) == ["opened", "case"]
