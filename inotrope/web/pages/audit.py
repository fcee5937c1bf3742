"""The audit, for whoever keeps the users: who did what and when, the last first, and whether the chain holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from inotrope.web.drawing import render
from inotrope.web.threads import waiting

if TYPE_CHECKING:
    from inotrope.access.gate import Gate

router = APIRouter()
A_PAGE, NOT_FOUND, LONGEST_NUMBER = 100, 404, 15


@router.get("/audit")
async def audit(request: Request) -> Response:
    """Show the last rows, or those before one, or those of one course; of none is said what was planned or given."""
    gate: Gate | None = request.app.state.gate
    if gate is None:
        raise HTTPException(NOT_FOUND)
    before, course = request.query_params.get("before", ""), request.query_params.get("course", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) <= LONGEST_NUMBER else None
    rows = await waiting.run(gate.audit.rows, A_PAGE + 1, number, course)
    proves = "prove" in request.query_params  # every row ever written is read for that
    count, breaks = await waiting.run(gate.audit.verify) if proves else (await waiting.run(gate.audit.count), ())
    shown, more = rows[:A_PAGE], len(rows) > A_PAGE
    return render(
        request, "audit.html.j2", rows=shown, more=more, count=count, breaks=breaks, one=course, proves=proves
    )
