"""Random numbers by place instead of by turn: number j of patient k of seed s, whoever asks, when and beside whom.

Knows a counter-based generator, Philox 4x64 of ten rounds: its key is seed and stream, its counter the patient and
which four numbers. So his numbers are the same alone, in a million, in any block, in any order and on any number of
threads, and asking for more numbers changes none of the first. It is written out here, since NumPy's takes counters in
ascending order only, and its module would slow the start of a plan. It knows no distribution but the normal.

Source: Salmon and others 2011, Parallel random numbers: as easy as 1, 2, 3 (SC11).
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import RequestError, shorten
from inotrope.population.virtual.normal import Floats, normal_of_words

Words: TypeAlias = NDArray[np.uint64]

_WORDS = 4  # that one counter gives
_HIGHEST = 2**63 - 1
_BLOCK = 2048
"""Patients at a time: their numbers stay in the cache. No answer depends on it."""

# Philox 4x64: multipliers, what is added to the key from round to round, rounds (Salmon 2011, table 2 and section 4).
_MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
_WEYL = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
_ROUNDS = 10
_ALL = 2**64 - 1
_LOW, _32 = np.uint64(2**32 - 1), np.uint64(32)


class Stream(IntEnum):
    """What the numbers are for: two streams of one seed have nothing to do with each other."""

    PERSON = 1
    SUBJECT = 2
    OCCASION = 3
    RESIDUAL = 4
    START = 5
    POSTERIOR = 6
    KIDNEY = 7
    EVEN = 8
    CHECK = 9
    RESPONSE = 10
    LEARNING = 11


def standard_normals(
    seed: int, patients: ArrayLike, count: int, stream: Stream, *, turn: int = 0, first: int = 0
) -> Floats:
    """Return standard normal deviates, each by its place alone.

    Args:
        seed: 0 or more, below 2^63.
        patients: Their indices, 0 or more, in any order, also the same one twice.
        count: How many for each.
        stream: What for.
        turn: Which set of numbers of the stream: a patient who is drawn anew takes the next.
        first: The number of the first of them, so that many can be asked for in parts.

    Returns:
        (patients, count). Number j of a patient is the same whatever the count and the first.

    Raises:
        RequestError: A seed, index, count or turn that is no whole number of 0 or more.
    """
    key, which = (whole("seed", seed), int(stream)), whole("turn", turn)
    wanted, places = prove_patients(patients), whole("count of numbers", count)
    start = whole("first number", first)
    found = np.empty((wanted.size, places))
    for begin in range(0, wanted.size, _BLOCK):
        block = slice(begin, begin + _BLOCK)
        found[block] = normal_of_words(_words(key, wanted[block].astype(np.uint64), places, which, start))
    return found


def normals_at(seed: int, patients: ArrayLike, places: ArrayLike, stream: Stream) -> Floats:
    """Return one standard normal deviate for each pair of a patient and a place, (pairs,): column j of the above.

    For rows of a table, where patients have different counts of them; four times the work for each number.

    Raises:
        RequestError: A seed, index or place that is no whole number of 0 or more, or other places than patients.
    """
    key = (whole("seed", seed), int(stream))
    wanted, at = prove_patients(patients), prove_patients(places)
    if wanted.shape != at.shape:
        raise RequestError(f"There are {wanted.size} patients and {at.size} places. Give one place for each.")
    found = np.empty(wanted.size)
    for begin in range(0, wanted.size, _BLOCK):
        own, place = wanted[begin : begin + _BLOCK].astype(np.uint64), at[begin : begin + _BLOCK]
        zero = np.zeros(own.size, np.uint64)
        words = philox(key, (own, (place // _WORDS).astype(np.uint64), zero, zero.copy()))
        found[begin : begin + _BLOCK] = normal_of_words(np.choose(place % _WORDS, words))
    return found


def _words(key: tuple[int, int], patients: Words, count: int, turn: int, first: int) -> Words:
    """Return (patients, count) words of 64 random bits, from number `first` on."""
    begin = first // _WORDS
    sets = -(-(first + count) // _WORDS) - begin
    shape = (patients.size, sets)
    counter = (
        np.repeat(patients, sets),
        np.tile(np.arange(begin, begin + sets, dtype=np.uint64), patients.size),
        np.full(patients.size * sets, turn, np.uint64),
        np.zeros(patients.size * sets, np.uint64),
    )
    words = np.stack(philox(key, counter), axis=-1).reshape(shape[0], sets * _WORDS)
    skipped = first - begin * _WORDS
    return np.ascontiguousarray(words[:, skipped : skipped + count])


def philox(key: tuple[int, int], counter: tuple[Words, Words, Words, Words]) -> tuple[Words, Words, Words, Words]:
    """Return the four words that Philox 4x64 of ten rounds makes of each counter.

    Args:
        key: Two words.
        counter: Four words each, the lowest first; arrays of one shape.
    """
    one, two, three, four = counter
    for step in range(_ROUNDS):
        first, second = (np.uint64((part + step * weyl) & _ALL) for part, weyl in zip(key, _WEYL, strict=True))
        high, low = _product(_MULTIPLIERS[0], one)
        other_high, other_low = _product(_MULTIPLIERS[1], three)
        one, two, three, four = other_high ^ two ^ first, other_low, high ^ four ^ second, low
    return one, two, three, four


def _product(factor: int, words: Words) -> tuple[Words, Words]:
    """Return the upper and the lower word of a product of 128 bits, by halves of 32 bits."""
    upper, lower = np.uint64(factor >> 32), np.uint64(factor & (2**32 - 1))
    words_upper, words_lower = words >> _32, words & _LOW
    middle = words_lower * lower
    middle >>= _32
    words_lower *= upper
    middle += words_lower
    cross = words_upper * lower
    cross += middle & _LOW
    middle >>= _32
    cross >>= _32
    words_upper *= upper
    words_upper += middle
    words_upper += cross
    return words_upper, words * np.uint64(factor)


def prove_patients(patients: ArrayLike) -> NDArray[np.int64]:
    """Return indices of patients as a flat array.

    Raises:
        RequestError: They are no whole numbers of 0 or more.
    """
    given = np.atleast_1d(np.asarray(patients))
    if given.size == 0:
        return np.empty(0, np.int64)
    if given.dtype.kind not in "iu" or given.ndim != 1 or given.min() < 0 or given.max() >= _HIGHEST:
        raise RequestError(
            f"Patients are counted by whole numbers from 0, in one row; '{shorten(str(patients))}' is none.",
            value=shorten(str(patients)),
        )
    return given.astype(np.int64)


def whole(what: str, value: Any) -> int:
    """Return a whole number of 0 or more.

    Raises:
        RequestError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not 0 <= value <= _HIGHEST:
        raise RequestError(f"A {what} is a whole number from 0; '{shorten(str(value))}' is none.", value=str(value))
    return int(value)
