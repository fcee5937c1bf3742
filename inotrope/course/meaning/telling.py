"""An event in plain words, as a list of a course shows it, with what later corrections made of it.

Knows words only. It says what was written, and judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from inotrope.errors import shorten
from inotrope.plan.double_check.items import ITEMS, LOAD

if TYPE_CHECKING:
    from inotrope.course.record import Event

LONGEST_BODY = 100
"""Characters of an event that has no form of ours."""
_CLOCK = slice(11, 16)
"""Of a time as ISO 8601 writes it, hour and minute."""


def told(event: Event, corrections: Corrections) -> str:
    """Return one event in one sentence, as it stands after all corrections.

    Args:
        event: The event.
        corrections: Of all events that count.
    """
    try:
        return _told(event, corrections)
    except (KeyError, TypeError, AttributeError, IndexError):  # it was taken in from a file that another program wrote
        return f"{event.kind}: {shorten(canonical(event.body), LONGEST_BODY)}"


def _told(event: Event, corrections: Corrections) -> str:
    said = corrections.said(event)
    by = ", ".join(str(number) for number in said.by)
    if said.body is None:
        return f"{_plain(event.kind, event.body)} (struck out by event {by})"
    own = event.kind == CORRECTED
    text = _corrected(event, corrections, said.body) if own else _plain(event.kind, said.body)
    return f"{text} (corrected by event {by}; first written: {_plain(event.kind, event.body)})" if by else text


def _plain(kind: str, body: Mapping[str, Any]) -> str:
    """Return a body that stands for itself."""
    if kind == OPENED:
        return f"course opened: {body['label']}"
    if kind == CASE:
        return "the whole case written"
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
    return entry_told("administrations" if kind == RATE else body.get("section", "measurements"), body)


def entry_told(section: str, body: Mapping[str, Any]) -> str:
    """Return a fact in words: the entry of a case that it adds.

    Args:
        section: Under which member of the case it stands.
        body: Of the event, with its `entry`.
    """
    entry = body["entry"]
    if section == "administrations":
        end = f" until {entry['end'][_CLOCK]}" if "end" in entry else ""
        over = f" over {entry['duration']}" if "duration" in entry else end
        return f"{entry['of']} {entry.get('rate', entry.get('dose'))}{over}"
    if section == "measurements":
        site = f", {entry['site']}" if "site" in entry else ""
        of = f" of {entry['of']}" if "of" in entry else ""
        return f"{entry['what']}{of} {entry['value']}{site}"
    if section == "support":
        more = "".join(f", {name} {entry[name]}" for name in ("effluent", "clearance") if name in entry)
        ended = f", ended {entry['end'][_CLOCK]}" if "end" in entry else ""
        return f"{entry['what']} since {entry['start'][_CLOCK]}{more}{ended}"
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
    return f"on the pump: {', '.join(parts)}"


def _corrected(event: Event, corrections: Corrections, body: Mapping[str, Any]) -> str:
    """Return a correction with what it puts in the place of what was written."""
    root = corrections.root(event)
    if body["instead"] is None:
        struck = "the correction is taken back" if root.number not in (body["of"], event.number) else "struck out"
        return f"event {body['of']} {struck}: {body['why']}"
    instead = body["instead"]
    now = instead if root.kind == NOTED else _plain(root.kind, {**root.body, "entry": instead})
    return f"event {body['of']} corrected: {body['why'].rstrip('.')}; now: {now}"
