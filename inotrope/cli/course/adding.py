"""`inotrope course case | add | correct | override | close | reopen`: what is written into a course.

Knows who says so, when, and which event had been seen last. What came meanwhile is told.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from inotrope.cli.course.entries import KINDS, read_entry, said, with_value
from inotrope.cli.course.opened import add_by, add_verb, opened, who
from inotrope.errors import RequestError, one_line

if TYPE_CHECKING:
    from inotrope.course import Appended, Courses, Event
    from inotrope.course.meaning.recording import Writer


def add_verbs(under: Any) -> None:
    """Describe the verbs."""
    case = add_verb(under, "case", "write the case of now as a file, or take in one that was edited", _case)
    _of_course(case)
    case.add_argument("case", metavar="CASE", nargs="?", help="a file, '-', or a shipped example; none: print the case")
    _writes(case)

    kinds = "; ".join(f"{kind} {example}" for kind, (_, example, _) in KINDS.items())
    add = add_verb(under, "add", "add what was given, measured or happened", _add)
    _of_course(add)
    add.add_argument("kind", metavar="WHAT", choices=tuple(KINDS), help=kinds.replace("%", "%%"))
    add.add_argument("words", metavar="TEXT", nargs="+", help="what it was, with its unit")
    add.add_argument("--at", metavar="TIME", help="when, with its zone: 2026-11-22T06:10:00+01:00; by default now")
    add.add_argument("--of", metavar="DRUG", help="of which drug; by default that of the case")
    add.add_argument("--over", metavar="DURATION", help="of a dose: '10 min'")
    add.add_argument("--from", dest="site_of_sample", metavar="SITE", help="of a level: where the sample was taken")
    add.add_argument("--until", metavar="TIME", help="of a machine: when it ended")
    add.add_argument("--effluent", metavar="QUANTITY", help="of a machine: '2000 mL/h'")
    add.add_argument("--clearance", metavar="QUANTITY", help="of a machine: what it clears of the drug, '1.2 L/h'")
    add.add_argument("--ended", action="store_true", help="of a medicine or a line: it is no longer so")
    _writes(add)

    correct = add_verb(under, "correct", "correct an event by a new one, or strike it out", _correct)
    _of_course(correct)
    correct.add_argument("number", metavar="NUMBER", type=int, help="of the event")
    correct.add_argument("--why", metavar="TEXT", required=True, help="why, in words")
    what = correct.add_mutually_exclusive_group(required=True)
    what.add_argument("--value", metavar="TEXT", help="the value, rate or dose that is true; the rest stays")
    what.add_argument("--entry", metavar="JSON", help="the whole entry that is true; of a note its text")
    what.add_argument("--strike", action="store_true", help="nothing stands in its place")
    _writes(correct)

    override = add_verb(under, "override", "set a stop aside for the case as it was seen, with the reason", _override)
    _of_course(override)
    override.add_argument("rule", metavar="RULE", help="the rule's id")
    override.add_argument("reason", metavar="REASON", help="why, and who decided")
    _writes(override, "by default that which the last plan of the course had seen")

    for name, says in (("close", "close a course: no decision is recorded any more"), ("reopen", "open it again")):
        verb = add_verb(under, name, says, _close)
        _of_course(verb)
        verb.add_argument("why", metavar="WHY", help="why, in words")
        verb.set_defaults(closes=name == "close")
        _writes(verb)


def _of_course(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("course", metavar="ID", help="the course's id")


def _writes(parser: argparse.ArgumentParser, default: str = "by default the last") -> None:
    parser.add_argument("--seen", metavar="NUMBER", type=int, help=f"the last event that you had seen; {default}")
    add_by(parser)


def writer_of(options: argparse.Namespace, store: Courses) -> Writer:
    """Return who writes into the course that the options name."""
    from inotrope.course.meaning.recording import Writer

    seen = store.course(options.course).number if options.seen is None else options.seen
    return Writer(store, options.course, who(options), seen)


def now_here() -> datetime:
    """Return the time of this machine's clock in its own zone, to the second."""
    return datetime.now().astimezone().replace(microsecond=0)


def _case(options: argparse.Namespace) -> int:
    from inotrope.cli.cases import case_text_of
    from inotrope.course.meaning.as_of import case_now
    from inotrope.course.meaning.kinds import CASE
    from inotrope.course.meaning.recording import record_case

    with opened(options) as store:
        with store.reading() as reading:
            events = reading.events(options.course)
            if options.case is None:
                found = case_now(events, reading.document, now_here())
                print(found.text, end="")
                last = f"'inotrope course case {options.course} FILE --seen {found.number}' takes it in, edited."
                print(f"The case after event {found.number}. {last}", file=sys.stderr)
                return 0
        if options.seen is None and any(event.kind == CASE for event in events):
            says = "Which state of the course was edited? Write --seen and the number of the last event that it holds."
            raise RequestError(says, accepted="--seen NUMBER")
        return _told(store, options, record_case(writer_of(options, store), case_text_of(options.case)))


def _add(options: argparse.Namespace) -> int:
    from inotrope.course.meaning import recording
    from inotrope.course.meaning.folding import fold

    with opened(options) as store:
        with store.reading() as reading:
            events = reading.events(options.course)
            drug = "" if options.kind == "note" else fold(events, reading.document)["drug"]
        at = options.at or now_here().isoformat()
        found, writer = said(options.kind, options.words, options, drug=drug, at=at), writer_of(options, store)
        if found.where == "note":
            return _told(store, options, recording.note(writer, found.entry))
        entries = {
            "rate": recording.record_given,
            "level": recording.record_level,
            "reading": recording.record_reading,
        }
        if found.where in entries:
            return _told(store, options, entries[found.where](writer, found.entry))
        return _told(store, options, recording.record_happened(writer, found.where, found.entry, ended=options.ended))


def _correct(options: argparse.Namespace) -> int:
    from inotrope.course.meaning.correcting import Corrections
    from inotrope.course.meaning.recording import correct

    with opened(options) as store:
        instead = None if options.entry is None else read_entry(options.entry)
        if options.value is not None:
            events = store.events(options.course)
            event = next((event for event in events if event.number == options.number), None)
            body = None if event is None else Corrections(events).said(event).body or event.body
            instead = with_value({} if body is None else body.get("entry", body.get("instead")), options.value)
        writer = writer_of(options, store)
        return _told(store, options, correct(writer, options.number, why=options.why, instead=instead))


def _override(options: argparse.Namespace) -> int:
    from inotrope.course.meaning.kinds import PLANNED
    from inotrope.course.meaning.recording import record_override

    with opened(options) as store:
        if options.seen is None:  # what was looked at is the last plan, and not what came after it
            plans = [event for event in store.events(options.course) if event.kind == PLANNED]
            if not plans:
                says = (
                    "No plan was shown in this course yet. Look at it first: inotrope course plan ID; or write --seen."
                )
                raise RequestError(says, accepted="--seen NUMBER")
            options.seen = plans[-1].body["seen"]
        return _told(store, options, record_override(writer_of(options, store), options.rule, options.reason))


def _close(options: argparse.Namespace) -> int:
    from inotrope.course.meaning.recording import close, reopen

    with opened(options) as store:
        return _told(store, options, (close if options.closes else reopen)(writer_of(options, store), options.why))


def came_meanwhile(events: Sequence[Event], came: Sequence[Event]) -> list[str]:
    """Say that a plan was made while others wrote what changes the case; nothing where nobody did."""
    from inotrope.course.meaning.correcting import Corrections
    from inotrope.course.meaning.telling import told

    corrections = Corrections(events)
    new = [event for event in came if corrections.changes_case(event)]
    if not new:
        return []
    entries = "; ".join(f"event {event.number}, {event.by}: {told(event, corrections)}" for event in new)
    return [f"Written while this plan was made, and not in it: {entries}. Make the plan anew."]


def _told(store: Courses, options: argparse.Namespace, found: Appended) -> int:
    """Say which event it became, and what came meanwhile."""
    from inotrope.cli.course.record import event_to_plain
    from inotrope.course.meaning.correcting import Corrections
    from inotrope.course.meaning.telling import told

    if options.json:
        came = [event_to_plain(event) for event in found.came_meanwhile]
        print(json.dumps({"event": event_to_plain(found.event), "came_meanwhile": came}, indent=2))
        return 0
    corrections = Corrections(store.events(options.course))
    print(f"Event {found.event.number}: {one_line(told(found.event, corrections))}.")
    if found.came_meanwhile:
        print("Meanwhile:")
        for event in found.came_meanwhile:
            print(f"  {event.number}, {one_line(event.by)}: {one_line(told(event, corrections))}")
    return 0
