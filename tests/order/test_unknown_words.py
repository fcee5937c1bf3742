"""Words that no list knows: a medicine misspelled by a letter, and whatever is told to share the drug's line."""

from __future__ import annotations

import random
import string

import pytest

from inotrope.drug import load_drug
from inotrope.order import read_text
from inotrope.patient import vocabulary
from inotrope.plan import OrderCheck, check_order

ORDER = "milrinone 0.5 mcg/kg/min, 70 kg, 20 mg/100 mL, 10.5 mL/h"


def says(check: OrderCheck) -> str:
    return " ".join(item.says for item in (*check.refusals, *check.findings))


def slips(name: str) -> set[str]:
    """Return four slips of one letter of a name, drawn by the name, that are no name themselves."""
    draw = random.Random(name)
    place = draw.choice([place for place in range(len(name) - 1) if name[place : place + 2].isalpha()])
    before, letter, behind = name[:place], name[place], name[place + 1 :]
    other = draw.choice(string.ascii_lowercase)
    found = {before + behind, before + other + behind, before + other + letter + behind}
    return {slip for slip in found | {before + behind[0] + letter + behind[1:]} if not vocabulary().medicine(slip)}


def partners() -> list[str]:
    """Return every spelling of a medicine that the folder calls incompatible, and every name that a rule reads."""
    drug = load_drug("milrinone")
    apart = {item.name for item in drug.lines if not item.compatible}
    spelled = [name for name, medicine in vocabulary().medicines.items() if medicine.name in apart]
    read = [
        name for name in sorted(drug.judged_medicines.given) if vocabulary().medicines[name.lower()].class_ != "fluid"
    ]
    return list(dict.fromkeys(name.lower() for name in (*spelled, *read) if name != "milrinone" and len(name) > 3))


@pytest.mark.hazard("order-that-contradicts-itself")
@pytest.mark.parametrize("name", partners())
def test_no_slip_of_a_name_is_passed_over_beside_a_shared_line_or_elsewhere(name: str) -> None:
    assert check_order(f"{ORDER}, {name} in the same line").status == "refused"
    for slip in slips(name):
        assert check_order(f"{ORDER}, {slip} in the same line").status == "refused", slip
        assert check_order(f"{ORDER} running with {slip}").status in ("refused", "warned"), slip
        assert check_order(f"{ORDER}, patient on {slip}").status != "consistent" or name in says(
            check_order(f"{ORDER}, patient on {slip}")
        ), slip


@pytest.mark.hazard("order-that-contradicts-itself")
def test_what_is_a_count_or_a_diluent_elsewhere_is_a_partner_beside_a_shared_line() -> None:
    blood = check_order(f"{ORDER}, platelets in the same line")
    assert blood.status == "refused"
    assert "milrinone and platelet concentrate do not go together" in says(blood)
    alkali = check_order(f"{ORDER}, bicarb y-site")
    assert alkali.status == "refused"
    assert "milrinone and sodium bicarbonate do not go together" in says(alkali)
    assert check_order(f"{ORDER}, monitor platelets, same line").status == "consistent"


@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_slip_of_what_precipitates_is_told_as_such() -> None:
    check = check_order(f"{ORDER}, furosemid in the same line")
    assert "did you mean furosemide?" in says(check)
    assert "precipitate" in says(check)
    assert "another medicine in the line" in says(check)
    both = check_order(f"{ORDER}, digoxn in the same line")
    assert "did you mean digoxin? Then it is another medicine, and whether the two go together" in says(both)


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        (", blorbazole in the same line", "refused", "nothing is known of it"),
        ("; same line: blorbazole", "refused", "nothing is known of it"),
        ("; y-site with blorbazole", "refused", "nothing is known of it"),
        (", blorbazole, same lumen", "refused", "nothing is known of it"),
        (", same lumen, blorbazole", "refused", "nothing is known of it"),
        (", blorbazole drip via y-site", "refused", "nothing is known of it"),
        (", Dr Smith says blorbazole in the same line", "refused", "'blorbazole'"),
        (" running with blorbazole", "refused", "the drug is said to run with it"),
        (" + blorbazole", "refused", "the drug is said to run with it"),
        (", allergic to milrinon", "refused", "looks like the drug of an order: did you mean milrinone?"),
        (", furosemid drip at 5 mg/h", "refused", "the number behind it is another's: did you mean furosemide?"),
        (", blorbazole per policy, same line", "consistent", ""),
        (", same line per Jones", "warned", "stands beside a shared line: if it is a medicine, it is NOT checked"),
        (", on furosemid at home", "warned", "did you mean furosemide? It is NOT checked"),
        (", never in the same line as blorbazole", "consistent", ""),
        (", blorbazole via own lumen", "consistent", ""),
        (" running with blorbazole via separate line", "consistent", ""),
        (", running with great care", "consistent", ""),
        (", then changed", "consistent", ""),
    ],
)
def test_what_no_list_knows_is_asked_about_where_it_may_share_the_line(text: str, status: str, told: str) -> None:
    check = check_order(ORDER + text)
    assert check.status == status, says(check)
    assert told in says(check)


@pytest.mark.parametrize(
    "text",
    [
        " via single lumen PICC in left basilic vein",
        ", stays in the same line",
        "; y-site clamped",
        ", keep same line patent",
        ", do not interrupt, same line",
        ", one lumen capped",
        ", same PICC tolerated well",
        ", milrinone line must not be flushed",
        ", shares the line with nothing",
        ", running with good effect",
        ", infusing with portable CADD",
        " plus supportive care",
    ],
)
def test_everyday_words_beside_a_line_are_no_alarm(text: str) -> None:
    check = check_order(ORDER + text)
    assert check.status == "consistent", says(check)


def test_each_word_is_told_with_its_place_and_what_it_may_be() -> None:
    reading = read_text(f"{ORDER}, on furosemid and sodium bicarbonat at home")
    means = {piece.text: piece.means for piece in reading.pieces}
    assert means["furosemid"] == "not known: did you mean furosemide? Not checked"
    assert means["bicarbonat"] == "not known: did you mean sodium bicarbonate? Not checked"
    assert reading.unknown[0].where == "text, characters 62 to 70"
