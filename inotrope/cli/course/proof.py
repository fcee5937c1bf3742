"""`inotrope course verify | heads`: what is kept, proven; and the heads to prove it by another day."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inotrope.cli.course.opened import MUST_NOT_STAND, add_verb, opened
from inotrope.errors import CourseError, one_line, shorten

if TYPE_CHECKING:
    from inotrope.course import Course
    from inotrope.course.keeping.verifying import Break

_HEAD = re.compile(r"(\S+)\s+(\d{1,9})\s+([0-9a-f]{16,64})")
"""A course, the number of its last event and its hash, of which 16 digits are enough: 64 bits."""


def add_verbs(under: Any) -> None:
    """Describe the verbs."""
    verify = add_verb(under, "verify", "prove the chain of every event and document, or name what is broken", _verify)
    verify.add_argument("course", metavar="ID", nargs="?", help="one course; by default all, and the database itself")
    verify.add_argument("--heads", metavar="FILE", help="heads that were written elsewhere: 'inotrope course heads'")
    add_verb(under, "heads", "the last event of every course and its hash, to be kept elsewhere", _heads)


def _verify(options: argparse.Namespace) -> int:
    heads = () if options.heads is None else _read_heads(Path(options.heads))
    with opened(options) as store:
        verdict = store.verify(options.course)
        breaks = verdict.breaks + store.prove_heads(heads)
    if options.json:
        answer = {
            "courses": verdict.courses,
            "events": verdict.events,
            "documents": verdict.documents,
            "heads": len(heads),
            "breaks": [_plain(item) for item in breaks],
            "clock": [_plain(item) for item in verdict.clock],
        }
        print(json.dumps(answer, indent=2))
        return MUST_NOT_STAND if breaks else 0
    for item in breaks:
        print(one_line(f"BROKEN: {item}"))
    for item in verdict.clock:
        print(one_line(f"note: {item}"))
    counts = ((verdict.courses, "course"), (verdict.events, "event"), (verdict.documents, "document"))
    said = ", ".join(f"{number:,} {what}{'s' * (number != 1)}" for number, what in counts)
    said += f", {len(heads):,} head{'s' * (len(heads) != 1)} from elsewhere" if heads else ""
    print(f"{said}: {f'{len(breaks)} broken' if breaks else 'every one as it was kept'}.")
    return MUST_NOT_STAND if breaks else 0


def _heads(options: argparse.Namespace) -> int:
    with opened(options) as store:
        courses = store.list()
    if options.json:
        print(json.dumps([{"id": one.id, "number": one.number, "hash": one.hash} for one in courses], indent=2))
    else:
        for course in courses:
            print(f"{course.id} {course.number} {course.hash}")
    return 0


def _plain(item: Break) -> dict[str, Any]:
    return {"course": item.course, "number": item.number, "says": one_line(item.says)}


def _read_heads(path: Path) -> tuple[Course, ...]:
    from inotrope.course import Course
    from inotrope.files import decode, read_bytes

    found = []
    for number, line in enumerate(decode(read_bytes(path), path.name).splitlines(), 1):
        if not line.strip():
            continue
        head = _HEAD.fullmatch(line.strip())
        if head is None:
            accepted = "a course's id, the number of its last event and 16 digits or more of its hash"
            where = f"{shorten(path.name)}, line {number}"
            raise CourseError(f"'{shorten(line)}' is no head. Write {accepted}.", value=line, where=where)
        found.append(Course(head[1], "", int(head[2]), head[3]))
    return tuple(found)
