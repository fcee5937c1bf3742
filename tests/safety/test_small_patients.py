"""What only children and newborns have, each with its arithmetic by hand."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope.findings import Truth
from inotrope.safety.small_patients import is_infant, is_preterm_newborn, newborns_weight_is_out, ten_fold_syringes

P, A, U = Truth.PRESENT, Truth.ABSENT, Truth.UNKNOWN
INFANT = {"born": "2026-09-20", "gestational_age": "39 weeks", "weight": "4 kg", "height": "54 cm"}  # 48 weeks: a child


def said(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out what nobody wrote down."""
    return {key: value for key, value in document.items() if value is not None}


@pytest.mark.parametrize(
    ("patient", "truth"),
    [
        (INFANT, P),
        ({**INFANT, "gestational_age": "34+6"}, A),  # 34+6 and 9 weeks: 43+6, a newborn
        ({**INFANT, "gestational_age": None}, U),  # nine weeks old: which of the two, only the gestational age tells
        ({"born": "2025-11-22"}, A),  # the first birthday
        ({}, A),
    ],
)
def test_an_infant_is_a_child_below_one_year(make_case, patient, truth) -> None:
    assert is_infant(make_case(said(patient))) is truth


@pytest.mark.parametrize(
    ("patient", "truth"),
    [
        ({**INFANT, "gestational_age": "34+6"}, P),  # 43+6: still a newborn
        ({**INFANT, "gestational_age": "37 weeks"}, A),
        ({**INFANT, "born": "2026-11-17", "gestational_age": "37 weeks"}, A),
        ({**INFANT, "born": "2026-11-17", "gestational_age": "36+6"}, P),
        ({**INFANT, "gestational_age": None}, U),
        ({**INFANT, "born": "2026-06-12", "gestational_age": "27 weeks"}, A),  # 27 weeks and 163 days: 50+2, a child
        ({}, A),
    ],
)
def test_a_newborn_born_before_term(make_case, patient, truth) -> None:
    assert is_preterm_newborn(make_case(said(patient))) is truth


@pytest.mark.parametrize(
    ("gestation", "weight", "truth"),
    [
        ("26 weeks", "7 kg", P),
        ("26 weeks", "0.9 kg", A),
        ("28+4", "2.01 kg", A),  # 10 days old: 30+0, up to 4.5 kg
        ("28+3", "2.01 kg", P),  # 29+6, up to 2 kg
        ("35+4", "1.49 kg", P),  # 37+0, from 1.5 kg
        ("35+3", "1.49 kg", A),
        (None, "9 kg", U),
    ],
)
def test_a_newborn_has_a_range_of_weight_by_postmenstrual_age(make_case, gestation, weight, truth) -> None:
    patient = {"born": "2026-11-12", "gestational_age": gestation, "weight": weight, "height": "45 cm"}
    assert newborns_weight_is_out(make_case(said(patient))) is truth


def test_nobody_else_has_that_range(make_case) -> None:
    assert newborns_weight_is_out(make_case()) is A
    assert newborns_weight_is_out(make_case(said({**INFANT, "gestational_age": None}))) is U


VIAL = {"product": "vial", "volume": "50 mL"}


@pytest.mark.parametrize(
    ("patient", "preparation", "found"),
    [
        (INFANT, {**VIAL, "amount": "12 mg"}, ()),  # 3 mg/kg, as printed
        (INFANT, {**VIAL, "amount": "1.2 mg"}, ("one tenth of 3 mg/kg in 50 mL",)),
        (INFANT, {**VIAL, "amount": "40 mg"}, ("ten times 1 mg/kg in 50 mL",)),
        (INFANT, {**VIAL, "amount": "20 mg", "volume": "25 mL"}, ("ten times 1 mg/kg in 50 mL",)),
        (INFANT, {"product": "vial", "amount": "40 mg", "concentration": "0.8 mg/mL"}, ()),
        (INFANT, {**VIAL, "concentration": "0.8 mg/mL"}, ()),
        (INFANT, {"product": "premix", "amount": "40 mg", "volume": "200 mL"}, ()),
        (INFANT, None, ()),
        ({**INFANT, "weight": "33.3 kg"}, {**VIAL, "amount": "10 mg"}, ()),  # the label's own dilution
        ({"weight": "70 kg"}, {**VIAL, "amount": "21 mg"}, ()),  # an adult
    ],
)
def test_a_syringe_by_weight_can_be_ten_fold_off(milrinone, make_case, patient, preparation, found) -> None:
    assert ten_fold_syringes(make_case(patient, **said({"preparation": preparation})), milrinone) == found


def test_a_newborns_standard_dilution_is_told(milrinone, make_case) -> None:
    newborn = {"born": "2026-11-12", "gestational_age": "30 weeks", "weight": "1 kg", "height": "38 cm"}
    case = make_case(newborn, preparation={**VIAL, "amount": "10 mg"})
    assert ten_fold_syringes(case, milrinone) == ("ten times 1 mg/kg in 50 mL",)
