"""A server that is away, is not the one that was meant, keeps less than it says, or does not let a user in."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from inotrope.access.gate import Gate
from inotrope.access.roles import Role
from inotrope.course import open_store
from inotrope.course.keeping.address import PostgresqlAddress
from inotrope.course.keeping.opening import open_database
from inotrope.course.keeping.postgresql_server import encryption
from inotrope.errors import CourseError
from tests.course.keeping.tampering import noted, three_events

if TYPE_CHECKING:
    from tests.databases import Server


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://ada:secret@127.0.0.1:1/courses", "cannot be reached"),
        ("postgresql://ada:secret@/courses?socket=/nowhere/.s.PGSQL.1", "cannot be reached"),
    ],
)
def test_a_server_that_is_not_there_is_said_without_the_password(url: str, says: str) -> None:
    with pytest.raises(CourseError, match=says) as caught:
        open_store(url)
    assert "secret" not in str(caught.value.to_plain())


def test_a_database_or_a_user_that_the_server_does_not_know_is_said(postgresql: Server) -> None:
    with pytest.raises(CourseError, match="has no database of that name"):
        open_store(postgresql.url("nowhere"))
    with pytest.raises(CourseError, match="does not let this user in"):
        open_store(postgresql.url("postgres", user="nobody_here"))


def test_a_user_without_the_right_is_told(postgresql: Server) -> None:
    name = postgresql.new()
    with open_store(postgresql.url(name), create=True) as store:
        postgresql.ask("CREATE ROLE looker LOGIN", name)
        postgresql.ask("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker", name)
        three_events(store)
        with open_store(postgresql.url(name, user="looker")) as looking:
            assert looking.course("bed-4").number == 3
            with pytest.raises(CourseError, match="does not let this user do that"):
                looking.new("bed 5", "eve")


@pytest.fixture
def lesser(postgresql: Server) -> Iterator[str]:
    """The address of a store for a user who may what docs/keeping_courses.md lets the server do, and nothing else."""
    guide = (Path(__file__).parents[3] / "docs" / "keeping_courses.md").read_text("utf-8")
    statements = guide.partition("```sql")[2].partition("```")[0]
    name = postgresql.new()
    open_store(postgresql.url(name), create=True).close()
    postgresql.ask(statements, name)
    yield postgresql.url(name, user="ward")
    postgresql.ask("DROP OWNED BY ward; DROP ROLE ward", name)


def test_a_user_who_owns_nothing_may_do_all_that_a_server_does(lesser: str) -> None:
    with open_store(lesser) as store:
        three_events(store)
        gate = Gate(store.database)
        gate.users.add("adams", [Role.PLAN], "four words for a ward")
        token = gate.log_in("adams", "four words for a ward", address="10.0.0.1")
        found = gate.find(token)
        assert found is not None
        gate.audit.write("adams", "GET /courses", "200")
        gate.log_out(token, found.who, address="10.0.0.1")
        gate.users.give("adams", [Role.VIEW])
        assert store.verify().breaks == ()
        assert gate.audit.verify() == (3, ())


@pytest.mark.hazard("record-lost-or-changed")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET body = '{}'",
        "DELETE FROM audit",
        "TRUNCATE events",
        "DROP TRIGGER events_never ON events",
        "ALTER TABLE audit DISABLE TRIGGER audit_never",
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "DROP FUNCTION inotrope_never() CASCADE",
        "CREATE OR REPLACE FUNCTION inotrope_never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "DELETE FROM users",
        "DROP TABLE audit",
        "CREATE RULE r AS ON INSERT TO audit DO INSTEAD NOTHING",
        "GRANT UPDATE ON events TO ward",
    ],
)
def test_a_user_who_owns_nothing_takes_no_guard_off(lesser: str, statement: str) -> None:
    with open_store(lesser) as store:
        three_events(store)
        with pytest.raises(DBAPIError), store.database.engine.begin() as connection:
            connection.execute(text(statement))
            if statement.startswith("GRANT"):  # it warns, and gives nothing
                connection.execute(text("UPDATE events SET body = '{}'"))
        assert store.verify().breaks == ()


def test_a_server_that_does_not_keep_what_it_acknowledges_is_refused(postgresql: Server) -> None:
    url = postgresql.url(postgresql.new())
    try:
        for fsync in ("off", "on"):
            postgresql.ask(f"ALTER SYSTEM SET fsync = {fsync}")
            postgresql.ask("SELECT pg_reload_conf()")
            for _ in range(100):  # it takes a moment until every process of the server has heard of it
                try:
                    open_store(url, create=True).close()
                    found = "on"
                except CourseError as problem:
                    assert "runs with fsync off" in str(problem)
                    found = "off"
                if found == fsync:
                    break
                time.sleep(0.05)
            assert found == fsync
    finally:
        postgresql.ask("ALTER SYSTEM RESET fsync")
        postgresql.ask("SELECT pg_reload_conf()")


@pytest.mark.parametrize(("answer", "says"), [(b"N", "takes no encrypted line"), (b"S", "not proven to be the server")])
def test_a_server_that_speaks_no_proven_tls_is_told_nothing(answer: bytes, says: str, tmp_path: Path) -> None:
    heard: list[bytes] = []

    def serve(listening: socket.socket) -> None:
        line, _ = listening.accept()
        with line:
            heard.append(line.recv(100))
            line.sendall(answer)
            heard.append(line.recv(10_000))
            line.sendall(b"no greeting of TLS")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=serve, args=(listening,))
        server.start()
        port = listening.getsockname()[1]
        address = PostgresqlAddress("127.0.0.1", port, "courses", "ada", "secret", authority=Path(ssl_file()))
        with pytest.raises(CourseError, match=says):
            open_store(address)
        server.join()
    assert b"secret" not in b"".join(heard)
    assert b"ada" not in b"".join(heard)


def ssl_file() -> str:
    """Some authorities: those that the system or Python carries."""
    import certifi

    return certifi.where()


def test_a_database_of_another_encoding_is_refused(postgresql: Server) -> None:
    postgresql.ask("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(CourseError, match="keeps text as LATIN1"):
        open_store(postgresql.url("latin"), create=True)


def test_what_was_acknowledged_is_on_the_disk_whatever_the_server_says(postgresql: Server) -> None:
    name = postgresql.new()
    postgresql.ask(f"ALTER DATABASE {name} SET synchronous_commit = off")
    database = open_database(postgresql.url(name), create=True)
    with database.reading() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
    database.close()


def test_a_server_that_was_switched_off_and_on_goes_on(postgresql: Server) -> None:
    with open_store(postgresql.url(postgresql.new()), create=True) as store:
        three_events(store)
        postgresql.stop()
        with pytest.raises(CourseError, match="cannot be reached"):
            store.append("bed-4", noted("while it is off"), seen=3)
        postgresql.start()
        assert store.append("bed-4", noted("while it is on"), seen=3).event.number == 4
        assert store.verify().breaks == ()


def test_the_line_to_another_machine_is_encrypted_and_the_server_proven(tmp_path: Path) -> None:
    import ssl

    def line(**more: object) -> object:
        return encryption(PostgresqlAddress("db.ward", 5432, "courses", "ada", **more))  # type: ignore[arg-type]

    context = line()
    assert isinstance(context, ssl.SSLContext)
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert line(tls=False) is False
    assert line(socket="/run/pg/.s.PGSQL.5432") is False
    assert encryption(PostgresqlAddress("localhost", 5432, "courses", "ada")) is False
    with pytest.raises(CourseError, match=r"authority's file .* cannot be read"):
        line(authority=tmp_path / "nothing.pem")


def test_postgresql_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inotrope.course.keeping.opening.find_spec", lambda name: None)
    with pytest.raises(CourseError, match=r"pip install 'inotrope\[postgresql\]'"):
        open_store("postgresql://ada@db/courses")
