"""What if: another rate, a pause, other kidneys; the levels then beside those as planned.

Each kind of change is a form of its own. What was typed is put together to the text that `inotrope plan --what-if`
takes; what it means, and what it does, `plan` says. With scripts on only the answer is drawn anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.display.supposition_sheet import every_model, supposition_blocks
from inotrope.errors import InotropeError, RequestError
from inotrope.plan.supposing.prepared import can_be_asked, rates_of
from inotrope.plan.what_if import SHOWN_DECIMALS
from inotrope.units import plain_number
from inotrope.web.carrying import asked, carried, typed
from inotrope.web.drawing import render

if TYPE_CHECKING:
    from inotrope.plan import Plan

router = APIRouter()
BAD_INPUT = 422
SLIDER = "slider"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change: its word, its field, the unit of that, and what is written there."""

    word: str
    field: str
    unit: str
    such: str


KINDS = {
    item.word: item
    for item in (
        Kind("rate", "rate", "mcg/kg/min", "a rate, such as 0.5"),
        Kind("pause", "pause", "h", "how long, such as 2 for two hours, or 90 min"),
        Kind("kidney", "kidney", "mL/min/1.73 m2", "a creatinine clearance, such as 30"),
    )
}


@router.post("/what-if")
async def what_if(request: Request) -> Response:
    """Answer one change, or show the forms alone where nothing was asked."""
    case, fields, options = await carried(request), await typed(request), await asked(request)
    answers = request.app.state.answers
    plan = await answers.plan(case, options)
    kind, found, problems = KINDS.get(fields.get("change", "")), None, {}
    if kind is not None:
        value = fields.get(SLIDER if fields.get("by") == SLIDER else kind.field, "")
        try:
            if not value.strip():
                raise RequestError(f"Nothing is written. Write {kind.such}.", where=kind.field)
            found = await answers.what_if(case, written(kind, value, fields.get(f"{kind.word}-after", "")), options)
        except InotropeError as problem:
            problems = {_field_of(kind, problem, fields): problem.says}
    part = request.headers.get("hx-request") == "true"
    return render(
        request,
        "what_if_answer.html.j2" if part else "what_if.html.j2",
        status=BAD_INPUT if problems else 200,
        case=case,
        blocks=[] if found is None else supposition_blocks(found),
        models=[] if found is None else every_model(found),
        problems=problems,
        **offered(plan, fields),
    )


def offered(plan: Plan, fields: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what the forms need: whether anything can be asked, over which rates one may look, and what was typed."""
    rates = rates_of(plan)
    slider = None
    if rates is not None:
        slider = {
            "lowest": plain_number(rates.lowest.value),
            "highest": plain_number(rates.highest.value),
            "step": plain_number(rates.step.value),
            "now": rates.now.shown(SHOWN_DECIMALS).split(" ")[0],
            "moves": rates.moves,
        }
    return {
        "can_ask": can_be_asked(plan),
        "slider": slider,
        "highest": None if rates is None else rates.highest.shown(SHOWN_DECIMALS),
        "what_if": dict(fields or {}),
    }


def written(kind: Kind, value: str, after: str) -> str:
    """Return a change as it is written on the command line; a unit, and a time of the clock, may stand in the box."""
    amount = " ".join(value.split())
    if amount and not any(mark.isalpha() for mark in amount):
        amount = f"{amount} {kind.unit}"
    begin = " ".join(after.split())
    if not begin:
        return f"{kind.word} {amount}"
    if ":" in begin:
        return f"{kind.word} {amount} at {begin}"
    return f"{kind.word} {amount} after {begin if any(mark.isalpha() for mark in begin) else f'{begin} h'}"


def _field_of(kind: Kind, problem: InotropeError, fields: Mapping[str, str]) -> str:
    """Return the field that an error speaks of: the time where its value is the one that was typed there."""
    after = " ".join(fields.get(f"{kind.word}-after", "").split())
    value = problem.value or ""
    of_time = bool(after) and (
        value in (after, f"{after} h") or "outside the" in problem.says or "clock" in problem.says
    )
    return f"{kind.word}-after" if of_time else kind.field
