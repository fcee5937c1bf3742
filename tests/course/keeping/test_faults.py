"""What a database says when it cannot: in words, without what was to be kept, without a password."""

from __future__ import annotations

import sqlite3

import pytest
from pg8000 import dbapi
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, NoSuchTableError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from inotrope.course.keeping.faults import in_words
from inotrope.errors import CourseError

SECRET = "Mrs. Smith"


def said(raised: Exception) -> str:
    with pytest.raises(CourseError) as caught, in_words("ward.sqlite"):
        raise raised
    assert SECRET not in str(caught.value.to_plain())
    assert str(caught.value).startswith("'ward.sqlite' ")
    return str(caught.value)


def wrapped(original: Exception) -> DBAPIError:
    return DBAPIError(f"INSERT {SECRET}", {"label": SECRET}, original)


# PostgreSQL 15, appendix A: the codes; the texts are of no matter, and are not repeated.
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("28P01", "does not let this user in"),
        ("3D000", "has no database of that name"),
        ("42501", "does not let this user do that"),
        ("25006", "can only be read"),
        ("53100", "its disk is full"),
        ("53300", "connections are used up"),
        ("57P01", "is shutting down or starting"),
        ("55P03", "locked by another program"),
        ("40P01", "asked by two at once"),
        ("XX001", "its data are damaged"),
        ("22001", "a fault that is not known here (DatabaseError)"),
    ],
)
def test_what_postgresql_says_is_said_in_words(code: str, words: str) -> None:
    assert words in said(wrapped(dbapi.DatabaseError({"C": code, "M": SECRET})))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("server requesting password authentication, but no password was provided", "asks for a password"),
        ("Server refuses SSL", "takes no encrypted line"),
        ("network error", "cannot be reached"),
    ],
)
def test_what_the_line_to_it_says_is_said_in_words(told: str, words: str) -> None:
    assert words in said(wrapped(dbapi.InterfaceError(told)))
    assert "cannot be reached" in said(wrapped(dbapi.InterfaceError()))


def test_bytes_that_are_no_text_are_damage() -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute("SELECT CAST(X'ff' AS TEXT)").fetchall()
    connection.close()
    assert "is damaged" in said(wrapped(caught.value))


def test_damage_that_sqlite_tells_of_in_bytes_that_are_no_text() -> None:
    assert "is damaged" in said(UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, "invalid start byte"))


def test_what_nobody_foresaw_is_said_without_what_was_to_be_kept() -> None:
    assert "fault that is not known here" in said(wrapped(sqlite3.OperationalError(f"near {SECRET}")))
    assert "fault that is not known here (NoSuchTableError)" in said(NoSuchTableError(SECRET))
    assert "too many ask at once" in said(PoolTimeout())
    assert "fault that is not known here (NoneType)" in said(DBAPIError(SECRET, {}, None))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raised", "became"),
    [
        (PoolTimeout(), "Nothing of it was kept, and what was kept before stands"),
        (wrapped(dbapi.DatabaseError({"C": "53100"})), "Nothing of it was kept, and what was kept before stands"),
        (wrapped(dbapi.InterfaceError("network error")), "Whether it was kept is not known"),
        (wrapped(dbapi.DatabaseError({"C": "57P01"})), "Whether it was kept is not known"),
        (DBAPIError(SECRET, {}, None), "Whether it was kept is not known"),  # type: ignore[arg-type]
    ],
)
def test_what_became_of_what_was_to_be_kept_is_said_where_something_was(raised: Exception, became: str) -> None:
    assert "was kept" not in said(raised)
    with pytest.raises(CourseError, match=became), in_words("ward.sqlite", writing=True):
        raise raised


def test_a_real_fault_of_sqlite_passes_through_the_same_words() -> None:
    engine = create_engine("sqlite://")
    with pytest.raises(CourseError, match="not known here"), in_words("ward.sqlite"), engine.connect() as connection:
        connection.execute(text("SELECT * FROM nowhere"))
    engine.dispose()
