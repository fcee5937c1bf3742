"""Area, peak, trough and time above a level: against the matrix exponential, and against dense curves."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from scipy.integrate import quad
from scipy.optimize import brentq

from tests.laws.kinetics import engine
from tests.laws.kinetics.exact import follow
from tests.laws.kinetics.reading import Record, as_records
from tests.laws.kinetics.regimens import Course, Row, any_row, between, changing, courses, rows

Changing = tuple[Course, list[Row], list[int]]
POINTS = 400


def pieces(course: Course, from_h: float, to_h: float) -> list[tuple[float, float]]:
    """Stretches without a boundary inside."""
    inside = [begin for begin in course.begin_h if from_h < begin < to_h]
    return list(zip([from_h, *inside], [*inside, to_h], strict=True))


def dense(course: Course, made: Changing, from_h: float, to_h: float) -> list[tuple[np.ndarray, np.ndarray]]:
    """Times and levels of each stretch, its end read from the left: before the bolus of that time."""
    _, many, which = made
    timeline, parameters = course.timeline(which), engine.parameters(*many)
    found = []
    for begin, end in pieces(course, from_h, to_h):
        segment = np.searchsorted(course.begin_h, begin, side="right") - 1
        times = np.linspace(begin, end, POINTS)
        if segment < 0:
            found.append((times, np.zeros(POINTS)))
        else:
            found.append((times, engine.concentrations(timeline, parameters, times, np.full(POINTS, segment))))
    return found


def window(made: Changing, data: st.DataObject) -> tuple[float, float]:
    course = made[0]
    share = sorted(data.draw(st.tuples(st.floats(-0.1, 1.1), st.floats(-0.1, 1.1))))
    assume(share[1] - share[0] > 0.01)
    length = course.end_h - course.begin_h[0]
    from_h, to_h = (course.begin_h[0] + part * length for part in share)
    assume(from_h >= 0 and to_h > course.begin_h[0] + 1e-6)
    return from_h, to_h


@settings(max_examples=15)
@given(changing(4))
def test_area_is_that_of_the_matrix_exponential(made: Changing) -> None:
    course, many, which = made
    every = [many[index] for index in which]
    times = [course.begin_h[0] + 0.25, course.end_h]
    first, last = (float(state.area) for state, _ in follow(course.begin_h, course.rate, course.bolus, every, times))
    timeline, parameters = course.timeline(which), engine.parameters(*many)
    assert engine.auc(timeline, parameters, 0.0, times[1]) == pytest.approx(last, rel=1e-12)
    assert engine.auc(timeline, parameters, *times) == pytest.approx(last - first, rel=1e-12, abs=1e-12 * last)


@settings(max_examples=30)
@given(changing(), st.data())
def test_area_is_that_under_the_curve(made: Changing, data: st.DataObject) -> None:
    """Quadrature of the levels themselves, stretch by stretch."""
    course, many, which = made
    from_h, to_h = window(made, data)
    timeline, parameters = course.timeline(which), engine.parameters(*many)
    area = 0.0
    for begin, end in pieces(course, from_h, to_h):
        cuts = begin + (end - begin) * np.array([0, *(4.0 ** np.arange(-9, 1))])
        for low, high in itertools.pairwise(cuts):
            nodes, weights = np.polynomial.legendre.leggauss(40)
            times = (high + low) / 2 + nodes * (high - low) / 2
            area += weights @ engine.concentrations(timeline, parameters, times) * (high - low) / 2
    found = engine.auc(timeline, parameters, from_h, to_h)
    assert found == pytest.approx(area, rel=1e-11, abs=1e-9)


def test_area_by_an_adaptive_rule() -> None:
    """scipy's own quadrature at 1e-12, with parameters that change inside."""
    course = Course((0.0, 0.25, 6.0, 12.0), (14000.0, 2100.0, 0.0, 700.0), (0.0, 0.0, 0.0, 400.0))
    many, which = [(7.5, 14.0, 18.0, 22.0), (2.5, 16.0, 18.0, 22.0)], [0, 0, 1, 0]
    timeline, parameters = course.timeline(which), engine.parameters(*many)
    area = sum(
        quad(
            lambda time: float(engine.concentrations(timeline, parameters, np.array([time]))[0]),
            begin,
            end,
            epsabs=1e-11,
            epsrel=1e-13,
        )[0]
        for begin, end in pieces(course, 0.1, 20.0)
    )
    assert engine.auc(timeline, parameters, 0.1, 20.0) == pytest.approx(area, rel=1e-12)


@settings(max_examples=40)
@given(changing(), st.data())
def test_areas_of_neighbors_add(made: Changing, data: st.DataObject) -> None:
    course, many, which = made
    from_h, to_h = window(made, data)
    between_h = from_h + data.draw(st.floats(0, 1)) * (to_h - from_h)
    timeline, parameters = course.timeline(which), engine.parameters(*many)
    whole = engine.auc(timeline, parameters, from_h, to_h)
    parts = [engine.auc(timeline, parameters, *ends) for ends in ((from_h, between_h), (between_h, to_h))]
    assert sum(parts) == pytest.approx(whole, rel=1e-12)
    assert engine.auc(timeline, parameters, from_h, from_h) == 0


@settings(max_examples=40)
@given(changing(), st.data())
def test_peak_and_trough_are_the_extremes_of_the_curve(made: Changing, data: st.DataObject) -> None:
    """Never beaten by a point of a dense curve; attained where they say; not beyond what lies between two points."""
    course, many, which = made
    from_h, to_h = window(made, data)
    assume(not np.any(np.isclose(course.begin_h, to_h, rtol=0, atol=1e-9)))
    timeline, parameters = course.timeline(which), engine.parameters(*many)
    curves = [levels for _, levels in dense(course, made, from_h, to_h)]
    every = np.concatenate(curves)
    step = max(float(np.abs(np.diff(levels)).max()) for levels in curves)
    hair = 1e-12 * every.max()
    high, high_at = engine.peak(timeline, parameters, from_h, to_h)
    low, low_at = engine.trough(timeline, parameters, from_h, to_h)
    assert every.max() - hair <= high <= every.max() + step + hair
    assert every.min() - step - hair <= low <= every.min() + hair
    for value, when in ((high, high_at), (low, low_at)):
        assert from_h <= when <= to_h
        # Read from both sides: a peak may stand just after a dose, a trough just before it.
        there = []
        for part in np.unique(np.searchsorted(course.begin_h, [when - 1e-9, when + 1e-9], side="right") - 1):
            start = from_h if part < 0 else max(from_h, course.begin_h[part])
            near = np.clip([when - 1e-10, when, when + 1e-10], start, to_h)
            held = None if part < 0 else np.full(3, part)
            there.append(engine.concentrations(timeline, parameters, near, held))
        assert np.min(np.abs(np.concatenate(there) - value)) <= 1e-6 * max(every.max(), 1e-9)


def test_the_peak_after_the_clearance_changed_stands_inside_a_segment() -> None:
    """Two compartments, outer one full, then a slow rate: the level first falls, then rises: the trough lies inside."""
    course = Course((0.0,), (1500.0,), (3500.0,))
    timeline, parameters = course.timeline(), engine.parameters((7.5, 14.0, 18.0, 22.0))
    low, when = engine.trough(timeline, parameters, 0.0, 24.0)

    def slope(time: float) -> float:
        """V1 dC/dt = R - (CL + Q) C + Q A2 / V2."""
        central, outer = engine.amounts(timeline, parameters, np.array([time]))[0]
        return 1500.0 - 25.5 * central / 14.0 + 18.0 * outer / 22.0

    flat = brentq(slope, 0.1, 12.0, xtol=1e-13)
    assert when == pytest.approx(flat, abs=1e-9)
    assert low == pytest.approx(engine.concentrations(timeline, parameters, np.array([flat]))[0], rel=1e-13)
    assert engine.peak(timeline, parameters, 0.0, 24.0) == (pytest.approx(250.0, rel=1e-13), 0.0)


def test_the_trough_is_just_before_the_next_dose() -> None:
    """1000 mcg at 0 and 8 h, CL 1 L/h, V 10 L: the lowest of 0-16 h is that before the second dose.

    Just before 8 h: 100 exp(-0.8) = 44.93; at 16 h: (100 exp(-0.8) + 100) exp(-0.8) = 65.12; peak 144.93 at 8 h.
    """
    timeline = engine.timeline([0.0, 8.0], [0.0, 0.0], [1000.0, 1000.0])
    parameters = engine.parameters((1.0, 10.0))
    low, when = engine.trough(timeline, parameters, 0.0, 16.0)
    assert (low, when) == (pytest.approx(100 * np.exp(-0.8), rel=1e-13), pytest.approx(8.0))
    high, when = engine.peak(timeline, parameters, 0.0, 16.0)
    assert (high, when) == (pytest.approx(100 + 100 * np.exp(-0.8), rel=1e-13), pytest.approx(8.0))
    low, when = engine.trough(timeline, parameters, 9.0, 16.0)
    assert (low, when) == (pytest.approx(100 * (1 + np.exp(-0.8)) * np.exp(-0.8), rel=1e-13), pytest.approx(16.0))


def test_a_level_before_a_reset_counts_for_the_peak() -> None:
    records = [Record(0.0, 1, 5000.0, 500.0), Record(6.0, 3), Record(9.0)]
    timeline = engine.expand(as_records(records), rows=engine.constant).timeline
    parameters = engine.parameters((1.0, 10.0))
    high, when = engine.peak(timeline, parameters, 0.0, 9.0)
    assert (high, when) == (pytest.approx(500 * (1 - np.exp(-0.6)), rel=1e-13), pytest.approx(6.0))
    assert engine.auc(timeline, parameters, 0.0, 9.0) == pytest.approx(500 * (6 - 10 * (1 - np.exp(-0.6))), rel=1e-13)
    low, _ = engine.trough(timeline, parameters, 5.0, 9.0)
    assert low == 0


@settings(max_examples=50)
@given(changing(5), st.data())
def test_time_above_is_that_of_a_dense_curve(made: Changing, data: st.DataObject) -> None:
    course, many, which = made
    from_h, to_h = window(made, data)
    timeline, parameters = course.timeline(which), engine.parameters(*many)
    curves = dense(course, made, from_h, to_h)
    highest = max(levels.max() for _, levels in curves)
    assume(highest > 1e-6)
    level = data.draw(st.floats(0.001, 1.1)) * highest
    total = slack = 0.0
    for times, levels in curves:
        above = levels > level
        step = times[1] - times[0]
        # Each crossing lies somewhere in its step; a crossing there and back beside a summit may not be seen.
        total += step * (above[:-1] & above[1:]).sum() + step / 2 * (above[:-1] != above[1:]).sum()
        change = np.diff(levels, prepend=levels[0], append=levels[-1])
        turns = change[:-1] * change[1:] <= 0
        near = np.abs(levels - level) <= np.maximum(np.abs(change[:-1]), np.abs(change[1:]))
        slack += step / 2 * (above[:-1] != above[1:]).sum() + 2 * step * (turns & near).sum()
    found = engine.time_above(timeline, parameters, from_h, to_h, level)
    assert found == pytest.approx(total, abs=slack + 1e-9)


@settings(max_examples=40)
@given(courses(3), any_row(), st.floats(0.01, 0.99))
def test_time_above_ends_where_the_level_is_met(course: Course, row: Row, share: float) -> None:
    """After the last dose the level only falls: the time above is the root of one equation, to a billionth of an hour.

    (It falls because the response to a bolus is a sum of exponentials with positive shares.)
    """
    over = engine.timeline([*course.begin_h, course.end_h], [*course.rate, 0.0], [*course.bolus, 0.0])
    parameters = engine.parameters(row)
    start = float(engine.concentrations(over, parameters, np.array([course.end_h]))[0])
    level = share * start
    far = course.end_h + 30 * float(np.max(engine.half_lives(parameters)))

    def excess(time: float) -> float:
        return float(engine.concentrations(over, parameters, np.array([time]))[0]) / level - 1

    assume(start > 1e-9 and excess(far) < 0)
    met = brentq(excess, course.end_h, far, xtol=1e-12, rtol=1e-14)
    found = engine.time_above(over, parameters, course.end_h, far, level)
    assert found == pytest.approx(met - course.end_h, rel=1e-9, abs=1e-9)


def test_a_level_that_does_not_move_is_above_or_is_not() -> None:
    """CL 1, V 1, a bolus of 2.71828 mcg and a rate of as much per hour: a flat curve, whatever its last digit does."""
    e = float(np.exp(1.0))
    begin = [0.0, 0.015625, 0.03125, 0.046875, 1.0]
    timeline, parameters = engine.timeline(begin, [e] * 5, [e, 0.0, 0.0, 0.0, 0.0]), engine.parameters((1.0, 1.0))
    for level, hours in ((0.9 * e, 2.0), (1.1 * e, 0.0), (1e12, 0.0), (0.0, 2.0)):
        assert engine.time_above(timeline, parameters, 0.0, 2.0, level) == pytest.approx(hours, abs=1e-12), level


@settings(max_examples=40)
@given(changing(), between(0.1, 1000))
def test_more_is_longer_above(made: Changing, level: float) -> None:
    course, many, which = made
    timeline, parameters = course.timeline(which), engine.parameters(*many)
    here = (0.0, course.end_h)
    times = [engine.time_above(timeline, parameters, *here, limit) for limit in (0.0, level, 1.5 * level, 1e12)]
    assert all(more >= less - 1e-9 for more, less in itertools.pairwise(times))
    assert times[-1] == 0 and times[0] <= course.end_h * (1 + 1e-12)


@given(rows(1), between(1, 10000))
def test_of_one_compartment_in_full(row: Row, rate: float) -> None:
    """t1/2 = ln 2 V / CL; steady level R / CL; 90 % of it after ln 10 V / CL = 3.32 half-lives."""
    parameters = engine.parameters(row)
    assert np.ravel(engine.half_lives(parameters)) == pytest.approx([np.log(2) * row[1] / row[0]], rel=1e-13)
    assert np.ravel(engine.steady_concentration(parameters, rate)) == pytest.approx([rate / row[0]], rel=1e-14)
    reached = engine.time_to_steady_share(parameters)
    assert np.ravel(reached) == pytest.approx([np.log(10) * row[1] / row[0]], rel=1e-11)
    reached = engine.time_to_steady_share(parameters, share=0.5)
    assert np.ravel(reached) == pytest.approx(np.ravel(engine.half_lives(parameters)), rel=1e-11)


@given(any_row(), st.sampled_from([0.1, 0.5, 0.9, 0.99]))
def test_the_share_of_the_steady_level_is_reached_then(row: Row, share: float) -> None:
    parameters = engine.parameters(row)
    when = float(np.ravel(engine.time_to_steady_share(parameters, share=share))[0])
    found = engine.concentrations(engine.timeline([0.0], [1000.0], [0.0]), parameters, np.array([when]))[0]
    assert found == pytest.approx(share * 1000.0 / row[0], rel=1e-10)


@given(any_row())
def test_half_lives_are_those_of_the_matrix(row: Row) -> None:
    """Eigenvalues of the rate matrix, from a general solver; the longest stands last."""
    count = len(row) // 2
    with mp.workdps(40):
        matrix = mp.zeros(count)
        matrix[0, 0] = mpf(row[0]) / mpf(row[1])
        for index in range(1, count):
            flow, size = mpf(row[2 * index]), mpf(row[2 * index + 1])
            matrix[0, 0] += flow / row[1]
            matrix[index, index] = flow / size
            # The same eigenvalues, and symmetric: both transfers are replaced by their geometric mean.
            matrix[0, index] = matrix[index, 0] = flow / mp.sqrt(row[1] * size)
        expected = sorted(float(mp.log(2) / root) for root in mp.eigsy(matrix, eigvals_only=True))
    found = engine.half_lives(engine.parameters(row))
    assert found.shape == (1, count)
    assert found[0] == pytest.approx(expected, rel=1e-11)


def test_every_answer_of_a_batch() -> None:
    """Three patients at once: one answer each, in their order."""
    members = [(7.5, 14.0, 18.0, 22.0), (2.5, 16.0, 18.0, 22.0), (15.0, 10.0, 5.0, 60.0)]
    columns = dict(zip(engine.NAMES, np.array(members).T, strict=False))
    batch = engine.Parameters.of(**{name: column[:, np.newaxis] for name, column in columns.items()})
    timeline = engine.timeline([0.0, 0.25, 12.0], [14000.0, 2100.0, 0.0], [0.0, 0.0, 0.0])
    area = engine.auc(timeline, batch, 0.0, 24.0)
    high, high_at = engine.peak(timeline, batch, 0.0, 24.0)
    low, low_at = engine.trough(timeline, batch, 1.0, 24.0)
    above = engine.time_above(timeline, batch, 0.0, 24.0, 150.0)
    assert area.shape == high.shape == high_at.shape == low.shape == low_at.shape == above.shape == (3,)
    for index, member in enumerate(members):
        alone = engine.parameters(member)
        assert area[index] == pytest.approx(float(engine.auc(timeline, alone, 0.0, 24.0)), rel=1e-13)
        highest, lowest = engine.peak(timeline, alone, 0.0, 24.0), engine.trough(timeline, alone, 1.0, 24.0)
        assert (high[index], high_at[index]) == pytest.approx(tuple(map(float, highest)), rel=1e-12)
        assert (low[index], low_at[index]) == pytest.approx(tuple(map(float, lowest)), rel=1e-12)
        assert above[index] == pytest.approx(float(engine.time_above(timeline, alone, 0.0, 24.0, 150.0)), rel=1e-12)
