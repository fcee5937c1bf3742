"""The adult of the forecast's tests with stable kidneys, an infusion and levels; and his level by hand.

One compartment: what flows at R mcg/h from t0 to t1 has left at time t R / CL x (exp(-k (t - t1)) - exp(-k (t - t0))).
"""

from __future__ import annotations

import json
import math
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from inotrope.patient import Case
from tests.forecast.persons import NOW, adult, given

CASES = Path(__file__).parents[3] / "inotrope" / "library" / "cases"
RATES = ((-20.0, -8.0, 0.5), (-8.0, math.inf, 0.375))
"""h, h, mcg/kg/min."""
KG = 70.0


def at(hours: float) -> str:
    return (NOW + timedelta(hours=hours)).isoformat()


def level(value: str, hours: float = -1.0, **more: str) -> dict[str, str]:
    """Return a level of the record."""
    return {"what": "concentration", "of": "milrinone", "value": value, "at": at(hours), **more}


def creatinines(*values: str) -> list[dict[str, str]]:
    """Return creatinines of every twelfth hour, the newest two hours old."""
    newest = len(values) - 1
    return [
        {"what": "serum creatinine", "value": value, "at": at(-2.0 - 12 * (newest - place))}
        for place, value in enumerate(values)
    ]


def bedside(*levels: dict[str, str], creatinine: tuple[str, ...] = ("1.2 mg/dL",) * 3, **changes: Any) -> Case:
    """Return the case: 0.5 mcg/kg/min from 20 h ago on, 0.375 from 8 h ago on."""
    document: dict[str, Any] = {
        "administrations": [given(20, rate="0.5 mcg/kg/min"), given(8, rate="0.375 mcg/kg/min")],
        "measurements": [*creatinines(*creatinine), *levels],
        "conditions": {"oliguria": "absent"},
    }
    return adult(**(document | changes))


def by_hand(clearance: Any, volume: Any, hours: float) -> Any:
    """Return the level at a time, ng/mL, of one compartment: arrays of L/h and L."""
    k, total = clearance / volume, 0.0
    for start, end, rate in RATES:
        until = min(end, hours)
        if until > start:
            mcg_per_h = rate * 60 * KG
            total = total + mcg_per_h / clearance * (np.exp(-k * (hours - until)) - np.exp(-k * (hours - start)))
    return total


def shipped(name: str) -> dict[str, Any]:
    """Return a shipped case as its file has it."""
    found: dict[str, Any] = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return found
