"""The audit: every row chained onto the one before, nothing of a patient in it, and every change of it found."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from inotrope.access.audit import START, Audit
from inotrope.access.gate import Gate
from inotrope.access.roles import Role
from inotrope.course.keeping.opening import Database
from inotrope.errors import AccessError
from tests.access.conftest import GOOD, Clock


@pytest.fixture
def audit(gate: Gate) -> Audit:
    gate.audit.write("adams", "GET /courses/{course}", "200", course="k7m2-q9xt-4bhw", address="10.0.0.1")
    gate.audit.write("brown", "POST /courses/{course}/level", "303", course="k7m2-q9xt-4bhw")
    gate.audit.write("clark", "GET /courses", "200")
    return gate.audit


def unguarded(opened: Database, *statements: str) -> None:
    """Do what only somebody can who has the database itself: take the guards away, and write."""
    with opened.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for act in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS audit_no_{act}"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(text(statement))


def test_rows_come_the_last_first_and_name_no_course(audit: Audit, clock: Clock) -> None:
    rows = audit.rows()
    assert [(row.number, row.who, row.outcome) for row in rows] == [
        (3, "clark", "200"),
        (2, "brown", "303"),
        (1, "adams", "200"),
    ]
    assert rows[2].previous == START
    assert [rows[0].previous, rows[1].previous] == [rows[1].hash, rows[2].hash]
    assert rows[0].at.timestamp() == clock.now
    assert "k7m2" not in str(rows)
    assert rows[1].course == rows[2].course != rows[0].course == ""
    assert [row.number for row in audit.rows(most=1, before=3)] == [2]
    assert [row.number for row in audit.rows(course="k7m2-q9xt-4bhw")] == [2, 1]
    assert audit.rows(course="another") == ()


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'x'", "DELETE FROM audit", "DELETE FROM site"])
def test_the_database_refuses_to_change_it(audit: Audit, opened: Database, statement: str) -> None:
    with pytest.raises(DBAPIError), opened.engine.begin() as connection:
        connection.execute(text(statement))
    assert audit.verify() == (3, ())
    assert audit.count() == 3


@pytest.mark.parametrize("column", ["at", "who", "did", "course", "address", "outcome", "previous", "hash"])
def test_a_change_of_any_column_is_found_and_named(audit: Audit, opened: Database, column: str) -> None:
    unguarded(opened, f"UPDATE audit SET {column} = 'x' WHERE number = 2")
    count, breaks = audit.verify()
    assert count == 3
    assert "row 2 is not what was written" in breaks[0]


def test_a_row_that_was_taken_out_is_found(audit: Audit, opened: Database) -> None:
    unguarded(opened, "DELETE FROM audit WHERE number = 2")
    assert audit.verify()[1] == ("row 2 is missing: row 3 follows", "row 3 does not follow the row before it")


def test_a_cut_end_is_found(audit: Audit, opened: Database) -> None:
    unguarded(opened, "DELETE FROM audit WHERE number = 3")
    assert audit.verify()[1] == ("the audit should end at row 3, and ends at 2: it was cut or added to",)


def test_many_at_once_make_one_chain(gate: Gate) -> None:
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda number: gate.audit.write(f"user{number}", "GET /", "200"), range(18)))
    assert gate.audit.verify() == (18, ())
    assert {row.who for row in gate.audit.rows()} == {f"user{number}" for number in range(18)}


def test_every_login_is_in_it_and_nothing_that_was_typed(gate: Gate, clock: Clock) -> None:
    gate.users.add("adams", [Role.VIEW], GOOD)
    before = gate.log_in("adams", GOOD, address="10.0.0.1")
    for name, password in (("adams", "wrong words of a ward"), ("my password by mistake", "x"), ("no\x00one", "x")):
        with pytest.raises(AccessError, match="do not belong together"):
            gate.log_in(name, password, address="10.0.0.2")
    again = gate.log_in("ADAMS", GOOD, address="10.0.0.1", before=before)
    assert gate.find(before) is None  # another login of the same browser ends the one before
    found = gate.find(again)
    assert found is not None
    gate.log_out(again, found.who, address="10.0.0.1")
    assert gate.find(again) is None
    assert [(row.who, row.did, row.outcome) for row in reversed(gate.audit.rows())] == [
        ("adams", "login", "done"),
        ("adams", "login", "refused"),
        ("", "login", "refused"),
        ("", "login", "refused"),
        ("adams", "login", "done"),
        ("adams", "logout", "done"),
    ]
    assert gate.ways == ("password",)


def test_a_hash_of_less_work_is_made_anew_at_the_login(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    from inotrope.access import passwords

    gate.users.add("adams", [Role.VIEW], GOOD)
    kept = gate.users.find("adams")
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    token = gate.log_in("adams", GOOD, address="10.0.0.1")
    now = gate.users.find("adams")
    assert kept is not None
    assert now is not None
    assert kept.password != now.password
    assert gate.find(token) is not None
    assert gate.log_in("adams", GOOD, address="10.0.0.1")


def test_an_unknown_name_and_a_wrong_password_have_the_same_words_after_the_same_work(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inotrope.access import gate as file

    gate.users.add("adams", [Role.VIEW], GOOD)
    gate.users.add("brown", [Role.VIEW], GOOD)
    gate.users.disable("brown")
    done: list[str] = []
    real = file.is_password
    monkeypatch.setattr(file, "is_password", lambda given, kept: done.append("hashed") or real(given, kept))
    said = set()
    for name, password in (("adams", "wrong words"), ("nobody", "wrong words"), ("brown", GOOD), ("a b", GOOD)):
        with pytest.raises(AccessError) as told:
            gate.log_in(name, password, address="10.0.0.1")
        said.add(str(told.value.to_plain()))
    assert len(said) == 1
    assert done == ["hashed"] * 4


def test_where_the_hospital_has_no_login_nobody_comes_in_by_it(gate: Gate) -> None:
    with pytest.raises(AccessError, match="no login of the hospital's own"):
        gate.log_in_by_hospital("code", "state", browser="", address="10.0.0.1")


def test_a_wait_is_told_as_one_says_it() -> None:
    from inotrope.access.gate import _in_words

    assert [_in_words(seconds) for seconds in (30, 90, 91, 900)] == [
        "30 seconds",
        "90 seconds",
        "2 minutes",
        "15 minutes",
    ]
