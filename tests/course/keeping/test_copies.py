"""Backup, restore, export and import: one file for both databases, proven on its way in, all of it or nothing."""

from __future__ import annotations

import gzip
import json
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text

from inotrope.access import tables
from inotrope.course import Courses, Draft, open_store
from inotrope.course.chain import canonical, digest, hash_of, name_of
from inotrope.course.keeping.copies import portable
from inotrope.course.keeping.copies.backing_up import write_courses
from inotrope.course.keeping.copies.people import AUDIT, SITE, USERS
from inotrope.course.keeping.copies.portable import lines, prove_readable
from inotrope.course.keeping.copies.taking_in import import_courses, restore
from inotrope.errors import CourseError, InotropeError
from tests.course.keeping.tampering import AT, noted, tamper, three_events, with_case


@pytest.fixture
def new_store(tmp_path: Path) -> Callable[[], Courses]:
    """Make an empty store of SQLite, each time another."""

    def make() -> Courses:
        number = len(list(tmp_path.glob("store-*.sqlite")))
        return open_store(tmp_path / f"store-{number}.sqlite", create=True)

    return make


def contents(store: Courses) -> dict[str, Any]:
    return {course.id: (course, store.events(course.id)) for course in store.list()}


def two_courses(store: Courses) -> None:
    three_events(store, "bed-4")
    three_events(store, "bed-5")
    # Numbers and letters as a case may have them.
    body = {"entry": {"value": 0.1, "n": 10**20, "big": 1e22, "tiny": 5e-324, "text": "é\u2028\x00\U0001f600"}}
    store.append("bed-5", Draft("reading", AT, "Löwe", body), seen=3)


def people(store: Courses) -> list[list[Any]]:
    with store.database.reading() as connection:
        return [
            [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1"))]
            for table in ("users", "audit", "site")
        ]


def two_users(store: Courses) -> None:
    with store.database.writing() as connection:
        user = {
            "name": "ada",
            "roles": "plan",
            "password": "$argon2id$...",
            "issuer": None,
            "subject": None,
            "disabled": 0,
        }
        connection.execute(insert(USERS), user)
        connection.execute(insert(USERS), {**user, "name": "bob", "password": None, "subject": "b", "disabled": 1})
        row = dict.fromkeys(("at", "who", "did", "course", "address", "outcome", "previous", "hash"), "x")
        connection.execute(insert(AUDIT), {"number": 1, **row})
        connection.execute(text("UPDATE site SET number = 1, hash = 'x'"))


def written(content: list[dict[str, Any]], path: Path) -> Path:
    """Write lines with the end that belongs to them: what a skilled hand can do."""
    plain = b"".join(json.dumps(line).encode() + b"\n" for line in content)
    counts = {f"{kind}s": sum(kind in line for line in content[1:]) for kind in ("course", "document", "event", "row")}
    end = {"end": {**counts, "lines": digest(plain.decode())}}
    path.write_bytes(gzip.compress(plain + json.dumps(end).encode() + b"\n"))
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()[:-1]]


def test_a_backup_brings_everything_back_in_the_other_database(
    store: Courses, new_store: Callable[[], Courses], tmp_path: Path
) -> None:
    two_courses(store)
    path = tmp_path / "courses.jsonl.gz"
    verdict = write_courses(store.database, path)
    assert (verdict.courses, verdict.events, verdict.breaks) == (2, 7, ())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with new_store() as other:
        taken = restore(other.database, path)
        assert [(item.course.id, item.events) for item in taken] == [("bed-4", 3), ("bed-5", 4)]
        assert contents(other) == contents(store)
        assert other.verify().breaks == ()
        other.append("bed-5", noted("it goes on"), seen=4)
    assert sorted(each.name for each in tmp_path.iterdir() if each.name.startswith(".")) == []


def test_a_backup_of_sqlite_is_restored_into_this_database(
    store: Courses, new_store: Callable[[], Courses], tmp_path: Path
) -> None:
    path = tmp_path / "courses.jsonl.gz"
    with new_store() as source:
        two_courses(source)
        write_courses(source.database, path)
        restore(store.database, path)
        assert contents(store) == contents(source)
    assert store.verify().breaks == ()
    again = tmp_path / "again.jsonl.gz"
    write_courses(store.database, again)
    assert [line for line in read(again) if "form" not in line] == [line for line in read(path) if "form" not in line]


def test_a_backup_is_of_one_moment_while_others_write(store: Courses, tmp_path: Path) -> None:
    two_courses(store)
    stop = threading.Event()

    def write() -> None:
        seen = 3
        while not stop.is_set():
            seen = store.append("bed-4", with_case(f'{{"n": {seen}}}', by="bob"), seen).event.number

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for turn in range(3):
            path = tmp_path / f"{turn}.jsonl.gz"
            assert write_courses(store.database, path).breaks == ()
            with open_store(tmp_path / f"{turn}.sqlite", create=True) as other:
                restore(other.database, path)
                assert other.verify().breaks == ()
                kept = other.events("bed-4")
            assert kept == store.events("bed-4", up_to=len(kept))
    finally:
        stop.set()
        writer.join()


def test_users_and_audit_come_back_with_a_backup_and_with_nothing_else(
    store: Courses, new_store: Callable[[], Courses], tmp_path: Path
) -> None:
    three_events(store)
    two_users(store)
    write_courses(store.database, tmp_path / "a.gz")
    write_courses(store.database, tmp_path / "one.gz", "bed-4")
    assert "argon2id" not in json.dumps(read(tmp_path / "one.gz"))
    with new_store() as restored, new_store() as importing:
        restore(restored.database, tmp_path / "a.gz")
        assert people(restored) == people(store)
        before = people(importing)
        import_courses(importing.database, tmp_path / "a.gz")
        assert people(importing) == before
    with new_store() as other:
        two_users(other)
        with pytest.raises(InotropeError, match="has users or an audit already"):
            restore(other.database, tmp_path / "a.gz")


def test_the_columns_that_are_carried_are_those_of_the_tables() -> None:
    for carried, whole in ((SITE, tables.SITE), (USERS, tables.USERS), (AUDIT, tables.AUDIT)):
        assert carried.c.keys() == whole.c.keys()


def test_only_an_empty_store_is_restored_into(store: Courses, tmp_path: Path) -> None:
    two_courses(store)
    write_courses(store.database, tmp_path / "a.gz")
    with pytest.raises(InotropeError, match="holds courses already"):
        restore(store.database, tmp_path / "a.gz")


def test_one_course_is_exported_and_goes_on_where_it_came_to(
    store: Courses, new_store: Callable[[], Courses], tmp_path: Path
) -> None:
    two_courses(store)
    write_courses(store.database, tmp_path / "a.gz", "bed-4")
    with new_store() as other:
        other.new("bed 9", "bob", "bed-9")
        assert [item.events for item in import_courses(other.database, tmp_path / "a.gz")] == [3]
        store.append("bed-4", noted("more"), seen=3)
        write_courses(store.database, tmp_path / "b.gz", "bed-4")
        assert [item.events for item in import_courses(other.database, tmp_path / "b.gz")] == [1]
        assert other.course("bed-4") == store.course("bed-4")
        # The shorter one brings nothing, and takes nothing.
        (nothing,) = import_courses(other.database, tmp_path / "a.gz")
        assert (nothing.events, nothing.course.number) == (0, 4)
        assert other.events("bed-4") == store.events("bed-4")
        assert [course.id for course in other.list()] == ["bed-4", "bed-9"]
        assert other.verify().breaks == ()


def test_another_course_under_the_same_id_is_refused_with_the_event_where_they_part(
    store: Courses, new_store: Callable[[], Courses], tmp_path: Path
) -> None:
    three_events(store)
    write_courses(store.database, tmp_path / "a.gz")
    with new_store() as other:
        import_courses(other.database, tmp_path / "a.gz")
        other.append("bed-4", noted("there", by="bob"), seen=3)
        store.append("bed-4", noted("here"), seen=3)
        write_courses(store.database, tmp_path / "b.gz")
        before = contents(other)
        with pytest.raises(InotropeError, match="'bed-4' is another one here: event 4 is 'noted'"):
            import_courses(other.database, tmp_path / "b.gz")
        assert contents(other) == before


def test_a_broken_store_is_written_and_told_and_not_restored(
    store: Courses, new_store: Callable[[], Courses], tmp_path: Path
) -> None:
    two_courses(store)
    tamper(store, "UPDATE events SET body = '{' WHERE course = 'bed-5' AND number = 3")
    tamper(store, "UPDATE documents SET content = :content", content=b"x")
    verdict = write_courses(store.database, tmp_path / "a.gz")
    assert {(item.course, item.number) for item in verdict.breaks} >= {("bed-5", 3), ("bed-4", 2)}
    with new_store() as other, pytest.raises(InotropeError, match=r"document .* is missing"):
        restore(other.database, tmp_path / "a.gz")
    tampered = [line for line in read(tmp_path / "a.gz") if "bed-5" in json.dumps(line)]
    assert tampered[3]["event"]["body"] == {"damaged": "{"}


def test_a_text_that_means_the_same_is_written_as_damaged(store: Courses, tmp_path: Path) -> None:
    three_events(store)
    tamper(store, """UPDATE events SET body = '{"text": "warm"}' WHERE number = 3""")
    assert write_courses(store.database, tmp_path / "a.gz").breaks
    assert read(tmp_path / "a.gz")[-2]["event"]["body"] == {"damaged": '{"text": "warm"}'}


def test_a_file_cut_or_changed_anywhere_is_found(
    new_store: Callable[[], Courses], tmp_path: Path, uncounted: None
) -> None:
    path = tmp_path / "a.gz"
    with new_store() as source:
        two_courses(source)
        write_courses(source.database, path)
    whole, content = path.read_bytes(), list(lines(path))
    unnoticed = set()
    for place in (*range(20), *range(20, len(whole) - 20, 5), *range(len(whole) - 20, len(whole))):
        for damaged in (whole[:place], whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :]):
            path.write_bytes(damaged)
            try:
                assert list(lines(path)) == content
            except InotropeError:
                continue
            unnoticed.add(place)
    # RFC 1952, 2.3: of gzip's own head, time, extra flags and system (bytes 4 to 9) say nothing of the content; nor do
    # the bits that fill up the last byte before the eight of the trailer.
    assert unnoticed <= {*range(4, 10), len(whole) - 9}


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.999])
def test_a_file_that_was_cut_brings_nothing(
    store: Courses, new_store: Callable[[], Courses], tmp_path: Path, share: float
) -> None:
    path = tmp_path / "a.gz"
    with new_store() as source:
        for number in range(20):
            three_events(source, f"bed-{number}")
        write_courses(source.database, path)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(InotropeError, match="was cut"):
        restore(store.database, path)
    assert store.list() == ()
    assert store.verify().breaks == ()


HEAD = b'{"inotrope": "courses", "form": 1}\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "no file of courses"),
        (b"Patient,Rate\n", "no file of courses"),
        (b'{"a": 1}\n', "no file of courses"),
        (b'{"inotrope": "courses", "form": 2}\n', "has form 2; this program reads form 1"),
        (HEAD, "its last line is missing"),
        (HEAD + b"{}\n", "line 2 is not what was written"),
        (HEAD + b"five\n", "line 2 is not what was written"),
        (HEAD + b'{"event": 5}\n', "line 2 is not what was written"),
        (HEAD + b'{"end": {}}\n', "line 2 is not what was written"),
        (HEAD + b"[" * 100_000 + b"\n", "line 2 is not what was written"),
    ],
    ids=range(10),
)
def test_a_file_that_is_none_is_said(tmp_path: Path, text: bytes, says: str) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(text))
    with pytest.raises(InotropeError, match=says):
        list(lines(tmp_path / "a.gz"))


def test_a_file_that_is_not_packed_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(b"Patient,Rate\n")
    with pytest.raises(InotropeError, match="cannot be unpacked"):
        prove_readable(tmp_path / "a.gz")


def test_a_file_that_is_not_there_or_cannot_be_written_is_said(store: Courses, tmp_path: Path) -> None:
    with pytest.raises(InotropeError, match="cannot be read"):
        list(lines(tmp_path / "nothing.gz"))
    with pytest.raises(InotropeError, match="cannot be written"):
        write_courses(store.database, tmp_path / "nowhere" / "a.gz")


def change(line: dict[str, Any], **changed: Any) -> None:
    event = line["event"]
    event.update(changed)
    event["hash"] = hash_of({**event, "body": canonical(event["body"])})


@pytest.mark.parametrize(
    ("twist", "says"),
    [
        (lambda content: content[1]["course"].update(id="../x"), "is no id of a course"),
        (lambda content: content[1]["course"].update(label="\u202eevil"), "one can see"),
        (lambda content: content[1]["course"].update(label="bed 7"), "opened under another label"),
        (lambda content: content[1]["course"].update(number=4), "does not end where its head says"),
        (lambda content: content[1]["course"].pop("hash"), "lacks what it needs"),
        (lambda content: content[1]["course"].update(number=2**63), "lacks what it needs"),
        (lambda content: content[1]["course"].update(number=True), "lacks what it needs"),
        (lambda content: content[2]["event"].update(number=2**70), "'number' was changed"),
        (lambda content: change(content[-2], body={"note": 5}), "event 3: 'text' of an event 'noted' is missing"),
        (lambda content: content[-1]["row"].update(table="events"), "none that a backup holds"),
        (lambda content: content[-1]["row"]["values"].update(more=1), "none that a backup holds"),
        (lambda content: content.insert(1, content[2]), "stands before its course"),
        (lambda content: content[3]["document"].update(text="{}"), "is not what its digest says"),
        (lambda content: content.pop(3), "its document .* is missing"),
        (lambda content: content[2]["event"].update(by="eve"), "event 1: it does not say what was kept"),
        (lambda content: content[2]["event"].pop("by"), "lacks what it needs"),
        (lambda content: change(content[2], body=[]), "no JSON object"),
        (lambda content: change(content[-2], body=[]), "no JSON object"),
        (lambda content: change(content[2], by="eve"), "event 2: it does not follow"),
        (lambda content: change(content[2], at="yesterday"), "'yesterday' is not a date"),
        (lambda content: change(content[2], recorded="2026"), "'2026' is not a date"),
        (lambda content: change(content[2], kind="<script>"), "no kind of event"),
        (lambda content: change(content[2], by="a\nb"), "one can see"),
    ],
)
def test_what_a_skilled_hand_wrote_is_found_and_brings_nothing(
    store: Courses,
    new_store: Callable[[], Courses],
    tmp_path: Path,
    twist: Callable[[list[dict[str, Any]]], object],
    says: str,
) -> None:
    with new_store() as source:
        three_events(source)
        write_courses(source.database, tmp_path / "a.gz")
    content = read(tmp_path / "a.gz")
    restored = written(content, tmp_path / "b.gz")
    twist(content)
    with pytest.raises(InotropeError, match=says) as caught:
        restore(store.database, written(content, tmp_path / "c.gz"))
    assert "c.gz" in str(caught.value)
    assert store.list() == ()
    assert len(restore(store.database, restored)) == 1


@pytest.mark.parametrize(
    "line",
    [
        b'{"event":{"body":[' + b"[]," * 400_000 + b"1]}}",
        b'{"document":{"digest":"' + b"0" * 64 + b'","text":"a","x":[' + b"[]," * 400_000 + b"1]}}",
        b'{"document":{"digest":"' + b"0" * 64 + b'","text":["' + b"a" * 1_200_000 + b'"]}}',
    ],
)
def test_a_long_line_that_is_no_document_is_not_even_parsed(
    tmp_path: Path, line: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Brackets become some 25 times as many bytes: 100 MB of them, packed to 100 kB, would take up a machine."""
    first = json.dumps({"inotrope": "courses", "form": 1}).encode()
    (tmp_path / "a.gz").write_bytes(gzip.compress(first + b"\n" + line + b"\n"))
    parsed: list[int] = []
    real = portable.json.loads
    monkeypatch.setattr(portable.json, "loads", lambda text: parsed.append(len(text)) or real(text))
    with pytest.raises(CourseError, match="line 2 is not what was written"):
        list(lines(tmp_path / "a.gz"))
    assert parsed == [len(first) + 1]


def test_a_long_document_comes_back_as_it_was(store: Courses, new_store: Callable[[], Courses], tmp_path: Path) -> None:
    text = 'a "quoted" \\ line\n\x01 of µ\n' * 60_000
    store.new("bed 4", "ada", "bed-4")
    store.append("bed-4", Draft("weird", AT, "ada", {"text": name_of(text)}, (text,)), 1)
    write_courses(store.database, tmp_path / "a.gz")
    with new_store() as other:
        restore(other.database, tmp_path / "a.gz")
        assert other.document(name_of(text)) == text


def test_a_course_of_thousands_of_events_goes_through_in_parts(
    new_store: Callable[[], Courses], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inotrope.course.keeping.copies.taking_in._AT_ONCE", 2)
    with new_store() as source, new_store() as other:
        two_courses(source)
        write_courses(source.database, tmp_path / "a.gz")
        restore(other.database, tmp_path / "a.gz")
        assert contents(other) == contents(source)


def test_a_document_that_is_here_already_need_not_come_again(
    store: Courses, new_store: Callable[[], Courses], tmp_path: Path
) -> None:
    three_events(store, "bed-9")
    with new_store() as source:
        three_events(source)
        write_courses(source.database, tmp_path / "a.gz")
    content = [line for line in read(tmp_path / "a.gz") if "document" not in line]
    import_courses(store.database, written(content, tmp_path / "b.gz"))
    assert store.verify().breaks == ()
