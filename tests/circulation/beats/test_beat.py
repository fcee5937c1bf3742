"""What one settled beat shows: normal values, laws of a closed loop, work, valves."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.circulation import Changes
from inotrope.circulation.beats import settled_beat
from inotrope.circulation.beats.cycle import AORTA, AORTIC, LA, LV, MITRAL, PULMONIC, RV_, TRICUSPID

from ..patients import failing, healthy
from .conftest import beat_of, of_file

MMHG_ML_PER_G_M = 73.556  # 1 g m = 9.80665e-3 J, 1 mmHg mL = 1.33322e-4 J


def test_the_healthy_adult_is_within_the_facts_table() -> None:
    """facts/circulation.md, section 5, default targets and tolerances; CO and EF by the algebraic heart are exact."""
    beat = beat_of("healthy")
    assert beat.cardiac_output_l_per_min == pytest.approx(5.4, rel=0.05)
    assert beat.stroke_volume_ml == pytest.approx(79, rel=0.05)
    assert beat.left_ejection_fraction == pytest.approx(0.62, abs=0.04)
    assert beat.left_edv_ml == pytest.approx(128, rel=0.1)
    assert 90 * 0.95 < beat.mean_arterial_mmhg < 94 * 1.05
    assert 90 < beat.systolic_mmhg < 140 and 60 < beat.diastolic_mmhg < 90
    assert beat.central_venous_mmhg == pytest.approx(4, abs=1.5)
    assert beat.left_atrial_mmhg == pytest.approx(8, abs=2)
    assert beat.mean_pulmonary_mmhg == pytest.approx(14, abs=2)
    assert beat.systemic_resistance_dyn_s_per_cm5 == pytest.approx(1274, rel=0.05)
    assert beat.steepest_rise_mmhg_per_s == pytest.approx(1255, rel=0.2)
    assert beat.left_stroke_work_mmhg_ml / MMHG_ML_PER_G_M == pytest.approx(112, rel=0.15)


def test_the_failing_heart_is_within_a_tenth_of_its_targets() -> None:
    """The same section, last lines; dP/dt is known to be too low (858 seen by Jaski 1985) and is not held to it."""
    beat = beat_of("failing", 60.0)
    assert beat.cardiac_output_l_per_min == pytest.approx(3.8, rel=0.1)
    assert beat.mean_arterial_mmhg == pytest.approx(82, rel=0.1)
    assert beat.left_atrial_mmhg == pytest.approx(25, rel=0.1)
    assert beat.left_ejection_fraction == pytest.approx(0.2, rel=0.1)
    assert beat.systemic_resistance_dyn_s_per_cm5 == pytest.approx(1474, rel=0.1)
    assert beat.left_stroke_work_mmhg_ml == pytest.approx(2720, rel=0.1)
    assert beat.steepest_rise_mmhg_per_s < 858


def test_each_valve_passes_the_same(name: str) -> None:
    beat = beat_of(name)
    passed = beat.flows_ml_per_s.sum(axis=-1) * beat.step_s
    np.testing.assert_allclose(passed, passed[AORTIC], rtol=2e-3)  # a sum over 400 moments of a flow with edges
    volume = beat.volumes_ml[LV]
    assert volume.max() - volume.min() == pytest.approx(beat.stroke_volume_ml, rel=0.01)


def test_resistance_times_output_is_the_gradient(name: str) -> None:
    """MAP - CVP = CO x SVR of the parameters, over a settled beat, as in the algebraic heart."""
    (heart, _), beat = of_file(name), beat_of(name)
    flow = beat.stroke_volume_ml / 60 * beat.heart_rate_per_min
    gradient = beat.mean_arterial_mmhg - beat.central_venous_mmhg
    assert gradient == pytest.approx(flow * heart.vessels.systemic_mmhg_s_per_ml, rel=3e-4)
    gradient = beat.mean_pulmonary_mmhg - beat.left_atrial_mmhg
    assert gradient == pytest.approx(flow * heart.vessels.pulmonary_mmhg_s_per_ml, rel=1e-3)


def test_blood_is_neither_made_nor_lost(name: str) -> None:
    """18: at every moment the parts hold the stressed volume, what the atria were given, and what is unstressed."""
    (heart, chambers), beat = of_file(name), beat_of(name)
    whole = heart.stressed_volume_ml + chambers.held_by_atria_ml + 2 * chambers.atrial_v0_ml
    whole = whole + heart.left.vd_ml + heart.right.vd_ml
    np.testing.assert_allclose(beat.volumes_ml.sum(axis=-2), whole, atol=1e-9)


def test_the_beat_repeats_itself(name: str) -> None:
    beat = beat_of(name)
    h, q = beat.step_s, beat.flows_ml_per_s[..., -1]
    volumes = beat.volumes_ml
    ahead = volumes[..., -1] + h * (np.roll(q, 1) - q)
    np.testing.assert_allclose(ahead, volumes[..., 0], atol=0.02)  # the last step, by Euler


def test_work_is_the_area_of_the_loop(name: str) -> None:
    """18: shoelace rule against the integral of P dV; SV x (ESP - LAP) within 5 %; SV x (MAP - LAP) a fifth low."""
    beat = beat_of(name)
    for part, area in ((LV, beat.left_stroke_work_mmhg_ml), (RV_, beat.right_stroke_work_mmhg_ml)):
        volume = np.append(beat.volumes_ml[part], beat.volumes_ml[part, 0])
        pressure = np.append(beat.pressures_mmhg[part], beat.pressures_mmhg[part, 0])
        assert area == pytest.approx(-np.trapezoid(pressure, volume), rel=1e-12)
        assert area > 0
    pressure = beat.pressures_mmhg[LV]
    ends = np.argmax(pressure / (beat.volumes_ml[LV] - of_file(name)[0].left.v0_ml))  # the end of systole
    rough = beat.stroke_volume_ml * (pressure[ends] - beat.left_atrial_mmhg)
    assert beat.left_stroke_work_mmhg_ml == pytest.approx(rough, rel=0.05)
    at_the_bedside = beat.stroke_volume_ml * (beat.mean_arterial_mmhg - beat.left_atrial_mmhg)
    assert at_the_bedside / beat.left_stroke_work_mmhg_ml == pytest.approx(0.81, abs=0.02)


def test_valves_open_and_close_in_order(name: str) -> None:
    beat = beat_of(name)
    for valves in (beat.left_valves, beat.right_valves):
        assert 0 <= valves.inlet_closes < valves.outlet_opens < valves.outlet_closes < valves.inlet_opens
        assert valves.inlet_opens < 60 / beat.heart_rate_per_min
    for inlet, outlet in ((MITRAL, AORTIC), (TRICUSPID, PULMONIC)):
        both = (beat.flows_ml_per_s[inlet] > 0) & (beat.flows_ml_per_s[outlet] > 0)
        assert not both.any()
    assert (beat.flows_ml_per_s[[MITRAL, AORTIC, TRICUSPID, PULMONIC]] >= 0).all()


def test_pressures_by_hand(name: str) -> None:
    """At the onset the ventricle is filled and at rest: its pressure is on its filling curve."""
    (heart, _), beat = of_file(name), beat_of(name)
    volume = beat.volumes_ml[LV, 0]
    left = heart.left
    filled = left.filling_mmhg * np.expm1(left.filling_per_ml * (volume - left.vd_ml))
    assert beat.pressures_mmhg[LV, 0] == pytest.approx(filled, rel=1e-13)
    top = np.argmax(beat.pressures_mmhg[AORTA])
    assert beat.systolic_mmhg == beat.pressures_mmhg[AORTA, top]
    assert beat.diastolic_mmhg < beat.mean_arterial_mmhg < beat.systolic_mmhg
    assert beat.pressures_mmhg[LA].mean() == beat.left_atrial_mmhg
    assert beat.time_s[0] == 0
    assert beat.time_s[-1] + beat.step_s == pytest.approx(60 / beat.heart_rate_per_min, rel=1e-12)


def test_half_the_step_moves_no_mean(name: str) -> None:
    """21: by less than 0.01 %."""
    heart, chambers = of_file(name)
    fine, beat = settled_beat(heart, chambers, steps=800), beat_of(name)
    for each in ("mean_arterial_mmhg", "central_venous_mmhg", "left_atrial_mmhg", "mean_pulmonary_mmhg"):
        assert getattr(beat, each) == pytest.approx(getattr(fine, each), rel=1e-4)
    assert beat.stroke_volume_ml == pytest.approx(fine.stroke_volume_ml, rel=1e-4)


def test_force_makes_the_pressure_rise_faster() -> None:
    heart, chambers = of_file("failing")
    strong = settled_beat(heart.changed(Changes.of(left_elastance=1.3)), chambers)
    assert strong.steepest_rise_mmhg_per_s > beat_of("failing").steepest_rise_mmhg_per_s
    assert failing().title != healthy().title
