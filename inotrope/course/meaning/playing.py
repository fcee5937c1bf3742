"""The shipped example courses: invented patients over days, played step by step into an empty store.

Knows the steps that a script may hold, and that each goes the way of every door (`recording.py`), with the clock of the
story: the store's own clock stands where the story stands. A plan in it is made by the program of today.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from inotrope.course.keeping.opening import open_database
from inotrope.course.keeping.store import Courses
from inotrope.course.meaning.as_of import PlanOptions, case_now, make_course_plan
from inotrope.course.meaning.recording import (
    Writer,
    close,
    correct,
    note,
    record_case,
    record_confirmation,
    record_given,
    record_happened,
    record_level,
    record_override,
    record_plan,
    record_reading,
)
from inotrope.errors import CourseError, FileError, nearest, shorten
from inotrope.plan.double_check.comparing import compare
from inotrope.plan.double_check.items import read_item
from inotrope.plan.double_check.settings import settings_of
from inotrope.units import read_time

COURSES = Path(__file__).resolve().parents[2] / "library" / "courses"
"""Where the scripts lie."""
Script = Mapping[str, Any]
"""What the ward calls the course (`label`), its `id`, what it is `about`, and its `steps`."""


def example_courses() -> tuple[str, ...]:
    """Return the names of the shipped courses."""
    return tuple(sorted(path.stem for path in COURSES.glob("*.json")))


def read_script(name: str) -> Script:
    """Return the script of a shipped course.

    Raises:
        FileError: There is none of that name; the nearest are named.
    """
    if name not in example_courses():
        says = f"'{shorten(name)}' is no shipped course; {nearest(name, example_courses())}."
        raise FileError(says, value=name, accepted=", ".join(example_courses()))
    script: Script = json.loads((COURSES / f"{name}.json").read_text(encoding="utf-8"))
    return script


@contextmanager
def played(script: Script, where: str | Path) -> Iterator[tuple[Courses, str]]:
    """Play a script into a new store, and give the store with the course's id.

    Args:
        script: What happens.
        where: A database that holds no course yet; a file is made.

    Raises:
        CourseError: It holds courses already: the clock of a story has no place beside theirs.
    """
    clock = _Clock(_time(script["steps"][0]))
    with Courses(open_database(where, create=True), clock) as store:
        if store.list():
            says = f"'{shorten(store.shown)}' holds courses already. An example is played into a new database."
            raise CourseError(says, value=store.shown, accepted="a database that holds nothing")
        course = store.new(script["label"], script["steps"][0]["by"], script["id"], at=clock.now).id
        for step in script["steps"]:
            clock.now = _time(step)
            _STEPS[step["do"]](Writer(store, course, step["by"], store.course(course).number, clock.now), step)
        yield store, course


class _Clock:
    """A clock that stands where the story stands."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def _time(step: Mapping[str, Any]) -> datetime:
    return read_time(step["at"], what="Time")


def _plan(writer: Writer, _: Mapping[str, Any]) -> None:
    """Make the plan of the moment, and record it as it would be shown."""
    with writer.store.reading() as reading:
        found = case_now(reading.events(writer.course), reading.document, writer.clock)
    options = PlanOptions(found.overrides)
    record_plan(writer, make_course_plan(found, options), case=found.text, options=options)


def _confirm(writer: Writer, step: Mapping[str, Any]) -> None:
    """Confirm a setting of the plan of the moment, as a second person entered it."""
    with writer.store.reading() as reading:
        found = case_now(reading.events(writer.course), reading.document, writer.clock)
    known = settings_of(make_course_plan(found, forecast=False))
    named = [item for item in known if item.name == step["setting"]]
    if not named:
        names = ", ".join(dict.fromkeys(item.name for item in known))
        says = f"The plan has no setting '{step['setting']}'; it has: {names or 'none'}."
        raise CourseError(says, value=step["setting"], accepted=names)
    entered = {item: read_item(item, text) for item, text in step["enters"].items()}
    how = step.get("before", "")
    meant = next((item for item in named if compare(item, entered, how).agrees), named[0])  # a start has several ways
    record_confirmation(writer, meant, entered, how=how, first=step["first"], second=writer.by, code=step["code"])


_STEPS: dict[str, Callable[[Writer, Mapping[str, Any]], object]] = {
    "case": lambda writer, step: record_case(writer, step["case"]),
    "plan": _plan,
    "confirm": _confirm,
    "override": lambda writer, step: record_override(writer, step["rule"], step["reason"]),
    "given": lambda writer, step: record_given(writer, step["entry"]),
    "level": lambda writer, step: record_level(writer, step["entry"]),
    "reading": lambda writer, step: record_reading(writer, step["entry"]),
    "happened": lambda writer, step: record_happened(
        writer, step["section"], step["entry"], ended=step.get("ended", False)
    ),
    "correct": lambda writer, step: correct(writer, step["of"], why=step["why"], instead=step.get("instead")),
    "note": lambda writer, step: note(writer, step["text"]),
    "close": lambda writer, step: close(writer, step["why"]),
}
"""What a step of a script does."""
