"""The plan's page: every finding and question stands on it, an answer changes it at once, a stop needs a reason."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from starlette.testclient import TestClient

from inotrope.display import Sheet, plan_sheet
from inotrope.display.findings_sheet import numbered
from inotrope.patient import read_case
from inotrope.patient.examples import examples, read_example
from inotrope.plan import Plan, make_plan
from inotrope.web import Settings, create_app
from inotrope.web.grouping import Check, checks_of
from inotrope.web.pages.plan import BEHIND, LEVELS, OWN
from inotrope.web.questions import questions_of


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """One for all: a case that was planned once is not planned again."""
    with TestClient(create_app(Settings(workers=2)), base_url="http://127.0.0.1:8480") as found:
        yield found


LITTLE = read_example("almost-nothing-known")


def planned(case: str) -> Plan:
    return make_plan(read_case(case.encode()), forecast=False)


@cache
def sheet_of(name: str) -> Sheet:
    return plan_sheet(make_plan(read_case(read_example(name).encode())))


def carried(page: str) -> dict[str, Any]:
    found = re.search(r'<form id="carry"[^>]*>\s*<input type="hidden" name="case" value="([^"]*)">', page)
    assert found is not None
    document: dict[str, Any] = json.loads(html.unescape(found[1]))
    return document


def text_of(page: str) -> str:
    whole = re.sub(r"</?(?:span|code|b)[^>]*>", "", page)  # which stand inside a sentence
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", whole)).split())


def rules_of(checks: tuple[Check, ...]) -> list[str]:
    return [rule for check in checks for rule in (check.rule, *rules_of(check.also))]


@pytest.mark.parametrize("name", examples())
def test_every_finding_stands_once_and_every_sentence_of_it_is_shown(client: TestClient, name: str) -> None:
    plan = planned(read_example(name))
    groups = checks_of(plan)
    assert sorted(rule for group in groups for rule in rules_of(group.checks)) == sorted(
        item.rule for item in plan.findings
    )
    page = text_of(client.post("/plan", data={"case": read_example(name)}).text)
    for finding in plan.findings:
        assert finding.title in page
        if finding.state == "fires":
            assert " ".join(finding.says.split()) in page
        assert " ".join(finding.evidence.get("evidence", "").split()) in page


@pytest.mark.parametrize("name", examples())
def test_every_part_of_the_sheet_is_on_the_page_and_every_question(client: TestClient, name: str) -> None:
    plan = planned(read_example(name))
    page = text_of(client.post("/plan", data={"case": read_example(name)}).text)
    sheet = sheet_of(name)
    assert all(section.title in page for section in sheet.sections if section.title not in OWN)
    for question in numbered(plan.missing):
        assert " ".join(question.asks.split()) in page


def test_the_parts_that_are_set_apart_exist() -> None:
    titles = {section.title for name in examples() for section in sheet_of(name).sections}
    assert titles >= {*LEVELS, *BEHIND, *OWN} - {"This site"}


@pytest.mark.parametrize("name", examples())
def test_every_question_has_something_to_answer_it_with(name: str) -> None:
    for item in questions_of(planned(read_example(name)), {}):
        for reply in item.replies:
            assert reply.condition or reply.rows or reply.boxes or reply.nothing or reply.see


def test_an_answer_changes_the_case_in_the_page_and_the_plan(client: TestClient) -> None:
    page = client.post("/plan/change", data={"case": LITTLE, "answer": "support.none=yes"})
    assert page.status_code == 200
    assert carried(page.text) == json.loads(LITTLE) | {"support": []}
    assert "Is the patient on CRRT" not in page.text
    assert "the plan was made anew" in page.text


def test_several_answers_go_in_together(client: TestClient) -> None:
    typed = {"pump.step": "0.1", "pump.step.unit": "mL/h", "medicines": "heparin", "answer": "conditions.edema=absent"}
    case = carried(client.post("/plan/change", data={"case": LITTLE, **typed}).text)
    assert case["pump"] == {"step": "0.1 mL/h"}
    assert case["medicines"] == ["heparin"]
    assert case["conditions"]["edema"] == "absent"


def test_an_answer_that_is_wrong_stays_typed_and_the_case_as_it_was(client: TestClient) -> None:
    typed = {"patient.height": "tall", "pump.step": "0.1", "pump.step.unit": "mL/h"}
    answer = client.post("/plan/change", data={"case": LITTLE, **typed})
    assert answer.status_code == 422
    assert carried(answer.text) == json.loads(LITTLE)
    assert "Not put into the case" in answer.text
    assert 'name="pump.step" value="0.1"' in answer.text


def test_an_answer_of_nothing_is_told(client: TestClient) -> None:
    answer = client.post("/plan/change", data={"case": LITTLE})
    assert answer.status_code == 422
    assert "Nothing was typed" in answer.text


def test_a_stop_is_set_aside_with_a_reason_and_the_reason_stands_on_everything(client: TestClient) -> None:
    case = read_example("severe-aortic-stenosis")
    plan = planned(case)
    (rule,) = [item.rule for item in plan.findings if item.severity == "stop"]
    short = client.post("/plan/change", data={"case": case, "do": f"override:{rule}", f"reason.{rule}": "ok"})
    assert short.status_code == 422
    assert f'name="reason.{rule}" value="ok"' in short.text
    assert "Maintenance" not in short.text
    reason = "bridge to valve surgery tonight, Dr. Adams"
    done = client.post("/plan/change", data={"case": case, "do": f"override:{rule}", f"reason.{rule}": reason})
    assert done.status_code == 200
    assert "Maintenance" in done.text
    assert f'<input type="hidden" name="override.{rule}" value="{reason}">' in done.text
    assert reason in client.post("/print", data={"case": case, f"override.{rule}": reason}).text
    back = client.post("/plan/change", data={"case": case, f"override.{rule}": reason, "do": f"withdraw:{rule}"})
    assert "Maintenance" not in back.text
    assert reason not in back.text


def test_a_kidney_function_is_assumed_and_taken_back(client: TestClient) -> None:
    case = read_example("no-creatinine")
    wrong = client.post("/plan/change", data={"case": case, "do": "assume", "assume": "60 kg"})
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text
    done = client.post("/plan/change", data={"case": case, "do": "assume", "assume": "60 mL/min/1.73 m2"})
    assert "ASSUMED, not measured" in done.text
    assert '<input type="hidden" name="assume_kidney" value="60 mL/min/1.73 m2">' in done.text
    back = client.post(
        "/plan/change", data={"case": case, "assume_kidney": "60 mL/min/1.73 m2", "do": "withdraw:assume"}
    )
    assert "ASSUMED, not measured" not in back.text


@pytest.mark.parametrize("name", examples())
def test_what_is_printed_holds_the_whole_sheet(client: TestClient, name: str) -> None:
    page = text_of(client.post("/print", data={"case": read_example(name)}).text)
    sheet = sheet_of(name)
    assert all(section.title in page for section in sheet.sections)
    assert "Second check by" in page


def test_enter_in_a_box_never_answers_a_question(client: TestClient) -> None:
    """A browser then presses the first button that belongs to the form: it only takes in what is typed."""
    page = client.post("/plan", data={"case": LITTLE}).text
    first = next(button for button in re.findall(r"<button[^>]*>", page) if 'form="work"' in button)
    assert 'name="do" value="enter"' in first


def test_enter_does_what_stands_beside_the_box(client: TestClient) -> None:
    bare = {key: content for key, content in json.loads(read_example("low-pressure")).items() if key != "medicines"}
    case = json.dumps(bare | {"conditions": {}})
    (rule, *_) = re.findall(r'value="override:([^"]*)"', client.post("/plan", data={"case": case}).text)
    alone = {f"reason.{rule}": "the intensivist decided at the bedside", "do": "enter"}
    assert "WITH A STOP SET ASIDE" in client.post("/plan/change", data={"case": case, **alone}).text
    both = client.post("/plan/change", data={"case": case, **alone, "medicines": "heparin"})
    assert both.status_code == 422
    assert "does not say which one is meant" in both.text and "heparin" in both.text
    assert carried(both.text) == json.loads(case)
    typed = client.post("/plan/change", data={"case": case, "medicines": "heparin", "do": "enter"})
    assert carried(typed.text)["medicines"] == ["heparin"]
    assumed = client.post(
        "/plan/change",
        data={"case": read_example("no-creatinine"), "assume": "60 mL/min/1.73 m2", "do": "enter"},
    )
    assert "ASSUMED, not measured" in assumed.text


def test_what_is_typed_where_the_plan_no_longer_asks_is_told(client: TestClient) -> None:
    case = read_example("low-pressure")
    (rule, *_) = re.findall(r'value="override:([^"]*)"', client.post("/plan", data={"case": case}).text)
    reason = {f"reason.{rule}": "the intensivist decided at the bedside", "do": f"override:{rule}"}
    page = client.post("/plan/change", data={"case": case, **reason, "pump.step": "0.1", "reason.other": "why"}).text
    assert "WITH A STOP SET ASIDE" in page
    told = text_of(page.partition("Typed, and not asked for any more.")[2].partition("</div>")[0])
    assert "pump.step: 0.1" in told and "reason.other: why" in told
