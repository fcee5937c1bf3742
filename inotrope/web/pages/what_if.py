"""What if: another rate, a pause, other kidneys; the levels then beside those as planned.

Each kind of change has boxes and a button of its own, in one form, so that whatever is pressed all that is typed stays.
What was typed is put together to the text that `inotrope plan --what-if` takes; what it means, and what it does, `plan`
says. With scripts on only the answer is drawn anew.
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
from inotrope.web.carrying import asked, carried, pending, typed
from inotrope.web.drawing import render
from inotrope.web.inquiries import CHANGES, ENTER, PLAN, WHAT_IF, answered_before, stands_on, typed_in
from inotrope.web.pending import shows_again
from inotrope.web.withheld import note_withheld

if TYPE_CHECKING:
    from inotrope.plan import Plan
    from inotrope.web.options import Options

router = APIRouter()
BAD_INPUT = 422
SLIDER = "slider"
CHANGE = "change"
"""What the button of a change sends; among what was asked, the last change."""
_WHICH = "More than one thing is typed. Press the button beside each: the enter key does not say which one is meant."
_NOTHING = "Nothing is written. Write a rate, a pause or a creatinine clearance."


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
    part = request.headers.get("hx-request") == "true"
    case, fields = await carried(request, answering=part), await typed(request)
    options = await asked(request)
    plan = await request.app.state.answers.plan(case, options)
    await note_withheld(request, case)
    again = shows_again(request.url.path, fields, await pending(request))
    found = await supposed(request, case, options, fields, again=again)
    return render(
        request,
        "what_if_answer.html.j2" if part else "what_if.html.j2",
        status=BAD_INPUT if found["problems"] else 200,
        case=case,
        nav_form="asking",
        alone=part,
        **found,
        **offered(plan, typed_in(fields, WHAT_IF), on_the_plan=part and stands_on(fields) == PLAN),
    )


async def supposed(
    request: Request, case: str, options: Options, fields: Mapping[str, str], *, again: bool
) -> dict[str, Any]:
    """Return what is drawn of a change: the answer, what is wrong with it, and what was asked by now.

    Args:
        request: What was asked.
        case: Of which a change is supposed.
        options: What was asked beside it.
        fields: What the page sent.
        again: Whether the page is shown again, with the answer that it had.
    """
    before = answered_before(fields)
    of: Mapping[str, str] = before if again else fields
    kind, says = _pressed(of)
    drawn: dict[str, Any] = {"blocks": [], "models": [], "problems": {"": says} if says else {}, "answered": before}
    if kind is None:
        return drawn
    slid = of.get("by") == SLIDER
    value = of.get(SLIDER if slid else kind.field, "")
    try:
        if not value.strip():
            raise RequestError(f"Nothing is written. Write {kind.such}.", where=kind.field)
        text = written(kind, value, of.get(f"{kind.word}-after", ""))
        found = await request.app.state.answers.what_if(case, text, options)
    except InotropeError as problem:
        return drawn | {"problems": {_field_of(kind, problem, of): problem.says}}
    own = {} if slid else {name: of.get(name, "") for name in (kind.field, f"{kind.word}-after")}
    now = before | own | {CHANGE: SLIDER if slid else kind.word}
    return drawn | {"blocks": supposition_blocks(found), "models": every_model(found), "answered": now}


def _pressed(fields: Mapping[str, str]) -> tuple[Kind | None, str]:
    """Return which change is asked; without scripts the enter key does not say so, and then what to do instead."""
    word = fields.get(CHANGE, "")
    if word != ENTER:
        return KINDS.get(word), ""
    written_in = [item for item in CHANGES if any(fields.get(name, "").strip() for name in item.boxes)]
    meant = [item for item in CHANGES if item.open_in(fields)] or written_in
    if len(meant) == 1:
        return KINDS[meant[0].sends[1]], ""
    return None, _WHICH if meant else _NOTHING


def offered(plan: Plan, boxes: Mapping[str, str], *, on_the_plan: bool) -> dict[str, Any]:
    """Return what the forms need: whether anything can be asked, over which rates one may look, and what was typed.

    Args:
        plan: Of which a change is supposed.
        boxes: What stands in the boxes.
        on_the_plan: Whether they stand on the plan, in the form of its questions.
    """
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
        "what_if": boxes,
        "asks_in": "work" if on_the_plan else "asking",
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
