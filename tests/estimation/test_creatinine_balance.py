"""How creatinine follows a clearance: by hand, against 40 digits, and against an integrator."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from inotrope.errors import RequestError
from inotrope.estimation.creatinine_balance import Balance, Volumes, knots_of
from inotrope.population import ExtracorporealClearance

# 54 mg/h = 0.9 mg/min: 90 mL/min (5.4 L/h) hold 1 mg/dL (10 mg/L) steady.
HELD = Volumes.constant(42.0)


def machine(start_h: float, end_h: float, clearance: float) -> ExtracorporealClearance:
    return ExtracorporealClearance("CRRT", start_h, end_h, clearance, "invented")


def balance(knots: list[float], volumes: Volumes = HELD, **others) -> Balance:
    return Balance.of(np.array(knots), production_mg_per_h=54.0, volumes=volumes, **others)


def test_a_steady_clearance_holds_production_over_clearance() -> None:
    found = balance([0.0, 1.0, 50.0]).creatinine(np.log([5.4, 5.4, 5.4]))
    assert found == pytest.approx([1.0, 1.0, 1.0], rel=1e-14)
    halved = balance([0.0, 1.0, 1e4]).creatinine(np.log([2.7, 2.7, 2.7]))
    assert halved == pytest.approx([2.0, 2.0, 2.0], rel=1e-14)


def test_a_start_off_the_steady_state_returns_to_it() -> None:
    """C(t) = 1 + (C0 - 1) exp(-5.4 t / 42), at 40 digits."""
    mpmath.mp.dps = 40
    found = balance([0.0, 7.0, 20.0]).creatinine(np.log([5.4] * 3), log_start=np.log(3.0))
    by_hand = [1 + 2 * mpmath.exp(mpmath.mpf("-5.4") * t / 42) for t in (0, 7, 20)]
    assert found == pytest.approx([float(each) for each in by_hand], rel=1e-14)


def test_production_and_volume_of_this_patient() -> None:
    path = np.log([5.4, 2.0, 2.0])
    more = balance([0.0, 5.0, 10.0]).creatinine(path, log_production=np.log(2.0))
    assert more == pytest.approx(2 * balance([0.0, 5.0, 10.0]).creatinine(path), rel=1e-14)
    wider = balance([0.0, 5.0, 10.0]).creatinine(path, log_volume=np.log(0.5))
    assert wider == pytest.approx(balance([0.0, 5.0, 10.0], Volumes.constant(21.0)).creatinine(path), rel=1e-14)


def test_against_an_integrator_with_a_moving_volume() -> None:
    """A volume that grows from 36 to 48 L in a day and a clearance that falls to a fifth, on fine knots."""
    volumes = Volumes(np.array([0.0, 24.0]), np.array([36.0, 48.0]))
    knots = np.linspace(0.0, 24.0, 481)

    def clearance(t: float) -> float:
        return 5.4 * 0.2 ** (t / 24)

    exact = solve_ivp(
        lambda t, amount: 54 - clearance(t) * amount / (36 + t / 2), (0, 24), [360.0], rtol=1e-11, atol=1e-9
    )
    found = Balance.of(knots, production_mg_per_h=54.0, volumes=volumes).creatinine(np.log(clearance(knots)))
    assert found[-1] == pytest.approx(exact.y[0, -1] / 48 / 10, rel=2e-6)


def test_water_dilutes_at_once() -> None:
    """Amounts do not change in a moment: from 42 to 84 L within 0.0001 h the creatinine halves."""
    volumes = Volumes(np.array([1.0, 1.0001]), np.array([42.0, 84.0]))
    found = balance([0.0, 1.0, 1.0001], volumes).creatinine(np.log([5.4] * 3))
    assert found == pytest.approx([1.0, 1.0, 0.5], rel=1e-4)


def test_machines_add_to_the_kidneys_while_they_run() -> None:
    """5.4 L/h by two machines beside 5.4 of the kidneys: half of the creatinine, by 10.8 / 42 per hour."""
    pair = [machine(2.0, 30.0, 3.0), machine(2.0, np.inf, 2.4)]
    found = balance([0.0, 2.0, 12.0], machines=pair).creatinine(np.log([5.4] * 3))
    assert found == pytest.approx([1.0, 1.0, 0.5 + 0.5 * np.exp(-108 / 42)], rel=1e-13)
    steady = balance([0.0, 12.0], machines=[machine(-np.inf, np.inf, 5.4)]).creatinine(np.log([5.4] * 2))
    assert steady == pytest.approx([0.5, 0.5], rel=1e-14)


def test_draws_run_side_by_side() -> None:
    paths = np.log(np.array([[5.4, 4.0, 1.0], [2.0, 3.0, 5.0]]))
    shift = np.array([0.1, -0.2])
    together = balance([0.0, 2.0, 9.0]).creatinine(paths, log_production=shift, log_volume=-shift, log_start=shift)
    for path, each, row in zip(paths, shift, together, strict=True):
        alone = balance([0.0, 2.0, 9.0]).creatinine(path, log_production=each, log_volume=-each, log_start=each)
        assert row.tolist() == alone.tolist()


def test_the_first_knots_alone() -> None:
    whole = balance([0.0, 2.0, 9.0, 12.0], machines=[machine(2.0, 9.0, 1.0)])
    path = np.log([5.4, 4.0, 1.0, 1.0])
    assert whole.first(2).creatinine(path[:2]).tolist() == whole.creatinine(path)[:2].tolist()


def test_knots() -> None:
    times = np.array([-24.0, 0.0, 3.0, 4.0 + 1e-9])
    found = knots_of(times_h=times, moves_from_h=0.0, end_h=7.0, step_h=2.0, cuts_h=[5.0, -30.0, 40.0, 7.0])
    assert found.tolist() == [-24.0, 0.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert knots_of(times_h=np.array([1.0]), moves_from_h=1.0, end_h=1.0, step_h=2.0, cuts_h=[]).tolist() == [1.0]
    early = knots_of(times_h=np.array([0.0]), moves_from_h=-3.0, end_h=1.0, step_h=2.0, cuts_h=[])
    assert early.tolist() == [-3.0, -1.0, 0.0, 1.0]


def test_volumes_run_straight_between_entries() -> None:
    volumes = Volumes(np.array([0.0, 10.0]), np.array([40.0, 50.0]))
    assert volumes.at(np.array([-5.0, 0.0, 5.0, 20.0])).tolist() == [40.0, 40.0, 45.0, 50.0]


@pytest.mark.parametrize(
    ("times", "volumes"),
    [
        ([0.0, 1.0], [1.0]),
        ([0.0, 1.0], [1.0, 0.0]),
        ([0.0, 1.0], [1.0, np.nan]),
        ([1.0, 1.0], [1.0, 1.0]),
        ([0.0, np.inf], [1.0, 1.0]),
        ([], []),
    ],
)
def test_volumes_that_mean_nothing(times: list[float], volumes: list[float]) -> None:
    with pytest.raises(RequestError, match="volume"):
        Volumes(np.array(times), np.array(volumes))


@pytest.mark.parametrize("production", [0.0, -1.0, np.nan, np.inf])
def test_a_production_that_means_nothing(production: float) -> None:
    with pytest.raises(RequestError, match="above 0 mg/h"):
        Balance.of(np.array([0.0]), production_mg_per_h=production, volumes=HELD)
