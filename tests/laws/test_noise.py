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
    assert found.questions <= 10  # the baseline of a creatinine that rises, which these records do not hold


def test_a_number_per_100_patients() -> None:
    found = Count(patients=200)
    found.alerts["stop"], found.under["warn"], found.notes = 3, 5, 8
    assert found.per_100(found.alerts["stop"]) == "1.5"
    assert "| alerts: stop | 1.5 | 1.5 |" in tables(found, found)
    assert "| under an alert: warn | 2.5 | 2.5 |" in tables(found, found)
    assert "| notes | 4.0 | 4.0 |" in tables(found, found)


def test_what_stands_under_an_alert_and_what_is_a_note_is_counted_apart() -> None:
    found = count(lambda seed: Ordinary(seed).document(), range(100))
    fires = found.rules.total()
    assert fires == found.alerts.total() + found.under.total() + found.notes
    assert found.loud.total() == found.alerts.total()


def test_ordinary_adults_get_less_than_one_warning_each() -> None:
    """The aim of docs/noise.md; a rule that passes it has to say why in the table of what moved."""
    found = count(lambda seed: Ordinary(seed).document(), range(2_000))
    assert found.alerts["warn"] < found.patients
