"""What stands where a plan gives nothing: the readings, what follows from them by arithmetic, and why nothing more.

Knows no model. Without a rate there is no drug whose circulation could be foreseen; what was read remains worth seeing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from inotrope.estimation.response import KINDS, Reading
from inotrope.findings import Refusal
from inotrope.plan.circulation.bedside import HELD_AGAINST
from inotrope.plan.circulation.course_record import CirculationCourse
from inotrope.plan.circulation.over_time.asking import Asked
from inotrope.plan.circulation.over_time.learning import Readings
from inotrope.plan.circulation.over_time.numbers import SHOWN, rounded
from inotrope.plan.circulation.over_time.standing import implied_by, judge_standing
from inotrope.plan.circulation.over_time.telling import refused
from inotrope.plan.record import PlanStatus
from inotrope.units import Quantity

ID = "nothing-given"
_WHY = {
    PlanStatus.STOPPED: "a stop rule fires, and no dose is proposed",
    PlanStatus.REFUSED: "no rate is proposed",
}
_SAYS = "No circulation on the drug is foreseen: {why}. What was read stands here without a model."


def present_of(asked: Asked, readings: Readings, status: PlanStatus) -> CirculationCourse:
    """Return the present state of somebody to whom nothing is given, as a course without numbers of the drug.

    Args:
        asked: Whom.
        readings: Of the case, of a patient whom the model holds for.
        status: How the plan ended.
    """
    why = Refusal(ID, _SAYS.format(why=_WHY[status]), ())
    doubts = readings.bedside.refusals or judge_standing(asked.case, asked.file, readings.bedside)
    listed = () if doubts else tuple(f"{name} {value}" for name, value in _follows(asked, readings))
    says = (f"From the readings of about one time: {', '.join(listed)}.",) if listed else ()
    return refused(asked, readings, why, *doubts, says=says)


def _follows(asked: Asked, readings: Readings) -> Iterator[tuple[str, Quantity]]:
    """Yield what the newest output and the readings of its time imply."""
    outputs: list[Reading] = [item for item in readings.bedside.used if KINDS[item.kind] == "cardiac_output_l_per_min"]
    if not outputs:
        return
    newest, surface = outputs[-1], asked.surface_m2
    if surface is not None:
        yield SHOWN[0].what, rounded(newest.value / surface, SHOWN[0].unit)
    apart = timedelta(hours=float(asked.file.readings.apart.value.in_unit("h")))
    for name, (words, unit) in HELD_AGAINST.items():
        found = implied_by(readings.bedside, name, newest.measured.at, apart)
        if found is not None:
            yield words, rounded(found[0], unit)
