"""An entry that is typed and not recorded opens no other page: it is told, and can be recorded, mended or left out."""

from __future__ import annotations

import re

import pytest

from inotrope.web.drawing import SCREENS
from tests.moments import hours_ago
from tests.web.courses.conftest import Page, Ward

RATE = {"rate": "0.4", "rate__unit": "mcg/kg/min", "start": hours_ago(1)}
NOT_RECORDED = "Typed, and not recorded yet"


def sent_on(page: Page) -> dict[str, str]:
    """Return what the page that asks sends with each of its buttons."""
    fields = page.source.partition('<form id="typed"')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', fields))


@pytest.mark.hazard("answer-lost-on-the-way")
def test_no_other_screen_opens_past_an_entry_that_is_typed(ward: Ward) -> None:
    course = ward.begun()
    typed = ward.typed(course, "rate", **RATE)
    for screen in SCREENS:
        page = ward.send(screen.path, typed)
        assert NOT_RECORDED in page.text and "Rate that runs from then on: 0.4" in page.text, screen.path
        assert f'formaction="/courses/{course}/record/rate">Record it' in page.source
    assert ward.kinds(course)[2:] == []


def test_from_there_it_is_recorded_mended_or_left_out(ward: Ward) -> None:
    course = ward.begun()
    path = f"/courses/{course}/record/rate"
    asked = sent_on(ward.send("/plan", ward.typed(course, "rate", **RATE)))
    back = ward.send(path, asked | {"do": "back"})
    assert back.status == 200 and 'name="administrations.0.rate" value="0.4"' in back.source
    left = ward.send("/target", asked | {"do": "leave"})
    assert "The dose for a target" in left.text and 'value="0.4"' not in left.source
    assert ward.kinds(course)[2:] == []
    done = ward.send(path, asked | {"record": "yes"})
    assert done.path == f"/courses/{course}" and ward.last(course).body["entry"]["rate"] == "0.4 mcg/kg/min"


def test_where_nothing_is_typed_nothing_is_asked(ward: Ward) -> None:
    course = ward.begun()
    assert NOT_RECORDED not in ward.send("/target", ward.typed(course, "rate")).text


def test_a_correction_is_told_once_something_in_it_was_changed(ward: Ward) -> None:
    course = ward.begun()
    ward.entered(course, "rate", **RATE)
    path = f"/courses/{course}/correct/{ward.last(course).number}"
    form = ward.get(path).form(path)
    assert form["administrations.0.rate"] == "0.4"
    assert NOT_RECORDED not in ward.send("/target", form).text
    page = ward.send("/target", form | {"administrations.0.rate": "0.3"})
    assert NOT_RECORDED in page.text and "Rate: 0.3" in page.text and "Record it" not in page.text
    back = ward.send(path, sent_on(page) | {"do": "back"})
    assert back.status == 200 and 'value="0.3"' in back.source and "It stands as" in back.text


def test_a_path_that_is_none_of_a_course_is_no_form_of_it(ward: Ward) -> None:
    course = ward.begun()
    for path in ("https://elsewhere.example/courses/a/record/rate", "/courses/../record/rate", "/courses/a/record/x y"):
        page = ward.post("/target", course=course, seen="2", boxes=path, text="typed")
        assert NOT_RECORDED not in page.text and path not in page.source
