"""What is hostile, and what a store cannot do: shown as text, told in words, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from inotrope.course import Courses, Draft
from inotrope.course.meaning.kinds import KINDS
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


def test_a_course_that_cannot_be_read_keeps_nobody_from_the_others(ward: Ward) -> None:
    """One damaged row, or one course from another program, and nobody had the list any longer."""
    good, bad = ward.begun(label="Bed 4"), ward.begun(label="Bed 5")
    with ward.store.database.engine.connect() as connection:
        connection.execute(text("DROP TRIGGER events_no_update"))
        connection.execute(text("UPDATE events SET body = '{}' WHERE course = :id AND number = 2"), {"id": bad})
        connection.commit()
    page = ward.get("/courses")
    assert page.status == 200
    assert f'href="/courses/{good}"' in page.source and f'href="/courses/{bad}"' in page.source
    assert "Bed 5 It cannot be read. Event 2 of course" in page.text
    assert page.text.index("Bed 5") < page.text.index("Bed 4")  # what must be looked at stands first
    assert ward.get(f"/courses/{good}").status == 200
    assert ward.get(f"/courses/{bad}").status == 422


BODIES: tuple[dict[str, Any], ...] = (
    *({}, {"of": 1}, {"why": None}, {"entry": {}}, {"entry": {"what": 1}}, {"rule": [], "reason": {}}, {"text": 5}),
    *({"section": "lines", "entry": {"with": 1}}, {"meant": 1, "first": 2, "second": 3}, {"label": [1]}),
)


@pytest.mark.parametrize("kind", [*KINDS[1:], "weird"])
def test_what_another_program_wrote_fails_no_page(ward: Ward, kind: str) -> None:
    """As a program of before it had to have a form could take it in."""
    for body in BODIES:
        course = ward.begun()
        ward.store.append(course, Draft(kind, datetime.now(UTC), "Mallory", body), 2)
        for path in ("", "/handover", "/as-of?at=now", "/correct/3", "/planned/3", "/record/note"):
            assert ward.get(f"/courses/{course}{path}").status in (200, 422), (body, path)
    assert ward.get("/courses").status == 200
