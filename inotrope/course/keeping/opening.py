"""Opens where courses are kept, and proves that it is one of ours, whole and of the newest form.

Knows the two ways into an open database: a transaction that writes, and one that sees one moment. How each database is
connected to stands in `sqlite_file.py` and `postgresql_server.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, text

from inotrope.course.keeping import sqlite_file
from inotrope.course.keeping.address import Address, PostgresqlAddress, SqliteAddress, read_address
from inotrope.course.keeping.faults import in_words
from inotrope.course.keeping.migrating import SCHEMAS, prove_schema, schema_of, upgrade
from inotrope.errors import CourseError

if TYPE_CHECKING:
    from inotrope.course.keeping.store import Courses

WAIT_S = 10.0
"""Seconds that a writer waits for another one, and that a server may take to answer a call."""
_MAKING = 7_203_118
"""The number of the lock that PostgreSQL keeps while tables are made; any number, the same in every program."""


@dataclass(frozen=True)
class Database:
    """An open database, with its two ways in.

    Attributes:
        address: Where it is.
        engine: Its connections.
    """

    address: Address
    engine: Engine

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that writes: all of it is kept when the block ends, or nothing when it raises.

        Raises:
            CourseError: The database cannot.
        """
        with in_words(self.address.shown):  # up to here nothing was to be kept
            connection = self.engine.connect()
        with (
            in_words(self.address.shown, writing=True),
            connection,
            connection.execution_options(begins="BEGIN IMMEDIATE").begin(),
        ):
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one moment's state, whatever others write meanwhile.

        Raises:
            CourseError: The database cannot.
        """
        with in_words(self.address.shown), self.engine.connect() as connection:
            if connection.dialect.name != "sqlite":  # there each transaction is such a one
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_store(where: str | Path | Address | None = None, *, create: bool = False) -> Courses:
    """Open where courses are kept.

    Args:
        where: A file or an address; None for `INOTROPE_DATABASE` or the user's own store.
        create: Make it where there is none.

    Raises:
        CourseError: It is not there, not ours, of another form, locked, or may not be opened.
    """
    from inotrope.course.keeping.store import Courses  # noqa: PLC0415 - it stands on this file

    return Courses(open_database(where, create=create))


def open_database(where: str | Path | Address | None = None, *, create: bool = False) -> Database:
    """Open the database itself; see `open_store`."""
    database = _connect(where, create=create)
    try:
        with database.reading() as connection:
            found = schema_of(connection)
        if found is None and create:
            found = _upgraded(database)
        prove_schema(found, database.address.shown)
    except BaseException:
        database.close()
        raise
    return database


def upgrade_database(where: str | Path | Address | None = None) -> tuple[str, str, str]:
    """Bring a database of an older form to the newest; nothing that is kept changes.

    Returns:
        The form before, the form after, and the database as errors name it.

    Raises:
        CourseError: As for `open_store`; a newer form.
    """
    database = _connect(where, create=False)
    try:
        with database.reading() as connection:
            found = schema_of(connection)
        if found not in SCHEMAS:
            prove_schema(found, database.address.shown)
        return str(found), _upgraded(database), database.address.shown
    finally:
        database.close()


def _upgraded(database: Database) -> str:
    with database.writing() as connection:
        if connection.dialect.name != "sqlite":  # there whoever writes is alone
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MAKING})"))
        upgrade(connection)  # a second one who does it at the same moment finds nothing to do
        return str(schema_of(connection))


def _connect(where: str | Path | Address | None, *, create: bool) -> Database:
    """Return the database, unproven. A file that was made for it stays: an empty one is no store and does no harm."""
    address = where if isinstance(where, SqliteAddress | PostgresqlAddress) else read_address(where)
    if isinstance(address, PostgresqlAddress):
        return Database(address, _postgresql(address))
    sqlite_file.prepare(address, create=create)
    return Database(address, _sqlite(address))


def _sqlite(address: SqliteAddress) -> Engine:
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite_file.connect(address, WAIT_S), hide_parameters=True, poolclass=QueuePool
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begins", "BEGIN"))


def _postgresql(address: PostgresqlAddress) -> Engine:
    if find_spec("pg8000") is None:
        accepted = "pip install 'inotrope[postgresql]'"
        says = f"PostgreSQL needs a package that is not installed: pg8000. Run: {accepted}"
        raise CourseError(says, accepted=accepted)
    from inotrope.course.keeping import postgresql_server  # noqa: PLC0415 - a file of SQLite needs no server

    return create_engine(
        "postgresql+pg8000://",
        creator=lambda: postgresql_server.connect(address, WAIT_S),
        hide_parameters=True,
        pool_pre_ping=True,
    )
