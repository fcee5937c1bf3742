"""What the numbers of a heart and of a response measure, and the spans in which they can be true of somebody.

Knows for each key its dimension, the unit in which `circulation` takes it, and the span beyond which a unit or a
decimal point slipped. Spans are judgements for such slips, not limits of safety.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from inotrope.drug import Counted, Sourced
from inotrope.drug.numbers import Kind
from inotrope.drug.reading import Section


class Asked(NamedTuple):
    """One number of a table: its key, what `circulation` calls it, its kind (None: plain), whether above 0."""

    key: str
    name: str
    kind: Kind | None = None
    unit: str = ""
    positive: bool = True


def _kind(dimension: str, lowest: str, highest: str, unit: str) -> Kind:
    return Kind(dimension, Decimal(lowest), Decimal(highest), unit)


LEVEL = _kind("mass concentration", "1", "100000", "ng/mL")
CHANGE = _kind("fraction", "-100", "400", "%")
SHARE = _kind("fraction", "0.1", "100", "%")
SECONDS = _kind("time", "0.01", "600", "s")
MINUTES = _kind("time", "0.1", "120", "min")
INHIBITION = _kind("molar concentration", "0.0001", "1000", "umol/L")
_PRESSURE = _kind("pressure", "0.1", "200", "mmHg")
_VOLUME = _kind("volume", "0", "300", "mL")
AGE = _kind("time", "0.1", "120", "year")
HOURS = _kind("time", "0.1", "1000", "h")
FILLING = _PRESSURE
INDEX = _kind("flow per body surface area", "0.1", "25", "L/min/m2")
_COMPLIANCE = _kind("compliance", "0.01", "1000", "mL/mmHg")
_ELASTANCE = _kind("elastance", "0.001", "50", "mmHg/mL")
_RESISTANCE = _kind("vascular resistance", "0.0001", "20", "mmHg s/mL")

BODY = (Asked("surface", "surface_m2", _kind("body surface area", "0.1", "4", "m2"), "m2"),)
TYPICAL = (
    Asked("heart_rate", "heart_rate_per_min", _kind("rate of beats", "20", "300", "/min"), "/min"),
    Asked("cardiac_output", "cardiac_output_l_per_min", _kind("flow", "0.1", "25", "L/min"), "L/min"),
    Asked("mean_arterial_pressure", "mean_arterial_mmhg", _PRESSURE, "mmHg"),
    Asked("central_venous_pressure", "central_venous_mmhg", _PRESSURE, "mmHg"),
    Asked("wedge_pressure", "wedge_mmhg", _PRESSURE, "mmHg"),
    Asked("mean_pulmonary_pressure", "mean_pulmonary_mmhg", _PRESSURE, "mmHg"),
    Asked("left_ejection_fraction", "left_ejection_fraction", SHARE, "share"),
    Asked("right_ejection_fraction", "right_ejection_fraction", SHARE, "share"),
)
ASSUMED = (
    Asked("left_v0", "left_v0_ml", _VOLUME, "mL", positive=False),
    Asked("right_v0", "right_v0_ml", _VOLUME, "mL", positive=False),
    Asked("v0_most", "v0_most", SHARE, "share"),
    Asked("left_filling", "left_filling_mmhg", _PRESSURE, "mmHg"),
    Asked("right_filling", "right_filling_mmhg", _PRESSURE, "mmHg"),
    Asked("left_end_systolic_share", "left_end_systolic_share"),
    Asked("right_end_systolic_share", "right_end_systolic_share"),
    Asked("left_vd_scale", "left_vd_scale"),
    Asked("left_vd_share", "left_vd_share"),
    Asked("left_vd_per_mmhg", "left_vd_per_mmhg"),
    Asked("right_vd_share", "right_vd_share"),
    Asked("venous_resistance", "venous_mmhg_s_per_ml", _RESISTANCE, "mmHg s/mL"),
    Asked("systemic_arteries", "systemic_arteries_ml_per_mmhg", _COMPLIANCE, "mL/mmHg"),
    Asked("systemic_veins", "systemic_veins_ml_per_mmhg", _COMPLIANCE, "mL/mmHg"),
    Asked("pulmonary_arteries", "pulmonary_arteries_ml_per_mmhg", _COMPLIANCE, "mL/mmHg"),
    Asked("pulmonary_veins", "pulmonary_veins_ml_per_mmhg", _COMPLIANCE, "mL/mmHg"),
    Asked("least_gap", "least_gap_ml", _VOLUME, "mL"),
)
CHECKS = (Asked("agreement", "agreement", SHARE, "share"),)
REFLEX = (
    Asked("rate", "rate", positive=False),
    Asked("resistance", "resistance", positive=False),
    Asked("volume", "volume", positive=False),
    Asked("force", "force", positive=False),
    Asked("largest", "most"),
)
LAGS = tuple(Asked(f"{name}_lag", name, SECONDS, "s") for name in ("rate", "resistance", "volume", "force"))
CHAMBERS = (
    Asked("rise", "rise_s_per_root_s"),
    Asked("fall_share", "fall_share"),
    Asked("atrial_lead", "atrial_lead_s", SECONDS, "s"),
    Asked("atrial_wave", "atrial_wave_s", SECONDS, "s"),
    Asked("left_atrium_low", "left_atrium_low_mmhg_per_ml", _ELASTANCE, "mmHg/mL"),
    Asked("left_atrium_high", "left_atrium_high_mmhg_per_ml", _ELASTANCE, "mmHg/mL"),
    Asked("right_atrium_low", "right_atrium_low_mmhg_per_ml", _ELASTANCE, "mmHg/mL"),
    Asked("right_atrium_high", "right_atrium_high_mmhg_per_ml", _ELASTANCE, "mmHg/mL"),
    Asked("atrial_v0", "atrial_v0_ml", _VOLUME, "mL"),
    Asked("valve", "valve_mmhg_s_per_ml", _RESISTANCE, "mmHg s/mL"),
    Asked("aortic_impedance", "aortic_impedance_mmhg_s_per_ml", _RESISTANCE, "mmHg s/mL"),
    Asked("pulmonary_impedance", "pulmonary_impedance_mmhg_s_per_ml", _RESISTANCE, "mmHg s/mL"),
    Asked("pulmonary_return", "pulmonary_return_mmhg_s_per_ml", _RESISTANCE, "mmHg s/mL"),
    Asked("most_of_resistance", "most_of_resistance", SHARE, "share"),
)
ENZYME = (
    Asked("unbound", "unbound_share", SHARE, "share"),
    Asked("half_inhibition", "half_inhibition_umol_per_l", INHIBITION, "umol/L"),
    Asked("share_of_hydrolysis", "share_of_hydrolysis", SHARE, "share"),
)
MEMBER = (
    Asked("force", "force"),
    Asked("force_half", "force_half_ng_per_ml", LEVEL, "ng/mL"),
    Asked("right_share", "right_share"),
    Asked("relaxation", "relaxation", positive=False),
    Asked("arteries", "arteries"),
    Asked("rate", "rate", positive=False),
    Asked("arteries_half", "arteries_half_ng_per_ml", LEVEL, "ng/mL"),
    Asked("arteries_hill", "arteries_hill"),
    Asked("veins", "veins"),
    Asked("veins_half", "veins_half_ng_per_ml", LEVEL, "ng/mL"),
    Asked("veins_hill", "veins_hill"),
)
LEFT_V0 = ASSUMED[0]
PERCENT = _kind("fraction", "0.01", "100", "%")
MISSES = tuple(
    item._replace(
        kind=PERCENT if item.kind is not _PRESSURE else _PRESSURE, unit="mmHg" if item.unit == "mmHg" else "share"
    )
    for item in TYPICAL
)
"""By how much a reading of each may miss: a share of heart rate and output, mmHg of pressures, points of fractions."""


def read_asked(section: Section, asked: tuple[Asked, ...]) -> dict[str, Sourced | Counted]:
    """Return the numbers of a table, each with its source, by what `circulation` calls them."""
    found: dict[str, Sourced | Counted] = {}
    for item in asked:
        found[item.name] = (
            section.counted(item.key, positive=item.positive)
            if item.kind is None
            else section.sourced(item.key, item.kind, positive=item.positive)
        )
    return found


def floats(numbers: dict[str, Sourced | Counted], asked: tuple[Asked, ...]) -> dict[str, float]:
    """Return the same numbers in the units of `circulation`; a share of 20 % is 0.2."""
    return {item.name: as_float(numbers[item.name], item.unit) for item in asked}


def as_float(number: Sourced | Counted, unit: str) -> float:
    """Return one number in a unit; `share` is the fraction of 1 behind a percentage, and a plain number has none."""
    if isinstance(number, Counted):
        return float(number.value)
    return float(number.value.in_unit("%")) / 100 if unit == "share" else float(number.value.in_unit(unit))
