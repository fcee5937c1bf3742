"""Opening a store: made where that was asked for, and refused in words where it is not what it should be."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, text

from inotrope.course import Courses, open_store
from inotrope.course.keeping.address import SqliteAddress
from inotrope.course.keeping.migrating import SCHEMAS
from inotrope.course.keeping.opening import open_database, upgrade_database
from inotrope.course.keeping.tables import METADATA
from inotrope.errors import CourseError
from tests.course.keeping.tampering import noted, three_events

if TYPE_CHECKING:
    pass

ROOT = Path(__file__).parents[3]
NOBODY = 65534


def set_form(where: str, form: str) -> None:
    database = open_database(where)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :form"), {"form": form})
    database.close()


def test_an_empty_database_is_made_a_store_only_where_that_was_asked_for(empty: str) -> None:
    with pytest.raises(CourseError, match="inotrope course new"):
        open_store(empty)
    with open_store(empty, create=True) as store:
        three_events(store)
    with open_store(empty) as store, open_store(empty, create=True) as again:
        assert store.list() == again.list()
        assert len(store.list()) == 1


def test_the_steps_end_at_the_tables_that_the_store_asks_for(empty: str) -> None:
    database = open_database(empty, create=True)
    with database.reading() as connection:
        found = inspect(connection)
        for table in METADATA.sorted_tables:
            there = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
            assert there == {column.name: column.nullable for column in table.columns}
            assert found.get_pk_constraint(table.name)["constrained_columns"] == [key.name for key in table.primary_key]
    database.close()


def test_the_forms_are_the_steps_in_their_order() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(ROOT / "inotrope/course/keeping/migrations"))
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(reversed([step.revision for step in steps])) == SCHEMAS


def test_two_who_make_one_store_at_once_make_one(empty: str) -> None:
    problems: list[BaseException] = []

    def make() -> None:
        try:
            open_store(empty, create=True).close()
        except BaseException as problem:
            problems.append(problem)

    makers = [threading.Thread(target=make) for _ in range(4)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert problems == []
    with open_store(empty) as store:
        assert store.verify().breaks == ()


def test_a_newer_form_is_refused_with_both_forms(database: str) -> None:
    set_form(database, "9999")
    try:
        for ask in (open_store, upgrade_database):
            with pytest.raises(CourseError, match=f"form '9999'.*newest is {SCHEMAS[-1]}"):
                ask(database)
    finally:
        if database.startswith("postgresql"):  # the server goes on to the next test
            with pytest.raises(CourseError):
                open_store(database)
            _put_form_back(database)


def _put_form_back(where: str) -> None:
    from inotrope.course.keeping.opening import _connect

    database = _connect(where, create=False)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :form"), {"form": SCHEMAS[-1]})
    database.close()


def test_an_older_form_is_refused_until_it_is_brought_forward_and_loses_nothing(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inotrope.course.keeping import migrating

    with monkeypatch.context() as older:
        older.setattr(migrating, "SCHEMAS", SCHEMAS[:1])
        older.setattr(migrating, "_TARGET", SCHEMAS[0])
        with open_store(empty, create=True) as store:
            course = three_events(store)
    if len(SCHEMAS) > 1:
        with pytest.raises(CourseError, match=r"older form 0001.*inotrope course upgrade"):
            open_store(empty)
    before, after, _ = upgrade_database(empty)
    assert (before, after) == (SCHEMAS[0], SCHEMAS[-1])
    assert upgrade_database(empty)[:2] == (SCHEMAS[-1], SCHEMAS[-1])
    with open_store(empty) as store:
        assert store.course("bed-4") == course
        assert store.verify().breaks == ()


def test_a_database_of_somebody_else_is_left_alone(empty: str) -> None:
    address = empty if "://" in empty else f"sqlite:///{empty}"
    if "://" not in empty:
        with closing(sqlite3.connect(empty)) as other:
            other.execute("CREATE TABLE patients (name TEXT)")
            other.commit()
    else:
        database = open_database(address, create=True)
        with database.engine.begin() as connection:
            connection.execute(text("DROP TABLE submissions, events, courses, documents CASCADE"))
        database.close()
    for create in (False, True):
        with pytest.raises(CourseError, match="not one of courses"):
            open_store(address, create=create)


def test_a_new_file_is_nobody_elses_to_read(tmp_path: Path) -> None:
    with open_store(tmp_path / "courses.sqlite", create=True) as store:
        three_events(store)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert set(modes) == {"courses.sqlite", "courses.sqlite-wal", "courses.sqlite-shm"}
    assert set(modes.values()) == {0o600}


def test_the_users_own_store_is_made_with_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INOTROPE_DATABASE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with open_store(create=True) as store:
        store.new("bed 4", "ada")
    folder = tmp_path / "data" / "inotrope"
    assert (folder / "courses.sqlite").is_file()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_that_is_not_there_or_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="does not exist"):
        open_store(tmp_path / "courses.sqlite")
    with pytest.raises(CourseError, match=r"The folder of .* does not exist"):
        open_store(tmp_path / "ward" / "courses.sqlite", create=True)
    with pytest.raises(CourseError, match="is a folder"):
        open_store(tmp_path)
    with pytest.raises(CourseError, match="cannot be opened"):
        open_store(tmp_path / ("x" * 300), create=True)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_another_one_makes_at_the_same_moment_is_taken(
    sqlite_form: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "courses.sqlite"
    shutil.copy(sqlite_form, path)
    with monkeypatch.context() as blind:
        blind.setattr(Path, "exists", lambda self: False)
        store = open_store(path, create=True)
    assert store.list() == ()
    store.close()


@pytest.mark.parametrize("content", [b"Patient,Rate\nA,0.375\n" * 40, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_said_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "courses.sqlite"
    path.write_bytes(content)
    for create in (False, True):
        with pytest.raises(CourseError, match=r"is no database of courses|is damaged"):
            open_store(path, create=create)
    assert path.read_bytes() == content


def test_a_truncated_file_is_refused(sqlite_form: Path, tmp_path: Path) -> None:
    path = tmp_path / "courses.sqlite"
    shutil.copy(sqlite_form, path)
    with open_store(path) as store:
        three_events(store)
    whole = path.read_bytes()
    for length in (1, 99, 4096, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(CourseError), open_store(path) as store:
            assert store.verify().breaks
            raise CourseError("found")


def test_a_locked_file_is_waited_for_and_then_said(
    sqlite_form: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inotrope.course.keeping.opening.WAIT_S", 0.05)
    path = tmp_path / "courses.sqlite"
    shutil.copy(sqlite_form, path)
    with open_store(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        three_events(store)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CourseError, match=r"locked by another program.*Nothing of it was kept"):
            store.append("bed-4", noted("late"), seen=3)
        assert len(store.events("bed-4")) == 3  # reading goes on meanwhile
        other.execute("ROLLBACK")
        store.append("bed-4", noted("late"), seen=3)


def test_a_full_disk_is_said_and_nothing_is_lost(sqlite_form: Path, tmp_path: Path) -> None:
    path = tmp_path / "courses.sqlite"
    shutil.copy(sqlite_form, path)
    with open_store(path) as store:
        three_events(store)
        with store.database.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(CourseError, match="the disk is full"):
            store.append("bed-4", noted("x" * 100_000), seen=3)
        assert store.verify().breaks == ()
        assert store.course("bed-4").number == 3


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be a user who has no right to anything, also where the tests are root's."""
    if os.getuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_file_that_may_only_be_read_is_read_and_takes_nothing(sqlite_form: Path, shared: Path) -> None:
    path = shared / "courses.sqlite"
    shutil.copy(sqlite_form, path)
    with open_store(path) as store:
        three_events(store)
    path.chmod(0o444)
    with as_nobody(), open_store(path) as store:
        assert store.verify().breaks == ()
        with pytest.raises(CourseError, match="can only be read"):
            store.append("bed-4", noted("late"), seen=3)
        assert store.course("bed-4").number == 3


def test_a_file_or_a_folder_without_the_right_to_it_is_said(sqlite_form: Path, shared: Path) -> None:
    path = shared / "courses.sqlite"
    shutil.copy(sqlite_form, path)
    path.chmod(0o000)
    with as_nobody(), pytest.raises(CourseError, match="cannot be opened"):
        open_store(path)
    shared.chmod(0o555)
    with as_nobody(), pytest.raises(CourseError, match="Permission denied"):
        open_store(shared / "other.sqlite", create=True)
    shared.chmod(0o000)
    with as_nobody(), pytest.raises(CourseError, match=r"Permission denied|does not exist"):
        open_store(path)


def test_an_address_that_was_read_is_taken_as_it_is(tmp_path: Path) -> None:
    with open_store(SqliteAddress(tmp_path / "courses.sqlite"), create=True) as store:
        assert isinstance(store, Courses)
        assert store.shown == str(tmp_path / "courses.sqlite")
