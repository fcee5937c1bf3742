"""What is hostile, and what a store cannot do: shown as text, told in words, and nothing that was typed is lost."""

from __future__ import annotations

import pytest

from inotrope.course import Courses
from inotrope.errors import CourseError
from tests.web.courses.conftest import Ward, carried

SCRIPT = "<script>alert(1)</script>"


@pytest.mark.hazard("patient-read-by-others")
def test_a_script_in_a_label_a_note_or_a_name_is_text_on_every_page(ward: Ward) -> None:
    course = ward.begun(label=f"Bed {SCRIPT}")
    sent = ward.typed(course, "note", text=SCRIPT) | {"by": SCRIPT}
    pages = [ward.send(f"/courses/{course}/record/note", sent), ward.get("/courses")]
    pages += [ward.get(f"/courses/{course}/{path}") for path in ("record/rate", "correct/3", "handover", "as-of")]
    pages += [ward.send("/plan", carried(pages[0]))]
    for page in pages:
        assert page.status == 200 and SCRIPT not in page.source, page.path
    assert all(SCRIPT in page.text for page in pages[:2])


def test_what_a_store_cannot_keep_comes_back_to_be_sent_again(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    course = ward.begun()
    sent = ward.typed(course, "note", text="Not lost.")

    def locked(*_: object, **__: object) -> None:
        raise CourseError("'courses.sqlite' is locked by another program. Try again.")

    with monkeypatch.context() as patched:
        patched.setattr(Courses, "append", locked)
        page = ward.send(f"/courses/{course}/record/note", sent)
    assert page.status == 422 and "is locked by another program" in page.text and "Send it again" in page.text
    again = page.form(f"/courses/{course}/record/note")
    assert again["text"] == "Not lost." and again["form"] == sent["form"]
    assert "Recorded as entry 3" in ward.send(f"/courses/{course}/record/note", again).text


@pytest.mark.parametrize("number", ["0", "99", "x", "../2"])
def test_an_entry_that_is_none_is_told(ward: Ward, number: str) -> None:
    course = ward.begun()
    for path in ("correct", "planned"):
        assert ward.get(f"/courses/{course}/{path}/{number}").status in (404, 422)
