"""What became of an electronic record: the case it makes, and what was used, left out and in conflict.

Knows that what contradicts itself and what is asked stands first, and that a plan made from a record carries the same.
It reads no record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, Row, Rows, Section, Sheet, Table
from inotrope.fhir.reading import Kind, LeftOut, Reading
from inotrope.plan import NOTICE

OF_NO_WEIGHT = (Kind.OUTSIDE, Kind.DUPLICATE, Kind.SUPERSEDED, Kind.TOO_OLD)
"""Why something was left out that no reader of a plan misses: beside a plan it is counted and not listed."""
_NOTHING = "Nothing."


def record_sheet(reading: Reading, name: str) -> Sheet:
    """Return a reading as a sheet.

    Args:
        reading: What was read.
        name: What the record is called: its file's name.
    """
    return Sheet(
        title="A record as it was read",
        subtitle=name,
        status=_status(reading),
        sections=(
            *_doubts(reading),
            Section("The case that it makes", tuple(_case(reading.case))),
            Section("Used", (_used(reading),)),
            Section("Left out", (_left_out(reading.left_out),)),
        ),
        versions=(),
        notice=NOTICE,
    )


def beside_the_record(sheet: Sheet, reading: Reading) -> Sheet:
    """Return a plan's sheet with what a reader must know of the record that it was made from."""
    listed = [item for item in reading.left_out if item.kind not in OF_NO_WEIGHT]
    counted = len(reading.left_out) - len(listed)
    blocks: list[Block] = [Paragraph(f"{len(reading.used)} entries of the record stand in this case.")]
    remarks = [f"{item.resource}: {item.says}. {item.remark}" for item in reading.used if item.remark]
    if remarks:
        blocks.append(Lines(tuple(remarks), "Read with a remark"))
    if listed:
        blocks.append(_left_out(listed))
    if counted:
        blocks.append(
            Paragraph(f"{counted} more are not read, or stand twice, or are older: 'inotrope fhir read' lists them.")
        )
    first, *rest = sheet.sections
    return replace(sheet, sections=(first, *_doubts(reading), *rest, Section("The record", tuple(blocks))))


def _status(reading: Reading) -> Card:
    if not reading.open:
        title = "The record makes a case by itself"
        mark = Mark.WARN if reading.conflicts else Mark.PASSED
        return Card(mark, title, "", _counts(reading), "COMPLETE" if not reading.conflicts else "CONTRADICTIONS")
    incomplete = any(item.required for item in reading.open)
    title = "Before a plan is made, a person has to say more"
    return Card(
        Mark.ASK if incomplete else Mark.REFUSED, title, "", _counts(reading), "INCOMPLETE" if incomplete else ""
    )


def _counts(reading: Reading) -> tuple[Row, ...]:
    return (
        Row("Used", str(len(reading.used))),
        Row("Left out", str(len(reading.left_out))),
        Row("In conflict", str(len(reading.conflicts))),
    )


def _doubts(reading: Reading) -> tuple[Section, ...]:
    found: list[Section] = []
    if reading.open:
        cards = tuple(Card(Mark.ASK, item.key, "", (Row("", item.says, strong=True),)) for item in reading.open)
        found.append(Section("To be said by a person", cards))
    if reading.conflicts:
        cards = tuple(
            Card(Mark.WARN, "The record contradicts itself", "", _conflict(item.says, item.resources))
            for item in reading.conflicts
        )
        found.append(Section("In conflict", cards))
    if reading.notes:
        found.append(Section("To be asked at the bedside", (Lines(reading.notes),)))
    return tuple(found)


def _conflict(says: str, resources: Iterable[str]) -> tuple[Row, ...]:
    named = ", ".join(dict.fromkeys(resources))
    return (Row("Says", says, strong=True), *((Row("Where", named),) if named else ()))


def _used(reading: Reading) -> Block:
    rows = tuple((item.resource, f"{item.says}. {item.remark}".strip()) for item in reading.used)
    return Table("What stands in the case", ("resource", "what"), rows) if rows else Paragraph(_NOTHING)


def _left_out(items: Iterable[LeftOut]) -> Block:
    rows = tuple((item.resource, item.kind.value, item.says) for item in items)
    return Table("What does not stand in the case", ("resource", "why", "what"), rows) if rows else Paragraph(_NOTHING)


def _case(case: dict[str, Any]) -> Iterable[Block]:
    """Yield the case as a nurse reads it: the patient, what is told in words, then each list."""
    person = case.get("patient", {})
    plain = [Row(key, str(case[key])) for key in ("drug", "indication", "now") if key in case]
    plain += [Row(key, str(value)) for key, value in person.items()]
    plain += [Row(name, state) for name, state in case.get("conditions", {}).items()]
    for key in ("medicines", "allergies"):
        if key in case:
            plain.append(Row(key, ", ".join(case[key]) or "none"))
    if "incomplete" in case:
        plain.append(Row("perhaps not all", ", ".join(case["incomplete"])))
    yield Rows(tuple(plain))
    for key in ("measurements", "administrations", "support", "events"):
        if case.get(key):
            yield Lines(tuple(_entry(item) for item in case[key]), key)


def _entry(item: dict[str, Any]) -> str:
    what = item.get("what", item.get("of"))
    amount = item.get("value") or item.get("dose") or item.get("rate") or ""
    when = item.get("at") or item.get("start")
    until = f" to {item['end']}" if "end" in item else ""
    return f"{what} {amount}".strip() + f", {when}{until}"
