"""Stroke volume, output and resistance: by hand, by the units, and the same for a number and an array."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.circulation import output_l_per_min, resistances_dyn_s_per_cm5, stroke_volume_ml
from inotrope.circulation.flow import DYN_S_PER_CM5, resistance_dyn_s_per_cm5


def test_by_hand() -> None:
    """70 mL 80 times a minute are 5.6 L; 80 x (85 - 10) / 5 = 1200 and 80 x (25 - 15) / 5 = 160."""
    assert output_l_per_min(stroke_volume_ml=70.0, heart_rate_per_min=80.0) == pytest.approx(5.6)
    assert stroke_volume_ml(output_l_per_min=5.6, heart_rate_per_min=80.0) == pytest.approx(70)
    assert resistance_dyn_s_per_cm5(fall_mmhg=75.0, output_l_per_min=5.0) == 1200
    pressures = {"mean_arterial_mmhg": 85, "central_venous_mmhg": 10, "mean_pulmonary_mmhg": 25, "wedge_mmhg": 15}
    found = resistances_dyn_s_per_cm5({name: np.array([value]) for name, value in pressures.items()}, np.array([5.0]))
    assert {name: array.tolist() for name, array in found.items()} == {
        "systemic_resistance_dyn_s_per_cm5": [1200],
        "pulmonary_resistance_dyn_s_per_cm5": [160],
    }


def test_the_factor_is_that_of_the_units_as_monitors_round_it() -> None:
    """1 mmHg is 1333.224 dyn/cm2, and 1 L/min is 1000/60 cm3/s: 79.99 dyn s/cm5."""
    assert pytest.approx(1333.224 / (1000 / 60), rel=2e-4) == DYN_S_PER_CM5


def test_no_flow_is_an_endless_resistance() -> None:
    with np.errstate(divide="ignore"):
        found = resistance_dyn_s_per_cm5(fall_mmhg=np.array([75.0, 75.0]), output_l_per_min=np.array([0.0, 5.0]))
    assert found.tolist() == [np.inf, 1200]
