"""A patient with all eight bedside numbers, and the same with some of them changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inotrope.patient import Case, read_case

CASES = Path(__file__).parents[3] / "inotrope" / "library" / "cases"
AT = "2026-11-22T07:40:00+01:00"
BEDSIDE = {
    "heart rate": "92 /min",
    "cardiac output": "3.9 L/min",
    "mean arterial pressure": "78 mmHg",
    "central venous pressure": "13 mmHg",
    "pulmonary capillary wedge pressure": "26 mmHg",
    "mean pulmonary artery pressure": "37 mmHg",
    "left ventricular ejection fraction": "22 %",
    "right ventricular ejection fraction": "30 %",
}


def written(changed: dict[str, str | None] | None = None, **keys: object) -> dict[str, Any]:
    """Return the case as a table; a number of None is left out, a key given takes the place of the shipped one."""
    table: dict[str, Any] = json.loads((CASES / "sound-adult.json").read_text(encoding="utf-8"))
    numbers: dict[str, str | None] = {**BEDSIDE, **(changed or {})}
    kept = [item for item in table["measurements"] if item["what"] not in (*numbers, "systolic blood pressure")]
    taken = [{"what": what, "value": value, "at": AT} for what, value in numbers.items() if value is not None]
    return {**table, "measurements": [*kept, *taken], **keys}


def case(changed: dict[str, str | None] | None = None, **keys: object) -> Case:
    """Return the same as a case."""
    return read_case(written(changed, **keys))
