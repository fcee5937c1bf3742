"""The shipped patient with a catheter in the right heart, with other readings and another infusion, and his course."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from inotrope import make_plan, read_case
from inotrope.patient import Case
from inotrope.plan.circulation.course_record import CirculationCourse
from inotrope.plan.record import Plan

CASES = Path(__file__).parents[4] / "inotrope" / "library" / "cases"
MAP, RATE, OUTPUT = "mean arterial pressure", "heart rate", "cardiac output"
CVP, WEDGE, PULMONARY = (
    "central venous pressure",
    "pulmonary capillary wedge pressure",
    "mean pulmonary artery pressure",
)
FRACTIONS = ("left ventricular ejection fraction", "right ventricular ejection fraction")
READ = (MAP, RATE, OUTPUT, CVP, WEDGE, PULMONARY, *FRACTIONS, "systemic vascular resistance", "systolic blood pressure")
RUNS = {"of": "milrinone", "start": "2026-11-22T02:00:00+01:00", "rate": "0.375 mcg/kg/min"}
LEVEL = {
    "what": "concentration",
    "of": "milrinone",
    "value": "330 ng/mL",
    "at": "2026-11-22T07:30:00+01:00",
    "site": "arterial line, left radial",
}


@cache
def _shipped() -> str:
    return (CASES / "right-heart-catheter.json").read_text(encoding="utf-8")


def reading(what: str, value: str, clock: str = "07:40") -> dict[str, str]:
    return {"what": what, "value": value, "at": f"2026-11-22T{clock}:00+01:00"}


BEFORE = (reading(MAP, "78 mmHg", "01:30"), reading(RATE, "92 /min", "01:30"), reading(OUTPUT, "3.9 L/min", "01:30"))
ON = (reading(MAP, "70 mmHg", "07:50"), reading(RATE, "98 /min", "07:50"), reading(OUTPUT, "4.8 L/min", "07:50"))


def bed(
    *readings: dict[str, str], without: tuple[str, ...] = (), conditions: dict[str, str] | None = None, **keys: Any
) -> Case:
    """Return the patient with other readings in the place of his own, or without some; None takes a key away."""
    table: dict[str, Any] = json.loads(_shipped())
    gone = READ if readings else without
    kept = [item for item in table["measurements"] if item["what"] not in gone]
    table["conditions"] |= conditions or {}
    written = {**table, "measurements": [*kept, *readings], **keys}
    return read_case({key: value for key, value in written.items() if value is not None})


def course(case: Case) -> CirculationCourse:
    found = make_plan(case).circulation
    assert found is not None
    return found


@cache
def shipped_plan() -> Plan:
    return make_plan(bed())


def shipped_course() -> CirculationCourse:
    found = shipped_plan().circulation
    assert found is not None
    return found
