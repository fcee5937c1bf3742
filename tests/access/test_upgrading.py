"""A database from before there were users: its courses stand, and users can be kept in it, once it is upgraded."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from inotrope.access.gate import Gate
from inotrope.access.roles import Role
from inotrope.access.tables import METADATA
from inotrope.course import Courses, open_store
from inotrope.course.keeping.opening import open_database, upgrade_database
from inotrope.errors import CourseError
from tests.access.conftest import GOOD


def test_courses_of_before_stand_and_users_come_beside_them(empty: str) -> None:
    database = open_database(empty, create=True)
    Courses(database).new("bed 4", "adams", "k7m2")
    with database.engine.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(text(f"DROP TABLE {table.name}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    database.close()
    with pytest.raises(CourseError, match="inotrope course upgrade"):
        open_store(empty)
    assert upgrade_database(empty)[:2] == ("0001", "0002")
    with open_store(empty) as store:
        gate = Gate(store.database)
        gate.users.add("adams", [Role.PLAN], GOOD)
        assert gate.find(gate.log_in("adams", GOOD, address="10.0.0.1")) is not None
        assert [course.id for course in store.list()] == ["k7m2"]
        assert store.verify().breaks == ()
