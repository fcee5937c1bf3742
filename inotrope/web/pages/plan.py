"""The plan of the case that the page carries, with its questions and its stops answered where they stand.

Knows the order in which a plan is read at a bedside, and the buttons on it. An answer changes the case that travels in
the page, and the plan is made anew; what cannot be put into the case stays typed, with what is wrong beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.display import Row, Rows, Section, plan_sheet
from inotrope.display.on_the_clock import section_on_the_clock
from inotrope.display.parted import parted
from inotrope.errors import InotropeError
from inotrope.plan import Plan
from inotrope.plan.double_check.settings import settings_of
from inotrope.web.carrying import asked, carried, carry_on, in_its_course, mark, pending, stands_again, typed
from inotrope.web.checks import new_form
from inotrope.web.clock import away_from_now
from inotrope.web.courses.carried import course_of
from inotrope.web.courses.taking_in import keep_plan
from inotrope.web.drawing import render
from inotrope.web.form import Problem, open_case
from inotrope.web.grouping import checks_of
from inotrope.web.inquiries import PLAN, answered_before, typed_in
from inotrope.web.options import Options
from inotrope.web.pages.what_if import offered, supposed
from inotrope.web.pending import ASSUME, REASON, Do, entered, is_typed, put_in, shows_again
from inotrope.web.questions import names_of, questions_of, told

router = APIRouter()

LEVELS = ("Forecast of the level", "Heart and vessels over the next day, for information")
"""The parts of a plan that look ahead."""
BEHIND = (
    *("Kidney", "Arithmetic", "Monitoring", "Authorities", "Side effects to watch for", "This site", "Sources"),
    "Numbers behind heart and vessels",
)
"""The parts that stand behind a disclosure, in this order."""
OPEN = ("Kidney", "Arithmetic", "Monitoring")
"""Of these, those that are open at first: what the dose stands on, and what to watch."""
OWN = ("Findings", "Questions")
"""The parts that a screen draws in its own way."""
_ANSWERED = "Put into the case, and the plan was made anew."
_BEFORE = "Pressed before the page came, and put in with it: {answers}."
_PRESS_AGAIN = "What else was pressed meanwhile was not done: look at the plan, and press again."
_WHICH = "More than one thing is typed. Press the button beside each: the enter key does not say which one is meant."
STANDS_AGAIN = (
    "A stop that was set aside for the case as it was before stands again: set it aside anew, with its reason, if that "
    "still holds."
)


@router.post("/plan")
async def plan(request: Request) -> Response:
    """Show the plan."""
    found = await pending(request)
    again = shows_again(request.url.path, await typed(request), found)
    if again and found.is_pressed:  # the way back from a plan that had not come yet
        return await change(request)
    case, options, values = await carried(request), await asked(request), await typed(request)
    made = await request.app.state.answers.plan(case, options)
    await keep_plan(request, case, options, made)
    said = STANDS_AGAIN if stands_again(request) else ""
    answer = await supposed(request, case, options, values, again=True) if again else {}
    return _draw(request, case, options, made, sent=values, values=values if again else {}, said=said, answer=answer)


@router.post("/print")
async def printed(request: Request) -> Response:
    """Show the whole plan as it is printed: every part open, and room to sign."""
    case, options = await carried(request), await asked(request)
    made = await request.app.state.answers.plan(case, options)
    await keep_plan(request, case, options, made)
    return render(request, "print.html.j2", case=case, sheet=plan_sheet(made), away=away_from_now(made.made_for))


@router.post("/plan/change")
async def change(request: Request) -> Response:
    """Put an answer into the case, or set a stop aside with its reason, and show the plan that follows."""
    case, options, values = await carried(request, answering=True), await asked(request), await typed(request)
    found = entered(await pending(request))
    if found.said(Do.ENTER):
        made = await request.app.state.answers.plan(case, options)
        return _draw(request, case, options, made, sent=values, values=values, problems=(Problem("", _WHICH),))
    if found.of_options and not found.answers:
        return await _beside(request, case, options, values, found.of_options)
    filled, problems = put_in(open_case(case), found)
    if problems:
        made = await request.app.state.answers.plan(case, options)
        return _draw(request, case, options, made, sent=values, values=values, problems=problems, answers=found.answers)
    said = _ANSWERED
    if options.overrides and mark(filled.text) != mark(case):
        options, said = replace(options, overrides=()), f"{_ANSWERED} {STANDS_AGAIN}"
    if found.before:
        said = f"{said} {_BEFORE.format(answers='; '.join(map(told, found.before)))}"
    if found.of_options:
        said = f"{said} {_PRESS_AGAIN}"
    carry_on(request, options, filled.text)
    text = filled.text
    if course_of(request) is not None:
        text = await in_its_course(request, text)
        options = await asked(request)
    made = await request.app.state.answers.plan(text, options)
    await keep_plan(request, text, options, made)
    return _draw(request, text, options, made, sent=values, values=found.beside, said=said)


async def _beside(
    request: Request, case: str, options: Options, values: Mapping[str, str], does: tuple[str, ...]
) -> Response:
    """Change what is asked beside the case; where that cannot be, the plan stays as it was and says why."""
    changed, field, done = options, "", set[str]()
    for do, _, what in (item.partition(":") for item in does):
        others = tuple(item for item in changed.overrides if item[0] != what)
        if do == "override":
            field = f"{REASON}{what}"
            changed = replace(changed, overrides=(*others, (what, values.get(field, ""))))
        elif do == "withdraw":
            field = ""
            changed = replace(changed, overrides=others)
            changed = replace(changed, assume_kidney=None) if what == ASSUME else changed
        else:
            field = ASSUME
            changed = replace(changed, assume_kidney=values.get(ASSUME, ""))
        done |= {REASON + what, *([ASSUME] if ASSUME in (do, what) else [])}
    answers = request.app.state.answers
    try:
        made = await answers.plan(case, changed)
    except InotropeError as problem:
        made = await answers.plan(case, options)
        return _draw(request, case, options, made, sent=values, values=values, problems=(Problem(field, problem.says),))
    await keep_plan(request, case, changed, made)
    carry_on(request, changed, case)
    left = {key: value for key, value in values.items() if key not in done}  # typed, and not put in
    return _draw(request, case, changed, made, sent=values, values=left, said="The plan was made anew.")


def _draw(
    request: Request,
    case: str,
    options: Options,
    made: Plan,
    *,
    sent: Mapping[str, str],
    values: Mapping[str, str],
    problems: tuple[Problem, ...] = (),
    said: str = "",
    answers: tuple[str, ...] = (),
    answer: Mapping[str, Any] | None = None,
) -> Response:
    """Return the page.

    Args:
        request: What was asked.
        case: That the page carries on.
        options: What is asked beside it.
        made: The plan.
        sent: What the page sent that was there before: what stands in the boxes of what if.
        values: What is typed and not put in.
        problems: What is wrong with that.
        said: What was done.
        answers: What was pressed and is not put in.
        answer: What is drawn of a change that was supposed.
    """
    sheet, questions = plan_sheet(made), questions_of(made, values, problems)
    shown = {*names_of(questions), *(f"{REASON}{finding.rule}" for finding in made.findings), ASSUME}
    apart = {*LEVELS, *BEHIND, *OWN}
    return render(
        request,
        "plan.html.j2",
        status=422 if problems else 200,
        case=case,
        nav_form="work",
        page=new_form(),
        made=made,
        sheet=sheet,
        short=_in_short(sheet.sections),
        lead=[section for section in sheet.sections if section.title not in apart],
        levels=[_ahead(item, made) for item in sheet.sections if item.title in LEVELS],
        behind=[(section, section.title in OPEN) for section in _in_order(sheet.sections)],
        groups=checks_of(made),
        questions=questions,
        nowhere=[(name, text) for name, text in values.items() if is_typed(name, text) and name not in shown],
        pressed=[(answer, told(answer)) for answer in answers],
        wrong={item.field: item.says for item in problems},
        typed=values,
        options=options,
        without_kidney=made.kidney.clearance is None or made.kidney.assumed,
        said=said,
        away=away_from_now(made.made_for),
        to_be_set=bool(settings_of(made)),
        alone=False,
        **{"blocks": (), "models": (), "problems": {}, "answered": answered_before(sent), **(answer or {})},
        **offered(made, typed_in(sent, PLAN), on_the_plan=True),
    )


def _in_short(sections: tuple[Section, ...]) -> list[Row]:
    """Return what somebody will set or must know of it, out of the parts that hold the dose."""
    blocks = (block for section in sections if section.loud for block in section.blocks)
    return [row for block in blocks if isinstance(block, Rows) for row in block.rows if row.strong]


def _ahead(section: Section, made: Plan) -> tuple[list[Section], list[str]]:
    """Return a part that looks ahead, as it is read first and then what is folded, and the titles of the latter."""
    first, folded = parted(section_on_the_clock(section, made.made_for))
    return [first, *folded], [part.title for part in folded]


def _in_order(sections: tuple[Section, ...]) -> list[Section]:
    return sorted((item for item in sections if item.title in BEHIND), key=lambda item: BEHIND.index(item.title))
