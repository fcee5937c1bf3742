"""From a case to the eight numbers that a circulation is calibrated with: measured, derived, or missing and asked for.

Knows what each is called, and which others must agree with them; which readings count, `estimation/response` says, as
it does for a course. It guesses nothing: what was not measured is missing, unless somebody asked for the typical number
of a named heart, and then it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from inotrope.circulation import Bedside
from inotrope.errors import CirculationError
from inotrope.estimation.response import KINDS, BedsideOfCase
from inotrope.estimation.response import Reading as Counted
from inotrope.patient import Case, body_size
from inotrope.patient.case import Measurement
from inotrope.plan.circulation.readings_needed import INDEX, OUTPUT, PRESSURE, RATE
from inotrope.plan.circulation.record import Reading
from inotrope.plan.circulation.size import index_of
from inotrope.plan.record import Missing
from inotrope.population.response import HeartFile, ReadingRules
from inotrope.population.response.kinds import TYPICAL
from inotrope.units import Quantity, round_half_up

STROKE = "stroke volume"
_OUTPUT, _RATE = "cardiac_output_l_per_min", "heart_rate_per_min"
NEEDED = {
    _RATE: (RATE, "/min"),
    _OUTPUT: (OUTPUT, "L/min"),
    "mean_arterial_mmhg": (PRESSURE, "mmHg"),
    "central_venous_mmhg": ("central venous pressure", "mmHg"),
    "wedge_mmhg": ("pulmonary capillary wedge pressure", "mmHg"),
    "mean_pulmonary_mmhg": ("mean pulmonary artery pressure", "mmHg"),
    "left_ejection_fraction": ("left ventricular ejection fraction", "%"),
    "right_ejection_fraction": ("right ventricular ejection fraction", "%"),
}
"""What calibration needs, by the name that `circulation` has for it: the vocabulary's name, and the unit."""
HELD_AGAINST = {
    "stroke_volume_ml": (STROKE, "mL"),
    "systemic_resistance_dyn_s_per_cm5": ("systemic vascular resistance", "dyn s/cm5"),
    "pulmonary_resistance_dyn_s_per_cm5": ("pulmonary vascular resistance", "dyn s/cm5"),
}
"""What must agree with them where it was measured too."""
_DERIVED = 4
"""Decimals of a reading that was computed from others."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a case tells of the time before the drug.

    Attributes:
        readings: By the name that `circulation` has for each.
        missing: What is not there.
        during: Readings left out, since the drug ran when they were taken.
        left_out: Readings that do not count, and why.
    """

    readings: dict[str, Reading]
    missing: tuple[Missing, ...]
    during: tuple[str, ...]
    left_out: tuple[str, ...]


def read_bedside(case: Case, counted: BedsideOfCase, rules: ReadingRules, typical: HeartFile | None) -> Found:
    """Return the eight numbers of a case, the newest of each from before the drug was first given.

    Args:
        case: The patient.
        counted: Which of his readings count.
        rules: How near in time readings of one moment lie.
        typical: Whose number stands in for one that is missing; None for nobody's.
    """
    readings = {KINDS[item.kind]: _read(case, item) for item in counted.used if item.before}
    if _OUTPUT not in readings:
        output = _of_stroke_volume(case, counted, rules)
        readings |= {} if output is None else {_OUTPUT: output}
    missing: list[Missing] = []
    for item in TYPICAL:
        if item.name in readings:
            continue
        words, unit = NEEDED[item.name]
        if typical is None:
            missing.append(_question(words))
        else:
            value = typical.numbers["typical"][item.name].value
            assert isinstance(value, Quantity)
            readings[item.name] = Reading(words, _sized(value.to(unit), typical, case), None, "", typical.title)
    on_drug = {KINDS[item.kind] for item in counted.used if not item.before}
    during = tuple(words for name, (words, _) in NEEDED.items() if name in on_drug)
    ordered = {name: readings[name] for name in NEEDED if name in readings}
    return Found(ordered, tuple(missing), during, counted.left_out)


def as_bedside(
    case: Case, readings: dict[str, Reading], counted: BedsideOfCase, rules: ReadingRules, *, agreement: float
) -> Bedside:
    """Return the numbers for calibration, held against each other and against what else was measured with the output.

    Args:
        case: The patient.
        readings: The eight.
        counted: When the drug was first given.
        rules: How near in time readings of one moment lie.
        agreement: By what share a number may miss what the others imply.

    Raises:
        CirculationError: Two of them contradict each other; the pair is named.
    """
    values = {}
    for name, reading in readings.items():
        _, unit = NEEDED[name]
        number = float(reading.value.in_unit(unit))
        values[name] = number / 100 if unit == "%" else number
    bedside = Bedside.of(**values)
    at, apart = readings[_OUTPUT].at, _apart(rules)

    def beside(words: str) -> Measurement | None:
        """Return the newest one of before the drug; where the output was measured, one of its time."""
        found = _newest(case, words, counted.started)
        return None if found is None or (at is not None and abs(found.at - at) > apart) else found

    also = {name: (beside(words), unit) for name, (words, unit) in HELD_AGAINST.items()}
    told = {name: float(item.value.in_unit(unit)) for name, (item, unit) in also.items() if item is not None}
    bedside.agrees_with(agreement=agreement, **told)
    index, found = beside(INDEX), index_of(case, values[_OUTPUT])
    if index is not None and found is not None and not readings[_OUTPUT].assumed:
        implied, over = found
        measured = float(index.value.in_unit("L/min/m2"))
        if abs(measured - implied) > agreement * implied:
            raise CirculationError(
                f"Cardiac index '{measured:g} L/min/m2' and cardiac output "
                f"'{values[_OUTPUT]:.3g} L/min' contradict each other: {over} {implied:.3g} L/min/m2. Read them again.",
                value=f"{measured:g}",
                accepted=f"{implied:.3g} L/min/m2, within {100 * agreement:g} %",
                where=f"{INDEX} and {OUTPUT}",
            )
    return bedside


def _apart(rules: ReadingRules) -> timedelta:
    return timedelta(hours=float(rules.apart.value.in_unit("h")))


def _newest(case: Case, name: str, until: datetime | None) -> Measurement | None:
    return next((item for item in case.every(name) if until is None or item.at <= until), None)


def _read(case: Case, item: Counted) -> Reading:
    """Return one reading that counts; an index becomes the output that it is over the body's surface."""
    measured = item.measured
    if measured.what != INDEX:
        return Reading(measured.what, measured.value, measured.at, "", "")
    size = body_size(case).bsa_mosteller
    assert size is not None  # no index counts without it
    return _output(measured.value.in_unit("L/min/m2") * size.in_unit("m2"), measured.at, f"{INDEX} and body surface")


def _of_stroke_volume(case: Case, counted: BedsideOfCase, rules: ReadingRules) -> Reading | None:
    """Return the output of a stroke volume and the heart rate of the same time; None without both."""
    rate = next((item for item in counted.used if item.before and KINDS[item.kind] == _RATE), None)
    stroke = _newest(case, STROKE, counted.started)
    if rate is None or stroke is None or abs(stroke.at - rate.measured.at) > _apart(rules):
        return None
    litres = stroke.value.in_unit("mL") * rate.measured.value.in_unit("/min") / 1000
    return _output(litres, stroke.at, f"{STROKE} and {RATE}")


def _output(litres: Decimal, at: datetime, source: str) -> Reading:
    return Reading(OUTPUT, Quantity(round_half_up(litres, _DERIVED), "L/min"), at, source, "")


def _sized(value: Quantity, typical: HeartFile, case: Case) -> Quantity:
    """Return a typical number; an output for a body of this surface, where that is known."""
    size = body_size(case).bsa_mosteller
    if size is None or value.dimension != "flow":
        return value
    grown = value.value * size.in_unit("m2") / Decimal(repr(typical.surface_m2))
    return Quantity(round_half_up(grown, 2), value.unit)


def _question(words: str) -> Missing:
    also = {
        OUTPUT: ", or the cardiac index with height and weight, or the stroke volume with the heart rate",
    }.get(words, "")
    return Missing(
        name=words,
        asks=f"What was the {words} before the drug{also}?",
        would_change="The circulation is calibrated with it; nothing stands in for it unasked.",
        rules=(),
    )
