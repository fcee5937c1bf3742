"""Many subjects in machine code: how they are laid end to end, and how threads share them.

Knows shapes and threads. The search itself stands in `search.py`, and what makes an end of it an answer in `mode.py`.
Loads Numba; only `finding.py` imports this file, and only when machine code is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from inotrope.errors import RequestError
from inotrope.estimation.derivatives import Derivatives
from inotrope.estimation.many.likelihood import ROOT_OF_SQUARES, SUM
from inotrope.estimation.many.search import search
from inotrope.estimation.many.subjects import Question, Subject
from inotrope.estimation.mode import Mode, best_of
from inotrope.estimation.newton import least_curvature, starting_places
from inotrope.kinetics import Parameters, at_times
from inotrope.kinetics.many import Many
from inotrope.kinetics.many.laying import SEGMENT_KINDS
from inotrope.kinetics.many.patients import in_parts
from inotrope.population import ResidualForm, disposition

ORDER = ("clearance", "volume", "q2", "v2", "q3", "v3")
"""Of the parameters in a row of `Many`."""


def lay(question: Question, subjects: Sequence[Subject]) -> Many:
    """Return the subjects end to end, with typical parameters and the times of their levels.

    Raises:
        RequestError: A typical parameter is not above 0.
        KineticsError: As `Many.of`.
    """
    typical = _typical(question, subjects)
    segments = None
    if any(subject.segment is not None for subject in subjects):
        segments = [
            at_times(subject.timeline, subject.levels.time_h) if subject.segment is None else subject.segment
            for subject in subjects
        ]
    times = [subject.levels.time_h for subject in subjects]
    return Many.of([subject.timeline for subject in subjects], typical, times, segments=segments)


def _typical(question: Question, subjects: Sequence[Subject]) -> Parameters | list[Parameters]:
    """Return the typical parameters of all subjects: as one where all have as many rows, which is faster."""
    own = [subject.rows(question.names) for subject in subjects]
    alike = len({one[question.names[0]].size for one in own}) == 1
    given = [{name: np.stack([one[name] for one in own]) for name in question.names}] if alike else own
    found = [disposition(question.model, values) for values in given]
    for one in found:
        for name, value in one.named().items():
            if not (value > 0).all():
                raise RequestError(f"A subject's {name} is {value.min():g}, and it is above 0 in every body.")
    return found[0] if alike else found


def modes_in_machine_code(
    question: Question, subjects: Sequence[Subject], *, starts: int, seed: int, threads: int
) -> Mode:
    """Return the modes of all subjects, ([subjects,] ...).

    Args:
        question: What they have in common.
        subjects: As many as wanted.
        starts: As for `find_mode`.
        seed: As for `find_mode`.
        threads: How many work at once; no bit of the answer depends on it.
    """
    return search_laid(question, lay(question, subjects), subjects, starts=starts, seed=seed, threads=threads)


def search_laid(
    question: Question, many: Many, subjects: Sequence[Subject], *, starts: int, seed: int, threads: int
) -> Mode:
    """Return the modes of subjects that are laid end to end already; see `modes_in_machine_code`."""
    prior, error = question.prior, question.error
    level, below, weight = (
        np.concatenate([getattr(one.levels, name) for one in subjects])
        for name in ("level_ng_per_ml", "below", "weight")
    )
    places = [question.etas.of_subject.get(name, -1) for name in ORDER[: 2 * many.compartments]]
    of_one = np.ascontiguousarray(starting_places(prior, starts, seed))
    count, subjects_there = prior.count, many.patients
    etas, gradient = (np.empty((starts, subjects_there, count)) for _ in range(2))
    value, hessian = np.empty((starts, subjects_there)), np.empty((starts, subjects_there, count, count))
    steps = np.empty((starts, subjects_there), dtype=np.int64)
    columns = [getattr(many, name) for name in SEGMENT_KINDS]

    given: tuple[Any, ...] = (
        many.compartments,
        *columns,
        many.offset_time,
        many.time_h,
        many.first_time,
        level,
        below,
        weight,
        np.array(places, dtype=np.int64),
        prior.whitening,
        SUM if error.form is ResidualForm.SUM else ROOT_OF_SQUARES,
        error.a_ng_per_ml,
        error.b,
        least_curvature(prior),
        of_one,
    )
    walk: Callable[..., None] = search  # its arguments are listed twice, which mypy takes for too many
    written = (etas, value, gradient, hessian, steps)

    def part(first: int, last: int) -> None:
        walk(*given, first, last, *written)

    in_parts(part, many.offset_segment + many.offset_time, threads=threads)
    return best_of(prior, etas, Derivatives(value, gradient, hessian), steps)
