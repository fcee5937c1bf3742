"""The words of refusals: every text is used, and none asks for what nobody gives."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from inotrope.errors import LibraryError
from inotrope.estimation import refusal
from inotrope.estimation.refusal_texts import texts

ROOT = Path(__file__).parents[2] / "inotrope"


def test_every_text_is_used_and_every_use_has_its_text() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (*ROOT.rglob("*.py"),))
    used = set(re.findall(r'refusal\(\s*"([a-z-]+)"', code))
    assert used == set(texts())


def test_a_text_is_filled_in() -> None:
    found = refusal("out-of-domain", why="No.")
    assert (found.id, found.says) == ("out-of-domain", "The model does not hold for this patient: No.")


def test_every_text_ends_as_a_sentence() -> None:
    for entry in texts().values():
        names = [name for _, name, _, _ in string.Formatter().parse(entry["says"]) if name is not None]
        assert all(names) and (entry["says"].endswith(".") or names[-1:] == ["why"])


def test_what_nobody_gives_is_an_error_of_the_library() -> None:
    with pytest.raises(LibraryError, match="no text 'nowhere'"):
        refusal("nowhere")
    with pytest.raises(LibraryError, match="asks for 'why'"):
        refusal("out-of-domain")
