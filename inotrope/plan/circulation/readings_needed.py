"""Whether a case has readings of the circulation at all, and which a course needs; asked before anything is loaded.

Knows names of the vocabulary. A pressure and a heart rate alone are the signs of every bed: they call for no course.

What is needed is a judgement. MAP, because the limit is of it and every change of it starts there. The heart rate,
because an output is a stroke volume only with it. An output or index, because MAP - CVP is output x resistance: without
it a resistance would be that of a typical failing heart, and so would be what a wider vessel does to the pressure.
Filling pressures and ejection fractions narrow the answer, and are drawn as they go with the others where they are
missing.
"""

from __future__ import annotations

from inotrope.findings import Refusal
from inotrope.patient import Case
from inotrope.plan.circulation.course_record import CirculationCourse, course_refused

PRESSURE, RATE = "mean arterial pressure", "heart rate"
OUTPUT, INDEX = "cardiac output", "cardiac index"
OF_A_CATHETER = frozenset(
    (
        OUTPUT,
        INDEX,
        "central venous pressure",
        "pulmonary capillary wedge pressure",
        "mean pulmonary artery pressure",
        "systemic vascular resistance",
        "pulmonary vascular resistance",
        "left ventricular ejection fraction",
        "right ventricular ejection fraction",
    )
)
"""Who has one of these, his circulation was looked at."""
ID = "circulation-incomplete"


def looked_at(case: Case) -> bool:
    """Tell whether anybody looked at the circulation of this patient beyond pressure and rate."""
    return any(item.what in OF_A_CATHETER for item in case.measurements)


def lacking(names: set[str]) -> tuple[str, ...]:
    """Return what a course needs beside some readings, by the vocabulary's names."""
    needed = [name for name in (PRESSURE, RATE) if name not in names]
    if OUTPUT not in names and INDEX not in names:
        needed.append(f"{OUTPUT} or {INDEX}")
    return tuple(needed)


def incomplete(needs: tuple[str, ...], *, supposes: str = "", left_out: tuple[str, ...] = ()) -> CirculationCourse:
    """Return a course without numbers that says which readings would make one."""
    listed = ", ".join(needs)
    says = (
        f"No course of the circulation: it needs {listed}. Without MAP, heart rate and an output it would be that of a "
        "typical failing heart, and not this patient's."
    )
    return course_refused(
        Refusal(ID, says, needs),
        headline=f"No course of the circulation: it needs {listed}.",
        supposes=supposes,
        left_out=left_out,
    )
