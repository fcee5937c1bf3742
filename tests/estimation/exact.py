"""Posteriors known otherwise: by many draws of the prior, by a grid, and by the algebra of normal distributions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from inotrope.estimation import ErrorModel, Levels, Problem
from inotrope.population import ResidualForm

CHUNK = 20_000
WIDER = (1.0, 1.6, 2.2)
FEW = 4_000
"""Effective draws, which leave an error of 0.016 SD."""


@dataclass(frozen=True)
class Exact:
    """Mean, covariance, log marginal, and how many independent draws stand behind them (infinite where none)."""

    mean: np.ndarray
    covariance: np.ndarray
    log_marginal: float
    effective: float = np.inf

    @property
    def sd(self) -> np.ndarray:
        return np.asarray(np.sqrt(np.diagonal(self.covariance)))


def log_density(problem: Problem, predicted: np.ndarray) -> np.ndarray:
    """Return the log-likelihood of levels seen, written out once more."""
    b, a = problem.error.b, problem.error.a_ng_per_ml
    sd = np.sqrt(a**2 + (b * predicted) ** 2)
    z = (problem.levels.level_ng_per_ml - predicted) / sd
    return np.asarray((-z * z / 2 - np.log(sd) - np.log(2 * np.pi) / 2).sum(axis=-1))


def weighed(etas: np.ndarray, logs: np.ndarray) -> Exact:
    """Return moments of weighted places; the mean of exp(logs) is the marginal."""
    weights = np.exp(logs - logs.max())
    log_marginal = logs.max() + np.log(weights.mean())
    effective = weights.sum() ** 2 / (weights**2).sum()
    weights /= weights.sum()
    mean = weights @ etas
    away = etas - mean
    return Exact(mean, (weights[:, None] * away).T @ away, float(log_marginal), float(effective))


def by_brute_force(problems: Sequence[Problem], draws: int, seed: int = 99) -> list[Exact]:
    """Return exact answers of patients with one curve function, by NumPy's own random draws.

    From the prior, and from the prior made wider, with the quotient of both as weight: of each patient the answer with
    more effective draws. Where these are few, a patient is drawn once more from where they lie, twice as wide and with
    the tails of t: whoever lies far from all others is met there.
    """
    first, generator = problems[0], np.random.default_rng(seed)
    count, root, found = first.count, np.linalg.cholesky(first.omega), []
    for wider in WIDER:
        white = generator.standard_normal((draws, count))
        etas = wider * white @ root.T
        parts = np.array_split(etas, max(1, draws // CHUNK))
        predicted = np.concatenate([first.predict(part) for part in parts])
        quotient = (1 - wider**2) * (white**2).sum(axis=-1) / 2 + count * np.log(wider)
        found.append([weighed(etas, log_density(problem, predicted) + quotient) for problem in problems])
    best = [max(of_patient, key=lambda exact: exact.effective) for of_patient in zip(*found, strict=True)]
    return [
        exact
        if exact.effective > FEW
        else max((exact, once_more(problem, exact, draws, generator)), key=lambda one: one.effective)
        for problem, exact in zip(problems, best, strict=True)
    ]


def once_more(problem: Problem, first: Exact, draws: int, generator: np.random.Generator) -> Exact:
    """Return an answer from draws around a first one, by a multivariate t with 5 degrees of freedom."""
    count, freedom = problem.count, 5
    root, prior = np.linalg.cholesky(2 * first.covariance), np.linalg.cholesky(problem.omega)
    heavy = np.sqrt(freedom / generator.chisquare(freedom, (draws, 1)))
    white = heavy * generator.standard_normal((draws, count))
    etas = first.mean + white @ root.T
    logs = np.concatenate(
        [log_density(problem, problem.predict(part)) for part in np.array_split(etas, draws // CHUNK)]
    )
    in_prior = np.linalg.solve(prior, etas.T).T
    logs += -(in_prior**2).sum(axis=-1) / 2 - np.log(np.diagonal(prior)).sum() - count / 2 * np.log(2 * np.pi)
    proposed = gammaln((freedom + count) / 2) - gammaln(freedom / 2) - count / 2 * np.log(freedom * np.pi)
    proposed -= np.log(np.diagonal(root)).sum() + (freedom + count) / 2 * np.log1p((white**2).sum(axis=-1) / freedom)
    return weighed(etas, logs - proposed)


def by_grid(problem: Problem, points: int = 401, farthest: float = 7.0) -> Exact:
    """Return the exact answer for one or two etas: the trapezoidal rule, exact for what vanishes at both ends."""
    axis = np.linspace(-farthest, farthest, points)
    grids = np.meshgrid(*[axis] * problem.count, indexing="ij")
    white = np.stack([grid.ravel() for grid in grids], axis=-1)
    etas = white @ np.linalg.cholesky(problem.omega).T
    logs = log_density(problem, problem.predict(etas)) - (white**2).sum(axis=-1) / 2
    exact = weighed(etas, logs)
    cell = problem.count * np.log(2 * farthest * points / (points - 1) / np.sqrt(2 * np.pi))
    return Exact(exact.mean, exact.covariance, exact.log_marginal + float(cell))


def linear(count: int = 3, levels: int = 4, seed: int = 0, error: float = 5.0) -> tuple[Problem, Exact]:
    """Return a problem whose curve is linear in the etas, and its exact answer: all is normal."""
    generator = np.random.default_rng(seed)
    slope = 30 * generator.standard_normal((levels, count))
    factor = generator.standard_normal((count, count))
    omega = 0.05 * (factor @ factor.T + np.eye(count))
    measured = 100 + slope @ (np.linalg.cholesky(omega) @ generator.standard_normal(count))
    problem = Problem(
        tuple(f"eta {place}" for place in range(count)),
        omega,
        Levels.of(np.arange(levels, dtype=float), measured),
        ErrorModel(ResidualForm.ROOT_OF_SQUARES, error, 0.0),
        lambda etas: 100 + (slope * np.asarray(etas)[..., None, :]).sum(axis=-1),
    )
    covariance = np.linalg.inv(np.linalg.inv(omega) + slope.T @ slope / error**2)
    mean = covariance @ slope.T @ (measured - 100) / error**2
    whole = slope @ omega @ slope.T + error**2 * np.eye(levels)
    away = measured - 100
    log_marginal = -(away @ np.linalg.solve(whole, away) + np.linalg.slogdet(2 * np.pi * whole)[1]) / 2
    return problem, Exact(mean, covariance, float(log_marginal))
