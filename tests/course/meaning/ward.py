"""A course to test with: the shipped adult, before anything was given, and a clock that the test sets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from inotrope.course import Courses
from inotrope.course.keeping.opening import open_database
from inotrope.course.meaning.recording import Writer, record_case
from inotrope.course.record import Event
from inotrope.patient.examples import read_example

START = datetime.fromisoformat("2026-11-22T08:00:00+01:00")
DRUG = "milrinone"


def at(hours: float) -> datetime:
    """Return a moment so many hours after the start."""
    return START + timedelta(hours=hours)


def written(hours: float) -> str:
    """Return the same as a case has it."""
    return at(hours).isoformat()


def rate(value: str, hours: float) -> dict[str, Any]:
    return {"of": DRUG, "start": written(hours), "rate": value}


def level(value: str, hours: float) -> dict[str, Any]:
    return {"what": "concentration", "of": DRUG, "value": value, "at": written(hours)}


def reading(what: str, value: str, hours: float) -> dict[str, Any]:
    return {"what": what, "value": value, "at": written(hours)}


def adult(**members: Any) -> dict[str, Any]:
    """Return the shipped adult with other members."""
    return {**json.loads(read_example("sound-adult")), **members}


@dataclass
class Ward:
    """One course in a store whose clock is set by hand."""

    store: Courses
    course: str
    now: datetime = START

    @property
    def events(self) -> tuple[Event, ...]:
        return self.store.events(self.course)

    @property
    def last(self) -> int:
        return self.store.course(self.course).number

    def set(self, hours: float) -> Ward:
        self.now = at(hours)
        return self

    def by(self, name: str = "Adams", seen: int | None = None, token: str | None = None) -> Writer:
        return Writer(self.store, self.course, name, self.last if seen is None else seen, self.now, token)


@contextmanager
def ward(where: Path | str, *, case: dict[str, Any] | None = None, empty: bool = False) -> Iterator[Ward]:
    """Open a store with one course, its case recorded unless it is to be empty; `where` is a folder or an address."""
    holder: list[Ward] = []
    place = where / "courses.sqlite" if isinstance(where, Path) else where
    store = Courses(open_database(place, create=True), lambda: holder[0].now if holder else START)
    with store:
        course = store.new("bed 4", "Adams", at=START)
        made = Ward(store, course.id)
        holder.append(made)
        if not empty:
            record_case(made.by(), adult() if case is None else case)
        yield made
