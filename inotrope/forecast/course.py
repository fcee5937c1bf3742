"""The levels of one model over time: the typical curve, the draws, when a range is left, and the level in the end.

Knows one model that is set up and may answer. Where the kidneys move, each draw has its own path of clearance, and the
levels are told for every way in which the kidneys may go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from inotrope.drug import StudiedRange
from inotrope.forecast.draws import chances_of, spread_of
from inotrope.forecast.leaving import leaving_of
from inotrope.forecast.person import KidneyChange, after_change
from inotrope.forecast.record import Ahead, Curve, Floats, ModelForecast, Value
from inotrope.kinetics import Parameters, Timeline, concentrations, peak, steady_concentration, time_to_steady_share
from inotrope.population import (
    Answer,
    Circumstances,
    Model,
    SetUp,
    disposition,
    draw_even_individuals,
    few_rows,
    knows_kidneys,
    spreads,
    values_over_time,
    with_machines,
)
from inotrope.population.forms import Array

if TYPE_CHECKING:
    from inotrope.estimation.kidney_path import KidneyAhead
    from inotrope.forecast.kidneys_ahead import KidneysAhead

STEADY_SHARE = 0.9
NO_SPREAD = (
    "The publication does not say how patients differ: the typical curve stands alone, without interval or chance."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every model alike.

    Attributes:
        patient: What every model is told of the patient, and what flows.
        change: What happens to the kidneys.
        given_known: Whether the record says what was given.
        last_mcg_per_h: The rate in the end; None where the regimen ends in a pause.
        times_h: Of the curve.
        bands: The studied ranges.
        draws: How many.
        seed: Of the random numbers.
        kidneys: Their paths where they move; None where they are held.
        ways_ahead: Whether the levels are told for every way in which they may go on.
    """

    patient: Circumstances
    change: KidneyChange | None
    given_known: bool
    last_mcg_per_h: float | None
    times_h: Floats
    bands: tuple[StudiedRange, ...]
    draws: int
    seed: int
    kidneys: KidneysAhead | None = None
    ways_ahead: bool = True

    def moving(self, model: Model) -> KidneysAhead | None:
        """Return the paths that count for a model; None where they are held, and for a model that draws no patients.

        A typical patient alone would stand on the most probable path alone, as if that were known: he keeps the
        estimate that doses, which is the lowest where the creatinine changes.
        """
        able = knows_kidneys(model) and spreads(model) and not model.lacking(Answer.TIME_COURSE)
        return self.kidneys if able else None

    def knots_h(self, model: Model) -> tuple[float, ...]:
        """Return the moments at which a path bends, h."""
        moving = self.moving(model)
        return () if moving is None else tuple(moving.walk.knot_h.tolist())

    def paths(self, model: Model) -> dict[str, Callable[[Floats], Floats]] | None:
        """Return the most probable path of each covariate that the kidneys give; from a change on what it leads to."""
        moving = self.moving(model)
        if moving is None:
            return None
        after = {} if self.change is None else after_change(model, self.patient.case, self.change)

        def path(name: str) -> Callable[[Floats], Floats]:
            def found(begin_h: Floats) -> Floats:
                walked = moving.typical(model, begin_h)[name]
                return (
                    self._changed(walked, values_over_time(model, after, begin_h)[name], begin_h) if after else walked
                )

            return found

        return {name: path(name) for name in moving.named(model)}

    def _changed(self, walked: Floats, after: Floats, begin_h: Floats) -> Floats:
        """Return a path that a change breaks off, (..., stretches)."""
        assert self.change is not None  # the caller looked
        return np.where(begin_h >= self.change.at_h, after, walked)

    def gone_on(self, setting: SetUp, found: Mapping[str, Floats]) -> dict[str, Floats]:
        """Return covariates on the stretches of a set-up as they are with the change, (..., stretches)."""
        if self.change is None:
            return dict(found)
        begin = setting.begin_h
        return {name: self._changed(value, setting.values[name], begin) for name, value in found.items()}


@dataclass(frozen=True, slots=True, eq=False)
class _Person:
    """The patient by one model: what flows, his parameters, those of his draws, and the row of the last stretch."""

    flow: Timeline
    typical: Parameters
    drawn: Parameters | None
    last: int


def course(setting: SetUp, asked: Asked, empty: ModelForecast) -> ModelForecast:
    """Return what a model says of the levels over time.

    Args:
        setting: The model, which may answer.
        asked: What is asked.
        empty: What is told of it in any case.

    Raises:
        RequestError: As `typical_values`.
    """
    person = _person(setting, asked)
    curve = concentrations(person.flow, person.typical, asked.times_h)
    many = None if person.drawn is None else _many(setting, asked, person)
    top = peak(person.flow, person.typical, float(asked.times_h[0]), float(asked.times_h[-1]))
    found = replace(
        empty,
        curve=Curve(asked.times_h, curve, None if many is None else spread_of(many.levels)),
        chances=() if many is None else chances_of(many.levels, asked.bands),
        leaving=() if many is None else leaving_of(many.every, many.every_h, asked.bands),
        ahead=_ahead(setting, asked),
        now=_value(curve[:1], None if many is None else many.levels[:, 0]) if asked.given_known else None,
        peak=_value(np.atleast_1d(top.value), None if many is None else many.every.max(axis=1)),
        peak_at_h=float(top.at_h),
        says=(
            *empty.says,
            *(() if many is not None else (NO_SPREAD,)),
            *(machine.says for machine in setting.machines),
        ),
    )
    return _in_the_end(asked, found, person)


@dataclass(frozen=True, slots=True, eq=False)
class _Many:
    """Levels of draws at the times of the curve, and at those and every change of rate between them, in order."""

    levels: Floats
    every: Floats
    every_h: Floats


def _many(setting: SetUp, asked: Asked, person: _Person) -> _Many:
    assert person.drawn is not None  # the caller looked
    begin, times = setting.begin_h, asked.times_h
    # Also where a rate changes: a load over 10 min is at its height between two times of the curve.
    steps = begin[(begin > times[0]) & (begin < times[-1])]
    every = np.concatenate([times, steps])
    levels = concentrations(person.flow, person.drawn, every)
    order = np.argsort(every, kind="stable")
    return _Many(levels[:, : times.size], levels[:, order], every[order])


def _ahead(setting: SetUp, asked: Asked) -> tuple[Ahead, ...]:
    """Return the levels of every other way in which moving kidneys may go on."""
    moving = asked.moving(setting.model)
    if moving is None or not asked.ways_ahead:
        return ()
    found = []
    for way in moving.other_ways:
        person = _person(setting, asked, way)
        curve = concentrations(person.flow, person.typical, asked.times_h)
        many = _many(setting, asked, person)
        found.append(
            Ahead(
                kidneys=way.value,
                curve=Curve(asked.times_h, curve, spread_of(many.levels)),
                chances=chances_of(many.levels, asked.bands),
                leaving=leaving_of(many.every, many.every_h, asked.bands),
            )
        )
    return tuple(found)


def _person(setting: SetUp, asked: Asked, ahead: KidneyAhead | None = None) -> _Person:
    """Return the patient by a model; `ahead` is the way in which moving kidneys go on, None for unchanged."""
    model, machines, begin = setting.model, setting.machines, setting.begin_h
    moving, typical = asked.moving(model), setting.typical()
    begin_rows, row, rows = begin, np.arange(begin.size), typical
    of_draws: Mapping[str, Array] = rows
    if moving is not None:
        rows = setting.typical(asked.gone_on(setting, moving.typical(model, begin, ahead)))
        of_draws = setting.typical(asked.gone_on(setting, moving.drawn(model, begin, ahead)))
    elif not machines:
        begin_rows, row, rows = few_rows(begin, typical)
        of_draws = rows
    drawn: Parameters | None = None
    if spreads(model):
        own = draw_even_individuals(model, of_draws, draws=asked.draws, seed=asked.seed)
        drawn = disposition(model, with_machines(own, begin_rows, machines))
    typically = disposition(model, with_machines(rows, begin_rows, machines))
    return _Person(setting.timeline(row), typically, drawn, int(row[-1]))


def _in_the_end(asked: Asked, found: ModelForecast, person: _Person) -> ModelForecast:
    """Return it with the steady level and the time to it, by the parameters of the last stretch."""
    last = np.array([person.last])
    typical = person.typical.taken(last)
    drawn = None if person.drawn is None else person.drawn.taken(last)
    share = time_to_steady_share(typical, STEADY_SHARE)
    shares = None if drawn is None else time_to_steady_share(drawn, STEADY_SHARE)[..., 0]
    found = replace(found, time_to_90_h=_value(share, shares))
    if asked.last_mcg_per_h is None:
        return found
    level = steady_concentration(typical, asked.last_mcg_per_h)
    many = None if drawn is None else steady_concentration(drawn, asked.last_mcg_per_h)[..., 0]
    return replace(
        found,
        steady=_value(level, many),
        steady_says="rate over clearance, when nothing changes any more",
        steady_chances=() if many is None else chances_of(many, asked.bands),
    )


def _value(typical: Floats, many: Floats | None) -> Value:
    return Value(float(typical[0]), None if many is None else spread_of(many))
