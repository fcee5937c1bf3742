"""Which role a request needs: one list, and whatever stands in none of it needs the right to write.

Knows paths and methods. The longest path of the list that a request's begins with decides, part by part.
"""

from __future__ import annotations

from inotrope.access.roles import Role

PUBLIC = None
"""Of somebody who need not have logged in."""
LOOKING = ("GET", "HEAD", "OPTIONS")
_V, _P, _C, _A = Role.VIEW, Role.PLAN, Role.CONFIRM, Role.ADMINISTER
_NEEDS: dict[str, tuple[Role | None, Role | None]] = {
    "/": (_V, _P),
    "/static": (PUBLIC, PUBLIC),
    "/login": (PUBLIC, PUBLIC),
    "/logout": (PUBLIC, PUBLIC),
    "/api/v1/health": (PUBLIC, PUBLIC),
    "/api/v1/openapi.json": (PUBLIC, PUBLIC),
    "/api/v1/who": (PUBLIC, PUBLIC),
    "/kept": (_V, _V),
    "/dose": (_V, _V),
    "/order": (_V, _V),
    "/drug": (_V, _V),
    "/api/v1/dose": (_V, _V),
    "/api/v1/order": (_V, _V),
    "/second-check": (_V, _P),
    "/second-check/enter": (_C, _C),
    "/second-check/compare": (_C, _C),
    "/second-check/result": (_C, _C),
    "/audit": (_A, _A),
}
"""By path, what looking needs and what sending needs."""


def needed(method: str, path: str) -> Role | None:
    """Return the role that a request needs, or `PUBLIC`.

    Args:
        method: Of HTTP.
        path: As it was asked for, without a query.
    """
    looking, sending = _NEEDS["/"]
    longest = 0
    for start, rights in _NEEDS.items():
        if len(start) > longest and (path == start or path.startswith(f"{start}/")):
            (looking, sending), longest = rights, len(start)
    return looking if method in LOOKING else sending
