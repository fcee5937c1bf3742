"""The forecast of a plan: what the levels will be under what the plan proposes, or under what runs.

Knows how arrays become numbers with units; which regimen is meant, `given_ahead.py` knows. It proposes nothing: no
number of a forecast goes back into the dose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import SupportsFloat

from inotrope.drug import StudiedRange
from inotrope.forecast import Chances, Curve, Forecast, Highest, ModelForecast, forecast
from inotrope.forecast.record import Ahead
from inotrope.plan.bands import band_told, bands_at
from inotrope.plan.forecast_numbers import (
    HOUR,
    LEVEL,
    PERCENT,
    SEED,
    at,
    intervals,
    left_told,
    levels,
    quantity,
    spreading,
)
from inotrope.plan.forecast_record import (
    IN_THE_END,
    BandChance,
    HighestLevel,
    KidneyCourse,
    LevelCurve,
    LevelForecast,
    LevelsAhead,
    ModelLevels,
    Values,
    WhatIf,
)
from inotrope.plan.given_ahead import GivenAhead, given_ahead
from inotrope.plan.models import models_of
from inotrope.plan.outcome import Outcome
from inotrope.plan.what_if import Ask, Change, suppose
from inotrope.units import Quantity


@dataclass(frozen=True, slots=True, eq=False)
class Foreseen:
    """A forecast that was made, and how to ask what else would be: made once, asked often, and never changed.

    Attributes:
        outcome: What the plan found.
        meant: What is given from now on.
        found: The forecast of that.
        answering: The same of the models that answer; only they are asked about a change.
        again: Gives their forecast of another regimen or other kidneys, with the same draws.
    """

    outcome: Outcome
    meant: GivenAhead
    found: Forecast
    answering: Forecast
    again: Ask

    def suppose(self, change: Change) -> WhatIf:
        """Return what a change does to the levels."""
        return suppose(self.outcome, change, self.answering, self.meant, self.again)


def foresee(outcome: Outcome) -> Foreseen | None:
    """Return the forecast of a plan; None where neither a dose is proposed nor one was given: see `given_ahead`."""
    meant = given_ahead(outcome)
    if meant is None:
        return None
    models = models_of(outcome.drug)
    ask = partial(forecast, outcome.case, seed=SEED, drug=outcome.drug, kidney=outcome.kidney, bands=bands_of(outcome))
    found = ask(meant.regimen, models=models)
    answering = tuple(item for item in found.models if item.answers)
    able = {item.model for item in answering}
    # What is asked about a change is told for one way of moving kidneys alone, and by those that answer without it.
    again = partial(ask, models=tuple(model for model in models if model.name in able), ways_ahead=False)
    return Foreseen(outcome, meant, found, replace(found, models=answering), again)


def plan_forecast(outcome: Outcome, changes: tuple[Change, ...] = ()) -> LevelForecast | None:
    """Return the forecast of a plan as it is told; None where there is none."""
    foreseen = foresee(outcome)
    return None if foreseen is None else told(foreseen, changes)


def told(foreseen: Foreseen, changes: tuple[Change, ...] = ()) -> LevelForecast:
    """Return a forecast in numbers with their units, with what each change does."""
    found, outcome = foreseen.found, foreseen.outcome
    return LevelForecast(
        supposes=foreseen.meant.says,
        regimen=foreseen.meant.text,
        draws=found.draws,
        seed=found.seed,
        time=Values(HOUR, tuple(round(found.step_h * place, 6) for place in range(_count(found)))),
        bands=tuple(band_told(item) for item in found.bands),
        kidney=_kidney(outcome, found),
        models=tuple(model_levels(item, f"{found.until_h:g}") for item in found.models),
        first=found.first,
        highest_steady=_highest(found.highest_steady),
        highest_peak=_highest(found.highest_peak),
        says=found.says,
        refusals=found.refusals,
        what_if=tuple(foreseen.suppose(change) for change in changes),
    )


def bands_of(outcome: Outcome) -> tuple[StudiedRange, ...]:
    """Return the ranges of a plan; see `bands_at`."""
    return bands_at(outcome.drug, outcome.site)


def _kidney(outcome: Outcome, found: Forecast) -> KidneyCourse | None:
    if found.kidneys is None:
        return None
    # A plan whose kidneys are held waits for no estimation.
    from inotrope.plan.forecast_kidneys import kidney_course  # noqa: PLC0415

    return kidney_course(found.kidneys, outcome.case, outcome.kidney, until_h=found.until_h)


def _count(found: Forecast) -> int:
    return round(found.until_h / found.step_h) + 1


def model_levels(item: ModelForecast, hour: str) -> ModelLevels:
    """Return what one model says in numbers with their units; `hour` is that of the curves' end."""
    curve, end = None, None
    if item.curve is not None:
        curve, end = _curve(item.curve), spreading(at(item.curve, -1), LEVEL)
    at_hour = f"at {hour} h"
    return ModelLevels(
        model=item.model,
        title=item.title,
        kind=item.kind.value,
        standing=item.standing.value,
        remarks=tuple(remark.says for remark in item.remarks),
        refused=item.refused,
        kidneys=item.kidneys.value,
        curve=curve,
        now=spreading(item.now, LEVEL),
        at_the_end=end,
        peak=spreading(item.peak, LEVEL),
        peak_at=None if item.peak_at_h is None else quantity(item.peak_at_h, HOUR, 2),
        steady=spreading(item.steady, LEVEL),
        steady_says=item.steady_says,
        printed_deviation=None if item.printed_sd_ng_per_ml is None else quantity(item.printed_sd_ng_per_ml, LEVEL),
        time_to_90_percent=spreading(item.time_to_90_h, HOUR),
        chances=(*_at_the_end(item.chances, at_hour), *_in_the_end(item.steady_chances)),
        leaves=tuple(left_told(one) for one in item.leaving),
        ahead=tuple(_ahead(one, at_hour) for one in item.ahead),
        says=item.says,
        unconfirmed=item.unconfirmed,
        judged=item.judged,
        conflicts=tuple(conflict.says for conflict in item.conflicts),
        unknown=item.unknown,
        note=item.note,
        sources=item.sources,
        digest=item.digest,
    )


def _curve(curve: Curve) -> LevelCurve:
    return LevelCurve(levels(curve.typical_ng_per_ml), None if curve.spread is None else intervals(curve.spread))


def _at_the_end(chances: tuple[Chances, ...], when: str) -> tuple[BandChance, ...]:
    """Return the chances at the last time of a curve."""
    return tuple(_chance(item.band, when, item.below[-1], item.within[-1], item.above[-1]) for item in chances)


def _in_the_end(chances: tuple[Chances, ...]) -> tuple[BandChance, ...]:
    return tuple(_chance(item.band, IN_THE_END, item.below, item.within, item.above) for item in chances)


def _chance(band: str, when: str, *shares: SupportsFloat) -> BandChance:
    return BandChance(band, when, *(_share(float(share)) for share in shares))


def _share(share: float) -> Quantity:
    return quantity(100 * share, PERCENT)


def _ahead(item: Ahead, when: str) -> LevelsAhead:
    end = spreading(at(item.curve, -1), LEVEL)
    assert end is not None  # a value is told
    leaves = tuple(left_told(one) for one in item.leaving)
    return LevelsAhead(item.kidneys, _curve(item.curve), end, _at_the_end(item.chances, when), leaves)


def _highest(found: Highest | None) -> HighestLevel | None:
    return None if found is None else HighestLevel(found.model, quantity(found.level_ng_per_ml, LEVEL))
