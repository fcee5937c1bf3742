"""The site of effect: one exponential more, by hand and at steady state."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inotrope.kinetics import Parameters, Records, Timeline, concentrations, constant, effect_site, expand

ONE = Parameters.of(clearance_l_per_h=2.0, volume_l=4.0)  # l = 0.5/h
THREE = Parameters.of(clearance_l_per_h=30.0, volume_l=14.0, q2_l_per_h=18.0, v2_l=22.0, q3_l_per_h=40.0, v3_l=60.0)


def test_after_a_bolus_by_hand() -> None:
    """25 ng/mL at 0 h: E = 25 k (exp(-l t) - exp(-k t)) / (k - l); 25 l t exp(-l t) where k = l."""
    timeline, times = Timeline.of_rates([0.0, 1.5], 0.0, [100.0, 0.0]), np.array([-1.0, 0.0, 1.0, 3.0])
    late = times.clip(0)
    other = 25 * 2 * (np.exp(-late / 2) - np.exp(-2 * late)) / 1.5
    assert effect_site(timeline, ONE, times, equilibration_per_h=2.0) == pytest.approx(other, rel=1e-14, abs=1e-14)
    same = 25 * 0.5 * late * np.exp(-late / 2)
    assert effect_site(timeline, ONE, times, equilibration_per_h=0.5) == pytest.approx(same, rel=1e-14, abs=1e-14)


def test_during_an_infusion_by_hand() -> None:
    """C = 5 (1 - exp(-l t)): E = 5 (1 - exp(-k t) - k (exp(-l t) - exp(-k t)) / (k - l))."""
    t = 1.25
    expected = 5 * (1 - math.exp(-2 * t) - 2 * (math.exp(-t / 2) - math.exp(-2 * t)) / 1.5)
    found = effect_site(Timeline.of_rates(0.0, 10.0), ONE, [t], equilibration_per_h=2.0)
    assert found == pytest.approx([expected], rel=1e-14)


def test_a_reset_empties_the_site() -> None:
    records = Records.of(time_h=[0.0, 2.0], evid=[1, 3], amount_mcg=[100.0, 0.0])
    found = effect_site(expand(records, rows=constant).timeline, ONE, [1.0, 2.0, 3.0], equilibration_per_h=2.0)
    assert found[0] > 0 and not found[1:].any()


@pytest.mark.parametrize("duration", [0.0, 2.0, 20.0])
def test_at_steady_state_it_is_where_repeated_doses_bring_it(duration: float) -> None:
    rate = 100 / duration if duration else 0.0
    dose = {"time_h": 0.0, "evid": 1, "amount_mcg": 100.0, "rate_mcg_per_h": rate, "interval_h": 8.0}
    times = np.array([0.0, 1.0, 7.9, 30.0])
    for parameters in (ONE, THREE):
        ever = expand(Records.of(**dose, additional=60), rows=constant).timeline
        repeated = effect_site(ever, parameters, times + 480, equilibration_per_h=0.7)
        steady = expand(Records.of(**dose, steady=1), rows=constant).timeline
        found = effect_site(steady, parameters, times, equilibration_per_h=0.7)
        assert found == pytest.approx(repeated, rel=1e-12)


def test_a_second_steady_state_adds_and_a_constant_one_is_level() -> None:
    """10 mcg/h at 2 L/h: 5 ng/mL in blood and at the site."""
    for steady, before in ((1, 0.0), (2, 100.0)):
        records = Records.of(
            time_h=[0.0, 2.0], evid=1, amount_mcg=[before, 0.0], rate_mcg_per_h=[0.0, 10.0], steady=[0, steady]
        )
        timeline = expand(records, rows=constant).timeline
        alone = effect_site(Timeline.of_rates(0.0, 0.0, before), ONE, [2.0], equilibration_per_h=2.0)
        assert effect_site(timeline, ONE, [2.0], equilibration_per_h=2.0) == pytest.approx(5 + alone, rel=1e-14)


def test_each_draw_has_its_own_speed_and_rows_may_change() -> None:
    many = Parameters.of(clearance_l_per_h=np.array([[2.0, 1.0], [2.0, 3.0]]), volume_l=4.0)
    timeline = Timeline.of_rates([0.0, 1.0], [10.0, 0.0], row=[0, 1])
    found = effect_site(timeline, many, [0.5, 2.0], equilibration_per_h=np.array([[2.0], [0.5]]))
    for draw, speed in enumerate((2.0, 0.5)):
        alone = Parameters(**{name: array[draw] for name, array in many.named().items()})
        assert found[draw] == pytest.approx(
            effect_site(timeline, alone, [0.5, 2.0], equilibration_per_h=speed), rel=1e-15
        )


def test_a_quick_site_is_the_blood() -> None:
    """E follows C by 1 / k h: with k = 1e9/h the two agree to 1e-8."""
    timeline, times = Timeline.of_rates([0.0, 2.0], [30.0, 0.0]), [1.0, 2.0, 5.0]
    site = effect_site(timeline, THREE, times, equilibration_per_h=1e9)
    assert site == pytest.approx(concentrations(timeline, THREE, times), rel=1e-8)
