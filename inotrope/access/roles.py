"""Who asks, and what they may: four roles, and a person who has some of them.

Knows what each role is for and which another brings along. How a person proves who they are is not known here, nor
which page needs which role (`inotrope/web/guard/rights.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from inotrope.errors import RequestError, nearest, shorten


class Role(StrEnum):
    """What somebody may do; each is given by name."""

    VIEW = "view"
    PLAN = "plan"
    CONFIRM = "confirm"
    ADMINISTER = "administer"


SAYS = {
    Role.VIEW: "look at every course, and use what keeps nothing",
    Role.PLAN: "make plans, and write into a course what was given, measured and decided",
    Role.CONFIRM: "confirm an order as the second person",
    Role.ADMINISTER: "read the audit; no patient is shown for that",
}
"""What each role is for, in words."""
_BRINGS = {Role.PLAN: (Role.VIEW,), Role.CONFIRM: (Role.VIEW,)}
"""Nobody can plan or confirm for a patient whom they may not see. Who keeps the users sees no patient by that."""
OPEN, PASSWORD, OIDC, NO_WAY = "open", "password", "oidc", "none"
"""How somebody came in: nobody is asked, by a password, by the hospital's own login, not at all."""
WAYS = (OPEN, PASSWORD, OIDC, NO_WAY)


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who asks.

    Attributes:
        name: Of the user; empty where nobody is asked for one.
        roles: What they may, with what each role brings along.
        way: How they came in.
    """

    name: str
    roles: frozenset[Role]
    way: str

    def may(self, role: Role | str) -> bool:
        """Tell whether they have a role."""
        return Role(role) in self.roles

    @property
    def is_known(self) -> bool:
        """Whether it was proved who they are, so that what they do is done in their name."""
        return self.way in (PASSWORD, OIDC)


ANYBODY = Who("", frozenset(Role), OPEN)
"""Whoever sits at a machine that serves itself alone, and asks nobody for a name."""
NOBODY = Who("", frozenset(), NO_WAY)
"""Somebody who has not proved who they are, where that is asked for."""


def with_what_they_bring(roles: Iterable[Role]) -> frozenset[Role]:
    """Return roles with those that they bring along."""
    given = frozenset(roles)
    return given.union(*(_BRINGS.get(role, ()) for role in given))


def roles_kept(kept: str) -> frozenset[Role]:
    """Return the roles that a database has of a user; a word that is none of ours gives nothing."""
    return frozenset(role for role in Role if role in kept.split())


def read_roles(written: Iterable[str]) -> frozenset[Role]:
    """Return the roles of these names, as they were given.

    Raises:
        RequestError: A name is not known, or there is none.
    """
    accepted = ", ".join(Role)
    found = set()
    for name in written:
        try:
            found.add(Role(name.strip().lower()))
        except ValueError:
            says = f"'{shorten(name)}' is not a role; {nearest(name, Role)}."
            raise RequestError(says, value=name, accepted=accepted) from None
    if not found:
        raise RequestError(f"No role is named. Name one or more: {accepted}.", accepted=accepted)
    return frozenset(found)
