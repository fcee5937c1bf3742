"""What travels in the page: the case, as a file would hold it, and what was asked beside it.

Knows the hidden fields in which both stand, and that on the case form the fields themselves are the case. What those
fields mean is known in `form/`.

A stop is set aside for one case as it stood then: where anything in the case has changed since, it stands again. Where
the page belongs to a course, what was changed on it is put into the course first, and what others put in comes along.
What was pressed or typed beside the case is known in `pending.py`: none of it is dropped on the way to another page.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from inotrope.web.courses.carried import course_of, take_up
from inotrope.web.form import open_case, read_fields
from inotrope.web.options import Options
from inotrope.web.pending import Do, Fields, NotPutIn, Pending, pending_of, pressed_in, put_in, shows_again
from inotrope.web.presses import PAGE

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request

    from inotrope.web.presses import Presses

CASE = "case"
"""The hidden field that holds the case as JSON text."""
FILLED = "filled"
"""The hidden field of the case form: where it is sent, the fields beside it are the case."""
UNREADABLE = 400
MOST_FIELDS = 4_000
"""Fields of one form: a case with some hundred rows has fewer."""
_OVERRIDE = "override."
_ASSUMED = "assume_kidney"
_SET_FOR = "override_for"
"""The hidden field that says for which case the stops were set aside, as `mark` has it."""


async def sent(request: Request) -> FormData:
    """Return the fields that a form sent; asked twice, they are read once.

    Raises:
        HTTPException: It cannot be read, such as for a coding of letters that is none.
    """
    try:
        return await request.form(max_files=1, max_fields=MOST_FIELDS)
    except UnicodeError:
        raise HTTPException(UNREADABLE) from None


async def every(request: Request) -> Fields:
    """Return the texts that a form sent with the names of their fields, in its order; a name may stand twice."""
    return tuple((name, text) for name, text in (await sent(request)).multi_items() if isinstance(text, str))


async def typed(request: Request) -> dict[str, str]:
    """Return the texts that a form sent, by the names of their fields; of two with one name the first."""
    found: dict[str, str] = {}
    for name, text in await every(request):
        found.setdefault(name, text)
    return found


async def pending(request: Request) -> Pending:
    """Return what the page has that is not in the case it carries; on the case form, where all is the case, nothing.

    What was pressed on the same page before, and whose answer was given up, is pressed still (`presses.py`).
    """
    known: Pending | None = getattr(request.state, "pending", None)
    if known is None:
        fields = await every(request)
        filled = any(name == FILLED for name, _ in fields)
        known = Pending() if filled else _pending(request, fields)
        request.state.pending = known
    return known


def _pending(request: Request, fields: Fields) -> Pending:
    presses: Presses = request.app.state.presses
    own, path = pressed_in(fields), request.url.path
    request.state.press, before = presses.take(dict(fields).get(PAGE, ""), request.state.who.name, own)
    if not before:
        return pending_of(fields, path)
    alone = set(pending_of(fields, path).answers)
    found = pending_of((*before, *fields), path)
    return replace(found, before=tuple(answer for answer in found.answers if answer not in alone))


async def carried(request: Request, *, answering: bool = False) -> str:
    """Return the text of the case that the page carries; empty where it carries none.

    What was asked beside the case goes on with it to the next page, whether this one needs it or not. An answer that
    was pressed is put into the case on the way, with whatever else was typed then.

    Args:
        request: What was asked.
        answering: Whether this page itself puts in what is typed.

    Raises:
        InotropeError: The case form says two things at once, which no case can hold; of a course also what `take_in`
            raises.
        NotPutIn: Something is typed beside the case, and nobody said what becomes of it; or it is wrong.
    """
    values = await typed(request)
    _carry(request, _options(values), values.get(_SET_FOR, ""))
    await take_up(request, values)
    text = values.get(CASE, "")
    if FILLED in values:
        filled = read_fields(values)
        if filled.problems:
            raise filled.problems[0]
        text = filled.text
    as_it_was = text
    if not answering and FILLED not in values and (text or (await pending(request)).not_asked):
        text = await settled(request, text)
    if course_of(request) is not None:
        return await in_its_course(request, text)
    request.state.changed = values.get(_SET_FOR, mark(as_it_was)) != mark(text)
    carry_on(request, await asked(request), text)
    return text


async def in_its_course(request: Request, text: str) -> str:
    """Return a case as its course has it, once what was changed on the page was put into that; see `take_in`.

    There the stops count that the course has as set aside for its case as it is, and no others.
    """
    from inotrope.web.courses.taking_in import take_in  # noqa: PLC0415 - only where courses are kept

    options = _options(await typed(request))
    text, in_force = await take_in(request, text)
    request.state.changed = not set(options.overrides) <= set(in_force)
    request.state.asked = replace(options, overrides=in_force)
    carry_on(request, request.state.asked, text)
    return text


async def settled(request: Request, case: str) -> str:
    """Return the case that the next page is opened for: with the answers that were pressed, and what was typed then.

    Raises:
        InotropeError: There is something to put in, and the text is no case that it could be put into.
        NotPutIn: Something is typed, and nobody said what becomes of it; or it is wrong.
    """
    found = await pending(request)
    if found.said(Do.LEAVE) or shows_again(request.url.path, await typed(request), found):
        return case
    if found.is_pressed and (found.typed or found.answers):
        if found.has_options and not found.said(Do.PUT_ON):
            raise NotPutIn(found)
        filled, problems = put_in(open_case(case), found)
        if problems:
            raise NotPutIn(found, problems)
        return filled.text
    if found.typed or (found.has_options and not found.said(Do.PUT_ON)):
        raise NotPutIn(found)
    return case


async def asked(request: Request) -> Options:
    """Return what the page carries beside the case: the overrides with their reasons, and an assumed kidney.

    Once the case was read (`carried`) there is no override that was given for another state of it.
    """
    known: Options | None = getattr(request.state, "asked", None)
    if known is not None:
        return known
    options = _options(await typed(request))
    return replace(options, overrides=()) if stands_again(request) else options


def stands_again(request: Request) -> bool:
    """Return whether the case has changed since the stops that the page carries were set aside."""
    return getattr(request.state, "changed", False)


def carry_on(request: Request, options: Options, case: str) -> None:
    """Let the page that is drawn for a request carry these options on, its overrides for this case alone."""
    _carry(request, options, mark(case))


async def carry_as_sent(request: Request) -> None:
    """Let a page go on with what was sent, unjudged: the case form, which is not a case yet."""
    values = await typed(request)
    _carry(request, _options(values), values.get(_SET_FOR, ""))
    await take_up(request, values)


def mark(case: str) -> str:
    """Return what tells one case from another, however either is set out."""
    with suppress(ValueError, RecursionError):  # it is no case, and whatever it is, no other text is the same
        case = json.dumps(json.loads(case), sort_keys=True)
    return sha256(case.encode("utf-8", "surrogatepass")).hexdigest()


def _carry(request: Request, options: Options, set_for: str) -> None:
    fields = [(f"{_OVERRIDE}{rule}", reason) for rule, reason in options.overrides]
    fields += [(_SET_FOR, set_for)] if fields and set_for else []
    fields += [(_ASSUMED, options.assume_kidney)] if options.assume_kidney else []
    request.state.carry, request.state.options = tuple(fields), options


def _options(values: dict[str, str]) -> Options:
    overrides = tuple(
        (name.removeprefix(_OVERRIDE), reason)
        for name, reason in values.items()
        if name.startswith(_OVERRIDE) and name != _OVERRIDE
    )
    return Options(overrides=overrides, assume_kidney=values.get(_ASSUMED, "").strip() or None)
