"""The chance of a low pressure where the eye is: under the load, beside each step upward, and in the head of a plan.

Knows words and places. The chance is that of the plan's circulation, a judgement that informs: no dose, finding or
status hangs on it. Where none is told there, nothing stands here.
"""

from __future__ import annotations

from decimal import Decimal

from inotrope.display.sheet import Mark, Row
from inotrope.plan import Plan
from inotrope.plan.circulation.course_record import CirculationCourse, CourseStatus, chance
from inotrope.units import Quantity

AS_LIKELY_AS_NOT = Decimal(50)
"""Percent, a judgement: from here on the head of a plan marks its chance."""
CONTRADICT = "conflicting-data"
"""The refusal of readings that contradict each other."""
WHERE = "Heart and vessels, below"


def headline_row(plan: Plan) -> tuple[Row, ...]:
    """Return the chance for the head of a plan, marked where a low pressure is as likely as not.

    Where readings contradict each other there is none, and that stands in its place: one of them is wrong.
    """
    course = _expected(plan)
    if course is None:
        refusals = () if plan.circulation is None else plan.circulation.refusals
        return tuple(Row("", item.says, mark=Mark.WARN) for item in refusals if item.id == CONTRADICT)
    says = f"For information, it selects no rate: {course.headline}."
    marked = course.below is not None and course.below.ever.in_unit("%") >= AS_LIKELY_AS_NOT
    return (Row("", says, mark=Mark.WARN if marked else None),)


def load_rows(plan: Plan) -> tuple[Row, ...]:
    """Return the chance within the hour after the load, beside that without it."""
    course = _expected(plan)
    load = None if course is None else course.load
    if course is None or course.below is None or load is None:
        return ()
    ways = load.with_load.below, load.without.below
    if ways[0] is None or ways[1] is None:
        return ()
    says = (
        f"MAP below {course.below.limit} within an hour: {chance(ways[0])} with the load, {chance(ways[1])} without it "
        f"(judgement; {WHERE})"
    )
    marked = ways[0].in_unit("%") >= AS_LIKELY_AS_NOT
    return (Row("To know", says, mark=Mark.WARN if marked else None),)


def step_chances(plan: Plan) -> tuple[str, tuple[str, ...]] | None:
    """Return the head of a column and the chance within the day of each step upward; None where none is told."""
    course = _expected(plan)
    if course is None or course.below is None:
        return None
    told = {_per_minute(item.rate): item.below for item in course.rates if item.below is not None}
    found = [told.get(_per_minute(step.rate)) for step in plan.titration]
    if not any(found):
        return None
    cells = tuple("not told" if each is None else chance(each) for each in found)
    return f"MAP below {course.below.limit} in a day", cells


def _expected(plan: Plan) -> CirculationCourse | None:
    course = plan.circulation
    return None if course is None or course.status is not CourseStatus.EXPECTED else course


def _per_minute(rate: Quantity) -> Decimal:
    return rate.in_unit("mcg/kg/min").normalize()
