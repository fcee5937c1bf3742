"""What is typed and not in the case, shown before another page opens: somebody says what becomes of it.

Knows that nothing is opened and nothing dropped before that. Each box stands there with what was typed, can be mended,
and is put in on the way; whatever else the page sent goes along unseen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from inotrope.errors import InotropeError
from inotrope.web.carrying import CASE, typed
from inotrope.web.drawing import SCREENS, render
from inotrope.web.form import open_case
from inotrope.web.form.fields import ROWS, TABLES
from inotrope.web.form.layout import Box, ConditionView, Layout, RowView
from inotrope.web.form.reading import is_empty_row
from inotrope.web.inquiries import is_entry, stands_on
from inotrope.web.pending import ANSWER, ASKED_ONCE, ASSUME, DO, ENTRY, LEVELS, PLAN, REASON, Do, NotPutIn, Pending
from inotrope.web.presses import PAGE
from inotrope.web.questions import told

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from inotrope.web.form import Problem

BAD_INPUT = 422
_CALLED = {screen.path: screen.called for screen in SCREENS} | {
    "/print": "Print the plan",
    "/case/file": "Save the case as a file",
    "/what-if": "What if",
    "/courses": "Keep it in a course",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """The boxes of what was typed."""

    boxes: tuple[Box, ...]
    rows: tuple[RowView, ...]
    conditions: tuple[ConditionView, ...]

    def names(self) -> set[str]:
        """Return the fields that are drawn, and so need not be sent unseen."""
        rows = [box for view in self.rows for box in view.boxes]
        found = {box.name for box in (*self.boxes, *rows, *(view.box for view in self.conditions))}
        found |= {f"{name}.unit" for name in found}
        return found | {name for view in self.rows for name, _ in view.hidden}


async def draw_not_put_in(request: Request, problem: NotPutIn) -> Response:
    """Return the page that asks."""
    values = await typed(request)
    case = values.get(CASE, "")
    back = stands_on(values) or (LEVELS if ENTRY in values else PLAN)
    drawn = _drawn(problem.pending, problem.problems, _drug(case))
    shown = {DO, ANSWER, PAGE, *drawn.names()}
    unseen = [(name, text) for name, text in values.items() if name not in shown]
    return render(
        request,
        "not_put_in.html.j2",
        status=BAD_INPUT if problem.problems else 200,
        case=case,
        nav_form="typed",
        here="",
        there=request.url.path,
        back=back,
        done="recorded" if is_entry(back) else "asked",
        called=_CALLED.get(request.url.path, "that page"),
        drawn=drawn,
        is_wrong=bool(problem.problems),
        wrong=_elsewhere(problem.problems, drawn),
        unseen=[*unseen, *((ANSWER, answer) for answer in problem.pending.answers)],
        answers=[told(answer) for answer in problem.pending.answers],
        options=problem.pending.of_options,
        beside=[(_named(name), text) for name, text in problem.pending.beside.items()],
        not_asked=problem.pending.not_asked,
        can_be_put_in=bool(problem.pending.typed or problem.pending.answers),
        nothing_of_the_case=bool(problem.pending.not_asked)
        and not (
            problem.pending.typed or problem.pending.answers or problem.pending.beside or problem.pending.of_options
        ),
        leaves_out=bool(problem.pending.beside or problem.pending.of_options or problem.pending.not_asked),
        words=Do,
    )


def _drawn(pending: Pending, problems: Iterable[Problem], drug: str) -> Drawn:
    typed = pending.typed
    layout = Layout({**typed, "drug": drug}, problems)
    known = [f"{part}.{item.key}" for part, fields in TABLES.items() for item in fields]
    boxes = [layout.single(name) for name in (*ASKED_ONCE, *known, "medicines", "allergies") if typed.get(name, "")]
    rows: list[RowView] = []
    for part in ROWS:
        every = {"measurements": layout.every_measurement, "administrations": layout.administrations}.get(part)
        views = layout.rows(part) if every is None else every()
        rows += [
            replace(view, removable=False, title=view.title or "Not named")
            for view in views
            if not is_empty_row(typed, part, view.number)
        ]
    named = [name.removeprefix("conditions.") for name in typed if name.startswith("conditions.")]
    return Drawn(tuple(boxes), tuple(rows), tuple(layout.condition(name) for name in named))


def _elsewhere(problems: Iterable[Problem], drawn: Drawn) -> list[str]:
    """Return what is wrong with no box of the page, such as an answer that contradicts the case."""
    return [item.says for item in problems if item.field not in drawn.names()]


def _named(field: str) -> str:
    if field == ASSUME:
        return "Creatinine clearance to assume"
    return f"Reason to set aside {field.removeprefix(REASON)}"


def _drug(case: str) -> str:
    try:
        return str(open_case(case).get("drug", ""))
    except InotropeError:
        return ""
