"""Courses that are kept: appended, read, and never refused because somebody else wrote first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from inotrope.course import Courses, Draft
from inotrope.course.chain import name_of
from inotrope.errors import CourseError

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def noted(text: str, by: str = "ada") -> Draft:
    return Draft("noted", AT, by, {"text": text})


def test_the_later_writer_is_kept_too_and_told_what_came(store: Courses) -> None:
    course = store.new("bed 4", "ada")
    first = store.append(course.id, noted("one"), seen=1)
    second = store.append(course.id, noted("two", by="bob"), seen=1)
    assert first.came_meanwhile == ()
    assert second.came_meanwhile == (first.event,)
    assert [event.number for event in store.events(course.id)] == [1, 2, 3]
    assert store.verify().breaks == ()


def test_a_document_is_kept_under_its_name(store: Courses) -> None:
    course = store.new("bed 4", "ada")
    text = '{"drug": "milrinone"}'
    store.append(course.id, Draft("case", AT, "ada", {"case": name_of(text)}, (text,)), seen=1)
    assert store.document(name_of(text)) == text


def test_an_event_that_names_a_document_which_is_not_there_is_not_kept(store: Courses) -> None:
    course = store.new("bed 4", "ada")
    with pytest.raises(CourseError, match="not kept"):
        store.append(course.id, Draft("case", AT, "ada", {"case": name_of("{}")}), seen=1)
    assert store.course(course.id).number == 1
