"""The search for every subject's most probable deviations: all at once, or one by one where occasions are told apart.

Knows which way serves whom, and how the answers of subjects with different numbers of occasions stand in one array.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from importlib.util import find_spec

import numpy as np

from inotrope.estimation import ErrorModel, find_mode, problem_of
from inotrope.estimation.many import Modes, Subject, find_modes
from inotrope.evaluation.levels import Deviating
from inotrope.evaluation.record import Ints
from inotrope.population import Model

MANY = 500
"""Subjects from which on loading the machine code is worth its time."""


def searched(
    model: Model,
    subjects: Sequence[Subject],
    occasions: Sequence[Ints],
    error: ErrorModel,
    *,
    starts: int,
    seed: int,
    threads: int,
    progress: Callable[[int], object],
) -> Modes:
    """Return the most probable etas of all subjects.

    Args:
        model: Says how patients differ.
        subjects: (N,).
        occasions: (N,), or none; see `TableFit`.
        error: Of the measurement.
        starts: As for `find_mode`.
        seed: As for `find_mode`.
        threads: Of the machine code; NumPy works with one.
        progress: Called with how many subjects more have been done.

    Raises:
        RequestError: No start.
        KineticsError: As `find_mode`.
    """
    fast = machine_code(len(subjects))
    with np.errstate(all="ignore"):  # what comes to no number does not converge, which is told, and not warned of
        if occasions:
            return _one_by_one(model, subjects, occasions, error, starts=starts, seed=seed, progress=progress)
        return find_modes(
            model,
            subjects,
            error=error,
            starts=starts,
            seed=seed,
            machine_code=fast,
            threads=threads if fast else 1,
            progress=progress,
        )


def machine_code(subjects: int) -> bool:
    """Tell whether so many subjects are searched in machine code."""
    return subjects >= MANY and find_spec("numba") is not None


def slow(subjects: int) -> bool:
    """Tell whether machine code would search so many subjects, and is not installed."""
    return subjects >= MANY and not machine_code(subjects)


def _one_by_one(
    model: Model,
    subjects: Sequence[Subject],
    occasions: Sequence[Ints],
    error: ErrorModel,
    *,
    starts: int,
    seed: int,
    progress: Callable[[int], object],
) -> Modes:
    deviating = Deviating(model, occasions)
    names = deviating.etas.names
    count, most = len(subjects), len(names)
    of_all = {"etas": np.full((count, most), np.nan)}
    of_all |= {name: np.full((count, most, most), np.nan) for name in ("hessian", "covariance")}
    alone: dict[str, list[object]] = {field.name: [] for field in fields(Modes)[1:] if field.name not in of_all}
    for place, subject in enumerate(subjects):
        problem = problem_of(
            model,
            timeline=subject.timeline,
            typical=subject.typical,
            levels=subject.levels,
            segment=subject.segment,
            error=error,
            occasion_of_row=occasions[place],
        )
        found = find_mode(problem, starts=starts, seed=seed)
        own = problem.count
        of_all["etas"][place, :own] = found.etas
        for name in ("hessian", "covariance"):
            of_all[name][place, :own, :own] = getattr(found, name)
        for name, column in alone.items():
            column.append(getattr(found, name))
        progress(1)
    return Modes(names, **of_all, **{name: np.array(column) for name, column in alone.items()})
