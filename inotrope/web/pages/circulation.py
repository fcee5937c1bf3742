"""Heart and vessels before and during the drug, with the loops of both ventricles. It selects no rate."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.display.circulation_sheet import UNKNOWN, circulation_sheet
from inotrope.errors import InotropeError
from inotrope.plan.hearts import typical_hearts
from inotrope.web.carrying import asked, carried, pending, typed
from inotrope.web.drawing import render
from inotrope.web.inquiries import CIRCULATION, answered_before, typed_in
from inotrope.web.pending import shows_again
from inotrope.web.problems import at_field, of_case
from inotrope.web.withheld import note_withheld

router = APIRouter()
BAD_INPUT = 422
FOLDED = (
    *("What it is calibrated with", "The chain, from PDE3 to the loop", "Dose-response"),
    *("The fits that stand side by side, the default one first", "Sources", UNKNOWN),
)
"""Sections that stand folded, so that the change and the loops come first."""
FIELDS = ("regimen", "typical")


@router.post("/circulation")
async def circulation(request: Request) -> Response:
    """Show what the drug is expected to do; by default at the levels of the label's rates."""
    case, fields = await carried(request), await typed(request)
    wanted = typed_in(fields, CIRCULATION)
    again = shows_again(request.url.path, fields, await pending(request))
    of = answered_before(fields) if again else wanted
    sheet, problems, now = None, dict[str, str](), dict[str, str]()
    try:
        regimen, typical = (of.get(name, "").strip() or None for name in FIELDS)
        options = replace(await asked(request), regimen=regimen, typical=typical)
        found = await request.app.state.answers.circulation(case, options)
        sheet, now = circulation_sheet(found, figures=True), dict(of)
    except InotropeError as problem:
        if of_case(problem):
            raise
        problems = at_field(problem, of)
    await note_withheld(request, case)
    hearts = [("", "none: only what was measured"), *((name, name.replace("_", " ")) for name in typical_hearts())]
    return render(
        request,
        "circulation.html.j2",
        status=BAD_INPUT if problems else 200,
        case=case,
        nav_form="asking",
        answered=now,
        wanted=wanted,
        hearts=hearts,
        problems=problems,
        sheet=sheet,
        folded=FOLDED,
    )
