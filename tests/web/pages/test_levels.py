"""Levels on a screen: entered into the case that the page carries, and fitted beside the typical patient."""

from __future__ import annotations

import json
import re

import pytest

from inotrope.patient.examples import read_example
from inotrope.web.pages.levels import FOLDED
from tests.web.pages.conftest import Ward

RUNNING = "running-since-yesterday"
LEVEL = {"what": "concentration", "value": "212", "unit": "ng/mL", "at": "06:00", "site": "arterial line"}


def test_a_measured_level_is_fitted_and_drawn_against_the_typical_patient(ward: Ward) -> None:
    page = ward.post("/levels", "measured-level")
    assert page.status == 200 and "FITTED" in page.text
    assert "this patient against the typical one" in page.text and "412 ng/mL" in page.text
    assert "These numbers as a table" in page.text and page.case == read_example("measured-level")


def test_without_a_level_the_models_say_what_they_expect(ward: Ward) -> None:
    assert "NOTHING TO FIT" in ward.post("/levels", RUNNING).text


def test_a_level_that_is_entered_stands_in_the_case_and_is_fitted_at_once(ward: Ward) -> None:
    page = ward.post("/levels/add", RUNNING, **LEVEL)
    assert page.status == 200 and "FITTED" in page.text and "Entered: concentration 212 ng/mL at 06:00" in page.text
    before, after = (json.loads(text)["measurements"] for text in (read_example(RUNNING), page.case))
    assert after[: len(before)] == before
    assert after[len(before) :] == [
        {"what": "concentration", "of": "milrinone", "value": "212 ng/mL", "at": "2026-11-22T06:00:00+01:00",
         "site": "arterial line"}
    ]  # fmt: skip


def test_a_level_below_what_can_be_measured_is_one(ward: Ward) -> None:
    page = ward.post("/levels/add", RUNNING, **(LEVEL | {"value": "<20"}))
    assert page.status == 200 and json.loads(page.case)["measurements"][-1]["value"] == "<20 ng/mL"


def test_a_reading_is_chosen_with_its_unit(ward: Ward) -> None:
    page = ward.post("/levels/add", RUNNING, what="mean arterial pressure|mmHg", value="58", at="07:55")
    assert json.loads(page.case)["measurements"][-1] == {
        "what": "mean arterial pressure", "value": "58 mmHg", "at": "2026-11-22T07:55:00+01:00"
    }  # fmt: skip
    assert "Entered: mean arterial pressure 58 mmHg at 07:55" in page.text
    wrong = ward.post("/levels/add", RUNNING, what="serum creatinine|umol/L", value="90 mg/dL", at="07:00")
    assert wrong.status == 422 and 'href="#reading-value"' in wrong.source
    assert 'value="serum creatinine|umol/L" selected' in wrong.source
    assert wrong.case == read_example(RUNNING)  # nothing is in the case that could not be read


def test_a_unit_that_is_not_chosen_is_not_guessed(ward: Ward) -> None:
    page = ward.post("/levels/add", RUNNING, what="serum creatinine", value="90", at="07:00")
    assert page.status == 422 and "has no unit" in page.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"value": "much"}, "value"),
        ({"value": ""}, "value"),
        ({"unit": ""}, "unit"),
        ({"at": ""}, "at"),
        ({"at": "2026-12-24 06:00"}, "at"),
        ({"at": "soon"}, "at"),
        ({"value": "<script>alert(1)</script>"}, "value"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(
    ward: Ward, change: dict[str, str], field: str
) -> None:
    page = ward.post("/levels/add", RUNNING, **(LEVEL | change))
    assert page.status == 422 and f'href="#{field}"' in page.source and f'id="{field}-problem"' in page.source
    assert 'value="arterial line"' in page.source and page.case == read_example(RUNNING)
    assert "<script>alert" not in page.source


def test_nothing_chosen_is_asked_for(ward: Ward) -> None:
    page = ward.post("/levels/add", RUNNING, what="", value="3")
    assert page.status == 422 and "Nothing was chosen" in page.text and 'id="reading-what-problem"' in page.source


def test_a_missing_unit_is_told_beside_what_else_is_wrong(ward: Ward) -> None:
    page = ward.post("/levels/add", RUNNING, **(LEVEL | {"unit": "", "at": "soon"}))
    assert 'href="#unit"' in page.source and 'href="#at"' in page.source


def test_what_it_stands_on_is_folded_and_the_answer_is_not(ward: Ward) -> None:
    page = ward.post("/levels", "measured-level")
    titles = re.findall(r"<summary><h2[^>]*>([^<]*)</h2></summary>", page.source)
    assert titles == list(FOLDED)


@pytest.mark.parametrize("path", ["/levels", "/levels/add"])
@pytest.mark.parametrize("case", ['{"drug": "milrinone"}', "{", "[]", "\0", "[" * 100_000])
def test_a_case_that_cannot_be_read_is_mended_on_its_own_form(ward: Ward, path: str, case: str) -> None:
    page = ward.post(path, case=case, **LEVEL)
    assert page.status == 422 and "Levels and fit - Inotrope" not in page.text


def test_what_is_typed_beside_the_entry_that_is_pressed_stays_typed(ward: Ward) -> None:
    other = {"reading-what": "mean arterial pressure|mmHg", "reading-value": "58", "reading-at": "07:55"}
    page = ward.post("/levels/add", RUNNING, **LEVEL, **other)
    assert page.status == 200 and json.loads(page.case)["measurements"][-1]["value"] == "212 ng/mL"
    assert 'name="reading-value" type="text" inputmode="text" value="58"' in page.source
    assert 'value="212"' not in page.source
    page = ward.post("/levels/add", RUNNING, **(LEVEL | {"what": "reading"}), **other)
    assert json.loads(page.case)["measurements"][-1]["value"] == "58 mmHg" and 'value="212"' in page.source


def test_enter_without_scripts_enters_what_is_typed(ward: Ward) -> None:
    page = ward.post("/levels/add", RUNNING, **(LEVEL | {"what": "enter"}))
    assert json.loads(page.case)["measurements"][-1]["value"] == "212 ng/mL"
    reading = {"reading-what": "mean arterial pressure|mmHg", "reading-value": "58", "reading-at": "07:55"}
    page = ward.post("/levels/add", RUNNING, what="enter", **reading)
    assert json.loads(page.case)["measurements"][-1]["value"] == "58 mmHg"


def test_a_level_that_is_typed_and_not_entered_opens_no_other_screen(ward: Ward) -> None:
    typed = {name: text for name, text in LEVEL.items() if name != "what"} | {"entry": "milrinone"}
    typed |= {"reading-what": "mean arterial pressure|mmHg", "reading-value": "58", "reading-at": "07:55"}
    page = ward.post("/plan", RUNNING, **typed)
    assert "Typed, and not in the case yet" in page.text
    assert 'name="measurements.0.value" value="212"' in page.source
    back = ward.post("/levels", RUNNING, do="keep", **typed)
    assert 'value="212"' in back.source and 'value="58"' in back.source
    mended = {"measurements.0.what": "concentration", "measurements.0.of": "milrinone"}
    mended |= {"measurements.0.value": "221", "measurements.0.value.unit": "ng/mL", "measurements.0.at": "06:00"}
    put = ward.post("/plan", RUNNING, do="put-on", **typed, **mended)
    found = json.loads(put.case)["measurements"]
    assert [item["value"] for item in found if item["what"] == "concentration"] == ["221 ng/mL"]
    changed = ward.post("/levels", RUNNING, do="back", **typed, **mended)
    assert 'value="221"' in changed.source and 'value="58"' in changed.source
    chosen = {f"measurements.1.{name}": text for name, text in {"what": "heart rate", "value": "99"}.items()}
    again = ward.post("/levels", RUNNING, do="back", **typed, **chosen, **{"measurements.1.value.unit": "/min"})
    assert 'value="heart rate|/min" selected' in again.source and 'value="99"' in again.source
    assert "Typed, and not in the case yet" in ward.post("/levels", RUNNING, do="keep", **typed, **mended).text
    both = json.loads(ward.post("/plan", RUNNING, do="put-on", **typed).case)["measurements"]
    assert [item["value"] for item in both[-2:]] == ["212 ng/mL", "58 mmHg"]
    assert (
        ward.post("/plan", RUNNING, entry="milrinone", unit="ng/mL").text.count("Typed, and not in the case yet") == 0
    )
