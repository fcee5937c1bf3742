"""The order texts themselves: their form, their counts and the arithmetic that was written by hand beside each of them.

Nothing here reads an order. An equation of a `why` is worked out again from the numbers that stand in it.
"""

import re
import tomllib
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TEXTS = [
    (half, entry)
    for half, name in (
        ("a", "texts.toml"),
        ("b", "texts_held_back.toml"),
        ("c", "texts_fresh.toml"),
        ("d", "texts_families.toml"),
        ("e", "texts_stages.toml"),
        ("f", "texts_ward.toml"),
        ("g", "texts_totals.toml"),
        ("h", "texts_bedside.toml"),
        ("i", "texts_pharmacist.toml"),
        ("j", "texts_second_pharmacist.toml"),
        ("l", "texts_auditor.toml"),
        ("k", "texts_partners.toml"),
    )
    for entry in tomllib.loads((HERE / name).read_text(encoding="utf-8"))["text"]
]
ENTRIES = [entry for _half, entry in TEXTS]
KEYS = {"id", "text", "planted", "expect_status", "expect_slip", "half", "why"}
NAMED_SLIPS = {
    "ten-fold",
    "hundred-fold",
    "thousand-fold",
    "mg-for-mcg",
    "mcg-for-mg",
    "per-hour-for-per-minute",
    "pounds-for-kilograms",
    "dose-in-rate-field",
    "salt-for-base",
    "vial-for-bag",
    "mcg-for-mg-in-the-bag",
    "swapped-digits",
    "wrong-weight",
    "not-per-weight",
    "half-or-double",
}
UNNAMED = {
    "ambiguous": "refused",
    "missing-unit": "refused",
    "comma-decimal": "refused",
    "two-weights": "refused",
    "impossible-strength": "stopped",
    "above-maximum": "stopped",
    "load-above-maximum": "stopped",
    "wrong-route": "stopped",
    "disagreement": "stopped",
    "near-disagreement": "warned",
}
FAMILIES = {
    "fast-titration": "warned",
    "earlier-value": "warned",
    "long-course": "warned",
    "other-flow": "warned",
    "age-and-weight": "refused",
    "age-absent": "refused",
}
"""What is planted in half d alone."""
STAGES = {"earlier-value": "warned", "long-course": "warned", "load-from-premix": "warned", "line-partner": "warned"}
"""What is planted in half e, beside slips with a name."""
WARDS = {"other-diluent": "warned"}
"""What is planted in half f alone."""
STRENGTHS = {"strength-word": "refused"}
"""What is planted in half g alone."""
TOTALS = {"vial-for-bag", "ten-fold", "mcg-for-mg", "half-or-double", "disagreement", "near-disagreement"}
"""What else is planted in half g."""
BEDSIDE = {"same-line": "refused"}
"""What is planted in half h, beside a strength in a word and what is planted in totals."""
PHARMACIST = {
    "earlier-weight-slip": "stopped",
    "weights-differ": "warned",
    "load-from-premix": "warned",
    "salt-amount": "refused",
    "final-volume": "refused",
    "case-fact": "refused",
    "same-line": "refused",
    "heavy": "warned",
    "bag-runs-out": "warned",
    "other-diluent": "warned",
}
"""What is planted in half i, beside slips with a name."""
SECOND = {
    "case-fact": "refused",
    "salt-amount": "refused",
    "final-volume": "refused",
    "same-line": "refused",
    "load-volume": "stopped",
    "load-from-premix": "warned",
    "premix-strength": "stopped",
    "bag-runs-out": "warned",
    "weight-slip": "stopped",
    "cap-slip": "stopped",
}
"""What is planted in half j, beside half the drug."""
AUDITOR = {
    "load-too-fast": "stopped",
    "load-without-time": "warned",
    "same-line": "refused",
    "step-above-maximum": "stopped",
    "open-titration": "warned",
    "medicine-of-a-rule": "warned",
    "bag-life": "warned",
    "person-and-weight": "refused",
}
"""What is planted in half l."""
PARTNERS = {"same-line": "refused", "misspelled-medicine": "warned"}
"""What is planted in half k."""
STAGED_SLIPS = {"ten-fold", "salt-for-base", "half-or-double"}
NUMBER = r"\d+(?:\.\d+)?"
EQUATION = re.compile(rf"(?<![\d.])({NUMBER}(?: [-+x/] {NUMBER})+) = ({NUMBER})")


def worked_out(expression: str) -> Fraction:
    """From left to right; x and / bind before + and -."""
    total = Fraction(0)
    for sign, term in re.findall(rf"(?:^|([-+]) )({NUMBER}(?: [x/] {NUMBER})*)", expression):
        first, *rest = re.findall(rf"([x/]?) ?({NUMBER})", term)
        value = Fraction(first[1])
        for operator, number in rest:
            value = value * Fraction(number) if operator == "x" else value / Fraction(number)
        total += -value if sign == "-" else value
    return total


def test_there_are_enough_and_each_has_the_form_and_its_own_id_and_text() -> None:
    assert len(ENTRIES) >= 220
    assert len({entry["id"] for entry in ENTRIES}) == len(ENTRIES)
    assert len({entry["text"] for entry in ENTRIES}) == len(ENTRIES)
    for half, entry in TEXTS:
        assert set(entry) == KEYS, entry["id"]
        assert entry["half"] == half, entry["id"]
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["id"])
        assert entry["why"], entry["id"]


def test_each_set_has_sound_and_planted_in_like_numbers_and_every_slip() -> None:
    left_out = {"hundred-fold", "thousand-fold", "mcg-for-mg", "wrong-weight", "comma-decimal", "two-weights"}
    left_out |= {"impossible-strength", "load-above-maximum"}
    of_wards = (NAMED_SLIPS | set(UNNAMED) | set(WARDS)) - left_out
    planted = {"d": set(FAMILIES), "e": set(STAGES) | STAGED_SLIPS, "f": of_wards, "g": set(STRENGTHS) | TOTALS}
    planted["h"] = set(STRENGTHS) | set(BEDSIDE) | (TOTALS - {"half-or-double"})
    planted["i"] = set(PHARMACIST) | {"vial-for-bag", "half-or-double"}
    planted["j"] = set(SECOND) | {"half-or-double"}
    planted["l"] = set(AUDITOR)
    planted["k"] = set(PARTNERS)
    for half in "abcdefghijkl":
        counts = Counter(bool(entry["planted"]) for h, entry in TEXTS if h == half)
        assert abs(counts[True] - counts[False]) <= 2, half
        every = planted.get(half, (NAMED_SLIPS | set(UNNAMED)) - {"half-or-double"})
        assert {entry["planted"] for h, entry in TEXTS if h == half} == every | {""}, half
    both = [sum(1 for h, _entry in TEXTS if h == half) for half in "ab"]
    assert abs(both[0] - both[1]) <= 2


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_what_is_expected_agrees_with_what_was_planted(entry: dict) -> None:
    planted, status, slips = entry["planted"], entry["expect_status"], entry["expect_slip"]
    assert set(slips) <= NAMED_SLIPS
    if not planted:
        assert status in {"consistent", "warned", "not-compared"}
        assert not slips
    elif planted in NAMED_SLIPS:
        assert status == "stopped"
        assert planted in slips
    else:
        families = UNNAMED | FAMILIES | STAGES | WARDS | STRENGTHS | BEDSIDE | PHARMACIST | SECOND | PARTNERS | AUDITOR
        assert status == families[planted]
        assert not slips


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_the_arithmetic_written_beside_a_text_is_right(entry: dict) -> None:
    """To half a unit of the last digit that is written."""
    for expression, written in EQUATION.findall(entry["why"]):
        last = Fraction(1, 10 ** len(written.partition(".")[2]))
        assert abs(worked_out(expression) - Fraction(written)) <= last / 2, f"{expression} = {written}"


def test_no_equation_is_overlooked() -> None:
    """Each equals sign of a `why` belongs to an equation that was worked out again."""
    for entry in ENTRIES:
        assert entry["why"].count(" = ") == len(EQUATION.findall(entry["why"])), entry["id"]
