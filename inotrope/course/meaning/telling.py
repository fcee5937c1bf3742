"""An event in plain words, as a list of a course shows it, with what later corrections made of it.

Knows words only. It says what was written, and judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from inotrope.course.chain import canonical
from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.kinds import (
    CASE,
    CLOSED,
    CONFIRMED,
    CORRECTED,
    NOTED,
    OPENED,
    OVERRIDDEN,
    PLANNED,
    RATE,
    REOPENED,
)
from inotrope.errors import InotropeError, shorten
from inotrope.plan.double_check.items import ITEMS, LOAD
from inotrope.units import read_time

if TYPE_CHECKING:
    from inotrope.course.record import Event

LONGEST_BODY = 100
"""Characters of an event that has no form of ours."""
MOST_CHANGES = 12
"""Of an edit of the whole case, that stand in its sentence."""


def told(event: Event, corrections: Corrections) -> str:
    """Return one event in one sentence, as it stands after all corrections.

    Args:
        event: The event.
        corrections: Of all events that count.
    """
    try:
        return _told(event, corrections)
    except (
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        InotropeError,
    ):  # it was taken in from a file that another program wrote
        return f"{event.kind}: {shorten(canonical(event.body), LONGEST_BODY)}"


def _told(event: Event, corrections: Corrections) -> str:
    said, at = corrections.said(event), event.at.astimezone(corrections.zone)
    by = ", ".join(str(number) for number in said.by)
    first = _plain(event.kind, event.body, at)
    if said.body is None:
        return f"{first} (struck out by event {by})"
    own = event.kind == CORRECTED
    text = _corrected(event, corrections, said.body, at) if own else _plain(event.kind, said.body, at)
    return f"{text} (corrected by event {by}; first written: {first})" if by else text


def _plain(kind: str, body: Mapping[str, Any], at: datetime) -> str:
    """Return a body that stands for itself."""
    if kind == OPENED:
        return f"course opened: {body['label']}"
    if kind == CASE:
        return _edited(body.get("changed"))
    if kind == PLANNED:
        return f"plan shown: {body['headline']}"
    if kind == OVERRIDDEN:
        return f"stop '{body['rule']}' set aside: {body['reason']}"
    if kind == CONFIRMED:
        meant = body["meant"]
        what = ", ".join(f"{'before it: ' * (item == LOAD)}{meant[item]}" for item in ITEMS if item in meant)
        return f"confirmed by {body['first']} and {body['second']}: {what}"
    if kind == CORRECTED:
        return f"event {body['of']} corrected: {body['why']}"
    if kind == NOTED:
        return f"note: {body['text']}"
    if kind == CLOSED:
        return f"course closed: {body['why']}"
    if kind == REOPENED:
        return f"course opened again: {body['why']}"
    return entry_told("administrations" if kind == RATE else body.get("section", "measurements"), body, at)


def _edited(changed: Any) -> str:
    """Return an edit of the whole case with what it changed; the first case of a course changed nothing."""
    if changed is None:
        return "the whole case written"
    if not changed:
        return "the whole case written; nothing in it is another"
    shown = "; ".join(changed[:MOST_CHANGES])
    more = f"; {len(changed) - MOST_CHANGES} more" if len(changed) > MOST_CHANGES else ""
    return f"the whole case written: {shown}{more}"


def entry_told(section: str, body: Mapping[str, Any], at: datetime | None = None) -> str:
    """Return a fact in words: the entry of a case that it adds.

    Args:
        section: Under which member of the case it stands.
        body: Of the event, with its `entry`.
        at: The moment that stands beside the words, in the clock in which they are read: a time of another day is told
            with its day. None where none does.
    """
    entry = body["entry"]
    if section == "administrations":
        end = f" until {_clock(entry['end'], at)}" if "end" in entry else ""
        over = f" over {entry['duration']}" if "duration" in entry else end
        return f"{entry['of']} {entry.get('rate', entry.get('dose'))}{over}"
    if section == "measurements":
        site = f", {entry['site']}" if "site" in entry else ""
        of = f" of {entry['of']}" if "of" in entry else ""
        return f"{entry['what']}{of} {entry['value']}{site}"
    if section == "support":
        more = "".join(f", {name} {entry[name]}" for name in ("effluent", "clearance") if name in entry)
        ended = f", ended {_clock(entry['end'], at)}" if "end" in entry else ""
        return f"{entry['what']} since {_clock(entry['start'], at)}{more}{ended}"
    if section == "conditions":
        return ", ".join(f"{name}: {truth}" for name, truth in entry.items())
    if section == "events":
        return str(entry["what"])
    ended = "no longer " if body.get("ended") else ""
    if section == "lines":
        return f"{ended}in one line: {', '.join(entry['with'])}"
    if section == "medicines":
        return f"{ended}given beside it: {entry}"
    parts = (f"{name} {value}" for name, value in entry.items() if name != "hung")
    since = f" since {_clock(entry['hung'], at)}" if "hung" in entry else ""
    return f"on the pump{since}: {', '.join(parts)}"


def _clock(written: str, at: datetime | None) -> str:
    """Return a time of an entry: hour and minute where it is of the day that stands beside it, else with its day."""
    when = read_time(written, what="Time")
    if at is None:
        return f"{when:%Y-%m-%d %H:%M}"
    when = when.astimezone(at.tzinfo)
    return f"{when:%H:%M}" if when.date() == at.date() else f"{when:%Y-%m-%d %H:%M}"


def _corrected(event: Event, corrections: Corrections, body: Mapping[str, Any], at: datetime) -> str:
    """Return a correction with what it puts in the place of what was written."""
    root = corrections.root(event)
    if body["instead"] is None:
        struck = "the correction is taken back" if root.number not in (body["of"], event.number) else "struck out"
        return f"event {body['of']} {struck}: {body['why']}"
    instead = body["instead"]
    now = instead if root.kind == NOTED else _plain(root.kind, {**root.body, "entry": instead}, at)
    return f"event {body['of']} corrected: {body['why'].rstrip('.')}; now: {now}"
