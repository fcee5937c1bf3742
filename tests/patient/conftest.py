"""A sound case as a table, and a way to change one thing in it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from inotrope.patient import Case, read_case

# 60 years, 80 kg, 180 cm: the body surface is sqrt(180 x 80 / 3600) = 2 m2, so that arithmetic stays short.
SOUND: dict[str, Any] = {
    "drug": "milrinone",
    "indication": "Acute decompensated  heart failure",
    "now": "2026-11-22T08:00:00+01:00",
    "patient": {"born": "1966-01-01", "sex": "male", "weight": "80 kg", "height": "180 cm"},
    "measurements": [{"what": "serum creatinine", "value": "1.0 mg/dL", "at": "2026-11-22T06:00:00+01:00"}],
}

Document = Callable[..., dict[str, Any]]
Build = Callable[..., Case]


@pytest.fixture
def document() -> Document:
    """Return the sound case with dotted keys replaced; the value `...` removes the key."""

    def changed(**changes: Any) -> dict[str, Any]:
        table = copy.deepcopy(SOUND)
        for key, value in changes.items():
            *above, last = key.split("__")
            node = table
            for part in above:
                node = node.setdefault(part, {})
            if value is ...:
                node.pop(last)
            else:
                node[last] = value
        return table

    return changed


@pytest.fixture
def build(document: Document) -> Build:
    return lambda **changes: read_case(document(**changes))


@pytest.fixture
def measured(build: Build) -> Build:
    """Return a case with these measurements only, each (what, value, hours before now)."""

    def with_measurements(*items: tuple[str, str, float], **changes: Any) -> Case:
        listed = [{"what": what, "value": value, "at": at(hours)} for what, value, hours in items]
        return build(measurements=listed, **changes)

    return with_measurements


def at(hours_ago: float) -> str:
    from datetime import datetime, timedelta

    return (datetime.fromisoformat(SOUND["now"]) - timedelta(hours=hours_ago)).isoformat()
