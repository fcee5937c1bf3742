"""The most probable path of a clearance, by Gauss-Newton steps with exact derivatives.

Knows one prior and one series of creatinines. It draws nothing and weighs no prior against another (`kidney_walk.py`).
Unknown are the logarithms of the clearance at each knot up to the last creatinine, of production, of volume, and of the
first creatinine where that is free. Source: Nocedal and Wright, Numerical Optimization, 2nd edition, section 10.3;
derivatives by the complex step, Squire and Trapp 1998, SIAM Rev 40:110.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inotrope.estimation.creatinine_balance import MG_PER_L, Balance
from inotrope.estimation.problem import Floats
from inotrope.estimation.walk_spread import WalkSpread
from inotrope.population.forms import Array

MOST_STEPS = 200
"""Ten to twenty are the rule: what the creatinines contradict each other slows the last digits down."""
STILL = 1e-8
"""A step as short as this, in logarithms, was the last one."""
LONGEST = 3.0
"""Of a step, in logarithms: a factor of 20."""
FULL = 1e-4
"""A step shorter than this, in logarithms, is taken as it is: what it gains is near rounding."""
LENGTHS = 2.0 ** -np.arange(20)
"""Shares of a longer step that are tried; where not even the last leads down, the search has failed."""
_COMPLEX_STEP = 1e-30
_LEAST = 1e-300
"""Keeps nothing over nothing from being no number."""


@dataclass(frozen=True, slots=True, eq=False)
class WalkMode:
    """Where a search ended.

    Attributes:
        unknowns: (unknowns,), the most probable ones.
        root: (unknowns, unknowns), lower root of the Hessian of Gauss and Newton, of -log(posterior).
        log_evidence: Logarithm of how probable the creatinines were under this prior, up to a constant that the SDs of
            the path do not change (Laplace).
        steps: How many it took.
        converged: Whether the last step was as good as none.
    """

    unknowns: Floats
    root: Floats
    log_evidence: float
    steps: int
    converged: bool

    def drawn(self, deviates: Floats) -> Floats:
        """Return draws of the Gaussian around the mode, (draws, unknowns), from as many standard normal deviates."""
        return np.asarray(self.unknowns + np.linalg.solve(self.root.T, deviates.T).T)


@dataclass(frozen=True, slots=True, eq=False)
class WalkSearch:
    """The search for the most probable path: unknown are the path, production, volume and, where it is free, the start.

    Attributes:
        balance: On the knots up to the last creatinine.
        at: (creatinines,), the knot of each.
        measured: (creatinines,), logarithms of mg/dL.
        increments: (knots - 1,), SDs.
        spread: The other SDs.
        start_sd: That of the first creatinine; 0 leaves it out.
    """

    balance: Balance
    at: Array
    measured: Floats
    increments: Floats
    spread: WalkSpread
    start_sd: float

    def mode(self) -> WalkMode:
        """Return where the search ends, from a level path that holds the first creatinine."""
        knots = self.balance.knot_h.size
        held = self.balance.production_mg_per_h / (MG_PER_L * np.exp(self.measured[0]))
        here: Floats = np.append(np.full(knots, np.log(held)), np.zeros(3 if self.start_sd else 2))
        precision = self._precision()
        share, before = 1.0, np.zeros(here.size)
        for steps in range(1, MOST_STEPS + 1):  # noqa: B007 - how many it took is told
            slope, hessian = self._slope_and_hessian(here, precision)
            step = -np.asarray(np.linalg.solve(hessian, slope), dtype=np.float64)
            size = float(np.abs(step).max())
            if size > FULL:
                step *= min(1.0, LONGEST / size)
                length = self._length(here, step, precision)
            else:
                # A creatinine that rises as fast as it can bends more than Gauss and Newton see: a step that goes back
                # on the one before was too long by as much.
                share /= 1 + max(0.0, -float(step @ before) / max(float(before @ before), _LEAST))
                length, before = share, step
            here = here + length * step
            if size <= STILL or not length:
                break
        slope, hessian = self._slope_and_hessian(here, precision)
        root = np.asarray(np.linalg.cholesky(hessian), dtype=np.float64)
        evidence = -float(self._value(here, precision)) / 2
        evidence -= float(np.log(self.increments).sum() + np.log(np.diag(root)).sum())
        return WalkMode(here, root, evidence, steps, size <= STILL)

    def residual(self, unknowns: Array) -> Array:
        """Return (predicted - measured) / SD of each creatinine, (..., creatinines), from (..., unknowns)."""
        knots = self.balance.knot_h.size
        predicted = self.balance.creatinine(
            unknowns[..., :knots],
            log_production=unknowns[..., knots],
            log_volume=unknowns[..., knots + 1],
            log_start=unknowns[..., knots + 2] if self.start_sd else 0.0,
        )
        return np.asarray((np.log(predicted[..., self.at]) - self.measured) / self.spread.measurement)

    def slopes(self, unknowns: Floats) -> Floats:
        """Return the derivative of each residual by each unknown, (creatinines, unknowns), by the complex step."""
        columns = unknowns + 1j * _COMPLEX_STEP * np.eye(unknowns.size)
        return np.asarray(self.residual(columns).imag.T / _COMPLEX_STEP)

    def _precision(self) -> Floats:
        """Return the inverse covariance of the unknowns before anything was measured; none for the first clearance."""
        knots = self.balance.knot_h.size
        others = [self.spread.production, self.spread.volume, *([self.start_sd] if self.start_sd else [])]
        found = np.diag(np.concatenate([np.zeros(knots), np.array(others) ** -2.0]))
        change = np.diff(np.eye(knots), axis=0) / self.increments[:, None]
        found[:knots, :knots] += change.T @ change
        return found

    def _slope_and_hessian(self, here: Floats, precision: Floats) -> tuple[Floats, Floats]:
        slopes = self.slopes(here)
        slope = slopes.T @ self.residual(here) + precision @ here
        return slope, slopes.T @ slopes + precision

    def _value(self, here: Floats, precision: Floats) -> Floats:
        """Return -2 log posterior up to a constant, (...), of unknowns (..., unknowns)."""
        residual = self.residual(here)
        return np.asarray((residual * residual).sum(axis=-1) + (here * (here @ precision)).sum(axis=-1))

    def _length(self, here: Floats, step: Floats, precision: Floats) -> float:
        """Return the best length of a step; 0 where none leads down."""
        values = self._value(here + np.append(0.0, LENGTHS)[:, None] * step, precision)
        return float(np.append(0.0, LENGTHS)[values.argmin()])
