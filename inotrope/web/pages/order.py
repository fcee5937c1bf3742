"""The cross-check of one infusion order: a box to paste into, beside the patient where the page carries one."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.display.order_sheet import order_sheet
from inotrope.errors import InotropeError
from inotrope.web.carrying import carried, pending, typed
from inotrope.web.drawing import render
from inotrope.web.inquiries import ORDER, answered_before, typed_in
from inotrope.web.pending import shows_again
from inotrope.web.problems import at_field, of_case
from inotrope.web.withheld import note_withheld

router = APIRouter()
BAD_INPUT = 422
EXAMPLE = "milrinone 20 mg/100 mL at 0.5 mcg/kg/min, 70 kg"
FOLDED = ("What was read", "Sources")
EMPTY = f"Nothing was pasted. Write the order as it stands, such as: {EXAMPLE}."


@router.get("/order")
async def box(request: Request) -> Response:
    """Show the box, without a patient."""
    drawn: dict[str, Any] = {"text": "", "beside": "", "sheet": None, "problems": {}, "answered": {}}
    return render(request, "order.html.j2", **drawn, example=EXAMPLE, folded=FOLDED)


@router.post("/order")
async def order(request: Request) -> Response:
    """Check what was pasted; the box alone where nothing was sent."""
    case, fields = await carried(request), await typed(request)
    again = shows_again(request.url.path, fields, await pending(request))
    text = (answered_before(fields) if again else fields).get("order")
    beside = fields.get("beside", "") if "order" in fields else "yes"
    sheet, problems, now = None, dict[str, str](), dict[str, str]()
    if text is not None and not text.strip():
        problems = {"order": EMPTY}
    elif text is not None:
        try:
            check = await request.app.state.answers.order({"text": text}, case if beside and case else None)
            sheet, now = order_sheet(check), {"order": text}
        except InotropeError as problem:
            if of_case(problem):
                raise
            problems = at_field(problem, {"order": text})
    if sheet is None or not beside:
        await note_withheld(request, case)
    return render(
        request,
        "order.html.j2",
        status=BAD_INPUT if problems else 200,
        case=case,
        nav_form="asking",
        answered=now,
        text=typed_in(fields, ORDER)["order"],
        beside=beside,
        sheet=sheet,
        problems=problems,
        example=EXAMPLE,
        folded=FOLDED,
    )
