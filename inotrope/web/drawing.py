"""A page from a template: every text escaped and cleaned, and on every page the notice, the way on and the case.

Knows what every screen has. What one shows stands in its file of `pages/` and its template.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import escape
from starlette.responses import HTMLResponse

from inotrope.access.roles import NOBODY, Role, Who
from inotrope.display import templates, to_fragment
from inotrope.plan import NOTICE
from inotrope.web.courses.carried import are_kept, course_of
from inotrope.web.courses.writer import may_write
from inotrope.web.standing import standing_of
from inotrope.web.whose import whose

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.requests import Request

    from inotrope.web.presses import Press

CSRF = "csrf"
"""The hidden field that says that a form is one of ours, of this very session."""
_POSTED = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>')
SENT_AGAIN = "/courses"
"""Under it the browser itself asks whether to send a form again: there, a form that is sent twice is one entry."""
FAULT, CASE_FORM, WRONG = "fault.html.j2", "case.html.j2", 422
"""What is wrong with what was typed leaves it typed on the page; the case form knows itself whose fields it shows."""
FOLDER = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Screen:
    """A place of the navigation: where it posts to, and what it is called."""

    path: str
    called: str


SCREENS = (
    Screen("/case", "Patient"),
    Screen("/plan", "Plan"),
    Screen("/levels", "Levels and fit"),
    Screen("/target", "Target"),
    Screen("/circulation", "Circulation"),
    Screen("/order", "Order check"),
    Screen("/dose", "Convert"),
    Screen("/second-check", "Second check"),
    Screen("/drug", "Drug page"),
)
"""The screens, in the order of the work; each is posted to, so that the case goes along."""


def render(request: Request, name: str, *, status: int = 200, case: str = "", **context: Any) -> HTMLResponse:
    """Return a page.

    Args:
        request: What was asked.
        name: The template.
        status: Of HTTP.
        case: The text of the case that the page carries on; empty for none.
        context: What the template names beside that; `here` where the screen is another one than was asked for.
    """
    course = course_of(request)
    press: Press | None = getattr(request.state, "press", None)
    if press is not None and name != FAULT:  # there it is pressed still
        request.app.state.presses.answer(press)
    here = context.pop("here", request.url.path)
    text = (
        environment()
        .get_template(name)
        .render(
            case=case,
            carry=(*getattr(request.state, "carry", ()), *(() if course is None else course.fields())),
            course=context.pop("course", course),
            courses_are_kept=are_kept(request),
            may_write=may_write(request),
            may=lambda path, method="POST": may_ask(request, method, path),
            home=home_of(getattr(request.state, "who", NOBODY)),
            here=here,
            whose=whose(case, here),
            method="GET" if request.url.path.startswith(SENT_AGAIN) else request.method,
            screens=SCREENS,
            stays_typed=status == WRONG and name != CASE_FORM,
            notice=NOTICE,
            part=request.headers.get("hx-request") == "true",
            who=getattr(request.state, "who", NOBODY),
            standing=(
                *getattr(request.state, "withheld", ()),
                *standing_of(getattr(request.state, "options", None), request.url.path, case),
            ),
            **context,
        )
    )
    return HTMLResponse(_with_proof(text, getattr(request.state, "csrf", "")), status_code=status)


def may_ask(request: Request, method: str, path: str) -> bool:
    """Tell whether whoever asks may ask for a page too: nobody is offered a button that would be refused."""
    from inotrope.web.guard.rights import needed  # noqa: PLC0415 - what stands in front of the pages draws with this file

    role = needed(method, path)
    return role is None or getattr(request.state, "who", NOBODY).may(role)


def home_of(who: Who) -> str:
    """Return where somebody starts: who may not look at courses, and keeps the users, at the audit."""
    return "/audit" if who.may(Role.ADMINISTER) and not who.may(Role.VIEW) else "/"


def _with_proof(page: str, csrf: str) -> str:
    """Return a page with the session's proof in every form that is posted: no template can forget one.

    What somebody typed is escaped before, and begins no form.
    """
    if not csrf:
        return page
    field = f'<input type="hidden" name="{CSRF}" value="{escape(csrf)}">'
    return _POSTED.sub(lambda form: form[0] + field, page)


@cache
def environment() -> Environment:
    """Return the environment of the screens; beside what `display.templates` knows, `fragment` draws a sheet.

    `text | exact` is escaped and not cleaned: what somebody typed goes back into a field as it was. `value | said` is a
    value of a case in words.
    """
    made = templates(FOLDER)
    made.globals["fragment"] = to_fragment
    made.filters["exact"] = escape
    made.filters["said"] = _said
    return made


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_said(item)}" for key, item in value.items())
    return ", ".join(map(_said, value)) if isinstance(value, list) else str(value)
