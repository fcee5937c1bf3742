"""Covariates that grow with the clock, against an integration that lets them grow without steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from inotrope.errors import RequestError
from inotrope.population import Model, Standing, load_model
from inotrope.simulation import simulate
from inotrope.simulation.tables import stretches

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


@pytest.mark.parametrize("over_time", ["next_carried_backward", "last_carried_forward"])
def test_what_grows_with_the_clock_does_so_whatever_way_a_table_s_entries_have(tmp_path: Path, over_time: str) -> None:
    """Two entries stand for it, a year apart: carried backward an infant would be a year older from the start."""
    body = {"CL": "5 L/h", "V1": "20 L", "time since bypass": "2 h"}
    levels = []
    for way in ("linear", over_time):
        folder = tmp_path / way
        folder.mkdir()
        model = model_of(folder, RECOVERY, BYPASS.replace("linear", way))
        levels.append(simulate(model, "2 mg/h for 200 h", covariates=body, times_h=TIMES).concentration_ng_per_ml)
    assert (levels[0] == levels[1]).all()


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


BYPASS = '"time since bypass" = { unit = "h", over_time = "linear" }'


def table_of(hours: list[float], start: float, covariate: str, hours_in_one: float = 1.0) -> dict[str, list[float]]:
    """Return an infusion of 2 mg/h for 20 h, from 0 h and twice more every 26 h, looked at at these hours."""
    rows = len(hours) + 1
    return {
        "ID": [1.0] * rows,
        "TIME": [0.0, *hours],
        "AMT": [40_000.0] + [0.0] * (rows - 1),
        "RATE": [2_000.0] + [0.0] * (rows - 1),
        "II": [26.0] + [0.0] * (rows - 1),
        "ADDL": [2.0] + [0.0] * (rows - 1),
        "CL": [5.0] * rows,
        "V1": [20.0] * rows,
        covariate: [(start + hour) / hours_in_one for hour in [0.0, *hours]],
    }


def bypass(start: float, rate: float) -> Any:
    return lambda t, a: rate - 0.25 * (1 - 0.395 * 2 ** (-(t + start) / 12)) * a


def rate_at(hour: float) -> float:
    return 2000.0 if any(start <= hour < start + 20 for start in (0, 26, 52)) else 0.0


@pytest.mark.parametrize("start", [0.0, 2.0, 143.0, 900.0])
@pytest.mark.parametrize("hours", [[24.0], [7.0, 24.0, 60.0, 100.0], [100.0], [115.0]])
def test_a_table_s_rows_may_lie_far_apart(tmp_path: Path, start: float, hours: list[float]) -> None:
    """Doses of ADDL and ends of infusions fall between the rows; held against an integration without steps."""
    model = model_of(tmp_path, RECOVERY, BYPASS)
    found = simulate(model, table_of(hours, start, "time_since_bypass"), amounts=True)
    exact, state, at = [], np.zeros(1), 0.0
    for stop in sorted({*hours, 20.0, 26.0, 46.0, 52.0, 72.0}):
        solved = solve_ivp(
            bypass(start, rate_at(at)),
            (at, stop),
            state,
            rtol=1e-11,
            atol=1e-9,
        )
        state, at = solved.y[:, -1], stop
        exact += [state[0]] if stop in hours else []
    assert found.amounts_mcg is not None
    assert found.amounts_mcg[:, 0] == pytest.approx(np.array(exact), rel=5e-4)
    assert found.rows == len(hours)
    given = "40 mg over 20 h every 26 h, 3 times"
    body = {"CL": "5 L/h", "V1": "20 L", "time since bypass": f"{start} h"}
    regimen = simulate(model, given, covariates=body, times_h=hours)
    assert found.concentration_ng_per_ml == pytest.approx(regimen.concentration_ng_per_ml, rel=5e-4)


def test_a_volume_that_falls_between_two_rows(tmp_path: Path) -> None:
    model = model_of(tmp_path, FALLING, '"postnatal age" = { unit = "day", over_time = "linear" }')
    found = simulate(model, table_of([20.0], 0.0, "postnatal_age", 24.0))

    def volume(hours: float) -> float:
        return 20 * (1 + 1.07 * float(2 ** (-hours / 24 / 0.969)))

    exact = solve_ivp(lambda t, a: 2000 - 5 / volume(t) * a, (0, 20), [0.0], rtol=1e-11, atol=1e-8)
    assert found.concentration_ng_per_ml == pytest.approx([exact.y[0, -1] / volume(20)], rel=1e-4)


def test_cuts_follow_each_column_s_own_way_and_no_more_rows_are_held_than_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a covariate on a line others step, back or forward; subjects in portions come to the same bits."""
    model = model_of(tmp_path, RECOVERY, BYPASS)
    one: dict[str, list[Any]] = {
        **table_of([30.0, 31.0, 31.5], 1.0, "time_since_bypass"),
        "EVID": [1, 0, 2, 0],
        "WT": [70, 70, 71, 72],
        "kidney_replacement": ["absent", "absent", "Absent", "absent"],
    }
    table = {name: column * 3 for name, column in one.items()}
    table["ID"] = [1] * 4 + [2] * 4 + [3] * 4
    whole = simulate(model, table)
    assert whole.standing is Standing.INSIDE
    assert whole.concentration_ng_per_ml is not None
    levels = whole.concentration_ng_per_ml.reshape(3, 3)
    assert (levels == levels[0]).all()
    assert whole.time_h is not None and whole.time_h.tolist() == [30.0, 31.0, 31.5] * 3
    for most in (1, 61, 130):
        monkeypatch.setattr(stretches, "MOST_ROWS", most)
        assert (simulate(model, table).concentration_ng_per_ml == whole.concentration_ng_per_ml).all()
    table["CL"][5] = -3.0
    with pytest.raises(RequestError, match="table, row 6, column CL"):
        simulate(model, table)
    table["CL"][5] = 0.0
    with pytest.raises(RequestError, match=r"table, row 6, column CL, time_since_bypass: .*clearance comes to 0 L/h"):
        simulate(model, table)


def test_what_stands_still_or_steps_is_not_cut(tmp_path: Path) -> None:
    for over_time in ("linear", "last_carried_forward", "next_carried_backward"):
        model = model_of(tmp_path, RECOVERY, BYPASS.replace("linear", over_time))
        table = table_of([30.0, 60.0], 1.0, "time_since_bypass")
        table["time_since_bypass"] = [5.0, 5.0, 5.0] if over_time == "linear" else [5.0, 6.0, 7.0]
        found = simulate(model, table).concentration_ng_per_ml
        held = {"linear": (5, 5), "last_carried_forward": (5, 6), "next_carried_backward": (6, 7)}[over_time]
        state, at = 0.0, 0.0
        wanted = []
        for stop in (20.0, 26.0, 30.0, 46.0, 52.0, 60.0):
            k = 0.25 * (1 - 0.395 * 2 ** (-held[at >= 30] / 12))
            left = np.exp(-k * (stop - at))
            state, at = float(state * left + rate_at(at) / k * (1 - left)), stop
            wanted += [state / 20] if stop in (30, 60) else []
        assert found == pytest.approx(wanted, rel=1e-12)
