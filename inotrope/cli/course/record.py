"""`inotrope course new | list | show | upgrade`: a course begun, and looked at."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from inotrope.cli.course.opened import add_by, add_verb, opened, who
from inotrope.errors import one_line

if TYPE_CHECKING:
    from inotrope.course import Course, Event


def add_verbs(under: Any) -> None:
    """Describe the verbs."""
    new = add_verb(under, "new", "begin a course", _new)
    new.add_argument("label", metavar="LABEL", help="what the ward calls it, such as 'bed 4'")
    new.add_argument("--id", metavar="ID", help="its id; by default a new one that says nothing of the patient")
    add_by(new)
    add_verb(under, "list", "the courses that are kept", _list)
    show = add_verb(under, "show", "the events of one course, in order", _show)
    show.add_argument("course", metavar="ID", help="the course's id")
    add_verb(under, "upgrade", "bring an older database to the form this program needs", _upgrade)


def course_to_plain(course: Course) -> dict[str, Any]:
    """Return a course and its head as JSON has it."""
    return {"id": course.id, "label": course.label, "events": course.number, "head": course.hash}


def event_to_plain(event: Event) -> dict[str, Any]:
    """Return an event as JSON has it."""
    return {**vars(event), "at": event.at.isoformat(), "recorded": event.recorded.isoformat()}


def _new(options: argparse.Namespace) -> int:
    with opened(options, create=True) as store:
        course = store.new(options.label, who(options), options.id)
        if options.json:
            print(json.dumps({"database": store.shown, **course_to_plain(course)}, indent=2))
        else:
            print(f"Course {course.id} ({one_line(course.label)}) is begun in {one_line(store.shown)}.")
    return 0


def _list(options: argparse.Namespace) -> int:
    with opened(options) as store:
        courses = store.list()
        if options.json:
            listed = {"database": store.shown, "courses": [course_to_plain(course) for course in courses]}
            print(json.dumps(listed, indent=2))
            return 0
        for course in courses:
            print(f"{course.id}  {one_line(course.label)}  ({_events(course.number)})")
        print(f"{len(courses)} course{'s' * (len(courses) != 1)} in {one_line(store.shown)}.")
    return 0


def _show(options: argparse.Namespace) -> int:
    with opened(options) as store, store.reading() as reading:
        course, events = reading.course(options.course), reading.events(options.course)
    if options.json:
        print(json.dumps({**course_to_plain(course), "events": [event_to_plain(event) for event in events]}, indent=2))
        return 0
    from inotrope.display import draw
    from inotrope.display.course_sheet import course_sheet

    draw(course_sheet(course, events), sys.stdout)
    return 0


def _upgrade(options: argparse.Namespace) -> int:
    from inotrope.course.keeping.opening import upgrade_database

    before, after, shown = upgrade_database(options.database)
    if options.json:
        print(json.dumps({"database": shown, "before": before, "after": after}, indent=2))
    elif before == after:
        print(f"{one_line(shown)} has the newest form {after} already.")
    else:
        print(f"{one_line(shown)} had form {before}, and has {after} now.")
    return 0


def _events(number: int) -> str:
    return f"{number} event{'s' * (number != 1)}"
