"""Mass, moles and charges of one substance, each number computed by hand from the molar mass named beside it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inotrope.errors import UnitError
from inotrope.units import Quantity, convert_substance, units_of

# IUPAC standard atomic weights, abridged: C 12.011, H 1.008, N 14.007, O 15.999, K 39.098, Mg 24.305, Ca 40.078
CREATININE = "113.12"  # C4H7N3O = 48.044 + 7.056 + 42.021 + 15.999 = 113.120
MILRINONE = "211.224"  # C12H9N3O = 144.132 + 9.072 + 42.021 + 15.999 = 211.224
POTASSIUM, MAGNESIUM, CALCIUM = "39.098", "24.305", "40.078"

KINDS = ("mass concentration", "molar concentration", "equivalent concentration")


def q(text: str) -> Quantity:
    number, _, name = text.partition(" ")
    return Quantity(Decimal(number), name)


@pytest.mark.parametrize(
    ("old", "new", "molar_mass", "valence"),
    [
        ("1 mg/dL", "88.4017 umol/L", CREATININE, None),  # 10,000 / 113.12 = 88.40169...
        ("90 umol/L", "1.0181 mg/dL", CREATININE, None),  # 90 x 113.12 / 10,000 = 1.01808
        ("11.312 mg/dL", "1 mmol/L", CREATININE, None),
        ("211.224 ng/mL", "1 umol/L", MILRINONE, None),
        ("1 umol/L", "211.224 ng/mL", MILRINONE, None),
        ("4.1 mEq/L", "4.1 mmol/L", None, 1),  # potassium
        ("4.1 mmol/L", "4.1 mEq/L", None, 1),
        ("1 mmol/L", "2 mEq/L", None, 2),  # magnesium
        ("2 mEq/L", "1000 umol/L", None, 2),
        ("2.4305 mg/dL", "1 mmol/L", MAGNESIUM, 2),
        ("2.4305 mg/dL", "2 mEq/L", MAGNESIUM, 2),
        ("2 mEq/L", "2.4305 mg/dL", MAGNESIUM, 2),
        ("5 mEq/L", "10.0195 mg/dL", CALCIUM, 2),  # 2.5 mmol/L x 40.078 = 100.195 mg/L
        ("39.098 mg/L", "1 mEq/L", POTASSIUM, 1),
    ],
)
def test_by_hand(old: str, new: str, molar_mass: str | None, valence: int | None) -> None:
    mass = None if molar_mass is None else q(f"{molar_mass} g/mol")
    found = convert_substance(q(old), q(new).unit, molar_mass=mass, valence=valence)
    assert found.unit == q(new).unit
    assert found.shown(4) == str(q(new))


@pytest.mark.parametrize(("old", "new"), [("1 mg/dL", "10 mg/L"), ("0.09 mmol/L", "90 umol/L"), ("3 mEq/L", "3 mEq/L")])
def test_within_one_kind_nothing_is_needed(old: str, new: str) -> None:
    assert convert_substance(q(old), q(new).unit).value == q(new).value


@settings(deadline=None)
@given(st.integers(1, 10**15 - 1), st.integers(1, 10**6), st.integers(1, 3))
def test_to_and_back_is_exact_between_all_units_of_the_three_kinds(digits: int, grams: int, valence: int) -> None:
    names = [name for kind in KINDS for name in units_of(kind)]
    substance = {"molar_mass": Quantity(Decimal(grams).scaleb(-3), "g/mol"), "valence": valence}
    value = Decimal(digits).scaleb(-6)
    for old in names:
        for new in names:
            there = convert_substance(Quantity(value, old), new, **substance)
            assert there.unit == new
            assert convert_substance(there, old, **substance).value == value, (old, new)


@pytest.mark.parametrize("old", [name for kind in KINDS for name in units_of(kind)])
@pytest.mark.parametrize("new", [name for kind in KINDS for name in units_of(kind)])
def test_what_links_two_kinds_is_demanded_and_nothing_else(old: str, new: str) -> None:
    kinds = {Quantity(Decimal(1), name).dimension for name in (old, new)}
    one, mass = Quantity(Decimal(1), old), q("100 g/mol")
    if len(kinds) == 1:
        return
    if "mass concentration" in kinds:
        with pytest.raises(UnitError, match=rf"'1 {old}' becomes '{new}' only with the substance's molar mass. Write"):
            convert_substance(one, new, valence=1)
    if "equivalent concentration" in kinds:
        with pytest.raises(UnitError, match=rf"'1 {old}' becomes '{new}' only with the substance's valence. Write"):
            convert_substance(one, new, molar_mass=mass)
    assert convert_substance(one, new, molar_mass=mass, valence=1).unit == new


@pytest.mark.parametrize("valence", [0, -1])
def test_no_charge_links_nothing(valence: int) -> None:
    with pytest.raises(UnitError, match="valence"):
        convert_substance(q("1 mEq/L"), "mmol/L", valence=valence)


@pytest.mark.parametrize("mass", ["0 g/mol", "-1 g/mol"])
def test_no_mass_links_nothing(mass: str) -> None:
    with pytest.raises(UnitError, match="molar mass"):
        convert_substance(q("1 mg/dL"), "umol/L", molar_mass=q(mass))


def test_a_molar_mass_must_be_one() -> None:
    with pytest.raises(UnitError, match="'mg' measures mass and 'g/mol' measures molar mass"):
        convert_substance(q("1 mg/dL"), "umol/L", molar_mass=q("113 mg"))


@pytest.mark.parametrize(
    ("old", "new"), [("1 mg", "mmol/L"), ("1 mg/dL", "mg"), ("1 10^9/L", "mmol/L"), ("1 mg", "kg")]
)
def test_what_is_no_concentration_is_refused(old: str, new: str) -> None:
    with pytest.raises(UnitError, match="neither converts into the other"):
        convert_substance(q(old), new, molar_mass=q("100 g/mol"), valence=1)


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(UnitError, match="is not a unit of the closed list"):
        convert_substance(q("1 mg/dL"), "mM", molar_mass=q("100 g/mol"))
