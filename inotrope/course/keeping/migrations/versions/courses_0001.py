"""Courses, their events and their documents, and the guards that let nobody change what was kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_KEPT = ("events", "documents")
"""Tables of which no row is ever changed or removed."""


def upgrade() -> None:
    """Make the tables and their guards."""
    op.create_table(
        "courses",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("course", sa.Text, sa.ForeignKey("courses.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("recorded", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "submissions",
        sa.Column("course", sa.Text, sa.ForeignKey("courses.id"), primary_key=True),
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
    (_guard_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_postgresql)()


def _guard_sqlite() -> None:
    for table in _KEPT:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
            )
    op.execute(
        "CREATE TRIGGER courses_no_delete BEFORE DELETE ON courses "
        "BEGIN SELECT RAISE(ABORT, 'courses are never removed'); END"
    )
    op.execute(
        "CREATE TRIGGER courses_only_forward BEFORE UPDATE ON courses "
        "WHEN NEW.id <> OLD.id OR NEW.label <> OLD.label OR NEW.number <= OLD.number "
        "BEGIN SELECT RAISE(ABORT, 'a course only goes on'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION inotrope_never() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% are never changed', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE FUNCTION inotrope_only_forward() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.id <> OLD.id OR NEW.label <> OLD.label OR NEW.number <= OLD.number THEN "
        "RAISE EXCEPTION 'a course only goes on'; END IF; RETURN NEW; END $$"
    )
    for table in (*_KEPT, "courses"):
        acts = "DELETE" if table == "courses" else "UPDATE OR DELETE"
        op.execute(
            f"CREATE TRIGGER {table}_never BEFORE {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION inotrope_never()"
        )
        op.execute(f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION inotrope_never()")
    op.execute(
        "CREATE TRIGGER courses_only_forward BEFORE UPDATE ON courses "
        "FOR EACH ROW EXECUTE FUNCTION inotrope_only_forward()"
    )
