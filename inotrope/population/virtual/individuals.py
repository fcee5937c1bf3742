"""Individuals around a model's typical values, and measured levels around a predicted one: `spread.py` with numbers.

Knows which stream each kind of deviation takes: between subjects by patient, between occasions by patient and
occasion, residual error by patient and sample. Each draw depends on seed, patient and place alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from inotrope.errors import RequestError
from inotrope.population.forms import Array
from inotrope.population.model import Model, Residual
from inotrope.population.spread import individual, omega_matrix, on_occasions, residual_sd
from inotrope.population.virtual.even import even_normals
from inotrope.population.virtual.normal import Floats, correlated
from inotrope.population.virtual.randoms import Stream, normals_at, prove_patients, standard_normals, whole


def spreads(model: Model) -> bool:
    """Tell whether a model says how patients differ; where it does not, there are typical values and no individuals."""
    return bool(model.variability.between_subjects or model.variability.between_occasions)


def draw_etas(model: Model, *, patients: ArrayLike, seed: int) -> dict[str, Floats]:
    """Return how each patient deviates from the typical one.

    Returns:
        By parameter eta (patients, 1), normal with the model's omegas and correlations.
    """
    names, matrix = omega_matrix(model)
    indices = prove_patients(patients)
    if not names:
        return {}
    deviates = standard_normals(seed, indices, len(names), Stream.SUBJECT)
    return {name: eta[:, None] for name, eta in zip(names, correlated(matrix, deviates), strict=True)}


def draw_even_individuals(model: Model, typical: Mapping[str, Array], *, draws: int, seed: int) -> dict[str, Array]:
    """Return the parameters of draws of one person that lie evenly: few of them tell where 90 % of patients lie.

    Args:
        model: Says how they spread.
        typical: By parameter (rows,).
        draws: How many.
        seed: Of their pairing; see `even_normals`.

    Returns:
        By parameter (draws, rows); one without a spread as it came.

    Raises:
        RequestError: The model prints no spread.
    """
    _prove_spread(model)
    names, matrix = omega_matrix(model)
    if not names:
        return individual(typical, {})
    etas = correlated(matrix, even_normals(seed, draws, len(names)))
    return individual(typical, {name: eta[:, None] for name, eta in zip(names, etas, strict=True)})


def draw_occasion_etas(model: Model, *, patients: ArrayLike, seed: int, occasions: int) -> dict[str, Floats]:
    """Return how each patient deviates from himself on each occasion.

    Returns:
        By parameter eta (patients, occasions); occasion j is the same however many there are.
    """
    names, matrix = omega_matrix(model, between_occasions=True)
    indices, many = prove_patients(patients), whole("count of occasions", occasions)
    if not names:
        return {}
    drawn = standard_normals(seed, indices, many * len(names), Stream.OCCASION)
    deviates = drawn.reshape(indices.size, many, len(names))
    omegas = np.sqrt(np.diag(matrix))
    return {name: omegas[place] * deviates[:, :, place] for place, name in enumerate(names)}


def draw_etas_at(model: Model, *, patients: ArrayLike, occasions: ArrayLike, seed: int) -> dict[str, Floats]:
    """Return how patients deviate from themselves, one patient and one occasion for each row of a table.

    Returns:
        By parameter eta (rows,): column `occasion` of `draw_occasion_etas`.
    """
    names, matrix = omega_matrix(model, between_occasions=True)
    at = prove_patients(occasions)
    return {
        name: np.sqrt(matrix[place, place]) * normals_at(seed, patients, at * len(names) + place, Stream.OCCASION)
        for place, name in enumerate(names)
    }


def draw_individuals(
    model: Model,
    typical: Mapping[str, Array],
    *,
    patients: ArrayLike,
    seed: int,
    occasions_h: ArrayLike | None = None,
    begin_h: ArrayLike | None = None,
) -> dict[str, Array]:
    """Return the parameters of individuals: typical value x exp(eta of the patient + eta of the occasion).

    Args:
        model: Says how they spread.
        typical: By parameter (patients, rows), or (rows,) for draws of one and the same person.
        patients: (patients,), the indices of patients or draws.
        seed: Of the random numbers.
        occasions_h: (occasions,), ascending, when each occasion starts; without them there is but one, and between
            occasions nothing differs.
        begin_h: (rows,), when each row begins; needed with occasions.

    Returns:
        By parameter (patients, rows); one without a spread as it came.

    Raises:
        RequestError: The model prints no spread, so that every individual would be the typical one; occasions without
            the times of the rows, or for a model that knows none.
    """
    _prove_spread(model)
    etas: dict[str, Array] = dict(draw_etas(model, patients=patients, seed=seed))
    if occasions_h is not None:
        starts = np.atleast_1d(np.asarray(occasions_h, dtype=np.float64))
        if begin_h is None or not model.variability.between_occasions or (np.diff(starts) <= 0).any():
            raise RequestError(
                f"Occasions need ascending starts, the times of the rows, and a model that knows how a patient differs "
                f"between them. Model {model.name} knows: "
                f"{', '.join(model.variability.between_occasions) or 'nothing of it'}."
            )
        for name, drawn in draw_occasion_etas(model, patients=patients, seed=seed, occasions=starts.size).items():
            on_rows = on_occasions(drawn, starts, np.asarray(begin_h, dtype=np.float64))
            etas[name] = etas[name] + on_rows if name in etas else on_rows
    return individual(typical, etas)


def _prove_spread(model: Model) -> None:
    if not spreads(model):
        raise RequestError(f"Model {model.name} does not say how patients differ: only the typical one can be shown.")


def draw_measured(
    residual: Residual, level_ng_per_ml: ArrayLike, *, patients: ArrayLike, seed: int, first: int = 0
) -> Floats:
    """Return levels as a laboratory would have measured them: level + SD of the residual error x a normal deviate.

    Args:
        residual: Of a model.
        level_ng_per_ml: (patients, samples), or (samples,) where all have the same; ng/mL.
        patients: (patients,), indices.
        seed: Of the random numbers.
        first: The number of the first sample, where samples are drawn in parts.

    Returns:
        (patients, samples), ng/mL; sample j is the same however many there are. The error's form knows no zero: near
        the quantification limit a drawn level may lie below it or below 0, and is returned as it is.
    """
    level = np.asarray(level_ng_per_ml, dtype=np.float64)
    deviates = standard_normals(seed, patients, level.shape[-1], Stream.RESIDUAL, first=first)
    return np.asarray(level + residual_sd(residual, level) * deviates)


def draw_measured_at(
    residual: Residual, level_ng_per_ml: ArrayLike, *, patients: ArrayLike, samples: ArrayLike, seed: int
) -> Floats:
    """Return the same for rows of a table: level, patient and number of the patient's sample of each, (rows,)."""
    level = np.asarray(level_ng_per_ml, dtype=np.float64)
    return np.asarray(level + residual_sd(residual, level) * normals_at(seed, patients, samples, Stream.RESIDUAL))
