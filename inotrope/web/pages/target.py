"""The search for a rate that keeps the level in a range, among those that the plan allows."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.display.target_sheet import target_sheet
from inotrope.errors import InotropeError
from inotrope.web.carrying import asked, carried, pending, typed
from inotrope.web.drawing import render
from inotrope.web.inquiries import TARGET, answered_before, typed_in
from inotrope.web.pending import shows_again
from inotrope.web.problems import at_field, of_case
from inotrope.web.withheld import note_withheld

router = APIRouter()
BAD_INPUT = 422
FOLDED = ("What is searched", "Kidneys", "Models that do not count here", "Sources")
FIELDS = ("concentration", "penalty", "hours", "result_after")


@router.post("/target")
async def target(request: Request) -> Response:
    """Search where somebody asked for it, or had asked when the page is shown again; else show what can be asked."""
    case, fields = await carried(request), await typed(request)
    wanted, answered = typed_in(fields, TARGET), answered_before(fields)
    again = shows_again(request.url.path, fields, await pending(request))
    of = answered if again else wanted
    sheet, problems, now = None, dict[str, str](), dict[str, str]()
    if answered if again else "search" in fields:
        range_, penalty, hours, after = (of.get(name, "").strip() or None for name in FIELDS)
        options = replace(await asked(request), concentration=range_, penalty=penalty, hours=hours, result_after=after)
        try:
            found = await request.app.state.answers.target(case, options)
            sheet, now = target_sheet(found), dict(of)
        except InotropeError as problem:
            if of_case(problem):
                raise
            problems = at_field(problem, of)
    if sheet is None:
        await note_withheld(request, case)
    return render(
        request,
        "target.html.j2",
        status=BAD_INPUT if problems else 200,
        case=case,
        nav_form="asking",
        answered=now,
        wanted=wanted,
        problems=problems,
        sheet=sheet,
        folded=FOLDED,
    )
