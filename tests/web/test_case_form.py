"""The case form: whatever is pressed nothing typed is lost, and every error stands at its field."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from starlette.testclient import TestClient

from inotrope.patient.examples import examples, read_example
from inotrope.web import Settings, create_app
from inotrope.web.form import read_fields, write_fields

ADULT: dict[str, Any] = json.loads(read_example("sound-adult"))


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """One for all: a case that was planned once is not planned again."""
    with TestClient(create_app(Settings(workers=2)), base_url="http://127.0.0.1:8480") as found:
        yield found


class Fields(HTMLParser):
    """What a browser would send of one form, untouched, and what is said to be wrong where."""

    def __init__(self, page: str, form: str) -> None:
        super().__init__()
        self.form, self.sent, self.ids, self.described = form, dict[str, str](), list[str](), dict[str, str]()
        self._inside, self._select, self._area = False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if "id" in found:
            self.ids.append(found["id"])
        if "aria-describedby" in found and "name" in found:
            self.described[found["name"]] = found["aria-describedby"]
        self._inside = found.get("id") == self.form if tag == "form" else self._inside
        if not self._inside:
            return
        if tag == "input" and found.get("type") not in ("radio", "checkbox", "submit"):
            self.sent[found["name"]] = found.get("value", "")
        if tag == "input" and found.get("type") in ("radio", "checkbox") and "checked" in found:
            self.sent[found["name"]] = found["value"]
        if tag == "select":
            self._select = found["name"]
            self.sent[self._select] = ""
        if tag == "option" and "selected" in found:
            self.sent[self._select] = found["value"]
        if tag == "textarea":
            self._area = found["name"]
            self.sent[self._area] = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.sent[self._area] = self.sent[self._area].removeprefix("\n")
            self._area = ""
        self._inside = self._inside and tag != "form"


def fields(page: str) -> dict[str, str]:
    return Fields(page, "filled").sent


def case_of(values: dict[str, str]) -> dict[str, Any]:
    return read_fields(values).document


@pytest.mark.parametrize("name", examples())
def test_a_form_that_is_sent_as_it_came_is_the_same_case(client: TestClient, name: str) -> None:
    answer = client.post("/case", data={"case": read_example(name)})
    assert answer.status_code == 200
    sent = fields(answer.text)
    assert case_of(sent) == json.loads(read_example(name))
    again = client.post("/case", data=sent)
    assert "Nothing that is written is wrong" in again.text
    assert case_of(fields(again.text)) == json.loads(read_example(name))
    assert client.post("/plan", data=sent).status_code == 200


@pytest.mark.parametrize("name", examples())
def test_every_element_has_its_own_id_and_every_description_exists(client: TestClient, name: str) -> None:
    for path in ("/case", "/plan"):
        found = Fields(client.post(path, data={"case": read_example(name)}).text, "filled")
        assert len(found.ids) == len(set(found.ids))
        assert {part for text in found.described.values() for part in text.split()} <= set(found.ids)


def test_every_part_of_the_long_form_is_one_press_away(client: TestClient) -> None:
    page = client.post("/case", data={"new": "1"}).text
    jumps = page.partition('class="jump"')[2].partition("</p>")[0]
    leads = re.findall(r'href="#([^"]+)"', jumps)
    parts = re.findall(r'<section id="([^"]+)"', page)
    assert leads == [part for part in parts if part != "f-kept"] and len(leads) > 5


def test_a_new_patient_has_the_clock_of_this_computer_and_nothing_else(client: TestClient) -> None:
    sent = fields(client.post("/case", data={"new": "1"}).text)
    assert set(case_of(sent)) == {"drug", "now", "patient"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d", sent["now"])


def test_all_that_is_wrong_is_listed_with_links_and_stands_at_its_field(client: TestClient) -> None:
    values = write_fields(ADULT) | {"patient.weight": "180 lb", "measurements.0.at": "soon", "pump.step": "fine"}
    answer = client.post("/plan", data={"filled": "1", **values})
    assert answer.status_code == 422
    assert "3 things are wrong" in answer.text
    page = Fields(answer.text, "filled")
    listed = answer.text.partition('id="wrong"')[2].partition("</div>")[0]
    links = set(re.findall(r'<a href="#(f-[^"]*)">', listed))
    assert links == {"f-patient-weight", "f-measurements-0-at", "f-pump-step"}
    assert links <= set(page.ids)
    for name in ("patient.weight", "measurements.0.at", "pump.step"):
        assert f"f-{name.replace('.', '-')}-wrong" in page.described[name].split()
        assert page.sent[name] == values[name]


def test_any_screen_that_meets_a_wrong_case_shows_the_form_with_everything_typed(client: TestClient) -> None:
    values = {"filled": "1", **write_fields(ADULT), "medicines": "none\nheparin"}
    answer = client.post("/print", data=values)
    assert answer.status_code == 422
    assert fields(answer.text)["medicines"] == "none\nheparin"
    answer = client.post("/plan", data={"case": json.dumps(ADULT | {"bed": 7})})
    assert answer.status_code == 422
    assert "is not known here" in answer.text
    assert fields(answer.text)["kept"] == '{"bed": 7}'


def test_text_that_is_no_case_can_be_mended_by_hand(client: TestClient) -> None:
    for text in ('{"drug": "<b>"', "[1]", "5"):
        answer = client.post("/case", data={"case": text})
        assert "This cannot be read" in answer.text
        assert f">\n{text}</textarea>" in html.unescape(answer.text)


def test_a_file_is_opened(client: TestClient) -> None:
    sent = {"file": ("case.json", read_example("dialysis").encode(), "application/json")}
    answer = client.post("/case", files=sent)
    assert case_of(fields(answer.text)) == json.loads(read_example("dialysis"))


@pytest.mark.parametrize("content", [b"\xff\xfe", b" "])
def test_a_file_that_is_no_text_is_told(client: TestClient, content: bytes) -> None:
    answer = client.post("/case", files={"file": ("case.json", content, "application/json")})
    assert answer.status_code == 422
    assert "This cannot be read" in answer.text


def test_the_case_is_handed_out_as_it_is(client: TestClient) -> None:
    answer = client.post("/case/file", data={"case": read_example("dialysis")})
    assert answer.text == read_example("dialysis")
    assert "attachment" in answer.headers["content-disposition"]
    filled = client.post("/case/file", data={"filled": "1", **write_fields(ADULT)})
    assert filled.json() == ADULT


def test_buttons_add_and_take_away_rows_and_lose_nothing(client: TestClient) -> None:
    typed = {"filled": "1", "drug": "milrinone", "now": "soon", "patient.weight": "many", "add.events": "bleeding"}
    sent = fields(client.post("/case", data=typed | {"do": "add:events"}).text)
    assert sent["events.0.what"] == "bleeding"
    assert {key: sent[key] for key in ("now", "patient.weight")} == {"now": "soon", "patient.weight": "many"}
    sent = fields(client.post("/case", data=sent | {"do": "check"}).text)
    assert sent["events.0.what"] == "bleeding"
    sent = fields(client.post("/case", data=sent | {"do": "remove:events.0"}).text)
    assert "events.0.what" not in sent
    assert sent["patient.weight"] == "many"


def test_short_times_do_not_move_with_the_time_of_the_plan(client: TestClient) -> None:
    typed = {
        "filled": "1",
        "drug": "milrinone",
        "now": "2026-11-22T08:00:00+01:00",
        "preparation.hung": "yesterday 20:00",
    }
    sent = fields(client.post("/case", data=typed | {"do": "now"}).text)
    assert sent["now"] != typed["now"]
    assert sent["preparation.hung"] == "2026-11-21T20:00:00+01:00"


def test_a_drug_that_is_not_known_is_told_at_its_field(client: TestClient) -> None:
    answer = client.post("/case", data={"filled": "1", **write_fields(ADULT | {"drug": "water"})})
    assert answer.status_code == 422
    assert '<a href="#f-drug">' in answer.text


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a\u202eb", "{{ 7 * 7 }}"]
)
def test_what_is_typed_comes_back_as_text(client: TestClient, typed: str) -> None:
    names = (
        "patient.weight",
        "medicines",
        "indication",
        "conditions.edema",
        "kept",
        "measurements.0.what",
        "lines.0.with",
    )
    answer = client.post("/case", data={"filled": "1", "drug": "milrinone", **dict.fromkeys(names, typed)})
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    sent = fields(answer.text)
    assert {name: sent[name] for name in names} == dict.fromkeys(names, typed)


@pytest.mark.parametrize("at", ["2026-11-22T06:10:00", "2026-11-22 06:10", "06:10", "yesterday 20:00"])
def test_a_time_without_a_zone_in_a_file_is_asked_for_and_never_filled_in(client: TestClient, at: str) -> None:
    creatinine = {"what": "serum creatinine", "value": "1.1 mg/dL", "at": at}
    case = json.dumps(ADULT | {"measurements": [creatinine]}).encode()
    assert client.post("/plan", data={"case": case}).status_code == 422
    opened = client.post("/case", files={"file": ("case.json", case)})
    assert opened.status_code == 422
    saved = json.loads(client.post("/case/file", data=fields(opened.text)).text)
    assert saved["measurements"] == [creatinine]
    for path in ("/plan", "/case"):
        again = client.post(path, data=fields(opened.text))
        assert again.status_code == 422
        assert f'name="measurements.0.at" value="{at}"' in again.text
        assert "f-measurements-0-at-wrong" in again.text
    moved = client.post(
        "/case", data=fields(opened.text) | {"do": "now"}
    )  # another time of the plan guesses none either
    assert f'name="measurements.0.at" value="{at}"' in moved.text
    typed = client.post("/plan", data=fields(opened.text) | {"measurements.0.at": "06:11"})
    assert typed.status_code == 200 and "2026-11-22T06:11:00+01:00" in html.unescape(typed.text)
