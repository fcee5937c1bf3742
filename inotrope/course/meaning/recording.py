"""The entries by which every door writes into a course: the case, facts, corrections, notes, and what was decided.

A fact is never refused because somebody else wrote first: it is appended, and its writer is told what came meanwhile
(`Appended.came_meanwhile`). Two edits of the whole case are merged; a decision for a case that has changed since is
refused. What is wrong in itself never becomes an event. What was decided is recorded by `deciding.py`, whose entries
stand here too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from inotrope.course.chain import canonical, name_of
from inotrope.course.meaning.bodies import fact_body, prove_entry, read_text, time_of
from inotrope.course.meaning.changes import anything_kept, changes, prove_same_person
from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.deciding import record_confirmation, record_override, record_plan
from inotrope.course.meaning.folding import CaseTable, add, at_moment, case_text, fold, moment_for, up_to
from inotrope.course.meaning.kinds import (
    CASE,
    CLOSED,
    CORRECTABLE,
    CORRECTED,
    FACTS,
    HAPPENED,
    LEVEL,
    NOTED,
    RATE,
    READING,
    REOPENED,
)
from inotrope.course.meaning.merging import Conflict, merge
from inotrope.course.meaning.writing import Proved, State, Writer, is_closed, prove_whole, write
from inotrope.course.record import Appended, Event
from inotrope.errors import CourseError, Overtaken, shorten
from inotrope.patient import read_case
from inotrope.units import read_time

__all__ = [
    "Writer",
    "close",
    "correct",
    "is_closed",
    "note",
    "record_case",
    "record_confirmation",
    "record_given",
    "record_happened",
    "record_level",
    "record_override",
    "record_plan",
    "record_reading",
    "reopen",
]


def record_case(writer: Writer, case: str | Mapping[str, Any]) -> Appended:
    """Record the whole case, as it was written or edited from what stood there when the writer had last looked.

    What others recorded meanwhile is merged in. When it happened is the case's own time.

    Args:
        writer: Who writes, and where.
        case: Its JSON text, or the table that a JSON text was read to.

    Raises:
        InotropeError: As `read_case` does, place included.
        Overtaken: Both changed one value, each in another way; nothing is written, and the error holds both.
    """
    text = case if isinstance(case, str) else json.dumps(case)
    at = read_case(text.encode(), name="case").now
    mine = json.loads(text)

    def prove(state: State) -> Proved:
        whole = _merged(state, mine, at)
        kept = case_text(whole)
        return Proved(at, {"case": name_of(kept), "seen": writer.seen, **_changed(state, whole, at)}, (kept,))

    return write(writer, CASE, prove)


def record_given(writer: Writer, entry: Mapping[str, Any]) -> Appended:
    """Record a rate that was set, a pause (rate zero) or a dose: an item of the case's `administrations`.

    Raises:
        CourseError: The course has no case yet.
        InotropeError: As `read_case` does; the place is the member of the entry, such as `rate`.
    """
    return _fact(writer, RATE, fact_body(RATE, entry))


def record_level(writer: Writer, entry: Mapping[str, Any]) -> Appended:
    """Record a measured concentration: an item of the case's `measurements`; raises as `record_given` does."""
    return _fact(writer, LEVEL, fact_body(LEVEL, entry))


def record_reading(writer: Writer, entry: Mapping[str, Any]) -> Appended:
    """Record any other measurement: an item of the case's `measurements`; raises as `record_given` does."""
    return _fact(writer, READING, fact_body(READING, entry))


def record_happened(writer: Writer, section: str, entry: Any, *, ended: bool = False) -> Appended:
    """Record an event, a machine, a shared line, a medicine, conditions or a new bag; raises as `record_given` does.

    Args:
        writer: Who writes, and where.
        section: `events`, `support`, `lines`, `medicines`, `conditions` or `preparation`.
        entry: As the case's own JSON has it: an item of the section; of `conditions` a table of those that changed;
            of `preparation` the whole bag. A machine that stopped is entered again with the same start and its `end`.
        ended: Of `lines` and `medicines`: this one is no longer so.
    """
    return _fact(writer, HAPPENED, fact_body(HAPPENED, entry, section=section, ended=ended))


def correct(writer: Writer, of: int, *, why: str, instead: Any = None) -> Appended:
    """Correct an event by a new one, or strike it out; what was written first stays written.

    Args:
        writer: Who writes, and where.
        of: The number of the event.
        why: In words.
        instead: What is true: of a fact its whole entry, of a note its text; None strikes it out. A correction is
            corrected like what it corrects; struck out, it is taken back.

    Raises:
        CourseError: No such event, one of a kind that is not corrected, or no reason.
        InotropeError: As `read_case` does, of what stands instead.
    """
    reason, at = read_text(why, what="why"), writer.clock

    def prove(state: State) -> Proved:
        event = next((event for event in state.events if event.number == of), None)
        if event is None:
            says = f"There is no event {of} in this course."
            raise CourseError(says, value=of, accepted=f"1 to {len(state.events)}", where="of")
        if event.kind not in CORRECTABLE:
            says = f"Event {of} is '{event.kind}', and is not corrected: record the case anew, or what is true now."
            raise CourseError(says, value=of, accepted=", ".join(sorted(CORRECTABLE)), where="of")
        root = Corrections(state.events).root(event)
        standing = None if instead is None else _instead(writer, state, root, instead)
        body = {"of": of, "why": reason, "instead": standing}
        if root.kind in FACTS:
            trial = Event(event.course, state.events[-1].number + 1, CORRECTED, at, at, writer.by, body, "", "")
            prove_whole(fold((*state.events, trial), state.document), at)
        return Proved(at, body)

    return write(writer, CORRECTED, prove)


def note(writer: Writer, text: str) -> Appended:
    """Record a note in words; nothing of it changes the case."""
    body = {"text": read_text(text, what="text")}
    return write(writer, NOTED, lambda _: Proved(writer.clock, body))


def close(writer: Writer, why: str) -> Appended:
    """Close a course: no plan and no decision is recorded any more; a late fact or a correction still is.

    Raises:
        CourseError: It is closed already, or no reason is given.
    """
    return _open_or_close(writer, CLOSED, why)


def reopen(writer: Writer, why: str) -> Appended:
    """Open a closed course again.

    Raises:
        CourseError: It is not closed, or no reason is given.
    """
    return _open_or_close(writer, REOPENED, why)


def _open_or_close(writer: Writer, kind: str, why: str) -> Appended:
    body = {"why": read_text(why, what="why")}

    def prove(state: State) -> Proved:
        if is_closed(state.events) is (kind == CLOSED):
            raise CourseError(f"This course is {'closed already' if kind == CLOSED else 'not closed'}.")
        return Proved(writer.clock, body)

    return write(writer, kind, prove)


def _fact(writer: Writer, kind: str, body: dict[str, Any]) -> Appended:
    def prove(state: State) -> Proved:
        case, now = fold(state.events, state.document), writer.clock
        prove_entry(case, kind, body, now=moment_for(case, now))
        prove_whole(add(case, kind, body), now)
        return Proved(time_of(kind, body, now=now), body)

    return write(writer, kind, prove)


def _merged(state: State, mine: CaseTable, at: datetime) -> CaseTable:
    """Return my edit with what came meanwhile, and with what lies after its own time and could not be seen in it.

    Raises:
        Overtaken: Both changed one value.
        InotropeError: Together they mean nothing.
    """
    before = state.events[: len(state.events) - len(state.came)]
    if not any(event.kind == CASE for event in state.events):
        return mine
    began = any(event.kind == CASE for event in before)
    base = at_moment(up_to(fold(before, state.document), at)[0], at) if began else {}
    theirs = fold(state.events, state.document)
    # What was written for an earlier moment is of a younger patient: nobody changed that.
    theirs = at_moment(theirs, max(at, read_time(theirs["now"], what="Time")))
    found = merge(base, mine, theirs)
    if found.conflicts:
        paths = ", ".join(shorten(item.path) for item in found.conflicts)
        says = (
            f"Somebody else changed meanwhile, in another way: {'; '.join(_told(item) for item in found.conflicts)}. "
            "Nothing of yours is recorded yet: look at both, and write what is true."
        )
        raise Overtaken(says, came=state.came, conflicts=found.conflicts, where=paths)
    prove_whole(found.case, at)
    return found.case


def _changed(state: State, whole: CaseTable, at: datetime) -> dict[str, list[str]]:
    """Return what an edit of the case changed, for its event to tell; nothing for the first case of a course.

    Raises:
        CourseError: It is the case of another person.
    """
    if not any(event.kind == CASE for event in state.events):
        return {}
    before = fold(state.events, state.document)
    was, now = (read_case(at_moment(case, moment_for(case, at))) for case in (before, whole))
    prove_same_person(was, now, kept=anything_kept(before, whole))
    aged = at_moment(before, read_time(whole["now"], what="Time"))
    return {"changed": changes(aged, whole)}


def _told(item: Conflict) -> str:
    """Return a conflict in words, with all three values."""
    shown = (
        "nothing" if part is None else f"'{shorten(canonical(part))}'" for part in (item.base, item.mine, item.theirs)
    )
    base, mine, theirs = (text.replace('"', "") for text in shown)
    return f"{shorten(item.path)} (it was {base}; yours is {mine}, theirs {theirs})"


def _instead(writer: Writer, state: State, root: Event, instead: Any) -> Any:
    """Return what stands in the place of what an event said, proved as that was."""
    if root.kind == NOTED:
        return read_text(instead, what="text")
    if root.kind not in FACTS:
        says = "A decision is taken back, and made anew; nothing stands in its place."
        raise CourseError(says, value=instead, accepted="nothing instead", where="instead")
    section, ended = root.body.get("section"), bool(root.body.get("ended"))
    body = fact_body(root.kind, instead, section=section, ended=ended)
    case = fold(state.events, state.document)
    prove_entry(case, root.kind, body, now=moment_for(case, writer.clock))
    return body["entry"]
