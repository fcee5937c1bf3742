"""Of whom a model is asked: one age by the name of the other, and the weights that make sense."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inotrope.population import Domain, Model, Standing, judge_domain, load_model, standings, values_over_time
from inotrope.population.bodies import plausible_weights, with_ages
from inotrope.population.over_time import Series

NEWBORN, TERM, ADULT = (
    load_model(f"milrinone/{name}") for name in ("paradisis_2007", "mcnamara_2013", "prielipp_1996")
)
CLEARED = {"creatinine clearance": 90.0, "renal impairment": "absent", "kidney replacement": "absent"}


def both(model: Model, **known: Any) -> tuple[Domain, int]:
    """Return the domain of one, and where each of many such stands."""
    values = {**CLEARED, **{name.replace("_", " "): value for name, value in known.items()}}
    found = judge_domain(model, values)
    first, second = standings(model, {name: np.array([value, value]) for name, value in values.items()}).tolist()
    assert first == second
    return found, first


@pytest.mark.parametrize(
    ("model", "known", "standing", "says"),
    [
        (NEWBORN, {"age": 60.0, "gestational_age": 28.0}, Standing.REFUSAL, "postnatal age is 60 year."),
        (TERM, {"age": 60.0, "weight": 70.0, "gestational_age": 39.0}, Standing.REFUSAL, "postnatal age is 60 year."),
        # 0.5 day of 365.25 in a year
        (NEWBORN, {"age": 0.5 / 365.25, "gestational_age": 28.0}, Standing.INSIDE, ""),
        (NEWBORN, {"age": 2 / 365.25, "gestational_age": 28.0}, Standing.EXTRAPOLATION, "postnatal age is 2 day."),
        (ADULT, {"weight": 3.0, "postnatal_age": 2.0}, Standing.REFUSAL, "age is 2 day."),
        (ADULT, {"weight": 70.0, "postnatal_age": 60 * 365.25}, Standing.INSIDE, ""),
        (ADULT, {"weight": 70.0}, Standing.UNKNOWN, "age is not known."),
        (ADULT, {"weight": 70.0, "age": np.nan, "postnatal_age": 60 * 365.25}, Standing.INSIDE, ""),
        (ADULT, {"weight": 3.0}, Standing.EXTRAPOLATION, "weight is 3 kg; 35 to 200 kg are plausible in its people"),
        (ADULT, {"weight": 3.0, "age": 60.0}, Standing.EXTRAPOLATION, "35 to 200 kg are plausible at this age"),
        (ADULT, {"weight": 201.0, "age": 60.0}, Standing.EXTRAPOLATION, "weight is 201 kg"),
        # The facts: 13 to 30 kg at 5 years, 20 to 60 at 10; halfway 16.5 to 45.
        (ADULT, {"weight": 46.0, "age": 7.5}, Standing.REFUSAL, "16.5 to 45 kg are plausible at this age"),
        # Up to 3 days: 5 kg at birth and 7.3 kg at a month of 365.25 / 12 days.
        (NEWBORN, {"weight": 70.0, "gestational_age": 28.0}, Standing.EXTRAPOLATION, "0.3 to 5.23 kg are plausible in"),
        (TERM, {"weight": 1.0, "postnatal_age": 3.0, "gestational_age": 38.0}, Standing.INSIDE, ""),
        (TERM, {"weight": 6.0, "postnatal_age": 3.0, "gestational_age": 38.0}, Standing.EXTRAPOLATION, "6 kg"),
    ],
)
def test_an_age_by_its_other_name_and_a_weight_judge_of_whom_it_is_asked(
    model: Model, known: dict[str, float], standing: Standing, says: str
) -> None:
    found, of_many = both(model, **known)
    assert found.standing is standing and tuple(Standing)[of_many] is standing
    assert any(says in remark.says for remark in found.remarks) if says else not found.remarks


def test_what_the_study_says_of_weights_goes_before_what_is_plausible() -> None:
    label = load_model("milrinone/label_adult")
    assert plausible_weights(label, {"weight": 32.0, "age": 60.0}) is None
    nameless = replace(ADULT, studied=replace(ADULT.studied, limits=()))
    assert plausible_weights(nameless, {"weight": 1.0, "age": 60.0}) is None
    assert plausible_weights(ADULT, {"age": 60.0}) is None


def test_a_study_told_by_weeks_alone_makes_no_weight_unlikely() -> None:
    weeks = load_model("milrinone/giaccone_2017")
    found = plausible_weights(weeks, {"weight": 70.0})
    assert found is not None and [float(item) for item in found] == [70.0, 0.0, np.inf]


def test_a_row_without_an_age_is_judged_by_the_people_of_the_model() -> None:
    values = {
        "weight": np.array([3.0, 3.0]),
        "postnatal age": np.array([np.nan, 5.0]),
        "gestational age": np.full(2, 39),
    }
    found = plausible_weights(TERM, values)
    assert found is not None
    # Up to 90 days: 7.3 kg at one month and 9 kg at three; at 5 days 5 kg and 5/30.4375 of the 2.3 kg to come.
    high = [7.3 + (90 / 365.25 - 1 / 12) / (2 / 12) * 1.7, 5 + 5 / 30.4375 * 2.3]
    assert found[2].tolist() == pytest.approx(high, rel=1e-6)


def test_an_age_is_filled_in_for_limits_alone_and_keeps_what_is_known() -> None:
    filled = with_ages(TERM, {"age": np.array([1.0]), "postnatal age": None})
    assert filled["postnatal age"].tolist() == [365.25]
    assert with_ages(TERM, {"age": np.array([1.0]), "postnatal age": np.array([5.0])})["postnatal age"].tolist() == [
        5.0
    ]
    assert "age" not in with_ages(TERM, {"postnatal age": np.array([5.0])})  # nothing asks for it


def test_age_and_weight_come_along_in_units_of_their_own() -> None:
    series = {
        "age": Series.of(np.array([24.0, 48.0]), unit="h", time_h=[0.0, 24.0]),
        "weight": Series.of(1.2, unit="kg"),
    }
    found = values_over_time(NEWBORN, series, np.array([0.0, 12.0]))
    assert found["weight"].tolist() == [1.2, 1.2]
    assert found["age"].tolist() == pytest.approx([30 / 24 / 365.25, 36 / 24 / 365.25])
