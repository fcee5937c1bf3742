"""`inotrope course export | import | backup | restore`: courses in files, and back."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inotrope.cli.cases import prepare_file
from inotrope.cli.course.opened import MUST_NOT_STAND, add_verb, opened
from inotrope.cli.course.record import course_to_plain
from inotrope.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from inotrope.course.keeping.copies.taking_in import TakenIn
    from inotrope.course.keeping.opening import Database


def add_verbs(under: Any) -> None:
    """Describe the verbs."""
    export = add_verb(under, "export", "write one course to a file", _write)
    export.add_argument("course", metavar="ID", help="the course's id")
    backup = add_verb(under, "backup", "write every course to a file, while others go on writing", _write)
    backup.set_defaults(course=None)
    for parser in (export, backup):
        parser.add_argument("file", metavar="FILE", help="such as courses.jsonl.gz; nobody else may read it")
        parser.add_argument("--overwrite", action="store_true", help="let it take the place of an older file")
    takes = add_verb(under, "import", "take the courses of a file in beside the others", _import)
    restore = add_verb(under, "restore", "bring a backup back into a new, empty database", _restore)
    for parser in (takes, restore):
        parser.add_argument("file", metavar="FILE", help="what 'export' or 'backup' wrote")


def _write(options: argparse.Namespace) -> int:
    from inotrope.course.keeping.copies.backing_up import write_courses

    path = prepare_file(options.file, "FILE", (".gz",), overwrite=options.overwrite, example="courses.jsonl.gz")
    with opened(options) as store:
        verdict = write_courses(store.database, path, options.course)
    if options.json:
        broken = [one_line(str(item)) for item in verdict.breaks]
        print(json.dumps({"file": str(path), "courses": verdict.courses, "events": verdict.events, "breaks": broken}))
    else:
        for item in verdict.breaks:
            print(one_line(f"BROKEN: {item}"))
        print(f"{_counted(verdict.courses, 'course')}, {_counted(verdict.events, 'event')}: {one_line(str(path))}")
        if verdict.breaks:
            print("The file holds all that can be read. As it is, it cannot be restored: export the sound courses.")
    return MUST_NOT_STAND if verdict.breaks else 0


def _import(options: argparse.Namespace) -> int:
    from inotrope.course.keeping.copies.taking_in import import_courses

    return _take(options, import_courses)


def _restore(options: argparse.Namespace) -> int:
    from inotrope.course.keeping.copies.taking_in import restore

    return _take(options, restore)


def _take(options: argparse.Namespace, take: Callable[[Database, Path], tuple[TakenIn, ...]]) -> int:
    from inotrope.course.keeping.copies.people import count_people
    from inotrope.course.keeping.copies.portable import prove_readable

    path = Path(options.file)
    prove_readable(path)  # no store is made for a file that is none
    with opened(options, create=True) as store:
        taken = take(store.database, path)
        with store.database.reading() as connection:
            users, rows = count_people(connection)
        shown = store.shown
    if options.json:
        listed = [{**course_to_plain(item.course), "new": item.events} for item in taken]
        print(json.dumps({"database": shown, "courses": listed, "users": users, "audit": rows}, indent=2))
        return 0
    for item in taken:
        new = _counted(item.events, "new event") if item.events else "nothing new"
        print(f"{item.course.id}  {one_line(item.course.label)}: {new}, {item.course.number} in all")
    print(f"{_counted(len(taken), 'course')} read into {one_line(shown)}.")
    if options.what == "restore" and (users or rows):
        came = f"{_counted(users, 'user')} and {_counted(rows, 'row')} of the audit"
        print(f"With them {came}: 'inotrope course user list'.")
    return 0


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"
