"""The adult whose levels a pencil can compute: 70 kg, heart failure, a creatinine clearance that a test sets.

By `milrinone/label_adult` with 80 mL/min/1.73 m2: CL = 0.14 L/kg/h x 70 kg x (0.17 + 0.83 x 80 / 80) = 9.8 L/h,
V = 0.45 L/kg x 70 kg = 31.5 L, k = CL / V = 0.3111 /h. At 0.5 mcg/kg/min, 2,100 mcg/h go in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from inotrope.patient import Case, Kidney, assess_kidney, read_case
from inotrope.population import Model, load_model
from inotrope.units import Quantity

NOW = datetime.fromisoformat("2026-11-22T08:00:00+01:00")
CL, V, K = 9.8, 31.5, 9.8 / 31.5
RATE = 2100.0
STEADY = RATE / CL  # 214.29 ng/mL


def adult(**changes: Any) -> Case:
    """Return the case; a keyword replaces a key of it, None takes it away, `weight` is the patient's."""
    document: dict[str, Any] = {
        "drug": "milrinone",
        "indication": "acute decompensated heart failure",
        "now": NOW.isoformat(),
        "patient": {"born": "1958-03-02", "sex": "male", "weight": changes.pop("weight", "70 kg"), "height": "175 cm"},
        "administrations": [],
        "support": [],
    }
    for key, value in changes.items():
        if value is None:
            del document[key]
        else:
            document[key] = value
    return read_case(document)


def kidney(case: Case, clearance: str = "80") -> Kidney:
    return assess_kidney(case, assumed=Quantity(Decimal(clearance), "mL/min/1.73 m2"))


def given(start_h: float, **what: str) -> dict[str, str]:
    """Return an administration that started so many hours before now."""
    return {"of": "milrinone", "start": (NOW - timedelta(hours=start_h)).isoformat(), **what}


def label() -> Model:
    return load_model("milrinone/label_adult")
