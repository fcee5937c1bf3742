"""What an estimation is asked: measured levels, their error, how patients differ, and what a patient would show.

Knows shapes and what is meaningless. It knows no model (`building.py`), weighs nothing (`objective.py`) and seeks
nothing (`newton.py`). Etas are the deviations of one patient from the typical one on the logarithmic scale; a problem
may hold one patient, or many patients of one design along leading axes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import RequestError, shorten
from inotrope.population import ResidualForm
from inotrope.population.forms import Array
from inotrope.population.model import Residual

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Predict: TypeAlias = Callable[[Array], Array]
"""Etas (..., [patients,] k), real or complex, to levels in ng/mL (..., [patients,] levels)."""

SYMMETRIC = 1e-12
"""How far a covariance matrix may be from its own transpose, as a share of its largest entry: rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """What was measured; the leading axes are patients of one design and may be absent.

    Attributes:
        time_h: (levels,) h, when each was drawn; (..., levels) where that differs between patients.
        level_ng_per_ml: (..., levels) ng/mL; where `below` holds, the limit of quantification.
        below: (levels,) or (..., levels): only known to lie below the limit.
        weight: (levels,) or (..., levels), 1 by default: multiplies a level's share of the log-likelihood; 0 leaves the
            level out.

    Raises:
        RequestError: Shapes that do not fit, a number that is not finite or below 0, a limit of 0.
    """

    time_h: Floats
    level_ng_per_ml: Floats
    below: Bools
    weight: Floats

    def __post_init__(self) -> None:
        """Prove shapes and numbers."""
        shape = self.level_ng_per_ml.shape
        if (self.time_h.ndim != 1 and self.time_h.shape != shape) or not np.isfinite(self.time_h).all():
            raise RequestError("Levels need their times in h, one row of finite numbers.", value=str(self.time_h))
        for name, array in (("level", self.level_ng_per_ml), ("below", self.below), ("weight", self.weight)):
            if array.shape not in ((self.count,), shape) or shape[-1:] != (self.count,):
                raise RequestError(
                    f"Levels: '{name}' has the shape {array.shape} for {self.count} times.", value=array.shape
                )
        for name, array in (("level", self.level_ng_per_ml), ("weight", self.weight)):
            if not (np.isfinite(array) & (array >= 0)).all():
                raise RequestError(f"Levels: a {name} is not a finite number of 0 or more.", value=str(array))
        if (self.below & (self.level_ng_per_ml == 0)).any():
            raise RequestError("A level below a limit of 0 ng/mL says nothing. Give the limit of quantification.")

    @classmethod
    def of(
        cls, time_h: ArrayLike, level_ng_per_ml: ArrayLike, *, below: ArrayLike = False, weight: ArrayLike = 1.0
    ) -> Levels:
        """Return proved levels from scalars, lists or arrays; see the class.

        Args:
            time_h: h, one or (levels,).
            level_ng_per_ml: ng/mL, one, (levels,) or (..., levels).
            below: One for all, (levels,) or (..., levels).
            weight: As `below`.

        Raises:
            RequestError: As the class says.
        """
        times = np.atleast_1d(np.asarray(time_h, dtype=np.float64))
        levels = np.atleast_1d(np.asarray(level_ng_per_ml, dtype=np.float64))
        is_below, weights = np.asarray(below, dtype=np.bool_), np.asarray(weight, dtype=np.float64)
        return cls(
            times,
            levels,
            is_below if is_below.ndim else np.full(times.shape, is_below),
            weights if weights.ndim else np.full(times.shape, weights),
        )

    @classmethod
    def none(cls) -> Levels:
        """Return no level at all: the prior by itself."""
        return cls.of(np.empty(0), np.empty(0))

    @property
    def count(self) -> int:
        """How many levels each patient has."""
        return int(self.time_h.shape[-1])

    @property
    def patients(self) -> tuple[int, ...]:
        """The shape of the leading axes; empty for one patient."""
        return tuple(self.level_ng_per_ml.shape[:-1])


@dataclass(frozen=True, slots=True)
class ErrorModel:
    """How far a measured level lies from the predicted one: a normal deviate with an SD of the given form.

    Attributes:
        form: sqrt(a^2 + (b f)^2), or a + b f, with f the predicted level.
        a_ng_per_ml: The part that every level has, ng/mL.
        b: The part in proportion to the level, a share.

    Raises:
        RequestError: A part that is not a finite number of 0 or more, or both are 0.
    """

    form: ResidualForm
    a_ng_per_ml: float
    b: float

    def __post_init__(self) -> None:
        """Prove the two parts."""
        parts = (self.a_ng_per_ml, self.b)
        if not all(np.isfinite(part) and part >= 0 for part in parts) or not any(parts):
            raise RequestError(
                f"An error of a measurement with a = {self.a_ng_per_ml:g} ng/mL and b = {self.b:g} is none. Both are 0 "
                "or more, and one is above 0.",
                value=shorten(str(parts)),
            )

    @classmethod
    def of(cls, residual: Residual) -> ErrorModel:
        """Return the error that a model states."""
        a, b = float(residual.a.value.in_unit("ng/mL")), float(residual.b.value.in_unit("%")) / 100
        return cls(residual.form, a, b)

    def scaled(self, factor: float) -> ErrorModel:
        """Return the same form with both parts times a factor: half and double tell how much an answer rests on it."""
        return ErrorModel(self.form, self.a_ng_per_ml * factor, self.b * factor)

    def variance(self, level_ng_per_ml: Array) -> Array:
        """Return the variance of a measured level, (ng/mL)^2, at predicted levels, ng/mL, real or complex."""
        level = np.asarray(level_ng_per_ml)
        if self.form is ResidualForm.SUM:
            total: Array = self.a_ng_per_ml + self.b * level
            return total * total
        share: Array = self.b * level
        return self.a_ng_per_ml * self.a_ng_per_ml + share * share

    def sd(self, level_ng_per_ml: Array) -> Array:
        """Return the standard deviation of a measured level, ng/mL, at predicted levels, ng/mL, real or complex."""
        if self.form is ResidualForm.SUM:
            return np.asarray(self.a_ng_per_ml + self.b * np.asarray(level_ng_per_ml))
        return np.asarray(np.sqrt(self.variance(level_ng_per_ml)))


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """One patient's question, or that of many patients of one design.

    Attributes:
        names: (k,) of the etas: the parameter, or `<parameter>, occasion 2`.
        omega: (k, k), the covariance of the etas before anything was measured; positive definite.
        levels: What was measured.
        error: Of the measurement.
        predict: Etas (..., [patients,] k), real or complex, to levels in ng/mL (..., [patients,] levels).
        whitening: (k, k), the inverse of the lower root of `omega`: it makes etas independent with an SD of 1.

    Raises:
        RequestError: No eta, or a matrix of another size that is not symmetric and positive definite.
    """

    names: tuple[str, ...]
    omega: Floats
    levels: Levels
    error: ErrorModel
    predict: Predict
    whitening: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Prove names and covariance, and turn the covariance round once."""
        if not self.names:
            raise RequestError("Nothing differs between patients here, so that nothing can be estimated.")
        count, omega = len(self.names), np.asarray(self.omega)
        if omega.shape != (count, count) or not np.isfinite(omega).all():
            raise RequestError(
                f"The covariance of {count} etas is ({count}, {count}) finite numbers; here it is {omega.shape}."
            )
        root = _root(omega) if np.abs(omega - omega.T).max() <= SYMMETRIC * np.abs(omega).max() else None
        if root is None:
            raise RequestError(
                f"The covariance of {', '.join(self.names)} is not symmetric and positive definite. Leave out what "
                "does not vary, and check the correlations."
            )
        object.__setattr__(self, "whitening", np.linalg.inv(root))

    @property
    def count(self) -> int:
        """How many etas there are, k."""
        return len(self.names)

    @property
    def patients(self) -> tuple[int, ...]:
        """The shape of the patients' axes; empty for one patient."""
        return self.levels.patients


def _root(matrix: NDArray[Any]) -> Floats | None:
    """Return the lower root of a positive definite matrix; None of another one."""
    try:
        return np.asarray(np.linalg.cholesky(matrix))
    except np.linalg.LinAlgError:
        return None
