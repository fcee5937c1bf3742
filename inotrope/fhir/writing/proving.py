"""Proves that a resource has the form of FHIR R4 before it leaves: a resource that a record refuses helps nobody.

Knows the definitions (`definitions.py`) and the form of the primitive types. It does not know what a code means, and
corrects nothing: a resource that fails is a mistake of this program.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from inotrope.errors import RequestError, shorten
from inotrope.fhir.writing.definitions import RESOURCES, Element, elements_of

_DATE = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_PATTERNS = {
    "id": re.compile(r"[A-Za-z0-9\-.]{1,64}"),
    "code": re.compile(r"[^\s]+(\s[^\s]+)*"),
    "uri": re.compile(r"\S+"),
    "string": re.compile(r"[ \r\n\t\S]+"),
    "markdown": re.compile(r"[ \r\n\t\S]+"),
    "dateTime": re.compile(rf"{_DATE}({_CLOCK})?)?)?"),
    "instant": re.compile(rf"{_DATE}{_CLOCK}))"),
}
"""https://hl7.org/fhir/R4/datatypes.html, primitive types."""


def prove_resource(resource: Mapping[str, Any]) -> None:
    """Prove the form of one resource that is written.

    Args:
        resource: As it goes out.

    Raises:
        RequestError: It is not of the form of R4; every place is named.
    """
    problems = tuple(problems_of(resource))
    if problems:
        raise RequestError(f"This is no resource of FHIR R4: {'; '.join(problems)}.", accepted=", ".join(RESOURCES))


def problems_of(resource: object) -> Iterator[str]:
    """Yield what is wrong with a resource, each with its place."""
    kind = resource.get("resourceType") if isinstance(resource, Mapping) else None
    if kind not in RESOURCES:
        yield f"a resource '{shorten(str(kind))}' is not written here"
        return
    assert isinstance(resource, Mapping)
    yield from _of_type({key: value for key, value in resource.items() if key != "resourceType"}, kind, kind)


def _of_type(value: object, kind: str, where: str) -> Iterator[str]:
    if not isinstance(value, Mapping) or not value:
        yield f"{where} is no object, or empty"
        return
    known = elements_of(kind)
    for key in value:
        if key not in known:
            yield f"{where} has no element '{shorten(str(key))}'"
    chosen: dict[str, list[str]] = {}
    for key, element in known.items():
        if element.choice:
            chosen.setdefault(element.choice, []).extend([key] if key in value else [])
        elif element.least and key not in value:
            yield f"{where} lacks '{key}'"
        if key in value:
            yield from _of_element(value[key], element, f"{where}.{key}")
    for choice, keys in chosen.items():
        least = next(element.least for element in known.values() if element.choice == choice)
        if not least <= len(keys) <= 1:
            yield f"{where} has {len(keys)} of {choice}"


def _of_element(value: object, element: Element, where: str) -> Iterator[str]:
    if not element.many:
        yield from _of_value(value, element, where)
        return
    if not isinstance(value, list) or not value:
        yield f"{where} is no list, or empty"
        return
    for place, one in enumerate(value):
        yield from _of_value(one, element, f"{where}[{place}]")


def _of_value(value: object, element: Element, where: str) -> Iterator[str]:
    kind = element.type
    if kind == "Resource":
        yield from problems_of(value)
    elif kind == "boolean":
        if not isinstance(value, bool):
            yield f"{where} is not true or false"
    elif kind in ("decimal", "integer"):
        if not _is_number(value, whole=kind == "integer"):
            yield f"{where} is no number"
    elif kind in _PATTERNS:
        if not isinstance(value, str) or not value.strip() or not _PATTERNS[kind].fullmatch(value):
            yield f"{where} is no {kind}"
        elif element.codes and value not in element.codes:
            yield f"{where} is none of {', '.join(sorted(element.codes))}"
    else:
        yield from _of_type(value, kind, where)


def _is_number(value: object, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float | Decimal):
        return False
    return math.isfinite(value)
