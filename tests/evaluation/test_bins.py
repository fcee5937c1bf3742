"""Bins of levels and their percentiles, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.evaluation.bins import bins_of, percentiles

SHARES = np.array([0.05, 0.5, 0.95])


def test_percentiles_lie_on_straight_lines_between_levels() -> None:
    levels = np.array([40.0, 10.0, 30.0, 20.0, 50.0])
    # Of five the places are 0, 1, 2, 3, 4: 5 % is place 0.2, 50 % is 2, 95 % is 3.8.
    found = percentiles(levels, np.zeros(5, dtype=bool), SHARES)
    assert found == pytest.approx([10 + 0.2 * 10, 30.0, 40 + 0.8 * 10], rel=1e-15)
    assert percentiles(np.array([7.0]), np.array([False]), SHARES).tolist() == [7.0, 7.0, 7.0]


def test_levels_below_the_limit_are_the_lowest_whatever_their_number() -> None:
    levels = np.array([99.0, 10.0, 30.0, 99.0, 50.0])
    below = np.array([True, False, False, True, False])
    # In order: below, below, 10, 30, 50. The median is 10; 5 % lies among those below; 95 % is 30 + 0.8 x 20.
    found = percentiles(levels, below, SHARES)
    assert np.isnan(found[0]) and found[1:] == pytest.approx([10.0, 46.0], rel=1e-15)
    # A percentile between one below and 10 is not known either.
    assert np.isnan(percentiles(levels, below, np.array([0.3]))).all()
    assert np.isnan(percentiles(levels, np.ones(5, dtype=bool), SHARES)).all()


def test_leading_axes_are_tables_of_their_own() -> None:
    levels = np.array([[1.0, 2.0, 3.0], [30.0, 20.0, 10.0]])
    found = percentiles(levels, np.zeros((2, 3), dtype=bool), SHARES)
    assert found == pytest.approx(np.array([[1.1, 2.0, 2.9], [11.0, 20.0, 29.0]]), rel=1e-14)


def test_bins_hold_about_as_many_levels_each() -> None:
    times = np.random.default_rng(3).permutation(np.linspace(0.0, 48.0, 103))
    place = bins_of(times)
    assert set(place.tolist()) == set(range(5))  # of 20 or more each
    assert np.bincount(place).min() >= 20 and np.bincount(place).max() <= 21
    order = np.argsort(times)
    assert (np.diff(place[order]) >= 0).all()


def test_levels_of_one_time_are_never_parted() -> None:
    times = np.repeat([1.0, 6.0, 24.0], [50, 49, 1])
    place = bins_of(times)
    # The middle of the first fifty is place 25 of 100, that of the next 74.5, that of the last 99.5: bins 1, 3 and 4.
    assert place.tolist() == [0] * 50 + [1] * 49 + [2]


def test_few_levels_are_one_bin_and_many_no_more_than_ten() -> None:
    assert set(bins_of(np.arange(39.0)).tolist()) == {0}
    assert bins_of(np.array([5.0])).tolist() == [0]
    assert bins_of(np.arange(5000.0)).max() == 9
