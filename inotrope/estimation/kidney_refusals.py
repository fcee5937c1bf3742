"""Why the creatinines of a case tell nothing of how its kidneys moved, in words: a refusal is a value.

Knows age, machines and what is wanting. It reads no clearance (`kidney_of_case.py`). How old a creatinine may be to set
a rate is another question (`patient/kidney.py`): an older one still bounds what the kidneys do.
"""

from __future__ import annotations

from datetime import datetime

from inotrope.findings import Refusal, Truth
from inotrope.patient import KIDNEY_REPLACEMENT, Case, vocabulary
from inotrope.patient.creatinine import CREATININE, creatinine_course
from inotrope.population import ENTER
from inotrope.units import hours_between


def off_since(case: Case) -> datetime | None:
    """Return when the last machine that replaced the kidneys ended; None where none did, or before all that counts.

    A creatinine counts that is at most as much older than the newest as KDIGO looks back.
    """
    window = vocabulary().limit("kdigo.ratio_window").value.in_unit("h")
    ends = [
        item.end
        for item in case.support or ()
        if item.what in KIDNEY_REPLACEMENT and item.end is not None and item.end <= case.now
    ]
    latest, newest = max(ends, default=None), case.latest(CREATININE)
    if latest is None or (newest is not None and hours_between(latest, newest.at) > window):
        return None
    return latest


def refuse_creatinines(case: Case, off: datetime | None) -> Refusal | None:
    """Return why no creatinine of the case can be read, where that is so whatever the creatinines say."""
    words, course = vocabulary(), creatinine_course(case)
    adult = words.limit("age.adult")
    if case.exact_age_years < adult.value.in_unit("year"):
        says = (
            "How a child's clearance moves cannot be read from creatinine here: no equation gives what a child "
            "produces. A measured level tells more."
        )
        return Refusal("kidney-course-of-a-child", says, ("concentration",), (adult.source,))
    window = words.limit("kdigo.stage_1_rise_window")
    on = [name for name in KIDNEY_REPLACEMENT if case.supported_by(name) is Truth.PRESENT]
    just_off = off is not None and hours_between(off, case.now) < window.value.in_unit("h")
    if on or just_off:
        where = f"On {on[0]}" if on else f"For {window.value} after a machine replaced the kidneys"
        says = (
            f"{where} the creatinine is the machine's and tells nothing of the patient's own kidneys. A forecast needs "
            f"the machine's clearance or a measured level. {ENTER}"
        )
        return Refusal("kidney-replacement", says, ("support", "concentration"), (window.source,))
    if course.newest is None or course.age is None:
        says = "No creatinine is recorded, so that nothing tells how the kidneys moved. Measure it."
        return Refusal("creatinine-absent", says, (CREATININE,))
    if course.conflict is not None:
        first, second = course.conflict
        says = (
            f"Two creatinines of the same moment, {first.at.isoformat()}, differ: {first.as_written} and "
            f"{second.as_written}. Remove the wrong one, or measure again."
        )
        return Refusal("conflicting-data", says, (CREATININE,))
    oldest = words.limit("kdigo.ratio_window")
    if course.age > oldest.value:
        says = (
            f"The newest creatinine, {course.newest.as_written}, is {course.age.to('day').shown(0)} old; after "
            f"{oldest.value} the kidneys may be anywhere. Measure it again."
        )
        return Refusal("creatinine-stale", says, (CREATININE,), (oldest.source,))
    return None


def refuse_since_machine() -> Refusal:
    """Return the refusal where no creatinine is left after the machine."""
    says = (
        "Every creatinine on record is from before a machine that replaced the kidneys came off. Measure it now, and "
        "again some hours later."
    )
    return Refusal("kidney-replacement", says, (CREATININE,))


def refuse_search() -> Refusal:
    """Return the refusal where a search did not end in a minimum."""
    says = (
        "No clearance was found that explains the creatinines. Check their values, units and times, and the weights "
        "beside them."
    )
    return Refusal("kidney-walk-not-converged", says, (CREATININE,))
