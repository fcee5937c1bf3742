"""Readings that nobody of this kind shows are refused, and a rare patient is not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inotrope.estimation.response import Target, judge_readings
from inotrope.estimation.response.implausible import distances, tails
from tests.estimation.response.bedsides import (
    CVP,
    HEART_RATE,
    LEFT,
    MAP,
    OUTPUT,
    WEDGE,
    ensemble,
    readings,
    simulated,
)


def target(rows: list[tuple[int, int, float]], on_drug: bool = False) -> Target:
    return Target.of(ensemble(), readings(rows, [on_drug]), [[300.0]])


def test_a_distance_by_hand() -> None:
    """Heart rate: an SD of 0.16 between patients and of 0.03 by error, of the logarithm, around 88 /min."""
    by_hand = math.log(120 / 88) / math.hypot(0.16, 0.03)
    assert distances(target([(0, HEART_RATE, 120.0)]))[0] == pytest.approx(by_hand, abs=0.15)


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        (MAP, 16.0, "mean arterial pressure of 16 mmHg"),
        (OUTPUT, 38.0, "cardiac output of 38 L/min"),
        (CVP, 55.0, "central venous pressure of 55 mmHg"),
        (LEFT, 0.95, "left ejection fraction of 0.95"),
    ],
)
def test_a_slip_is_named(kind: int, value: float, says: str) -> None:
    (found,) = judge_readings(target([(0, kind, value), (0, WEDGE, 25.0)]))
    assert found.id == "reading-implausible" and says in found.says and "(allowed: 5)" in found.says
    assert ("below" if kind == MAP else "above") in found.says and found.sources


def test_the_drug_is_part_of_what_is_expected() -> None:
    """A wedge pressure of 4 mmHg: three SDs low without the drug, and one of the usual ones on it."""
    without, on_drug = (distances(target([(0, WEDGE, 4.0)], drug))[0] for drug in (False, True))
    assert without < on_drug - 0.5


def test_nobody_who_is_of_this_kind_is_refused() -> None:
    assert judge_readings(target([])) == ()
    every = (HEART_RATE, OUTPUT, MAP, CVP, WEDGE, LEFT)
    simulated_ones = [simulated(index, before=every, after=every).target for index in range(60)]
    assert sum(bool(judge_readings(item)) for item in simulated_ones) <= 2
    assert np.mean([np.abs(distances(item)).max() < 4 for item in simulated_ones]) > 0.9


def test_tails_are_shares_of_such_patients() -> None:
    """A reading in the middle of the kind has half to either side; one that is far off has hardly any on its own."""
    found = tails(target([(0, HEART_RATE, 88.0), (0, MAP, 140.0), (0, CVP, 12.0), (0, WEDGE, 5.0)]))
    assert found.shape == (2, 4) and found.sum(axis=0) == pytest.approx(np.ones(4))
    assert found[:, 0] == pytest.approx([0.5, 0.5], abs=0.05)
    assert found[1, 1] < 0.001 and found[0, 3] < 0.001


def test_a_tail_by_hand() -> None:
    """107 /min: ln(107 / 88) over an SD of 0.16 between patients and 0.03 by error is 1.2 SDs: 11.5 % lie above."""
    away = math.log(107 / 88) / math.hypot(0.16, 0.03)
    above = math.erfc(away / math.sqrt(2)) / 2
    assert tails(target([(0, HEART_RATE, 107.0)]))[1, 0] == pytest.approx(above, abs=0.02)
