"""`inotrope course user` and `audit`: who may, said on the command line, with no password in it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from inotrope.course.keeping.opening import open_database
from tests.cli.conftest import Run

GOOD = b"four words for a ward\n"


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where users are kept."""
    path = tmp_path / "ward.sqlite"
    monkeypatch.setenv("INOTROPE_DATABASE", str(path))
    return path


def test_a_user_is_added_listed_changed_and_kept_out(run: Run, at: Path) -> None:
    added = run("course", "user", "add", "Adams", "--role", "plan, confirm", given=GOOD)
    assert (added.code, added.out) == (0, "adams: confirm, plan; logs in by a password\n")
    assert oct(at.stat().st_mode)[-3:] == "600"
    assert run("course", "user", "role", "adams", "--role", "view").out == "adams: view; logs in by a password\n"
    assert run("course", "user", "disable", "adams").out.endswith("DISABLED\n")
    assert run("course", "user", "list").out.endswith("DISABLED\n1 user.\n")
    plain = run("course", "user", "enable", "adams", "--json").json
    assert plain == {"name": "adams", "roles": ["view"], "way": "password", "disabled": False}
    assert run("course", "user", "list", "--json").json == {"users": [plain]}
    assert run("course", "user", "password", "adams", given=b"other words for a ward\n").code == 0


@pytest.mark.parametrize(
    ("words", "given", "says"),
    [
        (["add", "adams", "--role", "plan"], b"short\n", "15 to 256 characters; this one has 5"),
        (["add", "adams", "--role", "plan"], b"", "No password came"),
        (["add", "two words", "--role", "plan"], GOOD, "no name of a user"),
        (["add", "adams", "--role", "doctor"], GOOD, "'doctor' is not a role"),
        (["add", "adams", "--role", ","], GOOD, "No role is named"),
        (["add", "adams"], GOOD, "--role"),
        (["add", "adams", "--role", "plan", "--password", "x"], GOOD, "'--password' is no option"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(run: Run, at: Path, words: list[str], given: bytes, says: str) -> None:
    ended = run("course", "user", *words, given=given)
    assert ended.code == 2
    assert ended.is_one_line()
    assert says in ended.err
    assert "four words" not in ended.err


def test_a_user_who_is_not_there_is_told_with_the_nearest(run: Run, at: Path) -> None:
    run("course", "user", "add", "adams", "--role", "plan", given=GOOD)
    ended = run("course", "user", "disable", "adam")
    assert (ended.code, "the nearest known: 'adams'" in ended.err) == (2, True)


def test_a_password_is_asked_for_twice_at_a_terminal(run: Run, at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    typed = iter(["four words for a ward", "four words for a ward", "four words for a ward", "other"])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    assert run("course", "user", "add", "adams", "--role", "plan").code == 0
    differ = run("course", "user", "password", "adams")
    assert (differ.code, "differ" in differ.err) == (2, True)


def test_packages_that_are_missing_are_named(run: Run, at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inotrope.cli.course.users.NEEDED", ("no_such_package",))
    ended = run("course", "user", "list")
    assert "pip install 'inotrope[web,course]'" in ended.err


def test_a_machine_that_knows_no_name_changes_users_all_the_same(
    run: Run, at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise OSError

    monkeypatch.setattr("getpass.getuser", nobody)
    assert run("course", "user", "add", "adams", "--role", "plan", given=GOOD).code == 0
    assert "unknown (command line) user add adams done" in run("course", "audit").out


def test_the_audit_tells_what_was_done_and_a_change_of_it(run: Run, at: Path) -> None:
    run("course", "user", "add", "adams", "--role", "plan", given=GOOD)
    run("course", "user", "disable", "adams")
    assert run("course", "audit", "--rows", "1").out.count("user ") == 1
    told = run("course", "audit", "--json")
    assert told.code == 0
    assert [row["did"] for row in told.json["shown"]] == ["user disable adams", "user add adams"]
    assert run("course", "audit", "--course", "k7m2").out == "2 rows; the chain holds.\n"
    database = open_database(at)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET did = 'nothing' WHERE number = 1")
    database.close()
    broken = run("course", "audit")
    assert broken.code == 3
    assert "BROKEN: row 1 is not what was written" in broken.out
    assert json.loads(run("course", "audit", "--json").out)["breaks"]
