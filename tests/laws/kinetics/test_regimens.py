"""What is true of every regimen and every parameter: of sums, doses, pieces, clocks and batches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.laws.kinetics import engine
from tests.laws.kinetics.exact import as_floats, follow, of_the_state
from tests.laws.kinetics.regimens import TICK_H, Course, Row, any_row, between, changing, courses, rows

HAIR = 1e-12
Changing = tuple[Course, list[Row], list[int]]


def check_against_exact(made: Changing) -> None:
    course, many, which = made
    times = course.times()[1:]
    expected = follow(course.begin_h, course.rate, course.bolus, [many[index] for index in which], times)
    found = engine.amounts(course.timeline(which), engine.parameters(*many), times)
    assert found.shape == (len(times), len(many[0]) // 2)
    assert of_the_state(found, as_floats([state for state, _ in expected])) < HAIR


@settings(max_examples=8)
@given(changing())
def test_amounts_are_those_of_the_matrix_exponential(made: Changing) -> None:
    check_against_exact(made)


@pytest.mark.slow
@settings(max_examples=300)
@given(changing())
def test_amounts_are_those_of_the_matrix_exponential_many_times(made: Changing) -> None:
    check_against_exact(made)


@given(changing())
def test_concentration_is_the_central_amount_in_its_volume(made: Changing) -> None:
    course, many, which = made
    times = course.times()
    timeline, parameters = course.timeline(which), engine.parameters(*many)
    found = engine.concentrations(timeline, parameters, times)
    assert found.shape == times.shape
    assert found[0] == 0, "nothing before the first dose"
    held = np.searchsorted(course.begin_h, times[1:], side="right") - 1
    assert np.array_equal(engine.at_times(timeline, times)[1:], held)
    volume = np.array([many[which[segment]][1] for segment in held])
    central = engine.amounts(timeline, parameters, times)[1:, 0]
    assert np.allclose(found[1:], central / volume, rtol=1e-14, atol=0)


@given(changing())
def test_states_are_the_amounts_where_segments_begin(made: Changing) -> None:
    course, many, which = made
    timeline, parameters = course.timeline(which), engine.parameters(*many)
    found = engine.states(timeline, parameters)
    assert found.shape == (len(course.begin_h), len(many[0]) // 2)
    assert of_the_state(engine.amounts(timeline, parameters, np.array(course.begin_h)), found) < HAIR


@given(changing())
def test_nothing_is_negative_or_lost_in_rounding(made: Changing) -> None:
    course, many, which = made
    found = engine.amounts(course.timeline(which), engine.parameters(*many), course.times(60))
    assert np.all(np.isfinite(found))
    body = found.sum(axis=-1)
    assert found.min() >= -HAIR * body.max()
    for time, amount in zip(course.times(60), body, strict=True):
        assert amount <= course.given(time) * (1 + HAIR)


@given(courses(), st.floats(0, 1), any_row())
def test_superposition(course: Course, share: float, row: Row) -> None:
    """The answer to two regimens together is the sum of the answers."""
    first = [share * rate for rate in course.rate]
    second = [rate - part for rate, part in zip(course.rate, first, strict=True)]
    none = [0.0] * len(first)
    times, parameters = course.times(), engine.parameters(row)
    together = engine.amounts(course.timeline(), parameters, times)
    apart = [
        engine.amounts(engine.timeline(course.begin_h, rates, boluses), parameters, times)
        for rates, boluses in ((first, none), (second, course.bolus))
    ]
    assert of_the_state(sum(apart), together) < HAIR


@given(courses(), courses(), any_row())
def test_superposition_of_regimens_with_other_times(one: Course, other: Course, row: Row) -> None:
    begin = np.union1d(one.begin_h, other.begin_h)

    def rates(course: Course) -> np.ndarray:
        held = np.searchsorted(course.begin_h, begin, side="right") - 1
        return np.where(held < 0, 0.0, np.array(course.rate)[held])

    def boluses(course: Course) -> np.ndarray:
        given = np.zeros(len(begin))
        given[np.searchsorted(begin, course.begin_h)] = course.bolus
        return given

    both = engine.timeline(begin, rates(one) + rates(other), boluses(one) + boluses(other))
    parameters, times = engine.parameters(row), np.union1d(one.times(), other.times())
    apart = sum(engine.amounts(course.timeline(), parameters, times) for course in (one, other))
    assert of_the_state(apart, engine.amounts(both, parameters, times)) < HAIR


@given(changing(), between(1e-3, 1e3))
def test_linear_in_dose(made: Changing, factor: float) -> None:
    course, many, which = made
    parameters, times = engine.parameters(*many), course.times()
    more = engine.timeline(
        course.begin_h, [factor * rate for rate in course.rate], [factor * dose for dose in course.bolus], which
    )
    once = engine.amounts(course.timeline(which), parameters, times)
    assert of_the_state(engine.amounts(more, parameters, times), factor * once) < HAIR


@given(changing(), st.data())
def test_splitting_an_infusion_changes_nothing(made: Changing, data: st.DataObject) -> None:
    """Two bags of the same drug one after the other at the same rate."""
    course, many, which = made
    ticks = st.integers(int(course.begin_h[0] / TICK_H) + 1, int(course.end_h / TICK_H))
    cuts = data.draw(st.lists(ticks, min_size=1, max_size=5, unique=True))
    begin = np.union1d(course.begin_h, np.array(cuts) * TICK_H)
    held = np.searchsorted(course.begin_h, begin, side="right") - 1
    first = np.isin(begin, course.begin_h)
    parts = engine.timeline(
        begin, np.array(course.rate)[held], np.where(first, np.array(course.bolus)[held], 0.0), np.array(which)[held]
    )
    parameters, times = engine.parameters(*many), course.times()
    whole = engine.amounts(course.timeline(which), parameters, times)
    assert of_the_state(engine.amounts(parts, parameters, times), whole) < HAIR


@given(courses(), any_row())
def test_a_parameter_change_to_the_same_value_changes_nothing(course: Course, row: Row) -> None:
    times = course.times()
    which = [index % 2 for index in range(len(course.begin_h))]
    once = engine.amounts(course.timeline(), engine.parameters(row), times)
    again = engine.amounts(course.timeline(which), engine.parameters(row, row), times)
    assert np.array_equal(once, again)


@given(changing(), between(1.01, 10))
def test_more_clearance_gives_less_exposure(made: Changing, factor: float) -> None:
    course, many, which = made
    more = [(factor * row[0], *row[1:]) for row in many]
    times = course.times()[1:]
    less_of = engine.parameters(*more)
    level = engine.concentrations(course.timeline(which), engine.parameters(*many), times)
    lower = engine.concentrations(course.timeline(which), less_of, times)
    assert np.all(lower <= level * (1 + HAIR) + HAIR * level.max())
    areas = [
        engine.auc(course.timeline(which), parameters, course.begin_h[0], course.end_h)
        for parameters in (engine.parameters(*many), less_of)
    ]
    assert areas[1] < areas[0]


@given(changing(), st.integers(-64 * 500, 64 * 500))
def test_shifting_the_clock_shifts_the_answer(made: Changing, ticks: int) -> None:
    course, many, which = made
    shift = ticks * TICK_H
    later = Course(tuple(begin + shift for begin in course.begin_h), course.rate, course.bolus)
    assume(later.begin_h[0] >= 0)
    parameters, times = engine.parameters(*many), course.times()
    here = engine.amounts(course.timeline(which), parameters, times)
    there = engine.amounts(later.timeline(which), parameters, times + shift)
    assert of_the_state(there, here) < HAIR


@given(courses(), st.integers(1, 3).flatmap(lambda count: st.lists(rows(count), min_size=2, max_size=4)))
def test_a_batch_is_each_of_its_members_alone(course: Course, members: list[Row]) -> None:
    columns = dict(zip(engine.NAMES, np.array(members).T, strict=False))
    batch = engine.Parameters.of(**{name: column[:, np.newaxis] for name, column in columns.items()})
    assert (batch.batch, batch.rows, batch.compartments) == ((len(members),), 1, len(members[0]) // 2)
    times = course.times()
    found = engine.concentrations(course.timeline(), batch, times)
    assert found.shape == (len(members), len(times))
    for member, curve in zip(members, found, strict=True):
        alone = engine.concentrations(course.timeline(), engine.parameters(member), times)
        assert np.allclose(curve, alone, rtol=1e-14, atol=1e-14 * alone.max())


@given(courses(), rows(2), between(0.5, 2))
def test_a_parameter_that_never_changes_need_not_be_repeated(course: Course, row: Row, factor: float) -> None:
    """Clearance with two rows beside a volume with one: the volume holds in both."""
    which = [index % 2 for index in range(len(course.begin_h))]
    mixed = engine.Parameters.of(
        clearance_l_per_h=np.array([row[0], factor * row[0]]), volume_l=row[1], q2_l_per_h=row[2], v2_l=row[3]
    )
    full = engine.parameters(row, (factor * row[0], *row[1:]))
    times = course.times()
    found = engine.concentrations(course.timeline(which), mixed, times)
    assert np.array_equal(found, engine.concentrations(course.timeline(which), full, times))


@given(courses(), rows(1), between(0.5, 50), between(1, 100))
def test_a_compartment_that_nothing_reaches_is_not_there(course: Course, row: Row, flow: float, size: float) -> None:
    times = course.times()
    one = engine.concentrations(course.timeline(), engine.parameters(row), times)
    unreached = engine.concentrations(course.timeline(), engine.parameters((*row, 0.0, size)), times)
    assert np.allclose(unreached, one, rtol=HAIR, atol=HAIR * one.max())
    two = engine.concentrations(course.timeline(), engine.parameters((*row, flow, size)), times)
    for third in ((*row, flow, size, 0.0, 50.0), (*row, 0.0, 50.0, flow, size)):
        found = engine.concentrations(course.timeline(), engine.parameters(third), times)
        assert np.allclose(found, two, rtol=HAIR, atol=HAIR * two.max())


@given(courses(), rows(3))
def test_the_order_of_the_outer_compartments_is_a_matter_of_names(course: Course, row: Row) -> None:
    times = course.times()
    one = engine.amounts(course.timeline(), engine.parameters(row), times)
    other = engine.amounts(course.timeline(), engine.parameters((*row[:2], *row[4:], *row[2:4])), times)
    assert of_the_state(other[:, [0, 2, 1]], one) < HAIR


@given(courses(), any_row(), between(0.1, 10))
def test_an_hour_by_another_clock(course: Course, row: Row, factor: float) -> None:
    """All times times f, all rates and clearances over f: the same levels. A unit slip would break it."""
    other = [number if index % 2 else number / factor for index, number in enumerate(row)]
    slow = engine.timeline(
        [factor * begin for begin in course.begin_h], [rate / factor for rate in course.rate], course.bolus
    )
    times = course.times()
    here = engine.amounts(course.timeline(), engine.parameters(row), times + TICK_H / 2)
    there = engine.amounts(slow, engine.parameters(other), factor * (times + TICK_H / 2))
    assert of_the_state(there, here) < 1e-11, "the times are rounded here"
