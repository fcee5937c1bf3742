"""What levels do between the times asked for: the true highest, and a chart that passes over no turn."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inotrope.display import to_text
from inotrope.display.simulation_sheet import chart, simulation_sheet
from inotrope.population import Model, load_model
from inotrope.simulation import Simulation, between, simulate
from inotrope.simulation.between import DRAWN
from inotrope.simulation.writing import to_plain

from .models import SPREAD, write_model
from .test_measured import model_of

TEACHING = Path(__file__).parents[2] / "examples" / "models" / "teaching_two_compartment.toml"
BODY = {"weight": "70 kg", "age": "60 year", "own creatinine clearance": "100 mL/min", "kidney replacement": "absent"}
GIVEN = "1000 mg over 60 min every 12 h, 6 times"
ONE = {"CL": "5 L/h", "V1": "20 L", "weight": "70 kg"}
TURNS = [float(hour) for start in range(0, 72, 12) for hour in (start, start + 1)]


def page(found: Simulation) -> str:
    return to_text(simulation_sheet(found, notice=""))


@pytest.mark.parametrize("step", ["6 h", "12 h", "72 h", "1 h", "1 min"])
def test_a_coarse_step_passes_over_no_peak(step: str) -> None:
    found = simulate(TEACHING, GIVEN, covariates=BODY, step=step)
    exact = simulate(TEACHING, GIVEN, covariates=BODY, times_h=[61, 72]).concentration_ng_per_ml
    assert exact is not None and found.drawn is not None
    assert found.drawn.highest == (pytest.approx(exact[0], rel=1e-12), 61)
    assert found.drawn.lowest == (pytest.approx(exact[1], rel=1e-12), 72)
    assert found.drawn.whole
    apart = "" if step in ("1 h", "1 min") else ", between the times asked for"
    assert f"Highest  50.26 mg/L at 61 h{apart}\n" in page(found)
    assert "Lowest   10.54 mg/L at 72 h, after it" in page(found)
    drawn = chart(found)
    assert drawn is not None
    assert set(TURNS) <= set(drawn.time_h)
    assert max(drawn.middle) == pytest.approx(exact[0] / 1000, rel=1e-12)
    assert sorted(drawn.time_h) == list(drawn.time_h)
    assert to_plain(found, rows=False)["highest"] == {"TIME": 61.0, "CP": pytest.approx(exact[0] / 1000, rel=1e-12)}
    assert found.rows == found.time_h.size  # type: ignore[union-attr]


def test_each_line_of_a_drawing_is_the_level_at_its_time() -> None:
    found = simulate(TEACHING, GIVEN, covariates=BODY, step="6 h").drawn
    assert found is not None
    wanted = simulate(TEACHING, GIVEN, covariates=BODY, times_h=found.time_h).concentration_ng_per_ml
    assert found.lines_ng_per_ml == pytest.approx(wanted[None], rel=1e-12)  # type: ignore[index]


def test_a_peak_between_two_changes_of_rate_is_found(two: Model) -> None:
    """A lower rate after a load: the level falls into the second compartment and rises again; per kg and whole."""
    body = {"CL": "5 L/h", "V1": "20 L", "Q": "8 L/h", "V2": "40 L", "weight": "70 kg"}
    given = "10 mcg/kg over 10 min; 100 mcg/h for 40 h"
    found = simulate(two, given, covariates=body, times_h=[1, 20, 40])
    fine = np.linspace(1, 40, 4000)
    levels = simulate(two, given, covariates=body, times_h=fine).concentration_ng_per_ml
    assert levels is not None and found.drawn is not None
    highest, lowest = found.drawn.highest, found.drawn.lowest
    assert highest is not None and lowest is not None
    assert highest == (pytest.approx(levels.max(), rel=1e-6), 1)
    assert lowest[0] == pytest.approx(levels.min(), rel=1e-6)
    assert 1 < lowest[1] < 40 and lowest[1] not in (20.0,)
    assert lowest[1] in found.drawn.time_h


def test_what_only_rises_has_no_lowest_after_it(one: Model) -> None:
    found = simulate(one, "100 mcg/h for 10 h", covariates=ONE, step="3 h")
    assert found.drawn is not None and found.drawn.lowest is None
    assert found.drawn.highest == (pytest.approx(20 * -math.expm1(-2.5), rel=1e-12), 10)
    assert "Lowest" not in page(found)
    alone = simulate(one, "100 mcg/h for 10 h", covariates=ONE, times_h=[4])
    assert "Highest  12.64 ng/mL at 4 h\n" in page(alone)
    for none in (simulate(one, "1 mcg/h", covariates=ONE, times_h=[]), table(one)):
        assert none.drawn is None
        assert "highest" not in to_plain(none, rows=False)
        assert "Highest" not in page(none)


def table(model: Model) -> Simulation:
    return simulate(model, {"ID": [1, 1], "TIME": [0, 1], "AMT": [9, 0], "CL": [1, 1], "V1": [9, 9]})


@pytest.mark.parametrize("quantiles", [(), DRAWN, (0.1, 0.9)])
def test_quantiles_of_many_hold_every_turn(tmp_path: Path, quantiles: tuple[float, ...]) -> None:
    model = load_model(write_model(tmp_path, compartments=1, more=SPREAD))
    asked: dict[str, Any] = {"covariates": ONE, "patients": 40, "seed": 3}
    given = "1000 mcg over 60 min every 12 h, 6 times"
    found = simulate(model, given, step="24 h", quantiles=quantiles, **asked)
    assert found.drawn is not None and found.drawn.shares == (quantiles or DRAWN)
    levels = simulate(model, given, times_h=found.drawn.time_h, **asked).concentration_ng_per_ml
    assert levels is not None
    wanted = np.quantile(levels, found.drawn.shares, axis=0)
    assert found.drawn.lines_ng_per_ml == pytest.approx(wanted, rel=1e-12)
    assert set(TURNS) <= set(found.drawn.time_h.tolist())
    assert "highest" not in to_plain(found, rows=False)
    text = " ".join(page(found).split())
    first = found.drawn.shares[0]
    top = f"{found.drawn.lines_ng_per_ml[0].max():,.4g}"
    assert f"Highest {100 * first:g} %: {top} ng/mL at " in text
    assert ("25 %:" in text) is False
    assert (chart(found) is None) is (quantiles == (0.1, 0.9))
    assert "between them levels may lie higher" not in text


def test_so_many_that_the_times_asked_for_stand_alone(one: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {"covariates": ONE, "patients": 20, "seed": 3, "step": "24 h"}
    given = "1000 mcg over 60 min every 12 h, 6 times"
    monkeypatch.setattr(between, "MOST_LEVELS", 20 * 11)
    told = simulate(one, given, **asked)
    assert told.drawn is not None
    assert told.drawn.time_h.tolist() == sorted({0.0, 24.0, 48.0, 72.0, *TURNS})
    monkeypatch.setattr(between, "MOST_LEVELS", 20 * 4)
    alone = simulate(one, given, **asked)
    assert alone.drawn is not None
    assert alone.drawn.time_h.tolist() == [0, 24, 48, 72]
    assert "between them levels may lie higher" in " ".join(page(alone).split())
    monkeypatch.setattr(between, "MOST_LEVELS", 4_000_000)
    monkeypatch.setattr(between, "MOST_TURNS", 3)
    thinned = simulate(one, given, **asked)
    assert thinned.drawn is not None and not thinned.drawn.whole


@pytest.mark.parametrize("quantiles", [(), DRAWN])
def test_measured_levels_are_drawn_anew_between_the_times(tmp_path: Path, quantiles: tuple[float, ...]) -> None:
    """Samples between them have numbers of their own, behind those of the times asked for."""
    model = model_of(tmp_path, more=SPREAD)
    asked: dict[str, Any] = {"covariates": ONE, "patients": 60, "seed": 3, "residual": True}
    given = "100 mg over 60 min every 12 h, 3 times"
    found = simulate(model, given, step="12 h", quantiles=quantiles, **asked)
    assert found.drawn is not None
    extra = [time for time in found.drawn.time_h.tolist() if time % 12]
    again = simulate(model, given, times_h=[0, 12, 24, 36, 36], **asked)
    there = np.isin(found.drawn.time_h, [0, 12, 24, 36])
    assert np.count_nonzero(there) == 4
    assert again.measured_ng_per_ml is not None
    wanted = np.quantile(again.measured_ng_per_ml[:, :4], DRAWN, axis=0)
    assert found.drawn.lines_ng_per_ml[:, there] == pytest.approx(wanted, rel=1e-12)
    assert {1.0, 13.0, 25.0} <= set(extra)
    assert found.drawn.lines_ng_per_ml[4].max() > wanted.max()
