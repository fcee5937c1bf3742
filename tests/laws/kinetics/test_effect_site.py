"""The effect site: dCe/dt = ke0 (C - Ce), one more exponential behind the level."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tests.laws.kinetics import engine
from tests.laws.kinetics.exact import follow
from tests.laws.kinetics.regimens import Course, Row, any_row, between, changing, courses


@settings(max_examples=6)
@given(changing(5), between(0.05, 20))
def test_against_the_matrix_exponential(made: tuple[Course, list[Row], list[int]], speed: float) -> None:
    course, many, which = made
    times = course.times()[1:]
    every = [many[index] for index in which]
    expected = [
        float(s.effect)
        for s, _ in follow(course.begin_h, course.rate, course.bolus, every, times, equilibration_per_h=speed)
    ]
    found = engine.effect_site(course.timeline(which), engine.parameters(*many), times, equilibration_per_h=speed)
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-12 * max(expected))


def test_where_the_speed_is_a_root_of_the_kinetics() -> None:
    """One compartment, bolus, ke0 = CL / V exactly: Ce = C0 k t exp(-k t), highest at t = 1 / k with C0 / e."""
    times = np.array([0.5, 2.0, 5.0, 20.0])
    timeline, parameters = engine.timeline([0.0], [0.0], [1000.0]), engine.parameters((2.0, 4.0))
    found = engine.effect_site(timeline, parameters, times, equilibration_per_h=0.5)
    assert found == pytest.approx(250.0 * 0.5 * times * np.exp(-0.5 * times), rel=1e-13)
    assert found[1] == pytest.approx(250.0 / np.e, rel=1e-13)


@pytest.mark.parametrize("off", [1e-15, 1e-12, 1e-9, 1e-6, 1e-3])
def test_near_a_root(off: float) -> None:
    """Roots 3 and 0.5 /h (see `test_by_hand.py`), the speed a hair beside each of them."""
    row, times = (15.0, 10.0, 10.0, 10.0), np.array([0.25, 1.0, 3.0, 8.0])
    begin, rate, bolus = (0.0, 2.0), (2100.0, 0.0), (1000.0, 0.0)
    for root in (3.0, 0.5):
        for speed in (root * (1 + off), root * (1 - off)):
            expected = [
                float(s.effect) for s, _ in follow(begin, rate, bolus, [row] * 2, times, equilibration_per_h=speed)
            ]
            timeline = engine.timeline(begin, rate, bolus)
            found = engine.effect_site(timeline, engine.parameters(row), times, equilibration_per_h=speed)
            assert found == pytest.approx(expected, rel=1e-11), (root, speed)


@given(courses(), any_row())
def test_a_very_fast_site_shows_the_level(course: Course, row: Row) -> None:
    """At 1e9 per hour the site lags by nanohours; no time is a bolus's own."""
    times = course.times() + 1 / 128
    timeline, parameters = course.timeline(), engine.parameters(row)
    level = engine.concentrations(timeline, parameters, times)
    found = engine.effect_site(timeline, parameters, times, equilibration_per_h=1e9)
    assert found == pytest.approx(level, rel=1e-5, abs=1e-5 * level.max())


@given(courses(), any_row(), between(0.05, 20))
def test_never_above_the_peak(course: Course, row: Row, speed: float) -> None:
    times, timeline, parameters = course.times(50), course.timeline(), engine.parameters(row)
    high, _ = engine.peak(timeline, parameters, 0.0, course.end_h)
    found = engine.effect_site(timeline, parameters, times, equilibration_per_h=speed)
    assert found[0] == 0 and found.min() >= -1e-12 * high and found.max() <= high * (1 + 1e-12)
