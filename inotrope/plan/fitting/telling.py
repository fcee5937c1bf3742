"""What one model's fit comes to, as it is told: parameters, levels, curve, the same at other errors, ways ahead."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from inotrope.drug import StudiedRange
from inotrope.estimation.default_error import default_error, default_parts
from inotrope.estimation.kidney_covariates import INDEXED
from inotrope.estimation.kidney_path import KidneyAhead
from inotrope.estimation.models import ModelAverage
from inotrope.estimation.predictions import predict_levels
from inotrope.estimation.problem import ErrorModel, Floats
from inotrope.findings import Refusal
from inotrope.forecast.draws import spread_of
from inotrope.forecast.leaving import leaving_of
from inotrope.forecast.record import KidneysTaken
from inotrope.plan.fitting.levels import LevelsOfCase
from inotrope.plan.fitting.numbers import CLEARANCE, VOLUME, number, of_draws
from inotrope.plan.fitting.of_model import FEWER_DRAWS, UNTIL_H, Answer, Fitting
from inotrope.plan.fitting.person import Person
from inotrope.plan.fitting.record import (
    AtError,
    ErrorUsed,
    FitCurve,
    FittedEtas,
    FittedValue,
    LevelFit,
    ModelFit,
    WayAhead,
)
from inotrope.plan.forecast_numbers import HOUR, LEVEL, PERCENT, intervals, left_told, levels
from inotrope.plan.forecast_record import RangeLeft, Values
from inotrope.population import Model, Structure, knows_kidneys
from inotrope.population.model import DISPOSITION

CLEARED, NOW, STEADY, HALF_LIFE = "clearance", "level now", "steady level", "half-life"
OTHER_ERRORS = (0.5, 2.0)
_CURVE_DRAWS = 400
_STEPS_H = (0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0)
_MOST_POINTS = 200
_LOOKS_BACK_H = 48.0
"""h. A curve begins with the first dose, or so long before now, or before the first level where that is earlier."""
_BEFORE_LEVEL_H = 6.0
_ETA_DIGITS = 6
MOVING = (
    "The kidneys move: each draw has its own path of clearance through the creatinines; the most probable patient is "
    "that of the most probable path."
)
BLIND = "It does not know the kidneys, which change here: what they do to its clearance is not told."


def error_of(model: Model) -> tuple[ErrorModel, ErrorUsed]:
    """Return the error of a measurement that a model states, or else the project's own."""
    own = model.residual
    if own is not None:
        sources = tuple(dict.fromkeys((own.a.source, own.b.source)))
        used = ErrorUsed(own.form.value, own.a.value, own.b.value, True, "as the model states it", sources)
        return ErrorModel.of(own), used
    a, b = default_parts()
    error = default_error()
    says = "the publication states none: this project's own"
    return error, ErrorUsed(error.form.value, a.value, b.value, False, says, (a.source, b.source))


def values_of(fitting: Fitting, answer: Answer, usual: Person, mcg_per_h: float | None) -> tuple[FittedValue, ...]:
    """Return the parameters now, and what follows from them."""
    model, person = fitting.model, answer.person.first(FEWER_DRAWS)
    with_level = answer.problem.levels.count > 0
    best = usual.with_etas(answer.most_probable)
    before = np.diagonal(answer.problem.omega)
    left = dict(
        zip(answer.problem.names, np.minimum(answer.posterior.etas.var(axis=0) / before, 1.0).tolist(), strict=True)
    )

    def one(name: str, unit: str, shown: Callable[[Person], Floats]) -> FittedValue:
        draws, typical, own = (shown(item) for item in (person, usual, best))
        return of_draws(
            name,
            draws,
            unit,
            typical=float(typical[0]),
            most_probable=float(own[0]) if with_level else None,
            left=left.get(name) if with_level else None,
        )

    found = [
        one(name, VOLUME if name.startswith("v") else CLEARANCE, partial(Person.now, parameter=name))
        for name in DISPOSITION[model.structure]
    ]
    if model.structure is Structure.ONE:
        found.append(one(HALF_LIFE, HOUR, lambda item: math.log(2) * item.now("volume") / item.now("clearance")))
    found.append(one(NOW, LEVEL, lambda item: answer.seen[:, -1] if item is person else item.levels([0.0])[:, 0]))
    if mcg_per_h is not None:
        found.append(one(STEADY, LEVEL, lambda item: item.steady(mcg_per_h)))
    if answer.walk is not None:
        found.append(of_draws(INDEXED, fitting.asked.kidneys.now(answer.walk), "mL/min/1.73 m2"))
    return tuple(found)


def etas_of(answer: Answer) -> FittedEtas | None:
    """Return how far the patient lies from the typical one, and how sure that is; None without a level."""
    problem, mode, drawn = answer.problem, answer.mode, answer.posterior.etas
    if not problem.levels.count:
        return None
    left = np.cov(drawn, rowvar=False).reshape(problem.count, problem.count)
    return FittedEtas(
        of=problem.names,
        omega=_digits(np.sqrt(np.diagonal(problem.omega))),
        most_probable=_digits(mode.etas),
        covariance=_matrix(mode.covariance),
        correlation=_matrix(_correlation(mode.covariance)),
        draws_mean=_digits(drawn.mean(axis=0)),
        draws_covariance=_matrix(left),
        draws_correlation=_matrix(_correlation(left)),
    )


def _correlation(covariance: Floats) -> Floats:
    sd = np.sqrt(np.diagonal(covariance))
    return np.asarray(covariance / np.outer(sd, sd))


def _digits(values: Floats) -> tuple[float, ...]:
    return tuple(float(f"{value:.{_ETA_DIGITS}g}") for value in values.tolist())


def _matrix(values: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(_digits(row) for row in values)


def levels_of(answer: Answer, levels_of_case: LevelsOfCase) -> tuple[LevelFit, ...]:
    """Return each level that was used against the model."""
    if not levels_of_case.used:
        return ()
    predicted = predict_levels(answer.problem, answer.mode)
    spread = spread_of(answer.seen[:, :-1])
    return tuple(
        LevelFit(
            at=item.at,
            hours=item.hours,
            measured=item.value,
            below=item.below,
            typical=number(predicted.typical_ng_per_ml[place], LEVEL),
            most_probable=number(predicted.individual_ng_per_ml[place], LEVEL),
            ninety_from=number(spread.lowest[place], LEVEL),
            ninety_to=number(spread.highest[place], LEVEL),
            sd=number(float(answer.error.sd(predicted.individual_ng_per_ml[place])), LEVEL),
            residual_sds=None if item.below else round(float(predicted.residual[place]), 2),
        )
        for place, item in enumerate(levels_of_case.used)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Over:
    """Levels of the first draws over time: `seen` (draws, times), and from which place on they lie ahead."""

    times_h: Floats
    seen: Floats

    @property
    def ahead_h(self) -> Floats:
        return self.times_h[self.times_h >= 0]

    @property
    def ahead(self) -> Floats:
        return self.seen[:, self.times_h >= 0]


def over_time(fitting: Fitting, answer: Answer) -> _Over:
    """Return the levels of the first draws, from what was given to the end of a forecast."""
    times = curve_times(fitting.setting.begin_h[0], answer.problem.levels.time_h)
    return _Over(times, answer.person.first(_CURVE_DRAWS).levels(times))


def curve_of(over: _Over, answer: Answer, usual: Person) -> FitCurve:
    """Return the levels over time, from what was given to the end of a forecast."""
    times = over.times_h
    best = usual.with_etas(answer.most_probable).levels(times)[0] if answer.problem.levels.count else None
    return FitCurve(
        time=Values(HOUR, tuple(times.tolist())),
        typical=levels(usual.levels(times)[0]),
        most_probable=None if best is None else levels(best),
        intervals=intervals(spread_of(over.seen)),
    )


def curve_times(first_h: float, level_h: Floats) -> Floats:
    """Return the times of a curve, h from now, at even steps with now among them."""
    start = min(-_LOOKS_BACK_H, *(level_h - _BEFORE_LEVEL_H).tolist(), 0.0) if level_h.size else -_LOOKS_BACK_H
    start = max(start, float(first_h))
    step = next((step for step in _STEPS_H if (UNTIL_H - start) / step <= _MOST_POINTS), _STEPS_H[-1])
    return np.arange(math.ceil(start / step - 1e-9), math.floor(UNTIL_H / step + 1e-9) + 1) * step


def at_other_errors(fitting: Fitting, usual: Person, mcg_per_h: float | None) -> tuple[AtError, ...]:
    """Return clearance, level now and steady level with the error of a measurement at half and at double."""
    found = []
    for times in OTHER_ERRORS:
        answer = fitting.answer(usual, times)
        if isinstance(answer, tuple):
            found.append(AtError(times, (), " ".join(item.says for item in answer)))
            continue
        values = values_of(fitting, answer, usual, mcg_per_h)
        found.append(AtError(times, tuple(item for item in values if item.name in (CLEARED, NOW, STEADY)), ""))
    return tuple(found)


def ahead_of(
    fitting: Fitting, answer: Answer, usual: Person, over: _Over, bands: tuple[StudiedRange, ...]
) -> tuple[WayAhead, ...]:
    """Return the levels from now on if moving kidneys go on in each named way."""
    if answer.walk is None:
        return ()
    found, times = [], over.ahead_h
    some = answer.walk.taken(np.arange(min(_CURVE_DRAWS, len(answer.posterior.etas))))
    etas = answer.posterior.etas[:_CURVE_DRAWS]
    for way in KidneyAhead:
        seen = over.ahead
        if way is not KidneyAhead.UNCHANGED:
            seen = fitting.with_kidneys(usual, some.going_on(way)).with_etas(etas).levels(times)
        found.append(
            WayAhead(
                kidneys=way.value,
                at=number(times[-1], HOUR),
                level=of_draws(f"level at {times[-1]:g} h", seen[:, -1], LEVEL),
                time=Values(HOUR, tuple(times.tolist())),
                intervals=intervals(spread_of(seen)),
                leaves=leaves_of(seen, times, bands),
            )
        )
    return tuple(found)


def leaves_of(seen: Floats, times_h: Floats, bands: tuple[StudiedRange, ...]) -> tuple[RangeLeft, ...]:
    """Return when each range is left by draws, (draws, times)."""
    return tuple(left_told(item) for item in leaving_of(seen, times_h, bands))


def told(
    fitting: Fitting,
    usual: Person | None,
    answer: Answer | tuple[Refusal, ...],
    error: ErrorUsed,
    *,
    levels_of_case: LevelsOfCase,
    average: ModelAverage,
    mcg_per_h: float | None,
    bands: tuple[StudiedRange, ...],
) -> ModelFit:
    """Return everything that is told of one model."""
    model, domain = fitting.model, fitting.setting.domain
    weighed = average.models.get(model.name)
    kidneys, says = KidneysTaken.HELD if knows_kidneys(model) else KidneysTaken.NOT_USED, list[str]()
    if fitting.moves:
        kidneys = KidneysTaken.IN_MOTION
        says.append(MOVING)
    elif fitting.asked.kidneys.walk is not None:
        says.append(BLIND)
    says += [machine.says for machine in fitting.setting.machines]
    good = answer if isinstance(answer, Answer) else None
    assert good is None or usual is not None  # an answer is that of a patient
    over = None if good is None else over_time(fitting, good)
    return ModelFit(
        model=model.name,
        title=model.title,
        standing=domain.standing.value,
        remarks=tuple(remark.says for remark in domain.remarks),
        refusals=answer if isinstance(answer, tuple) else (),
        kidneys=kidneys.value,
        error=error,
        method="" if good is None else good.posterior.method,
        draws_worth=None if good is None else int(good.posterior.effective_draws),
        minima=None if good is None else int(good.mode.distinct),
        share=None if weighed is None else number(100 * weighed.share, PERCENT),
        share_error=None if weighed is None else number(100 * weighed.share_sd, PERCENT),
        values=() if good is None or usual is None else values_of(fitting, good, usual, mcg_per_h),
        etas=None if good is None else etas_of(good),
        levels=() if good is None else levels_of(good, levels_of_case),
        curve=None if good is None or usual is None or over is None else curve_of(over, good, usual),
        at_errors=()
        if good is None or usual is None or not levels_of_case.used
        else at_other_errors(fitting, usual, mcg_per_h),
        leaves=() if over is None else leaves_of(over.ahead, over.ahead_h, bands),
        ahead=() if good is None or usual is None or over is None else ahead_of(fitting, good, usual, over, bands),
        says=tuple(says),
        judged=model.judged,
        unconfirmed=model.unconfirmed,
        conflicts=tuple(item.says for item in model.conflicts),
        unknown=model.unknown,
        sources=(*model.sources, *error.sources),
        digest=model.digest,
    )
