"""What a course is made of: events that are appended and never changed.

Knows the form of an event and of a course, and what may stand in one. It does not know what the kinds of events mean,
nor where they are kept.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inotrope.errors import CourseError, hides_something, shorten
from inotrope.units.clock import read_time

LONGEST_NAME = 200
"""Characters of a label or of a user's name."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_KIND = re.compile(r"[a-z][a-z_]{0,31}")
_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
"""Without those that are read for one another (0 o, 1 i l, u v): an id is read aloud at a hand-over."""
_GROUPS, _GROUP = 3, 4


@dataclass(frozen=True)
class Draft:
    """What somebody wants to append: an event that has no number yet.

    Attributes:
        kind: Which kind of event, a word such as `rate`.
        at: When it happened, with its zone.
        by: The name of whoever says so.
        body: What the kind holds: a JSON object.
        documents: Long texts that the body names by their digest (`chain.name_of`).
        token: A form's own mark: the same form sent twice is one event. It is no part of the event.
    """

    kind: str
    at: datetime
    by: str
    body: Mapping[str, Any]
    documents: tuple[str, ...] = ()
    token: str | None = None


@dataclass(frozen=True)
class Event:
    """One event of a course, as it was kept.

    Attributes:
        course: The course's id.
        number: 1, 2, 3, ...; it orders the events, and the clock does not.
        kind: Which kind of event.
        at: When it happened, with the zone it was written in.
        recorded: What the clock of the machine that kept it said, in UTC; a clock may jump back.
        by: The name of whoever said so.
        body: What the kind holds, from JSON.
        previous: The hash of the event before.
        hash: SHA-256 over all of this.
    """

    course: str
    number: int
    kind: str
    at: datetime
    recorded: datetime
    by: str
    body: Mapping[str, Any] = field(hash=False)
    previous: str
    hash: str


@dataclass(frozen=True)
class Course:
    """A course and its head.

    Attributes:
        id: Its id; it says nothing of the patient, and may stand in an address.
        label: What the ward calls it.
        number: The number of its last event.
        hash: The hash of its last event: whoever has it on paper can prove every event up to it.
    """

    id: str
    label: str
    number: int
    hash: str


@dataclass(frozen=True)
class Appended:
    """What became of a draft.

    Attributes:
        event: As it was kept.
        came_meanwhile: What others had appended since the last event that the writer had seen, in order.
        repeated: True where the same form had been sent before; `event` is the one of that time.
    """

    event: Event
    came_meanwhile: tuple[Event, ...] = ()
    repeated: bool = False


def new_id() -> str:
    """Return an id that nobody has: `k7m2-q9xt-4bhw`, some 59 bits by chance."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def prove_id(written: str) -> str:
    """Return the id.

    Raises:
        CourseError: It is none.
    """
    if not _ID.fullmatch(written):
        accepted = "1 to 64 letters, digits, '.', '_' and '-', a letter or digit first"
        raise CourseError(f"'{shorten(written)}' is no id of a course: {accepted}.", value=written, accepted=accepted)
    return written


def prove_name(written: str, what: str) -> str:
    """Return a label or a user's name, with the blanks around it taken off.

    Raises:
        CourseError: Empty, too long, or with characters that nobody sees.
    """
    name = written.strip()
    if not name:
        raise CourseError(f"{what} is empty. Write it.", value=written)
    if len(name) > LONGEST_NAME or "\n" in name or "\r" in name or hides_something(name):
        says = f"{what} '{shorten(name)}' is not one line of at most {LONGEST_NAME} characters that one can see."
        raise CourseError(f"{says} Write it anew.", value=written)
    return name


def prove_draft(draft: Draft) -> Draft:
    """Return the draft.

    Raises:
        CourseError: No kind, nobody who says so, or a body that is none.
        CaseError: A time without a zone, or of no patient of today.
    """
    if not _KIND.fullmatch(draft.kind):
        raise CourseError(f"'{shorten(draft.kind)}' is no kind of event: a small word.", value=draft.kind)
    read_time(draft.at, what="Time")
    prove_name(draft.by, "The name of whoever says so")
    if not isinstance(draft.body, Mapping):
        raise CourseError("What an event says is no JSON object.")
    return draft
