"""The text of the kernels, run by Python line by line, says what their machine code says.

Machine code leaves no trace of the lines that it came from, so this is also how the lines and branches of the kernels
are counted. A product and a sum are two roundings here and one there, which is all that may differ.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from inotrope.kinetics import Records, Timeline, expand, last_carried_forward
from inotrope.kinetics.many import (
    Many,
    concentrations_even,
    concentrations_of_many,
    disposition,
    even_grid,
    exponential,
    patients,
    walk,
)
from tests.kinetics.many.populations import apart, varied
from tests.laws.kinetics.engine import parameters
from tests.laws.kinetics.test_degenerate import BEGIN, BOLUS, RATE, SETS

SHUT = {2: (7.5, 14.0, 0.0, 22.0), 3: (7.5, 14.0, 18.0, 22.0, 0.0, 120.0)}
ROWS = {
    1: ((7.5, 14.0), (3.0, 20.0)),
    2: ((7.5, 14.0, 18.0, 22.0), (3.0, 20.0, 2.0, 40.0)),
    3: ((7.5, 14.0, 18.0, 22.0, 4.0, 120.0), (5.2, 11.5, 1.7, 41.2, 1.7, 96.7)),
}


def fused(a, b, c):
    return a * b + c


def greater(x, limit, then, other):
    return np.where(np.greater(x, limit), then, other)[()]


def two_to(large):
    return ((np.asarray(large).view(np.int64) + 1023) << 52).view(np.float64)[()]


def two_halves(large):
    half = np.asarray(large).view(np.int64) >> 1
    return two_to(half.view(np.float64)), two_to((np.asarray(large).view(np.int64) - half).view(np.float64))


def eight_at(array, place):
    assert 0 <= place <= array.size - 8
    return array[place : place + 8].copy()


def put_eight(array, place, eight):
    assert 0 <= place <= array.size - 8
    array[place : place + 8] = eight


PLAIN = {each.__name__: each for each in (fused, greater, two_to, two_halves, eight_at, put_eight)}
"""What stands for the instructions that Python has not; eight numbers in one value are an array."""


@pytest.fixture
def interpreted(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Every compiled function of the folder in its own text, the walk included; `undo()` brings machine code back."""

    def plain(compartments: int, kind: int) -> object:
        return walk.kernel_of.__wrapped__(compartments, kind).py_func

    for module in (exponential, disposition, even_grid, walk):
        for name, value in list(vars(module).items()):
            if name in PLAIN:
                monkeypatch.setattr(module, name, PLAIN[name])
            elif hasattr(value, "py_func"):
                monkeypatch.setattr(module, name, value.py_func)

    def plain_grid(compartments: int) -> object:
        return kernel_of_grid.__wrapped__(compartments).py_func

    kernel_of_grid = even_grid.grid_kernel_of
    monkeypatch.setattr(patients, "kernel_of", plain)
    monkeypatch.setattr(even_grid, "grid_kernel_of", plain_grid)
    with np.errstate(all="ignore"):
        yield monkeypatch


def recorded(compartments: int) -> Many:
    """Doses, infusions, steady states of every kind, resets and two rows; observations that read their own segments."""
    records = Records.of(
        time_h=[1.0, 2.0, 3.0, 9.0, 9.0, 14.0, 20.0, 21.0, 30.0, 41.0],
        evid=[1, 0, 1, 4, 0, 1, 1, 0, 1, 0],
        amount_mcg=[4000, 0, 3500, 500, 0, 2000, 0, 0, 700, 0],
        rate_mcg_per_h=[0, 0, 700, 0, 0, 400, 300, 0, 90, 0],
        interval_h=[6, 0, 0, 0, 0, 4, 0, 0, 8, 0],
        additional=[3, 0, 0, 0, 0, 2, 0, 0, 0, 0],
        steady=[1, 0, 0, 0, 0, 2, 1, 0, 1, 0],
    )
    expanded = expand(records, rows=last_carried_forward)
    every = [*ROWS[compartments], *([SHUT[compartments]] if compartments in SHUT else [])]
    own = parameters(*(every[place % len(every)] for place in range(10)))
    return Many.of([expanded.timeline], [own], [expanded.observed_h], segments=[expanded.observed_segment])


def long(compartments: int) -> Many:
    """Two patients, each with as many times as are looked through by halving, the first ones before everything."""
    timeline = Timeline.of_rates([0.5, 0.5, 6.0, 7.0], [700.0, 0.0, 90.0, 0.0], [0.0, 3500.0, 0.0, 10.0])
    own = [parameters(row) for row in ROWS[compartments]]
    return Many.of(timeline, own, np.linspace(0.0, 8.0, 700))


def degenerate(compartments: int) -> Many:
    own = [parameters(row) for row in SETS.values() if len(row) == 2 * compartments]
    return Many.of(Timeline.of_rates(BEGIN, RATE, BOLUS), own, np.linspace(0, BEGIN[-1] + 10, 37))


@pytest.mark.parametrize("compartments", [1, 2, 3])
@pytest.mark.parametrize("made", [recorded, long, degenerate])
def test_own_times(made: object, compartments: int, interpreted: pytest.MonkeyPatch) -> None:
    many = made(compartments)
    found = concentrations_of_many(many)
    interpreted.undo()
    assert apart(found, concentrations_of_many(many)) < 1e-13


@pytest.mark.parametrize("compartments", [1, 2, 3])
def test_times_for_all(compartments: int, interpreted: pytest.MonkeyPatch) -> None:
    many, times = long(compartments), np.linspace(-1, 9, 41)
    found = concentrations_of_many(many, times)
    interpreted.undo()
    assert apart(found, concentrations_of_many(many, times)) < 1e-13


@pytest.mark.parametrize("compartments", [1, 2, 3])
@pytest.mark.parametrize(("start_h", "step_h", "count"), [(-0.3, 0.1, 341), (0.5, 0.7, 3), (0.0, 1.0, 0)])
def test_an_even_grid(
    compartments: int, start_h: float, step_h: float, count: int, interpreted: pytest.MonkeyPatch
) -> None:
    many = long(compartments)
    found = concentrations_even(many, start_h=start_h, step_h=step_h, count=count)
    interpreted.undo()
    assert apart(found, concentrations_even(many, start_h=start_h, step_h=step_h, count=count)) < 1e-13


@pytest.mark.parametrize("compartments", [1, 2, 3])
def test_an_even_grid_over_steady_states_and_resets(compartments: int, interpreted: pytest.MonkeyPatch) -> None:
    many = recorded(compartments)
    found = concentrations_even(many, step_h=1.3, count=35)
    interpreted.undo()
    assert apart(found, concentrations_even(many, step_h=1.3, count=35)) < 1e-13


@pytest.mark.parametrize("start_h", [0.0, -0.3])
def test_points_of_a_grid_on_the_beginnings_of_segments(start_h: float, interpreted: pytest.MonkeyPatch) -> None:
    """0.1 is no binary number: the product is now one too many and now one too few, and the time itself decides."""
    on = start_h + np.arange(60) * 0.1
    timelines = [Timeline.of_rates(begin, 0.0, 100.0) for begin in (on, np.nextafter(on, 9))]
    many = Many.of(timelines, [parameters(ROWS[1][0])] * 2)
    found = concentrations_even(many, start_h=start_h, step_h=0.1, count=70)
    interpreted.undo()
    assert apart(found, concentrations_even(many, start_h=start_h, step_h=0.1, count=70)) < 1e-13


def test_patients_without_times_and_with_few(interpreted: pytest.MonkeyPatch) -> None:
    many = varied(12)
    found = concentrations_of_many(many)
    interpreted.undo()
    assert apart(found, concentrations_of_many(many)) < 1e-13


def test_the_exponential(interpreted: pytest.MonkeyPatch) -> None:
    """At both ends one in front of it and one beyond it, and where a result lacks full precision."""
    x = np.array([-800.0, -746.0, -720.5, -1.0, 0.0, 1e-9, 1.0, 709.5, 800.0, np.nan])
    found = exponential.exp_of(x)
    into = x.copy()
    assert exponential.exp_of(into, into) is into
    interpreted.undo()
    np.testing.assert_allclose(found, np.exp(x), rtol=1e-15)
    np.testing.assert_array_equal(found, into)
