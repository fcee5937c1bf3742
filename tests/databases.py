"""The databases that the tests of kept courses are run on: a file of SQLite, and a real PostgreSQL.

A folder's conftest takes the fixtures over: `from tests.databases import *`. The server is Debian's
own programs in a folder of its own that only its socket leads to; the system's cluster is left alone.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

__all__ = ["database", "empty", "kind", "postgresql", "postgresql_form", "sqlite_form"]

REQUIRED = "INOTROPE_POSTGRES_TESTS"
"""Set to `required` where a missing PostgreSQL is a failure and no excuse."""
LEFT_OUT = "no PostgreSQL is installed (Debian: apt-get install postgresql)"
_OWNER = "postgres"
_NUMBERS = count(1)


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL.

    Attributes:
        folder: Where its data and its socket lie.
        programs: Where `initdb` and the others lie.
    """

    folder: Path
    programs: Path

    def url(self, name: str, user: str = "inotrope") -> str:
        """The address of one of its databases."""
        return f"postgresql://{user}@/{name}?socket={self.folder}/.s.PGSQL.5432"

    def ask(self, statement: str, database: str = "postgres") -> None:
        """Run a statement as the owner of the server, outside of any transaction."""
        from pg8000 import dbapi  # a run without these tests loads no database

        socket = f"{self.folder}/.s.PGSQL.5432"
        with closing(dbapi.connect("inotrope", database=database, unix_sock=socket)) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)

    def run(self, *command: str | Path) -> str:
        """Run one of its programs, as somebody who is not root: the server takes no other."""
        owner = {"user": _OWNER, "group": _OWNER, "extra_groups": []} if os.getuid() == 0 else {}
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            **owner,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c max_connections=60"
        log = self.folder / "log"
        self.run(self.programs / "pg_ctl", "-D", self.folder / "data", "-w", "-l", log, "-o", settings, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it: `fast`, or `immediate`, as a power cut does."""
        self.run(self.programs / "pg_ctl", "-D", self.folder / "data", "-w", "-m", how, "stop")

    def new(self) -> str:
        """Make an empty database, and return its name."""
        name = f"test_{next(_NUMBERS)}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        return name


def installed() -> Path | None:
    """Return where a PostgreSQL's programs are, or None; Debian keeps the server's out of the way of a shell."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3].zfill(4))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    """A server in a new folder, which goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="inotrope-pg-"))
    if os.getuid() == 0:
        owner = pwd.getpwnam(_OWNER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    server = Server(folder, programs)
    made = ("-U", "inotrope", "-A", "trust", "-E", "UTF8", "--no-sync")
    try:
        server.run(programs / "initdb", "-D", folder / "data", *made)
        server.start()
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    programs = installed()
    if programs is None:
        if os.environ.get(REQUIRED) == "required":
            pytest.fail(f"{LEFT_OUT}, and {REQUIRED} demands it")
        pytest.skip(LEFT_OUT)
    with running(programs) as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with the tables in their newest form, to be copied."""
    path = tmp_path_factory.mktemp("form") / "courses.sqlite"
    _make(str(path))
    return path


@pytest.fixture(scope="session")
def postgresql_form(postgresql: Server) -> str:
    """The name of a database of PostgreSQL with the tables in their newest form, emptied before each test."""
    name = postgresql.new()
    _make(postgresql.url(name))
    return name


_EMPTY = """DO $$ DECLARE name text; BEGIN
SET LOCAL session_replication_role = replica;
SET LOCAL lock_timeout = '20s';
FOR name IN SELECT tablename FROM pg_tables
WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'site') LOOP
EXECUTE format('DELETE FROM %I', name); END LOOP;
UPDATE site SET number = 0, hash = repeat('0', 64); END $$"""
"""A new database for each test would be some 300 files a test; here the guards are off for a moment."""


def _make(where: str) -> None:
    from inotrope.course.keeping.opening import open_database  # a run without these tests loads no database

    open_database(where, create=True).close()


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def empty(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of each kind that holds nothing yet; the file of SQLite is not there."""
    if kind == "sqlite":
        return str(tmp_path / "courses.sqlite")
    server: Server = request.getfixturevalue("postgresql")
    return server.url(server.new())


@pytest.fixture
def database(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of each kind with the tables in their newest form, and nothing in them."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_form"), tmp_path / "courses.sqlite")
        return str(tmp_path / "courses.sqlite")
    server: Server = request.getfixturevalue("postgresql")
    name = request.getfixturevalue("postgresql_form")
    server.ask(_EMPTY, name)
    return server.url(name)


def said_of_left_out(skipped: list[object]) -> str | None:
    """What the end of a run says of the tests that were left out for want of a PostgreSQL."""
    names = [report for report in skipped if LEFT_OUT in str(getattr(report, "longrepr", ""))]
    return f"{len(names)} tests on PostgreSQL were left out: {LEFT_OUT}" if names else None
