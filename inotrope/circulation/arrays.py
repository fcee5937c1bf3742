"""Arrays of this folder: float64, broadcast over leading axes, refused where they are no usable numbers.

Knows finiteness, signs and shapes, and how an error names the place of the first bad number. Does not know what the
numbers mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import CirculationError

Array: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

CHUNK = 8192
"""Patients worked on at a time: their numbers stay in the processor's cache, which is three times as fast as all at
once. No result depends on it."""


def numbers(name: str, value: ArrayLike) -> Array:
    """Return a float64 array.

    Raises:
        CirculationError: No numbers, or one that is not finite; it names the place.
    """
    try:
        found = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise CirculationError(f"{value!r} is no number or array of numbers.", value=value, where=name) from None
    if not np.isfinite(found).all():
        at = first(~np.isfinite(found))
        raise CirculationError(
            f"'{found[at]}' is not finite{place(at)}.", value=found[at], accepted="finite numbers", where=name
        )
    return found


def positive(name: str, value: ArrayLike) -> Array:
    """Return a float64 array of numbers above zero.

    Raises:
        CirculationError: As `numbers`, or a number is zero or below.
    """
    found = numbers(name, value)
    if (found <= 0).any():
        at = first(found <= 0)
        raise CirculationError(
            f"'{found[at]:g}' is not above zero{place(at)}.", value=found[at], accepted="above zero", where=name
        )
    return found


def first(mask: Mask) -> tuple[int, ...]:
    """Return the index of the first True."""
    return tuple(int(axis[0]) for axis in np.nonzero(np.atleast_1d(mask)))[: mask.ndim]


def place(index: Sequence[int]) -> str:
    """Return ` at [3, 1]`, or nothing for a single number."""
    return f" at [{', '.join(map(str, index))}]" if index else ""


def shape_of(arrays: Mapping[str, Array]) -> tuple[int, ...]:
    """Return the shape that arrays broadcast to.

    Raises:
        CirculationError: They do not fit together; every shape is named.
    """
    try:
        return np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items() if array.ndim)
        raise CirculationError(f"The shapes do not fit together: {shapes}.", value=shapes) from None


def chunks(arrays: Sequence[Array], shape: tuple[int, ...]) -> Iterator[tuple[slice, Array]]:
    """Yield slices of the flattened shape, and the arrays there as rows of one matrix `(arrays, patients)`."""
    flat = flattened(arrays, shape)
    for part in parts(shape):
        yield part, rows_at(flat, part)


def flattened(arrays: Sequence[Array], shape: tuple[int, ...]) -> list[Array]:
    """Return each array in one dimension of that shape, or as it is where it is a single number."""
    return [array if array.size == 1 else np.broadcast_to(array, shape).reshape(-1) for array in arrays]


def parts(shape: tuple[int, ...]) -> Iterator[slice]:
    """Yield the slices of the flattened shape that are worked on at a time."""
    whole = int(np.prod(shape, dtype=np.int64))
    for begin in range(0, whole, CHUNK):
        yield slice(begin, min(begin + CHUNK, whole))


def rows_at(flat: Sequence[Array], part: slice) -> Array:
    """Return a slice of flattened arrays as rows of one matrix."""
    rows = np.empty((len(flat), part.stop - part.start))
    for row, array in zip(rows, flat, strict=True):
        row[:] = array if array.size == 1 else array[part]
    return rows
