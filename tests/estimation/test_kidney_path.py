"""Reading a path between its knots, and the three ways in which it may go on."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.estimation.creatinine_balance import Balance, Volumes
from inotrope.estimation.kidney_path import ML_PER_MIN, KidneyAhead, Walk

KNOTS = np.array([-10.0, -2.0, 0.0, 4.0, 24.0, 48.0])
BALANCE = Balance.of(KNOTS, production_mg_per_h=54.0, volumes=Volumes.constant(42.0))


def of(clearances: list[list[float]], now_h: float = 0.0) -> Walk:
    path = np.log(np.array(clearances))
    none = np.zeros(len(clearances))
    return Walk(KNOTS, path, none, none, none, BALANCE, now_h, 0.0, path[0], 0.5, True, 1)


def test_one_litre_per_hour_is_1000_ml_in_60_min() -> None:
    cleared = 5.4 * ML_PER_MIN
    assert cleared == pytest.approx(90)


def test_between_knots_a_straight_line_of_the_logarithm() -> None:
    found = of([[4.0, 1.0, 1.0, 2.0, 8.0, 8.0]])
    times = [-99.0, -10.0, -6.0, 0.0, 2.0, 4.0, 14.0, 48.0, 99.0]
    by_hand = [4.0, 4.0, 2.0, 1.0, 2**0.5, 2.0, 4.0, 8.0, 8.0]
    assert found.clearance_at(times)[0] == pytest.approx(by_hand, rel=1e-14)
    assert found.clearance_at(0.0).shape == (1, 1)


def test_a_stretch_takes_the_value_of_its_middle() -> None:
    found = of([[4.0, 1.0, 1.0, 2.0, 8.0, 8.0]])
    assert found.on_stretches([-10.0, -2.0, 4.0])[0] == pytest.approx([2.0, 2**0.25, 2.0], rel=1e-14)
    assert found.on_stretches(0.0)[0] == pytest.approx([1.0])


def test_the_stretches_between_knots_are_those_of_the_balance() -> None:
    """Run over the stretches, each of one clearance, the creatinine is that of the knots."""
    found = of([[4.0, 1.0, 1.0, 2.0, 8.0, 8.0]])
    amount, held = 54 / 4.0, 42.0
    course = [amount / 10]
    for cleared, hours in zip(found.on_stretches(KNOTS)[0][:-1], np.diff(KNOTS), strict=True):
        steady = 54 / cleared / 10
        course.append(steady + (course[-1] - steady) * np.exp(-cleared / held * hours))
    assert found.creatinine()[0] == pytest.approx(course, rel=1e-12)


def test_worsening_halves_in_a_day_after_now_and_not_before() -> None:
    found = of([[4.0, 4.0, 2.0, 2.0, 2.0, 2.0]])
    worse = found.going_on(KidneyAhead.WORSENING)
    assert worse.clearance_at(KNOTS)[0] == pytest.approx([4, 4, 2, 2 * 0.5 ** (4 / 24), 1.0, 0.5])
    assert worse.ahead is KidneyAhead.WORSENING


def test_recovering_doubles_in_a_day_up_to_the_first_clearance() -> None:
    """From 1 to 2 in a day, then 3 and no more; who never had more than now gains nothing."""
    found = of([[3.0, 2.0, 1.0, 1.0, 1.0, 1.0], [1.0, 2.0, 2.0, 2.0, 2.0, 2.0]])
    better = found.going_on(KidneyAhead.RECOVERING).clearance_at(KNOTS)
    assert better[0] == pytest.approx([3, 2, 1, 2 ** (4 / 24), 2, 3])
    assert better[1] == pytest.approx([1, 2, 2, 2, 2, 2])


@pytest.mark.parametrize("way", list(KidneyAhead))
@pytest.mark.parametrize("back", list(KidneyAhead))
def test_from_any_way_to_any_other(way: KidneyAhead, back: KidneyAhead) -> None:
    found = of([[3.0, 2.0, 1.0, 1.1, 1.3, 0.9], [5.0, 4.0, 4.0, 4.1, 4.2, 4.0]])
    there = found.going_on(way).going_on(back)
    assert there.log_clearance_l_per_h == pytest.approx(found.going_on(back).log_clearance_l_per_h, abs=1e-12)
    assert found.ahead is KidneyAhead.UNCHANGED


def test_the_three_ways_lie_in_order() -> None:
    found = of([[3.0, 2.0, 1.0, 1.1, 1.3, 0.9]])
    ways = KidneyAhead.WORSENING, KidneyAhead.UNCHANGED, KidneyAhead.RECOVERING
    low, middle, high = (found.going_on(way).clearance_at([12.0, 30.0])[0] for way in ways)
    assert (low < middle).all()
    assert (middle < high).all()


def test_some_of_the_draws() -> None:
    found = of([[3.0] * 6, [5.0] * 6, [7.0] * 6]).taken([2, 2, 0])
    assert found.clearance_at(0.0)[:, 0] == pytest.approx([7, 7, 3])
    assert found.log_production.shape == found.log_volume.shape == found.log_start.shape == (3,)
