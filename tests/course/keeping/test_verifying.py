"""What was changed, damaged or cut behind the program's back is found, and named."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from inotrope.course import Course, Courses, open_store
from inotrope.course.chain import digest
from inotrope.course.keeping.verifying import Break, verify
from inotrope.errors import CourseError
from tests.course.keeping.tampering import CASE, Clock, noted, tamper, three_events, unguarded


def broken(store: Courses) -> list[tuple[str | None, int | None]]:
    return [(item.course, item.number) for item in store.verify().breaks]


def test_a_sound_store_is_sound(store: Courses) -> None:
    three_events(store, "bed-4")
    three_events(store, "bed-5")
    verdict = store.verify()
    assert (verdict.courses, verdict.events, verdict.documents) == (2, 6, 1)
    assert verdict.breaks == verdict.clock == ()
    assert store.verify("bed-5").events == 3


@pytest.mark.hazard("record-lost-or-changed")
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("field", ["kind", "at", "recorded", "by", "body", "previous", "hash"])
def test_one_letter_changed_in_any_field_names_the_event(store: Courses, field: str, number: int) -> None:
    three_events(store)
    was = getattr(store.events("bed-4")[number - 1], field)
    if field == "body":
        change = f"{field} = replace({field}, 'a', 'e')"
    elif field in ("at", "recorded"):
        change = f"{field} = replace({field}, '2', '3')"
    else:
        change = f'"{field}" = \'{"0" if was[0] != "0" else "1"}\' || substr("{field}", 2)'
    tamper(store, f"UPDATE events SET {change} WHERE number = {number}")
    assert broken(store)[0] == ("bed-4", number)
    assert {event for _, event in broken(store)} <= {number, number + 1}


def test_a_number_that_was_changed_is_named(store: Courses) -> None:
    three_events(store)
    tamper(store, "UPDATE events SET number = 7 WHERE number = 2")
    assert ("bed-4", 7) in broken(store)


def test_an_event_that_was_moved_to_another_course_is_missed_here_and_found_there(store: Courses) -> None:
    three_events(store, "bed-4")
    store.new("bed 5", "ada", "bed-5")
    tamper(store, "UPDATE events SET course = 'bed-5' WHERE course = 'bed-4' AND number = 2")
    assert {course for course, _ in broken(store)} == {"bed-4", "bed-5"}


def test_a_text_that_means_the_same_is_another_text(store: Courses) -> None:
    three_events(store)
    tamper(store, """UPDATE events SET body = '{"text": "warm"}' WHERE number = 3""")
    (found,) = store.verify().breaks
    assert str(found).startswith("course bed-4, event 3: it does not say what was kept")


@pytest.mark.parametrize("body", ["[]", "{", "[" * 100_000, ""])
def test_a_body_that_is_none_is_named(store: Courses, body: str) -> None:
    three_events(store)
    tamper(store, "UPDATE events SET body = :body WHERE number = 3", body=body)
    assert broken(store) == [("bed-4", 3)]


def test_an_event_taken_out_of_the_middle_is_named_by_the_one_that_stands_in_its_place(store: Courses) -> None:
    three_events(store)
    tamper(store, "DELETE FROM events WHERE number = 2")
    (found,) = store.verify().breaks
    assert (found.number, found.says) == (3, "stands where event 2 should: that one is missing")


@pytest.mark.hazard("record-lost-or-changed")
def test_a_cut_tail_is_found_by_the_head(store: Courses) -> None:
    three_events(store)
    tamper(store, "DELETE FROM events WHERE number = 3")
    (found,) = store.verify().breaks
    assert "its last event is 2, and its head says 3" in str(found)


def test_another_head_is_found(store: Courses) -> None:
    three_events(store)
    tamper(store, "UPDATE courses SET hash = :hash", hash="0" * 64)
    assert "not that of the course's head" in str(store.verify().breaks[0])


def test_another_label_is_found(store: Courses) -> None:
    three_events(store)
    tamper(store, "UPDATE courses SET label = 'bed 7'")
    assert "another label" in str(store.verify().breaks[0])


def test_events_whose_course_is_gone_are_found(store: Courses) -> None:
    three_events(store)
    tamper(store, "DELETE FROM courses")
    (found,) = store.verify().breaks
    assert found == Break("bed-4", None, "there are events, and the course itself is missing")


def test_a_changed_or_missing_document_names_the_event_that_needs_it(store: Courses) -> None:
    three_events(store)
    tamper(store, "UPDATE documents SET content = :content", content=b"\x78\x9c")
    assert broken(store) == [("bed-4", 2)]
    tamper(store, "DELETE FROM documents")
    assert str(store.verify().breaks[0]) == f"course bed-4, event 2: its document {digest(CASE)[:12]} is missing"


def test_a_guard_that_was_taken_off_is_missed(store: Courses) -> None:
    three_events(store)
    with store.database.engine.begin() as connection:
        sqlite = connection.dialect.name == "sqlite"
        off = "DROP TRIGGER events_no_update" if sqlite else "ALTER TABLE events DISABLE TRIGGER events_never"
        connection.execute(text(off))
    found = store.verify().breaks
    if not sqlite:
        with store.database.engine.begin() as connection:  # the server goes on to the next test
            connection.execute(text("ALTER TABLE events ENABLE TRIGGER events_never"))
    assert [item.says.partition(":")[0] for item in found] == [
        f"guard 'events_n{'o_update' if sqlite else 'ever'}' is missing, or refuses nothing"
    ]


@pytest.mark.hazard("record-lost-or-changed")
def test_a_clock_that_went_back_is_told_and_breaks_nothing(store: Courses) -> None:
    clock = Clock()
    store = Courses(store.database, clock)
    three_events(store)
    clock.now -= timedelta(hours=2)
    store.append("bed-4", noted("late"), seen=3)
    clock.now += timedelta(hours=3)
    store.append("bed-4", noted("later"), seen=4)
    verdict = store.verify()
    assert verdict.breaks == ()
    assert [note.number for note in verdict.clock] == [4]
    assert [event.number for event in store.events("bed-4")] == [1, 2, 3, 4, 5]


def test_whoever_writes_all_anew_is_found_by_a_head_that_stands_elsewhere(store: Courses) -> None:
    written_elsewhere = three_events(store)
    with unguarded(store) as connection:
        for table in ("events", "courses"):
            connection.execute(text(f"DELETE FROM {table}"))
    three_events(store)  # the clock alone makes it another course
    assert store.verify().breaks == ()
    (found,) = store.prove_heads((written_elsewhere,))
    assert (found.course, found.number) == ("bed-4", 3)
    assert "another one" in found.says


def test_heads_hold_while_a_course_goes_on_and_find_what_is_gone(store: Courses) -> None:
    head = three_events(store)
    store.append("bed-4", noted("more"), seen=3)
    assert store.prove_heads((head, Course("bed-4", "", 3, head.hash[:16]))) == ()
    (found,) = store.prove_heads((Course("bed-4", "", 9, head.hash),))
    assert "is not there now" in found.says


@pytest.mark.parametrize("id", ["X'fffe'", "CAST(X'fffe' AS TEXT)"])
def test_an_id_that_is_no_text_is_said(sqlite_form: Path, tmp_path: Path, id: str) -> None:
    path = tmp_path / "courses.sqlite"
    shutil.copy(sqlite_form, path)
    with open_store(path) as store:
        three_events(store)
        tamper(store, f"UPDATE courses SET id = {id}")
        says = [str(item) for item in store.verify().breaks]
    assert says[0].startswith("the id of a course is damaged")
    assert "course bed-4: there are events, and the course itself is missing" in says


def test_a_page_of_sqlite_that_is_damaged_is_told(sqlite_form: Path, tmp_path: Path) -> None:
    path = tmp_path / "courses.sqlite"
    shutil.copy(sqlite_form, path)
    with path.open("r+b") as stream:
        stream.seek(36)  # the number of free pages: SQLite's file format, 1.3
        stream.write((7).to_bytes(4, "big"))
    with open_store(path) as store:
        (found,) = store.verify().breaks
    assert found.says.startswith("SQLite finds its file damaged: ")


@pytest.mark.parametrize("content", ["'text'", "7", "X''"])
def test_a_document_that_is_no_bytes_names_its_event(sqlite_form: Path, tmp_path: Path, content: str) -> None:
    path = tmp_path / "courses.sqlite"
    shutil.copy(sqlite_form, path)
    with open_store(path) as store:
        three_events(store)
        tamper(store, f"UPDATE documents SET content = {content}")
        assert broken(store) == [("bed-4", 2)]


def test_nothing_is_appended_to_a_head_that_is_damaged(sqlite_form: Path, tmp_path: Path) -> None:
    path = tmp_path / "courses.sqlite"
    shutil.copy(sqlite_form, path)
    with open_store(path) as store:
        three_events(store)
        tamper(store, "UPDATE courses SET number = 'three'")
        with pytest.raises(CourseError, match="head of course 'bed-4' is damaged"):
            store.append("bed-4", noted("more"), seen=3)
        assert ("bed-4", None) in broken(store)


@pytest.mark.parametrize("table", ["events", "documents", "courses", "audit", "users", "site"])
def test_every_table_that_is_guarded_is_asked_about(store: Courses, table: str) -> None:
    three_events(store)
    assert store.verify().breaks == ()
    sqlite = store.database.engine.dialect.name == "sqlite"
    guard = f"{table}_no_delete" if sqlite else f"{table}_never"
    with store.database.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER {guard}" if sqlite else f"ALTER TABLE {table} DISABLE TRIGGER {guard}"))
    try:
        (found,) = store.verify().breaks
        assert str(found).startswith(f"guard '{guard}' is missing")
    finally:
        if not sqlite:
            with store.database.engine.begin() as connection:
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER {guard}"))


def test_a_guard_in_name_alone_is_none(store: Courses) -> None:
    """Who may change the tables could put one of the same name there, which lets everything pass."""
    sqlite = store.database.engine.dialect.name == "sqlite"
    guard = "audit_no_update" if sqlite else "audit_never"
    with store.database.engine.connect() as connection, connection.begin() as change:
        connection.execute(text(f"DROP TRIGGER {guard}" + ("" if sqlite else " ON audit")))
        if sqlite:
            connection.execute(text(f"CREATE TRIGGER {guard} BEFORE UPDATE ON audit BEGIN SELECT 1; END"))
        else:
            connection.execute(
                text("CREATE FUNCTION lets_pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")
            )
            connection.execute(
                text(f"CREATE TRIGGER {guard} BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION lets_pass()")
            )
        assert f"guard '{guard}' is missing, or refuses nothing" in str(verify(connection).breaks[0])
        change.rollback()
