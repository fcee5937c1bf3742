"""What travels in the page: the case, as a file would hold it, and what was asked beside it.

Knows the hidden fields in which both stand, and that on the case form the fields themselves are the case. What those
fields mean is known in `form/`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inotrope.web.form import read_fields
from inotrope.web.options import Options

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request

CASE = "case"
"""The hidden field that holds the case as JSON text."""
FILLED = "filled"
"""The hidden field of the case form: where it is sent, the fields beside it are the case."""
MOST_FIELDS = 4_000
"""Fields of one form: a case with some hundred rows has fewer."""
_OVERRIDE = "override."
_ASSUMED = "assume_kidney"


async def sent(request: Request) -> FormData:
    """Return the fields that a form sent; asked twice, they are read once."""
    return await request.form(max_files=1, max_fields=MOST_FIELDS)


async def typed(request: Request) -> dict[str, str]:
    """Return the texts that a form sent, by the names of their fields; of two with one name the first."""
    found: dict[str, str] = {}
    for name, value in (await sent(request)).multi_items():
        if isinstance(value, str):
            found.setdefault(name, value)
    return found


async def carried(request: Request) -> str:
    """Return the text of the case that the page carries; empty where it carries none.

    What was asked beside the case goes on with it to the next page, whether this one needs it or not.

    Raises:
        InotropeError: The case form says two things at once, which no case can hold.
    """
    values = await typed(request)
    carry_on(request, _options(values))
    if FILLED not in values:
        return values.get(CASE, "")
    filled = read_fields(values)
    if filled.problems:
        raise filled.problems[0]
    return filled.text


async def asked(request: Request) -> Options:
    """Return what the page carries beside the case: the overrides with their reasons, and an assumed kidney."""
    return _options(await typed(request))


def carry_on(request: Request, options: Options) -> None:
    """Let the page that is drawn for a request carry these options on."""
    fields = [(f"{_OVERRIDE}{rule}", reason) for rule, reason in options.overrides]
    fields += [(_ASSUMED, options.assume_kidney)] if options.assume_kidney else []
    request.state.carry = tuple(fields)


def _options(values: dict[str, str]) -> Options:
    overrides = tuple(
        (name.removeprefix(_OVERRIDE), reason)
        for name, reason in values.items()
        if name.startswith(_OVERRIDE) and name != _OVERRIDE
    )
    return Options(overrides=overrides, assume_kidney=values.get(_ASSUMED, "").strip() or None)
