"""The body of a request to the API: JSON, read as strictly as a case is, and nothing in it dropped in silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from inotrope.errors import CaseError, InotropeError, nearest, shorten
from inotrope.files import decode, read_json
from inotrope.web.api.operations import MOST_TEXTS, OPTIONS
from inotrope.web.options import Options

if TYPE_CHECKING:
    from starlette.requests import Request

    from inotrope.web.api.operations import Operation

NAME, JSON = "body", "application/json"
WRONG_KIND = 415
LONGEST_TEXT = 2_000
"""Characters of a text that is no case: as many as an order's free text may have."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a body said: its parts by name, and its options."""

    parts: dict[str, Any]
    options: Options


async def read_body(request: Request, operation: Operation) -> Asked:
    """Read what was sent for an operation.

    Raises:
        HTTPException: It is not called JSON.
        FileError: It is no JSON that is read.
        CaseError: A part is unknown, missing or no text where a text stands.
    """
    kind, _, more = request.headers.get("content-type", "").partition(";")
    charset = more.strip().lower().replace('"', "")
    if kind.strip().lower() != JSON or charset not in ("", "charset=utf-8"):
        raise HTTPException(WRONG_KIND)
    document = read_json(decode(await request.body(), NAME), NAME)
    names = [name for name, _, _ in operation.takes]
    found = _table(document, [*names, *(["options"] if operation.options else [])], NAME)
    for name, schema, required in operation.takes:
        if required and name not in found:
            raise CaseError(f"'{name}' is missing. Add it.", accepted=", ".join(names), where=NAME)
        if isinstance(schema, dict) and name in found and not (name == "order" and isinstance(found[name], dict)):
            _text(found[name], name)
    if "case" in found:
        _object(found["case"], "case")
    options = _options(_table(found.pop("options", {}), operation.options, "options"))
    return Asked(found, options)


def _table(value: object, known: list[str] | tuple[str, ...], where: str) -> dict[str, Any]:
    found = _object(value, where)
    for name in found:
        if name not in known:
            says = f"'{shorten(name)}' is not known here; {nearest(name, known)}."
            raise CaseError(says, value=name, accepted=", ".join(known), where=where)
    return found


def _object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CaseError("This is no JSON object. Write one.", value=value, accepted="an object", where=where)
    return value


def _text(value: object, where: str | None = None) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        says = f"This is no text of 1 to {LONGEST_TEXT:,} characters. Write one."
        raise CaseError(says, value=value, accepted="a text", where=where)
    return value


def _options(written: dict[str, Any]) -> Options:
    found: dict[str, Any] = {}
    for name, value in written.items():
        kind = OPTIONS[name]["type"]
        try:
            found[name] = _OF_KIND[str(kind)](value)
        except InotropeError as problem:
            raise problem.at(f"options.{name}") from None
    return Options(**found)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_TEXTS:
        says = f"This is no list of at most {MOST_TEXTS} texts. Write one."
        raise CaseError(says, value=value, accepted="a list of texts")
    return tuple(_text(item, f"[{place}]") for place, item in enumerate(value))


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict) or len(value) > MOST_TEXTS:
        says = f"This is no object of at most {MOST_TEXTS} rules with their reasons. Write one."
        raise CaseError(says, value=value, accepted="an object of texts")
    return tuple((name, _text(reason, shorten(name))) for name, reason in value.items())


_OF_KIND: dict[str, Callable[[object], Any]] = {"string": _text, "array": _texts, "object": _pairs}
