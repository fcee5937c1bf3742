"""Levels that no patient of a model would have, and the slip that would explain each: asked before anything is fitted.

Knows how a level is distributed before it is measured: by how patients differ and by the error of the measurement. A
level far outside would drag a fit after it, and the likeliest cause is no strange patient but a unit, a decimal point,
or a dose that nobody wrote down. It refuses; it corrects nothing.

The distance is taken on the scale on which every level has an error of 1, and on which levels of patients are about
normal: h(y) = asinh(b y / a) / b for an SD of sqrt(a^2 + (b y)^2), log(1 + b y / a) / b for a + b y. Mean and variance
over patients by the cubature of third degree, 2 k points. Source: Arasaratnam and Haykin 2009, IEEE Trans Autom Control
54:1254; h is the variance-stabilizing transformation of each error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inotrope.errors import RequestError
from inotrope.estimation.problem import Bools, ErrorModel, Floats, Levels, Problem
from inotrope.findings import Refusal
from inotrope.population import ResidualForm
from inotrope.population.forms import Array

IMPLAUSIBLE = 4.0
"""SDs of the prediction, a judgement: of 62,500 levels of the library models' own patients 32 lie as far out
(docs/calibration.md), while with a ten-fold slip most levels do, up to a CV of about 45 %."""
EXPLAINED = 2.0
"""SDs, a judgement: a slip explains a level where, without it, 95 % of the model's patients lie."""


@dataclass(frozen=True, slots=True)
class LevelSlip:
    """A known way in which a level goes wrong.

    Attributes:
        id: Its name.
        factor: What the level entered is multiplied by to be the true one.
        says: What would have happened.
    """

    id: str
    factor: float
    says: str


SLIPS: tuple[LevelSlip, ...] = (
    LevelSlip("mg-per-l", 1000.0, "the number is in mg/L (the same as mcg/mL) and was entered as ng/mL"),
    LevelSlip("ng-per-l", 0.001, "the number is in ng/L (the same as pg/mL) and was entered as ng/mL"),
    LevelSlip("ten-fold", 10.0, "the decimal point stands one place too far left, or the number is in mcg/dL"),
    LevelSlip("ten-fold", 0.1, "the decimal point stands one place too far right"),
    LevelSlip("ng-per-dl", 0.01, "the number is in ng/dL and was entered as ng/mL"),
    LevelSlip("mg-per-dl", 10_000.0, "the number is in mg/dL and was entered as ng/mL"),
)
"""Units in which laboratories report, each against ng/mL (the same as mcg/L), and the decimal point."""


def level_scores(problem: Problem) -> Floats:
    """Return how many SDs of its prediction each level lies from what the model's patients have.

    Args:
        problem: Of one patient, or of many of one design; of its levels below quantification the limit counts.

    Returns:
        ([patients,] levels); negative below, minus infinity for a level of 0 where the error is in proportion alone.
    """
    return _expected(problem.error, _of_all(problem)).scores(problem.levels.level_ng_per_ml)


def judge_levels(
    problem: Problem,
    *,
    molar_mass_g_per_mol: float | None = None,
    predicted: Floats | None = None,
    moments: Sequence[str] = (),
) -> tuple[Refusal, ...]:
    """Return a refusal for each level that is implausible under the prior, with the slips that would explain it.

    A level below quantification is implausible only where far more was to be expected. A level with a weight of 0 is
    not judged. One that lies far out is judged once more beside those that do not: a patient whose first level was
    high has a high one again. Levels that are all far out, as in one wrong unit, vouch for none of each other.

    Args:
        problem: Of one patient.
        molar_mass_g_per_mol: Of the drug; with it, nmol/L entered as ng/mL is among the slips.
        predicted: (draws, levels) ng/mL of draws that stand for all patients, where these differ in more than their
            etas, such as in the course of their kidneys; None makes them from the etas.
        moments: When each level was drawn, in words such as a clock time; by default the hours of the problem are said.

    Raises:
        RequestError: A problem of many patients.
    """
    if problem.patients:
        raise RequestError("Levels are judged for one patient. Give his problem alone.")
    of_all = _of_all(problem) if predicted is None else predicted
    found = implausible_levels(
        problem.levels, problem.error, of_all, molar_mass_g_per_mol=molar_mass_g_per_mol, moments=moments
    )
    return tuple(found.values())


def far_levels(levels: Levels, error: ErrorModel, predicted: Floats) -> Bools:
    """Return which levels lie far out, each by itself, whoever they are of, (levels,).

    Args:
        levels: (levels,).
        error: Of the measurement.
        predicted: (draws, levels) ng/mL of draws that stand for all patients, such as those of `standing_for_all`.
    """
    return _far_out(levels, _expected(error, predicted).scores(levels.level_ng_per_ml))


def implausible_levels(
    levels: Levels,
    error: ErrorModel,
    predicted: Floats,
    *,
    molar_mass_g_per_mol: float | None = None,
    moments: Sequence[str] = (),
) -> dict[int, Refusal]:
    """Return the refusals of `judge_levels` by the place of the level, (levels,) of one patient; see `far_levels`."""
    slips = SLIPS
    if molar_mass_g_per_mol is not None:
        says = "the number is in nmol/L and was entered as ng/mL"
        slips = (*SLIPS, LevelSlip("nmol-per-l", molar_mass_g_per_mol / 1000, says))
    expected = _expected(error, predicted)
    scores = expected.scores(levels.level_ng_per_ml)
    corrected = [(slip, expected.scores(slip.factor * levels.level_ng_per_ml)) for slip in slips]
    found = {}
    far = _far_out(levels, scores)
    beside = expected.beside(levels.level_ng_per_ml, ~far & ~levels.below & (levels.weight > 0))
    for place in np.flatnonzero(far & _far_out(levels, beside)):
        near = [(abs(float(own[place])), slip) for slip, own in corrected if abs(own[place]) <= EXPLAINED]
        near.sort(key=lambda pair: pair[0])
        at = int(place)
        moment = moments[at] if moments else f"{levels.time_h[at]:.4g} h"
        because = [slip for _, slip in near]
        found[at] = _refusal(levels, at, moment, score=float(scores[at]), expected=expected, slips=because)
    return found


def _far_out(levels: Levels, scores: Floats) -> Bools:
    far = np.where(levels.below, -scores, np.abs(scores)) > IMPLAUSIBLE
    return np.asarray(far & (levels.weight > 0))


@dataclass(frozen=True, slots=True, eq=False)
class _Expected:
    """Levels as they are to be expected, on the even scale: ([patients,] levels) each.

    Attributes:
        error: Of the measurement.
        middle: Mean over patients.
        sd: Of what is measured, over patients and measurements.
        given: Whether anything had been given before.
        of_all: (draws, [patients,] levels), those that stand for all patients.
    """

    error: ErrorModel
    middle: Floats
    sd: Floats
    given: Array
    of_all: Floats

    def scores(self, level_ng_per_ml: Floats) -> Floats:
        return np.asarray((even_scale(self.error, level_ng_per_ml) - self.middle) / self.sd)

    def beside(self, level_ng_per_ml: Floats, others: Array) -> Floats:
        """Return the same scores of one patient's levels beside some of them, by the rule of normal quantities."""
        off = self.of_all - self.middle
        together = off.T @ off / len(off)
        share = np.linalg.solve(together[others][:, others] + np.eye(int(others.sum())), together[others]).T
        away = even_scale(self.error, level_ng_per_ml) - self.middle
        left = self.sd**2 - (share * together[:, others]).sum(axis=1)
        return np.asarray((away - share @ away[others]) / np.sqrt(left))

    def level(self, score: float) -> Floats:
        """Return the level, ng/mL, that lies so many SDs from the middle; 0 where that would be below it."""
        return np.maximum(_level(self.error, self.middle + score * self.sd), 0.0)


def _expected(error: ErrorModel, predicted: Floats) -> _Expected:
    """Return what is to be expected, from levels that stand for all patients."""
    scale = even_scale(error, predicted)
    sd, given = np.sqrt(scale.var(axis=0) + 1), np.asarray(predicted.any(axis=0))
    return _Expected(error, scale.mean(axis=0), sd, given, scale)


def standing_for_all(omega: Floats) -> Floats:
    """Return etas that stand for all patients, (2 k, k): sqrt(k) SDs each way in k directions, of covariance (k, k)."""
    root = math.sqrt(len(omega)) * np.linalg.cholesky(omega).T
    return np.concatenate([root, -root])


def _of_all(problem: Problem) -> Array:
    """Return the levels of etas that stand for all patients."""
    points = standing_for_all(problem.omega)
    shape = (len(points), *[1] * len(problem.patients), problem.count)
    etas = np.broadcast_to(points.reshape(shape), (len(points), *problem.patients, problem.count))
    return problem.predict(etas)


def even_scale(error: ErrorModel, level_ng_per_ml: Array) -> Array:
    """Return levels on the scale on which each has an error of 1."""
    a, b = error.a_ng_per_ml, error.b
    level = np.asarray(level_ng_per_ml, dtype=np.float64)
    if b == 0:
        return np.asarray(level / a)
    if a == 0:
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(level) / b)
    both = b * level / a
    return np.asarray((np.log1p(both) if error.form is ResidualForm.SUM else np.arcsinh(both)) / b)


def _level(error: ErrorModel, even: Array) -> Array:
    """Return levels, ng/mL, from that scale."""
    a, b = error.a_ng_per_ml, error.b
    if b == 0:
        return np.asarray(even * a)
    if a == 0:
        return np.asarray(np.exp(b * even))
    return np.asarray((np.expm1(b * even) if error.form is ResidualForm.SUM else np.sinh(b * even)) * a / b)


def _refusal(
    levels: Levels, place: int, moment: str, *, score: float, expected: _Expected, slips: list[LevelSlip]
) -> Refusal:
    """Return why a level is not fitted, in words."""
    level, sign = levels.level_ng_per_ml[place], "<" if levels.below[place] else ""
    head = f"The level of {sign}{_plain(level, 4)} ng/mL at {moment} is implausible:"
    if not expected.given[place]:
        says = f"{head} nothing had been given before, as far as the dose history says."
        return Refusal("dose-history-incomplete", says, ("administrations", "concentration"))
    low, high = (float(expected.level(side * EXPLAINED)[place]) for side in (-1, 1))
    away = f"{abs(score):.0f} SDs" if math.isfinite(score) else "infinitely many SDs"
    fits = f"It would fit if {', or if '.join(slip.says for slip in slips)}." if slips else ""
    parts = (
        f"{head} of this model's patients 95 % would have {_plain(low, 3)} to {_plain(high, 3)} ng/mL there, and it "
        f"lies {away} {'above' if score > 0 else 'below'} their middle.",
        fits,
        "Check its unit and its time, whether it was drawn from the infusing line, and every dose before it.",
    )
    return Refusal("level-implausible", " ".join(part for part in parts if part), ("concentration",))


def _plain(value: float, digits: int) -> str:
    """Return a number by so many digits as a ward writes it: 21,200 and not 2.12e+04."""
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:,.0f}" if rounded >= 10**digits else f"{rounded:.{digits}g}"
