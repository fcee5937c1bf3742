"""The gate: everything that a door asks about who somebody is, in one piece.

Its methods wait for the database, and one of them for the hash of a password: a door calls them in a thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inotrope.access.roles import Who


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

    @property
    def ways(self) -> tuple[str, ...]:
        """How one can log in here: `password`, `oidc`."""
        raise NotImplementedError

    def find(self, token: str) -> Found | None:
        """Return whom a session's token belongs to; None where it is no session, or has ended."""
        raise NotImplementedError
