"""The cross-check of one infusion order: a box to paste into, beside the patient where the page carries one."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.display.order_sheet import order_sheet
from inotrope.errors import InotropeError
from inotrope.web.carrying import carried, typed
from inotrope.web.drawing import render
from inotrope.web.problems import at_field, of_case

router = APIRouter()
BAD_INPUT = 422
EXAMPLE = "milrinone 20 mg/100 mL at 0.5 mcg/kg/min, 70 kg"
FOLDED = ("What was read", "Sources")
EMPTY = f"Nothing was pasted. Write the order as it stands, such as: {EXAMPLE}."


@router.get("/order")
async def box(request: Request) -> Response:
    """Show the box, without a patient."""
    return render(request, "order.html.j2", text="", beside="", sheet=None, problems={}, example=EXAMPLE, folded=FOLDED)


@router.post("/order")
async def order(request: Request) -> Response:
    """Check what was pasted; the box alone where nothing was sent."""
    case, fields = await carried(request), await typed(request)
    text = fields.get("order")
    beside = "yes" if text is None else fields.get("beside", "")
    sheet, problems = None, {}
    if text is not None and not text.strip():
        problems = {"order": EMPTY}
    elif text is not None:
        try:
            sheet = order_sheet(
                await request.app.state.answers.order({"text": text}, case if beside and case else None)
            )
        except InotropeError as problem:
            if of_case(problem):
                raise
            problems = at_field(problem, {"order": text})
    return render(
        request,
        "order.html.j2",
        status=BAD_INPUT if problems else 200,
        case=case,
        text=text or "",
        beside=beside,
        sheet=sheet,
        problems=problems,
        example=EXAMPLE,
        folded=FOLDED,
    )
