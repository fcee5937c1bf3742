"""Patients for the checks of the drug page, and how a reader finds a thing in what the program answers.

The adult is the shipped example, a sound man of 82 kg. A check changes the one thing that its sentence is about.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from inotrope.display import Sheet, drug_sheet, family_sheet, plan_sheet, to_markdown
from inotrope.drug import Drug
from inotrope.drug.folder import LIBRARY
from inotrope.findings import Finding, State
from inotrope.patient import Case, read_case
from inotrope.plan import Plan, make_plan
from inotrope.units import Quantity

SOUND = json.loads((LIBRARY / "cases" / "sound-adult.json").read_text("utf-8"))
NOW = datetime.fromisoformat(SOUND["now"])


def ago(hours: float) -> str:
    """Return the time so many hours before the case."""
    return (NOW - timedelta(hours=hours)).isoformat()


def adult(
    *,
    conditions: Mapping[str, str] | None = None,
    events: Mapping[str, float] | None = None,
    measured: Mapping[str, str] | None = None,
    patient: Mapping[str, str | None] | None = None,
    running: float | None = None,
    **keys: Any,
) -> Case:
    """Return the sound adult, changed.

    Args:
        conditions: By name, "present" or "absent".
        events: By name, how many hours ago.
        measured: A measurement of ten minutes ago, by name; it replaces the others of that name.
        patient: Keys of the patient; None takes one away.
        running: Hours since an infusion of 0.5 mcg/kg/min was started, without a load.
        keys: Whole keys of the case; None takes one away.
    """
    content = copy.deepcopy(SOUND)
    content["conditions"].update(conditions or {})
    content["events"] = [{"what": name, "at": ago(hours)} for name, hours in (events or {}).items()]
    if measured:
        others = [item for item in content["measurements"] if item["what"] not in measured]
        fresh = [{"what": name, "value": value, "at": ago(1 / 6)} for name, value in measured.items()]
        content["measurements"] = others + fresh
    if running is not None:
        content["administrations"] = [{"of": "milrinone", "start": ago(running), "rate": "0.5 mcg/kg/min"}]
    return read_case(_changed(content, patient, keys), name="the page's adult")


def child(**keys: Any) -> Case:
    """Return a girl of two years and 12 kg with low output, of whom everything that is asked is known."""
    content = copy.deepcopy(SOUND)
    content["indication"] = "low cardiac output"
    content["patient"] = {"born": "2024-11-01", "sex": "female", "weight": "12 kg", "height": "88 cm"}
    content["medicines"] = []
    content["measurements"] = [
        {"what": "serum creatinine", "value": "0.3 mg/dL", "at": ago(hours)} for hours in (26, 2)
    ]
    content["preparation"] = {"product": "vial", "concentration": "200 mcg/mL", "volume": "50 mL"}
    return read_case(_changed(content, keys.pop("patient", None), keys), name="the page's child")


def _changed(content: dict[str, Any], patient: Mapping[str, str | None] | None, keys: dict[str, Any]) -> dict[str, Any]:
    for table, changes in ((content["patient"], patient or {}), (content, keys)):
        for key, value in changes.items():
            if value is None:
                table.pop(key, None)
            else:
                table[key] = value
    return content


def found(drug: Drug, rule: str, case: Case) -> Finding:
    """Return what a rule says about a case; it must fire."""
    return in_plan(make_plan(case, forecast=False, drug=drug), rule)


def in_plan(plan: Plan, rule: str) -> Finding:
    """Return what a rule says in a plan; it must fire."""
    fires = [item for item in plan.findings if item.rule == rule and item.state is State.FIRES]
    assert fires, f"{rule} does not fire"
    return fires[0]


def silent(drug: Drug, rule: str, case: Case) -> bool:
    """Tell whether a rule has nothing to say about a case."""
    return all(item.rule != rule for item in make_plan(case, forecast=False, drug=drug).findings)


def words(sheet: Sheet) -> str:
    """Return everything that a sheet says, on one line."""
    return " ".join(to_markdown(sheet).replace("\\", "").split())


def staff_page(drug: Drug) -> str:
    """Return the drug page for staff."""
    return words(drug_sheet(drug))


def family_page(drug: Drug) -> str:
    """Return the drug page for families."""
    return words(family_sheet(drug))


def plan_page(drug: Drug, case: Case) -> str:
    """Return a plan as it is read."""
    return words(plan_sheet(make_plan(case, forecast=False, drug=drug)))


def amount(quantity: Quantity | None, unit: str) -> float | None:
    """Return a quantity's number in a unit, None where there is none."""
    return None if quantity is None else float(quantity.in_unit(unit))
