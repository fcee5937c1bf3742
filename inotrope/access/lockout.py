"""Lock-out: how long somebody waits after failed logins, by name and by address, known and unknown names alike.

Knows that each try is counted before its password is looked at, so that many at once gain nothing, and that nobody is
locked out for good: whoever could do that to others would only have to fail in their names. Nor does anybody wait for
what others did in the browsers that they use every day (`browsers.py`). The numbers are judgements; each says what it
bounds.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from inotrope.access.addresses import network
from inotrope.access.tables import TRIES

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from inotrope.access.sessions import Clock
    from inotrope.course.keeping.opening import Database

FIRST_WAIT_S, LONGEST_WAIT_S = 30, 900
"""s. The wait doubles from the first to the longest: a name is tried at one address some hundred times a day."""
FORGOTTEN_S = 24 * 3600
"""s. After which failures count no more."""
_BUCKETS = 1 << 20
"""Into so many names and addresses are hashed: whoever tries out names without end fills no disk."""


class Limit(NamedTuple):
    """How many failures are free, of what."""

    of: str
    free: int


LIMITS = (Limit("name at address", 5), Limit("address", 30), Limit("name", 50))
"""A slip of the fingers; a ward behind one address; one name from many addresses."""
AT_BROWSER = Limit("name at browser", 5)
"""The only one in a browser where this name logged in before: whoever fails elsewhere locks nobody out there."""


class Lockout:
    """The failed logins of one database."""

    def __init__(self, database: Database, key: str, clock: Clock = time.time) -> None:
        """Count in an open database.

        Args:
            database: Where.
            key: Of the site, by which names and addresses are hashed.
            clock: In seconds since 1970.
        """
        self._database = database
        self._key = key.encode()
        self._clock = clock

    def begin(self, name: str, address: str, browser: str = "") -> int:
        """Count a try, unless it is too early for one.

        Args:
            name: As it was typed.
            address: From where.
            browser: The token of a browser in which this name logged in before; empty for any other.

        Returns:
            s to wait; 0 where the try counts and the password may be looked at.
        """
        now, limits = int(self._clock()), self._keys(name, address, browser)
        with self._database.writing() as connection:
            _clear(connection, now - FORGOTTEN_S)
            counted = {key: _hold(connection, key) for key in limits}
            wait = max(_left(*counted[key], limit.free, now) for key, limit in limits.items())
            if wait == 0:
                for key, (count, _) in counted.items():
                    connection.execute(update(TRIES).where(TRIES.c.key == key).values(count=count + 1, last=now))
        return wait

    def succeeded(self, name: str, address: str, browser: str = "") -> None:
        """Forget the failures of a name, and the one that this try was counted as at its address."""
        with self._database.writing() as connection:
            for key, limit in self._keys(name, address, browser).items():
                if limit.of == "address":
                    less = update(TRIES).where(TRIES.c.key == key, TRIES.c.count > 0)
                    connection.execute(less.values(count=TRIES.c.count - 1))
                else:
                    connection.execute(delete(TRIES).where(TRIES.c.key == key))

    def _keys(self, name: str, address: str, browser: str) -> dict[str, Limit]:
        """Return what a try counts for, in one order for all who try, so that no two wait for each other."""
        name, address = name.strip().lower(), network(address)
        if browser:
            return {self._hashed(AT_BROWSER.of, name, browser): AT_BROWSER}
        parts = {"name at address": (name, address), "address": (address,), "name": (name,)}
        return dict(sorted((self._hashed(limit.of, *parts[limit.of]), limit) for limit in LIMITS))

    def _hashed(self, *parts: str) -> str:
        text = "\0".join(parts).encode("utf-8", "surrogatepass")
        number = int.from_bytes(hmac.new(self._key, text, hashlib.sha256).digest()) % _BUCKETS
        return f"{parts[0]} {number}"


def wait_after(count: int, free: int) -> int:
    """Return for how many seconds after the last of `count` failures none is tried, where `free` cost nothing."""
    if count < free:
        return 0
    return min(FIRST_WAIT_S << min(count - free, 10), LONGEST_WAIT_S)


def _left(count: int, last: int, free: int, now: int) -> int:
    """Return for how long no try is taken; where the clock has gone back since the last, none can be told."""
    return 0 if last > now else max(last + wait_after(count, free) - now, 0)


def _clear(connection: Connection, before: int) -> None:
    """Clear away what is forgotten, except what somebody tries at this moment."""
    old = select(TRIES.c.key).where(TRIES.c.last < before).with_for_update(skip_locked=True)
    connection.execute(delete(TRIES).where(TRIES.c.key.in_(old)))


def _hold(connection: Connection, key: str) -> tuple[int, int]:
    """Return how often and when something was tried last, and let nobody else count it before this is done."""
    make = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
    connection.execute(make(TRIES).values(key=key, count=0, last=0).on_conflict_do_nothing())
    wanted = select(TRIES.c.count, TRIES.c.last).where(TRIES.c.key == key).with_for_update()
    count, last = connection.execute(wanted).one()
    return count, last
