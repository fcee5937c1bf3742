"""Opens where courses are kept, and proves that it is one of ours, whole and of the newest form.

Knows how a connection of each database is made so that what was acknowledged is on the disk. It keeps nothing itself.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event

from inotrope.course.keeping.address import Address, PostgresqlAddress, SqliteAddress, read_address
from inotrope.course.keeping.faults import in_words
from inotrope.course.keeping.migrating import SCHEMAS, prove_schema, schema_of, upgrade
from inotrope.errors import CourseError, shorten

if TYPE_CHECKING:
    from inotrope.course.keeping.store import Courses

WAIT_S = 10.0
"""Seconds that a writer waits for another one."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


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
        with (
            in_words(self.address.shown),
            self.engine.connect() as connection,
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
                connection = connection.execution_options(  # noqa: PLW2901
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
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
    database, made = _connect(where, create=create)
    try:
        with database.reading() as connection:
            found = schema_of(connection)
        if found is None and create:
            found = _upgraded(database)
        prove_schema(found, database.address.shown)
    except BaseException:
        database.close()
        if made is not None and made.stat().st_size == 0:
            made.unlink()
        raise
    return database


def upgrade_database(where: str | Path | Address | None = None) -> tuple[str, str, str]:
    """Bring a database of an older form to the newest; nothing that is kept changes.

    Returns:
        The form before, the form after, and the database as errors name it.

    Raises:
        CourseError: As for `open_store`; a newer form.
    """
    database, _ = _connect(where, create=False)
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
        upgrade(connection)  # a second one who does it at the same moment finds nothing to do
        return str(schema_of(connection))


def _connect(where: str | Path | Address | None, *, create: bool) -> tuple[Database, Path | None]:
    """Return the database, unproven, and the empty file that was made for it, if one was."""
    address = where if isinstance(where, SqliteAddress | PostgresqlAddress) else read_address(where)
    if isinstance(address, PostgresqlAddress):
        return Database(address, _postgresql(address)), None
    made = _prepare(address, create=create)
    return Database(address, _sqlite(address)), address.path if made else None


def _prepare(address: SqliteAddress, *, create: bool) -> bool:
    """Prove that the file can be opened, or make an empty one that nobody else may read; tell whether it was made."""
    path, shown = address.path, shorten(address.shown)
    try:
        if path.is_dir():
            raise CourseError(f"'{shown}' is a folder, not a file. Name the file.", value=address.shown)
        if path.exists():
            return False
        if not create:
            says = f"'{shown}' does not exist. Check the name; 'inotrope course new' begins one."
            raise CourseError(says, value=address.shown)
        if address.is_default:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        elif not path.parent.is_dir():
            says = f"The folder of '{shown}' does not exist. Make it, or name another."
            raise CourseError(says, value=address.shown)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:  # another one made it in this moment
        return False
    except OSError as problem:
        says = f"'{shown}' cannot be opened: {problem.strerror}. Check the name and the right to it."
        raise CourseError(says, value=address.shown) from None
    return True


def _sqlite(address: SqliteAddress) -> Engine:
    def connect() -> sqlite3.Connection:
        # Never made by opening; a transaction begins where the store says so, not where the driver thinks.
        connection = sqlite3.connect(
            f"file:{quote(str(address.path))}?mode=rw",
            uri=True,
            timeout=WAIT_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, hide_parameters=True, poolclass=_queue())
    event.listen(engine, "begin", _begin)
    return engine


def _queue() -> Any:
    from sqlalchemy.pool import QueuePool  # noqa: PLC0415

    return QueuePool


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begins", "BEGIN"))


def _postgresql(address: PostgresqlAddress) -> Engine:
    if find_spec("pg8000") is None:
        says = "PostgreSQL needs a package that is not installed: pg8000. Run: pip install 'inotrope[postgresql]'"
        raise CourseError(says, accepted="pip install 'inotrope[postgresql]'")
    from pg8000 import dbapi  # noqa: PLC0415

    def connect() -> Any:
        connection = dbapi.connect(
            address.user,
            host=address.host,
            port=address.port,
            database=address.database,
            password=address.password,
            unix_sock=address.socket,
            ssl_context=_tls(address),
            application_name="inotrope",
        )
        _prove_server(connection, address)
        return connection

    return create_engine("postgresql+pg8000://", creator=connect, hide_parameters=True, pool_pre_ping=True)


def _tls(address: PostgresqlAddress) -> Any:
    """Return how the line is encrypted: always, and the server proven, except on this machine."""
    if not address.tls or address.socket is not None or (address.host in _LOOPBACK and address.authority is None):
        return False
    import ssl  # noqa: PLC0415

    try:
        return ssl.create_default_context(cafile=address.authority)
    except OSError as problem:
        says = f"The authority's file '{shorten(str(address.authority))}' cannot be read: {problem.strerror}."
        raise CourseError(says, value=str(address.authority)) from None


def _prove_server(connection: Any, address: PostgresqlAddress) -> None:
    """Prove that the server keeps what it acknowledges, and every letter."""
    cursor = connection.cursor()
    cursor.execute(
        "SELECT current_setting('server_encoding'), current_setting('fsync'), "
        "CASE WHEN current_setting('synchronous_commit') = 'off' "
        "THEN set_config('synchronous_commit', 'on', false) END"
    )
    encoding, fsync, _ = cursor.fetchone()
    connection.commit()
    if encoding != "UTF8":
        says = f"'{shorten(address.shown)}' keeps text as {encoding}. Make a database with encoding UTF8."
        raise CourseError(says, value=encoding, accepted="UTF8")
    if fsync != "on":
        says = f"'{shorten(address.shown)}' runs with fsync off: what it acknowledges can be lost. Switch it on."
        raise CourseError(says, value=fsync, accepted="on")
