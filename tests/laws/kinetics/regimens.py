"""Regimens and parameters for the laws, generated.

Times lie on a grid of 1/64 h, so that differences of times are exact in binary, and what a law finds is the engine's
error and not that of the clock.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from tests.laws.kinetics.engine import Timeline, timeline

TICK_H = 1 / 64
Row = tuple[float, ...]


def between(low: float, high: float) -> st.SearchStrategy[float]:
    """A positive number, as likely near the low end as near the high one."""
    return st.floats(np.log(low), np.log(high)).map(lambda power: float(np.exp(power)))


LIMITS = ((0.2, 60.0), (1.0, 60.0), (0.1, 80.0), (1.0, 150.0), (0.05, 20.0), (5.0, 400.0))
"""CL, V1, Q2, V2, Q3, V3: from a newborn to a large adult, L/h and L."""


def rows(compartments: int) -> st.SearchStrategy[Row]:
    return st.tuples(*(between(*limits) for limits in LIMITS[: 2 * compartments]))


def any_row() -> st.SearchStrategy[Row]:
    return st.integers(1, 3).flatmap(rows)


@dataclass(frozen=True)
class Course:
    """A plain regimen of 1 to 8 segments, the last one without end."""

    begin_h: tuple[float, ...]
    rate: tuple[float, ...]
    bolus: tuple[float, ...]

    @property
    def end_h(self) -> float:
        """Six hours into the last segment."""
        return self.begin_h[-1] + 6

    def timeline(self, row: list[int] | None = None) -> Timeline:
        return timeline(self.begin_h, self.rate, self.bolus, row)

    def times(self, count: int = 25) -> np.ndarray:
        """Times over the whole course, each segment's begin among them, and one before the first dose."""
        spread = np.round(np.linspace(self.begin_h[0], self.end_h, count) / TICK_H) * TICK_H
        return np.unique([self.begin_h[0] - 1, *self.begin_h, *spread])

    def given(self, until_h: float) -> float:
        """mcg given from the beginning to `until_h`, a bolus at that very time included."""
        total = 0.0
        for begin, end, rate, bolus in zip(
            self.begin_h, (*self.begin_h[1:], np.inf), self.rate, self.bolus, strict=True
        ):
            if begin <= until_h:
                total += bolus + rate * (min(end, until_h) - begin)
        return total


@st.composite
def courses(draw: st.DrawFn, most: int = 8) -> Course:
    """Rates up to three times a large adult's maximum, pauses among them; boluses up to a load and more."""
    count = draw(st.integers(1, most))
    steps = draw(st.lists(st.integers(1, 18 * 64), min_size=count, max_size=count))
    starts = np.cumsum([draw(st.integers(0, 640)), *steps[:-1]]) * TICK_H
    amount = st.one_of(st.just(0.0), between(1, 10000))
    rates = draw(st.lists(amount, min_size=count, max_size=count))
    boluses = draw(st.lists(amount, min_size=count, max_size=count))
    if not any(rates) and not any(boluses):
        rates[0] = 1500.0
    return Course(tuple(float(start) for start in starts), tuple(rates), tuple(boluses))


@st.composite
def changing(draw: st.DrawFn, most: int = 8) -> tuple[Course, list[Row], list[int]]:
    """A course, the rows of parameters, and the row of each segment."""
    course = draw(courses(most))
    compartments = draw(st.integers(1, 3))
    many = draw(st.lists(rows(compartments), min_size=1, max_size=4))
    which = draw(st.lists(st.integers(0, len(many) - 1), min_size=len(course.begin_h), max_size=len(course.begin_h)))
    return course, many, which
