"""Covariates over time: entries at moments, and what holds between them.

Knows the three ways of filling the time between two entries, says each in a sentence, and gives for stretches of time
the one value that holds in each. It does not know where entries come from (`from_case.py`), nor any parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inotrope.drug import Sourced
from inotrope.errors import RequestError, shorten
from inotrope.population.bodies import UNITS
from inotrope.population.effects import WEIGHT
from inotrope.population.forms import Array
from inotrope.population.model import REPLACEMENT, Covariate, Model, OverTime
from inotrope.units import Quantity
from inotrope.units.registry import conversion

_SAYS = {
    OverTime.NEXT_CARRIED_BACKWARD: "up to and including an entry its value holds back to the entry before it; after "
    "the last entry the last value holds",
    OverTime.LAST_CARRIED_FORWARD: "from an entry on its value holds up to the next entry; before the first entry the "
    "first value holds",
    OverTime.LINEAR: "between two entries a straight line, of which each stretch takes the value in its middle; "
    "outside the entries the nearest value holds",
}

_DIES_AWAY = {"time_since_bypass": "recovery_half_life", "exponential_with_age": "half_life"}
"""Forms with a half-life, and its name in them."""
HALF_LIVES = 12.0
"""For how many the stretches are short: then 0.02 % of the effect is left."""
_OF_A_CLEARANCE, _OF_A_VOLUME = 24, 240
"""Stretches in a half-life. A level is amount over the volume of its own stretch, so a volume's step shows whole."""


@dataclass(frozen=True, slots=True)
class Series:
    """One covariate of one patient, or of many at common times.

    Attributes:
        unit: The unit of the values; empty for words.
        time_h: (entries,), ascending.
        value: (..., entries), numbers or words.
        grows: Whether it runs with the clock, as an age does, and so on a straight line, whichever way a model has for
            entries that were measured.
    """

    unit: str
    time_h: NDArray[np.float64]
    value: Array
    grows: bool = False

    @classmethod
    def of(cls, value: Any, *, unit: str = "", time_h: Any = 0.0, grows: bool = False) -> Series:
        """Return a proved series; one value without a time holds always.

        Raises:
            RequestError: Times that do not ascend, a number that is none, or another count of values than of times.
        """
        times, values = np.atleast_1d(np.asarray(time_h, dtype=np.float64)), np.atleast_1d(np.asarray(value))
        if values.shape[-1] != times.shape[-1] or times.ndim != 1 or times.size == 0:
            raise RequestError(f"A covariate has {values.shape[-1]} values at {times.size} times. Give one for each.")
        if np.isnan(times).any() or (np.diff(times) <= 0).any():
            raise RequestError(f"The times of a covariate do not ascend: {shorten(str(times.tolist()))} h.")
        if unit and (values.dtype.kind not in "fciu" or np.isnan(values).any()):
            raise RequestError(f"A covariate in {unit} is not a number: {shorten(str(values.tolist()))}.")
        return cls(unit, times, values, grows)

    @classmethod
    def of_quantity(cls, quantity: Quantity) -> Series:
        """Return a series of one quantity that holds always."""
        return cls.of(float(quantity.value), unit=quantity.unit)

    def way(self, covariate: Covariate) -> OverTime:
        """Return what fills the time between two entries."""
        return OverTime.LINEAR if self.grows else covariate.over_time

    def in_unit_of(self, covariate: Covariate) -> Array:
        """Return the values in the unit that a model declares.

        Raises:
            RequestError: Words where the model asks for a number, or the other way round.
            UnitError: The units measure different things.
        """
        if self.unit == covariate.unit:
            return self.value
        if not self.unit or not covariate.unit:
            asked = f"a number in {covariate.unit}" if covariate.unit else "a word"
            raise RequestError(
                f"'{covariate.name}' is {shorten(str(self.value.tolist()))}; the model asks for {asked}."
            )
        up, down = conversion(self.unit, covariate.unit)
        return self.value * (float(up) / float(down))


def describe(covariate: Covariate) -> str:
    """Return in one sentence what holds between two entries of a covariate."""
    name = covariate.over_time.value.replace("_", " ")
    return f"{covariate.name}: {name}: {_SAYS[covariate.over_time]}."


def boundaries(
    model: Model, series: Mapping[str, Series], times_h: Iterable[float], *, longest_step_h: float = np.inf
) -> NDArray[np.float64]:
    """Return the moments between which every covariate of a model is taken as constant.

    Args:
        model: Which covariates count.
        series: Entries by covariate.
        times_h: Where something else begins: doses, changes of rate, extracorporeal clearance. The first is the start.
        longest_step_h: Where a covariate runs on a straight line, no stretch is longer than this up to its last entry;
            while what follows from it by a half-life has not died away, none is longer than a share of the half-life.

    Returns:
        (segments,), ascending, from the earliest of `times_h` on; the last stretch has no end.
    """
    own = _distinct(np.asarray(list(times_h), dtype=np.float64))
    found, start = [own], own[0]
    for name in model.needs:
        if name in series:
            times = series[name].time_h
            found.append(times[times > start])
            if (
                series[name].way(model.covariates[name]) is OverTime.LINEAR
                and times[-1] > start
                and longest_step_h < np.inf
            ):
                first = max(start, times[0])
                found.append(np.arange(first, times[-1], longest_step_h))
                for half_life_h, step_h in dying_away(model, name):
                    up, down = conversion(series[name].unit, "h")
                    since = (
                        float(np.min(series[name].value[..., 0].real)) * (float(up) / float(down)) + first - times[0]
                    )
                    if since < HALF_LIVES * half_life_h:
                        end = min(float(times[-1]), first + HALF_LIVES * half_life_h - since)
                        found.append(np.arange(first, end, min(step_h, longest_step_h)))
    return _distinct(np.concatenate(found))


def dying_away(model: Model, name: str) -> list[tuple[float, float]]:
    """Return, for whatever of a model dies away with a covariate, its half-life and the longest stretch, h."""
    found = []
    for parameter in model.parameters.values():
        for effect in parameter.effects:
            half_life = effect.numbers.get(_DIES_AWAY.get(effect.form, ""))
            if effect.of == name and isinstance(half_life, Sourced):
                hours = float(half_life.value.in_unit("h"))
                share = _OF_A_VOLUME if parameter.name.startswith("v") else _OF_A_CLEARANCE
                found.append((hours, hours / share))
    return found


def _distinct(times_h: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each time once, ascending: what `np.unique` does, which first loads masked arrays, a tenth of a plan."""
    ordered = np.sort(times_h)
    return np.asarray(ordered[np.append(True, ordered[1:] != ordered[:-1])])


def on_segments(series: Series, begin_h: Array, over_time: OverTime) -> Array:
    """Return the value that holds in each stretch of time.

    Args:
        series: Entries of one covariate.
        begin_h: (segments,), ascending; each stretch ends where the next begins, the last has no end. For the value to
            be the one and only of its stretch, the entries must be among them (`boundaries`).
        over_time: Which entry holds.

    Returns:
        (..., segments).
    """
    begin = np.asarray(begin_h, dtype=np.float64)
    end = np.append(begin[1:], np.inf)
    times, last = series.time_h, series.time_h.size - 1
    if over_time is OverTime.NEXT_CARRIED_BACKWARD:
        index = np.minimum(np.searchsorted(times, end, side="left"), last)
        return series.value[..., index]
    if over_time is OverTime.LAST_CARRIED_FORWARD:
        index = np.maximum(np.searchsorted(times, begin, side="right") - 1, 0)
        return series.value[..., index]
    middle = np.where(np.isinf(end), begin, (begin + np.where(np.isinf(end), begin, end)) / 2)
    at = np.clip(middle, times[0], times[-1])
    left = np.clip(np.searchsorted(times, at, side="right") - 1, 0, max(last - 1, 0))
    right = np.minimum(left + 1, last)
    width = times[right] - times[left]
    share = np.where(width > 0, (at - times[left]) / np.where(width > 0, width, 1), 0)
    return np.asarray(series.value[..., left] * (1 - share) + series.value[..., right] * share)


def on_records(values: Array, over_time: OverTime) -> Array:
    """Return the value that holds up to each record, from the values that stand in the records.

    The first record's own value holds at it. With the kinetics, expand the records with `next_carried_backward`, which
    takes the row of the record at the end of each interval, whatever the covariate's way.

    Args:
        values: (..., records), as a table of one subject has them.
        over_time: Which record's value holds between two records.
    """
    given = np.asarray(values)
    if over_time is OverTime.NEXT_CARRIED_BACKWARD:
        return given
    before = np.concatenate([given[..., :1], given[..., :-1]], axis=-1)
    return before if over_time is OverTime.LAST_CARRIED_FORWARD else (before + given) / 2


def values_over_time(model: Model, series: Mapping[str, Series], begin_h: Array) -> dict[str, Array]:
    """Return every covariate of a model that has a series, on each stretch, in the model's unit: (..., segments).

    Whether a machine replaces the kidneys comes along for every model, since it matters for each (`judge_domain`), and
    so do age and weight, in the units of `bodies.UNITS`: they tell of whom the model is asked.
    """
    found: dict[str, Array] = {}
    for name, covariate in model.covariates.items():
        if name in series:
            given = series[name]
            own = Series(covariate.unit, given.time_h, given.in_unit_of(covariate))
            found[name] = on_segments(own, begin_h, given.way(covariate))
    for name, unit in UNITS.items():
        if name in series and name not in found:
            given = series[name]
            up, down = conversion(given.unit, unit)
            own = Series(unit, given.time_h, given.value * (float(up) / float(down)))
            found[name] = on_segments(
                own, begin_h, OverTime.LAST_CARRIED_FORWARD if name == WEIGHT else OverTime.LINEAR
            )
    if REPLACEMENT in series and REPLACEMENT not in found:
        found[REPLACEMENT] = on_segments(series[REPLACEMENT], begin_h, OverTime.LAST_CARRIED_FORWARD)
    return found
