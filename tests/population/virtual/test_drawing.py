"""Virtual patients: the stated moments and correlations, within every limit, each by his index alone."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.patient import vocabulary
from inotrope.patient.body import bsa_mosteller
from inotrope.patient.kidney_equations import cockcroft_gault, index_by_bsa
from inotrope.population import (
    Population,
    VirtualPatients,
    draw_in_blocks,
    draw_patients,
    draw_these,
    list_populations,
    load_model,
    load_population,
    typical_values,
    values_over_time,
)
from inotrope.units import Quantity

from ..conftest import Write
from .conftest import GROWING

MANY = 200_000
NEAR = 5 / math.sqrt(MANY)  # five standard errors of a mean, in standard deviations


@pytest.fixture(scope="module")
def shipped() -> dict[str, VirtualPatients]:
    return {name: draw_patients(load_population(name), count=MANY, seed=4) for name in list_populations()}


def same(one: VirtualPatients, other: VirtualPatients) -> None:
    assert (one.patients == other.patients).all()
    assert (one.female == other.female).all()
    assert one.numbers.keys() == other.numbers.keys()
    for name, values in one.numbers.items():
        assert (values == other.numbers[name]).all(), name


def picked(drawn: VirtualPatients, places: np.ndarray) -> VirtualPatients:
    numbers = {name: values[places] for name, values in drawn.numbers.items()}
    return VirtualPatients(drawn.population, drawn.seed, drawn.patients[places], drawn.female[places], numbers)


def test_a_patient_is_the_same_alone_in_any_block_and_in_any_order(shipped: dict[str, VirtualPatients]) -> None:
    for name, drawn in shipped.items():
        population = load_population(name)
        for k in (0, 1, 32_767, 32_768, MANY - 1, *range(100, 140)):
            same(draw_these(population, patients=[k], seed=4), picked(drawn, np.array([k])))
        shuffled = np.random.default_rng(1).permutation(MANY)[:20_000]
        same(draw_these(population, patients=shuffled, seed=4), picked(drawn, shuffled))
        same(draw_patients(population, count=70_001, seed=4, first=33), picked(drawn, np.arange(33, 70_034)))
        blocks = list(draw_in_blocks(population, count=1000, seed=4, block=300, first=50))
        assert [block.patients.size for block in blocks] == [300, 300, 300, 100]
        for block in blocks:
            same(block, picked(drawn, block.patients))


def test_another_seed_draws_others(people: Population) -> None:
    one, other = (draw_patients(people, count=1000, seed=seed) for seed in (1, 2))
    assert not (one.numbers["weight"] == other.numbers["weight"]).any()
    assert abs(np.corrcoef(one.numbers["weight"], other.numbers["weight"])[0, 1]) < 0.2


def test_stated_moments_of_a_population_whose_limits_hold_nobody_back(people: Population) -> None:
    drawn = draw_patients(people, count=MANY, seed=9)
    female = drawn.female
    assert abs(female.mean() - 0.25) < NEAR * math.sqrt(0.25 * 0.75)
    assert set(drawn.sex[female]) == {"female"}
    assert set(drawn.sex[~female]) == {"male"}
    age, height = drawn.numbers["age"], drawn.numbers["height"]
    for values, mean, sd in ((age, 60, 5), (height[female], 160, 5), (height[~female], 180, 7)):
        root = math.sqrt(values.size)
        assert abs(values.mean() - mean) < 5 * sd / root
        assert abs(values.std() / sd - 1) < 5 / (math.sqrt(2) * root)
    for name, median, cv in (("weight", 70, 0.2), ("serum creatinine", 1, 0.3)):
        values = drawn.numbers[name]
        omega = math.sqrt(math.log(1 + cv * cv))
        assert abs(np.log(values).mean() - math.log(median)) < NEAR * omega
        assert abs(np.log(values).std() / omega - 1) < NEAR / math.sqrt(2)
        assert values.std() / values.mean() == pytest.approx(cv, rel=0.02)


def test_stated_correlations_hold_within_a_sex_and_no_other_is_there(people: Population) -> None:
    drawn = draw_patients(people, count=MANY, seed=10)
    for sex in (drawn.female, ~drawn.female):
        deviates = np.array([drawn.numbers[name][sex] for name in ("age", "height", "weight", "serum creatinine")])
        deviates[2:] = np.log(deviates[2:])
        stated = np.eye(4)
        stated[1, 2] = stated[2, 1] = 0.5
        stated[0, 3] = stated[3, 0] = -0.3
        assert np.abs(np.corrcoef(deviates) - stated).max() < 5 / math.sqrt(sex.sum())


def test_shipped_adults_are_as_another_sampler_draws_them(shipped: dict[str, VirtualPatients]) -> None:
    # NumPy's own multivariate normal and plain rejection, from the numbers of the file.
    drawn = shipped["adults_in_heart_failure"]
    trait = drawn.population.traits
    rng = np.random.default_rng(77)
    for sex, members in (("female", drawn.female), ("male", ~drawn.female)):
        z = rng.multivariate_normal(np.zeros(4), drawn.population.correlation, size=2 * MANY)
        columns = []
        for index, name in enumerate(trait):
            shape, unit = trait[name].shapes[sex], trait[name].unit
            center = float(shape.center.value.in_unit(unit))
            if trait[name].form.value == "normal":
                columns.append(center + float(shape.spread.value.in_unit(unit)) * z[:, index])
            else:
                cv = float(shape.spread.value.in_unit("%")) / 100
                columns.append(center * np.exp(math.sqrt(math.log(1 + cv * cv)) * z[:, index]))
        age, height, weight, creatinine = columns
        own = (140 - np.floor(age)) * weight / (72 * creatinine) * (0.85 if sex == "female" else 1)
        columns.append(own * 1.73 / np.sqrt(height * weight / 3600))
        inside = np.full(age.shape, True)
        for values, low, high in zip(columns, (18, 130, 35, 0.2, 5), (95, 215, 200, 12, 250), strict=True):
            inside &= (values >= low) & (values <= high)
        expected = np.log(np.array(columns)[:, inside])
        found = np.log([drawn.numbers[name][members] for name in (*trait, "creatinine clearance")])
        error = 5 * math.sqrt(1 / expected.shape[1] + 1 / found.shape[1])
        for one, other in zip(found, expected, strict=True):
            assert abs(one.mean() - other.mean()) < error * other.std()
            assert abs(one.std() / other.std() - 1) < 2 * error  # heavier tails than a normal's
        assert np.abs(np.corrcoef(found) - np.corrcoef(expected)).max() < 1.5 * error


def test_no_adult_is_implausible_and_no_kidney_function_negative(shipped: dict[str, VirtualPatients]) -> None:
    numbers = shipped["adults_in_heart_failure"].numbers
    words = vocabulary()
    for name in ("weight", "height", "serum creatinine"):
        kind = words.measurement("body weight" if name == "weight" else name)
        assert kind is not None
        low, high = kind.limit("plausible_minimum"), kind.limit("plausible_maximum")
        assert low is not None and high is not None
        unit = {"weight": "kg", "height": "cm", "serum creatinine": "mg/dL"}[name]
        assert numbers[name].min() >= float(low.value.in_unit(unit))
        assert numbers[name].max() <= float(high.value.in_unit(unit))
    assert numbers["age"].min() >= 18
    assert numbers["own creatinine clearance"].min() > 0
    assert numbers["creatinine clearance"].min() >= 5
    assert numbers["creatinine clearance"].max() <= float(
        words.limit("kidney.assumed_highest").value.in_unit("mL/min/1.73 m2")
    )
    assert all(np.isfinite(values).all() for values in numbers.values())


def test_no_child_lies_outside_the_weights_that_a_case_is_asked_about(shipped: dict[str, VirtualPatients]) -> None:
    drawn = shipped["children"]
    kind = vocabulary().measurement("body weight")
    assert kind is not None
    age, weight, seen = drawn.numbers["age"], drawn.numbers["weight"], np.zeros(MANY, bool)
    for band in kind.bands:
        start, end = (float(edge.in_unit("year")) for edge in (band.age_from, band.age_to))
        members = (age >= start) & (age < end)
        seen |= members
        for edge, later, beyond in (
            (band.plausible_minimum, band.minimum_at_end, np.less),
            (band.plausible_maximum, band.maximum_at_end, np.greater),
        ):
            from_, to = (float(item.value.in_unit("kg")) for item in (edge, later or edge))
            limit = from_ + (to - from_) * (age[members] - start) / (end - start)
            assert not (beyond(weight[members], limit) & ~np.isclose(weight[members], limit, rtol=1e-12)).any()
    assert seen.mean() > 0.999
    assert "creatinine clearance" not in drawn.numbers
    term = drawn.numbers["gestational age"]
    assert drawn.numbers["postmenstrual age"] == pytest.approx(term + age * 365.25 / 7, rel=1e-13)


def test_a_weight_between_two_ages_lies_between_their_ends(growing: Population) -> None:
    # A quarter of the way, at 1 year: ends 3 and 12 kg, middle 6 kg; two standard deviations are a factor 2.
    low, high = growing.traits["weight"].ends_by_age(np.array([0.0, 1.0, 4.0, 9.0]))
    assert low == pytest.approx([2, 3, 6, 6])
    assert high == pytest.approx([8, 12, 24, 24])
    found = growing.traits["weight"].values(np.array([0.0, 1.0, -2.0]), female=np.zeros(3, bool), age_years=np.ones(3))
    assert found == pytest.approx([6, 6 * math.sqrt(2), 3])
    drawn = draw_patients(growing, count=5000, seed=1)  # whose age would often lie below birth
    assert drawn.numbers["age"].min() >= 0
    assert not drawn.female.any()


def test_kidney_function_is_that_of_the_equations_of_a_case(shipped: dict[str, VirtualPatients]) -> None:
    drawn = shipped["adults_in_heart_failure"]
    for k in range(300):
        one = {name: values[k] for name, values in drawn.numbers.items()}
        weight, creatinine = (
            Quantity(Decimal(one[name]), drawn.units[name]) for name in ("weight", "serum creatinine")
        )
        own = cockcroft_gault(age_years=int(one["age"]), sex=str(drawn.sex[k]), weight=weight, creatinine=creatinine)
        surface = bsa_mosteller(weight=weight, height=Quantity(Decimal(one["height"]), "cm"))
        assert one["own creatinine clearance"] == pytest.approx(float(own.value), abs=1e-6)
        assert one["creatinine clearance"] == pytest.approx(float(index_by_bsa(own, surface).value), rel=1e-5)


def test_covariates_are_what_a_model_asks_for_in_its_units(
    shipped: dict[str, VirtualPatients], people: Population
) -> None:
    drawn = shipped["adults_in_heart_failure"]
    model = load_model("milrinone/label_adult")
    found = drawn.covariates(model)
    assert set(found) == {"weight", "age", "creatinine clearance", "indication"}
    assert found["weight"].shape == (MANY, 1)
    clearance = typical_values(model, found)["clearance"][:, 0]
    kidney = np.minimum(drawn.numbers["creatinine clearance"], 150)
    assert clearance == pytest.approx(0.14 * drawn.numbers["weight"] * (0.17 + 0.83 * kidney / 80))
    child = draw_patients(load_population("children"), count=10, seed=1)
    months = child.covariates(load_model("milrinone/bailey_2004"))["age"][:, 0]
    assert months == pytest.approx(12 * child.numbers["age"])
    with pytest.raises(RequestError, match="needs 'creatinine clearance'"):
        typical_values(model, child.covariates(model))


def test_ages_grow_with_the_clock_and_the_rest_holds(write: Write) -> None:
    drawn = draw_patients(load_population("children"), count=4, seed=2)
    series = drawn.series()
    assert series["age"].unit == "year"
    for name, per_day in (("age", 1 / 365.25), ("postnatal age", 1.0), ("postmenstrual age", 1 / 7)):
        first, last = series[name].value.T
        days = (series[name].time_h[1] - series[name].time_h[0]) / 24
        assert last - first == pytest.approx(np.full(4, days * per_day))
    model = load_model("milrinone/bailey_2004")
    over_time = values_over_time(model, series, np.array([0.0, 24.0, 48.0]))
    assert over_time["weight"].shape[-1] == 3
    assert (np.diff(over_time["age"], axis=-1)[:, 0] > 0).all()


def test_a_population_of_one_sex(write: Write) -> None:
    everybody = draw_patients(
        load_population(write(('female = { value = "0 %"', 'female = { value = "100 %"'), text=GROWING)),
        count=50,
        seed=1,
    )
    assert everybody.female.all()


def test_nobody_is_asked_for(people: Population) -> None:
    nobody = draw_patients(people, count=0, seed=1)
    assert nobody.numbers["weight"].shape == (0,)
    assert nobody.covariates(load_model("milrinone/label_adult"))["weight"].shape == (0, 1)


def test_limits_that_hold_nobody_and_blocks_of_nobody(write: Write, people: Population) -> None:
    far: Path = write(
        ('lowest = { value = "20 year"', 'lowest = { value = "98 year"'),
        ('sd = { value = "5 year"', 'sd = { value = "1 year"'),
    )
    with pytest.raises(RequestError, match="lay outside its limits"):
        draw_patients(load_population(far), count=3, seed=1)
    with pytest.raises(RequestError, match="block of 0 patients"):
        list(draw_in_blocks(people, count=3, seed=1, block=0))
    with pytest.raises(RequestError, match="count of patients is a whole number"):
        draw_patients(people, count=-1, seed=1)
