"""Two invented patients with an infusion that runs, and ways to change them: an infant after surgery and an adult."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timedelta
from typing import Any

from inotrope.patient import Case, read_case
from tests.cli.conftest import CASES

NOW = datetime.fromisoformat("2026-11-22T08:00:00+01:00")


def runs(rate: str, hours: float = 5) -> list[dict[str, Any]]:
    """What was given: this rate, for so many hours."""
    return [{"of": "milrinone", "start": (NOW - timedelta(hours=hours)).isoformat(), "rate": f"{rate} mcg/kg/min"}]


def infant(**changes: Any) -> Case:
    """63 days, 39+0 weeks, 4 kg, after surgery; a syringe of 12 mg/50 mL runs at 0.5 mcg/kg/min."""
    person = {"born": "2026-09-20", "gestational_age": "39+0"}
    return _changed("child-after-surgery", person, {"administrations": runs("0.5"), **changes})


def adult(**changes: Any) -> Case:
    """60 years, 70 kg, 175 cm, creatinine 1.1 mg/dL; a syringe of 1 mg/mL runs at 0.5 mcg/kg/min."""
    person = {"born": "1966-01-15", "weight": "70 kg", "height": "175 cm"}
    syringe = {"product": "vial", "concentration": "1 mg/mL", "volume": "50 mL"}
    return _changed("sound-adult", person, {"administrations": runs("0.5"), "preparation": syringe, **changes})


def _changed(name: str, person: dict[str, str], changes: dict[str, Any]) -> Case:
    """Return a shipped case with another person; a weight goes into the measured one too, and None removes a key."""
    content = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    person = {**person, **changes.pop("patient", {})}
    content["patient"].update(person)
    content.update(copy.deepcopy(changes))
    for item in content["measurements"]:
        if item["what"] == "body weight":
            item["value"] = content["patient"]["weight"]
    return read_case({key: value for key, value in content.items() if value is not None}, name=name)
