"""The users of one database: their names, their roles, and how each proves who they are.

Knows that a name is never used for a second person, since events are done in it: a user is disabled, not deleted.
Whoever is disabled, gets other roles or another password is logged out everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from inotrope.access.passwords import hash_of, prove_password
from inotrope.access.roles import OIDC, PASSWORD, Role, roles_kept, with_what_they_bring
from inotrope.access.tables import SESSIONS, USERS
from inotrope.errors import AccessError, nearest, shorten

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from inotrope.course.keeping.opening import Database

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")
ACCEPTED_NAME = "1 to 64 small letters, digits, and . _ @ + -, a letter or digit first"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in.

    Attributes:
        name: What stands beside what they do.
        roles: As they were given.
        way: How they prove who they are: `password` or `oidc`.
        disabled: Whether they may no longer.
        password: What is kept of their password; None where the hospital's own login has it.
    """

    name: str
    roles: frozenset[Role]
    way: str
    disabled: bool
    password: str | None = None

    @property
    def may(self) -> frozenset[Role]:
        """Their roles, with what each brings along."""
        return with_what_they_bring(self.roles)


def prove_name(written: str) -> str:
    """Return a user's name, in small letters.

    Raises:
        AccessError: It is none.
    """
    name = written.strip().lower()
    if not is_name(name):
        says = f"'{shorten(written)}' is no name of a user: {ACCEPTED_NAME}."
        raise AccessError(says, value=written, accepted=ACCEPTED_NAME)
    return name


def is_name(written: str) -> bool:
    """Tell whether a text can be a user's name, in whatever case it was typed."""
    return _NAME.fullmatch(written.strip().lower()) is not None


class Users:
    """The users that a database knows."""

    def __init__(self, database: Database) -> None:
        """Keep users in an open database."""
        self._database = database

    def list(self) -> tuple[User, ...]:
        """Return every user, by name."""
        with self._database.reading() as connection:
            return tuple(_user(row) for row in connection.execute(select(USERS).order_by(USERS.c.name)))

    def find(self, name: str) -> User | None:
        """Return a user; None where there is none of this name."""
        with self._database.reading() as connection:
            row = connection.execute(select(USERS).where(USERS.c.name == name.strip().lower())).one_or_none()
        return None if row is None else _user(row)

    def add(self, name: str, roles: Iterable[Role], password: str) -> User:
        """Add a user with a password.

        Raises:
            AccessError: The name is taken or none, or the password is none.
        """
        name = prove_name(name)
        row = _row(name, roles, password=hash_of(prove_password(password, name)))
        with self._database.writing() as connection:
            if connection.execute(select(USERS.c.name).where(USERS.c.name == name)).first() is not None:
                says = f"There is a user '{name}' already. Take another name, or 'enable' this one."
                raise AccessError(says, value=name)
            connection.execute(insert(USERS), row)
        return User(name, frozenset(roles), PASSWORD, False)

    def enter(self, issuer: str, subject: str, name: str, roles: Iterable[Role]) -> User:
        """Return the user of the hospital's own login, with the roles that it says they have now.

        Args:
            issuer: Whose login it is.
            subject: What that login calls them, for ever; it decides who it is.
            name: What they are called; taken when they come for the first time, and kept.
            roles: As that login's groups have it.

        Raises:
            AccessError: The name belongs to somebody else, or they are disabled here.
        """
        name, given = prove_name(name), frozenset(roles)
        with self._database.writing() as connection:
            known = select(USERS).where(USERS.c.issuer == issuer, USERS.c.subject == subject)
            row = connection.execute(known).one_or_none()
            if row is None:
                if connection.execute(select(USERS.c.name).where(USERS.c.name == name)).first() is not None:
                    says = f"The name '{name}' belongs to another user here. Ask whoever keeps the users."
                    raise AccessError(says, value=name)
                connection.execute(insert(USERS), {**_row(name, given), "issuer": issuer, "subject": subject})
                return User(name, given, OIDC, False)
            user = _user(row)
            if user.disabled:
                raise AccessError(f"'{user.name}' is disabled here. Ask whoever keeps the users.", value=user.name)
            if user.roles != given:
                _change(connection, user.name, {"roles": _written(given)})
        return User(user.name, given, OIDC, False)

    def give(self, name: str, roles: Iterable[Role]) -> User:
        """Give a user other roles than before."""
        return self._changed(name, {"roles": _written(roles)})

    def disable(self, name: str) -> User:
        """Let a user in no longer."""
        return self._changed(name, {"disabled": 1})

    def enable(self, name: str) -> User:
        """Let a user in again."""
        return self._changed(name, {"disabled": 0})

    def set_password(self, name: str, password: str) -> User:
        """Give a user another password.

        Raises:
            AccessError: There is no such user, it is the hospital's own login that has it, or it is none.
        """
        user = self.find(name)
        if user is not None and user.way == OIDC:
            says = f"'{user.name}' logs in by the hospital's own login, and has no password here."
            raise AccessError(says, value=user.name)
        kept = None if user is None else hash_of(prove_password(password, user.name))
        return self._changed(name, {"password": kept})

    def keep_hash(self, name: str, hashed: str, *, instead_of: str) -> str:
        """Keep another hash of the same password, made with more work; nobody is logged out by that.

        Args:
            name: Of the user.
            hashed: The new one.
            instead_of: The old one: where another password was set meanwhile, that one stays.

        Returns:
            The hash that this password has now, as far as it is the user's.
        """
        same = update(USERS).where(USERS.c.name == name, USERS.c.password == instead_of)
        with self._database.writing() as connection:
            return hashed if connection.execute(same.values(password=hashed)).rowcount else instead_of

    def _changed(self, name: str, values: dict[str, Any]) -> User:
        name = name.strip().lower()
        with self._database.writing() as connection:
            if not _change(connection, name, values):
                known = connection.execute(select(USERS.c.name)).scalars().all()
                raise AccessError(f"There is no user '{shorten(name)}'; {nearest(name, known)}.", value=name)
            return _user(connection.execute(select(USERS).where(USERS.c.name == name)).one())


def _change(connection: Connection, name: str, values: dict[str, Any]) -> bool:
    """Change a user and end their sessions; tell whether there is such a one."""
    found = connection.execute(update(USERS).where(USERS.c.name == name).values(**values)).rowcount
    connection.execute(delete(SESSIONS).where(SESSIONS.c.user == name))
    return bool(found)


def _row(name: str, roles: Iterable[Role], password: str | None = None) -> dict[str, Any]:
    nobody = {"issuer": None, "subject": None}
    return {"name": name, "roles": _written(roles), "password": password, **nobody, "disabled": 0}


def _written(roles: Iterable[Role]) -> str:
    given = set(roles)
    return " ".join(role for role in Role if role in given)


def _user(row: Any) -> User:
    way = PASSWORD if row.issuer is None else OIDC
    return User(row.name, roles_kept(row.roles), way, bool(row.disabled), row.password)
