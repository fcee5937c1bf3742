"""A clearance that moves, from creatinines: the worked case of the project's trial, and what holds for everybody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation.chen import chen_clearances
from inotrope.estimation.creatinine_balance import Balance, Volumes
from inotrope.estimation.kidney_path import ML_PER_MIN, Walk
from inotrope.estimation.kidney_walk import walk
from inotrope.estimation.walk_spread import WalkSpread
from inotrope.population import ExtracorporealClearance
from tests.estimation.kidney_simulation import levels

# Numerics, section 6: 70 kg, 90 mL/min and 1.0 mg/dL (54 mg/h, 42 L), to 20 % between 8 and 12 h.
TIMES, CREATININE = [-24.0, 0.0, 12.0, 18.0, 24.0], [1.00, 1.00, 1.24, 1.78, 2.24]
LEVEL_TIMES = np.array([24.0, 36.0])
NONE = np.zeros((1, 4))


def of(times=TIMES, creatinine=CREATININE, **others) -> Walk:
    given = {"production_mg_per_h": 54.0, "volumes": Volumes.constant(42.0), "moves_from_h": 0.0, "now_h": 24.0}
    given |= {"ahead_h": 12.0, "draws": 2000, **others}
    return walk(times, creatinine, **given)


def spread_of(found: Walk, time_h: float) -> np.ndarray:
    """5 %, 50 % and 95 % of the clearance, mL/min."""
    return np.quantile(found.clearance_at(time_h) * ML_PER_MIN, [0.05, 0.5, 0.95])


def log_sd(found: Walk, time_h: float) -> float:
    return float(np.log(found.clearance_at(time_h)).std())


def levels_of(found: Walk, etas: np.ndarray = NONE) -> np.ndarray:
    begin = found.knot_h[found.knot_h >= 0]
    return levels(found.on_stretches(begin) * ML_PER_MIN, begin, 70.0, LEVEL_TIMES, etas)


# --- the worked case


def truth(time_h: np.ndarray) -> np.ndarray:
    """90 mL/min, to a fifth between 8 and 12 h, straight on the logarithmic scale."""
    return 90 * 0.2 ** np.clip((time_h - 8) / 4, 0, 1)


def test_the_case_as_written_is_the_case_as_simulated() -> None:
    knots = np.concatenate([[-24.0], np.arange(0, 24.001, 0.02)])
    held = Balance.of(knots, production_mg_per_h=54.0, volumes=Volumes.constant(42.0))
    found = np.interp(TIMES, knots, held.creatinine(np.log(truth(knots) / ML_PER_MIN)))
    assert found == pytest.approx(CREATININE, abs=0.0051)
    begin = np.arange(0, 36, 0.02)
    assert levels(truth(begin + 0.01)[None], begin, 70.0, LEVEL_TIMES, NONE)[0] == pytest.approx([471, 570], abs=0.51)


def test_what_the_usual_ways_make_of_it() -> None:
    """Last Cockcroft-Gault 387 at 36 h, carried forward 365, Chen 565."""
    last = levels(np.array([[90 / 2.24]]), np.zeros(1), 70.0, LEVEL_TIMES, NONE)
    assert last[0, 1] == pytest.approx(387, abs=0.5)
    steps = levels(90 / np.array([CREATININE[1:]]), np.array(TIMES[1:]), 70.0, LEVEL_TIMES, NONE)
    assert steps[0, 1] == pytest.approx(365, abs=0.5)
    chen = chen_clearances(
        TIMES, CREATININE, age_years=60, baseline_creatinine_mg_per_dl=1.0, production_mg_per_h=54.0, volume_l=42.0
    )
    found = levels(chen[None, 1:] * ML_PER_MIN, np.array(TIMES[1:-1]), 70.0, LEVEL_TIMES, NONE)
    assert chen[-1] * ML_PER_MIN == pytest.approx(18, abs=0.5)
    assert found[0, 1] == pytest.approx(565, abs=0.5)


def test_what_the_walk_makes_of_it() -> None:
    """GFR about 22 (8 to 59), level about 516 (279 to 689): the truth of 18 and 570 inside, 15 % at most away."""
    found = of(draws=4000)
    assert found.converged
    low, middle, high = spread_of(found, 24.0)
    assert low < 18 < high
    assert (low, middle, high) == (pytest.approx(8, abs=1), pytest.approx(22, abs=1), pytest.approx(59, abs=5))
    low, middle, high = np.quantile(levels_of(found)[:, 1], [0.05, 0.5, 0.95])
    assert low < 570 < high
    assert abs(middle / 570 - 1) < 0.15
    assert (low, middle, high) == (
        pytest.approx(279, rel=0.05),
        pytest.approx(516, rel=0.03),
        pytest.approx(689, rel=0.05),
    )
    assert found.quiet_chance < 0.01
    assert found.steps < 40


def test_the_draws_explain_the_creatinines() -> None:
    found = of()
    at = np.searchsorted(found.knot_h, np.array(TIMES))
    middle = np.median(found.creatinine()[:, at], axis=0)
    assert middle == pytest.approx(CREATININE, rel=0.07)
    most_probable = np.exp(found.mode_log_clearance_l_per_h) * ML_PER_MIN
    assert most_probable[at[-1] :] == pytest.approx(np.full(found.knot_h.size - at[-1], most_probable[at[-1]]))


# --- laws


@pytest.mark.parametrize("clearance", [0.6, 2.7, 5.4, 9.0])
def test_a_steady_creatinine_gives_back_its_clearance(clearance: float) -> None:
    """54 mg/h / clearance: the most probable path is level, production and volume as usual, to 1e-6."""
    steady = 54 / 10 / clearance
    found = of(creatinine=[steady] * 5)
    assert np.exp(found.mode_log_clearance_l_per_h) == pytest.approx(np.full(found.knot_h.size, clearance), rel=1e-6)
    assert np.median(found.clearance_at(24.0)) == pytest.approx(clearance, rel=0.05)
    assert found.quiet_chance > 0.7


def test_more_creatinines_narrow() -> None:
    sparse, dense = of([-24, 24], [1.0, 2.24]), of()
    assert log_sd(dense, 12.0) < log_sd(sparse, 12.0)
    assert log_sd(dense, 24.0) < log_sd(sparse, 24.0)
    twice = of([*TIMES, 24.0], [*CREATININE, 2.24])
    assert log_sd(twice, 24.0) < log_sd(dense, 24.0)


def test_what_lies_ahead_is_wider_the_farther_it_is() -> None:
    found = of(ahead_h=48.0)
    sds = [log_sd(found, time) for time in (24, 36, 48, 72)]
    assert sds == sorted(sds)
    # 0.5 per square root of a day, on top of what is not known at the last creatinine
    assert sds[-1] ** 2 - sds[0] ** 2 == pytest.approx(0.25 * 2, rel=0.15)


def test_the_order_does_not_matter() -> None:
    one, other = of(), of(TIMES[::-1], CREATININE[::-1])
    assert one.log_clearance_l_per_h.tolist() == other.log_clearance_l_per_h.tolist()


def test_another_unit_of_creatinine_changes_nothing() -> None:
    """umol/L and umol/h in place of mg/dL and mg/h: both 88.4 times as large."""
    one, other = of(), of(creatinine=88.4 * np.array(CREATININE), production_mg_per_h=88.4 * 54.0)
    assert other.log_clearance_l_per_h == pytest.approx(one.log_clearance_l_per_h, abs=1e-6)


def test_a_patient_twice_as_large_clears_twice_as_much() -> None:
    one, other = of(), of(production_mg_per_h=108.0, volumes=Volumes.constant(84.0))
    assert other.clearance_at(30.0) == pytest.approx(2 * one.clearance_at(30.0), rel=1e-6)


def test_another_clock_changes_nothing() -> None:
    other = of(np.array(TIMES) - 100, moves_from_h=-100.0, now_h=-76.0)
    assert other.log_clearance_l_per_h == pytest.approx(of().log_clearance_l_per_h, abs=1e-6)


def test_a_draw_is_the_same_however_many_are_asked_for() -> None:
    few, more = of(draws=10, ahead_h=4.0), of(draws=500)
    assert few.log_clearance_l_per_h == pytest.approx(more.log_clearance_l_per_h[:10, : few.knot_h.size], abs=1e-9)
    assert of(draws=10, seed=1).clearance_at(24.0) != pytest.approx(few.clearance_at(24.0))


def test_water_that_comes_hides_a_fall_and_water_that_goes_a_rise() -> None:
    """At a level creatinine CL = G / C - dV/dt: 5.4 less 0.5 L/h with 24 L gained in 48 h, 5.9 with 24 L lost."""
    times = np.arange(0.0, 49.0, 4.0)
    for change, clearance in ((24.0, 4.9), (-24.0, 5.9)):
        volumes = Volumes(np.array([0.0, 48.0]), np.array([60.0, 60.0 + change]))
        found = of(times, np.ones(times.size), volumes=volumes, now_h=48.0)
        half_way = np.interp(24.0, found.knot_h, np.exp(found.mode_log_clearance_l_per_h))
        assert half_way == pytest.approx(clearance, rel=0.02)


def test_a_machine_beside_the_kidneys_is_not_taken_for_them() -> None:
    """Kidneys of 1 L/h all the time; a machine of 3 L/h from 10 to 30 h. Told of it, the walk stays near 1."""
    times = np.arange(0.0, 49.0, 4.0)
    runs = ExtracorporealClearance("CRRT", 10.0, 30.0, 3.0, "invented")
    knots = np.arange(0.0, 48.5, 0.5)
    held = Balance.of(knots, production_mg_per_h=54.0, volumes=Volumes.constant(42.0), machines=[runs])
    measured = np.interp(times, knots, held.creatinine(np.zeros(knots.size)))
    told, untold = of(times, measured, now_h=48.0, machines=[runs]), of(times, measured, now_h=48.0)
    assert np.exp(told.mode_log_clearance_l_per_h) == pytest.approx(np.ones(told.knot_h.size), rel=0.02)
    assert np.median(untold.clearance_at(20.0)) > 2


def test_a_start_that_is_not_steady() -> None:
    """After a machine: 1 L/h, a creatinine at 2 where 5.4 would be steady. Taken as steady it reads as a fall."""
    times = np.arange(0.0, 25.0, 6.0)
    rise = 5.4 - 3.4 * np.exp(-times / 42)
    free, steady = of(times, rise, start_sd=1.5), of(times, rise)
    assert abs(np.log(np.median(free.clearance_at(2.0)))) < 0.7
    assert np.median(steady.clearance_at(0.0)) > 2
    assert np.median(free.log_start) < -0.3
    assert not steady.log_start.any()


def test_the_creatinines_weigh_the_two_kidneys() -> None:
    sure = WalkSpread.shipped()
    still, moving = of(spread=replace(sure, quiet_chance=1.0)), of(spread=replace(sure, quiet_chance=0.0))
    assert (still.quiet_chance, moving.quiet_chance) == (1.0, 0.0)
    # Told that his kidneys do not move, the walk is far too sure that they are better than they are.
    assert np.median(still.clearance_at(24.0)) > np.median(moving.clearance_at(24.0))
    assert log_sd(still, 24.0) < log_sd(moving, 24.0)
    nothing = of([24.0], [1.0], moves_from_h=24.0)
    assert nothing.quiet_chance == pytest.approx(0.5)
    assert log_sd(nothing, 24.0) == pytest.approx(np.hypot(0.2, 0.05), rel=0.05)


def test_one_moment_and_nothing_ahead() -> None:
    found = of([24.0], [2.0], moves_from_h=50.0, ahead_h=0.0)
    assert found.knot_h.tolist() == [24.0]
    assert np.median(found.clearance_at([0.0, 24.0, 99.0])) == pytest.approx(2.7, rel=0.02)
    assert found.creatinine() == pytest.approx(np.full((2000, 1), 2.0), rel=0.3)


def test_wild_series_come_to_an_end() -> None:
    rng = np.random.default_rng(3)
    for _ in range(12):
        times = np.sort(rng.uniform(-60, 0, rng.integers(1, 12)))
        measured = np.exp(rng.uniform(np.log(0.1), np.log(20), times.size))
        found = of(times, measured, moves_from_h=times[0] - 12, now_h=0.0, draws=50)
        assert found.converged
        assert np.isfinite(found.log_clearance_l_per_h).all()


# --- what means nothing


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"times": [], "creatinine": []}, "one time for each"),
        ({"times": [1.0, 2.0]}, "one time for each"),
        ({"creatinine": [1, 1, 0, 1, 1]}, "above 0 mg/dL"),
        ({"creatinine": [1, 1, np.nan, 1, 1]}, "above 0 mg/dL"),
        ({"now_h": 23.0}, "up to now"),
        ({"now_h": np.inf}, "up to now"),
        ({"times": [-24, 0, 12, 18, -np.inf]}, "up to now"),
        ({"knots_h": 0.0}, "some hours apart"),
        ({"ahead_h": -1.0}, "some hours apart"),
        ({"start_sd": np.nan}, "some hours apart"),
        ({"draws": 0}, "without a draw"),
        ({"draws": 1.5}, "count of draws"),
        ({"production_mg_per_h": 0.0}, "above 0 mg/h"),
    ],
)
def test_refused(change: dict, says: str) -> None:
    with pytest.raises(RequestError, match=says):
        of(**change)
