"""What may be asked of a forecast: draws, grid, seed, a change of the kidneys; the rest is an error in words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inotrope.dosing import read_regimen
from inotrope.errors import InotropeError, RequestError
from inotrope.forecast import KidneyChange, forecast
from inotrope.forecast.draws import spread_of
from inotrope.population import Flow, changes, timeline
from inotrope.units import Quantity, read_quantity
from tests.forecast.persons import adult, kidney, label

ROOT = Path(__file__).parents[2]


def of_label(**more: Any) -> Any:
    case = adult()
    return forecast(case, "0.5 mcg/kg/min", models=[label()], kidney=kidney(case), **{"seed": 1, **more})


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"draws": 0}, "no number of draws"),
        ({"draws": True}, "no number of draws"),
        ({"draws": 100_001}, "no number of draws"),
        ({"step": "0 min"}, "above zero"),
        ({"step": "15"}, "has no unit"),
        ({"step": Quantity(read_regimen("pause 1 h").timed()[0].start_h, "h")}, "steps"),
        ({"until": "1 min"}, "has 0 steps"),
        ({"step": "1 min", "until": "365 day"}, "steps"),
        ({"step": "1 day", "until": "367 day"}, "more than 366 days"),  # from there on an age would stand still
        ({"seed": -1}, "seed"),
    ],
)
def test_what_cannot_be_asked_is_an_error(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(InotropeError, match=says):
        of_label(**asked)


def test_a_step_that_is_no_finite_decimal_ends_on_the_hour() -> None:
    found = of_label(step="10 min", until="8 h")
    assert found.until_h == 8 and found.models[0].curve.time_h.size == 49


def test_a_quantity_serves_as_well_as_a_text() -> None:
    ten = read_quantity("30 min", what="x", dimensions=("time",))
    assert of_label(step=ten).models[0].curve.time_h.size == 49


@pytest.mark.parametrize(
    ("to", "at_h", "says"),
    [
        (Quantity(read_regimen("pause 40 h").timed()[0].end_h, "mL/min"), 0.0, "not a clearance"),  # type: ignore[arg-type]
        (Quantity(read_regimen("pause 1 h").timed()[0].start_h, "mL/min/1.73 m2"), 0.0, "not a clearance"),
        (read_quantity("40 mL/min/1.73 m2", what="x", dimensions=("flow per body surface area",)), -1.0, "lie ahead"),
        (
            read_quantity("40 mL/min/1.73 m2", what="x", dimensions=("flow per body surface area",)),
            float("nan"),
            "lie ahead",
        ),
    ],
)
def test_a_change_of_the_kidneys_is_a_clearance_that_lies_ahead(to: Quantity, at_h: float, says: str) -> None:
    with pytest.raises(RequestError, match=says):
        KidneyChange(to, at_h)


def test_a_regimen_of_parts_serves_as_well_as_a_text() -> None:
    case = adult()
    found = forecast(case, read_regimen("0.5 mcg/kg/min"), models=[label()], kidney=kidney(case), seed=1)
    assert found.regimen == "0.5 mcg/kg/min"


def test_what_flows_at_one_time_adds_up() -> None:
    flowing = (Flow(-1.0, 1.0, 100.0), Flow(0.0, float("inf"), 10.0))
    begin = changes(flowing)
    assert begin.tolist() == [-1, 0, 1]
    assert timeline(flowing, begin, 0).rate_mcg_per_h.tolist() == [100, 110, 10]


def test_a_forecast_of_one_patient_loads_nothing_heavy() -> None:
    heavy = "numba scipy pandas matplotlib polars pyarrow"
    program = (
        "import sys; from inotrope.forecast import forecast; from tests.forecast.persons import adult, kidney; "
        "c = adult(); forecast(c, '0.5 mcg/kg/min', kidney=kidney(c), seed=1); "
        f"print([name for name in '{heavy}'.split() if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("draws", [1, 2, 3, 20, 200, 1001])
def test_intervals_are_those_that_numpy_finds(draws: int) -> None:
    values = np.random.default_rng(draws).lognormal(size=(draws, 7))
    found = spread_of(values)
    ends = (found.lowest, found.lower, found.median, found.upper, found.highest)
    np.testing.assert_allclose(ends, np.percentile(values, (5, 25, 50, 75, 95), axis=0, method="hazen"), rtol=1e-14)
    # By hand: 20 draws of 0 to 19 stand at 2.5, 7.5, ... 97.5 %; 5 % lies halfway between the first two.
    even = spread_of(np.arange(20.0))
    assert [float(end) for end in (even.lowest, even.lower, even.median, even.highest)] == [0.5, 4.5, 9.5, 18.5]
