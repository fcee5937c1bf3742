"""Two edits of one case that cannot both stand: each value that both changed, for somebody to choose.

Nothing of either is lost: what is in the course stays, what was typed comes back here whole, and only the values that
both changed are asked for.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.course.meaning.folding import case_text, fold, ordered
from inotrope.course.meaning.kinds import CASE as WHOLE
from inotrope.course.meaning.merging import Conflict, merge
from inotrope.course.meaning.recording import Writer, record_case
from inotrope.errors import Overtaken
from inotrope.web.carrying import CASE, typed
from inotrope.web.courses.carried import SEEN, InCourse, kept_by, read_number
from inotrope.web.courses.keeping import moment
from inotrope.web.courses.overtaken import UP_TO, draw_overtaken
from inotrope.web.courses.writer import asking
from inotrope.web.form import open_case
from inotrope.web.pages.course import back_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inotrope.course import Appended, Courses

router = APIRouter(prefix="/courses")
KEEP, MINE = "keep.", "mine"


class NotChosen(Overtaken):
    """Two edits still conflict: one of the values was left open."""


@router.post("/{course}/settle")
async def settle(request: Request, course: str) -> Response:
    """Record a case of which somebody chose each value that two people had changed."""
    fields, by, now = await typed(request), asking(request), moment()
    seen, up_to = read_number(fields.get(SEEN, "")), read_number(fields.get(UP_TO, ""))
    mine = ordered(open_case(fields.get(CASE, "")))

    def write(store: Courses) -> Appended:
        events = store.events(course)
        known = any(event.kind == WHOLE for event in events[:seen])
        base = fold(events[:seen], store.document) if known else {}
        found = merge(base, mine, fold(events[:up_to], store.document))
        text = case_text(settled(found.case, found.conflicts, fields))
        return record_case(Writer(store, course, by, up_to, now, f"settled-{seen}-{up_to}"), text)

    head, _ = await kept_by(request).read(course)
    request.state.course = InCourse(head.id, head.label, seen, seen)
    try:
        appended = await kept_by(request).ask(write)
    except NotChosen as problem:
        return await draw_overtaken(request, problem, mine=case_text(mine), said=problem.says)
    return back_to(request, appended, up_to)


def settled(case: dict[str, Any], conflicts: tuple[Conflict, ...], fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the merged case with every value as it was chosen.

    Raises:
        NotChosen: A value was not chosen.
    """
    found: dict[str, Any] = json.loads(json.dumps(case))
    for item in conflicts:
        chosen = fields.get(f"{KEEP}{item.path}", "")
        if not chosen:
            raise NotChosen(f"Nothing was chosen for {item.path}. Choose one of the two.", conflicts=conflicts)
        if chosen == MINE:
            _put(found, item)
    return found


def _put(case: dict[str, Any], item: Conflict) -> None:
    table, _, key = item.path.partition(".")
    held, name = (case.setdefault(table, {}), key) if key else (case, table)
    if item.mine is None:
        held.pop(name, None)
    else:
        held[name] = item.mine
