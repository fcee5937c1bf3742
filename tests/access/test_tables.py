"""The tables as the code has them are those that a database gets."""

from __future__ import annotations

from sqlalchemy import inspect

from inotrope.access.tables import METADATA
from inotrope.course.keeping.opening import Database


def test_the_tables_are_those_of_the_database(opened: Database) -> None:
    there = inspect(opened.engine)
    for table in METADATA.sorted_tables:
        columns = {
            column["name"]: (str(column["type"]), column["nullable"]) for column in there.get_columns(table.name)
        }
        assert columns == {column.name: (str(column.type), column.nullable) for column in table.columns}
        keys = there.get_pk_constraint(table.name)["constrained_columns"]
        assert keys == [column.name for column in table.primary_key]


def test_each_database_has_a_key_of_its_own(opened: Database) -> None:
    from sqlalchemy import text

    with opened.engine.connect() as connection:
        (key,) = connection.execute(text("SELECT key FROM site")).scalars().all()
    assert len(key) == 64
