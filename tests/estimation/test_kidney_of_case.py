"""From a case to a walk. The man of these tests: 60 years, 80 kg, 180 cm, surface 2 m2.

Cockcroft-Gault at 1 mg/dL gives 80 x 80 / 72 = 88.889 mL/min, so that he produces 53.333 mg/h; his volume is 48 L.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from inotrope.estimation import walk_search
from inotrope.estimation.kidney_of_case import KidneyOfCase, kidney_of_case
from inotrope.estimation.kidney_path import ML_PER_MIN
from inotrope.patient import Case, read_case

NOW = datetime.fromisoformat("2026-11-22T08:00:00+01:00")
CREATININE, BASELINE, WEIGHT = "serum creatinine", "baseline creatinine", "body weight"
Item = tuple[str, str, float]


def ago(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


def case(*items: Item, patient: dict[str, Any] | None = None, **others: Any) -> Case:
    """A case with these measurements, each (what, value, hours before now)."""
    person = {"born": "1966-01-01", "sex": "male", "weight": "80 kg", "height": "180 cm", **(patient or {})}
    return read_case(
        {
            "drug": "milrinone",
            "indication": "acute decompensated heart failure",
            "now": NOW.isoformat(),
            "patient": {key: value for key, value in person.items() if value is not None},
            "measurements": [{"what": what, "value": value, "at": ago(hours)} for what, value, hours in items],
            **others,
        }
    )


def machine(start: float, end: float | None, what: str = "CRRT", **others: Any) -> dict[str, Any]:
    return {"what": what, "start": ago(start), **({} if end is None else {"end": ago(end)}), **others}


RISING = (
    (BASELINE, "1.0 mg/dL", 24.0),
    (CREATININE, "1.00 mg/dL", 24.0),
    (CREATININE, "1.24 mg/dL", 12.0),
    (CREATININE, "1.78 mg/dL", 6.0),
    (CREATININE, "2.24 mg/dL", 0.0),
)
STEADY = tuple((CREATININE, "1.0 mg/dL", hours) for hours in (60.0, 36.0, 12.0))


def of(*items: Item, **others: Any) -> KidneyOfCase:
    return kidney_of_case(case(*items, **others), draws=1000)


def middle(found: KidneyOfCase, hours: float = 0.0) -> float:
    assert found.walk is not None
    return float(np.median(found.walk.clearance_at(hours))) * ML_PER_MIN


def refusal(found: KidneyOfCase) -> str:
    assert found.walk is None
    (one,) = found.refusals
    return one.id


def test_a_steady_man_keeps_his_cockcroft_gault() -> None:
    found = of(*STEADY)
    assert found.refusals == ()
    assert middle(found) == pytest.approx(88.9, rel=0.05)
    assert found.last_cockcroft_gault is not None
    assert float(found.last_cockcroft_gault.value) == pytest.approx(88.888889)
    assert [item.as_written for item in found.used] == ["1.0 mg/dL"] * 3
    assert (found.baseline, found.chen_l_per_h) == (None, None)
    assert any("No baseline creatinine" in line for line in found.says)
    assert found.walk is not None
    assert found.walk.knot_h[-1] == 48
    assert found.walk.knot_h[0] == -60 - 48


def test_a_woman_produces_less() -> None:
    """x 0.85, Cockcroft and Gault."""
    woman = of(*STEADY, patient={"sex": "female"})
    assert middle(woman) == pytest.approx(0.85 * middle(of(*STEADY)), rel=1e-3)


def test_kidneys_that_fail_beside_the_usual_ways() -> None:
    found = of(*RISING)
    assert found.baseline is not None
    assert 10 < middle(found) < 30
    assert found.last_cockcroft_gault is not None
    assert float(found.last_cockcroft_gault.value) == pytest.approx(88.888889 / 2.24, abs=1e-5)
    assert found.chen_l_per_h is not None
    assert found.chen_l_per_h.size == 3
    # 53.333 / 10 / 2.01 x (1 - 24 x 0.46 / (6 x 24 x 53.333 / 480)) = 2.653399 x 0.31 L/h
    assert found.chen_l_per_h[-1] == pytest.approx(0.822554, rel=1e-4)
    assert not any("baseline" in line for line in found.says)


def test_umol_per_litre_is_the_same_patient() -> None:
    one = of((BASELINE, "1 mg/dL", 30.0), (CREATININE, "2 mg/dL", 1.0))
    other = of((BASELINE, "88.4 umol/L", 30.0), (CREATININE, "176.8 umol/L", 1.0))
    assert middle(one) == pytest.approx(middle(other), rel=1e-3)


def test_per_body_surface() -> None:
    found = of(*STEADY)
    assert found.indexed(5.4) == pytest.approx(90 * 1.73 / 2)
    assert of(*STEADY, patient={"height": None}).indexed(5.4) is None


def test_a_baseline_dated_within_the_illness_is_from_before_it() -> None:
    within = of((BASELINE, "1 mg/dL", 2.0), (CREATININE, "2 mg/dL", 6.0), (CREATININE, "2.5 mg/dL", 0.0))
    before = of((BASELINE, "1 mg/dL", 54.0), (CREATININE, "2 mg/dL", 6.0), (CREATININE, "2.5 mg/dL", 0.0))
    assert middle(within) == pytest.approx(middle(before), rel=1e-6)
    without = of((CREATININE, "2 mg/dL", 6.0), (CREATININE, "2.5 mg/dL", 0.0))
    assert without.walk is not None
    assert within.walk is not None
    begin = -53.0
    sds = [np.log(each.clearance_at(begin)).std() for each in (within.walk, without.walk)]
    assert sds[0] < sds[1]


def test_a_baseline_of_last_year_is_one_long_step() -> None:
    found = of((BASELINE, "1 mg/dL", 24 * 365.0), *STEADY)
    assert found.walk is not None
    assert found.walk.knot_h[:2].tolist() == [-24.0 * 365, -108.0]
    assert middle(found) == pytest.approx(88.9, rel=0.05)


def test_an_old_creatinine_still_says_something_and_less() -> None:
    fresh, old = of((CREATININE, "1.5 mg/dL", 1.0)), of((CREATININE, "1.5 mg/dL", 100.0))
    assert fresh.walk is not None
    assert old.walk is not None
    sds = [np.log(each.walk.clearance_at(0.0)).std() for each in (fresh, old) if each.walk is not None]
    assert sds[1] > 1.5 * sds[0]
    assert any("One creatinine alone" in line for line in old.says)
    assert refusal(of((CREATININE, "1.5 mg/dL", 7 * 24 + 1.0))) == "creatinine-stale"
    assert of((CREATININE, "1.5 mg/dL", 7 * 24.0)).walk is not None


def test_creatinines_of_another_week_do_not_count() -> None:
    assert len(of((CREATININE, "3 mg/dL", 200.0), (CREATININE, "1 mg/dL", 1.0)).used) == 1


def test_one_value_written_twice_counts_once() -> None:
    twice = of((CREATININE, "1.2 mg/dL", 3.0), (CREATININE, "106 umol/L", 3.0))
    assert [item.as_written for item in twice.used] == ["1.2 mg/dL"]  # 106 umol/L are 1.199 mg/dL


def test_water_gained_counts() -> None:
    """74 kg two days ago, 80 now, creatinine level: 6 L of water in 48 h hide 0.125 L/h = 2 mL/min of a fall."""
    level = tuple((CREATININE, "1.0 mg/dL", hours) for hours in (48.0, 36.0, 24.0, 12.0, 0.0))
    dry, wet = of(*level), of(*level, (WEIGHT, "74 kg", 48.0), (WEIGHT, "80 kg", 0.0))
    assert wet.walk is not None
    assert wet.walk.balance.volume_l[[0, -1]] == pytest.approx([0.6 * 80 - 6, 0.6 * 80])
    assert middle(dry, -24) - middle(wet, -24) == pytest.approx(2.1, abs=0.5)


def test_a_weight_that_no_fluid_explains_is_left_out_and_said() -> None:
    found = of(*STEADY, (WEIGHT, "36.3 kg", 30.0), (WEIGHT, "70 kg", 24 * 300.0))
    assert found.walk is not None
    assert found.walk.balance.volume_l == pytest.approx(np.full(found.walk.knot_h.size, 48.0))
    assert any("a weight of 36.3 kg" in line for line in found.says)


def test_what_a_reader_must_know() -> None:
    says = " ".join(of(*STEADY, conditions={"oliguria": "present"}).says)
    assert "judgement" in says
    assert "no forecast" in says
    assert "oliguria" in says
    assert "not on record" in says
    quiet = " ".join(of(*STEADY, conditions={"oliguria": "absent"}, support=[]).says)
    assert "oliguria" not in quiet
    assert "not on record" not in quiet


# --- machines


def test_after_a_machine_only_creatinines_since_then_count() -> None:
    since = [
        (CREATININE, f"{value} mg/dL", hours) for value, hours in ((2.0, 59.0), (2.6, 47.0), (3.2, 35.0), (4.3, 2.0))
    ]
    found = of((BASELINE, "1 mg/dL", 400.0), (CREATININE, "1.9 mg/dL", 70.0), *since, support=[machine(100.0, 60.0)])
    assert [item.as_written for item in found.used] == ["2.0 mg/dL", "2.6 mg/dL", "3.2 mg/dL", "4.3 mg/dL"]
    assert found.baseline is None
    assert found.walk is not None
    assert found.walk.log_start.any()
    assert any("A machine replaced the kidneys before" in line for line in found.says)
    # 53.3 mg/h less what the kidneys clear make it rise by 1.2 mg/dL a day at first: 53.3 - 24 = 29 mg/h at 26 mg/L
    assert 8 < middle(found, -47) < 30
    assert refusal(of((CREATININE, "1.9 mg/dL", 70.0), support=[machine(100.0, 60.0)])) == "kidney-replacement"


def test_a_machine_of_long_ago_is_forgotten() -> None:
    found = of(*STEADY, support=[machine(500.0, 12 + 7 * 24 + 1.0)])
    assert found.walk is not None
    assert not found.walk.log_start.any()


def test_what_a_machine_clears_of_the_drug_comes_along() -> None:
    running = of(*STEADY, support=[machine(5.0, -3.0, clearance="1.2 L/h")])
    assert refusal(running) == "kidney-replacement"
    (own,) = running.machines
    assert (own.start_h, own.end_h, own.clearance_l_per_h) == (-5.0, 3.0, 1.2)
    assert of(*STEADY, support=[machine(5.0, None, what="ECMO")]).walk is not None


def test_a_search_without_an_end_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_search, "MOST_STEPS", 1)
    assert refusal(of(*RISING)) == "kidney-walk-not-converged"


def test_the_draws_are_those_of_the_seed() -> None:
    one, other = (kidney_of_case(case(*RISING), draws=20, seed=seed, ahead_h=6.0) for seed in (1, 2))
    again = kidney_of_case(case(*RISING), draws=20, seed=1, ahead_h=6.0)
    assert one.walk is not None
    assert other.walk is not None
    assert again.walk is not None
    assert one.walk.log_clearance_l_per_h.tolist() == again.walk.log_clearance_l_per_h.tolist()
    assert one.walk.log_clearance_l_per_h.tolist() != other.walk.log_clearance_l_per_h.tolist()
    assert one.walk.knot_h[-1] == 6
