"""What may stand in an event, and what an id is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from inotrope import course
from inotrope.course import keeping
from inotrope.course.record import Draft, new_id, prove_draft, prove_id, prove_name
from inotrope.errors import CourseError, InotropeError

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def test_an_id_is_read_aloud_without_doubt() -> None:
    ids = {new_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(prove_id(each) == each and not set(each) & set("01oiluA") for each in ids)


@pytest.mark.parametrize("written", ["", "-a", "a b", "a/b", "../a", "a" * 65, "é", "a\n"])
def test_what_is_no_id_is_refused(written: str) -> None:
    with pytest.raises(CourseError, match="no id"):
        prove_id(written)


def test_a_name_loses_its_blanks_and_nothing_else() -> None:
    assert prove_name("  Dr. Ada Löwe ", "The name") == "Dr. Ada Löwe"


@pytest.mark.parametrize("written", ["", "  ", "a\nb", "a\rb", "a\x00b", "a\u202eb", "a" * 201])
def test_a_name_that_nobody_can_read_is_refused(written: str) -> None:
    with pytest.raises(CourseError):
        prove_name(written, "The name")


@pytest.mark.parametrize(
    "draft",
    [
        Draft("Rate", AT, "ada", {}),
        Draft("", AT, "ada", {}),
        Draft("rate", AT.replace(tzinfo=None), "ada", {}),
        Draft("rate", AT.astimezone(timezone(timedelta(hours=15))), "ada", {}),
        Draft("rate", AT.replace(year=1700), "ada", {}),
        Draft("rate", AT, "", {}),
        Draft("rate", AT, "ada", []),  # type: ignore[arg-type]
    ],
)
def test_a_draft_without_kind_time_or_name_is_refused(draft: Draft) -> None:
    with pytest.raises(InotropeError):
        prove_draft(draft)


def test_the_folder_looks_its_names_up() -> None:
    for name in course.__all__:
        assert getattr(course, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute"):
        course.Opinion  # noqa: B018 - looking it up is the test


def test_what_keeping_needs_and_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    keeping.prove_installed()
    monkeypatch.setattr(keeping, "find_spec", lambda name: None if name == "alembic" else object())
    with pytest.raises(InotropeError, match=r"not installed: alembic. Run: pip install 'inotrope\[course\]'"):
        keeping.prove_installed()
