"""The gate: everything that a door asks about who somebody is, in one piece.

Its methods wait for the database, and one of them for the hash of a password: a door calls them in a thread. Whether a
name is known is said by no answer: an unknown name, a wrong password and a disabled user have the same words, after the
same work.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inotrope.access.audit import Audit
from inotrope.access.browsers import Browsers
from inotrope.access.lockout import Lockout
from inotrope.access.logs import log
from inotrope.access.passwords import hash_of, is_outdated, is_password
from inotrope.access.roles import OIDC, PASSWORD
from inotrope.access.sessions import Sessions
from inotrope.access.tokens import csrf_of
from inotrope.access.users import Users, is_name
from inotrope.errors import AccessError

if TYPE_CHECKING:
    from inotrope.access.oidc.login import Login
    from inotrope.access.roles import Who
    from inotrope.access.sessions import Clock
    from inotrope.access.users import User
    from inotrope.course.keeping.opening import Database

WRONG = (
    "This name and this password do not belong together, or this user may not log in. Nothing else is told here. Try "
    "again; after some failures one has to wait."
)
LOGIN, LOGOUT, DONE, REFUSED = "login", "logout", "done", "refused"


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a session belongs to.

    Attributes:
        who: Its user, with the roles that they have now.
        csrf: What a form of this session carries.
    """

    who: Who
    csrf: str


class Gate:
    """Whom one server lets in."""

    def __init__(self, database: Database, oidc: Login | None = None, clock: Clock = time.time) -> None:
        """Stand on an open database.

        Args:
            database: Where users, sessions and the audit are kept.
            oidc: The hospital's own login; None where there is none.
            clock: In seconds since 1970.
        """
        self.users = Users(database)
        self.sessions = Sessions(database, clock)
        self.audit = Audit(database, clock)
        self.lockout = Lockout(database, self.audit.key, clock)
        self.browsers = Browsers(self.audit.key)
        self.oidc = oidc

    @property
    def ways(self) -> tuple[str, ...]:
        """How one can log in here."""
        return (PASSWORD,) if self.oidc is None else (PASSWORD, OIDC)

    def find(self, token: str) -> Found | None:
        """Return whom a session's token belongs to; None where it is no session, or has ended."""
        who = self.sessions.find(token)
        return None if who is None else Found(who, csrf_of(token))

    def log_in(self, name: str, password: str, *, address: str, before: str = "", browser: str = "") -> str:
        """Return the token of a new session.

        Args:
            name: As it was typed.
            password: As it was typed.
            address: From where.
            before: The token of a session that the same browser had; it ends.
            browser: What that browser keeps of who logged in there before.

        Raises:
            AccessError: They do not belong together, the user is disabled, or too much was tried.
        """
        known = self.browsers.known(browser, name)
        wait = self.lockout.begin(name, address, known)
        if wait:
            log("login", outcome="too early", address=address, wait_s=wait)
            says = f"Too much was tried under this name or from this machine. Wait {_in_words(wait)}, then try again."
            raise AccessError(says)
        user = self.users.find(name) if is_name(name) else None
        kept = None if user is None or user.disabled else user.password
        if not is_password(password, kept) or user is None or kept is None:
            self._note("" if user is None else user.name, LOGIN, REFUSED, address)
            raise AccessError(WRONG)
        self.lockout.succeeded(name, address, known)
        if is_outdated(kept):
            kept = self.users.keep_hash(user.name, hash_of(password), instead_of=kept)
        return self._enter(user, PASSWORD, address, before, kept)

    def log_in_by_hospital(
        self, code: str, state: str, *, browser: str, address: str, before: str = "", issuer: str | None = None
    ) -> str:
        """Return the token of a new session, after the hospital's own login sent the browser back.

        Args:
            code: What it gave the browser.
            state: What this server gave the browser before.
            browser: The token of the browser's login that is under way.
            address: From where.
            before: As above.
            issuer: Who sent the browser back, where that is said (RFC 9207).

        Raises:
            AccessError: It is of no login under way in this browser, or what the hospital's login says does not hold.
        """
        if self.oidc is None:
            raise AccessError("There is no login of the hospital's own here.")
        try:
            told = self.oidc.finish(code, state, browser, issuer)
        except AccessError as problem:
            # Anybody can send this as often as they like: a row for each would fill the audit.
            log(LOGIN, outcome=REFUSED, why=type(problem).__name__, address=address)
            raise
        try:
            user = self.users.enter(told.issuer, told.subject, told.name, told.roles)
        except AccessError:
            self._note("", LOGIN, REFUSED, address)
            raise
        return self._enter(user, OIDC, address, before)

    def log_out(self, token: str, who: Who, *, address: str) -> None:
        """End a session."""
        self.sessions.end(token)
        self._note(who.name, LOGOUT, DONE, address)

    def _enter(self, user: User, way: str, address: str, before: str, kept: str | None = None) -> str:
        self.sessions.end(before)
        token = self.sessions.open(user.name, way, kept)
        if token is None:
            self._note(user.name, LOGIN, REFUSED, address)
            raise AccessError(WRONG)
        self._note(user.name, LOGIN, DONE, address)
        return token

    def _note(self, who: str, did: str, outcome: str, address: str) -> None:
        self.audit.write(who, did, outcome, address=address)
        log(did, outcome=outcome, who=who, address=address)


def _in_words(wait_s: int) -> str:
    minutes = -(-wait_s // 60)
    return f"{wait_s} seconds" if wait_s <= 90 else f"{minutes} minutes"  # noqa: PLR2004 - as one would say it
