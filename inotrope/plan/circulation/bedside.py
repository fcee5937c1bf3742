"""From a case to the eight numbers that a circulation is calibrated with: measured, derived, or missing and asked for.

Knows which readings are of the time before the drug, and which others must agree with them. It guesses nothing: what
was not measured is missing, unless somebody asked for the typical number of a named heart, and then it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inotrope.circulation import Bedside
from inotrope.errors import CirculationError
from inotrope.patient import Case, body_size
from inotrope.patient.case import Measurement
from inotrope.plan.circulation.record import Reading
from inotrope.plan.record import Missing
from inotrope.population.response import HeartFile
from inotrope.population.response.kinds import TYPICAL
from inotrope.units import Quantity, round_half_up

OUTPUT, INDEX, STROKE = "cardiac output", "cardiac index", "stroke volume"
NEEDED = {
    "heart_rate_per_min": ("heart rate", "/min"),
    "cardiac_output_l_per_min": (OUTPUT, "L/min"),
    "mean_arterial_mmhg": ("mean arterial pressure", "mmHg"),
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
    """

    readings: dict[str, Reading]
    missing: tuple[Missing, ...]
    during: tuple[str, ...]


def read_bedside(case: Case, typical: HeartFile | None) -> Found:
    """Return the eight numbers of a case, the newest of each from before the drug was first given.

    Args:
        case: The patient.
        typical: Whose number stands in for one that is missing; None for nobody's.
    """
    starts = [item.start for item in case.administrations or () if item.of.name == case.drug]
    begun = min(starts, default=None)
    own = {name: _newest(case, words, begun) for name, (words, _) in NEEDED.items()}
    readings = {
        name: Reading(found.what, found.value, found.at, "", "") for name, found in own.items() if found is not None
    }
    if "cardiac_output_l_per_min" not in readings:
        output = _derived_output(case, begun)
        readings |= {} if output is None else {"cardiac_output_l_per_min": output}
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
    late = [words for words, _ in NEEDED.values() if begun and any(item.at >= begun for item in case.every(words))]
    return Found({name: readings[name] for name in NEEDED if name in readings}, tuple(missing), tuple(late))


def as_bedside(case: Case, readings: dict[str, Reading], *, agreement: float) -> Bedside:
    """Return the numbers for calibration, held against each other and against what else was measured.

    Raises:
        CirculationError: Two of them contradict each other; the pair is named.
    """
    values = {}
    for name, reading in readings.items():
        _, unit = NEEDED[name]
        number = float(reading.value.in_unit(unit))
        values[name] = number / 100 if unit == "%" else number
    bedside = Bedside.of(**values)
    before = min((item.start for item in case.administrations or () if item.of.name == case.drug), default=None)
    also = {name: (_newest(case, words, before), unit) for name, (words, unit) in HELD_AGAINST.items()}
    told = {name: float(item.value.in_unit(unit)) for name, (item, unit) in also.items() if item is not None}
    bedside.agrees_with(agreement=agreement, **told)
    index, size = _newest(case, INDEX, before), body_size(case).bsa_mosteller
    if index is not None and size is not None and not readings["cardiac_output_l_per_min"].assumed:
        implied = float(bedside.cardiac_output_l_per_min) / float(size.in_unit("m2"))
        measured = float(index.value.in_unit("L/min/m2"))
        if abs(measured - implied) > agreement * implied:
            raise CirculationError(
                f"Cardiac index '{measured:g} L/min/m2' and cardiac output "
                f"'{float(bedside.cardiac_output_l_per_min):.3g} L/min' contradict each other: over a body surface of "
                f"{size.shown(2)} the output is an index of {implied:.3g}. Read both again.",
                value=f"{measured:g}",
                accepted=f"{implied:.3g} L/min/m2, within {100 * agreement:g} %",
                where=f"{INDEX} and {OUTPUT}",
            )
    return bedside


def _newest(case: Case, name: str, before: datetime | None) -> Measurement | None:
    return next((item for item in case.every(name) if before is None or item.at < before), None)


def _derived_output(case: Case, before: datetime | None) -> Reading | None:
    """Return the output of an index and the body's surface, else of a stroke volume and the rate; None of neither."""
    index, size = _newest(case, INDEX, before), body_size(case).bsa_mosteller
    if index is not None and size is not None:
        return _output(index.value.in_unit("L/min/m2") * size.in_unit("m2"), index.at, f"{INDEX} and body surface")
    stroke, rate = _newest(case, STROKE, before), _newest(case, "heart rate", before)
    if stroke is not None and rate is not None:
        litres = stroke.value.in_unit("mL") * rate.value.in_unit("/min") / 1000
        return _output(litres, stroke.at, f"{STROKE} and heart rate")
    return None


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
