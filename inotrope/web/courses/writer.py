"""In whose name something is put into a course: the user who is logged in, else the name that was typed here last.

Knows the cookie that keeps a typed name for the window's life. Nobody proves such a name: it is an initial on a chart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from inotrope.access.roles import NOBODY, Role
from inotrope.course.record import LONGEST_NAME, prove_name
from inotrope.errors import CourseError, InotropeError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

BY = "by"
"""The box in which somebody says who they are."""
COOKIE = "inotrope-name"
NOT_NAMED = "not named"
"""Who asked for a plan, or changed the case, where nobody said who they are."""


def is_asked(request: Request) -> bool:
    """Tell whether a form has to ask who writes: nobody is logged in here."""
    return not getattr(request.state, "who", NOBODY).is_known


def written_last(request: Request) -> str:
    """Return the name that was typed in this browser last; empty for none."""
    try:
        return prove_name(unquote(request.cookies.get(COOKIE, ""))[: LONGEST_NAME + 1], "The name")
    except InotropeError:
        return ""


def may_write(request: Request) -> bool:
    """Tell whether whoever asks may put something into a course."""
    who = getattr(request.state, "who", NOBODY)
    return bool(who.may(Role.PLAN))


def asking(request: Request) -> str:
    """Return who asks for what a page records by itself: a plan, a case that was changed."""
    return (written_last(request) or NOT_NAMED) if is_asked(request) else str(request.state.who.name)


def named_by(request: Request, typed: Mapping[str, str]) -> str:
    """Return who says what a form holds.

    Raises:
        CourseError: Nobody is logged in, and no name was typed.
    """
    if not is_asked(request):
        return str(request.state.who.name)
    name = typed.get(BY, "")
    if not name.strip():
        says = "Nobody says who enters this. Write your name or your initials: they stand beside the entry."
        raise CourseError(says, value=name, where=BY)
    try:
        return prove_name(name, "The name")
    except InotropeError as problem:
        raise problem.at(BY) from None


def remember(request: Request, answer: Response, name: str) -> None:
    """Let the next form of this browser begin with a name that was typed, until the browser is closed."""
    if is_asked(request):
        answer.set_cookie(COOKIE, quote(name), path="/courses", httponly=True, samesite="strict")
