"""Courses that are kept: appended, read, and never refused because somebody else wrote first."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from inotrope.course import Courses, Draft, Event, Reading, open_store
from inotrope.course.chain import digest, name_of
from inotrope.errors import CourseError
from tests.course.keeping.tampering import AT, CASE, noted, tamper, three_events, unguarded, with_case


def test_a_new_course_has_one_event_that_opened_it(store: Courses) -> None:
    course = store.new(" bed 4 ", "ada", at=AT)
    (opened,) = store.events(course.id)
    assert (opened.kind, opened.number, opened.by, opened.at, opened.body) == (
        "opened",
        1,
        "ada",
        AT,
        {"label": "bed 4"},
    )
    assert store.course(course.id) == course
    assert (course.label, course.number, course.hash) == ("bed 4", 1, opened.hash)


def test_courses_are_listed_by_their_labels(store: Courses) -> None:
    for label, id in (("bed 9", "a"), ("bed 1", "c"), ("bed 1", "b")):
        store.new(label, "ada", id)
    assert [course.id for course in store.list()] == ["b", "c", "a"]


def test_an_id_is_given_once(store: Courses) -> None:
    store.new("bed 4", "ada", "bed-4")
    with pytest.raises(CourseError, match="There is a course with id 'bed-4' already"):
        store.new("another", "bob", "bed-4")
    assert store.course("bed-4").label == "bed 4"


def test_what_happened_keeps_its_zone_and_what_was_recorded_is_utc(store: Courses) -> None:
    store.new("bed 4", "ada", "bed-4")
    at = datetime.fromisoformat("2026-11-22T08:00:00+01:00")
    event = store.append("bed-4", Draft("noted", at, " ada ", {"text": "warm"}), seen=1).event
    assert event.at.isoformat() == "2026-11-22T08:00:00+01:00"
    assert event.recorded.utcoffset() == AT.utcoffset()
    assert event.by == "ada"
    assert store.events("bed-4", after=1) == (event,)


@pytest.mark.hazard("record-lost-or-changed")
def test_the_later_writer_is_kept_too_and_told_what_came(store: Courses) -> None:
    course = store.new("bed 4", "ada")
    first = store.append(course.id, noted("one"), seen=1)
    second = store.append(course.id, noted("two", by="bob"), seen=1)
    assert first.came_meanwhile == ()
    assert second.came_meanwhile == (first.event,)
    assert [event.number for event in store.events(course.id)] == [1, 2, 3]
    assert store.verify().breaks == ()


def test_a_part_of_the_events_can_be_asked_for(store: Courses) -> None:
    three_events(store)
    numbers = [event.number for event in store.events("bed-4", after=1, up_to=2)]
    assert numbers == [2]
    assert store.events("bed-4", after=3) == ()


@pytest.mark.parametrize("seen", [-1, 2])
def test_nobody_has_seen_what_is_not_there(store: Courses, seen: int) -> None:
    store.new("bed 4", "ada", "bed-4")
    with pytest.raises(CourseError, match=f"event {seen} cannot have been seen"):
        store.append("bed-4", noted("one"), seen)


def test_a_course_that_is_not_there_is_named(store: Courses) -> None:
    for ask in (store.course, store.events, store.verify, lambda id: store.append(id, noted("one"), 0)):
        with pytest.raises(CourseError, match="no course 'bed-9'"):
            ask("bed-9")


def test_a_document_is_kept_once_under_its_name(store: Courses) -> None:
    course = store.new("bed 4", "ada")
    store.append(course.id, with_case(), seen=1)
    store.append(course.id, with_case(), seen=2)
    store.append(course.id, Draft("noted", AT, "ada", {"on": [name_of(CASE)]}), seen=3)
    assert store.document(name_of(CASE)) == store.document(digest(CASE)) == CASE
    assert store.verify().documents == 1


def test_a_document_that_is_not_there_is_said(store: Courses) -> None:
    course = store.new("bed 4", "ada")
    with pytest.raises(CourseError, match="which is not kept"):
        store.append(course.id, Draft("case", AT, "ada", {"case": name_of("{}")}), seen=1)
    assert store.course(course.id).number == 1
    with pytest.raises(CourseError, match="is not kept in"):
        store.document(name_of("{}"))


def test_the_same_form_sent_twice_is_one_event(store: Courses) -> None:
    store.new("bed 4", "ada", "bed-4")
    other = store.append("bed-4", noted("other"), seen=1).event
    first = store.append("bed-4", noted("warm", token="f1"), seen=1)
    again = store.append("bed-4", noted("warm", token="f1"), seen=1)
    assert again.repeated
    assert not first.repeated
    assert again.event == first.event
    assert again.came_meanwhile == (other,)
    assert store.course("bed-4").number == 3


def test_who_settles_sees_what_came_and_may_change_the_draft_or_refuse(store: Courses) -> None:
    store.new("bed 4", "ada", "bed-4")
    came = store.append("bed-4", noted("one"), seen=1).event

    def change(meanwhile: tuple[Event, ...], reading: Reading) -> Draft:
        assert meanwhile == (came,)
        assert reading.course("bed-4").number == 2
        return noted("changed")

    assert store.append("bed-4", noted("two"), 1, change).event.body == {"text": "changed"}

    def refuse(meanwhile: tuple[Event, ...], reading: Reading) -> Draft:
        raise CourseError("The case has changed.")

    with pytest.raises(CourseError, match="has changed"):
        store.append("bed-4", noted("three"), 1, refuse)
    assert store.course("bed-4").number == 3


def test_a_reading_is_of_one_moment_whatever_is_written(store: Courses) -> None:
    store.new("bed 4", "ada", "bed-4")
    with store.reading() as reading:
        assert len(reading.events("bed-4")) == 1
        store.append("bed-4", noted("one"), seen=1)
        assert len(reading.events("bed-4")) == 1
        assert reading.course("bed-4").number == 1
        assert len(reading.list()) == 1
    assert len(store.events("bed-4")) == 2


@pytest.mark.hazard("record-lost-or-changed")
def test_many_writers_at_once_lose_nothing_and_each_is_told_of_the_others(store: Courses) -> None:
    store.new("bed 4", "ada", "bed-4")
    told: dict[str, int] = {}

    def write(name: str) -> None:
        seen = 1
        for turn in range(10):
            done = store.append("bed-4", Draft("noted", AT, name, {"text": f"{name} {turn}"}, (f"{turn}",)), seen)
            told[name] = told.get(name, 0) + 1 + len(done.came_meanwhile)
            seen = done.event.number

    writers = [threading.Thread(target=write, args=(name,)) for name in ("ada", "bob", "cy", "di")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    says = [event.body["text"] for event in store.events("bed-4", after=1)]
    assert sorted(says) == sorted(f"{name} {turn}" for name in ("ada", "bob", "cy", "di") for turn in range(10))
    assert store.verify().breaks == ()
    # Whoever wrote last has been told of every event: its own and those of the others.
    assert max(told.values()) == 40


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET by = 'eve'",
        "DELETE FROM events",
        "UPDATE documents SET digest = 'x'",
        "DELETE FROM documents",
        "DELETE FROM courses",
        "UPDATE courses SET number = 1",
        "UPDATE courses SET label = 'other', number = 9",
    ],
)
@pytest.mark.hazard("record-lost-or-changed")
def test_the_database_itself_refuses_that_what_is_kept_changes(store: Courses, statement: str) -> None:
    three_events(store)
    before = store.events("bed-4")
    with pytest.raises(DBAPIError), store.database.engine.begin() as connection:
        connection.execute(text(statement.replace("by =", '"by" =')))
    assert store.events("bed-4") == before
    assert store.verify().breaks == ()


@pytest.mark.hazard("record-lost-or-changed")
@pytest.mark.parametrize("change", ["kind = 'rated'", "at = 'never'", "body = '{'", 'body = \'{"text": "warm"}\''])
def test_a_damaged_event_is_never_handed_out(store: Courses, change: str) -> None:
    three_events(store)
    tamper(store, f"UPDATE events SET {change} WHERE number = 3")
    with pytest.raises(CourseError, match="Event 3 of course 'bed-4' is damaged or was changed"):
        store.events("bed-4")
    assert [event.number for event in store.events("bed-4", up_to=2)] == [1, 2]


def test_an_event_after_one_that_is_gone_is_never_handed_out(store: Courses) -> None:
    three_events(store)
    tamper(store, "DELETE FROM events WHERE number = 2")
    for after in (0, 1, 2):
        with pytest.raises(CourseError, match="Event 3 of course 'bed-4' is damaged or was changed"):
            store.events("bed-4", after)


def test_a_damaged_document_is_never_handed_out(store: Courses) -> None:
    three_events(store)
    tamper(store, "UPDATE documents SET content = :content", content=b"x")
    with pytest.raises(CourseError, match="is not what was kept"):
        store.document(name_of(CASE))


def test_what_is_too_long_is_refused(store: Courses) -> None:
    store.new("bed 4", "ada", "bed-4")
    with pytest.raises(CourseError, match="more than is kept"):
        store.append("bed-4", Draft("noted", AT, "ada", {"text": "x"}, ("x" * 20_000_001,)), seen=1)


def test_two_programs_keep_courses_in_one_database(store: Courses, database: str) -> None:
    store.new("bed 4", "ada", "bed-4")
    with open_store(database) as other:
        event = other.append("bed-4", noted("from there", by="bob"), seen=1).event
        assert store.append("bed-4", noted("from here"), seen=1).came_meanwhile == (event,)


def test_the_clock_is_utc_wherever_it_stands(store: Courses) -> None:
    there = datetime.fromisoformat("2026-11-22T08:00:00+01:00")
    store.new("bed 4", "ada", "bed-4")
    with Courses(store.database, clock=lambda: there) as other:
        assert other.append("bed-4", noted("one"), seen=1).event.recorded == there.astimezone(UTC)
        assert other.events("bed-4")[1].recorded.isoformat() == "2026-11-22T07:00:00+00:00"


def test_the_last_event_of_every_course_is_had_at_once_and_a_damaged_one_hides_no_other(store: Courses) -> None:
    for name in ("bed-4", "bed-5", "bed-6", "bed-7", "bed-9"):
        three_events(store, name)
    store.new("bed 8", "ada", "bed-8")
    with unguarded(store) as connection:
        connection.execute(text("UPDATE events SET body = '{}' WHERE course = 'bed-5' AND number = 3"))
        connection.execute(text("UPDATE courses SET hash = 'x' WHERE id = 'bed-6'"))
        connection.execute(text("DELETE FROM events WHERE course = 'bed-7'"))
        if connection.dialect.name == "sqlite":  # it takes anything for a number
            connection.execute(text("UPDATE courses SET number = 'x' WHERE id = 'bed-9'"))
        else:
            connection.execute(text("UPDATE courses SET number = 2 WHERE id = 'bed-9'"))
    with store.reading() as reading:
        found = reading.last_events()
        assert found["bed-4"] == reading.events("bed-4")[-1]
        assert found["bed-8"] == reading.events("bed-8")[-1]
    for name in ("bed-5", "bed-6", "bed-7", "bed-9"):
        assert isinstance(found[name], CourseError)
    assert set(found) == {"bed-4", "bed-5", "bed-6", "bed-7", "bed-8", "bed-9"}
