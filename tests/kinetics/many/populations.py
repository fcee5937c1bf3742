"""Populations for the tests of kernels, and the answer of the reference to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from inotrope.kinetics import Parameters, Timeline, concentrations
from inotrope.kinetics.many import Many
from tests.laws.kinetics.engine import parameters
from tests.laws.kinetics.regimens import TICK_H, changing


def reference(
    timelines: Sequence[Timeline],
    all_parameters: Sequence[Parameters],
    times: Sequence[np.ndarray],
    segments: Sequence[np.ndarray] | None = None,
) -> np.ndarray:
    """The concentrations of one patient after the other, by NumPy."""
    which = [None] * len(times) if segments is None else segments
    return np.concatenate(
        [
            np.empty(0),
            *(
                concentrations(timeline, own, at, segment=segment)
                for timeline, own, at, segment in zip(timelines, all_parameters, times, which, strict=True)
                if len(at)
            ),
        ]
    )


def apart(found: np.ndarray, expected: np.ndarray) -> float:
    """The largest difference: relative, and where next to nothing is left, of the highest level."""
    assert np.isfinite(found).all()
    floor = 1e-3 * np.abs(expected).max(initial=0.0)
    return float((np.abs(found - expected) / np.maximum(np.abs(expected), floor + 1e-300)).max(initial=0.0))


@st.composite
def populations(draw: st.DrawFn) -> tuple[list[Timeline], list[Parameters], list[np.ndarray]]:
    """One to six patients with as many compartments, each with his own regimen, rows and times; some with none."""
    courses = draw(st.lists(changing(6), min_size=1, max_size=6))
    compartments = min(len(rows[0]) for _, rows, _ in courses)
    timelines, own, times = [], [], []
    for course, rows, which in courses:
        timelines.append(course.timeline(which))
        own.append(parameters(*(row[:compartments] for row in rows)))
        ticks = draw(st.lists(st.integers(-64, int(course.end_h / TICK_H)), max_size=70))
        times.append(np.sort(np.array([*ticks, *(np.array(course.begin_h) / TICK_H)]) * TICK_H))
    if draw(st.booleans()):
        times[0] = times[0][:0]
    return timelines, own, times


def varied(count: int, seed: int = 1) -> Many:
    """Patients of two compartments with different numbers of segments, rows and times."""
    rng = np.random.default_rng(seed)
    timelines, own, times = [], [], []
    for _ in range(count):
        segments = int(rng.integers(1, 7))
        begin = np.cumsum(rng.uniform(0, 12, segments))
        row = rng.integers(0, 2, segments)
        timelines.append(
            Timeline.of_rates(begin, rng.uniform(0, 4000, segments), rng.uniform(0, 5000, segments), row=row)
        )
        own.append(
            Parameters.of(
                clearance_l_per_h=rng.lognormal(2, 0.4, 2),
                volume_l=rng.lognormal(2.6, 0.3, 2),
                q2_l_per_h=rng.lognormal(2.5, 0.5, 2),
                v2_l=rng.lognormal(3, 0.4, 2),
            )
        )
        times.append(np.sort(rng.uniform(0, 72, int(rng.integers(0, 60)))))
    return Many.of(timelines, own, times)
