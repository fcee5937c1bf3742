"""A site's limit may be tight, and not so tight that no dose is left or every patient's value crosses it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inotrope.drug import Drug, load_drug, read_site, tighten
from inotrope.drug.directions import OF_NUMBERS, Tighter
from inotrope.drug.plausible import end_of_limit, end_of_number, lowest_rate
from inotrope.errors import LibraryError

ADULT = "adult-acute-decompensated-heart-failure"


@pytest.fixture(scope="module")
def drug() -> Drug:
    return load_drug("milrinone")


def said(drug: Drug, tmp_path: Path, text: str) -> str:
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    try:
        tighten(drug, read_site(path))
    except LibraryError as problem:
        return str(problem)
    return ""


@pytest.mark.parametrize(
    ("table", "path", "sound", "absurd", "end"),
    [
        # The adult's renal table prints 0.2 at a clearance of 5; 0.2 x 1440 / 1000 = 0.288 mg/kg in 24 h.
        (f"limits.{ADULT}", "maintenance.maximum", "0.2 mcg/kg/min", "0.0000001 mcg/kg/min", "0.2 mcg/kg/min or more"),
        (f"limits.{ADULT}", "total_24_h.maximum", "0.288 mg/kg", "0.287 mg/kg", "0.288 mg/kg or more"),
        # The lowest rate of all entries is the guideline's 0.125; the smallest load is PRIMACORP's 25 mcg/kg.
        ("limits", "maintenance.maximum", "0.125 mcg/kg/min", "0.12 mcg/kg/min", "0.125 mcg/kg/min or more"),
        (f"limits.{ADULT}", "load.dose", "25 mcg/kg", "0.1 mcg/kg", "25 mcg/kg or more"),
        (f"limits.{ADULT}", "history.largest_dose", "30 mcg/kg", "24 mcg/kg", "25 mcg/kg or more"),
        ("limits", "load.rate", "0.4 mcg/kg/min", "0.3 mcg/kg/min", "0.4 mcg/kg/min or more"),
        # A step upward waits 30 min.
        (f"limits.{ADULT}", "duration.controlled_experience", "12 h", "0.1 s", "30 min or more"),
        ("limits", "storage.diluted_life", "24 h", "0.1 s", "30 min or more"),
        # Plausible ranges of the vocabulary.
        ("limits", "pressure.mean_arterial", "75 mmHg", "900 mmHg", "140 mmHg or less"),
        ("limits", "pressure.systolic", "100 mmHg", "900 mmHg", "250 mmHg or less"),
        ("limits", "electrolytes.potassium_correct_first", "4 mmol/L", "40 mmol/L", "mmol/L or less"),
        ("limits", "weight.table_maximum", "100 kg", "0.001 kg", "kg or more"),
        ("thresholds", "magnesium-low.magnesium", "0.8 mmol/L", "80 mmol/L", "2.5 mmol/L or less"),
        ("band", "high", "200 ng/mL", "0.001 ng/mL", "10 ng/mL or more"),
        ("soft", "maximum", "0.5 mcg/kg/min", "0.0000001 mcg/kg/min", "0.125 mcg/kg/min or more"),
    ],
)  # fmt: skip
def test_a_limit_that_leaves_nothing_is_refused_with_what_is_accepted(
    drug: Drug, tmp_path: Path, *, table: str, path: str, sound: str, absurd: str, end: str
) -> None:
    assert said(drug, tmp_path, f'[{table}]\n"{path}" = "{sound}"\n') == ""
    problem = said(drug, tmp_path, f'[{table}]\n"{path}" = "{absurd}"\n')
    assert absurd.split()[1] in problem and end in problem, problem


def test_where_nothing_stands_to_hold_a_limit_against_any_tighter_value_is_accepted(drug: Drug, tmp_path: Path) -> None:
    assert end_of_number("rounding.error_warning", drug.entries, drug.entries, Tighter.LOWER) is None
    assert said(drug, tmp_path, '[rounding]\nerror_warning = "0.1 %"\n') == ""
    rule = drug.rule("kidney-replacement")
    assert end_of_limit(rule, "ended", Tighter.HIGHER) is None
    assert said(drug, tmp_path, '[thresholds]\n"kidney-replacement.ended" = "72 h"\n') == ""
    assert end_of_limit(drug.rule("platelets-below-50"), "stop", Tighter.HIGHER) is None  # no plausible range is held


def test_a_folder_without_a_load_bounds_none(drug: Drug) -> None:
    bare = [replace(entry, numbers={}) for entry in drug.entries]
    assert end_of_number("load.dose", bare, bare, Tighter.LOWER) is None


def test_the_library_s_own_values_are_plausible(drug: Drug) -> None:
    for entry in drug.entries:
        for path, number in entry.numbers.items():
            way = next((side for pattern, side in OF_NUMBERS.items() if pattern == path), None)
            end = None if way is None else end_of_number(path, [entry], drug.entries, way)
            if end is not None:
                assert number.value >= end if way is Tighter.LOWER else number.value <= end, path
        assert lowest_rate(entry) <= entry.maintenance.maximum.value
