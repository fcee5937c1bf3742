"""The algebraic heart and its reflex for many patients: what NumPy answers, by kernels and on threads.

Knows how patients are cut into parts. Every function takes and raises what its namesake of `loop` or `reflex` does,
and answers alike to 1e-12; no answer depends on the parts, the threads or the neighbors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike

from inotrope.circulation.arrays import Array, flattened, parts, rows_at
from inotrope.circulation.heart import Heart
from inotrope.circulation.loop import FIELDS, Circulation, gathered
from inotrope.circulation.many import kernels
from inotrope.circulation.reflex import Reflex, named_rows
from inotrope.errors import CirculationError


def solve(heart: Heart, *, threads: int = 1) -> Circulation:
    """Return the steady state of every patient.

    Args:
        heart: As for `loop.solve`.
        threads: How many work at once; the answer is the same for any number.

    Raises:
        CirculationError: For some patient there is none, or none was found; `threads` is below 1.
    """
    return attempt(heart, threads=threads).proven()


def attempt(heart: Heart, *, threads: int = 1) -> Circulation:
    """Return the steady state of every patient, and in `solved` for whom it is one; `solve` says the rest."""
    shape = heart.shape
    return gathered(_run(kernels.solve, list(heart.arrays.values()), shape, len(FIELDS), threads), shape)


def settle(heart: Heart, reflex: Reflex, *, set_point_mmhg: ArrayLike, threads: int = 1) -> tuple[Circulation, Array]:
    """Return the steady state in which pressure and reflex agree, and the signal of the reflex.

    Args:
        heart: As for `reflex.settle`.
        reflex: The gains.
        set_point_mmhg: The pressure at which the reflex is silent.
        threads: How many work at once; the answer is the same for any number.

    Raises:
        CirculationError: For some patient no steady state was found; `threads` is below 1.
    """
    found, signal = attempt_to_settle(heart, reflex, set_point_mmhg=set_point_mmhg, threads=threads)
    return found.proven(), signal


def attempt_to_settle(
    heart: Heart, reflex: Reflex, *, set_point_mmhg: ArrayLike, threads: int = 1
) -> tuple[Circulation, Array]:
    """Return the same, and in `solved` for whom it is a steady state; `settle` says the rest."""
    arrays, shape = named_rows(heart, reflex, set_point_mmhg)
    found = _run(kernels.settle, arrays, shape, len(FIELDS) + 1, threads)
    return gathered(found[:-1], shape), found[-1].reshape(shape)


def _run(
    kernel: Callable[[Array, Array, int], None],
    arrays: Sequence[Array],
    shape: tuple[int, ...],
    fields: int,
    threads: int,
) -> Array:
    """Return the rows that a kernel writes, `(fields, patients)`."""
    if threads < 1:
        raise CirculationError(
            f"'threads' is '{threads}'.", value=threads, accepted="a number of at least 1", where="threads"
        )
    flat = flattened(arrays, shape)
    found = np.empty((fields, int(np.prod(shape, dtype=np.int64))))

    def work(part: slice) -> None:
        kernel(rows_at(flat, part), found, part.start)

    if threads == 1:
        for part in parts(shape):
            work(part)
        return found
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, parts(shape)))
    return found
