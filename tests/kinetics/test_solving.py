"""Amounts and concentrations at any times."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inotrope.errors import KineticsError
from inotrope.kinetics import (
    Parameters,
    Records,
    Timeline,
    amounts,
    concentrations,
    constant,
    effect_site,
    expand,
    states,
)
from inotrope.kinetics.solving import BLOCK

ONE = Parameters.of(clearance_l_per_h=2.0, volume_l=4.0)  # l = 0.5/h
LOAD = Timeline.of_rates([1.0, 3.0], [10.0, 0.0], [100.0, 0.0])


def test_levels_by_hand() -> None:
    """100 mcg and 10 mcg/h from 1 to 3 h into 4 L, in any order of times; nothing before."""
    at_2 = 100 * math.exp(-0.5) + 20 * (1 - math.exp(-0.5))
    at_3 = 100 * math.exp(-1) + 20 * (1 - math.exp(-1))
    found = concentrations(LOAD, ONE, [5.0, 0.5, 1.0, 2.0, 3.0])
    assert found == pytest.approx(np.array([at_3 * math.exp(-1), 0.0, 100.0, at_2, at_3]) / 4, rel=1e-15)
    assert concentrations(LOAD, ONE, 2.0).shape == (1,)


def test_no_times_are_no_levels() -> None:
    """An empty list is a question with an empty answer, for draws and for nobody as well."""
    three = Parameters.of(clearance_l_per_h=np.full((3, 1), 7.5), volume_l=14.0, q2_l_per_h=18.0, v2_l=22.0)
    nobody = Parameters.of(clearance_l_per_h=np.empty((0, 1)), volume_l=14.0)
    assert concentrations(LOAD, ONE, []).shape == (0,)
    assert concentrations(LOAD, three, []).shape == (3, 0)
    assert amounts(LOAD, three, []).shape == (3, 0, 2)
    assert concentrations(LOAD, nobody, [1.0, 2.0]).shape == (0, 2)


def test_amounts_at_the_beginning_are_the_states() -> None:
    two = Parameters.of(clearance_l_per_h=np.full((3, 1), 7.5), volume_l=14.0, q2_l_per_h=18.0, v2_l=22.0)
    assert amounts(LOAD, two, LOAD.begin_h) == pytest.approx(states(LOAD, two), rel=1e-15)
    assert amounts(LOAD, two, [0.0]).tolist() == np.zeros((3, 1, 2)).tolist()


def test_a_segment_may_be_named_to_read_the_level_before_a_dose() -> None:
    expanded = expand(
        Records.of(time_h=[0.0, 2.0, 2.0, 2.0], evid=[1, 0, 1, 0], amount_mcg=[100.0, 0.0, 60.0, 0.0]), rows=constant
    )
    before = 100 * math.exp(-1) / 4
    found = concentrations(expanded.timeline, ONE, expanded.observed_h, expanded.observed_segment)
    assert found == pytest.approx([before, before + 15], rel=1e-15)


@pytest.mark.parametrize(
    ("times", "segment", "where"),
    [
        ([0.0, np.inf], None, "times_h[1]"),
        ([2.0, np.nan], [0, 0], "times_h[1]"),
        ([2.0, 2.0], [0], "segment"),
        ([2.0, 2.0], [0, 2], "segment"),
        ([2.0, 2.0], [0, 1], "times_h[1]"),
    ],
)
def test_times_and_segments_that_mean_nothing(times: list[float], segment: list[int] | None, where: str) -> None:
    with pytest.raises(KineticsError) as caught:
        concentrations(LOAD, ONE, times, None if segment is None else np.array(segment))
    assert caught.value.where == where


def test_a_rounding_before_its_segment_stands_at_its_beginning() -> None:
    found = concentrations(LOAD, ONE, [3.0 - 1e-12], np.array([1]))
    assert found.tolist() == concentrations(LOAD, ONE, [3.0]).tolist()


def test_many_draws_are_each_as_alone() -> None:
    """More draws than fit into one block, several axes, and rows that change."""
    generator = np.random.default_rng(5)
    shape = (3, BLOCK // 16, 2)
    many = Parameters.of(
        clearance_l_per_h=7.5 * generator.uniform(0.5, 2, shape), volume_l=14.0, q2_l_per_h=18.0, v2_l=22.0
    )
    timeline = Timeline.of_rates([0.0, 3.0], [300.0, 30.0], row=[0, 1])
    times = np.linspace(0, 9, 19)
    found = concentrations(timeline, many, times)
    assert found.shape == (*shape[:2], 19)
    for place in ((0, 0), (1, 100), (2, shape[1] - 1)):
        alone = Parameters(**{name: array[place] for name, array in many.named().items()})
        assert found[place].tolist() == concentrations(timeline, alone, times).tolist()


def test_complex_steps_reach_rates_doses_and_times() -> None:
    """dA/dR = (1 - exp(-l t)) / l, dA/dbolus = exp(-l t), dA/dt = R - l A."""
    step = 1e-30j
    by_rate = amounts(Timeline.of_rates(0.0, 10.0 + step, 100.0), ONE, [2.0])[0, 0]
    by_dose = amounts(Timeline.of_rates(0.0, 10.0, 100.0 + step), ONE, [2.0])[0, 0]
    by_time = amounts(Timeline.of_rates(0.0, 10.0, 100.0), ONE, [2.0 + step])[0, 0]
    assert by_rate.imag / 1e-30 == pytest.approx(2 * (1 - math.exp(-1)), rel=1e-14)
    assert by_dose.imag / 1e-30 == pytest.approx(math.exp(-1), rel=1e-14)
    assert by_time.imag / 1e-30 == pytest.approx(10 - by_time.real / 2, rel=1e-13)


@pytest.mark.parametrize("rate", [0.0, -1.0, np.nan, [1.0, np.inf]])
def test_a_site_follows_at_some_speed(rate: float) -> None:
    with pytest.raises(KineticsError) as caught:
        effect_site(LOAD, ONE, [2.0], equilibration_per_h=rate)
    assert caught.value.where == "equilibration_per_h"
