"""Covariates that grow with the clock, against an integration that lets them grow without steps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from inotrope.population import Model, load_model
from inotrope.simulation import simulate

from .models import write_model

RECOVERY = """
[[parameters.clearance.by]]
form = "time_since_bypass"
of = "time since bypass"
fall = { value = "39.5 %", source = "paper:table 1", status = "confirmed" }
recovery_half_life = { value = "12 h", source = "paper:table 1", status = "confirmed" }
"""
FALLING = """
[[parameters.volume.by]]
form = "exponential_with_age"
of = "postnatal age"
at_birth = { value = "2.07", source = "paper:table 1", status = "confirmed" }
half_life = { value = "0.969 day", source = "paper:table 1", status = "confirmed" }
"""
TIMES = [1.0, 3.0, 6.0, 12.0, 23.9, 24.0, 47.0, 100.0]


def model_of(folder: Path, more: str, covariate: str) -> Model:
    path = write_model(folder, compartments=1, more=more)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\n[covariates]", f"\n[covariates]\n{covariate}"), encoding="utf-8")
    return load_model(path)


@pytest.mark.parametrize("clearance", [2.0, 5.0, 20.0])
@pytest.mark.parametrize("start", [0.0, 5.0])
def test_recovery_after_bypass_is_within_a_thousandth(tmp_path: Path, clearance: float, start: float) -> None:
    model = model_of(tmp_path, RECOVERY, '"time since bypass" = { unit = "h", over_time = "linear" }')
    body = {"CL": f"{clearance} L/h", "V1": "20 L", "time since bypass": f"{start} h"}
    found = simulate(model, "2 mg/h for 200 h", covariates=body, times_h=TIMES)
    exact = solve_ivp(
        lambda t, a: 2000 - clearance / 20 * (1 - 0.395 * 2 ** (-(t + start) / 12)) * a,
        (0, 100),
        [0.0],
        t_eval=TIMES,
        rtol=1e-11,
        atol=1e-8,
    )
    assert found.concentration_ng_per_ml == pytest.approx(exact.y[0] / 20, rel=1e-3)
    assert found.concentration_ng_per_ml[5] == pytest.approx(exact.y[0, 5] / 20, rel=2e-4)  # type: ignore[index]


def test_a_volume_that_falls_after_birth_is_within_a_thousandth(tmp_path: Path) -> None:
    model = model_of(tmp_path, FALLING, '"postnatal age" = { unit = "day", over_time = "linear" }')
    body = {"CL": "5 L/h", "V1": "20 L", "postnatal age": "0 day"}
    found = simulate(model, "2 mg/h for 200 h", covariates=body, times_h=TIMES)

    def volume(hours: object) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.asarray(20 * (1 + 1.07 * 2 ** (-np.asarray(hours, dtype=float) / 24 / 0.969)))

    exact = solve_ivp(lambda t, a: 2000 - 5 / volume(t) * a, (0, 100), [0.0], t_eval=TIMES, rtol=1e-11, atol=1e-8)
    assert found.concentration_ng_per_ml == pytest.approx(exact.y[0] / volume(TIMES), rel=1e-3)


def test_what_has_died_away_needs_no_short_stretches(tmp_path: Path) -> None:
    model = model_of(tmp_path, RECOVERY, '"time since bypass" = { unit = "h", over_time = "linear" }')
    body = {"CL": "5 L/h", "V1": "20 L", "time since bypass": "30 day"}
    found = simulate(model, "2 mg/h for 200 h", covariates=body, times_h=TIMES)
    wanted = 400 * -np.expm1(-np.asarray(TIMES) / 4)
    assert found.concentration_ng_per_ml == pytest.approx(wanted, rel=1e-9)
