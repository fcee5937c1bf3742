"""Kidneys before a machine took their place: the creatinine of that time counts, in forecast and simulation alike."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from inotrope.drug import load_drug
from inotrope.forecast import KidneyChange, forecast
from inotrope.patient import Case, assess_kidney, read_case
from inotrope.population import earlier_kidneys, load_model
from inotrope.simulation import simulate
from inotrope.units import read_quantity

CASES = Path(__file__).parents[2] / "inotrope" / "library" / "cases"
MILRINONE = load_drug("milrinone")
LABEL = load_model("milrinone/label_adult")
SINCE = "2026-11-22T02:00:00+01:00"
CRRT = {"what": "CRRT", "start": SINCE, "clearance": "1.2 L/h"}
# By hand: a man of 68 years, 82 kg, 178 cm with 1.1 mg/dL; Cockcroft-Gault per 1.73 m2 of Mosteller's surface.
CLEARED = (140 - 68) * 82 / (72 * 1.1) * 1.73 / math.sqrt(178 * 82 / 3600)
VOLUME, RATE = 0.45 * 82, 0.5 * 60 * 82
SOUND, NONE = 0.14 * 82 * (0.17 + 0.83 * CLEARED / 80), 0.14 * 82 * 0.17


def towards(level: float, rate: float, clearance: float, hours: float) -> float:
    steady = rate / clearance
    return steady + (level - steady) * math.exp(-clearance / VOLUME * hours)


AT_TWO = towards(towards(0, 50 * 82 * 6, SOUND, 1 / 6), RATE, SOUND, 5 + 5 / 6)
"""From 20:00: 50 mcg/kg over 10 min, then 0.5 mcg/kg/min up to 02:00, with the kidneys of the creatinine of 06:00."""


def running(*support: dict[str, Any], **changed: Any) -> Case:
    case = json.loads((CASES / "running-since-yesterday.json").read_text(encoding="utf-8"))
    return read_case(json.dumps({**case, "support": list(support), **changed}).encode())


def test_the_creatinine_before_the_machine_counts_until_it_began() -> None:
    found = simulate(LABEL, running(CRRT), times_h=[0, 6, 12])
    assert found.concentration_ng_per_ml is not None
    now = towards(AT_TWO, RATE, NONE + 1.2, 6)
    later = towards(now, RATE, NONE + 1.2, 6)
    expected = [now, later, towards(later, RATE, NONE + 1.2, 6)]
    assert now == pytest.approx(447.3, abs=0.05)  # with kidneys that cleared nothing from 20:00 on it was 562.1
    assert found.concentration_ng_per_ml == pytest.approx(expected, rel=1e-7)
    assert "Before the machine began the creatinine of that time counts: 64 mL/min/1.73 m2." in found.says


def test_a_forecast_says_the_same() -> None:
    found = forecast(running(CRRT), None, models=[LABEL], seed=1)
    item = found.models[0]
    assert item.now is not None and item.now.typical == pytest.approx(towards(AT_TWO, RATE, NONE + 1.2, 6), rel=1e-7)
    assert any(says.startswith("Before the machine began") for says in found.says)


def test_a_change_of_the_kidneys_ahead_leaves_what_was() -> None:
    to = read_quantity("80 mL/min/1.73 m2", what="x", dimensions=("flow per body surface area",))
    changed = forecast(running(CRRT), None, models=[LABEL], kidney_change=KidneyChange(to, at_h=6), seed=1).models[0]
    assert changed.curve is not None
    now = towards(AT_TWO, RATE, NONE + 1.2, 6)
    at_6 = towards(now, RATE, NONE + 1.2, 6)
    levels = changed.curve.typical_ng_per_ml
    assert [levels[0], levels[24]] == pytest.approx([now, at_6], rel=1e-7)
    after = towards(towards(at_6, RATE, NONE + 1.2, 1 / 60), RATE, 0.14 * 82 + 1.2, 6 - 1 / 60)
    assert levels[48] == pytest.approx(after, rel=2e-3)  # the change takes a minute


def test_a_machine_that_ended_lately_rules_from_its_start_on() -> None:
    found = simulate(LABEL, running({**CRRT, "end": "2026-11-22T05:00:00+01:00"}), times_h=[0])
    assert found.concentration_ng_per_ml is not None
    expected = towards(towards(AT_TWO, RATE, NONE + 1.2, 3), RATE, NONE, 3)
    assert found.concentration_ng_per_ml == pytest.approx([expected], rel=1e-7)


def test_machines_that_follow_each_other_closely_are_one() -> None:
    first = {**CRRT, "start": "2026-11-21T22:00:00+01:00", "end": "2026-11-22T01:00:00+01:00"}
    earlier = earlier_kidneys(running(CRRT, first), MILRINONE)
    assert earlier is not None and earlier.until_h == -10
    long_ago = {**first, "start": "2026-11-01T22:00:00+01:00", "end": "2026-11-02T01:00:00+01:00"}
    earlier = earlier_kidneys(running(CRRT, long_ago), MILRINONE)
    assert earlier is not None and earlier.until_h == -6
    assert earlier.kidney.clearance is not None
    assert float(earlier.kidney.clearance.value) == pytest.approx(CLEARED, abs=1e-5)


def test_without_a_valid_creatinine_before_it_nothing_is_supposed() -> None:
    beside = {"what": "serum creatinine", "value": "1.1 mg/dL", "at": "2026-11-22T06:10:00+01:00"}
    stale = {**beside, "at": "2026-11-20T06:00:00+01:00"}
    for measured in ([beside], [stale, beside]):
        case = running(CRRT, measurements=measured)
        assert earlier_kidneys(case, MILRINONE) is None
        found = simulate(LABEL, case, times_h=[0])
        assert found.concentration_ng_per_ml is not None
        assert found.concentration_ng_per_ml[0] > towards(AT_TWO, RATE, NONE + 1.2, 6) * 1.2
        assert not any(says.startswith("Before the machine") for says in found.says)


def test_without_a_machine_in_their_place_there_is_no_before() -> None:
    assert earlier_kidneys(running(), MILRINONE) is None
    assert earlier_kidneys(running({**CRRT, "what": "ECMO"}), MILRINONE) is None


def test_a_clearance_of_the_whole_body_needs_the_height_before_too() -> None:
    case = running(CRRT, patient={"born": "1958-03-02", "sex": "male", "weight": "82 kg"})
    assert assess_kidney(case).clearance is None and earlier_kidneys(case, MILRINONE) is None
