"""What a plan holds of a circulation ahead: shapes, no numbers where refused, and never a reason to lose a plan."""

from __future__ import annotations

from inotrope.errors import CirculationError
from inotrope.findings import Refusal
from inotrope.plan.circulation.course_record import CourseStatus, course_refused, failed_course
from tests.plan.circulation.course_by_hand import LIMIT, course


def test_every_curve_has_one_number_for_each_time() -> None:
    one = course()
    for item in one.quantities:
        ends = (item.curve.lowest, item.curve.lower, item.curve.median, item.curve.upper, item.curve.highest)
        assert {len(end.values) for end in ends} == {len(one.time.values)}


def test_what_is_refused_has_no_number_and_the_sources_of_its_reasons() -> None:
    refusal = Refusal("out-of-domain", "The model does not hold.", ("CVP",), (LIMIT,))
    found = course_refused(refusal, headline="No.", heart="a heart")
    assert (found.status, found.level, found.below, found.rates) == (CourseStatus.REFUSED, None, None, ())
    assert found.sources == (LIMIT,) and found.refusals == (refusal,)


def test_a_failure_says_its_reason_and_that_nothing_hangs_on_it() -> None:
    told = failed_course(CirculationError("The loop did not close.")).refusals[0]
    assert "The loop did not close). Nothing else" in told.says
    assert "ValueError: odd" in failed_course(ValueError("odd")).refusals[0].says
