"""Every allowed rate scored on the same draws, and which of them is named.

Knows when a rate is named, when none is safe and when none reaches the range. It knows no patient and no model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation.problem import Floats
from inotrope.forecast import dose_search
from inotrope.plan.target.allowing.ways import RATE, Setting, Way
from inotrope.plan.target.curves import Curves, Draws
from inotrope.plan.target.search_record import TargetStatus
from inotrope.units import Quantity

ALIKE = 0.01
"""Scores that lie no farther apart are alike: a judgement. The top of the score is flat, so that its very highest point
hangs on the draws; nobody sees a hundredth of the time at a bedside, and of rates as good as the best what runs is
named, or else the lowest."""

ALIKE_SHARE = 0.1
"""And no farther than this share of the best score: where that is small itself, a hundredth is much of it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for: the range in ng/mL, what time above it counts, and the times with what each stands for."""

    low: float
    high: float
    penalty: float
    times_h: Floats
    weights: Floats

    def at(self, places: NDArray[np.int64]) -> Wanted:
        """Return the same at fewer times."""
        return replace(self, times_h=self.times_h[places], weights=self.weights[places])


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Every rate of every way; the arrays are (rates,), way after way, ascending in each.

    Attributes:
        way: The place of the way.
        setting: The place of the setting in it.
        rate: mcg/kg/min.
        below: Share of the time of all draws below the range, in it and above it.
        inside: See `below`.
        above: See `below`.
        score: What is in it minus the penalty times what is above.
    """

    way: NDArray[np.int64]
    setting: NDArray[np.int64]
    rate: Floats
    below: Floats
    inside: Floats
    above: Floats
    score: Floats

    def ranked(self) -> list[int]:
        """Return the places, the best first; of equal scores the lower rate, and that without a load."""
        return [int(place) for place in np.lexsort((self.way, self.rate, -self.score))]

    def best(self, count: int) -> list[int]:
        """Return the best places, the best first: no two of one way of beginning while another one is left."""
        first, ranked = list[int](), self.ranked()
        for place in ranked:
            if self.way[place] not in self.way[first]:
                first.append(place)
        chosen = [*first, *(place for place in ranked if place not in first)][:count]
        return sorted(chosen, key=ranked.index)

    def alike(self) -> list[int]:
        """Return the places whose score cannot be told from the best one, the lowest rate first."""
        best = self.score.max()
        near = min(ALIKE, ALIKE_SHARE * abs(best))
        places = [place for place in range(self.rate.size) if self.score[place] >= best - near]
        return sorted(places, key=lambda place: (self.rate[place], self.way[place]))

    def status(self) -> TargetStatus:
        """Return how the search ends: a rate is named only where time in the range outweighs time above it.

        Where no rate comes to more of either than nobody sees at a bedside, all are alike, and the lowest of them, a
        pause, is no answer for a level that lies below the range.
        """
        if max(self.inside.max(), self.above.max()) <= ALIKE:
            return TargetStatus.NONE_REACHES
        return TargetStatus.FOUND if self.score.max() > 0 else TargetStatus.NONE_SAFE

    def named(self) -> int:
        """Return the place of the lowest rate whose score is as good as the best: where that is above 0."""
        return next(place for place in self.alike() if self.score[place] > 0)


def score_ways(ways: tuple[Way, ...], curves: tuple[tuple[Curves, ...], ...], wanted: Wanted) -> Scored:
    """Return the scores of every rate of every way."""
    rows: list[tuple[float, ...]] = []
    for number, (way, stages) in enumerate(zip(ways, curves, strict=True)):
        for place, stage in enumerate(stages):
            of_stage = way.of_stage(place)
            if not of_stage:
                continue
            found = dose_search.score_rates(
                stage.base,
                stage.unit,
                [as_float(way.settings[index].rate) for index in of_stage],
                low=wanted.low,
                high=wanted.high,
                weights=wanted.weights,
                penalty=wanted.penalty,
            )
            shares = (found.rates, found.below, found.inside, found.above, found.score)
            rows += [(number, index, *row) for index, *row in zip(of_stage, *shares, strict=True)]
    way_of, setting, *numbers = np.array(rows).T
    return Scored(way_of.astype(np.int64), setting.astype(np.int64), *numbers)


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """Every rate of some ways, scored on the same draws."""

    ways: tuple[Way, ...]
    curves: tuple[tuple[Curves, ...], ...]
    wanted: Wanted
    scored: Scored

    def of(self, index: int) -> tuple[Way, Setting]:
        """Return the way and the setting of one rate."""
        way = self.ways[self.scored.way[index]]
        return way, way.settings[self.scored.setting[index]]

    def place_of(self, setting: int) -> int:
        """Return the place of a setting of the first way."""
        return int(np.flatnonzero((self.scored.way == 0) & (self.scored.setting == setting))[0])

    def levels(self, index: int) -> tuple[Curves, Floats]:
        """Return the curves of a rate's stage, and its levels, (draws, times) ng/mL."""
        way, setting = self.of(index)
        stage = self.curves[self.scored.way[index]][way.stage_of(setting.rate)]
        return stage, stage.base + as_float(setting.rate) * stage.unit


def search_ways(draws: Draws, ways: tuple[Way, ...], wanted: Wanted) -> Searched:
    """Return every rate of some ways on the same draws."""
    curves = draws.curves(ways, wanted.times_h)
    return Searched(ways, curves, wanted, score_ways(ways, curves, wanted))


def as_float(rate: Quantity) -> float:
    """Return a rate in mcg/kg/min."""
    return float(rate.in_unit(RATE))


def formula_of(penalty: float) -> str:
    """Say how a rate is scored, as it stands on every answer."""
    return f"score = {dose_search.formula_of(penalty)}"
