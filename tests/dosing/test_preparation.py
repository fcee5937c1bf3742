"""The bag: which concentration, how it is made, how long it lasts; never an assumed concentration."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inotrope.dosing import Prepared, prepare, prepared_concentration, standard_preparations
from inotrope.units import Quantity
from tests.dosing.adult import adult_entry, case, milrinone, quantity


def made(pump_rate: str | None = "9.2 mL/h", **preparation: str) -> Prepared:
    rate = None if pump_rate is None else quantity(pump_rate)
    return prepare(case(preparation=preparation), milrinone(), adult_entry(), pump_rate=rate)


def concentration(**preparation: str) -> Quantity | None:
    return prepared_concentration(case(preparation=preparation), milrinone())


def test_the_concentration_as_stated() -> None:
    assert concentration(product="vial", concentration="100 mcg/mL") == quantity("0.1 mg/mL")


def test_the_concentration_from_amount_and_volume() -> None:
    assert concentration(amount="10 mg", volume="50 mL") == quantity("200 mcg/mL")


def test_a_premix_has_the_strength_of_its_product() -> None:
    assert concentration(product="premix") == quantity("200 mcg/mL")


def test_a_vial_is_never_assumed_undiluted() -> None:
    assert concentration(product="vial") is None
    assert concentration(diluent="dextrose") is None


def test_no_preparation_has_no_concentration() -> None:
    assert prepared_concentration(case(preparation=None), milrinone()) is None


def test_two_strengths_of_premix_leave_it_open() -> None:
    drug = milrinone()
    other = replace(drug.products[0].strength, value=quantity("0.4 mg/mL"))
    two = replace(drug, products=(replace(drug.products[0], strength=other), *drug.products[1:]))
    assert prepared_concentration(case(preparation={"product": "premix"}), two) is None


@pytest.mark.parametrize("preparation", [{"product": "vial"}, None])
def test_without_a_concentration_the_standard_ones_are_offered(preparation: dict[str, str] | None) -> None:
    found = prepare(case(preparation=preparation), milrinone(), adult_entry(), pump_rate=None)
    assert found.concentration is None
    assert [item.id for item in found.offered] == [
        "premix-100-mL",
        "premix-200-mL",
        "10-mL-in-50-mL",
        "20-mL-in-100-mL",
    ]
    assert found.offered == standard_preparations(milrinone())
    assert all(item.concentration == quantity("200 mcg/mL") for item in found.offered)


def test_how_long_the_bag_lasts() -> None:
    found = made(product="premix", concentration="200 mcg/mL", volume="100 mL")
    assert found.lasts is not None
    assert found.lasts.shown(1) == "10.9 h"  # 100 / 9.2
    assert (found.use_within, found.offered) == (None, ())
    assert found.recipe.startswith("milrinone in dextrose 5 %, premixed bag")


@pytest.mark.parametrize(
    ("rate", "bag"), [(None, {"concentration": "200 mcg/mL", "volume": "100 mL"}), ("9.2 mL/h", {"product": "premix"})]
)
def test_without_a_rate_or_a_volume_nobody_knows_how_long(rate: str | None, bag: dict[str, str]) -> None:
    assert made(rate, **bag).lasts is None


def test_a_diluted_bag_keeps_72_h_and_shows_its_recipe() -> None:
    found = made(product="vial", amount="10 mg", volume="50 mL", diluent="dextrose 5 %")
    assert found.use_within == quantity("72 h")
    assert found.recipe.startswith("10 mL of 1 mg/mL vial + 40 mL diluent")
    assert found.recipe.endswith("= 50 mL")
    assert len(found.sources) == 2


def test_another_concentration_has_no_printed_recipe() -> None:
    found = made(product="vial", concentration="150 mcg/mL", volume="250 mL")
    assert (found.recipe, found.volume) == ("", quantity("250 mL"))
    assert len(found.sources) == 1


def test_a_bag_of_unknown_kind_gets_no_recipe() -> None:
    assert made(concentration="0.2 mg/mL", volume="50 mL").recipe == ""
    assert made(product="vial", concentration="0.2 mg/mL", volume="50 mL").recipe.startswith("10 mL of 1 mg/mL vial")
    assert made(product="premix", concentration="0.2 mg/mL").recipe.startswith("milrinone in dextrose")


def test_an_undiluted_vial_has_no_life_after_dilution() -> None:
    assert made(product="vial", concentration="1 mg/mL").use_within is None
    assert made(product="vial", concentration="0.2 mg/mL").use_within == quantity("72 h")
