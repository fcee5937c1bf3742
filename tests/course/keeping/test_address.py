"""Where courses are kept, as a user writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from inotrope.course.keeping.address import PostgresqlAddress, SqliteAddress, read_address
from inotrope.errors import CourseError


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/srv/courses.sqlite", "/srv/courses.sqlite"),
        (Path("/srv/courses.sqlite"), "/srv/courses.sqlite"),
        ("sqlite:////srv/courses.sqlite", "/srv/courses.sqlite"),
        ("sqlite:////srv/a%20b.sqlite", "/srv/a b.sqlite"),
    ],
)
def test_a_file_is_named_or_addressed(written: str | Path, path: str) -> None:
    assert read_address(written, {}) == SqliteAddress(Path(path))
    assert read_address(written, {}).shown == path


def test_a_relative_file_is_one_of_this_folder() -> None:
    assert read_address("sqlite:///ward.sqlite", {}) == SqliteAddress(Path.cwd() / "ward.sqlite")


def test_without_a_word_it_is_the_users_own_store() -> None:
    assert read_address(None, {"XDG_DATA_HOME": "/data"}) == SqliteAddress(Path("/data/inotrope/courses.sqlite"), True)
    assert read_address(None, {}) == SqliteAddress(Path.home() / ".local/share/inotrope/courses.sqlite", True)
    # The specification of these folders demands that a relative one is passed over.
    assert read_address(None, {"XDG_DATA_HOME": "data"}) == read_address(None, {})


def test_the_surroundings_may_name_it_and_the_command_goes_first() -> None:
    surroundings = {"INOTROPE_DATABASE": "/srv/ward.sqlite"}
    assert read_address(None, surroundings) == SqliteAddress(Path("/srv/ward.sqlite"))
    assert read_address("/srv/other.sqlite", surroundings) == SqliteAddress(Path("/srv/other.sqlite"))


def test_postgresql_is_one_line_and_its_password_is_never_shown() -> None:
    found = read_address("postgresql+pg8000://ada:se%40cret@db.ward:6432/courses?ca=/etc/ca.pem", {})
    assert found == PostgresqlAddress("db.ward", 6432, "courses", "ada", "se@cret", authority=Path("/etc/ca.pem"))
    assert found.shown == "postgresql://ada@db.ward:6432/courses"
    assert "se@cret" not in repr(found)


def test_a_socket_and_a_password_of_the_surroundings() -> None:
    found = read_address("postgresql://ada@/courses?socket=/run/pg/.s.PGSQL.5432&tls=off", {"PGPASSWORD": "secret"})
    assert found == PostgresqlAddress(
        "localhost", 5432, "courses", "ada", "secret", socket="/run/pg/.s.PGSQL.5432", tls=False
    )
    assert found.shown == "postgresql://ada@/run/pg/.s.PGSQL.5432/courses"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "empty"),
        ("mysql://ada:secret@db/courses", "no database that courses are kept in"),
        ("sqlite:///", "names no file"),
        ("sqlite://ward.sqlite", "names no file"),
        ("postgresql://db.ward/courses", "not all it needs"),
        ("postgresql://ada:secret@db.ward", "not all it needs"),
        ("postgresql://ada:secret@/courses", "not all it needs"),
        ("postgresql://ada:secret@db:seven/courses", "cannot be read"),
        ("postgresql://ada:secret@db/courses?sslmode", "cannot be read"),
        ("postgresql://ada:secret@db/courses?sslmode=off", "takes socket, ca, tls"),
        ("postgresql://ada:secret@db/courses?tls=perhaps", "Write tls=on or tls=off"),
    ],
)
def test_an_address_that_is_none_is_refused_and_says_no_password(written: str, says: str) -> None:
    with pytest.raises(CourseError, match=says) as caught:
        read_address(written, {})
    assert "secret" not in str(caught.value.to_plain())


@pytest.mark.parametrize(
    "written",
    [
        "postgresql:/inotrope:SECRET@db.ward/courses",
        "postgresql//inotrope:SECRET@db.ward/courses",
        "Postgres:inotrope:SECRET@db.ward/courses",
        "postgresql+pg8000:/inotrope:SECRET@db.ward/courses",
        "sqlite:/srv/ward.sqlite",
    ],
)
def test_an_address_with_a_slash_too_few_becomes_no_file_of_its_name(written: str) -> None:
    with pytest.raises(CourseError, match="begins as one and is none") as told:
        read_address(written)
    assert "SECRET" not in str(told.value.to_plain())


@pytest.mark.parametrize("written", ["postgres/ward.sqlite", "./sqlite:ward", "sqlites", "postgresql"])
def test_a_file_may_be_called_nearly_so(written: str) -> None:
    found = read_address(written)
    assert isinstance(found, SqliteAddress)
    assert found.path == Path(written).absolute()
