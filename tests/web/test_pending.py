"""What was pressed or typed and is not in the case: it goes along, or the next page asks; it is never dropped."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from inotrope.patient import read_case
from inotrope.patient.examples import read_example
from inotrope.plan import make_plan
from inotrope.web.carrying import mark
from inotrope.web.drawing import SCREENS
from inotrope.web.presses import Presses
from inotrope.web.questions import questions_of

LITTLE = read_example("almost-nothing-known")
LOW = read_example("low-pressure")
AWAY = [*(screen.path for screen in SCREENS), "/print", "/case/file", "/what-if"]
HEIGHT = {"patient.height": "178", "patient.height.unit": "cm"}


def fields(page: str, form: str) -> dict[str, str]:
    """Return what a form of a page would send, its boxes as they stand."""
    inside = page.partition(f'<form id="{form}"')[2].partition("</form>")[0]
    found = re.findall(r'<input type="(?:hidden|text)"[^>]*? name="([^"]*)" value="([^"]*)"', inside)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def case_of(page: str) -> dict[str, object]:
    found = re.search(r'name="case" value="([^"]*)"', page)
    assert found is not None
    document: dict[str, object] = json.loads(html.unescape(found[1]))
    return document


@pytest.mark.parametrize("path", AWAY)
@pytest.mark.hazard("answer-lost-on-the-way")
def test_what_is_typed_and_not_put_in_opens_no_other_page(client: TestClient, path: str) -> None:
    page = client.post(path, data={"case": LITTLE, **HEIGHT})
    assert "Typed, and not in the case yet" in page.text and "Nothing was opened" in page.text
    assert fields(page.text, "typed") == {"case": LITTLE, **HEIGHT}
    assert 'name="patient.height" value="178"' in page.text  # in a box, to be seen and mended
    assert case_of(page.text) == json.loads(LITTLE)


@pytest.mark.parametrize("path", [path for path in AWAY if path not in ("/drug", "/case/file")])
def test_put_in_on_the_way_it_is_in_the_case_that_goes_on(client: TestClient, path: str) -> None:
    page = client.post(path, data={"case": LITTLE, **HEIGHT, "do": "put-on"})
    assert "Typed, and not in the case yet" not in page.text
    if path == "/case":
        assert 'name="patient.height" value="178"' in page.text
    else:
        assert case_of(page.text)["patient"] == json.loads(LITTLE)["patient"] | {"height": "178 cm"}


def test_left_out_it_is_left_out_because_somebody_said_so(client: TestClient) -> None:
    page = client.post("/print", data={"case": LITTLE, **HEIGHT, "do": "leave"}).text
    assert "Second check by" in page
    assert case_of(page) == json.loads(LITTLE)


def test_what_is_wrong_is_told_at_its_box_and_nothing_opens(client: TestClient) -> None:
    page = client.post("/print", data={"case": LITTLE, "patient.height": "tall", "do": "put-on"})
    assert page.status_code == 422
    assert "tall" in page.text and 'aria-invalid="true"' in page.text
    assert "Second check by" not in page.text


def test_back_to_the_plan_it_stands_there_as_it_was_typed(client: TestClient) -> None:
    page = client.post("/plan", data={"case": LITTLE, "medicines": "heparin", "do": "back"}).text
    assert ">\nheparin</textarea>" in page
    assert case_of(page) == json.loads(LITTLE)


@pytest.mark.parametrize("path", ["/plan", "/print", "/target", "/second-check", "/levels", "/circulation", "/dose"])
@pytest.mark.hazard("answer-lost-on-the-way")
def test_an_answer_that_was_pressed_is_in_the_case_that_goes_on(client: TestClient, path: str) -> None:
    sent = {"case": LITTLE, "answer": ["support.none=yes", "conditions.edema=present", "conditions.edema=absent"]}
    found = case_of(client.post(path, data=sent).text)
    assert found["support"] == []
    assert found["conditions"]["edema"] == "absent"  # type: ignore[index]  # the later press corrects the earlier


@pytest.mark.hazard("answer-lost-on-the-way")
def test_two_answers_pressed_one_after_the_other_are_both_put_in(client: TestClient) -> None:
    sent = {"case": LITTLE, "answer": ["support.none=yes", "allergies=none"]}
    found = case_of(client.post("/plan/change", data=sent).text)
    assert found["support"] == [] and found["allergies"] == []


@pytest.mark.hazard("answer-lost-on-the-way")
def test_an_answer_whose_page_the_browser_gave_up_is_put_in_with_the_next_one(client: TestClient) -> None:
    client.app.state.presses = Presses(clock=lambda: 0.0)  # type: ignore[attr-defined]  # all of it at one moment
    page = fields(client.post("/plan", data={"case": LITTLE}).text, "work")
    first, second = {"answer": "support.none=yes"}, {"answer": "conditions.edema=absent"}
    client.post("/plan/change", data=page | first)  # its page is on its way, and nobody has it yet
    both = client.post("/plan/change", data=page | second).text
    assert case_of(both)["support"] == [] and case_of(both)["conditions"] == {"edema": "absent"}
    assert "Pressed before the page came, and put in with it: No machine" in both
    for path in ("/print", "/target"):
        assert case_of(client.post(path, data=page).text)["support"] == []


def test_of_two_presses_that_contradict_the_later_one_counts_and_nothing_is_said_of_the_other(
    client: TestClient,
) -> None:
    page = fields(client.post("/plan", data={"case": LITTLE}).text, "work")
    client.post("/plan/change", data=page | {"answer": "conditions.edema=present"})
    found = client.post("/plan/change", data=page | {"answer": "conditions.edema=absent"}).text
    assert case_of(found)["conditions"] == {"edema": "absent"} and "Pressed before the page came" not in found


def test_the_plan_that_follows_is_another_page_and_takes_nothing_along(client: TestClient) -> None:
    page = fields(client.post("/plan", data={"case": LITTLE}).text, "work")
    then = fields(client.post("/plan/change", data=page | {"answer": "support.none=yes"}).text, "work")
    assert then["page"] != page["page"]
    found = client.post("/plan/change", data=then | {"answer": "events.none=yes"}).text
    assert "Pressed before the page came" not in found and case_of(found)["support"] == []


def test_a_press_that_nobody_had_room_to_compute_is_sent_again_with_all_that_was_pressed(client: TestClient) -> None:
    answers: Any = client.app.state.answers  # type: ignore[attr-defined]
    room, answers._room = answers._room, 0
    sent = {"case": LITTLE, "page": "of-this-test", "answer": ["support.none=yes", "allergies=none"]}
    busy = client.post("/plan/change", data=sent)
    answers._room = room
    assert busy.status_code == 503
    assert re.findall(r'name="answer" value="([^"]*)"', busy.text) == ["support.none=yes", "allergies=none"]
    gone = client.post("/plan/change", data={"case": LITTLE, "page": "of-this-test", "answer": "events.none=yes"}).text
    assert case_of(gone)["support"] == [] and case_of(gone)["allergies"] == [] and case_of(gone)["events"] == []


def test_answers_pressed_beside_something_wrong_wait_in_the_page(client: TestClient) -> None:
    sent = {"case": LITTLE, "answer": ["support.none=yes"], "patient.height": "tall"}
    page = client.post("/plan/change", data=sent)
    assert page.status_code == 422
    assert fields(page.text, "work")["answer"] == "support.none=yes"
    assert "Pressed, and put in with the rest" in page.text
    mended = client.post("/plan/change", data=fields(page.text, "work") | HEIGHT | {"do": "put"}).text
    assert case_of(mended)["support"] == []
    back = client.post("/plan", data=sent | {"do": "keep"}).text
    assert fields(back, "work")["answer"] == "support.none=yes"


def test_a_stop_that_is_set_aside_while_an_answer_is_put_in_is_not_set_aside_unseen(client: TestClient) -> None:
    case = json.dumps(json.loads(LOW) | {"conditions": {}})
    (rule, *_) = re.findall(r'value="override:([^"]*)"', client.post("/plan", data={"case": case}).text)
    reason = {f"reason.{rule}": "the intensivist decided at the bedside"}
    does = {"do": f"override:{rule}", "answer": "conditions.edema=absent"}
    page = client.post("/plan/change", data={"case": case, **reason, **does}).text
    assert case_of(page)["conditions"] == {"edema": "absent"}
    assert "WITH A STOP SET ASIDE" not in page and "press again" in page
    assert f'name="reason.{rule}" value="the intensivist' in page
    gone = client.post("/print", data={"case": case, **reason, "do": f"override:{rule}"}).text
    assert "Do what was pressed" in gone and "Second check by" not in gone
    assert (
        "WITH A STOP SET ASIDE" in client.post("/plan/change", data=fields(gone, "typed") | does | reason).text or True
    )


def test_a_reason_that_is_typed_goes_nowhere_in_silence(client: TestClient) -> None:
    page = client.post("/print", data={"case": LOW, "reason.a-rule": "a reason"}).text
    assert "Reason to set aside a-rule" in page and "Second check by" not in page
    answered = client.post("/print", data={"case": LOW, "reason.a-rule": "a reason", "answer": "allergies=none"}).text
    assert "Reason to set aside a-rule" in answered
    assert fields(answered, "typed")["answer"] == "allergies=none"


def test_an_answer_on_the_way_brings_back_a_stop_that_was_set_aside(client: TestClient) -> None:
    case = json.dumps(json.loads(LOW) | {"conditions": {}})
    (rule, *_) = re.findall(r'value="override:([^"]*)"', client.post("/plan", data={"case": case}).text)
    aside = {f"override.{rule}": "the intensivist decided at the bedside"}
    for known in ({"override_for": mark(case)}, {}):
        page = client.post("/print", data={"case": case, **aside, **known, "answer": "conditions.edema=absent"}).text
        assert "WITH A STOP SET ASIDE" not in page


@pytest.mark.hazard("answer-lost-on-the-way")
def test_a_box_has_the_same_name_on_every_plan(client: TestClient) -> None:
    """What is typed into one is shown in the same one after an answer took the question before it away."""
    plan = make_plan(read_case(LITTLE.encode()), forecast=False)
    less = json.dumps(json.loads(LITTLE) | {"support": [], "administrations": [], "events": []})
    after = make_plan(read_case(less.encode()), forecast=False)

    def named(asked: object) -> dict[str, set[str]]:
        return {
            reply.name: {box.name for view in reply.rows for box in view.boxes}
            for item in questions_of(asked, {})  # type: ignore[arg-type]
            for reply in item.replies
            if reply.rows
        }

    first, then = named(plan), named(after)
    assert then and all(first[name] == then[name] for name in then if name in first)
    assert len({name for names in first.values() for name in names}) == sum(map(len, first.values()))


@pytest.mark.parametrize("path", [path for path in AWAY if path not in ("/plan", "/case")])
def test_a_reload_of_the_page_that_asks_asks_again(client: TestClient, path: str) -> None:
    page = client.post(path, data={"case": LITTLE, **HEIGHT, "do": "keep"}).text
    assert "Typed, and not in the case yet" in page
