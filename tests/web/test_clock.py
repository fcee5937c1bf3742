"""A plan of another time than now says so, on the screen and on paper."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from starlette.testclient import TestClient

from inotrope.patient.examples import read_example
from inotrope.web.clock import away_from_now, clock, clock_shown

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "says"),
    [
        (0, ""),
        (29, ""),
        (-29, ""),
        (30, "30 min ago"),
        (-45, "45 min ahead"),
        (60, "1 h ago"),
        (19 * 60 + 59, "19 h ago"),
        (47 * 60 + 59, "47 h ago"),
        (48 * 60, "2 days ago"),
        (2_000 * 1440, "2,000 days ago"),
    ],
)
def test_how_long_ago(minutes: int, says: str) -> None:
    assert away_from_now(NOW - timedelta(minutes=minutes), NOW) == says


@pytest.mark.parametrize(("hours", "says"), [(0, "08:00 +00:00"), (1, "09:00 +01:00"), (-5, "03:00 -05:00")])
def test_a_time_is_shown_with_its_zone(hours: int, says: str) -> None:
    assert clock_shown(NOW.astimezone(timezone(timedelta(hours=hours)))) == f"2026-11-22 {says}"


@pytest.mark.parametrize("path", ["/plan", "/print"])
def test_an_old_case_is_no_plan_for_now(client: TestClient, path: str) -> None:
    old = json.loads(read_example("sound-adult"))
    assert "Not a plan for now." in client.post(path, data={"case": json.dumps(old)}).text
    now = old | {"now": clock(), "measurements": [], "administrations": []}
    page = client.post(path, data={"case": json.dumps(now)})
    assert page.status_code == 200 and "Not a plan for now." not in page.text
