"""An even grid gives what the same times give one by one, and the same bits on any number of threads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inotrope.errors import KineticsError
from inotrope.kinetics import Timeline, concentrations
from inotrope.kinetics.many import Many, concentrations_even, concentrations_of_many
from tests.kinetics.many.populations import apart, populations, varied
from tests.laws.kinetics.engine import parameters
from tests.laws.kinetics.test_degenerate import BEGIN, BOLUS, RATE, SETS


@settings(max_examples=100)
@given(populations(), st.integers(-3, 3), st.floats(0.003, 3.0), st.integers(0, 260))
def test_each_patient_as_alone(population: tuple, start: int, step: float, count: int) -> None:
    timelines, own, _ = population
    times = start + np.arange(count) * step
    found = concentrations_even(Many.of(timelines, own), start_h=start, step_h=step, count=count)
    assert found.shape == (len(own), count)
    for level, timeline, mine in zip(found, timelines, own, strict=True):
        if count:
            assert apart(level, concentrations(timeline, mine, times)) < 1e-12


@pytest.mark.parametrize("compartments", [1, 2, 3])
def test_the_degenerate_set_as_the_reference(compartments: int) -> None:
    rows = [row for row in SETS.values() if len(row) == 2 * compartments]
    own, timeline = [parameters(row) for row in rows], Timeline.of_rates(BEGIN, RATE, BOLUS)
    found = concentrations_even(Many.of(timeline, own), step_h=0.171875, count=500)
    for level, mine in zip(found, own, strict=True):
        assert apart(level, concentrations(timeline, mine, np.arange(500) * 0.171875)) < 1e-12


def test_points_on_the_beginning_of_a_segment_read_that_segment() -> None:
    """0.1 is no binary number: the times themselves decide, as they do where they are given one by one."""
    begin = np.arange(60) * 0.1
    timeline = Timeline.of_rates(begin, 0.0, 100.0)
    many = Many.of(timeline, [parameters((7.5, 14.0, 18.0, 22.0))])
    found = concentrations_even(many, step_h=0.1, count=70)
    np.testing.assert_allclose(found[0], concentrations_of_many(many, np.arange(70) * 0.1)[0], rtol=1e-13)


def test_a_long_grid_keeps_its_digits() -> None:
    timeline, own = Timeline.of_rates([0.0], [2100.0], [3500.0]), parameters((0.2, 14.0, 3.0, 40.0, 1.0, 300.0))
    found = concentrations_even(Many.of(timeline, [own]), step_h=0.01, count=200_003)
    times = np.arange(200_003) * 0.01
    np.testing.assert_allclose(found[0], concentrations(timeline, own, times), rtol=2e-14)


def test_the_same_bits_for_any_number_of_threads_and_any_order() -> None:
    many = varied(200)
    whole = concentrations_even(many, step_h=0.3, count=203)
    assert concentrations_even(many, step_h=0.3, count=203, threads=2).tobytes() == whole.tobytes()
    order = np.random.default_rng(5).permutation(200)
    shuffled = concentrations_even(many.taken(order), step_h=0.3, count=203, threads=3)
    assert shuffled.tobytes() == whole[order].tobytes()
    assert concentrations_even(many, step_h=0.3, count=101).tobytes() == whole[:, :101].tobytes()


def test_it_writes_into_the_array_of_the_caller_and_nowhere_else() -> None:
    many = varied(30)
    room = np.full((32, 203), -7.0)
    out = room[1:-1]
    assert concentrations_even(many, step_h=0.3, count=203, out=out, threads=2) is out
    assert (room[0] == -7).all() and (room[-1] == -7).all() and (out >= 0).all()


@pytest.mark.parametrize(
    "grid",
    [
        {"step_h": 0.0, "count": 5},
        {"step_h": np.nan, "count": 5},
        {"step_h": 1.0, "count": -1},
        {"step_h": 1.0, "count": 5, "start_h": np.inf},
        {"step_h": 1.0, "count": 5, "out": np.empty((4, 6))},
        {"step_h": 1.0, "count": 5, "threads": 0},
    ],
)
def test_what_is_no_grid_is_refused(grid: dict) -> None:
    with pytest.raises(KineticsError):
        concentrations_even(varied(4), **grid)
