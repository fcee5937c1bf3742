"""Times around now, since a course takes in nothing that lies ahead of the clock."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

from inotrope.patient.examples import read_example


def hours_ago(hours: float) -> str:
    """A time before now, as it is typed in full."""
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="seconds")


def example_of_now(name: str) -> str:
    """A shipped example, with all its times moved so that its plan is one of this hour."""
    text = read_example(name)
    away = datetime.now(UTC) - datetime.fromisoformat(json.loads(text)["now"]) - timedelta(minutes=1)

    def moved(found: re.Match[str]) -> str:
        return (datetime.fromisoformat(found[0]) + away).isoformat(timespec="seconds")

    return re.sub(r"\d{4}-\d\d-\d\dT[0-9:]+\+01:00", moved, text)
