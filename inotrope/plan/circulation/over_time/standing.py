"""Whether the readings of a case agree with each other and still show the patient of now; else why not.

Knows what else was measured beside the readings that a course stands on (resistances, stroke volume, an index), and
what changed after the newest of them. A change between two of them is known to whoever learns from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from inotrope.circulation import resistance_dyn_s_per_cm5, stroke_volume_ml
from inotrope.estimation.refusal_texts import refusal
from inotrope.estimation.response import KINDS, BedsideOfCase, Reading
from inotrope.estimation.response.changed import change_between
from inotrope.findings import Refusal, Truth
from inotrope.patient import Case, Measurement
from inotrope.plan.circulation.bedside import HELD_AGAINST
from inotrope.plan.circulation.readings_needed import INDEX, OUTPUT
from inotrope.plan.circulation.size import index_of
from inotrope.population.response import ResponseFile
from inotrope.safety.contradictions import PRESSURES, contradictions

_OUTPUT = "cardiac_output_l_per_min"
_PARTS = {
    "stroke_volume_ml": (_OUTPUT, "heart_rate_per_min"),
    "systemic_resistance_dyn_s_per_cm5": (_OUTPUT, "mean_arterial_mmhg", "central_venous_mmhg"),
    "pulmonary_resistance_dyn_s_per_cm5": (_OUTPUT, "mean_pulmonary_mmhg", "wedge_mmhg"),
}
"""Of which readings each of them follows, the output first."""


class _Told(NamedTuple):
    """A number that was measured beside others that imply it."""

    measured: Measurement
    value: float
    implied: float
    output: Measurement
    of: str
    unit: str


def judge_standing(case: Case, file: ResponseFile, bedside: BedsideOfCase) -> tuple[Refusal, ...]:
    """Return why the readings are not to be learned from, though each of them may be right; nothing where they are.

    Args:
        case: The patient.
        file: By how much a number may miss what the others imply, and which changes count.
        bedside: The readings.
    """
    return (*_contradictions(case, file, bedside), *_changed_since(case, file, bedside))


def _contradictions(case: Case, file: ResponseFile, bedside: BedsideOfCase) -> Iterator[Refusal]:
    if bedside.used and contradictions(case)[PRESSURES] is Truth.PRESENT:
        yield refusal("bedside-pressures-in-the-wrong-order")
    apart = timedelta(hours=float(file.readings.apart.value.in_unit("h")))
    for told in (*_further(case, bedside, apart), *_index(case, bedside, apart)):
        if abs(told.value - told.implied) > file.heart.agreement * abs(told.implied):
            yield refusal(
                "bedside-does-not-agree",
                one=told.measured.what,
                first=told.measured.as_written,
                other=told.output.what,
                second=told.output.as_written,
                at=f"{told.measured.at:%Y-%m-%d %H:%M}",
                why=f"{told.of} {told.implied:.4g} {told.unit}",
                agreement=f"{100 * file.heart.agreement:g} %",
            )


def _further(case: Case, bedside: BedsideOfCase, apart: timedelta) -> Iterator[_Told]:
    """Yield each resistance and stroke volume with what the readings of about the same time imply."""
    for name in _PARTS:
        words, unit = HELD_AGAINST[name]
        for item in case.every(words):
            found = implied_by(bedside, name, item.at, apart)
            if found is not None:
                implied, (output, *others) = found
                names = " and ".join(f"{one.measured.what} '{one.measured.as_written}'" for one in others)
                of = f"with {names} that output gives"
                yield _Told(item, float(item.value.in_unit(unit)), implied, output.measured, of, unit)


def _index(case: Case, bedside: BedsideOfCase, apart: timedelta) -> Iterator[_Told]:
    """Yield each index with what an output of about the same time implies."""
    for item in case.every(INDEX):
        near = _near(bedside, _OUTPUT, item.at, apart)
        if near is None or near.measured.what != OUTPUT:
            continue
        found = index_of(case, near.value)
        if found is not None:
            implied, says = found
            yield _Told(item, float(item.value.in_unit("L/min/m2")), implied, near.measured, says, "L/min/m2")


def implied_by(
    bedside: BedsideOfCase, name: str, at: datetime, apart: timedelta
) -> tuple[float, tuple[Reading, ...]] | None:
    """Return a stroke volume or a resistance as readings of about one time imply it, and these, the output first.

    Args:
        bedside: The readings.
        name: Of `HELD_AGAINST`.
        at: The time.
        apart: How near to it readings lie that are of one moment.

    Returns:
        None where one of the readings that it follows of is missing.
    """
    found = [_near(bedside, part, at, apart) for part in _PARTS[name]]
    near = [reading for reading in found if reading is not None]
    if len(near) < len(found):
        return None
    output, *others = (reading.value for reading in near)
    if name == "stroke_volume_ml":
        return stroke_volume_ml(output_l_per_min=output, heart_rate_per_min=others[0]), tuple(near)
    return resistance_dyn_s_per_cm5(fall_mmhg=others[0] - others[1], output_l_per_min=output), tuple(near)


def _near(bedside: BedsideOfCase, name: str, at: datetime, apart: timedelta) -> Reading | None:
    """Return the reading of a kind that lies nearest in time, no farther than readings of one moment do."""
    near = [one for one in bedside.used if KINDS[one.kind] == name and abs(one.measured.at - at) <= apart]
    return min(near, key=lambda one: abs(one.measured.at - at), default=None)


def _changed_since(case: Case, file: ResponseFile, bedside: BedsideOfCase) -> Iterator[Refusal]:
    rules = file.readings
    times = [item.measured.at for item in bedside.used if not rules.rules[item.kind].slow]
    change = change_between(case, rules, max(times), case.now) if times else None
    if change is not None and change.known:
        yield refusal("bedside-changed-since", what=change.says, last=f"{max(times):%Y-%m-%d %H:%M}")
