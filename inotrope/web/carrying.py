"""The case that travels in the page: where it is found in what a form sends.

Knows one field. What the fields of the case form mean is known in `form/`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request

CASE = "case"
"""The hidden field that holds the case as JSON text."""
MOST_FIELDS = 2_000
"""Fields of one form: a case with some hundred rows has fewer."""


async def sent(request: Request) -> FormData:
    """Return the fields that a form sent; asked twice, they are read once."""
    return await request.form(max_files=1, max_fields=MOST_FIELDS)


async def carried(request: Request) -> str:
    """Return the text of the case that the page carries; empty where it carries none."""
    found = (await sent(request)).get(CASE)
    return found if isinstance(found, str) else ""
