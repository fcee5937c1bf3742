"""Machines that work on the patient: by a Device in use, or by a Procedure.

Knows CRRT, dialysis, ECMO and pumps by name and code, and since when. A machine that is there without a time is asked
for: whether kidneys are replaced decides over the rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from inotrope.fhir.reading.codes import codes, read_concept, texts
from inotrope.fhir.reading.plain import each, moment, start_and_end, table, words
from inotrope.fhir.reading.record import Book, Kind
from inotrope.fhir.reading.resources import Record, Resource
from inotrope.patient.vocabulary import vocabulary
from inotrope.units import hours_between

GOES_ON = ("active", "in-progress", "completed", "stopped")
OFF = ("entered-in-error", "not-done", "intended", "preparation")


def read_machine(resource: Resource, record: Record, book: Book, now: datetime) -> tuple[str, dict[str, Any]] | None:
    """Return the support that a DeviceUseStatement or a Procedure tells, with where it comes from."""
    content = resource.content
    status = words(content.get("status"))
    device = record.find(content.get("device"), content) if resource.type == "DeviceUseStatement" else None
    what = machine_of(device) if device is not None else None
    what = what or _named(content.get("code"))
    if what is None and resource.type == "DeviceUseStatement":
        what = _named_in_reasons(content)
    if what is None:
        book.leave(resource.name, Kind.OUTSIDE, "It is no machine that a rule speaks of.")
        return None
    if status in OFF:
        kind = Kind.ENTERED_IN_ERROR if status == "entered-in-error" else Kind.PLANNED
        book.leave(resource.name, kind, f"{what}: its status is {status}.")
        return None
    name = "timing" if resource.type == "DeviceUseStatement" else "performed"
    start, end = start_and_end(content, name)
    began, ended = moment(start), moment(end)
    over = status in ("completed", "stopped")
    if over and ended is None and began is not None and hours_between(began, now) > _forgotten_after():
        book.leave(resource.name, Kind.TOO_OLD, f"{what}: {status}, and it began at {start}.")
        return None
    if began is None or (over and ended is None) or status not in GOES_ON:
        says = f"{what}: the record names it, and not since when or whether it still runs."
        book.leave(resource.name, Kind.NO_TIME, says)
        book.ask("support", f"{says} Write when it began, and when it ended if it did.")
        return None
    if began > now:
        book.leave(resource.name, Kind.AHEAD, f"{what}: it begins at {start}, after {now.isoformat()}.")
        return None
    item: dict[str, Any] = {"what": what, "start": str(start)}
    if ended is not None and ended > began:
        item["end"] = str(end)
    book.use(resource.name, "support", f"{what} since {start}")
    return resource.name, item


def _forgotten_after() -> Decimal:
    return codes().ended_machine_forgotten_after.in_unit("h")


def read_device(resource: Resource, used: frozenset[str], book: Book) -> None:
    """Ask for the time of a machine that is the patient's and that no statement of use speaks of."""
    what = machine_of(resource.content)
    if resource.name in used:
        book.use(resource.name, "support", what or "a device")
    elif what is None or words(resource.content.get("status")) in ("inactive", "entered-in-error"):
        book.leave(resource.name, Kind.OUTSIDE, "It is no machine that is in use and that a rule speaks of.")
    else:
        says = f"{what}: the record names the machine, and not since when it is in use."
        book.leave(resource.name, Kind.NO_TIME, says)
        book.ask("support", f"{says} Write when it began, or that it is not in use.")


def machine_of(device: Mapping[str, Any]) -> str | None:
    """Return the support that a Device is, by its type, else by one of its names."""
    found = _named(device.get("type"))
    for name in each(device.get("deviceName")):
        found = found or _by_words(words(name.get("name")))
    return found


def _named_in_reasons(content: Mapping[str, Any]) -> str | None:
    return next((name for reason in each(content.get("reasonCode")) if (name := _named(reason)) is not None), None)


def _named(concept: object) -> str | None:
    found = read_concept(table(concept), "support", _by_words)
    if found.names:
        return found.names[0]
    return found.doubtful[0] if found.doubtful and not texts(concept) else None


def _by_words(text: str) -> str | None:
    known = vocabulary().support(text)
    return None if known is None else known.name
