"""`inotrope course`: begun, listed, shown, proven, written to files and brought back."""

from __future__ import annotations

import getpass
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inotrope.course import Draft, open_store
from tests.cli.conftest import Run


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the tests' courses out of the store of whoever runs them."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("INOTROPE_DATABASE", raising=False)
    monkeypatch.chdir(tmp_path)
    yield


@pytest.fixture
def ward(tmp_path: Path) -> str:
    """A store with two courses."""
    path = tmp_path / "ward.sqlite"
    with open_store(path, create=True) as store:
        store.new("bed 4", "ada", "bed-4")
        store.new("bed 5", "ada", "bed-5")
        at = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
        store.append("bed-4", Draft("noted", at, "Löwe", {"text": "warm\x1b[31m"}), seen=1)
    return str(path)


def spoil(ward: str) -> None:
    with closing(sqlite3.connect(ward)) as connection:
        connection.execute("DROP TRIGGER events_no_update")
        connection.execute("UPDATE events SET \"by\" = 'eve' WHERE course = 'bed-4' AND number = 2")
        connection.commit()


def test_a_course_is_begun_in_the_users_own_store_and_found_there(run: Run, tmp_path: Path) -> None:
    begun = run("course", "new", "bed 4", "--by", "Dr. Löwe", "--json")
    assert begun.code == 0
    assert begun.json["database"] == str(tmp_path / "data" / "inotrope" / "courses.sqlite")
    listed = run("course", "list", "--json").json
    assert [course["label"] for course in listed["courses"]] == ["bed 4"]
    shown = run("course", "show", begun.json["id"], "--json").json
    assert [(event["kind"], event["by"]) for event in shown["events"]] == [("opened", "Dr. Löwe")]
    assert shown["head"] == begun.json["head"]


def test_without_a_word_it_is_whoever_is_logged_in(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "night shift")
    id = run("course", "new", "bed 4", "--json").json["id"]
    assert run("course", "show", id, "--json").json["events"][0]["by"] == "night shift"

    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert "--by NAME" in run("course", "new", "bed 4").err


def test_the_surroundings_name_the_store(run: Run, ward: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INOTROPE_DATABASE", ward)
    assert "2 courses" in run("course", "list").out


def test_a_list_and_a_course_in_plain_lines(run: Run, ward: str) -> None:
    assert run("course", "list", "--database", ward).out.splitlines() == [
        "bed-4  bed 4  (2 events)",
        "bed-5  bed 5  (1 event)",
        f"2 courses in {ward}.",
    ]
    lines = run("course", "show", "bed-4", "--database", ward).out.splitlines()
    assert lines[0].split() == ["COURSE", "BED", "4", "bed-4,", "2", "events"]
    (noted,) = [line for line in lines if "note: " in line]
    assert noted.split()[:3] == ["2", "2026-11-22", "08:00;"] and "Löwe" in noted
    assert "\x1b" not in noted


def test_a_sound_store_is_said_to_be(run: Run, ward: str) -> None:
    ended = run("course", "verify", "--database", ward)
    assert (ended.code, ended.out) == (0, "2 courses, 3 events, 0 documents: every one as it was kept.\n")
    assert run("course", "verify", "bed-5", "--database", ward).out.startswith("1 course, 1 event,")


def test_a_broken_chain_names_the_event_and_must_not_stand(run: Run, ward: str) -> None:
    spoil(ward)
    ended = run("course", "verify", "--database", ward)
    assert ended.code == 3
    assert "BROKEN: course bed-4, event 2: it does not say what was kept" in ended.out
    assert "BROKEN: guard 'events_no_update' is missing" in ended.out
    assert ended.out.splitlines()[-1].endswith(": 2 broken.")
    asked = run("course", "verify", "--database", ward, "--json")
    assert asked.code == 3
    assert [(item["course"], item["number"]) for item in asked.json["breaks"]] == [("bed-4", 2), (None, None)]
    assert run("course", "verify", "bed-5", "--database", ward).code == 0


def test_heads_from_elsewhere_find_a_store_that_was_written_anew(run: Run, ward: str, tmp_path: Path) -> None:
    heads = run("course", "heads", "--database", ward).out
    (tmp_path / "heads.txt").write_text(heads + "\n", encoding="utf-8")
    ended = run("course", "verify", "--heads", "heads.txt", "--database", ward)
    assert ended.code == 0
    assert "2 heads from elsewhere" in ended.out
    # What stands on paper: sixteen digits are enough.
    line = heads.splitlines()[0]
    (tmp_path / "heads.txt").write_text(line[: line.rindex(" ") + 17], encoding="utf-8")
    assert run("course", "verify", "--heads", "heads.txt", "--database", ward).code == 0
    other = str(tmp_path / "other.sqlite")
    run("course", "new", "bed 4", "--id", "bed-4", "--by", "eve", "--database", other)
    ended = run("course", "verify", "--heads", "heads.txt", "--database", other)
    assert ended.code == 3
    assert "BROKEN: course bed-4, event 2: was there when the head was written" in ended.out


@pytest.mark.parametrize("line", ["bed-4", "bed-4 2 abc", "bed-4 two " + "0" * 64, "bed-4 2 " + "0" * 64 + " more"])
def test_a_line_that_is_no_head_is_named(run: Run, ward: str, tmp_path: Path, line: str) -> None:
    (tmp_path / "heads.txt").write_text(f"\n{line}\n", encoding="utf-8")
    ended = run("course", "verify", "--heads", "heads.txt", "--database", ward)
    assert ended.code == 2
    assert ended.is_one_line()
    assert "heads.txt, line 2" in ended.err


def test_heads_as_json_hold_nothing_of_the_patient(run: Run, ward: str) -> None:
    heads = run("course", "heads", "--database", ward, "--json").json
    assert [set(head) for head in heads] == [{"id", "number", "hash"}] * 2


def test_a_backup_is_written_while_the_store_is_open_and_restored(run: Run, ward: str, tmp_path: Path) -> None:
    with open_store(ward):
        assert run("course", "backup", "all.jsonl.gz", "--database", ward).code == 0
    restored = run("course", "restore", "all.jsonl.gz", "--database", str(tmp_path / "new.sqlite"))
    assert restored.code == 0
    assert "bed-4  bed 4: 2 new events, 2 in all" in restored.out
    assert "user" not in restored.out
    heads = [run("course", "heads", "--database", where).out for where in (ward, str(tmp_path / "new.sqlite"))]
    assert heads[0] == heads[1]
    again = run("course", "restore", "all.jsonl.gz", "--database", ward)
    assert again.code == 2
    assert again.is_one_line()


def test_a_file_that_is_there_is_left_alone(run: Run, ward: str, tmp_path: Path) -> None:
    (tmp_path / "all.jsonl.gz").write_text("mine")
    ended = run("course", "backup", "all.jsonl.gz", "--database", ward)
    assert (ended.code, (tmp_path / "all.jsonl.gz").read_text()) == (2, "mine")
    assert run("course", "backup", "all.jsonl.gz", "--database", ward, "--overwrite").code == 0
    assert run("course", "backup", "all.zip", "--database", ward).code == 2


def test_a_course_is_exported_and_imported(run: Run, ward: str, tmp_path: Path) -> None:
    written = run("course", "export", "bed-4", "one.jsonl.gz", "--database", ward, "--json").json
    assert written == {"file": str(tmp_path / "one.jsonl.gz"), "courses": 1, "events": 2, "breaks": []}
    other = str(tmp_path / "other.sqlite")
    taken = run("course", "import", "one.jsonl.gz", "--database", other, "--json").json
    assert [(course["id"], course["new"]) for course in taken["courses"]] == [("bed-4", 2)]
    assert "bed-4  bed 4: nothing new, 2 in all" in run("course", "import", "one.jsonl.gz", "--database", other).out


@pytest.mark.parametrize("verb", ["restore", "import"])
def test_no_store_is_made_for_a_file_that_is_none(run: Run, tmp_path: Path, verb: str) -> None:
    (tmp_path / "all.jsonl.gz").write_text("Patient,Rate\n")
    ended = run("course", verb, "all.jsonl.gz", "--database", "new.sqlite")
    assert ended.code == 2
    assert ended.is_one_line()
    assert not (tmp_path / "new.sqlite").exists()


def test_a_backup_of_a_broken_store_says_so(run: Run, ward: str) -> None:
    spoil(ward)
    ended = run("course", "backup", "all.jsonl.gz", "--database", ward)
    assert ended.code == 3
    assert "BROKEN: course bed-4, event 2" in ended.out
    assert "cannot be restored" in ended.out


def test_a_store_of_an_older_form_is_brought_forward(run: Run, ward: str) -> None:
    ended = run("course", "upgrade", "--database", ward)
    assert (ended.code, "has the newest form" in ended.out) == (0, True)
    assert run("course", "upgrade", "--database", ward, "--json").json["before"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("list",), "does not exist"),
        (("verify",), "does not exist"),
        (("list", "--database", "."), "is a folder"),
        (("list", "--database", "mysql://ada:secret@db/x"), "no database that courses are kept in"),
        (("list", "--database", "postgresql://ada:secret@127.0.0.1:1/x"), "cannot be reached"),
        (("show", "bed-9", "--database", "ward.sqlite"), "no course 'bed-9'"),
        (("new", "", "--by", "ada"), "The label is empty"),
        (("new", "bed 4", "--by", " "), "whoever says so is empty"),
        (("new", "bed 4", "--id", "bed 4", "--by", "ada"), "no id of a course"),
        (("import", "nothing.gz", "--database", "ward.sqlite"), "cannot be read"),
        ((), "Say what"),
    ],
)
def test_what_is_wrong_is_one_line_and_says_no_password(run: Run, ward: str, words: tuple[str, ...], says: str) -> None:
    ended = run("course", *words, *(["--json"] if words else []))
    assert ended.code == 2
    told = ended.json["error"]["says"] if words else ended.err
    assert says in told
    assert "secret" not in ended.out + ended.err


def test_what_is_not_installed_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inotrope.course.keeping.find_spec", lambda name: None)
    ended = run("course", "list")
    assert ended.code == 2
    assert "pip install 'inotrope[course]'" in ended.err


def test_the_output_is_json_that_json_reads(run: Run, ward: str) -> None:
    for words in (("list",), ("show", "bed-4"), ("verify",), ("heads",), ("upgrade",)):
        json.loads(run("course", *words, "--database", ward, "--json").out)
