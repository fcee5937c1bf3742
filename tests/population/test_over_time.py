"""Covariates over time: the three ways between two entries, their sentences, and where stretches begin."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inotrope.errors import RequestError, UnitError
from inotrope.population import (
    Model,
    OverTime,
    Series,
    boundaries,
    describe,
    on_records,
    on_segments,
    values_over_time,
)

BACK, FORWARD, LINE = OverTime.NEXT_CARRIED_BACKWARD, OverTime.LAST_CARRIED_FORWARD, OverTime.LINEAR
KIDNEY = Series.of([80.0, 40.0, 20.0], unit="mL/min/1.73 m2", time_h=[0.0, 10.0, 20.0])


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        # stretches -5 to 0, 0 to 10, 10 to 15, 15 to 20, 20 on
        (BACK, [80, 40, 20, 20, 20]),
        (FORWARD, [80, 80, 40, 40, 20]),
        (LINE, [80, 60, 35, 25, 20]),  # the line in the middle: at 5 h 60, at 12.5 h 35, at 17.5 h 25
    ],
)
def test_each_way_on_stretches(way: OverTime, expected: list[float]) -> None:
    begin = np.array([-5.0, 0.0, 10.0, 15.0, 20.0])
    assert on_segments(KIDNEY, begin, way).tolist() == expected


@pytest.mark.parametrize("way", OverTime)
def test_one_entry_holds_always_and_many_patients_keep_their_axis(way: OverTime) -> None:
    begin = np.array([-1.0, 0.0, 5.0])
    assert on_segments(Series.of(70.0, unit="kg"), begin, way).tolist() == [70, 70, 70]
    many = Series.of([[1.0, 3.0], [10.0, 30.0]], unit="kg", time_h=[0.0, 2.0])
    assert on_segments(many, np.array([0.0, 2.0]), way).shape == (2, 2)


@pytest.mark.parametrize(("way", "expected"), [(BACK, [8, 4, 2]), (FORWARD, [8, 8, 4]), (LINE, [8, 6, 3])])
def test_each_way_on_records(way: OverTime, expected: list[float]) -> None:
    assert on_records(np.array([8.0, 4.0, 2.0]), way).tolist() == expected


def test_each_way_is_said_in_words(model: Model) -> None:
    said = {name: describe(covariate) for name, covariate in model.covariates.items()}
    assert said["weight"].startswith("weight: last carried forward: from an entry on its value holds up to the next")
    assert said["creatinine clearance"].startswith("creatinine clearance: next carried backward: up to and including")
    assert said["age"].startswith("age: linear: between two entries a straight line")


def test_stretches_begin_where_something_changes(model: Model) -> None:
    series = {"creatinine clearance": KIDNEY, "ward": Series.of("here"), "age": Series.of([1.0, 2.0], unit="year",
              time_h=[-10.0, 10.0])}  # fmt: skip
    assert boundaries(model, series, [5.0, 30.0]).tolist() == [5, 10, 20, 30]
    assert boundaries(model, series, [5.0], longest_step_h=2.0).tolist() == [5, 7, 9, 10, 20]
    late = {"age": Series.of([1.0, 2.0], unit="year", time_h=[8.0, 10.0])}
    assert boundaries(model, late, [5.0], longest_step_h=1.0).tolist() == [5, 8, 9, 10]
    past = {"age": Series.of([1.0, 2.0], unit="year", time_h=[0.0, 2.0])}
    assert boundaries(model, past, [5.0], longest_step_h=1.0).tolist() == [5]


def test_values_come_in_the_unit_of_the_model(model: Model) -> None:
    series = {
        "age": Series.of(240.0, unit="month"),
        "injury": Series.of("present"),
        "kidney replacement": Series.of("absent"),
        "unheard of": Series.of(1.0, unit="kg"),
    }
    found = values_over_time(model, series, np.array([0.0, 1.0]))
    assert found["age"].tolist() == [20, 20]
    assert found["injury"].tolist() == ["present", "present"]
    assert found["kidney replacement"].tolist() == ["absent", "absent"]
    assert "unheard of" not in found
    assert "weight" not in found
    assert "kidney replacement" not in values_over_time(model, {}, np.array([0.0]))


def test_a_word_for_a_number_and_another_dimension_are_refused(model: Model) -> None:
    for series, asked in ((Series.of("old"), "a number in year"), (Series.of(1.0, unit="kg"), "a word")):
        name = "age" if asked.startswith("a number") else "injury"
        with pytest.raises(RequestError, match=asked):
            values_over_time(model, {name: series}, np.array([0.0]))
    with pytest.raises(UnitError):
        values_over_time(model, {"age": Series.of(1.0, unit="kg")}, np.array([0.0]))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"value": [1.0, 2.0], "unit": "kg"}, "2 values at 1 times"),
        ({"value": [], "unit": "kg", "time_h": []}, "0 values at 0 times"),
        ({"value": [1.0, 2.0], "unit": "kg", "time_h": [1.0, 1.0]}, "do not ascend"),
        ({"value": [1.0, 2.0], "unit": "kg", "time_h": [0.0, np.nan]}, "do not ascend"),
        ({"value": [1.0, np.nan], "unit": "kg", "time_h": [0.0, 1.0]}, "in kg is not a number"),
        ({"value": "heavy", "unit": "kg"}, "in kg is not a number"),
    ],
)
def test_a_series_that_is_none_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        Series.of(**given)
