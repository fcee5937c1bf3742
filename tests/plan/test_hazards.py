"""The worked cases that stand against each hazard: they come out as written, on both sides of every limit.

`inotrope drug check` runs all of them (`tests/cli/test_drug_command.py`); here they are gathered by what could hurt a
patient, for the table of SAFETY.md.
"""

from __future__ import annotations

import pytest

from inotrope.drug import load_drug
from inotrope.plan.decks import run_deck
from tests.worked_cases import worked_cases

pytestmark = pytest.mark.usefixtures("uncounted")


def stands(*topics: str) -> None:
    """Run every worked case of these topics; each rule among them must fire in one and be silent in another."""
    drug = load_drug("milrinone")
    bases, decks = worked_cases()
    for topic in topics:
        chosen = [deck for deck in decks if deck.id.split("/")[0] == topic]
        assert chosen, topic
        states = {deck.content.get("state") for deck in chosen}
        assert states == {None} or states >= {"fires", "silent"}, topic
        for deck in chosen:
            assert run_deck(drug, bases, deck).differences == (), deck.id


@pytest.mark.hazard("renal-accumulation")
def test_the_renal_line_is_a_ceiling() -> None:
    stands("renal-line", "rounding", "renal-reduction")


@pytest.mark.hazard("stale-or-changing-creatinine")
def test_an_old_or_changing_creatinine_sets_no_rate_as_if_it_stood() -> None:
    stands("stale", "creatinine-changing", "kidney", "egfr", "egfr-conflict", "kidney-estimates-differ")


@pytest.mark.hazard("renal-replacement")
def test_no_rate_without_kidneys() -> None:
    stands("kidney-replacement", "creatinine-clearance-below-5")


@pytest.mark.hazard("total-exceeded")
def test_every_window_of_24_h_counts_what_was_given() -> None:
    stands("given", "total-24-h", "total-24-h-above-maximum", "given-24-h-above-maximum", "running-rate-above-maximum")


@pytest.mark.hazard("dose-in-spite-of-a-stop")
def test_contraindications_stop() -> None:
    stands(
        "hypersensitivity-milrinone",
        "hypersensitivity-inamrinone",
        "severe-valve-obstruction",
        "hypertrophic-obstruction",
        "severe-hypovolemia",
        "reported-arrhythmia",
        "combined",
    )


@pytest.mark.hazard("wrong-weight")
def test_weights_are_compared() -> None:
    stands("weight-changed", "weight-slip", "weight-above-table", "dry-weight-differs", "edema", "implausible-weight")


@pytest.mark.hazard("repeated-or-untimely-load")
def test_the_load_is_given_once_and_under_pressure_never() -> None:
    stands("low-pressure-before-load", "already-running", "resumption", "load")


@pytest.mark.hazard("concentration-entry")
def test_a_concentration_that_nobody_makes_stops() -> None:
    stands("concentration-below-lowest", "concentration-above-highest")


@pytest.mark.hazard("salt-for-base")
def test_the_strength_of_the_salt_stops() -> None:
    stands("salt-strength")


@pytest.mark.hazard("electrolytes-and-company")
def test_electrolytes_lines_and_company_are_judged_or_named() -> None:
    stands(
        "potassium-low",
        "potassium-below-4",
        "magnesium-low",
        "anagrelide",
        "other-pde3-inhibitor",
        "loop-diuretic-same-line",
        "torsemide-same-line",
        "bicarbonate-diluent-or-line",
        "not-checked",
        "not-judged",
    )


@pytest.mark.hazard("adult-dose-for-somebody-else")
def test_refusals_stand() -> None:
    stands("refused", "status", "assume")
