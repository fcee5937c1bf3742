"""Quantiles by blocks of times are those of all curves, bit for bit, whatever the block."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from inotrope.errors import KineticsError
from inotrope.kinetics import Parameters, Timeline
from inotrope.kinetics.many import Many, concentrations_of_many, quantiles_of_many
from tests.kinetics.many.populations import varied

TIMES = np.linspace(0, 60, 37)
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def test_they_are_those_of_all_curves() -> None:
    many = varied(301)
    expected = np.quantile(concentrations_of_many(many, TIMES), LEVELS, axis=0).T
    np.testing.assert_array_equal(quantiles_of_many(many, TIMES, LEVELS), expected)


@pytest.mark.parametrize(("block", "threads"), [(1, 1), (7, 2), (16, 2), (100, 1)])
def test_the_same_bits_for_any_block_threads_and_order(block: int, threads: int) -> None:
    many = varied(300)
    expected = quantiles_of_many(many, TIMES, LEVELS)
    shuffled = many.taken(np.random.default_rng(1).permutation(300))
    assert quantiles_of_many(many, TIMES, LEVELS, block=block, threads=threads).tobytes() == expected.tobytes()
    assert quantiles_of_many(shuffled, TIMES, LEVELS, block=block, threads=threads).tobytes() == expected.tobytes()


def test_linear_in_dose_they_scale() -> None:
    """Twice every dose is twice every level, and so twice every quantile: exactly, for a power of 2."""
    own = Parameters.of(clearance_l_per_h=np.linspace(3, 12, 41)[:, np.newaxis], volume_l=14.0)
    timeline = Timeline.of_rates([0.0, 8.0], [2100.0, 0.0], [3500.0, 0.0])
    once, twice = (quantiles_of_many(Many.of(timeline, own, dose_scale=scale), TIMES, LEVELS) for scale in (1.0, 2.0))
    np.testing.assert_array_equal(twice, 2 * once)
    # Of one compartment, more clearance is a lower level: the median patient is that of the median clearance.
    alone = concentrations_of_many(Many.of(timeline, own), TIMES)[20]
    np.testing.assert_array_equal(once[:, 2], alone)


def test_room_is_needed_for_a_block_and_not_for_the_curves() -> None:
    count, block = 20_000, 4
    own = Parameters.of(clearance_l_per_h=np.linspace(3, 12, count)[:, np.newaxis], volume_l=14.0)
    many = Many.of(Timeline.of_rates([0.0], [2100.0]), own)
    quantiles_of_many(many, TIMES[:2], LEVELS)
    tracemalloc.start()
    quantiles_of_many(many, np.linspace(0, 60, 200), LEVELS, block=block)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * count * (block + 4)  # the curves would be 8 * count * 200


@pytest.mark.parametrize(
    "wrong", [{"levels": [1.5]}, {"levels": [np.nan]}, {"levels": [0.5], "block": 0}, {"levels": [0.5], "threads": 0}]
)
def test_what_means_nothing_is_refused(wrong: dict) -> None:
    with pytest.raises(KineticsError):
        quantiles_of_many(varied(3), TIMES, **wrong)


def test_of_nobody_there_is_no_quantile() -> None:
    with pytest.raises(KineticsError):
        quantiles_of_many(varied(3).taken([]), TIMES, LEVELS)
    with pytest.raises(KineticsError):
        quantiles_of_many(varied(3), [2.0, 1.0], LEVELS)
