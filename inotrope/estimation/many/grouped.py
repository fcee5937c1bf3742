"""Many subjects in NumPy: those whose doses and levels have one pattern are searched together, without padding.

Knows which subjects can be one problem: those whose parameters never change in time, with the same resets, steady
states and segments read. The others are searched one by one. The answer does not depend on the neighbors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence

import numpy as np

from inotrope.estimation.building import problem_of, unchanging
from inotrope.estimation.many.subjects import Question, Subject
from inotrope.estimation.mode import Mode
from inotrope.estimation.newton import find_mode
from inotrope.estimation.problem import Floats, Levels, Problem
from inotrope.kinetics import Plan

TOGETHER = 64
"""Searches in one go, subjects times starts: more would leave the cache. No answer depends on it."""

KEPT = 16 << 20
"""Bytes. The C library gives the memory of large arrays back to the system, and asking anew takes as long as the
arithmetic; glibc keeps arrays up to the size of the largest that it was ever given back (mallopt(3), M_MMAP_THRESHOLD).
Elsewhere this changes nothing."""


def modes_in_numpy(
    question: Question, subjects: Sequence[Subject], *, starts: int, seed: int
) -> Iterator[tuple[list[int], Mode]]:
    """Yield the places of some subjects and their modes, ([subjects,] ...), until all have been yielded.

    Args:
        question: What they have in common.
        subjects: As many as wanted.
        starts: As for `find_mode`.
        seed: As for `find_mode`.
    """
    np.empty(KEPT, dtype=np.uint8)
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    plans: dict[int, Plan] = {}
    own = [subject.rows(question.names) for subject in subjects]
    for place, subject in enumerate(subjects):
        if own[place][question.names[0]].size > 1:
            problem = problem_of(
                question.model,
                timeline=subject.timeline,
                typical=subject.typical,
                levels=subject.levels,
                segment=subject.segment,
                error=question.error,
            )
            yield [place], find_mode(problem, starts=starts, seed=seed)
            continue
        plans[place] = Plan.of(subject.timeline, subject.levels.time_h, subject.segment)
        groups[plans[place].pattern].append(place)
    size = max(1, TOGETHER // starts)
    for members in groups.values():
        for first in range(0, len(members), size):
            few = members[first : first + size]
            yield few, find_mode(_together(question, few, subjects, own, plans), starts=starts, seed=seed)


def _together(
    question: Question,
    few: Sequence[int],
    subjects: Sequence[Subject],
    own: Sequence[Mapping[str, Floats]],
    plans: Mapping[int, Plan],
) -> Problem:
    """Return the problem of a few subjects of one pattern, with their own typical parameters and plans."""
    typical = {name: np.stack([own[place][name] for place in few]) for name in question.names}
    levels = [subjects[place].levels for place in few]
    columns = {
        name: np.stack([getattr(one, name) for one in levels])
        for name in ("time_h", "level_ng_per_ml", "below", "weight")
    }
    predict = unchanging(question.model, question.etas, typical, Plan.joined([plans[place] for place in few]))
    return Problem(question.etas.names, question.etas.omega, Levels(**columns), question.error, predict)
