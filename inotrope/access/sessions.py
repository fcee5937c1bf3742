"""Sessions: who is logged in, from the login to the logout, for as long as somebody is there.

Knows that a token is given at the login and at no other time, so that none that a browser had before opens anything,
and that a session ends by itself: when nothing is asked for some time, and at the latest after one shift.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, or_, select, update

from inotrope.access.roles import Who, roles_kept, with_what_they_bring
from inotrope.access.tables import SESSIONS, USERS
from inotrope.access.tokens import digest, is_token, new_token
from inotrope.errors import CourseError

if TYPE_CHECKING:
    from inotrope.course.keeping.opening import Database

IDLE_S = 30 * 60
"""s. A session ends when nothing was asked for so long: the bound of NIST SP 800-63B-3 (4.2.3) for its second level."""
LONGEST_S = 12 * 3600
"""s. A session ends after so long whatever is asked: one long shift, and the bound of the same place."""
_NOTED_S = 60
"""s. That what is noted of the last request may lag behind: no page waits for the disk for it."""
_JUMP_S = 300
"""s. That the clock may have gone back since a session was opened; more, and how old it is cannot be known."""

Clock = Callable[[], float]


class Sessions:
    """The sessions of one database."""

    def __init__(self, database: Database, clock: Clock = time.time) -> None:
        """Keep sessions in an open database; `clock` is in seconds since 1970."""
        self._database = database
        self._clock = clock

    def open(self, user: str, way: str, password: str | None = None) -> str | None:
        """Return the token of a new session, which is kept nowhere; sessions that have ended are cleared away.

        Args:
            user: Whose.
            way: How they came in.
            password: The hash that was held against what they typed; none where another login has it.

        Returns:
            None where the user was disabled, or given another password, since that was looked at: whoever changes a
            user ends the sessions that there are, and this one would come after.
        """
        token, now = new_token(), self._now()
        same = select(USERS.c.password).where(USERS.c.name == user, USERS.c.disabled == 0).with_for_update()
        with self._database.writing() as connection:
            found = connection.execute(same).one_or_none()
            if found is None or found.password != password:
                return None
            old = or_(SESSIONS.c.seen < now - IDLE_S, SESSIONS.c.opened < now - LONGEST_S)
            connection.execute(delete(SESSIONS).where(old))
            row = {"digest": digest(token), "user": user, "way": way, "opened": now, "seen": now}
            connection.execute(insert(SESSIONS), row)
        return token

    def find(self, token: str) -> Who | None:
        """Return whose session it is, with the roles that they have now; None where it is none, or has ended."""
        if not is_token(token):
            return None
        named, now = digest(token), self._now()
        wanted = select(SESSIONS, USERS.c.roles, USERS.c.disabled).join(USERS, USERS.c.name == SESSIONS.c.user)
        with self._database.reading() as connection:
            row = connection.execute(wanted.where(SESSIONS.c.digest == named)).one_or_none()
        if row is None or row.disabled or now < row.opened - _JUMP_S:
            return None
        if now - row.seen > IDLE_S or now - row.opened > LONGEST_S:
            return None
        if abs(now - row.seen) >= _NOTED_S:
            with suppress(CourseError), self._database.writing() as connection:  # one that cannot is told elsewhere
                connection.execute(update(SESSIONS).where(SESSIONS.c.digest == named).values(seen=now))
        return Who(row.user, with_what_they_bring(roles_kept(row.roles)), row.way)

    def end(self, token: str) -> None:
        """End a session; what is none is ended already."""
        if is_token(token):
            with self._database.writing() as connection:
                connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest(token)))

    def _now(self) -> int:
        return int(self._clock())
