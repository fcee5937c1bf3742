"""The geometric sum against doses really repeated, and against sums worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inotrope.errors import KineticsError
from inotrope.kinetics import Cycle, Parameters, Records, amounts, constant, expand, modes_of
from inotrope.kinetics.steady import cycle_amounts, phases

ONE = Parameters.of(clearance_l_per_h=2.0, volume_l=4.0)
THREE = Parameters.of(
    clearance_l_per_h=30.0, volume_l=14.0, q2_l_per_h=18.0, v2_l=22.0, q3_l_per_h=40.0, v3_l=60.0
)  # quick enough that 60 cycles are as good as for ever


def gathered(parameters: Parameters, **cycle: float) -> np.ndarray:
    whole = {"rate_mcg_per_h": 0.0, "duration_h": 0.0, "interval_h": 0.0, "bolus_mcg": 0.0, "add": False, "row": 0}
    return cycle_amounts(Cycle(**whole | cycle), modes_of(parameters))[..., 0]  # type: ignore[arg-type]


def test_boluses_by_hand() -> None:
    """l = 0.5/h, every 8 h: 100 (e^-4 + e^-8 + ...) = 100 / (e^4 - 1)."""
    assert gathered(ONE, bolus_mcg=100.0, interval_h=8.0) == pytest.approx([100 / (math.exp(4) - 1)], rel=1e-15)


def test_short_and_constant_infusions_by_hand() -> None:
    """10 mcg/h: without an end 10 / 0.5 mcg; 2 h every 8 h: 20 (1 - e^-1) e^-3 / (1 - e^-4) mcg before the next."""
    assert gathered(ONE, rate_mcg_per_h=10.0, duration_h=math.inf) == pytest.approx([20.0], rel=1e-15)
    expected = 20 * (1 - math.exp(-1)) * math.exp(-3) / (1 - math.exp(-4))
    found = gathered(ONE, rate_mcg_per_h=10.0, duration_h=2.0, interval_h=8.0)
    assert found == pytest.approx([expected], rel=1e-15)


def test_an_infusion_as_long_as_its_interval_is_constant() -> None:
    for times in (1, 3):
        found = gathered(ONE, rate_mcg_per_h=10.0, duration_h=8.0 * times, interval_h=8.0)
        assert found == pytest.approx([20.0 * times], rel=1e-15)


@pytest.mark.parametrize("duration", [0.0, 0.5, 7.9, 8.0, 8.1, 16.0, 20.0])
@pytest.mark.parametrize("parameters", [ONE, THREE], ids=["one", "three"])
def test_repeating_doses_comes_to_the_same(parameters: Parameters, duration: float) -> None:
    rate = 100 / duration if duration else 0.0
    dose = {"time_h": 0.0, "evid": 1, "amount_mcg": 100.0, "rate_mcg_per_h": rate, "interval_h": 8.0}
    ever = expand(Records.of(**dose, additional=60), rows=constant).timeline
    last = 480.0
    repeated = amounts(ever, parameters, last + np.array([0.0, 1.0, 7.9, 9.0, 30.0]))
    steady = expand(Records.of(**dose, steady=1), rows=constant).timeline
    found = amounts(steady, parameters, [0.0, 1.0, 7.9, 9.0, 30.0])
    assert found == pytest.approx(repeated, rel=1e-12, abs=1e-12 * repeated.max())


def test_the_stretches_of_a_cycle_hold_what_is_given() -> None:
    assert phases(Cycle(5.0, 20.0, 8.0, 0.0, False, 0)) == [(4.0, 15.0), (4.0, 10.0)]
    assert phases(Cycle(0.0, 0.0, 8.0, 100.0, False, 0)) == [(0.0, 0.0), (8.0, 0.0)]


def test_a_shut_compartment_takes_no_part() -> None:
    shut = Parameters.of(clearance_l_per_h=2.0, volume_l=4.0, q2_l_per_h=0.0, v2_l=9.0)
    for cycle in (
        {"bolus_mcg": 100.0, "interval_h": 8.0},
        {"rate_mcg_per_h": 10.0, "duration_h": math.inf},
        {"rate_mcg_per_h": 10.0, "duration_h": 20.0, "interval_h": 8.0},
    ):
        assert gathered(shut, **cycle).tolist() == [*gathered(ONE, **cycle).tolist(), 0.0]


def test_without_clearance_there_is_no_steady_state() -> None:
    records = Records.of(time_h=[0.0, 1.0], evid=[2, 1], amount_mcg=[0.0, 9.0], interval_h=[0.0, 8.0], steady=[0, 1])
    timeline = expand(records).timeline
    amounts(timeline, Parameters.of(clearance_l_per_h=[0.0, 1.0], volume_l=4.0), [2.0])
    with pytest.raises(KineticsError, match="no steady state") as caught:
        amounts(timeline, Parameters.of(clearance_l_per_h=[1.0, 0.0], volume_l=4.0), [2.0])
    assert caught.value.where == "parameters: clearance_l_per_h, row 1"
