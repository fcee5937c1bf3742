"""Sound cases with one thing in them spoiled: each is answered or told, and no page runs what was typed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from inotrope.patient.examples import examples, read_example
from inotrope.web import Settings, create_app

CASES = {name: json.loads(read_example(name)) for name in examples()}
SCRIPT = "<script>alert('x')</script>"
HOSTILE = [
    *("", " ", "\x00", "\ufeff", "\u202e5 gk", "a\nb", SCRIPT, '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "${7*7}"),
    *("0 kg", "-5 kg", "1e400 kg", "1e-400 kg", "NaN kg", "inf kg", "9" * 60 + " kg", "٣ kg", "5", "5 kg kg", "1/0 kg"),
    *("0 mcg/kg/min", "99999999999999999999 mcg/kg/min", "1e-300 mL/h", "1e300 mg/dL", "0.0000000001 mg/dL"),
    *("<20 ng/mL", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00", "2026-11-22T08:00:00", "0000-00-00"),
    *("../../etc/passwd", "milrinone\x7f", "a" * 5_000, "é" * 300, "unknown", "present", "absent"),
    *(None, True, False, 0, -1, 10**39, 0.1, [], {}, [[]], {"": ""}, [None], {"value": 5, "unit": "kg"}),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a document at which something can be put in the place of what stands there."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*path, key))


def spoiled(name: str, path: tuple[Any, ...], put: object) -> dict[str, Any]:
    case: Any = copy.deepcopy(CASES[name])
    inside = case
    for part in path[:-1]:
        inside = inside[part]
    inside[path[-1]] = put
    return dict(case)


PLACES = [(name, path) for name, case in CASES.items() for path in places(case)]
ONE_SPOILED = st.builds(lambda place, put: spoiled(*place, put), st.sampled_from(PLACES), st.sampled_from(HOSTILE))
QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(workers=1)), base_url="http://127.0.0.1:8480") as found:
        yield found


def judged(client: TestClient, operation: str, case: dict[str, Any]) -> None:
    found = client.post(f"/api/v1/{operation}", json={"case": case})
    assert found.status_code in (200, 422), found.text
    if found.status_code != 200:
        error = found.json()["error"]
        assert error["says"] and error["where"] is not None
        assert all(len(part or "") < 4_000 for part in error.values())


@settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
@given(case=ONE_SPOILED)
def test_one_spoiled_thing_is_answered_or_told(client: TestClient, case: dict[str, Any]) -> None:
    judged(client, "screen", case)


@settings(max_examples=8, deadline=None, suppress_health_check=QUIET)
@given(case=ONE_SPOILED, operation=st.sampled_from(["plan", "fit", "target"]))
def test_so_it_is_by_what_takes_longer(client: TestClient, case: dict[str, Any], operation: str) -> None:
    judged(client, operation, case)


@settings(max_examples=12, deadline=None, suppress_health_check=QUIET)
@given(case=ONE_SPOILED)
def test_no_page_holds_what_was_typed_as_markup(client: TestClient, case: dict[str, Any]) -> None:
    found = client.post("/plan", data={"case": json.dumps(case)})
    assert found.status_code in (200, 422)
    assert SCRIPT not in found.text and "<img src=x" not in found.text


@pytest.mark.slow
@settings(max_examples=3_000, deadline=None, suppress_health_check=QUIET)
@given(case=ONE_SPOILED, operation=st.sampled_from(["screen", "screen", "screen", "plan", "fit", "target"]))
def test_thousands_of_spoiled_cases(client: TestClient, case: dict[str, Any], operation: str) -> None:
    judged(client, operation, case)
