"""The double check: a first person opens one from the plan, a second one enters the same without seeing it.

The screens of the second person carry no case, for a case holds the weight. What is compared, and how, stands in
`plan/double_check/`.
"""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inotrope.display.double_check_sheet import NAMES, SETTINGS, WAYS, called, outcome_card, setting_card
from inotrope.errors import InotropeError
from inotrope.plan.double_check.comparing import lacking
from inotrope.plan.double_check.items import (
    AMOUNTS,
    CONCENTRATION,
    IN_ALL,
    LOAD,
    OF_THE_LOAD,
    PUMP_RATE,
    RATE,
    STRENGTH,
    VOLUME,
    WEIGHT,
    read_item,
)
from inotrope.plan.double_check.settings import ToBeSet, settings_of, why_none
from inotrope.units import Quantity
from inotrope.web.carrying import asked, carried, typed
from inotrope.web.checks import Check, Checks, new_form
from inotrope.web.courses.agreeing import keep_agreement
from inotrope.web.courses.carried import course_of
from inotrope.web.courses.writer import BY, is_asked, named_by, written_last
from inotrope.web.drawing import render
from inotrope.web.withheld import note_withheld

router = APIRouter(prefix="/second-check")
UNKNOWN = (
    "No check is open under this code. Read it again; or it was opened before the server was started anew, or is too "
    "old: then the first person opens another from the plan. Nothing else is lost."
)
NOT_ALONE = "{name} opened this check, and nobody checks alone: let another person enter."
HINTS = {
    WEIGHT: "from the chart or the scale",
    CONCENTRATION: "from the label of the bag or syringe; six figures where it does not end (10 mg in 30 mL: 333.333)",
    STRENGTH: "from the label of the vial",
    VOLUME: "of what is in the vial, before anything is added",
    IN_ALL: "as it is given: with the diluent, or the same as drawn up",
    PUMP_RATE: "as it stays, after whatever goes in first",
    RATE: "as the order says it, with at most four decimals",
}
BAD_INPUT, NOT_FOUND, SEE_OTHER = 422, 404, 303


@router.get("")
async def code(request: Request) -> Response:
    """Ask the second person for the code."""
    return render(request, "second_check_code.html.j2", code="", problem="")


@router.post("")
async def first(request: Request) -> Response:
    """Show the first person what can be set, and open a check of it."""
    case = await carried(request)
    if not case:
        return render(request, "second_check_code.html.j2", code="", problem="")
    return await _choice(request, case, "")


async def _choice(request: Request, case: str, problem: str) -> Response:
    """Show what can be set, each with the button that opens a check of it."""
    plan = await request.app.state.answers.plan(case, await asked(request))
    await note_withheld(request, case)
    settings = [
        (_key(item), called(item), setting_card(item), item.first is not None and item.first.another)
        for item in settings_of(plan)
    ]
    waits = plan.loading_dose is not None and bool(plan.loading_dose.only_if)
    return render(
        request,
        "second_check.html.j2",
        status=BAD_INPUT if problem else 200,
        case=case,
        settings=settings,
        waits=waits,
        why=why_none(plan),
        form=new_form(),
        asks_name=course_of(request) is not None and is_asked(request),
        by=written_last(request),
        problem=problem,
    )


@router.post("/open")
async def opened(request: Request) -> Response:
    """Open a check of what the first person chose, or show how one stands that is open."""
    case, fields = await carried(request), await typed(request)
    check = _checks(request).find(fields.get("code", ""))
    if "code" in fields and check is None:
        return _unknown(request, "", case)
    plan = await request.app.state.answers.plan(case, await asked(request))
    settings = settings_of(plan)
    await note_withheld(request, case)
    if check is None:
        meant = next((item for item in settings if _key(item) == fields.get("setting")), None)
        if meant is None:
            return await _choice(request, case, "")
        course = course_of(request)
        try:
            name = "" if course is None and is_asked(request) else named_by(request, fields)
        except InotropeError as problem:
            return await _choice(request, case, problem.says)
        held = ("", 0) if course is None else (course.id, course.seen)
        check = _checks(request).open(
            fields.get("form", new_form()), meant, made_for=plan.made_for, first=name, course=held[0], seen=held[1]
        )
    return render(
        request,
        "second_check_open.html.j2",
        case=case,
        check=check,
        stale=check.meant not in settings,
        outcome=_outcome(check),
        meant=setting_card(check.meant),
    )


@router.get("/enter")
async def enter(request: Request) -> Response:
    """Show the second person what to enter; nothing of the first one's stands on it, and none of it in the address."""
    code = request.query_params.get("code", "")
    check = _checks(request).find(code)
    return _unknown(request, code) if check is None else _blind(request, check, {}, {})


@router.get("/result")
async def result(request: Request) -> Response:
    """Show what came of the last entry: which items agree, and no value."""
    code = request.query_params.get("code", "")
    check = _checks(request).find(code)
    if check is None:
        return _unknown(request, code)
    return _blind(request, check, {}, {}) if check.last is None else _done(request, check)


@router.post("/compare")
async def compared(request: Request) -> Response:
    """Compare what the second person entered."""
    fields = await typed(request)
    check = _checks(request).find(fields.get("code", ""))
    if check is None:
        return _unknown(request, fields.get("code", ""))
    entered, problems = _read(fields)
    second, unnamed = _second(request, check, fields)
    problems |= unnamed
    if not problems:
        try:
            check.enter(fields.get("form", ""), entered, fields.get(LOAD, ""))
        except InotropeError as problem:  # items are missing, or one is too many
            every = (problem, *lacking(check.meant, entered, fields.get(LOAD, "")))
            problems = {_id(item.where or ""): item.says for item in every}
    if problems:
        return _blind(request, check, fields, problems)
    await keep_agreement(request, check, entered, fields.get(LOAD, ""), second)
    # Shown by an address of its own, so that a reload and the way back send nothing again.
    return RedirectResponse(f"{router.prefix}/result?{urlencode({'code': check.code})}", status_code=SEE_OTHER)


def _read(fields: dict[str, str]) -> tuple[dict[str, Quantity], dict[str, str]]:
    """Return what was entered by item, and what is wrong by field; an empty field is no entry."""
    entered, problems = {}, {}
    for item, known in AMOUNTS.items():
        text = fields.get(_id(item), "").strip()
        if not text:
            continue
        unit = known.units[0] if len(known.units) == 1 else fields.get(f"{_id(item)}-unit", "")
        try:
            entered[item] = read_item(item, f"{text} {unit}")
        except InotropeError as problem:
            problems[_id(item)] = problem.says
    return entered, problems


def _second(request: Request, check: Check, fields: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return who enters, and what is wrong with that: the second person is never the first."""
    if is_asked(request) and not check.course:
        return "", {}
    try:
        name = named_by(request, fields)
    except InotropeError as problem:
        return "", {BY: problem.says}
    at = BY if is_asked(request) else ""
    return name, {at: NOT_ALONE.format(name=name)} if check.is_by(name) else {}


def _key(meant: ToBeSet) -> str:
    """Return the name of a setting in a form: its words, which no other setting of a plan has."""
    return called(meant)


def _id(item: str) -> str:
    """Return the name of an item's field."""
    return item.replace(" ", "-")


def _blind(request: Request, check: Check, fields: dict[str, str], problems: dict[str, str]) -> Response:
    if check.closed:
        return _done(request, check)
    return render(
        request,
        "second_check_enter.html.j2",
        status=BAD_INPUT if problems else 200,
        check=check,
        what=SETTINGS[check.meant.name],
        fields=[_field(item) for item in AMOUNTS if item not in OF_THE_LOAD],
        of_the_load=[] if check.meant.first is None else [_field(item) for item in OF_THE_LOAD],
        ways=[("", "choose"), *WAYS.items()],
        load=(_id(LOAD), NAMES[LOAD]),
        typed=fields,
        problems=problems,
        form=new_form(),
        asks_name=bool(check.course) and is_asked(request),
    )


def _field(item: str) -> tuple[str, str, list[tuple[str, str]], str]:
    """Return the name of a field, what it is called, its units, and a hint."""
    units = AMOUNTS[item].units
    choices = (
        [(unit, unit) for unit in units] if len(units) == 1 else [("", "choose"), *((unit, unit) for unit in units)]
    )
    return _id(item), NAMES[item], choices, HINTS.get(item, "")


def _done(request: Request, check: Check) -> Response:
    agreed = setting_card(check.meant, "AGREED:") if check.agreed else None
    return render(request, "second_check_done.html.j2", check=check, outcome=_outcome(check), agreed=agreed)


def _outcome(check: Check) -> object:
    return None if check.last is None else outcome_card(check.last, check.attempts, check.agreed_at)


def _unknown(request: Request, written: str, case: str = "") -> Response:
    return render(request, "second_check_code.html.j2", status=NOT_FOUND, case=case, code=written, problem=UNKNOWN)


def _checks(request: Request) -> Checks:
    checks: Checks = request.app.state.checks
    return checks
