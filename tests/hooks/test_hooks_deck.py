"""The deck's requests: each gets the cards that the facts demand, or none. They were written before the code."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.hooks.conftest import REQUESTS, Asked

GRAVE = ("info", "warning", "critical")
EXPECTED = {folder.name: json.loads((folder / "expected.json").read_text("utf-8")) for folder in REQUESTS}
SILENT = [folder for folder in REQUESTS if EXPECTED[folder.name].get("cards") == "none"]
each = pytest.mark.parametrize("folder", REQUESTS, ids=[folder.name for folder in REQUESTS])


def words_of(card: dict[str, Any]) -> str:
    """What a card says, as it is read: Markdown's escapes are not seen."""
    return f"{card['summary']} {card.get('detail', '')}".replace("\\", "").lower()


def is_named(card: dict[str, Any], wanted: dict[str, Any]) -> bool:
    if "indicator" in wanted:
        fits = card["indicator"] == wanted["indicator"]
    else:
        fits = GRAVE.index(card["indicator"]) >= GRAVE.index(wanted["indicator_at_least"])
    return fits and all(any(word.lower() in words_of(card) for word in one.split("|")) for one in wanted["must_name"])


@pytest.mark.hazard("card-silent-or-taken-for-a-check")
@each
def test_a_request_gets_what_the_facts_demand(folder: Path, make: Callable[..., Asked]):
    expected = EXPECTED[folder.name]
    ask = make(now=datetime.fromisoformat(expected["now"]))
    answer = ask.post(json.loads((folder / "request.json").read_text("utf-8")))
    assert answer.status_code == expected["http"]["status"], answer.text
    if answer.status_code != 200:
        assert answer.json()["resourceType"] == "OperationOutcome"
        return
    cards = answer.json()["cards"]
    if expected.get("cards") == "none":
        assert cards == []
    for wanted in expected["cards"] if isinstance(expected.get("cards"), list) else []:
        [card] = cards  # one card that matters
        assert is_named(card, wanted), card


def test_the_silence_deck_is_there():
    assert len(SILENT) >= 28
