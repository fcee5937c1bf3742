"""Connections to PostgreSQL: encrypted where they leave this machine, and to a server that keeps what it acknowledges.

It needs pg8000, and is loaded only where an address names a server.
"""

from __future__ import annotations

import ssl
from contextlib import suppress
from typing import Any

from pg8000 import dbapi

from inotrope.course.keeping.address import PostgresqlAddress
from inotrope.errors import CourseError, shorten

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Line(dbapi.Connection):  # type: ignore[misc] # it carries no types
    """A connection that leaves no socket open when it breaks, and says nothing when it is closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Connect; a password that is refused closes the line."""
        try:
            super().__init__(*args, **kwargs)
        except BaseException:
            self._hang_up(getattr(self, "_sock", None), getattr(self, "_usock", None))
            raise
        self._usock.settimeout(None)  # it was for connecting; a proof of years may take longer

    def close(self) -> None:
        """Take leave of the server, if it is still there."""
        parts = (self._sock, self._usock)
        with suppress(dbapi.Error, OSError):
            super().close()
        self._hang_up(*parts)

    @staticmethod
    def _hang_up(*parts: Any) -> None:
        for part in parts:
            with suppress(OSError, ValueError):
                if part is not None:
                    part.close()


def connect(address: PostgresqlAddress, wait_s: float) -> Line:
    """Return a connection.

    Args:
        address: Where to.
        wait_s: Seconds to wait for the server, and for another one's lock.

    Raises:
        CourseError: The server is not proven, or does not keep what it is given.
        dbapi.Error: The server is not there, or does not let this user in.
    """
    try:
        line = Line(
            address.user,
            host=address.host,
            port=address.port,
            database=address.database,
            password=address.password,
            unix_sock=address.socket,
            ssl_context=encryption(address),
            timeout=wait_s,
            application_name="inotrope",
        )
    except OSError as problem:  # the certificate, or a line that broke meanwhile
        says = f"'{shorten(address.shown)}' is not proven to be the server that was meant, or broke off: "
        raise CourseError(f"{says}{shorten(str(problem))}. Check its certificate; 'ca=' names the authority.") from None
    try:
        _prove(line, address, wait_s)
    except BaseException:
        line.close()
        raise
    return line


def encryption(address: PostgresqlAddress) -> ssl.SSLContext | bool:
    """Return how the line is encrypted: always, and the server proven, except on this machine."""
    if not address.tls or address.socket is not None or (address.host in _LOOPBACK and address.authority is None):
        return False
    try:
        return ssl.create_default_context(cafile=address.authority)
    except OSError as problem:
        says = (
            f"The authority's file '{shorten(str(address.authority))}' cannot be read: {problem.strerror or problem}."
        )
        raise CourseError(says, value=str(address.authority)) from None


def _prove(line: Line, address: PostgresqlAddress, wait_s: float) -> None:
    cursor = line.cursor()
    cursor.execute(
        "SELECT current_setting('server_encoding'), current_setting('fsync'), "
        "CASE WHEN current_setting('synchronous_commit') = 'off' "
        "THEN set_config('synchronous_commit', 'on', false) END, "
        f"set_config('lock_timeout', '{int(wait_s * 1000)}ms', false)"
    )
    encoding, fsync, *_ = cursor.fetchone()
    line.commit()
    if encoding != "UTF8":
        says = f"'{shorten(address.shown)}' keeps text as {encoding}. Make a database with encoding UTF8."
        raise CourseError(says, value=encoding, accepted="UTF8")
    if fsync != "on":
        says = f"'{shorten(address.shown)}' runs with fsync off: what it acknowledges can be lost. Switch it on."
        raise CourseError(says, value=fsync, accepted="on")
