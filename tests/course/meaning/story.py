"""The shipped three days, played once for all tests of a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from inotrope.course.chain import documents_of
from inotrope.course.meaning.playing import played, read_script
from inotrope.course.record import Course, Event


@dataclass(frozen=True)
class Story:
    """A course that was played: its head, its events, and every document that they name."""

    course: Course
    events: tuple[Event, ...]
    documents: Callable[[str], str]

    def number_of(self, kind: str, place: int = 0) -> int:
        """Return the number of the first event of a kind, or of a later one."""
        return [event.number for event in self.events if event.kind == kind][place]

    def up_to(self, number: int) -> tuple[Event, ...]:
        return self.events[:number]


@cache
def three_days() -> Story:
    """Return the story; the store that it was played into is gone."""
    with (
        TemporaryDirectory() as folder,
        played(read_script("three-days"), Path(folder) / "courses.sqlite") as (store, course),
    ):
        events = store.events(course)
        named = {name for event in events for name in documents_of(event.body)}
        texts = {name: store.document(name) for name in named}
        assert store.verify().breaks == ()
        return Story(store.course(course), events, lambda name: texts[name.removeprefix("document:")])
