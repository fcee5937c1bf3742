"""The search for a rate that keeps the level in a range, among those that the plan allows."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.display.target_sheet import target_sheet
from inotrope.errors import InotropeError
from inotrope.web.carrying import asked, carried, typed
from inotrope.web.drawing import render
from inotrope.web.problems import at_field, of_case

router = APIRouter()
BAD_INPUT = 422
FOLDED = ("What is searched", "Kidneys", "Models that do not count here", "Sources")
FIELDS = ("concentration", "penalty", "hours", "result_after")


@router.post("/target")
async def target(request: Request) -> Response:
    """Search where somebody asked for it; else show what can be asked."""
    case, fields = await carried(request), await typed(request)
    wanted = {name: fields.get(name, "") for name in FIELDS}
    sheet, problems = None, {}
    if "search" in fields:
        range_, penalty, hours, after = (wanted[name].strip() or None for name in FIELDS)
        options = replace(await asked(request), concentration=range_, penalty=penalty, hours=hours, result_after=after)
        try:
            found = await request.app.state.answers.target(case, options)
            sheet = target_sheet(found)
        except InotropeError as problem:
            if of_case(problem):
                raise
            problems = at_field(problem, wanted)
    return render(
        request,
        "target.html.j2",
        status=BAD_INPUT if problems else 200,
        case=case,
        wanted=wanted,
        problems=problems,
        sheet=sheet,
        folded=FOLDED,
    )
