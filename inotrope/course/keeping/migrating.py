"""From one form of the tables to the next.

Knows which forms there are, in order, and which one a database has. The steps themselves stand in `migrations/`.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from inotrope.errors import CourseError, shorten

SCHEMAS = ("0001", "0002")
"""The forms of the tables, oldest first; each is a step in `migrations/versions/`."""
_TARGET = "head"
"""The last step, as Alembic calls it."""
_FOLDER = Path(__file__).parent / "migrations"


def schema_of(connection: Connection) -> str | None:
    """Return the form of a database's tables; None where it has none at all.

    Raises:
        CourseError: Tables that are not ours.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if not {"alembic_version", "events", "courses"} <= tables:
        raise CourseError("This is a database, but not one of courses. Check the name.")
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return str(found[0]) if len(found) == 1 else ""


def prove_schema(found: str | None, shown: str) -> None:
    """Prove that a database has the newest form.

    Raises:
        CourseError: None, an older or a newer one.
    """
    newest = SCHEMAS[-1]
    if found == newest:
        return
    if found is None:
        says = f"'{shorten(shown)}' is empty: no course was ever kept there. 'inotrope course new' begins one."
    elif found in SCHEMAS:
        says = f"'{shorten(shown)}' has the older form {found}; this program needs {newest}."
        says += " Make a backup, then run 'inotrope course upgrade'."
    else:
        says = (
            f"'{shorten(shown)}' has form '{shorten(found)}', which this program does not know; its newest is {newest}."
        )
        says += " Use the newer program that made it."
    raise CourseError(says, value=found, accepted=newest)


def upgrade(connection: Connection) -> None:
    """Bring a database's tables to the newest form, within the transaction that the connection is in."""
    from alembic import command  # noqa: PLC0415 - loading it takes longer than opening a store
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, _TARGET)
