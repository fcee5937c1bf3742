"""The events of a course, folded into one case: the last case that was written, and every entry since.

Pure: events in, a case out, for whatever moment is asked. Entries of one kind stand in the order of their own times,
so that it does not matter in which order they were written down. `now` is left to whoever asks.

Two questions look alike and are not: what was *known* at a moment (`known_at`, which reads the server's clock), and
how things *were* at a moment as far as is known today (`as_of`, which reads the clinical times).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from inotrope.course.meaning.aging import aged
from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.kinds import CASE, CORRECTED, FACTS, PREPARATION, SECTIONS
from inotrope.course.meaning.merging import merge
from inotrope.errors import CourseError
from inotrope.patient import read_medicine, vocabulary
from inotrope.patient.vocabulary import plain_name
from inotrope.units import read_time

if TYPE_CHECKING:
    from inotrope.course.record import Event

CaseTable: TypeAlias = dict[str, Any]
"""A case as its JSON has it."""
Documents: TypeAlias = Callable[[str], str]
"""Gives the text that a digest names."""
TIMES = {"measurements": "at", "administrations": "start", "support": "start", "events": "at"}
"""The members of a case whose entries have a time, and the name of it."""
HUNG = "hung"
"""The member of a bag that says since when it hangs."""
LISTED = ("administrations", "support", "events", "medicines", "lines")
"""The members of a case that say nothing where they are absent, and "none" where they are empty."""
INCOMPLETE = "incomplete"
"""The member of a case that names the lists which perhaps do not hold all there is."""
_ORDER = (
    *("drug", "indication", "now", "patient", "conditions", "medicines", "allergies", "measurements"),
    *("administrations", "support", "events", "lines", "preparation", "pump", "authority"),
    INCOMPLETE,
)


def fold(events: Sequence[Event], documents: Documents) -> CaseTable:
    """Return the case that these events add up to.

    Raises:
        CourseError: No case was written yet.
    """
    corrections = Corrections(events)
    found: CaseTable | None = None
    for place, event in enumerate(events):
        with readable(event):
            found = _with(found, events, place, documents, corrections)
    if found is None:
        raise CourseError("This course has no case yet. Record who the patient is first.", accepted="a case")
    return ordered(found)


@contextmanager
def readable(event: Event) -> Iterator[None]:
    """Say of an event, and of the documents that it names, that they cannot be read, where that is so.

    Raises:
        CourseError: It was taken in from a file that another program wrote.
    """
    try:
        yield
    except (KeyError, TypeError, AttributeError, IndexError, json.JSONDecodeError, RecursionError):
        says = f"Event {event.number} was taken in from elsewhere, and holds nothing that this program can read."
        raise CourseError(f"{says} Strike it out, or record the case anew.", value=event.number) from None


def older_bags(events: Sequence[Event], documents: Documents) -> tuple[Event, ...]:
    """Return the entries of a bag that was hung before the one that counts, though they were written down after it.

    What hangs is what was hung last. An entry that comes late, or has a wrong time, puts no older bag in its place.
    """
    corrections, last = Corrections(events), -1
    found: list[Event] = []
    for place, event in enumerate(events):
        if event.kind == CASE:
            last, found = place, []
            continue
        body = corrections.said(event).body if event.kind in FACTS else None
        if last >= 0 and body is not None and _is_older_bag(body, events, place, documents, corrections):
            found.append(event)
    return tuple(found)


def _is_older_bag(
    body: Mapping[str, Any], events: Sequence[Event], place: int, documents: Documents, corrections: Corrections
) -> bool:
    """Tell whether an entry hangs a bag that hung before one that an earlier entry knows of."""
    if body.get("section") != PREPARATION:
        return False
    hung = _hung_at(body["entry"], events[place])
    first = max(index for index, event in enumerate(events[:place]) if event.kind == CASE)
    bag = json.loads(documents(events[first].body["case"])).get(PREPARATION, {})
    known = [_time(bag, HUNG)] if HUNG in bag else []
    for event in events[first + 1 : place]:
        before = corrections.said(event).body if event.kind in FACTS else None
        if before is not None and before.get("section") == PREPARATION:
            known.append(_hung_at(before["entry"], event))
    return any(other > hung for other in known)


def _hung_at(bag: Mapping[str, Any], event: Event) -> datetime:
    """Return since when a bag hangs: as it says, else since its entry was made."""
    return _time(bag, HUNG) if HUNG in bag else event.at


def _with(
    found: CaseTable | None,
    events: Sequence[Event],
    place: int,
    documents: Documents,
    corrections: Corrections,
) -> CaseTable | None:
    """Return what the events up to a place add up to, from what those before it did."""
    event = events[place]
    if event.kind == CASE:
        written: CaseTable = json.loads(documents(event.body["case"]))
        if found is not None and _corrected_since(events, place, corrections):
            # What this edit changed is what it changed in the case as it was known then.
            return merge(fold(events[:place], documents), written, found, keep_mine=True).case
        return written
    body = corrections.said(event).body if event.kind in FACTS and found is not None else None
    if found is None or body is None or _is_older_bag(body, events, place, documents, corrections):
        return found
    return add(found, event.kind, body)


def known_at(events: Sequence[Event], when: datetime) -> Sequence[Event]:
    """Return the events that were recorded by a moment of the server's clock.

    Where that clock jumped back, an event counts as recorded no earlier than those before it.
    """
    count, latest = 0, None
    for event in events:
        latest = event.recorded if latest is None else max(latest, event.recorded)
        if latest > when:
            break
        count += 1
    return events[:count]


def as_of(
    events: Sequence[Event], documents: Documents, when: datetime, *, whole: CaseTable | None = None
) -> CaseTable:
    """Return the case as it was at a moment, by everything that these events know of it.

    Entries with a time of their own count up to it, whenever they were written down, and as they were corrected since.
    What has none (the patient, conditions, medicines, lines, the bag) is as it was last recorded by then.

    Args:
        events: Those that count.
        documents: Gives their texts.
        when: The moment.
        whole: What all of the events add up to, where that is known already.

    Raises:
        CourseError: The course begins later.
    """
    corrections = Corrections(events)
    early = [event for event in events if _is_early(corrections.root(event), when)]
    if not any(event.kind == CASE for event in early):
        first = next((event.at for event in events if event.kind == CASE), None)
        begins = "" if first is None else f" The course begins at {first.isoformat()}."
        raise CourseError(f"Nothing was known of this patient at {when.isoformat()}.{begins}", value=when.isoformat())
    then, now = fold(early, documents), fold(events, documents) if whole is None else whole
    for section in TIMES:
        then.pop(section, None)
        if section in now:
            then[section] = now[section]
    # With what has times of its own comes whether it is all there is.
    begun = [*(name for name in then.pop(INCOMPLETE, ()) if name not in TIMES)]
    begun += [name for name in now.get(INCOMPLETE, ()) if name in TIMES]
    then, _ = up_to({**then, **({INCOMPLETE: begun} if begun else {})}, when)
    return ordered(then)


def _is_early(event: Event, when: datetime) -> bool:
    """Tell whether an event says by a moment what has no time of its own."""
    return event.at <= when and (event.kind == CASE or event.body.get("section", "") not in ("", *TIMES))


def up_to(case: CaseTable, when: datetime) -> tuple[CaseTable, int]:
    """Return a case without the entries that lie after a moment, and how many these are; a bag is one of them."""
    found, left = dict(case), 0
    if HUNG in found.get(PREPARATION, {}) and _time(found[PREPARATION], HUNG) > when:
        del found[PREPARATION]
        left += 1
    for section, key in TIMES.items():
        if section in case:
            found[section] = [entry for entry in case[section] if _time(entry, key) <= when]
            left += len(case[section]) - len(found[section])
    return found, left


def at_moment(case: Mapping[str, Any], now: datetime) -> CaseTable:
    """Return a case for a moment, in the clock of the ward that wrote it, the patient as old as at that moment."""
    zone = read_time(case["now"], what="Time").tzinfo
    patient = aged(case["patient"], written=case["now"], now=now) if isinstance(case.get("patient"), Mapping) else {}
    return ordered({**case, **({"patient": patient} if patient else {}), "now": now.astimezone(zone).isoformat()})


def case_text(case: Mapping[str, Any]) -> str:
    """Return a case as the text of a file, the same text for the same case."""
    return json.dumps(ordered(case), indent=1, ensure_ascii=False) + "\n"


def moment_for(case: Mapping[str, Any], now: datetime) -> datetime:
    """Return the moment up to which entries may lie: now, or where a clock was set back, the latest that is there.

    What was recorded while a clock was ahead must not make every later entry an error.
    """
    times = [_time(entry, key) for section, key in TIMES.items() for entry in case.get(section, ())]
    bag = case.get(PREPARATION, {})
    times += [_time(bag, HUNG)] if HUNG in bag else []
    return max((now, *times))


def ordered(case: Mapping[str, Any]) -> CaseTable:
    """Return a case with its members in the order of a form, and timed entries in the order of their times."""
    found = {key: case[key] for key in _ORDER if key in case}
    for section, key in TIMES.items():
        if section in found:
            found[section] = sorted(found[section], key=lambda entry: _place(entry, key))
    return found


def add(case: CaseTable, kind: str, body: Mapping[str, Any]) -> CaseTable:
    """Return a case with one fact more.

    Args:
        case: The case.
        kind: Of the event.
        body: Of the event: its `entry`, of a `happened` its `section`, and `ended` where the entry is no longer so.
    """
    section, entry = SECTIONS.get(kind) or body["section"], body["entry"]
    if section in TIMES:
        _time(entry, TIMES[section])  # without one it has no place among the others
    if section == PREPARATION:
        return {**case, section: entry}
    if section == "conditions":
        names = {_condition(name) for name in entry}
        others = {name: truth for name, truth in case.get(section, {}).items() if _condition(name) not in names}
        return {**case, section: {**others, **entry}}
    same = _SAME.get(section)
    listed = case.get(section)
    if listed is None and body.get("ended"):
        return case  # that one of them is no longer given says nothing of the others
    kept = [other for other in listed or () if same is None or same(other) != same(entry)]
    found = {**case, section: kept if body.get("ended") else [*kept, entry]}
    # Nobody had said which there are, and one of them is not all of them.
    begun = listed is None and section in LISTED
    return {**found, INCOMPLETE: [*case.get(INCOMPLETE, ()), section]} if begun else found


def _corrected_since(events: Sequence[Event], place: int, corrections: Corrections) -> bool:
    """Tell whether something before a case was corrected after it."""
    number = events[place].number
    later = (event for event in events[place + 1 :] if event.kind == CORRECTED)
    return any(corrections.root(event).number < number for event in later)


def _condition(name: str) -> str:
    known = vocabulary().condition(name)
    return name if known is None else known.name


def medicine_named(text: str) -> str:
    """Return what tells one medicine from another, however it is written."""
    known = read_medicine(text)
    return plain_name(text if known is None else known.name)


def _machine(entry: Mapping[str, Any]) -> tuple[str, datetime]:
    """Return what tells one run of a machine from another: that it ended is a later word about the same run."""
    known = vocabulary().support(entry["what"])
    return entry["what"] if known is None else known.name, _time(entry, "start")


def _line(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(medicine_named(text) for text in entry["with"]))


_SAME: dict[str, Callable[[Any], object]] = {"support": _machine, "medicines": medicine_named, "lines": _line}
"""What two entries of a section have in common where the later takes the place of the earlier."""


def _time(entry: Mapping[str, Any], key: str) -> datetime:
    return read_time(entry[key], what="Time")


def _place(entry: Mapping[str, Any], key: str) -> tuple[datetime, str]:
    return _time(entry, key), str(entry.get("what", entry.get("of")))
