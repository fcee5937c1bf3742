"""A page from a template: every text escaped and cleaned, and on every page the notice, the way on and the case.

Knows what every screen has. What one shows stands in its file of `pages/` and its template.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import escape
from starlette.responses import HTMLResponse

from inotrope.display import templates, to_fragment
from inotrope.plan import NOTICE
from inotrope.web.standing import standing_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.requests import Request

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
    text = (
        environment()
        .get_template(name)
        .render(
            case=case,
            carry=getattr(request.state, "carry", ()),
            here=context.pop("here", request.url.path),
            method=request.method,
            screens=SCREENS,
            notice=NOTICE,
            part=request.headers.get("hx-request") == "true",
            standing=standing_of(getattr(request.state, "options", None), request.url.path, case),
            **context,
        )
    )
    return HTMLResponse(text, status_code=status)


@cache
def environment() -> Environment:
    """Return the environment of the screens; beside what `display.templates` knows, `fragment` draws a sheet.

    `text | exact` is escaped and not cleaned: what somebody typed goes back into a field as it was.
    """
    made = templates(FOLDER)
    made.globals["fragment"] = to_fragment
    made.filters["exact"] = escape
    return made
