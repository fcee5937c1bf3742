"""What is typed into a screen that asks something beside the case is asked about, shown again, and never dropped."""

from __future__ import annotations

import html
import re

import pytest
from starlette.testclient import TestClient

from inotrope.patient.examples import read_example
from inotrope.web.drawing import SCREENS
from inotrope.web.inquiries import INQUIRIES, not_asked, typed_in
from tests.web.test_pending import case_of, fields

SOUND = read_example("sound-adult")
TYPED = {
    "/plan": {"rate": "0.5"},
    "/what-if": {"pause": "2", "pause-after": "1"},
    "/target": {"concentration": "100-300 ng/mL"},
    "/circulation": {"typical": "decompensated_heart_failure"},
    "/order": {"order": "milrinone 0.5 mcg/kg/min <b>now</b>"},
    "/dose": {"weight": "82", "rate": "0.5"},
}
FORM = {"/plan": "work", "/dose": "convert"}
AWAY = [*(screen.path for screen in SCREENS), "/print", "/case/file"]
NOT_ASKED = "Typed, and not asked yet"


def shown(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def answered(page: str) -> dict[str, str]:
    found = re.findall(r'name="answered\.([^"]*)" value="([^"]*)"', page)
    return {name: html.unescape(text) for name, text in found}


def test_every_box_of_the_law_is_tried_here() -> None:
    assert set(TYPED) == set(INQUIRIES)


@pytest.mark.parametrize("stands", TYPED)
@pytest.mark.hazard("answer-lost-on-the-way")
def test_what_was_not_asked_opens_no_other_page_and_is_told_with_its_box(client: TestClient, stands: str) -> None:
    for path in AWAY:
        if path in (stands, "/plan" if stands == "/what-if" else ""):
            continue
        page = client.post(path, data={"case": SOUND, "boxes": stands, **TYPED[stands]}).text
        assert NOT_ASKED in page and "Nothing was opened" in page
        assert fields(page, "typed") == {"case": SOUND, "boxes": stands, **TYPED[stands]}
        for text in TYPED[stands].values():
            assert text.replace("_", " ") in shown(page)
        for name in TYPED[stands]:
            label = next(item.boxes[name] for item in INQUIRIES[stands] if name in item.boxes)
            assert f"{label}: " in shown(page)
        assert f'formaction="{stands}">Back to where it was typed' in page
        assert "<b>now</b>" not in page


@pytest.mark.parametrize("stands", TYPED)
def test_back_to_where_it_was_typed_it_stands_there(client: TestClient, stands: str) -> None:
    unseen = {"convert": "1"} if stands == "/dose" else {}
    for do in ("back", "keep"):
        page = client.post(stands, data={"case": SOUND, "boxes": stands, **TYPED[stands], **unseen, "do": do}).text
        for name, text in TYPED[stands].items():
            kept = fields(page, FORM.get(stands, "asking")) | _chosen(page)
            inputs = dict(re.findall(r'<input id="([^"]*)"[^>]*? value="([^"]*)"', page))
            assert html.unescape(inputs.get(name, kept.get(name, ""))).strip() == text


def _chosen(page: str) -> dict[str, str]:
    """Return what is chosen in the list of hearts, and what stands in the box of an order."""
    heart = re.search(r'<option value="(\w+)" selected>', page)
    order = re.search(r'<textarea id="order"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {"typical": heart[1] if heart else "", "order": html.unescape(order[1]) if order else ""}


@pytest.mark.parametrize(
    ("stands", "pressed"),
    [
        ("/what-if", {"change": "pause"}),
        ("/target", {"search": "yes"}),
        ("/circulation", {}),
        ("/order", {"check": "yes"}),
        ("/dose", {"convert": "yes"}),
    ],
)
def test_what_was_asked_leads_on_without_a_word(client: TestClient, stands: str, pressed: dict[str, str]) -> None:
    typed = TYPED[stands] | ({"order": "milrinone 0.5 mcg/kg/min, 82 kg"} if stands == "/order" else {})
    typed |= (
        {"concentration": "200", "concentration.unit": "mcg/mL", "rate.unit": "mcg/kg/min"} if stands == "/dose" else {}
    )
    typed |= {"weight.unit": "kg"} if stands == "/dose" else {}
    asked = client.post(stands, data={"case": SOUND, "boxes": stands, **typed, **pressed})
    assert asked.status_code == 200
    known = answered(asked.text)
    assert all(known[name] == text for name, text in typed.items() if name in known) and len(known) >= 1
    sent = {f"answered.{name}": text for name, text in known.items()}
    onward = client.post("/drug", data={"case": SOUND, "boxes": stands, **typed, **sent})
    assert NOT_ASKED not in onward.text
    changed = typed | {next(name for name in typed if name in known): "7"}
    assert NOT_ASKED in client.post("/drug", data={"case": SOUND, "boxes": stands, **changed, **sent}).text


@pytest.mark.parametrize("stands", ["/what-if", "/target", "/circulation", "/order"])
def test_shown_again_the_page_has_the_answer_that_it_had_and_what_was_typed_since(
    client: TestClient, stands: str
) -> None:
    before = {
        "/what-if": {"pause": "2", "pause-after": "", "change": "pause"},
        "/target": {"concentration": "100-300 ng/mL", "penalty": "", "hours": "", "result_after": ""},
        "/circulation": {"regimen": "0.5 mcg/kg/min for 24 h", "typical": ""},
        "/order": {"order": "milrinone 0.5 mcg/kg/min, 82 kg"},
    }[stands]
    typed = dict.fromkeys(list(before)[:1], "later")
    sent = {f"answered.{name}": text for name, text in before.items()} | typed
    page = client.post(stands, data={"case": SOUND, "boxes": stands, **sent, "do": "keep"})
    assert page.status_code == 200 and "later" in page.text
    assert answered(page.text) == before
    says = {"/what-if": "WHAT IF: pause 2 h", "/target": "100 to 300 ng/mL", "/circulation": "before and during"}
    assert says.get(stands, "82 kg") in shown(page.text)


def test_on_the_plan_what_if_stays_typed_while_answers_are_put_in_and_its_answer_comes_again(
    client: TestClient,
) -> None:
    little = read_example("almost-nothing-known")
    sent = {"case": SOUND, "boxes": "/plan", "rate": "0.5", "answered.rate": "0.5", "answered.change": "rate"}
    again = client.post("/plan", data={**sent, "do": "keep"}).text
    assert "WHAT IF: rate 0.5 mcg/kg/min" in shown(again) and 'name="rate" type="text"' in again
    anew = client.post("/plan/change", data={**sent, "answer": "conditions.edema=absent"}).text
    assert 'value="0.5"' in anew and answered(anew)["rate"] == "0.5" and "WHAT IF: rate" not in shown(anew)
    part = client.post("/what-if", data={**sent, "change": "rate"}, headers={"hx-request": "true"}).text
    assert 'name="answered.rate" value="0.5" form="work"' in part
    wrong = client.post("/plan", data={"case": little, "boxes": "/plan", "rate": "0.5", "allergies": "penicillin"})
    assert "Typed, and not in the case yet" in wrong.text  # its box is shown with what was typed
    both = client.post("/print", data={"case": SOUND, "boxes": "/plan", "rate": "0.5", "allergies": "latex"}).text
    assert "Put it in, leave the rest out, and go on: Print the plan" in both and "Show this rate" in both


def test_a_change_is_asked_from_the_plan_although_a_question_is_half_answered(client: TestClient) -> None:
    sent = {"case": SOUND, "boxes": "/plan", "rate": "0.5", "patient.height": "tall", "change": "rate"}
    part = client.post("/what-if", data=sent, headers={"hx-request": "true"})
    assert part.status_code == 200 and "WHAT IF: rate 0.5 mcg/kg/min" in shown(part.text)
    assert case_of(client.post("/plan", data={"case": SOUND}).text)["drug"] == "milrinone"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"rate": "0.5"}, "WHAT IF: rate 0.5 mcg/kg/min"),
        ({"pause-after": "1", "pause": "2"}, "WHAT IF: pause 2 h after 1 h"),
        ({"pause": "2", "answered.pause": "2"}, "WHAT IF: pause 2 h"),
        ({"pause": "2", "answered.pause": "2", "rate": "0.5"}, "WHAT IF: rate 0.5 mcg/kg/min"),
        ({"pause": "2", "rate": "0.5"}, "More than one thing is typed"),
        ({}, "Nothing is written"),
    ],
)
def test_without_scripts_the_enter_key_asks_what_alone_is_typed(
    client: TestClient, typed: dict[str, str], says: str
) -> None:
    page = client.post("/what-if", data={"case": SOUND, "boxes": "/what-if", "change": "enter", **typed}).text
    assert says in shown(page)
    for name, text in typed.items():
        assert f'name="{name}"' in page and f'value="{text}"' in page


def test_left_out_it_is_left_out_because_somebody_said_so(client: TestClient) -> None:
    page = client.post("/plan", data={"case": SOUND, "boxes": "/what-if", "rate": "0.5", "do": "leave"}).text
    assert NOT_ASKED not in page and 'value="0.5"' not in page


def test_a_screen_that_is_none_has_no_boxes() -> None:
    assert not_asked({"boxes": "/elsewhere", "rate": "0.5"}, "/target") == ()
    assert set(typed_in({"boxes": "/dose", "concentration": "200"}, "/target").values()) == {""}
