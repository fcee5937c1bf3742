"""What an answer's levels do between the times that were asked for: the true highest, and the points of a chart.

Knows that every turn of a curve is a beginning or an end of what flows, or lies between two of them where the kinetics
finds it exactly; a coarse grid passes over it and draws a smooth curve that nobody has. What was asked for stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inotrope.kinetics import Timeline, peak, trough
from inotrope.population.model import Residual
from inotrope.simulation.answer import Floats
from inotrope.simulation.levels import Doses, Patients, levels_of, machine_code, quantiles_of
from inotrope.simulation.measured import measured_quantiles

if TYPE_CHECKING:
    from inotrope.simulation.answer import Simulation

DRAWN = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles that a chart is drawn from, the lowest first."""
POINTS = 481
"""Even points of a chart's curve: more lie closer than a pixel."""
MOST_TURNS = 2_000
MOST_LEVELS = 4_000_000
"""Levels that are computed for a chart alone."""


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer's levels came from.

    Attributes:
        doses: What flows.
        patients: Into whom.
        turns_h: Where something that flows begins or ends, h.
        threads: For the machine code.
        residual: Of the measured levels that are shown; None where none are.
        seed: Of the random numbers.
    """

    doses: Doses
    patients: Patients
    turns_h: Floats
    threads: int
    residual: Residual | None
    seed: int

    def quantiles(self, times_h: Floats, shares: tuple[float, ...], *, first: int) -> Floats:
        """Return quantiles over all patients, (times, shares) ng/mL, of measured levels where those are shown."""

        def nobody(done: int, total: int) -> None:
            """Tell nobody how much is done."""

        if self.residual is None:
            return quantiles_of(self.doses, self.patients, times_h, shares, threads=self.threads, told=nobody)
        fast = machine_code(self.patients.count * times_h.size)

        def levels(few: Floats) -> Floats:
            return levels_of(self.doses, self.patients, few, threads=self.threads, told=nobody, fast=fast)

        count = self.patients.count
        return measured_quantiles(self.residual, times_h, shares, levels, patients=count, seed=self.seed, first=first)[
            0
        ]

    def turns_of_one(self, from_h: float, to_h: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the highest level of the first patient and the lowest after it, each with its time: ng/mL, h."""
        weight = self.patients.weight_kg[0]
        whole = Timeline.of_rates(
            self.doses.fixed.begin_h,
            weight * self.doses.per_kg.rate_mcg_per_h + self.doses.fixed.rate_mcg_per_h,
            row=self.doses.fixed.row,
        )
        parameters = self.patients.taken(0, 1).parameters
        high = peak(whole, parameters, from_h, to_h)
        low = trough(whole, parameters, float(high.at_h[0]), to_h)
        return (float(high.value[0]), float(high.at_h[0])), (float(low.value[0]), float(low.at_h[0]))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Curves that pass over no turn.

    Attributes:
        time_h: (points,), ascending: times that were asked for, and what lies between them.
        lines_ng_per_ml: (lines, points): the one curve, or one line for each of `shares`.
        shares: Of the lines; empty for the one curve.
        whole: Whether every turn is among the points.
        highest: Of the one curve its highest level, ng/mL, and when, h; else None.
        lowest: The lowest after it; None where it is the last moment, too.
    """

    time_h: Floats
    lines_ng_per_ml: Floats
    shares: tuple[float, ...]
    whole: bool
    highest: tuple[float, float] | None = None
    lowest: tuple[float, float] | None = None


def drawn(found: Simulation) -> Drawn | None:
    """Return the curves of an answer, between its first and its last time; None of a table, and where nothing is."""
    source, times = found.source, found.time_h
    if source is None or times is None or not times.size:
        return None
    first, last = float(times[0]), float(times[-1])
    levels = found.measured_ng_per_ml if found.measured_ng_per_ml is not None else found.concentration_ng_per_ml
    if levels is not None and levels.ndim == 1:
        highest, lowest = source.turns_of_one(first, last)
        turns = np.append(source.turns_h, [highest[1], lowest[1]])
        places = _places(times, turns)
        between, whole = _between(times, turns, 1)
        told = np.asarray(
            levels_of(source.doses, source.patients, between, threads=source.threads, told=lambda *_: None)
        )
        time_h, lines = _joined(times[places], levels[None, places], between, told)
        after = lowest if lowest[1] > highest[1] else None
        return Drawn(time_h, lines, (), whole, highest, after)
    places = _places(times, source.turns_h)
    if found.quantiles_ng_per_ml is not None:
        shares, lines = found.shares, found.quantiles_ng_per_ml[places].T
    else:
        assert levels is not None  # it is one or the other
        shares, lines = DRAWN, np.quantile(levels[:, places], DRAWN, axis=0)
    between, whole = _between(times, source.turns_h, source.patients.count)
    told = source.quantiles(between, shares, first=times.size).T
    time_h, lines = _joined(times[places], lines, between, told)
    return Drawn(time_h, lines, shares, whole)


def even_places(count: int, most: int) -> list[int]:
    """Return places of so many at most, even, with the first and the last of them."""
    if count <= most:
        return list(range(count))
    return [round(place * (count - 1) / (most - 1)) for place in range(most)]


def _places(times: Floats, turns: Floats) -> list[int]:
    """Return which of the times asked for are drawn: even ones, and every turn that is among them."""
    at = np.minimum(np.searchsorted(times, turns), times.size - 1)
    return sorted({*even_places(times.size, POINTS), *at[times[at] == turns].tolist()})


def _between(times: Floats, turns: Floats, patients: int) -> tuple[Floats, bool]:
    """Return the times to compute beside those asked for, and whether every turn is among all of them."""
    first, last = times[0], times[-1]
    room = MOST_LEVELS // patients
    inside = _apart(np.sort(turns[(turns > first) & (turns < last)]), times)
    if inside.size > room:
        return np.empty(0), False
    kept = inside[even_places(inside.size, MOST_TURNS)]
    even = min(POINTS, room - kept.size) if times.size < POINTS and last > first else 0
    added = _apart(np.linspace(first, last, even), times) if even > 1 else np.empty(0)
    return np.sort(np.concatenate([kept, added])), kept.size == inside.size


def _apart(times: Floats, others: Floats) -> Floats:
    """Return the times that are not among some others; by hand, for what NumPy has for it loads masked arrays."""
    nearest = others[np.minimum(np.searchsorted(others, times), others.size - 1)]
    apart: Floats = times[nearest != times]
    return apart


def _joined(asked: Floats, lines: Floats, between: Floats, told: Floats) -> tuple[Floats, Floats]:
    times = np.concatenate([asked, between])
    order = np.argsort(times, kind="stable")
    return times[order], np.concatenate([lines, told], axis=1)[:, order]
