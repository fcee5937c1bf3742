"""What happens at one moment, in its order, and what is carried from one segment to the next."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inotrope.errors import KineticsError
from inotrope.kinetics import Cycle, Parameters, Timeline, states

ONE = Parameters.of(clearance_l_per_h=2.0, volume_l=4.0)  # l = 0.5/h


def timeline(begin: list[float], **columns: object) -> Timeline:
    blank = Timeline.of_rates(begin, 0.0)
    arrays = {name: np.asarray(value) if name != "cycles" else value for name, value in columns.items()}
    return Timeline(
        **{
            "begin_h": blank.begin_h,
            "rate_mcg_per_h": blank.rate_mcg_per_h,
            "bolus_mcg": blank.bolus_mcg,
            "reset": blank.reset,
            "steady": blank.steady,
            "row": blank.row,
        }
        | arrays
    )


def test_amounts_fall_fill_and_jump() -> None:
    """100 mcg, 2 h later 10 mcg/h and 50 mcg more, 2 h later nothing."""
    made = timeline([0.0, 2.0, 4.0], rate_mcg_per_h=[0.0, 10.0, 0.0], bolus_mcg=[100.0, 50.0, 0.0])
    second = 100 * math.exp(-1) + 50
    third = second * math.exp(-1) + 20 * (1 - math.exp(-1))
    assert states(made, ONE)[:, 0] == pytest.approx([100.0, second, third], rel=1e-15)


def test_reset_then_steady_state_then_bolus() -> None:
    cycle = Cycle(10.0, math.inf, 0.0, 0.0, False, 0)  # comes to 20 mcg
    begin = [0.0, 1.0, 1.0, 1.0]
    made = timeline(
        begin,
        bolus_mcg=[100.0, 5.0, 5.0, 5.0],
        reset=[False, True, False, False],
        steady=[-1, -1, 0, 1],
        cycles=(cycle, cycle._replace(add=True)),
    )
    assert states(made, ONE)[:, 0] == pytest.approx([100.0, 5.0, 25.0, 50.0], rel=1e-15)


def test_a_segment_without_length_changes_nothing() -> None:
    three = Parameters.of(clearance_l_per_h=7.5, volume_l=14.0, q2_l_per_h=18.0, v2_l=22.0, q3_l_per_h=4.0, v3_l=120.0)
    made = timeline([0.0, 3.0, 3.0, 3.0], rate_mcg_per_h=[7.0, 5.0, 3.0, 1.0], bolus_mcg=[100.0, 0.0, 0.0, 0.0])
    found = states(made, three)
    assert found[1].tolist() == found[2].tolist() == found[3].tolist()


def test_rows_change_speed_and_not_amounts() -> None:
    made = timeline([0.0, 2.0, 4.0], bolus_mcg=[100.0, 0.0, 0.0], row=[0, 1, 0])
    changing = Parameters.of(clearance_l_per_h=[2.0, 4.0], volume_l=[4.0, 2.0])  # 0.5/h, then 2/h
    assert states(made, changing)[:, 0] == pytest.approx([100.0, 100 * math.exp(-1), 100 * math.exp(-5)], rel=1e-15)
    with pytest.raises(KineticsError, match="row '2'"):
        states(timeline([0.0, 1.0, 2.0], row=[0, 1, 2]), changing)


def test_draws_stand_in_front() -> None:
    draws = Parameters.of(clearance_l_per_h=np.array([[2.0], [4.0]]), volume_l=4.0, q2_l_per_h=0.0, v2_l=1.0)
    found = states(timeline([0.0, 2.0], bolus_mcg=[100.0, 0.0]), draws)
    assert found.shape == (2, 2, 2)
    assert found[:, 1, 0] == pytest.approx([100 * math.exp(-1), 100 * math.exp(-2)], rel=1e-15)
    assert not found[..., 1].any()
