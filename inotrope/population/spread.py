"""How patients spread around a typical value, and measured levels around a predicted one.

Knows the log-normal form (parameter = typical value x exp(eta)), how a printed CV becomes omega, correlation, and the
two forms of residual error. It draws no random number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import RequestError
from inotrope.population.forms import Array
from inotrope.population.model import Model, Residual, ResidualForm


def omega_of_cv(cv: float) -> float:
    """Return omega, the standard deviation of eta, of a log-normal parameter: sqrt(ln(1 + cv^2)), cv as a share.

    Exact for the log-normal form; many papers print omega itself and call it a CV, which differs by 2 % at 30 %.
    """
    return math.sqrt(math.log1p(cv * cv))


def cv_of_omega(omega: float) -> float:
    """Return the CV of a log-normal parameter as a share: sqrt(exp(omega^2) - 1)."""
    return math.sqrt(math.expm1(omega * omega))


def omega_matrix(model: Model, *, between_occasions: bool = False) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the names of the parameters that spread, and the covariance matrix of their etas.

    Args:
        model: The model; a publication that prints no spread gives no names and an empty matrix.
        between_occasions: The spread of one patient from occasion to occasion, which has no correlations here.
    """
    spreads = model.variability.between_occasions if between_occasions else model.variability.between_subjects
    names = tuple(spreads)
    omegas = np.array([spreads[name].omega for name in names], dtype=np.float64)
    correlation = np.eye(len(names))
    for item in () if between_occasions else model.variability.correlations:
        row, column = (names.index(name) for name in item.of)
        correlation[row, column] = correlation[column, row] = float(item.value.value)
    return names, correlation * np.outer(omegas, omegas)


def individual(typical: Mapping[str, Array], etas: Mapping[str, Any]) -> dict[str, Array]:
    """Return typical value x exp(eta) for every parameter; one without an eta stays typical.

    Args:
        typical: By parameter, arrays (..., rows).
        etas: By parameter, arrays that broadcast with them: (..., 1) for deviations of a patient, (..., rows) where an
            occasion's deviation is added.

    Raises:
        RequestError: An eta for a parameter that the model does not have.
    """
    strange = [name for name in etas if name not in typical]
    if strange:
        raise RequestError(
            f"There is no parameter '{strange[0]}' to vary. Parameters: {', '.join(typical)}.", value=strange[0]
        )
    return {name: value * np.exp(etas[name]) if name in etas else value for name, value in typical.items()}


def on_occasions(deviations: Array, starts_h: Array, begin_h: Array) -> Array:
    """Return each segment's deviation, from those of the occasions.

    Args:
        deviations: (..., occasions).
        starts_h: (occasions,), ascending: when each occasion starts; what lies before the first belongs to it.
        begin_h: (segments,): when each segment begins.

    Returns:
        (..., segments).
    """
    index = np.searchsorted(np.asarray(starts_h), np.asarray(begin_h), side="right") - 1
    return np.asarray(deviations)[..., np.maximum(index, 0)]


def residual_sd(residual: Residual, level_ng_per_ml: Array) -> Array:
    """Return the standard deviation of a measured level, ng/mL, at a predicted level, ng/mL.

    Either sqrt(a^2 + (b f)^2) or a + b f, as the model states; a in ng/mL, b as a share, f the predicted level.
    """
    a = float(residual.a.value.in_unit("ng/mL"))
    b = float(residual.b.value.in_unit("%")) / 100
    level = np.asarray(level_ng_per_ml)
    if residual.form is ResidualForm.SUM:
        return a + b * level
    return np.sqrt(a * a + (b * level) ** 2)
