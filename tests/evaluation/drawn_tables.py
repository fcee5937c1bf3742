"""Tables of virtual subjects for the tests of figures and checks, drawn with NumPy's own generator, and their fits.

A load of 50 mcg/kg over 10 min and 0.5 mcg/kg/min after it, levels at given hours; each subject has his own weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inotrope.estimation import ErrorModel, Levels, problem_of
from inotrope.estimation.many import Modes, Subject, find_modes
from inotrope.evaluation import LevelRows, TableFit
from inotrope.kinetics import Timeline
from inotrope.population import Model, load_model, typical_values
from tests.estimation.models import write_model

BEGIN_H, RATE_PER_KG = [0.0, 1 / 6, 24.0], np.array([300.0, 30.0, 0.0])  # mcg/kg/h
TIMES_H = (0.5, 6.0, 20.0, 26.0)
NONE = np.zeros(0)


def a_model(folder: Path, **changes: Any) -> Model:
    """Return the model of `map_estimates`, or one that differs from it."""
    return load_model(write_model(folder, **changes))


def modes_of_none(subjects: int, count: int) -> Modes:
    """Return modes that nobody searched: the check does not need them."""
    each = np.zeros(subjects, dtype=np.int64)
    square = np.zeros((subjects, count, count))
    yes = np.ones(subjects, dtype=np.bool_)
    zeros = np.zeros((subjects, count))
    names = tuple(str(place) for place in range(count))
    return Modes(names, zeros, zeros[:, 0], square, square, zeros[:, 0], each, yes, ~yes, each, each)


def table_of(
    model: Model,
    *,
    truth: Model | None = None,
    subjects: int = 40,
    seed: int = 1,
    times_h: Sequence[float] = TIMES_H,
    limit: float = 0.0,
    doses: Sequence[float] = (1.0,),
    searched: bool = False,
) -> TableFit:
    """Return the fit of a table that was drawn by a true model, by default the same one.

    Args:
        model: That is held against it.
        truth: That it is drawn by.
        subjects: How many.
        seed: Of NumPy's generator.
        times_h: Of the levels.
        limit: Of quantification, ng/mL.
        doses: What the doses of the subjects are multiplied by, in turn.
        searched: Whether the most probable etas are searched; else they stand as 0.
    """
    draws, real = np.random.default_rng(seed), model if truth is None else truth
    members, measured, expected = [], [], []
    for place, weight in enumerate(draws.uniform(50, 100, subjects)):
        timeline = Timeline.of_rates(BEGIN_H, doses[place % len(doses)] * RATE_PER_KG * weight)
        none = Levels.of(times_h, np.zeros(len(times_h)), weight=0)
        seen = []
        for one in (real, model):
            typical = typical_values(one, {"weight": np.array([weight])})
            seen.append(problem_of(one, timeline=timeline, typical=typical, levels=none))
        true, own = seen
        level = true.predict(draws.multivariate_normal(np.zeros(true.count), true.omega))
        level = np.maximum(level + true.error.sd(level) * draws.standard_normal(len(times_h)), 0.0)
        below = level < limit
        levels = Levels.of(times_h, np.where(below, limit, level), below=below)
        members.append(Subject(timeline, typical_values(model, {"weight": np.array([weight])}), levels))
        measured.append(levels)
        expected.append(own.predict(np.zeros(own.count)))
    assert model.residual is not None
    error = ErrorModel.of(model.residual)
    modes = find_modes(model, members) if searched else modes_of_none(subjects, 4)
    pred = np.concatenate(expected)
    individual = []
    for place, (member, levels) in enumerate(zip(members, measured, strict=True)):
        problem = problem_of(model, timeline=member.timeline, typical=member.typical, levels=levels)
        individual.append(problem.predict(modes.etas[place]))
    ipred = np.concatenate(individual)
    rows = LevelRows(
        subject=np.repeat(np.arange(subjects), len(times_h)),
        time_h=np.tile(np.asarray(times_h, dtype=np.float64), subjects),
        dv_ng_per_ml=np.concatenate([levels.level_ng_per_ml for levels in measured]),
        below=np.concatenate([levels.below for levels in measured]),
        pred=pred,
        ipred=ipred,
        sd=error.sd(ipred),
        early=np.zeros(ipred.size, dtype=np.bool_),
    )
    names = [name.partition(",")[0] for name in modes.names] if searched else []
    values = {
        name: np.exp(modes.etas[:, place]) * np.array([member.typical[name][0] for member in members])
        for place, name in enumerate(names)
    }
    return TableFit(
        model=model,
        title="drawn.csv",
        ids=tuple(str(101 + place) for place in range(subjects)),
        modes=modes,
        parameters=values,
        rows=rows,
        shrinkage={name: 0.1 * place for place, name in enumerate(names)},
        residual_shrinkage=0.2,
        subjects=tuple(members),
        occasions=(),
        error=error,
        error_is_own=True,
        says=("A remark.",),
        refused="",
        seed=0,
    )
