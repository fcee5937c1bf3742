"""The count of alerts is of the rules as they are, and counts what it says."""

from __future__ import annotations

from tests.laws import second_look as look
from tests.laws.noise import PAGE, Count, count, tables
from tests.laws.ordinary import Ordinary


def test_the_page_names_every_rule_and_no_other() -> None:
    text = PAGE.read_text("utf-8").partition("| rule |")[2]
    named = {line.split("|")[1].strip() for line in text.splitlines()[2:] if line.startswith("|")}
    assert named == {rule["id"] for rule in look.rules()}, "python -m tests.laws.noise --write"


def test_ordinary_patients_are_ordinary() -> None:
    """Who is ordinary has an entry, a complete record and no question; most get a rate."""
    found = count(lambda seed: Ordinary(seed).document(), range(100))
    assert found.patients == 100
    assert found.status["refused"] == 0 and found.status["plan"] > 50
    assert found.questions <= 5


def test_a_number_per_100_patients() -> None:
    found = Count(patients=200)
    found.alerts["stop"] = 3
    assert found.per_100(found.alerts["stop"]) == "1.5"
    assert "| alerts: stop | 1.5 | 1.5 |" in tables(found, found)
