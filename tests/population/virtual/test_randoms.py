"""A patient's numbers are the same alone, in a million, in any block and order; streams have nothing in common."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from inotrope.errors import RequestError
from inotrope.population import Stream, standard_normals
from inotrope.population.virtual.normal import normal_of_share, normal_of_words
from inotrope.population.virtual.randoms import philox

MANY = 200_000


def test_a_patient_is_the_same_alone_and_in_a_million() -> None:
    million = standard_normals(7, np.arange(1_000_000), 3, Stream.SUBJECT)
    for k in (0, 1, 4095, 4096, 99_999, 999_999):
        assert (standard_normals(7, [k], 3, Stream.SUBJECT)[0] == million[k]).all()
    assert (standard_normals(7, np.arange(500_000, 500_300), 3, Stream.SUBJECT) == million[500_000:500_300]).all()


def test_order_and_repetition_change_nothing() -> None:
    straight = standard_normals(3, np.arange(20_000), 5, Stream.PERSON)
    shuffled = np.random.default_rng(1).permutation(20_000)
    assert (standard_normals(3, shuffled, 5, Stream.PERSON) == straight[shuffled]).all()
    for odd in ([0, 0, 2], [2, 0, 0], [5, 5, 5], [19_999, 7, 9000, 8]):
        assert (standard_normals(3, odd, 5, Stream.PERSON) == straight[odd]).all()


@settings(max_examples=25, deadline=None)
@given(
    patients=st.lists(st.integers(0, 2**40), min_size=1, max_size=12),
    count=st.integers(1, 11),
    seed=st.integers(0, 2**63 - 1),
    turn=st.integers(0, 3),
)
def test_each_number_depends_on_its_place_alone(patients: list[int], count: int, seed: int, turn: int) -> None:
    together = standard_normals(seed, patients, count, Stream.OCCASION, turn=turn)
    assert together.shape == (len(patients), count)
    for row, patient in enumerate(patients):
        alone = standard_normals(seed, [patient], 12, Stream.OCCASION, turn=turn)
        assert (alone[0, :count] == together[row]).all()


def test_the_words_are_those_of_another_philox() -> None:
    # NumPy's own, in C. It counts up before it draws: from the highest counter of all it begins with 0.
    rng = np.random.default_rng(3)
    for _ in range(50):
        key = tuple(int(word) for word in rng.integers(0, 2**64, 2, dtype=np.uint64))
        start = rng.integers(0, 2**63, 4, dtype=np.uint64)
        expected = np.random.Philox(key=np.array(key, np.uint64), counter=start).random_raw(4 * 20).reshape(20, 4)
        counter = (start[0] + np.arange(1, 21, dtype=np.uint64), *(np.full(20, word) for word in start[1:]))
        assert (np.stack(philox(key, counter), axis=-1) == expected).all()
    first = np.random.Philox(key=(11, int(Stream.RESIDUAL)), counter=(2**256 - 1)).random_raw(4)
    assert (standard_normals(11, [0], 4, Stream.RESIDUAL)[0] == normal_of_words(first)).all()
    later = np.random.Philox(key=(11, int(Stream.RESIDUAL)), counter=(12344, 1, 2, 0)).random_raw(4)
    assert (standard_normals(11, [12345], 8, Stream.RESIDUAL, turn=2)[0, 4:] == normal_of_words(later)).all()


def test_the_deviate_of_a_share() -> None:
    for share in (0.001, 0.01, 0.4, 0.5, 0.99):
        assert normal_of_share(share) == pytest.approx(NormalDist().inv_cdf(share), rel=1e-12, abs=1e-15)
    assert (normal_of_share(0), normal_of_share(1)) == (-math.inf, math.inf)


def test_deviates_are_the_inverse_of_the_normal_distribution() -> None:
    words = np.random.default_rng(5).integers(0, 2**64, 600, dtype=np.uint64)
    words[:6] = [0, 2**12, 2**63, 2**64 - 1, 2**40, 2**50]
    found = normal_of_words(words)
    with mpmath.workdps(40):
        for word, value in zip(words.tolist(), found.tolist(), strict=True):
            share = (mpmath.mpf(word >> 12) + 0.5) / 2**52
            lower = min(share, 1 - share)
            exact = mpmath.sqrt(2) * mpmath.erfinv(2 * lower - 1) * (1 if share < 0.5 else -1)
            assert abs(value - exact) <= 1e-15 * abs(exact), word


def test_opposite_bits_give_opposite_deviates() -> None:
    words = np.random.default_rng(6).integers(0, 2**64, 10_000, dtype=np.uint64)
    assert (normal_of_words(~words) == -normal_of_words(words)).all()
    assert np.abs(normal_of_words(np.array([0, 2**64 - 1], np.uint64))).max() < 8.3


def test_deviates_are_standard_normal() -> None:
    for column in standard_normals(2026, np.arange(MANY), 6, Stream.SUBJECT).T:
        assert abs(column.mean()) < 5 / math.sqrt(MANY)
        assert abs(column.var() - 1) < 5 * math.sqrt(2 / MANY)
        assert abs((column**3).mean()) < 5 * math.sqrt(15 / MANY)
        assert abs((column**4).mean() - 3) < 5 * math.sqrt(96 / MANY)
        assert stats.kstest(column, "norm").pvalue > 1e-6


def test_streams_turns_seeds_patients_and_places_have_nothing_in_common() -> None:
    patients = np.arange(MANY)
    columns = [standard_normals(1, patients, 5, stream) for stream in Stream]
    columns += [
        standard_normals(1, patients, 5, Stream.PERSON, turn=1),
        standard_normals(2, patients, 5, Stream.PERSON),
    ]
    columns += [
        standard_normals(1, patients + 1, 1, Stream.PERSON),
        standard_normals(1, patients + MANY, 1, Stream.PERSON),
    ]
    found = np.corrcoef(np.concatenate(columns, axis=1), rowvar=False)
    np.fill_diagonal(found, 0)
    assert np.abs(found).max() < 5.5 / math.sqrt(MANY)
    squares = np.corrcoef(np.concatenate(columns, axis=1) ** 2, rowvar=False)
    np.fill_diagonal(squares, 0)
    assert np.abs(squares).max() < 5.5 / math.sqrt(MANY)


def test_nobody_and_nothing_are_allowed() -> None:
    assert standard_normals(1, [], 3, Stream.PERSON).shape == (0, 3)
    assert standard_normals(1, [4, 2], 0, Stream.PERSON).shape == (2, 0)


@pytest.mark.parametrize("wrong", [-1, 1.5, "7", True, 2**63])
def test_a_seed_that_is_none(wrong: Any) -> None:
    with pytest.raises(RequestError, match="seed is a whole number from 0"):
        standard_normals(wrong, [0], 1, Stream.PERSON)


@pytest.mark.parametrize("wrong", [[-1], [0.5], [[1, 2]], ["a"], [2**63 - 1]])
def test_indices_that_are_none(wrong: Any) -> None:
    with pytest.raises(RequestError, match="counted by whole numbers from 0"):
        standard_normals(1, wrong, 1, Stream.PERSON)
