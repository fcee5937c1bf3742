"""What went in is what is left and what was cleared: amount in = amount left + clearance x area."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.kinetics import engine
from tests.laws.kinetics.regimens import Course, Row, any_row, changing, courses

Changing = tuple[Course, list[Row], list[int]]


@given(courses(), any_row(), st.floats(0.1, 200))
def test_in_is_left_and_cleared(course: Course, row: Row, hours: float) -> None:
    timeline, parameters = course.timeline(), engine.parameters(row)
    end = course.begin_h[0] + hours
    left = engine.amounts(timeline, parameters, np.array([end]))[0].sum()
    cleared = row[0] * engine.auc(timeline, parameters, course.begin_h[0], end)
    assert left + cleared == pytest.approx(course.given(end), rel=1e-12, abs=1e-9)


@given(changing())
def test_in_is_left_and_cleared_while_parameters_change(made: Changing) -> None:
    course, many, which = made
    timeline, parameters = course.timeline(which), engine.parameters(*many)
    ends = (*course.begin_h[1:], course.end_h)
    cleared = sum(
        many[row][0] * float(engine.auc(timeline, parameters, begin, end))
        for row, begin, end in zip(which, course.begin_h, ends, strict=True)
    )
    left = engine.amounts(timeline, parameters, np.array([course.end_h]))[0].sum()
    assert left + cleared == pytest.approx(course.given(course.end_h), rel=1e-12, abs=1e-9)


@given(courses(), any_row())
def test_without_clearance_everything_stays(course: Course, row: Row) -> None:
    closed = engine.parameters((0.0, *row[1:]))
    times = course.times()[1:]
    body = engine.amounts(course.timeline(), closed, times).sum(axis=-1)
    assert body == pytest.approx([course.given(time) for time in times], rel=1e-12)


@given(any_row(), st.floats(1, 10000))
def test_all_of_a_bolus_passes_the_kidney_in_the_end(row: Row, dose: float) -> None:
    """The whole area after a bolus is dose / CL, whatever the volumes."""
    parameters = engine.parameters(row)
    slowest = float(np.max(engine.half_lives(parameters)))
    whole = engine.auc(engine.timeline([0.0], [0.0], [dose]), parameters, 0.0, 60 * slowest)
    assert whole == pytest.approx(dose / row[0], rel=1e-12)
