"""Where the courses are kept: a file, or the address of a PostgreSQL server.

Knows how both are written, and where courses are kept when nobody says where. A password is never shown. It opens
nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from inotrope.errors import CourseError, shorten

VARIABLE = "INOTROPE_DATABASE"
_ACCEPTED = "a file, sqlite:///FILE or postgresql://USER@HOST/DATABASE"
_POSTGRESQL = ("postgresql", "postgresql+pg8000", "postgres")
_MISSPELLED = re.compile(r"(?:postgres\w*|sqlite)(?:\+\w+)?(?::|//)", re.IGNORECASE)
"""Without the slashes that belong behind it."""
_PORT = 5432
"""PostgreSQL's own."""
_OPTIONS = ("socket", "ca", "tls")


@dataclass(frozen=True)
class SqliteAddress:
    """A file.

    Attributes:
        path: The file, absolute.
        is_default: True where nobody named it; its folder may then be made.
    """

    path: Path
    is_default: bool = False

    @property
    def shown(self) -> str:
        """The file as errors show it."""
        return str(self.path)


@dataclass(frozen=True)
class PostgresqlAddress:
    """A PostgreSQL server's database.

    Attributes:
        host: Name or number of the machine.
        port: Its port.
        database: Name of the database.
        user: Whom the server knows.
        password: None where the server asks for none, or `PGPASSWORD` has it.
        socket: The server's socket on this machine instead of host and port, or None.
        authority: A file with the authority that signed the server's certificate, or None for those of the system.
        tls: False only where somebody wrote `tls=off`.
    """

    host: str
    port: int
    database: str
    user: str
    password: str | None = field(default=None, repr=False)
    socket: str | None = None
    authority: Path | None = None
    tls: bool = True

    @property
    def shown(self) -> str:
        """The address without its password."""
        return f"postgresql://{self.user}@{self.socket or f'{self.host}:{self.port}'}/{self.database}"


Address = SqliteAddress | PostgresqlAddress


def read_address(written: str | Path | None, environment: Mapping[str, str] | None = None) -> Address:
    """Return where courses are kept.

    Args:
        written: What the user wrote; None for `INOTROPE_DATABASE`, and without that `inotrope/courses.sqlite` in the
            user's own folder for data.
        environment: That of this process by default.

    Raises:
        CourseError: An address that is none.
    """
    surroundings = os.environ if environment is None else environment
    text = str(written) if written is not None else surroundings.get(VARIABLE, "")
    if not text:
        if written is not None:
            raise CourseError(f"The address of the database is empty. Write {_ACCEPTED}.", value="")
        return SqliteAddress(_own_folder(surroundings) / "inotrope" / "courses.sqlite", is_default=True)
    scheme, mark, rest = text.partition("://")
    if not mark:
        if _MISSPELLED.match(text):  # it may hold a password, and would stand in the name of a file
            says = f"The address of the database begins as one and is none. Write {_ACCEPTED}."
            raise CourseError(says, accepted=_ACCEPTED)
        return SqliteAddress(Path(text).absolute())
    if scheme == "sqlite":
        path = unquote(rest.removeprefix("/"))
        if not rest.startswith("/") or not path:
            raise CourseError(f"'{shorten(text)}' names no file. Write sqlite:///FILE.", value=text)
        return SqliteAddress(Path(path).absolute())
    if scheme in _POSTGRESQL:
        return _postgresql(text, surroundings)
    says = f"'{shorten(scheme)}://...' is no database that courses are kept in. Write {_ACCEPTED}."
    raise CourseError(says, value=f"{scheme}://...", accepted=_ACCEPTED)


def _own_folder(environment: Mapping[str, str]) -> Path:
    named = environment.get("XDG_DATA_HOME", "")
    return Path(named) if Path(named).is_absolute() else Path.home() / ".local" / "share"


def _postgresql(text: str, environment: Mapping[str, str]) -> PostgresqlAddress:
    accepted = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    try:
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        port = parts.port or _PORT
    except ValueError:
        raise CourseError(f"The address of the PostgreSQL server cannot be read. Write {accepted}.") from None
    if unknown := sorted(set(options) - set(_OPTIONS)):
        says = f"'{shorten(unknown[0])}' is nothing that the address of a PostgreSQL server takes."
        raise CourseError(f"{says} It takes {', '.join(_OPTIONS)}.", value=unknown[0], accepted=", ".join(_OPTIONS))
    if options.get("tls", "on") not in ("on", "off"):
        raise CourseError(f"tls is '{shorten(options['tls'])}'. Write tls=on or tls=off.", value=options["tls"])
    database = unquote(parts.path.removeprefix("/"))
    if not database or not parts.username or not (parts.hostname or options.get("socket")):
        raise CourseError(f"The address of the PostgreSQL server names not all it needs. Write {accepted}.")
    password = parts.password if parts.password is None else unquote(parts.password)
    return PostgresqlAddress(
        host=parts.hostname or "localhost",
        port=port,
        database=database,
        user=unquote(parts.username),
        password=environment.get("PGPASSWORD") if password is None else password,
        socket=options.get("socket"),
        authority=Path(options["ca"]) if "ca" in options else None,
        tls=options.get("tls", "on") == "on",
    )
