"""Fuzzed requests: never a 5xx, never longer than the limit, an answer of the specified form, no patient in a log.

A thousand in `make test`, ten thousand in `make test-slow`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from tests.hooks.conftest import Asked
from tests.hooks.fuzzing import NAMES, fuzzed
from tests.hooks.test_judging import draft_of

ALLOWED = {200, 400, 412}
CARD = {
    "uuid",
    "summary",
    "indicator",
    "source",
    "detail",
    "suggestions",
    "selectionBehavior",
    "overrideReasons",
    "links",
}


def prove(ask: Asked, seeds: range, caplog: Any) -> dict[int, int]:
    caplog.set_level(logging.INFO)
    counted: dict[int, int] = {}
    for seed in seeds:
        body = json.dumps(fuzzed(seed)).encode()
        answer = ask("POST", "/cds-services/inotrope", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in ALLOWED, seed
        counted[answer.status_code] = counted.get(answer.status_code, 0) + 1
        document = answer.json()
        if answer.status_code != 200:
            assert document["resourceType"] == "OperationOutcome", seed
            continue
        assert document.keys() == {"cards"}, seed
        for card in document["cards"]:
            assert card.keys() <= CARD, seed
            assert 0 < len(card["summary"]) < 140, seed
            assert ("suggestions" in card) == ("selectionBehavior" in card), seed
    for record in caplog.records:
        shown = str(record.__dict__)
        assert "hook failed" not in shown, shown
        assert "too-slow" not in shown, shown
        assert not [name for name in NAMES if name in shown], shown
    caplog.clear()
    return counted


@pytest.mark.parametrize("start", range(0, 1_000, 100))
def test_a_thousand_fuzzed_requests_are_answered(make: Callable[..., Asked], start: int, caplog: Any):
    counted = prove(make(), range(start, start + 100), caplog)
    assert counted[200] > 50  # most are still a call: the changes are small


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1_000, 11_000, 500))
def test_ten_thousand_fuzzed_requests_are_answered(make: Callable[..., Asked], start: int, caplog: Any):
    prove(make(), range(start, start + 500), caplog)


def test_the_fuzz_makes_what_it_says():
    assert json.dumps(fuzzed(4)) == json.dumps(fuzzed(4))
    assert len({json.dumps(fuzzed(seed)) for seed in range(200)}) > 190


def test_a_reference_to_nobody_s_patient_is_no_other_patient(ask: Asked, sound: dict[str, Any]):
    for reference in ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "#p", "", None, 4):
        draft_of(sound)["subject"] = {"reference": reference}
        assert ask.cards(sound) == []
    for reference in ("https://ehr.example/fhir/Patient/pat-a", "Patient/pat-a/_history/2"):
        draft_of(sound)["subject"] = {"reference": reference}
        assert ask.cards(sound) == []
    draft_of(sound)["subject"] = {"reference": "https://ehr.example/fhir/Patient/pat-b"}
    assert len(ask.cards(sound)) == 1
