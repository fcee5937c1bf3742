"""One machine that was entered twice for the same time is told, and neither entry is chosen."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope.course.meaning.as_of import case_now
from inotrope.course.meaning.machines import runs_twice
from inotrope.course.meaning.recording import record_happened
from tests.course.meaning.ward import Ward, adult, written


def run(start: float, end: float | None = None, what: str = "CRRT") -> dict[str, Any]:
    return {"what": what, "start": written(start), **({} if end is None else {"end": written(end)})}


@pytest.mark.parametrize(
    ("runs", "twice"),
    [
        ([run(0)], False),
        ([run(0, 2), run(2)], False),  # one after the other
        ([run(0, 2.1), run(2)], True),
        ([run(0), run(0.1, 3)], True),  # the end was entered with another 'since'
        ([run(0), run(0.1, 3, "CVVH")], True),  # a name of the same machine
        ([run(0), run(0.1, 3, "ECMO")], False),
    ],
)
def test_two_runs_at_once(runs: list[dict[str, Any]], twice: bool) -> None:
    found = runs_twice(adult(support=runs, now=written(5)))
    assert bool(found) is twice
    assert all(text.startswith("CRRT is recorded twice for the same time: since 2026-11-22 08:00") for text in found)


def test_a_course_says_it_of_its_case(bed: Ward) -> None:
    record_happened(bed.set(1).by(), "support", run(0))
    record_happened(bed.set(4).by(), "support", run(0.5, 3))
    says = case_now(bed.events, bed.store.document, bed.now).says
    assert "since 2026-11-22 08:00 with no end, and since 2026-11-22 08:30 until 2026-11-22 11:00" in says[0]


def test_nobody_said_which_machines() -> None:
    case = adult(now=written(1))
    case.pop("support", None)
    assert runs_twice(case) == ()
