"""The studied ranges of milrinone, and what a range must be."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

from inotrope.drug import check_drug_folder, load_drug
from inotrope.units import Quantity

LIBRARY = Path(__file__).parents[2] / "inotrope" / "library"


def ng(number: str) -> Quantity:
    return Quantity(Decimal(number), "ng/mL")


def test_three_ranges_were_studied() -> None:
    found = {item.id: (item.low.value, item.high.value) for item in load_drug("milrinone").studied_ranges}
    assert found == {
        "usual": (ng("100"), ng("300")),  # brazil-primacor, garcia-guerra-2013
        "near-maximal": (ng("150"), ng("250")),  # swiss-text
        "preterm": (ng("180"), ng("300")),  # paradisis-2007
    }


def test_the_rules_about_a_measured_level_stand_on_the_usual_range() -> None:
    drug = load_drug("milrinone")
    usual = next(item for item in drug.studied_ranges if item.id == "usual")
    assert drug.rule("level-above-studied-range").limits["high"].value == usual.high.value
    assert drug.rule("level-below-studied-range").limits["low"].value == usual.low.value


def copied(tmp_path: Path, old: str, new: str) -> Path:
    folder = tmp_path / "milrinone"
    shutil.copytree(LIBRARY / "milrinone", folder)
    text = (folder / "levels.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / "levels.toml").write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_a_range_that_ends_before_it_starts_is_a_problem(tmp_path: Path) -> None:
    (problem,) = check_drug_folder(copied(tmp_path, 'low = { value = "150 ng/mL"', 'low = { value = "260 ng/mL"'))
    assert "levels.toml" in problem.where and "The range ends at 250 ng/mL and starts at 260 ng/mL" in problem.says


def test_two_ranges_of_one_name_are_a_problem(tmp_path: Path) -> None:
    (problem,) = check_drug_folder(copied(tmp_path, 'id = "preterm"', 'id = "usual"'))
    assert "usual" in problem.says
