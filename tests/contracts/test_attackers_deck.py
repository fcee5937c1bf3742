"""The attacker's deck names tests that are there, and every test of its file."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = "tests/web/test_attackers_deck.py"


def names_in(file: str) -> set[str]:
    return set(re.findall(r"^def (test_\w+)\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE))


def test_each_attack_names_tests_that_are_there_and_none_is_left_out() -> None:
    deck = (ROOT / "docs" / "attackers-deck.md").read_text(encoding="utf-8")
    rows = [line for line in deck.splitlines() if line.startswith("| ") and "`test_" in line]
    assert len(rows) > 30
    named = set()
    for row in rows:
        cell = row.rsplit("|", 2)[1]
        files = [FILE, *re.findall(r"\(`(tests/[\w/.]+)`\)", cell)]
        known = set().union(*map(names_in, files))
        for test in re.findall(r"`(test_\w+)`", cell):
            assert test in known, test
            named.add(test)
    usual = {
        "test_whoever_comes_back_from_it_is_in_by_a_page_of_ours",
        "test_a_login_that_cannot_be_reached_is_told_and_lets_nobody_in",
    }
    assert names_in(FILE) - named == usual  # how it goes where nobody attacks
