"""Simulated patients whose levels are hard to explain: wide priors, precise levels, a level that is wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inotrope.estimation import Levels, Problem, problem_of
from inotrope.kinetics import Timeline
from inotrope.population import Stream, load_model, standard_normals, typical_values
from tests.estimation.models import ROOT, TYPICAL, write_model
from tests.estimation.reference import BEGIN_H, RATE_PER_KG

LEAST = 0.1  # ng/mL: no laboratory reports less


def stress(
    folder: Path,
    *,
    cv: float,
    b: float,
    times: Sequence[float],
    patients: int,
    wrong: int | None = None,
    seed: int = 3,
    vary: Sequence[str] = tuple(TYPICAL),
) -> Problem:
    """Return the infusion of `map_estimates` in 70 kg, levels drawn from the model, one of them 3 times too high."""
    omega = math.sqrt(math.log1p(cv * cv))
    model = load_model(write_model(folder, omegas=dict.fromkeys(vary, omega), error=(ROOT, 0.5, 100 * b)))
    typical = typical_values(model, {"weight": np.full((patients, 1), 70.0)})
    timeline = Timeline.of_rates(BEGIN_H, 70 * RATE_PER_KG)

    def asked(levels: np.ndarray) -> Problem:
        return problem_of(model, timeline=timeline, typical=typical, levels=Levels.of(times, levels))

    blank = asked(np.ones((patients, len(times))))
    truth = blank.predict(omega * standard_normals(seed, np.arange(patients), len(vary), Stream.SUBJECT))
    errors = standard_normals(seed, np.arange(patients), len(times), Stream.RESIDUAL)
    measured = np.maximum(truth + blank.error.sd(truth) * errors, LEAST)
    if wrong is not None:
        measured[:, wrong] *= 3
    return asked(measured)


DESIGNS: dict[str, dict[str, object]] = {
    "one level, 60 % CV": {"cv": 0.6, "b": 0.15, "times": [5.5]},
    "four levels, 100 % CV": {"cv": 1.0, "b": 0.15, "times": [0.5, 5.5, 23.5, 47.0]},
    "one level of four three times too high": {"cv": 0.3, "b": 0.15, "times": [0.5, 5.5, 23.5, 47.0], "wrong": 1},
    "one level of two three times too high": {"cv": 0.6, "b": 0.15, "times": [5.5, 23.5], "wrong": 0},
}
"""The four hard designs of which the project promises right answers or a refusal."""


def one_by_one(folder: Path, *, patients: int, **design: Any) -> list[Problem]:
    """Return the patients of a design as problems of their own, with one curve function."""
    together, alone = stress(folder, patients=patients, **design), stress(folder, patients=1, **design)
    times = together.levels.time_h

    def predict(etas: np.ndarray) -> np.ndarray:
        return alone.predict(np.asarray(etas)[..., None, :])[..., 0, :]

    return [
        Problem(together.names, together.omega, Levels.of(times, levels), together.error, predict)
        for levels in together.levels.level_ng_per_ml
    ]
