"""Areas, extremes and times, by hand where one compartment allows it, and by exact laws where it does not."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from inotrope.errors import KineticsError
from inotrope.kinetics import (
    Parameters,
    Records,
    Timeline,
    amounts,
    auc,
    concentrations,
    constant,
    expand,
    half_lives,
    peak,
    steady_concentration,
    time_above,
    time_to_steady_share,
    trough,
)

ONE = Parameters.of(clearance_l_per_h=2.0, volume_l=4.0)  # l = 0.5/h
TWO = Parameters.of(clearance_l_per_h=7.5, volume_l=14.0, q2_l_per_h=18.0, v2_l=22.0)
THREE = Parameters.of(clearance_l_per_h=7.5, volume_l=14.0, q2_l_per_h=18.0, v2_l=22.0, q3_l_per_h=4.0, v3_l=120.0)
BOLUS = Timeline.of_rates(1.0, 0.0, 100.0)
TWICE = expand(Records.boluses(time_h=[0.0, 8.0], amount_mcg=100.0), rows=constant).timeline


def test_area_of_a_bolus_by_hand() -> None:
    """25 ng/mL from 1 h on: nothing before, 50 (1 - exp(-1)) in the first two hours."""
    assert auc(BOLUS, ONE, 0.0, 3.0) == pytest.approx(50 * (1 - math.exp(-1)), rel=1e-15)
    assert auc(BOLUS, ONE, 2.0, 3.0) == pytest.approx(50 * (math.exp(-0.5) - math.exp(-1)), rel=1e-14)
    assert auc(BOLUS, ONE, 0.0, 0.5) == 0 == auc(BOLUS, ONE, 2.0, 2.0)


@pytest.mark.parametrize("parameters", [ONE, TWO, THREE])
def test_area_to_the_end_is_dose_over_clearance(parameters: Parameters) -> None:
    expected = 100.0 / parameters.clearance_l_per_h[0]
    assert auc(BOLUS, parameters, 0.0, 5000.0) == pytest.approx(expected, rel=1e-13)


def test_area_with_parameters_that_change_inside() -> None:
    """What left the body is clearance times area, piece by piece: 2 L/h to 3 h, then 5 L/h."""
    changing = Parameters.of(clearance_l_per_h=[2.0, 5.0], volume_l=[4.0, 9.0], q2_l_per_h=3.0, v2_l=7.0)
    timeline = Timeline.of_rates([0.0, 3.0], [10.0, 40.0], [100.0, 0.0], row=[0, 1])
    left = 2 * auc(timeline, changing, 0.0, 3.0) + 5 * auc(timeline, changing, 3.0, 10.0)
    inside = amounts(timeline, changing, [10.0]).sum()
    assert left + inside == pytest.approx(100 + 30 + 280, rel=1e-14)


def test_extremes_stand_on_the_right_side_of_a_dose() -> None:
    """8 h at 0.5/h leave 25 exp(-4); the second dose comes on top of that."""
    low = 25 * math.exp(-4)
    assert peak(TWICE, ONE, 0.0, 8.0) == (25.0, 0.0)
    assert peak(TWICE, ONE, 0.0, 9.0) == (pytest.approx(25 + low, rel=1e-15), 8.0)
    assert trough(TWICE, ONE, 0.0, 8.0) == trough(TWICE, ONE, 0.0, 9.0) == (pytest.approx(low, rel=1e-14), 8.0)
    assert peak(TWICE, ONE, 8.0, 8.0) == trough(TWICE, ONE, 8.0, 8.0) == (pytest.approx(25 + low, rel=1e-15), 8.0)
    assert trough(BOLUS, ONE, 0.0, 9.0) == (0.0, 0.0)
    assert peak(BOLUS, ONE, 0.0, 0.5) == (0.0, 0.0)


def test_moments_without_length_are_nobodys_level() -> None:
    """A reset and a dose at one time: the body is empty for no time at all."""
    records = Records.of(time_h=[0.0, 2.0], evid=[1, 4], amount_mcg=[100.0, 80.0])
    timeline = expand(records, rows=constant).timeline
    assert trough(timeline, ONE, 0.0, 3.0) == (pytest.approx(25 * math.exp(-1), rel=1e-15), 2.0)
    looked = Timeline.of_rates([0.0, 2.0, 2.0], 0.0, [100.0, 400.0, 0.0])
    assert peak(looked, ONE, 0.0, 3.0).value == pytest.approx(25 * math.exp(-1) + 100, rel=1e-15)


@pytest.mark.parametrize("parameters", [TWO, THREE])
def test_extremes_within_a_segment_have_no_slope(parameters: Parameters) -> None:
    """After the load the level falls into the tissues and then rises: the trough lies inside."""
    timeline = Timeline.of_rates([0.0, 0.25], [14000.0, 1500.0])
    value, at_h = trough(timeline, parameters, 0.25, 48.0)
    assert 0.25 < at_h < 48.0
    slope = concentrations(timeline, parameters, [at_h + 1e-30j]).imag[0] / 1e-30
    assert abs(slope) < 1e-10 * value
    assert value == pytest.approx(concentrations(timeline, parameters, [at_h])[0], rel=1e-14)


def test_a_volume_that_changes_makes_two_levels_at_one_time() -> None:
    changing = Parameters.of(clearance_l_per_h=0.0, volume_l=[4.0, 8.0, 2.0])
    timeline = Timeline.of_rates([0.0, 1.0, 2.0], 0.0, [100.0, 0.0, 0.0], row=[0, 1, 2])
    assert peak(timeline, changing, 0.0, 3.0) == (50.0, 2.0)
    assert trough(timeline, changing, 0.0, 3.0) == (12.5, 1.0)


def test_time_above_by_hand() -> None:
    """25 exp(-t / 2) is above 5 for 2 ln 5 h; two doses, and a constant level that is never above itself."""
    assert time_above(BOLUS, ONE, 0.0, 48.0, 5.0) == pytest.approx(2 * math.log(5), rel=1e-14)
    assert time_above(BOLUS, ONE, 0.0, 2.0, 5.0) == 1.0
    assert time_above(BOLUS, ONE, 0.0, 2.0, 0.0) == 1.0
    both = 2 * math.log(5) + 2 * math.log((25 + 25 * math.exp(-4)) / 5)
    assert time_above(TWICE, ONE, 0.0, 48.0, 5.0) == pytest.approx(both, rel=1e-14)
    level = Timeline.of_rates(0.0, 0.0, 100.0)
    still = Parameters.of(clearance_l_per_h=0.0, volume_l=4.0)
    assert [time_above(level, still, 0.0, 3.0, limit) for limit in (24.9, 25.0, 25.1)] == [3.0, 0.0, 0.0]


def test_each_draw_may_have_its_own_level() -> None:
    draws = Parameters.of(clearance_l_per_h=np.array([[2.0], [2.0]]), volume_l=4.0)
    found = time_above(BOLUS, draws, 0.0, 48.0, np.array([5.0, 12.5]))
    assert found == pytest.approx([2 * math.log(5), 2 * math.log(2)], rel=1e-14)


def test_complex_steps_reach_every_exposure() -> None:
    """Of 100 mcg into 4 L by CL: area -(100 / CL^2) at the end; time above 5: 4 ln 5 / CL; the peak is the dose's."""
    stepped = Parameters.of(clearance_l_per_h=2.0 + 1e-30j, volume_l=4.0)
    assert auc(BOLUS, stepped, 0.0, 5000.0).imag / 1e-30 == pytest.approx(-25.0, rel=1e-12)
    assert time_above(BOLUS, stepped, 0.0, 48.0, 5.0).imag / 1e-30 == pytest.approx(-math.log(5), rel=1e-12)
    assert peak(BOLUS, stepped, 0.0, 48.0).value.imag == 0
    assert trough(BOLUS, stepped, 1.0, 3.0).value.imag / 1e-30 == pytest.approx(-12.5 * math.exp(-1), rel=1e-12)
    assert time_to_steady_share(stepped).imag[0] / 1e-30 == pytest.approx(-math.log(10), rel=1e-12)
    assert half_lives(stepped).imag[0, 0] / 1e-30 == pytest.approx(-math.log(2), rel=1e-12)


def test_half_lives_with_the_longest_last() -> None:
    assert half_lives(ONE).tolist() == [[2 * math.log(2)]]
    assert (np.diff(half_lives(THREE)[0]) > 0).all()
    shut = Parameters.of(clearance_l_per_h=2.0, volume_l=4.0, q2_l_per_h=0.0, v2_l=9.0)
    assert half_lives(shut).tolist() == [[2 * math.log(2), math.inf]]


def test_steady_concentration_is_rate_over_clearance() -> None:
    rows = Parameters.of(clearance_l_per_h=[2.0, 5.0, 0.0], volume_l=4.0)
    assert steady_concentration(rows, 10.0).tolist() == [5.0, 2.0, math.inf]
    assert steady_concentration(rows, 0.0).tolist() == [0.0, 0.0, 0.0]


def test_time_to_a_share_of_the_steady_state() -> None:
    """One compartment: 2 ln 10 h at 0.5/h for 90 %. With more, the infusion is at the share then."""
    assert time_to_steady_share(ONE).tolist() == pytest.approx([2 * math.log(10)], rel=1e-15)
    for parameters in (TWO, THREE):
        for share in (0.1, 0.5, 0.9, 0.999):
            reached = time_to_steady_share(parameters, share)
            level = concentrations(Timeline.of_rates(0.0, 10.0), parameters, reached)
            assert level == pytest.approx(share * steady_concentration(parameters, 10.0), rel=1e-13)
    mixed = Parameters.of(clearance_l_per_h=[2.0, 0.0], volume_l=4.0, q2_l_per_h=0.0, v2_l=9.0)
    assert time_to_steady_share(mixed).tolist() == [pytest.approx(2 * math.log(10), rel=1e-15), math.inf]


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, math.nan])
def test_a_share_lies_between_nothing_and_all(share: float) -> None:
    with pytest.raises(KineticsError, match="share"):
        time_to_steady_share(ONE, share)


@pytest.mark.parametrize("exposure", [auc, peak, trough])
def test_a_window_has_a_start_and_a_later_end(exposure: Callable[..., object]) -> None:
    for window, where in (((2.0, 1.0), "to_h"), ((math.nan, 1.0), "from_h"), ((0.0, math.inf), "to_h")):
        with pytest.raises(KineticsError) as caught:
            exposure(BOLUS, ONE, *window)
        assert caught.value.where == where
    with pytest.raises(KineticsError, match="level_ng_per_ml"):
        time_above(BOLUS, ONE, 0.0, 1.0, math.nan)
