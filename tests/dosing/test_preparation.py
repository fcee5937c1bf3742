"""The bag: which concentration, how it is made, how long it lasts; never an assumed concentration."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inotrope.dosing import (
    Prepared,
    Wanted,
    counted_as_salt,
    prepare,
    prepared_concentration,
    standard_preparations,
    usual_preparations,
    weight_syringes,
)
from inotrope.drug import SiteBag
from inotrope.patient import Case
from inotrope.units import Quantity
from tests.dosing.adult import adult_entry, case, entry, milrinone, quantity


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


# --- syringes made up by body weight ---------------------------------------------------------------------------------


def young(weight: str, born: str, **preparation: str) -> Case:
    """Return a patient born at 39 weeks; on the 22nd of November 2026."""
    person = {"born": born, "gestational_age": "39 weeks", "sex": "female", "weight": weight}
    return case(patient=person, preparation=preparation)


def test_a_newborn_is_offered_syringes_with_the_amount_worked_out() -> None:
    # 3.2 kg: 3 mg/kg is 9.6 mg = 9.6 mL of the vial, 192 mcg/mL; 1 mg/kg 3.2 mg, 64 mcg/mL.
    newborn = young("3.2 kg", "2026-11-16")
    strong, weak = weight_syringes(milrinone(), newborn)
    assert (strong.amount, strong.concentration, strong.volume) == (
        quantity("9.6 mg"),
        quantity("192 mcg/mL"),
        quantity("50 mL"),
    )
    assert strong.recipe.startswith("3 mg/kg = 9.6 mg: 9.6 mL of 1 mg/mL vial + 40.4 mL diluent (")
    assert strong.recipe.endswith(" = 50 mL; 1 mL/h gives 1 mcg/kg/min")
    assert (weak.amount, weak.concentration) == (quantity("3.2 mg"), quantity("64 mcg/mL"))
    assert not strong.ready
    offered = prepare(newborn, milrinone(), entry("newborn-from-30-weeks-kemh"), pump_rate=None).offered
    assert offered == (strong, weak, *standard_preparations(milrinone()))


@pytest.mark.parametrize(
    ("weight", "born", "ids"),
    [
        ("0.5 kg", "2026-11-16", ["3-mg-per-kg-in-50-mL", "1-mg-per-kg-in-50-mL"]),  # 0.01 mg/mL, a newborn's weakest
        ("0.49 kg", "2026-11-16", ["3-mg-per-kg-in-50-mL"]),  # 0.0098 mg/mL
        ("2.4 kg", "2026-09-20", ["3-mg-per-kg-in-50-mL"]),  # a child: 0.048 mg/mL is below 0.05
        ("16 kg", "2022-05-01", ["3-mg-per-kg-in-50-mL", "1-mg-per-kg-in-50-mL"]),  # 0.96 mg/mL
        ("17 kg", "2022-05-01", ["1-mg-per-kg-in-50-mL"]),  # 51 mg in 50 mL: stronger than the vial
        ("50 kg", "1990-05-01", []),  # an adult
    ],
)
def test_only_what_can_be_made_and_is_no_mistake_is_offered(weight: str, born: str, ids: list[str]) -> None:
    assert [item.id for item in weight_syringes(milrinone(), young(weight, born))] == ids


def test_a_site_s_own_list_offers_the_syringes_that_it_names() -> None:
    bag = SiteBag("1-mg-per-kg-in-50-mL", None, None, "", "")
    drug = replace(milrinone(), site_bags=(bag,))
    assert [item.id for item in weight_syringes(drug, young("3.2 kg", "2026-11-16"))] == ["1-mg-per-kg-in-50-mL"]


def test_a_site_s_short_list_ends_no_suspicion_of_the_salt() -> None:
    """3 mg/kg in 50 mL for 4 kg are 240 mcg/mL, and 240 x 1.427 = 342.5 with the salt counted."""
    baby, bag = young("4 kg", "2026-11-16"), SiteBag("premix-100-mL", None, None, "", "")
    library, site = milrinone(), replace(milrinone(), site_bags=(bag,))
    assert weight_syringes(site, baby) == ()
    for drug in (library, site):
        assert counted_as_salt(quantity("342.5 mcg/mL"), usual_preparations(drug, baby), drug)
    hung = SiteBag("own", quantity("15 mg"), quantity("100 mL"), "dextrose 5 %", "")
    own = replace(library, site_bags=(hung,))
    assert {item.id for item in usual_preparations(own, baby)} >= {"own", "3-mg-per-kg-in-50-mL", "premix-100-mL"}


def test_a_syringe_by_weight_on_the_pump_shows_its_recipe() -> None:
    hangs = young("3.2 kg", "2026-11-16", product="vial", amount="9.6 mg", volume="50 mL", diluent="D5W")
    found = prepare(hangs, milrinone(), entry("newborn-from-30-weeks-kemh"), pump_rate=quantity("0.25 mL/h"))
    assert found.concentration == quantity("192 mcg/mL")
    assert found.recipe.startswith("3 mg/kg = 9.6 mg")
    assert found.lasts == quantity("200 h")


def offered_to(weight: str, rate: str, **pump: str) -> Prepared:
    """Return what is offered to a newborn of 30 weeks without a bag, on a pump of 0.1 mL/h."""
    patient = {"born": "2026-11-16", "sex": "male", "weight": weight, "gestational_age": "30 weeks"}
    baby = case(patient=patient, preparation=None, pump={"step": "0.1 mL/h", **pump})
    serves = entry("newborn-from-30-weeks-kemh")
    return prepare(baby, milrinone(), serves, pump_rate=None, wanted=Wanted(quantity(rate), quantity("0.1 mL/h")))


def test_a_small_baby_is_not_offered_what_the_pump_cannot_deliver_from() -> None:
    # 0.25 x 1 x 60 / 200 = 0.075 mL/h: 0.1 is 33 % more; at 100 mcg/mL 0.15, set 0.2: as much
    found = offered_to("1 kg", "0.25 mcg/kg/min")
    # 3 mg/kg in 50 mL: 0.25 mL/h, set 0.3, 20 % more; 1 mg/kg: 0.75 mL/h, set 0.8, 6.7 % more
    assert [item.concentration for item in found.offered] == [quantity("20 mcg/mL")]
    assert "a pump with steps of 0.1 mL/h cannot deliver 0.25 mcg/kg/min to 1 kg from it: 60 mcg/mL, " in found.left_out
    assert found.sources == (found.offered[0].source,)


def test_where_every_preparation_serves_none_is_left_out() -> None:
    # 0.25 x 40 x 60 / 200 = 3 mL/h
    grown = offered_to("4 kg", "0.5 mcg/kg/min")
    assert "200 mcg/mL" not in grown.left_out  # 0.6 mL/h exactly
    adult = case(preparation=None)
    wanted = Wanted(quantity("0.375 mcg/kg/min"), quantity("0.1 mL/h"))
    found = prepare(adult, milrinone(), adult_entry(), pump_rate=None, wanted=wanted)
    assert (found.left_out, found.offered) == ("", standard_preparations(milrinone()))


def test_the_slowest_rate_of_the_pump_and_a_rate_below_one_step_leave_nothing() -> None:
    assert offered_to("4 kg", "0.5 mcg/kg/min", minimum="7 mL/h").offered == ()  # 1 mg/kg: 1.5 mL/h
    none = offered_to("0.5 kg", "0.01 mcg/kg/min")  # 1 mg/kg in 50 mL, 10 mcg/mL: 0.03 mL/h
    assert (none.offered, none.sources) == ((), ())


@pytest.mark.parametrize(("stated", "asked"), [("0.285 mg/mL", True), ("0.2 mg/mL", False), ("0.29 mg/mL", False)])
def test_a_standard_preparation_counted_as_the_salt_is_named(stated: str, asked: bool) -> None:
    # 0.2 mg/mL of base are 0.2 x 1.427 = 0.2854 mg/mL of lactate.
    drug = milrinone()
    offered = standard_preparations(drug)
    assert bool(counted_as_salt(quantity(stated), offered, drug)) is asked
    assert counted_as_salt(None, offered, drug) == ()
    without = replace(drug, identity=replace(drug.identity, salt=None))
    assert counted_as_salt(quantity(stated), offered, without) == ()
