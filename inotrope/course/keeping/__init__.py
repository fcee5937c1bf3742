"""Where courses are kept: one SQLite file, or PostgreSQL. Names are looked up in their files."""

from __future__ import annotations

from importlib.util import find_spec

from inotrope.errors import RequestError


def prove_installed() -> None:
    """Prove that what the databases need is installed; nothing else of the program needs it.

    Raises:
        RequestError: It is not.
    """
    lacking = [name for name in ("sqlalchemy", "alembic") if find_spec(name) is None]
    if lacking:
        says = f"Courses are kept by packages that are not installed: {', '.join(lacking)}."
        accepted = "pip install 'inotrope[course]'"
        raise RequestError(f"{says} Run: {accepted}", accepted=accepted)
