"""A plan that was shown, computed anew from what was kept: the same to the digit, or what differs.

Knows what a plan was made from: the text of the case, what was asked beside it, the hospital's own file. The program
and the library are those of today; where they are others than then, that is said first, since it explains the rest.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from inotrope.course.meaning.as_of import PlanOptions, SiteFile, plan_of_text
from inotrope.course.meaning.folding import Documents, readable
from inotrope.course.meaning.kinds import PLANNED
from inotrope.errors import CourseError, InotropeError
from inotrope.plan import to_plain

if TYPE_CHECKING:
    from inotrope.course.record import Event
    from inotrope.plan import Plan


@dataclass(frozen=True, slots=True)
class Difference:
    """One place of a plan with what stood there and what stands there now; None where there is nothing."""

    path: str
    then: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Replay:
    """What came out.

    Attributes:
        number: Of the event.
        same: Whether every value of the plan is the same.
        versions: What it was made with that is another today: the program, the library's folder, the site's file.
        differences: Every place of the plan that differs, its versions left out.
        failed: Why no plan could be made at all; empty where one was.
    """

    number: int
    same: bool
    versions: tuple[Difference, ...]
    differences: tuple[Difference, ...]
    failed: str = ""

    @property
    def exit_code(self) -> int:
        """0 where the plan is the same, 3 where it is not."""
        return 0 if self.same else 3


def versions_of(plan: Plan) -> dict[str, Any]:
    """Return what a plan was made with: its own versions, and the arithmetic under them."""
    return {**to_plain(plan.versions), "python": platform.python_version(), "numpy": version("numpy")}


def replay(events: Sequence[Event], documents: Documents, number: int) -> Replay:
    """Compute one recorded plan anew, and compare.

    Args:
        events: Of the course.
        documents: Gives their texts.
        number: Of the event that recorded the plan.

    Raises:
        CourseError: No such event, or it recorded no plan.
    """
    event = next((event for event in events if event.number == number), None)
    if event is None or event.kind != PLANNED:
        plans = ", ".join(str(event.number) for event in events if event.kind == PLANNED)
        says = f"Event {number} recorded no plan. Plans: {plans or 'none'}."
        raise CourseError(says, value=number, accepted=plans or None)
    body = event.body
    with readable(event):
        site = None if body["site"] is None else SiteFile(body["site_file"], documents(body["site"]))
        case, options = documents(body["case"]), PlanOptions.from_plain(body["options"])
        then, made_with = json.loads(documents(body["plan"])), body["versions"]
        del then["versions"]
    try:
        plan = plan_of_text(case, options, site)
    except InotropeError as problem:
        return Replay(number, same=False, versions=(), differences=(), failed=str(problem))
    now = json.loads(json.dumps(to_plain(plan)))
    made_now = versions_of(plan)
    del now["versions"]
    found = tuple(differences(then, now))
    return Replay(number, same=not found, versions=tuple(differences(made_with, made_now)), differences=found)


def differences(then: Any, now: Any, path: str = "") -> Iterator[Difference]:
    """Yield every place in which two JSON values differ, as deep as they can be told apart."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*then, *now)):
            yield from differences(then.get(key), now.get(key), f"{path}.{key}".removeprefix("."))
    elif isinstance(then, list) and isinstance(now, list):
        for place in range(max(len(then), len(now))):
            before, after = (part[place] if place < len(part) else None for part in (then, now))
            yield from differences(before, after, f"{path}[{place}]")
    elif then != now:
        yield Difference(path, then, now)
