"""One model fitted to the levels of one patient: the most probable patient, the draws, the same at other errors.

Knows the order: set-up, domain, plausibility, mode, posterior. Each may refuse, and then nothing after it is asked.
Where the kidneys move, deviations and kidneys are drawn together before any level, and the levels weigh the pairs; the
most probable patient is that of the most probable kidneys.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import RequestError
from inotrope.estimation.building import problem_of
from inotrope.estimation.draw_weights import FEWEST, weigh_draws
from inotrope.estimation.etas import etas_of
from inotrope.estimation.importance import log_prior
from inotrope.estimation.kidney_path import Walk
from inotrope.estimation.mode import Mode
from inotrope.estimation.newton import find_mode
from inotrope.estimation.objective import log_likelihood
from inotrope.estimation.plausibility import judge_levels
from inotrope.estimation.posterior import Posterior, draw_prior, sample_posterior, strided
from inotrope.estimation.problem import ErrorModel, Floats, Levels, Problem
from inotrope.estimation.refusal_texts import refusal
from inotrope.estimation.refusals import judge_mode, judge_posterior
from inotrope.findings import Refusal
from inotrope.plan.fitting.kidneys import Kidneys
from inotrope.plan.fitting.person import Person
from inotrope.population import Circumstances, Model, SetUp, Standing, few_rows, knows_kidneys, series_of_case, set_up

UNTIL_H = 24.0
"""h from now; as far as a plan's forecast goes."""
FEWER_DRAWS = 2000
"""Of the first of them the same at another error is told."""
STARTS = 8
"""Where kidneys are drawn one is enough: no draw rests on the most probable patient, who is only shown beside them."""
AGAIN = 4
"""Patients for each kidney where a first go leaves too few."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What one error of the measurement leads to.

    Attributes:
        error: The error.
        problem: The question, with the most probable kidneys.
        mode: The most probable patient.
        posterior: The draws.
        person: The same draws with their kidneys.
        walk: The kidneys of the draws; None where they are held or not asked for.
        seen: (draws, levels + 1) ng/mL, the levels of each draw when they were measured, and last of all now.
    """

    error: ErrorModel
    problem: Problem
    mode: Mode
    posterior: Posterior
    person: Person
    walk: Walk | None
    seen: Floats

    @property
    def most_probable(self) -> Floats:
        """Return the most probable etas as one draw, (1, k)."""
        return np.asarray(self.mode.etas[None])


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What every model is asked alike."""

    patient: Circumstances
    kidneys: Kidneys
    levels: Levels
    molar_mass_g_per_mol: float | None
    draws: int
    seed: int


class Fitting:
    """One model and one patient, up to the answers at different errors."""

    def __init__(self, model: Model, asked: Asked, error: ErrorModel) -> None:
        """Set the model up."""
        self.model, self.asked, self.error = model, asked, error
        self.moves = knows_kidneys(model) and asked.kidneys.walk is not None
        case, kidney = asked.patient.case, asked.patient.kidney
        walk = asked.kidneys.walk
        self._kept: _Drawn | None = None
        self.setting: SetUp = set_up(
            model,
            asked.patient,
            series_of_case(model, case, kidney=kidney, earlier=asked.patient.earlier),
            until_h=UNTIL_H,
            cuts_h=() if walk is None or not self.moves else tuple(walk.knot_h),
            moving=asked.kidneys.most_probable(model) if self.moves else None,
        )

    def outside(self) -> Refusal | None:
        """Return why the model does not hold for the patient; None where it does."""
        remarks = [item.says for item in self.setting.domain.remarks if item.standing is Standing.REFUSAL]
        return refusal("out-of-domain", why=" ".join(remarks)) if remarks else None

    def usual(self) -> Person:
        """Return the typical patient with the most probable kidneys.

        Raises:
            RequestError: As `typical_values`.
        """
        typical = self.setting.typical()
        begin, row = self.setting.begin_h, np.arange(self.setting.begin_h.size)
        if not self.setting.machines:
            begin, row, typical = few_rows(self.setting.begin_h, typical)
        names = etas_of(self.model).names
        return Person(self.setting, begin, row, typical, names, np.zeros((1, len(names))))

    def _moments(self) -> tuple[str, ...]:
        """Return when each level was drawn, by the clock."""
        now = self.asked.patient.case.now
        minutes = (round(60 * float(hour)) for hour in self.asked.levels.time_h)
        return tuple(f"{now + timedelta(minutes=each):%Y-%m-%d %H:%M}" for each in minutes)

    def answer(self, usual: Person, times: float) -> Answer | tuple[Refusal, ...]:
        """Return the answer with the error times a factor, or why there is none."""
        error = self.error.scaled(times)
        problem = self._problem(usual, error)
        drawn = self._drawn(usual, problem)
        far = judge_levels(
            problem,
            molar_mass_g_per_mol=self.asked.molar_mass_g_per_mol,
            predicted=None if drawn is None else drawn.seen[:, :-1],
            moments=self._moments(),
        )
        if far:
            return far
        mode = find_mode(problem, starts=STARTS if drawn is None else 1, seed=self.asked.seed)
        refused = judge_mode(problem, mode)
        if refused is not None:
            return (refused,)
        if drawn is None:
            posterior = sample_posterior(problem, mode, draws=self.asked.draws, seed=self.asked.seed)
            person, walk = usual.with_etas(posterior.etas), None
        else:
            posterior, kept = self._weighed(drawn, problem)
            if posterior.refused:
                drawn = self._drawn_around(usual, problem, mode)
                posterior, kept = self._weighed(drawn, problem)
            kept = kept if times == 1 else kept[:FEWER_DRAWS]
            person, walk = drawn.person.taken(kept), drawn.walk.taken(kept)
        refused = judge_posterior(posterior)
        if refused is not None:
            return (refused,)
        seen = person.levels(self._times()) if drawn is None else drawn.seen[kept]
        return Answer(error, problem, mode, posterior, person, walk, seen)

    def _times(self) -> Floats:
        return np.append(self.asked.levels.time_h, 0.0)

    def _problem(self, person: Person, error: ErrorModel) -> Problem:
        return problem_of(
            self.model,
            timeline=person.timeline,
            typical=person.typical,
            levels=self.asked.levels,
            error=error,
            machines=self.setting.machines,
            begin_h=person.begin_h,
        )

    def _drawn(self, usual: Person, problem: Problem) -> _Drawn | None:
        """Return deviations and kidneys drawn together before any level, once; None where the kidneys do not count."""
        walk = self.asked.kidneys.walk
        if walk is None or not self.moves:
            return None
        if self._kept is None:
            etas = draw_prior(problem.omega, draws=self.asked.draws, seed=self.asked.seed)
            person = self.with_kidneys(usual, walk).with_etas(etas)
            self._kept = _Drawn(person, walk, person.levels(self._times()), np.zeros(len(etas)))
        return self._kept

    def _drawn_around(self, usual: Person, problem: Problem, mode: Mode) -> _Drawn:
        """Return more pairs, half of them moved to where the levels point: for a patient far from the middle.

        Each kidney is paired with several patients, in turn as the prior draws them and moved by the most probable
        etas: a mixture of two normals, of which the prior is one, so that no weight exceeds 2. Source: Owen, Monte
        Carlo theory, methods and examples, section 9.11 (defensive mixtures).
        """
        walk, draws = self.asked.kidneys.walk, self.asked.draws
        assert walk is not None  # a first go was drawn
        number = np.arange(AGAIN * draws)
        etas = draw_prior(problem.omega, draws=number.size, seed=self.asked.seed)
        etas[number // draws % 2 == 1] += mode.etas
        own = log_prior(problem, etas)
        proposed = np.logaddexp(own, log_prior(problem, etas - mode.etas)) - math.log(2)
        paired = walk.taken(number % draws)
        person = self.with_kidneys(usual, paired).with_etas(etas)
        return _Drawn(person, paired, person.levels(self._times()), own - proposed)

    def with_kidneys(self, usual: Person, walk: Walk) -> Person:
        """Return the draws of a walk as typical patients."""
        begin = self.setting.begin_h
        typical = self.setting.typical(self.asked.kidneys.drawn(self.model, walk, begin))
        return replace(usual, begin_h=begin, row=np.arange(begin.size), typical=typical)

    def _weighed(self, drawn: _Drawn, problem: Problem) -> tuple[Posterior, NDArray[np.int64]]:
        """Return what the levels leave of deviations and kidneys drawn together, and the draws that go on."""
        levels, count = self.asked.levels, len(drawn.seen)
        of_each = np.broadcast_to(levels.level_ng_per_ml, (count, levels.count))
        predicted = drawn.seen[:, :-1]
        many = replace(problem, levels=replace(levels, level_ng_per_ml=of_each), predict=lambda _: predicted)
        found = log_likelihood(many, drawn.person.etas) + drawn.log_ratio
        weighed = weigh_draws(found, draws=self.asked.draws)
        enough = weighed.enough
        kept = weighed.indices[strided(self.asked.draws)]
        posterior = Posterior(
            etas=drawn.person.etas[kept] if enough else drawn.person.etas[:0],
            method="joint draws" if levels.count else "prior",
            k_hat=math.nan,
            effective_fraction=weighed.effective / count,
            effective_draws=weighed.effective,
            log_marginal=weighed.log_marginal if enough else math.nan,
            log_marginal_sd=math.sqrt(max(1 / weighed.effective - 1 / count, 0.0)) if enough else math.nan,
            refused="" if enough else _too_few(weighed.effective, count),
        )
        return posterior, kept


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """Deviations and kidneys drawn together: `seen` as in `Answer`, `log_ratio` (draws,) of prior to proposal."""

    person: Person
    walk: Walk
    seen: Floats
    log_ratio: Floats


def _too_few(effective: float, count: int) -> str:
    return (
        f"of {count} patients drawn with their kidneys, the levels leave what {effective:.0f} are worth (needed: "
        f"{FEWEST:g})"
    )


def fit_model(
    model: Model, asked: Asked, error: ErrorModel
) -> tuple[Fitting, Person | None, Answer | tuple[Refusal, ...]]:
    """Return one model's set-up, its typical patient, and its answer at the stated error, or why there is none."""
    fitting = Fitting(model, asked, error)
    outside = fitting.outside()
    if outside is not None:
        return fitting, None, (outside,)
    try:
        usual = fitting.usual()
        return fitting, usual, fitting.answer(usual, 1.0)
    except RequestError as wrong:  # such as a line that gives no clearance above zero for this patient
        return fitting, None, (refusal("out-of-domain", why=wrong.says),)
