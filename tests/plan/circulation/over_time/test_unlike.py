"""A dry patient is drawn wetter than he was read, and that is said; whoever is of the kind is told nothing."""

from __future__ import annotations

from dataclasses import replace

from inotrope.plan.circulation.course_record import CourseReading
from inotrope.plan.circulation.over_time.unlike import SHORT, unlike
from inotrope.units import read_quantity

from ..course_by_hand import course as by_hand
from .beds import CVP, MAP, OUTPUT, RATE, WEDGE, bed, course, reading, shipped_course


def read(what: str, value: str, *, on_the_drug: bool = False) -> CourseReading:
    dimensions = ("pressure", "flow", "rate", "flow per area", "dimensionless")
    first = by_hand().readings[0]
    return replace(
        first, what=what, value=read_quantity(value, what=what, dimensions=dimensions), on_the_drug=on_the_drug
    )


def test_whoever_was_read_as_the_kind_is_told_nothing() -> None:
    assert shipped_course().unlike == ()


def test_a_dry_heart_is_warned_of() -> None:
    dry = course(
        bed(
            reading(MAP, "72 mmHg", "07:40"),
            reading(RATE, "100 /min", "07:40"),
            reading(OUTPUT, "3.6 L/min", "07:40"),
            reading(CVP, "2 mmHg", "07:40"),
            reading(WEDGE, "7 mmHg", "07:40"),
        )
    )
    wedge = next(item for item in dry.quantities if item.short == "PCWP").before
    assert wedge.ninety_from.value > 7  # why it is said
    (says,) = (text for text in dry.unlike if "wedge" in text)
    assert "read as 7 mmHg" in says and str(wedge.ninety_from) in says and str(wedge.ninety_to) in says


def test_the_ends_are_inside_and_what_is_not_comparable_is_left_out() -> None:
    quantities = by_hand().quantities  # MAP before the drug: 78 with 5 / 3 to either side, 76.33 to 79.67
    inside = (read(MAP, "76.33 mmHg"), read(MAP, "79.67 mmHg"))
    assert unlike(inside, quantities) == ()
    outside = (read(MAP, "76.3 mmHg"), read(MAP, "79.7 mmHg"))
    assert len(unlike(outside, quantities)) == 2
    assert unlike((read(MAP, "60 mmHg", on_the_drug=True),), quantities) == ()
    assert unlike((read(OUTPUT, "9 L/min"),), quantities) == ()  # its index is shown
    assert unlike((read("systolic blood pressure", "60 mmHg"),), quantities) == ()
    assert {item.short for item in quantities} - set(SHORT.values()) == {"SVR", "PVR", "SV"}
