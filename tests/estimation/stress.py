"""Simulated patients whose levels are hard to explain: wide priors, precise levels, a level that is wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inotrope.estimation import Levels, Problem, problem_of
from inotrope.kinetics import Timeline
from inotrope.population import Stream, load_model, standard_normals, typical_values
from tests.estimation.models import ROOT, TYPICAL, write_model
from tests.estimation.reference import BEGIN_H, RATE_PER_KG

LEAST = 0.1  # ng/mL: no laboratory reports less


def stress(
    folder: Path, *, cv: float, b: float, times: Sequence[float], patients: int, wrong: int | None = None, seed: int = 3
) -> Problem:
    """Return the infusion of `map_estimates` in 70 kg, levels drawn from the model, one of them 3 times too high."""
    omega = math.sqrt(math.log1p(cv * cv))
    model = load_model(write_model(folder, omegas=dict.fromkeys(TYPICAL, omega), error=(ROOT, 0.5, 100 * b)))
    typical = typical_values(model, {"weight": np.full((patients, 1), 70.0)})
    timeline = Timeline.of_rates(BEGIN_H, 70 * RATE_PER_KG)

    def asked(levels: np.ndarray) -> Problem:
        return problem_of(model, timeline=timeline, typical=typical, levels=Levels.of(times, levels))

    blank = asked(np.ones((patients, len(times))))
    truth = blank.predict(omega * standard_normals(seed, np.arange(patients), 4, Stream.SUBJECT))
    errors = standard_normals(seed, np.arange(patients), len(times), Stream.RESIDUAL)
    measured = np.maximum(truth + blank.error.sd(truth) * errors, LEAST)
    if wrong is not None:
        measured[:, wrong] *= 3
    return asked(measured)
