"""The plan of the case that the page carries."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.display import plan_sheet
from inotrope.web.carrying import asked, carried
from inotrope.web.drawing import render

router = APIRouter()


@router.post("/plan")
async def plan(request: Request) -> Response:
    """Show the plan."""
    case = await carried(request)
    made = await request.app.state.answers.plan(case, await asked(request))
    return render(request, "plan.html.j2", case=case, sheet=plan_sheet(made))
