"""Observations to measurements, weight and height.

Knows LOINC codes, status, time, comparator and components. A value counts only as final, amended or corrected, with a
moment, a UCUM code and a plausible number; the newest weight and height are the patient's. It judges no patient.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from inotrope.errors import InotropeError
from inotrope.fhir.reading.codes import codes, codings, shown, texts
from inotrope.fhir.reading.plain import each, moment, start_and_end, words
from inotrope.fhir.reading.quantities import read_amount
from inotrope.fhir.reading.record import Book, Kind
from inotrope.fhir.reading.resources import Resource
from inotrope.patient.measuring import possible, read_measurement
from inotrope.patient.vocabulary import MeasurementKind, vocabulary
from inotrope.units import Quantity, hours_between, plain_number, round_half_up

FINAL = ("final", "amended", "corrected")
WEIGHT, HEIGHT = "body weight", "height"
BY_FORMULA = "eGFR"
"""A number by one of several formulas, of which the newest serves: its code stands last in the vocabulary."""
_ANY_WEIGHT = Quantity(Decimal(1), "kg")
"""What a value per kg would be counted with: it only serves to prove that the value can be read."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value that can be read.

    Attributes:
        resource: Where it comes from.
        kind: What was measured.
        rank: The place of its code among those of the kind: of one moment, the higher one is the better.
        text: As a case writes it.
        value: In the vocabulary's unit.
        at: When it was taken.
        written: The same as the record writes it.
        remark: What must be said of it.
    """

    resource: str
    kind: MeasurementKind
    rank: int
    text: str
    value: Quantity
    at: datetime
    written: str
    remark: str


def read_values(resource: Resource, book: Book, now: datetime) -> Iterator[Value]:
    """Yield the values of one Observation; what cannot be read goes into the book."""
    content = resource.content
    status = words(content.get("status"))
    if status == "entered-in-error":
        book.leave(resource.name, Kind.ENTERED_IN_ERROR, f"{shown(content.get('code'))}: entered in error.")
        return
    if status not in FINAL:
        says = f"{shown(content.get('code'))}: its status is {status or 'not said'}."
        book.leave(resource.name, Kind.NOT_FINAL, says)
        return
    parts = [content, *each(content.get("component"))]
    if len(parts) > 1 and not _has_value(content):
        parts = parts[1:]
    for part in parts:
        found = _read(resource, part, book, now)
        if found is not None:
            yield found


def _has_value(part: Mapping[str, Any]) -> bool:
    return any(key.startswith("value") for key in part)


def _read(resource: Resource, part: Mapping[str, Any], book: Book, now: datetime) -> Value | None:
    what = shown(part.get("code"))
    known = _kind_of(part.get("code"))
    if known is None:
        book.leave(resource.name, Kind.UNKNOWN_CODE, f"{what}: no LOINC code of it is read.")
        return None
    kind, rank, code, confirmed = known
    if not confirmed and not any(vocabulary().measurement(text) is kind for text in texts(part.get("code"))):
        says = f"{what}: the code {code} may stand for {kind.name}, which nobody confirmed."
        book.leave(resource.name, Kind.UNCONFIRMED_CODE, says)
        return None
    if "valueQuantity" not in part:
        _leave_without_a_quantity(resource, part, kind, book)
        return None
    start, end = start_and_end(resource.content, "effective")
    written = end or start
    at = moment(written)
    if at is None:
        says = f"{kind.name}: no time at which it was taken, with its zone."
        book.leave(resource.name, Kind.NO_TIME, says)
        return None
    if at > now:
        book.leave(resource.name, Kind.AHEAD, f"{kind.name}: its time {written} lies after {now.isoformat()}.")
        return None
    amount = read_amount(part["valueQuantity"], body=kind.name if kind.name in (WEIGHT, HEIGHT) else None)
    if amount.quantity is None:
        assert amount.kind is not None
        book.leave(resource.name, amount.kind, f"{kind.name}: {amount.says}")
        return None
    if amount.comparator and not (amount.comparator == "<" and kind.needs_of):
        says = f"{kind.name}: '{amount.comparator} {amount.quantity}' is a bound and no value."
        book.leave(resource.name, Kind.NOT_EXACT, says)
        return None
    text = f"{amount.comparator}{amount.quantity}"
    try:
        value = _proven(text, kind, at)
    except InotropeError as problem:
        book.leave(resource.name, Kind.IMPOSSIBLE, f"{kind.name}: {problem.says}")
        return None
    remark = "It is estimated, and not measured." if code in codes().estimated else ""
    return Value(
        resource.name, kind, rank, text, value, at, str(written), " ".join(filter(None, (amount.says, remark)))
    )


def _proven(text: str, kind: MeasurementKind, at: datetime) -> Quantity:
    """Return a value in the vocabulary's unit; an error where it is impossible."""
    if kind.name in (WEIGHT, HEIGHT):
        dimension = WEIGHT if kind.name == WEIGHT else "length"
        return possible(vocabulary(), kind.name, text, kind.name.capitalize(), (dimension,))
    return read_measurement(text, kind=kind, of=None, at=at, site=None, weight=_ANY_WEIGHT).value


def _kind_of(concept: object) -> tuple[MeasurementKind, int, str, bool] | None:
    for system, code, _ in codings(concept):
        if system == "LOINC" and code in codes().loinc:
            kind, rank, confirmed = codes().loinc[code]
            return kind, rank, code, confirmed
    return None


def _leave_without_a_quantity(resource: Resource, part: Mapping[str, Any], kind: MeasurementKind, book: Book) -> None:
    if _has_value(part):
        book.leave(resource.name, Kind.NOT_A_NUMBER, f"{kind.name}: its value is no number with a unit.")
        return
    reason = shown(part["dataAbsentReason"]) if "dataAbsentReason" in part else ""
    book.leave(resource.name, Kind.NO_VALUE, f"{kind.name}: no value{f' ({reason})' if reason else ''}.")


def settle(values: list[Value], book: Book, now: datetime) -> tuple[dict[str, str], list[tuple[str, dict[str, Any]]]]:
    """Return the patient's weight and height, and the measurements, each with the resource that it comes from.

    Two different values of one moment are a conflict. Both stand among the measurements, where the plan refuses to
    choose; of two weights or heights neither is taken.
    """
    kept = _without_clashes(values, book)
    kept.sort(key=lambda value: (value.at, value.rank))
    person: dict[str, str] = {}
    measurements: list[tuple[str, dict[str, Any]]] = []
    newest = {value.kind.name: value for value in kept if value.kind.name in (WEIGHT, HEIGHT)}
    for name, value in newest.items():
        key = "weight" if name == WEIGHT else "height"
        person[key] = value.text
        book.use(value.resource, f"patient.{key}", f"{key} {value.text} of {value.written}", value.remark)
    limit = codes().weight_compared_within.in_unit("h")
    weighed = newest.get(WEIGHT)
    if weighed is not None and hours_between(weighed.at, now) > limit:
        book.notes.append(f"The newest weight, {weighed.text}, is of {weighed.written}. Weigh the patient again.")
    for value in kept:
        last = newest.get(value.kind.name)
        if last is value:
            continue
        if last is not None and value.kind.name == HEIGHT:
            book.leave(value.resource, Kind.SUPERSEDED, f"height: {value.text} is older than {last.text}.")
            continue
        if last is not None and hours_between(value.at, now) > limit:
            says = f"body weight: {value.text} of {value.written} is too old to compare today's with."
            book.leave(value.resource, Kind.TOO_OLD, says)
            continue
        if last is not None:
            _compare(last, value, book)
        item = {"what": value.kind.name, "value": value.text, "at": value.written}
        measurements.append((value.resource, item))
        says = f"{value.kind.name} {value.text} of {value.written}"
        book.use(value.resource, "measurements", says, value.remark)
    return person, measurements


def _compare(last: Value, other: Value, book: Book) -> None:
    """Name two weights that are further apart than weights of one person are; the plan says what a slip makes of it."""
    lighter, heavier = sorted(value.value.in_unit("kg") for value in (last, other))
    limit = vocabulary().limit("order.weights_differ").value.in_unit("%")
    if (heavier / lighter - 1) * 100 > limit:
        times = plain_number(round_half_up(heavier / lighter, 2))
        says = f"Two weights: {last.text} of {last.written} and {other.text} of {other.written}, {times} times apart."
        book.clash(says, last.resource, other.resource)


def _without_clashes(values: list[Value], book: Book) -> list[Value]:
    groups: dict[tuple[str, datetime], list[Value]] = {}
    for value in values:
        groups.setdefault((value.kind.name, value.at), []).append(value)
    kept: list[Value] = []
    for (name, _), group in groups.items():
        best = _of_the_newest_formula(group, book) if name == BY_FORMULA else group
        if _are_one(best):
            kept.append(best[0])
            for other in best[1:]:
                book.leave(other.resource, Kind.DUPLICATE, f"{name}: the same value of the same moment stands twice.")
            continue
        told = " and ".join(dict.fromkeys(value.text for value in best))
        says = f"Two values of {name} at {best[0].written}: {told}."
        book.clash(says, *(value.resource for value in best))
        if name not in (WEIGHT, HEIGHT):
            kept.extend(best)
            continue
        for value in best:
            book.leave(value.resource, Kind.CONTRADICTED, f"{says} Neither is used.")
    return kept


def _are_one(group: list[Value]) -> bool:
    """Tell whether values are one: the same but for the rounding of another unit."""
    numbers = [value.value.value for value in group]
    limit = codes().same_within.in_unit("%") / 100
    return max(numbers) - min(numbers) <= limit * max(abs(number) for number in numbers)


def _of_the_newest_formula(group: list[Value], book: Book) -> list[Value]:
    newest = max(value.rank for value in group)
    for value in group:
        if value.rank < newest:
            says = f"{value.kind.name}: {value.text} is by an older formula than another of the same moment."
            book.leave(value.resource, Kind.SUPERSEDED, says)
    return [value for value in group if value.rank == newest]
