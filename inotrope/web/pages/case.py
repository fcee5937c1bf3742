"""The case form: the patient, what is known and measured, what runs, and the bag and the pump.

Knows the buttons of the form. Each sends the whole form, so that nothing typed is lost, whatever is pressed.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from inotrope.display import Section, plan_sheet
from inotrope.errors import InotropeError
from inotrope.files import decode
from inotrope.web.carrying import CASE, FILLED, asked, carried, carry_as_sent, sent, settled, typed
from inotrope.web.case_form import check_document, draw_case_form, draw_case_text
from inotrope.web.clock import clock
from inotrope.web.courses.taking_in import has_case
from inotrope.web.form import Problem, check, open_case, read_fields, write_fields
from inotrope.web.form.fields import drugs
from inotrope.web.form.opening import add_row, new_values, remove_row, settle_times, with_asked

router = APIRouter()

_SHOWN = ("Patient", "Kidney")
"""What a look at a sound case shows of its plan: the weights, and what the kidneys are taken for."""


@router.post("/case")
async def case(request: Request) -> Response:
    """Show the form for what was sent: its own fields, a file, the case of another page, or a new patient."""
    values = await typed(request)
    await carry_as_sent(request)
    if FILLED in values:
        return await _pressed(request, values)
    file = (await sent(request)).get("file")
    if isinstance(file, UploadFile) and file.filename:
        try:
            text = decode(await file.read(), "the file")
        except InotropeError as problem:
            return draw_case_text(request, "", problem.says)
        finally:
            await file.close()
        return _open(request, text)
    if CASE in values:
        return _open(request, await settled(request, values[CASE]))
    if await has_case(request):
        return _open(request, await carried(request))
    return draw_case_form(request, new_values(drugs()[0], clock()))


@router.post("/case/file")
async def file(request: Request) -> Response:
    """Hand out the case as a file, as it is, so that it can be kept and opened again."""
    text = await carried(request)
    name = 'attachment; filename="case.json"'
    return Response(text, media_type="application/json", headers={"Content-Disposition": name})


def _open(request: Request, text: str) -> Response:
    try:
        document = open_case(text)
    except InotropeError as problem:
        return draw_case_text(request, text, problem.says)
    problems = check_document(document)
    return draw_case_form(request, with_asked(write_fields(document)), problems, status=422 if problems else 200)


async def _pressed(request: Request, values: dict[str, str]) -> Response:
    """Do what the pressed button says; without one the form is looked at."""
    do, _, what = values.pop("do", "").partition(":")
    if do == "keep":  # the way back: as it was typed, and judged when somebody asks
        return draw_case_form(request, values)
    if do == "add":
        return draw_case_form(request, add_row(values, what))
    if do == "remove":
        return draw_case_form(request, remove_row(values, what))
    if do == "now":
        return draw_case_form(request, settle_times(values) | {"now": clock()})
    filled = read_fields(values)
    problems = check(filled)
    shown: tuple[Section, ...] = ()
    if not problems:
        try:
            made = await request.app.state.answers.plan(filled.text, await asked(request))
        except InotropeError as problem:
            problems = (Problem("drug" if problem.value == values.get("drug") else "", problem.says),)
        else:
            shown = tuple(section for section in plan_sheet(made).sections if section.title in _SHOWN)
    return draw_case_form(request, values, problems, checked=shown, status=422 if problems else 200)
