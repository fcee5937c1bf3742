"""Levels as a laboratory would have measured them: the residual error that a model states, drawn around each level.

Knows what becomes of a drawn level below 0: the error's form is a normal deviate and knows no zero, a laboratory does.
Such a level stands as 0 and is counted, as levels below a quantification limit are censored; drawing it anew would move
the mean of all the others. Quantiles above 0 stay those of the stated form.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from inotrope.errors import RequestError
from inotrope.population import Model, draw_measured, draw_measured_at
from inotrope.population.model import Residual
from inotrope.simulation.answer import Floats, many
from inotrope.simulation.levels import BLOCK


def residual_of(model: Model) -> Residual:
    """Return the residual error of a model.

    Raises:
        RequestError: The model states none.
    """
    if model.residual is None:
        raise RequestError(
            f"Model {model.name} does not state how far a measured level lies from the predicted one: no error of a "
            "measurement can be drawn. Leave residual out, or take a model that has a [residual].",
            value=model.name,
        )
    return model.residual


def measured(residual: Residual, levels: Floats, *, seed: int, first: int = 0) -> tuple[Floats, int]:
    """Return the measured levels of patients 0, 1, ..., ng/mL, and how many of them stand as 0.

    Args:
        residual: Of the model.
        levels: (patients, times), ng/mL.
        seed: Of the random numbers.
        first: The number of the first time, where they are taken in parts.
    """
    found = np.empty_like(levels)
    size = max(1, BLOCK // max(levels.shape[-1], 1))
    for start in range(0, levels.shape[0], size):
        few = levels[start : start + size]
        patients = np.arange(start, start + few.shape[0])
        found[start : start + size] = draw_measured(residual, few, patients=patients, seed=seed, first=first)
    return _from_zero(found)


def measured_rows(
    residual: Residual, levels: Floats, *, patients: ArrayLike, samples: ArrayLike, seed: int
) -> tuple[Floats, int]:
    """Return the same for rows of a table: level, patient and number of the patient's sample of each, (rows,)."""
    return _from_zero(draw_measured_at(residual, levels, patients=patients, samples=samples, seed=seed))


def measured_quantiles(
    residual: Residual,
    times_h: Floats,
    shares: tuple[float, ...],
    levels: Callable[[Floats], Floats],
    *,
    patients: int,
    seed: int,
    first: int = 0,
) -> tuple[Floats, int]:
    """Return quantiles of measured levels, (times, shares) ng/mL, and how many levels stand as 0.

    Args:
        residual: Of the model.
        times_h: (times,), in order; taken in parts, so that all curves are never held at once.
        shares: From 0 to 1.
        levels: Gives the levels at some times, (patients, times) ng/mL.
        patients: How many.
        seed: Of the random numbers.
        first: The number of the first time.
    """
    found, low = np.empty((times_h.size, len(shares))), 0
    size = max(1, min(times_h.size, 8 * BLOCK // patients))
    for start in range(0, times_h.size, size):
        drawn, below = measured(residual, levels(times_h[start : start + size]), seed=seed, first=first + start)
        found[start : start + size] = np.quantile(drawn, shares, axis=0).T
        low += below
    return found, low


def says_measured(residual: Residual, low: int, count: int) -> str:
    """Say what was drawn, and what became of levels below 0."""
    a, b = residual.a.value, residual.b.value
    return (
        f"Drawn: the error of a measurement, with the SD {residual.form.value}, a = {a}, b = {b}, f the level. Of "
        f"{many(count, 'measured level')} {low:,} fell below 0 and stand as 0: a laboratory reports none below it."
    )


def _from_zero(drawn: Floats) -> tuple[Floats, int]:
    below = drawn < 0
    drawn[below] = 0.0
    return drawn, int(np.count_nonzero(below))
