"""The door to the most probable parameters of many subjects: what is asked, and what comes back for each.

Knows both ways of searching, which answer alike, and no equation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import RequestError
from inotrope.estimation.many.grouped import modes_in_numpy
from inotrope.estimation.many.subjects import Question, Subject
from inotrope.estimation.mode import Mode
from inotrope.estimation.problem import Bools, ErrorModel, Floats
from inotrope.population import Model
from inotrope.population.virtual.randoms import whole

IN_ONE_GO = 1000
"""Subjects searched in machine code between two words of progress, for each thread."""


@dataclass(frozen=True, slots=True, eq=False)
class Modes:
    """The most probable etas of N subjects; each field as in `Mode`, with the subjects in front.

    Attributes:
        names: (k,) of the etas.
        etas: (N, k).
        objective: (N,).
        hessian: (N, k, k).
        covariance: (N, k, k); nan where a search did not converge.
        gradient: (N,), the largest component's size.
        iterations: (N,).
        converged: (N,).
        on_boundary: (N,).
        ended: (N,), how many starts ended in a minimum.
        distinct: (N,), how many distinct minima these are.
    """

    names: tuple[str, ...]
    etas: Floats
    objective: Floats
    hessian: Floats
    covariance: Floats
    gradient: Floats
    iterations: NDArray[np.int64]
    converged: Bools
    on_boundary: Bools
    ended: NDArray[np.int64]
    distinct: NDArray[np.int64]


def find_modes(
    model: Model,
    subjects: Sequence[Subject],
    *,
    error: ErrorModel | None = None,
    starts: int = 8,
    seed: int = 0,
    machine_code: bool = False,
    threads: int = 1,
    progress: Callable[[int], object] | None = None,
) -> Modes:
    """Return the most probable etas of each subject, as `find_mode` finds them one by one.

    Args:
        model: Of a course over time; says how patients differ. Occasions are not told apart.
        subjects: In any order.
        error: Of the measurement; None takes the model's own.
        starts: As for `find_mode`.
        seed: As for `find_mode`.
        machine_code: Whether Numba does it, which the extra `population` brings; else NumPy.
        threads: How many work at once in machine code; no bit of the answer depends on it. NumPy takes one.
        progress: Called with how many subjects more have been done.

    Raises:
        RequestError: No subject, one that fits no other or not the model, no start; or more threads in NumPy.
        KineticsError: As `find_mode`; or Numba is not installed.
    """
    if whole("count of starts", starts) == 0:
        raise RequestError("A search without a start finds nothing. Give 1 or more.", value="0")
    if threads > 1 and not machine_code:
        raise RequestError(f"{threads} threads need machine code: NumPy works with one.", value=str(threads))
    question = Question.of(model, subjects, error)
    parts: list[tuple[list[int], Mode]] = []
    if machine_code:
        from inotrope.estimation.many.machine_code import modes_in_machine_code  # noqa: PLC0415 - it loads Numba

        for first in range(0, len(subjects), IN_ONE_GO * threads):
            few = list(range(first, min(first + IN_ONE_GO * threads, len(subjects))))
            found = modes_in_machine_code(
                question, [subjects[place] for place in few], starts=starts, seed=seed, threads=threads
            )
            parts.append((few, found))
            _tell(progress, len(few))
    else:
        for few, found in modes_in_numpy(question, subjects, starts=starts, seed=seed):
            parts.append((few, found))
            _tell(progress, len(few))
    return _in_order(question.etas.names, parts)


def _tell(progress: Callable[[int], object] | None, more: int) -> None:
    if progress is not None:
        progress(more)


def _in_order(names: tuple[str, ...], parts: Sequence[tuple[list[int], Mode]]) -> Modes:
    """Return the modes of all parts, in the order of the subjects."""
    order = np.argsort([place for few, _ in parts for place in few])
    columns = {}
    for field in fields(Modes)[1:]:
        each = []
        for few, found in parts:
            own = np.asarray(getattr(found, field.name))
            alone = len(few) == 1 and found.objective.ndim == 0
            each.append(own[None] if alone else own)
        columns[field.name] = np.concatenate(each)[order]
    return Modes(names, **columns)
