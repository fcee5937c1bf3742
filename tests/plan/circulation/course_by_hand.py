"""A course written by hand, for whoever draws one: its numbers are shapes of curves, and no patient's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from math import exp

from inotrope.findings import SourceReference, Status
from inotrope.plan.circulation.course_record import (
    CirculationCourse,
    CourseReading,
    CourseStatus,
    Likely,
    LoadBeside,
    LoadWay,
    ModelPressure,
    PressureBelow,
    QuantityCourse,
    RateExpected,
    RateQuantity,
)
from inotrope.plan.forecast_record import Intervals, Values
from inotrope.units import Quantity

MINUTES = (0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, *range(240, 1441, 60))
TIMES = tuple(round(minute / 60, 4) for minute in MINUTES)
SHORT = tuple(float(minute) for minute in range(0, 61, 2))
WHAT = (
    ("cardiac index", "CI", "L/min/m2", 1.9, 0.70, 0.25),
    ("mean arterial pressure", "MAP", "mmHg", 78.0, -6.0, 5.0),
    ("central venous pressure", "CVP", "mmHg", 13.0, -5.0, 2.5),
    ("wedge pressure", "PCWP", "mmHg", 26.0, -6.0, 3.0),
    ("mean pulmonary artery pressure", "mPAP", "mmHg", 37.0, -6.0, 4.0),
    ("systemic vascular resistance", "SVR", "dyn s/cm5", 1330.0, -330.0, 180.0),
    ("pulmonary vascular resistance", "PVR", "dyn s/cm5", 226.0, -50.0, 40.0),
    ("heart rate", "HR", "/min", 92.0, 5.0, 4.0),
    ("stroke volume", "SV", "mL", 42.0, 12.0, 6.0),
    ("left ejection fraction", "EF", "%", 22.0, 7.0, 3.0),
)
LIMIT = SourceReference("label", "section 2", "A label", "read by hand", Status.CONFIRMED)


def quantity(value: float, unit: str) -> Quantity:
    """Return a number with its unit, to two decimals."""
    return Quantity(Decimal(f"{value:.2f}"), unit)


def likely(value: float, spread: float, unit: str) -> Likely:
    """Return a median with its 90 %."""
    return Likely(*(quantity(item, unit) for item in (value, value - spread, value + spread)))


def band(unit: str, spread: float, middle: Callable[[float], float], times: tuple[float, ...]) -> Intervals:
    """Return a curve with its intervals."""
    ends = (-spread, -spread / 2, 0.0, spread / 2, spread)
    return Intervals(*(Values(unit, tuple(round(middle(time) + end, 2) for time in times)) for end in ends))


def risen(hours: float) -> float:
    """Return the share of the effect that is there."""
    return 1 - exp(-hours / 3)


def course_of(what: str, times: tuple[float, ...], share: Callable[[float], float]) -> QuantityCourse:
    """Return one quantity over times."""
    name, short, unit, before, change, spread = next(item for item in WHAT if item[1] == what)
    curve = band(unit, spread, lambda time: before + change * share(time), times)
    return QuantityCourse(name, short, likely(before, spread / 3, unit), curve)


def way(regimen: str, below: float, share: Callable[[float], float]) -> LoadWay:
    """Return the next hour in one way."""
    return LoadWay(
        regimen=regimen,
        level=band("ng/mL", 20.0, lambda minute: 20 + 150 * share(minute), SHORT),
        quantities=(course_of("CI", SHORT, share), course_of("MAP", SHORT, share)),
        below=quantity(below, "%"),
        lowest=likely(78 - 8 * below / 10, 5, "mmHg"),
        unfilled=quantity(0.4, "%"),
    )


def load() -> LoadBeside:
    """Return a load against none."""
    return LoadBeside(
        time=Values("min", SHORT),
        with_load=way("50 mcg/kg over 10 min; 0.375 mcg/kg/min", 14, lambda minute: 1.4 * minute / (minute + 12)),
        without=way("0.375 mcg/kg/min", 4, lambda minute: risen(minute / 60)),
        lower_by=likely(5.1, 3, "mmHg"),
        below_only_with=quantity(10.2, "%"),
        says="The same draws both ways.",
    )


def rate(value: str, because: str, strength: float) -> RateExpected:
    """Return one permitted rate."""
    told = tuple(
        RateQuantity(name, short, likely(before + strength * change, spread, unit))
        for name, short, unit, before, change, spread in WHAT
        if short in ("CI", "MAP", "PCWP", "SVR", "HR")
    )
    return RateExpected(
        rate=Quantity(Decimal(value), "mcg/kg/min"),
        starts=quantity(0, "h"),
        because=because,
        level=likely(160 * strength, 60 * strength, "ng/mL"),
        quantities=told,
        below=quantity(12 * strength, "%"),
        below_at_the_end=quantity(10 * strength, "%"),
        extrapolated=quantity(0, "%"),
        unfilled=quantity(0.4, "%"),
    )


def course() -> CirculationCourse:
    """Return a whole course."""
    so_far = Values("%", tuple(round(12 * risen(time), 1) for time in TIMES))
    return CirculationCourse(
        status=CourseStatus.EXPECTED,
        headline="MAP below 65 mmHg within 24 h: 12 % (judgement)",
        supposes="the load and the rate of this plan from now on, and no step upward",
        regimen="50 mcg/kg over 10 min; 0.375 mcg/kg/min",
        heart="decompensated heart failure",
        readings=(
            CourseReading(
                "mean arterial pressure", quantity(78, "mmHg"), datetime(2026, 11, 22, 7, 40, tzinfo=UTC), False
            ),
            CourseReading("cardiac output", quantity(3.9, "L/min"), datetime(2026, 11, 22, 7, 40, tzinfo=UTC), False),
        ),
        left_out=(),
        unlike=(),
        learned="Drawn by how probable the readings make them (importance sampling).",
        levels_by="Levels by label_adult: no level was measured.",
        draws=1000,
        seed=1,
        time=Values("h", TIMES),
        level=band("ng/mL", 30.0, lambda time: 40 + 120 * risen(time), TIMES),
        quantities=tuple(course_of(item[1], TIMES, risen) for item in WHAT),
        below=PressureBelow(
            limit=Quantity(Decimal(65), "mmHg"),
            source=LIMIT,
            before=quantity(1.2, "%"),
            now=quantity(1.2, "%"),
            at_the_end=quantity(11, "%"),
            ever=quantity(12, "%"),
            at=so_far,
            so_far=so_far,
            lowest=likely(70, 6, "mmHg"),
        ),
        extrapolated=Values("%", (0.0,) * len(TIMES)),
        unfilled=Values("%", (0.4,) * len(TIMES)),
        load=load(),
        rates=(rate("0.25", "a low rate", 0.7), rate("0.375", "this plan's rate, printed in the label", 1.0)),
        rates_say="Information; it selects no rate.",
        models=(
            ModelPressure("label_adult", "The label", True, quantity(12, "%"), likely(70, 6, "mmHg"), ""),
            ModelPressure("other_1999", "Another", False, quantity(19, "%"), likely(68, 8, "mmHg"), ""),
            ModelPressure("third_2001", "A third", False, None, None, "It is of children."),
        ),
        refusals=(),
        says=("This explains and warns; it selects no rate, and no dose comes from it.",),
        unknown=("Not recorded: hypertrophic cardiomyopathy.",),
        sources=(LIMIT,),
    )
