"""Looking into what a record holds without trusting its shape.

Knows that any member may be absent, null, or of another type than FHIR says. It knows no meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from inotrope.errors import CaseError, shorten
from inotrope.units import read_time

LONGEST_WORDS = 200
"""Characters of a name or a text that is looked up; as long as a name in a case may be."""


def table(value: object) -> Mapping[str, Any]:
    """Return an object as it is, and anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def each(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list; one object alone stands for a list of it."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def words(value: object) -> str:
    """Return a text with single blanks, and an empty one for anything else or for more than a name can be."""
    return " ".join(value.split()) if isinstance(value, str) and len(value) <= LONGEST_WORDS else ""


def text(value: object) -> str:
    """Return a text of any length as it is, and an empty one for anything else."""
    return value if isinstance(value, str) else ""


def name_of(resource: Mapping[str, Any], place: int | None = None) -> str:
    """Return how a resource is called in the lists: `Observation/creatinine-1`, or its place in the record."""
    kind, key = words(resource.get("resourceType")), words(resource.get("id"))
    if kind and key:
        return shorten(f"{kind}/{key}")
    where = "" if place is None else f" (entry {place + 1})"
    return shorten(f"{kind or 'resource'}{'/' + key if key else ''}") + where


def status_of(value: object) -> str:
    """Return the code of a status that is a CodeableConcept or a plain code, in lower case."""
    if isinstance(value, str):
        return words(value).lower()
    for coding in each(table(value).get("coding")):
        if words(coding.get("code")):
            return words(coding.get("code")).lower()
    return words(table(value).get("text")).lower()


def moment(value: object) -> datetime | None:
    """Return a moment with its zone; None for a date, for a time without a zone and for anything else."""
    try:
        return read_time(value, what="Time") if isinstance(value, str) else None
    except CaseError:
        return None


def start_and_end(resource: Mapping[str, Any], name: str) -> tuple[object, object]:
    """Return start and end as written of `effective[x]` or `performed[x]`; of one moment, that and None."""
    period = table(resource.get(f"{name}Period"))
    if period:
        return period.get("start"), period.get("end")
    return resource.get(f"{name}DateTime") or resource.get(f"{name}Instant"), None
