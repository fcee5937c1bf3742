"""Random numbers by place instead of by turn: number j of patient k of seed s, whoever asks, when and beside whom.

Knows a counter-based generator (Philox 4x64, ten rounds, of NumPy): its key is seed and stream, its counter the
patient and which four numbers. So a patient is the same alone, in a million, in any block, in any order and on any
number of threads, and asking for more numbers changes none of the first. It knows no distribution but the normal.

Source: Salmon and others 2011, Parallel random numbers: as easy as 1, 2, 3 (SC11).
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.random import Philox
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import RequestError, shorten
from inotrope.population.virtual.normal import Floats, normal_of_words

_WORDS = 4  # that one counter gives
_HIGHEST = 2**63 - 1
_BLOCK = 4096
"""Patients at a time: their numbers stay in the cache. No answer depends on it."""
_GAP = 64
"""Patients nobody asked for between two that somebody did: so many are drawn in vain sooner than start anew."""


class Stream(IntEnum):
    """What the numbers are for: two streams of one seed have nothing to do with each other."""

    PERSON = 1
    SUBJECT = 2
    OCCASION = 3
    RESIDUAL = 4


def standard_normals(seed: int, patients: ArrayLike, count: int, stream: Stream, *, turn: int = 0) -> Floats:
    """Return standard normal deviates, each by its place alone.

    Args:
        seed: 0 or more, below 2^63.
        patients: Their indices, 0 or more, in any order, also the same one twice.
        count: How many for each.
        stream: What for.
        turn: Which set of numbers of the stream: a patient who is drawn anew takes the next.

    Returns:
        (patients, count). Column j is the same whatever the count.

    Raises:
        RequestError: A seed, index, count or turn that is no whole number of 0 or more.
    """
    key, which = (whole("seed", seed), int(stream)), whole("turn", turn)
    wanted, places = prove_patients(patients), whole("count of numbers", count)
    found = np.empty((wanted.size, places))
    ascending = bool((np.diff(wanted) >= 0).all())
    order = slice(None) if ascending else np.argsort(wanted, kind="stable")
    sought = wanted[order]
    for begin in range(0, wanted.size, _BLOCK):
        block = slice(begin, begin + _BLOCK)
        words = _words(key, sought[block], places, which)
        found[block if isinstance(order, slice) else order[block]] = normal_of_words(words)
    return found


def _words(key: tuple[int, int], wanted: NDArray[np.int64], count: int, turn: int) -> NDArray[np.uint64]:
    """Return (patients, count) words of 64 random bits for patients in ascending order."""
    sets = -(-count // _WORDS)
    found = np.empty((wanted.size, sets * _WORDS), np.uint64)
    ends = (*(np.flatnonzero(np.diff(wanted) > _GAP) + 1).tolist(), wanted.size)
    begin = 0
    for end in ends:
        first = int(wanted[begin])
        picked = wanted[begin:end] - first
        length = int(picked[-1]) + 1
        neighbors = length == end - begin and bool((np.diff(picked) == 1).all())
        for index in range(sets):
            # NumPy raises the counter before it draws, so patient k reads counter k + 1.
            generator = Philox(key=key, counter=(first, index, turn, 0))
            words = generator.random_raw(_WORDS * length).reshape(length, _WORDS)
            columns = slice(_WORDS * index, _WORDS * (index + 1))
            found[begin:end, columns] = words if neighbors else words[picked]
        begin = end
    return np.ascontiguousarray(found[:, :count])


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
