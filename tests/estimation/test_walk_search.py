"""The search for the most probable path: its derivatives, where it ends, and how sure it says it is."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from inotrope.estimation import walk_search
from inotrope.estimation.creatinine_balance import Balance, Volumes
from inotrope.estimation.walk_search import WalkSearch
from inotrope.estimation.walk_spread import WalkSpread

SPREAD = WalkSpread.shipped()
KNOTS = np.array([0.0, 2.0, 5.0, 9.0])
AT = np.array([0, 2, 3])


def search(measured: list[float], *, start_sd: float = 0.0, increments: float = 0.4) -> WalkSearch:
    balance = Balance.of(KNOTS, production_mg_per_h=54.0, volumes=Volumes(KNOTS[:2], np.array([40.0, 44.0])))
    return WalkSearch(balance, AT, np.log(measured), np.full(3, increments), SPREAD, start_sd)


def by_hand(unknowns: list[mpmath.mpf]) -> list[mpmath.mpf]:
    """The residuals of creatinines of 1, 1.5 and 2 mg/dL, written out once more, at 50 digits."""
    path, production, volume, start = unknowns[:4], *unknowns[4:]
    gained, held = 54 * mpmath.exp(production), [mpmath.mpf(each) * mpmath.exp(volume) for each in (40, 44, 44, 44)]
    amounts = [gained / mpmath.exp(path[0]) * held[0] * mpmath.exp(start)]
    for k, hours in enumerate((2, 3, 4)):
        cleared, middle = mpmath.exp((path[k] + path[k + 1]) / 2), (held[k] + held[k + 1]) / 2
        steady = gained * middle / cleared
        amounts.append(steady + (amounts[-1] - steady) * mpmath.exp(-cleared / middle * hours))
    found = [amounts[k] / held[k] / 10 for k in AT]
    error = mpmath.mpf(SPREAD.measurement)
    return [(mpmath.log(each) - mpmath.log(m)) / error for each, m in zip(found, (1.0, 1.5, 2.0), strict=True)]


def test_residuals_and_their_derivatives_against_50_digits() -> None:
    mpmath.mp.dps = 50
    here = np.array([1.6, 1.1, 0.4, -0.7, 0.15, -0.08, 0.3])
    own = search([1.0, 1.5, 2.0], start_sd=1.0)
    exact = [mpmath.mpf(float(each)) for each in here]
    assert own.residual(here) == pytest.approx([float(each) for each in by_hand(exact)], rel=1e-12)
    tiny = mpmath.mpf(10) ** -20
    columns = []
    for k in range(here.size):
        up, down = (by_hand([each + sign * tiny * (j == k) for j, each in enumerate(exact)]) for sign in (1, -1))
        columns.append([float((one - other) / (2 * tiny)) for one, other in zip(up, down, strict=True)])
    assert own.slopes(here) == pytest.approx(np.array(columns).T, rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("start_sd", [0.0, 1.5])
@pytest.mark.parametrize("measured", [[1.0, 1.0, 1.0], [1.0, 1.3, 2.0], [3.0, 2.5, 1.2], [1.0, 1.9, 1.5]])
def test_the_search_ends_where_the_objective_is_flat(measured: list[float], start_sd: float) -> None:
    own = search(measured, start_sd=start_sd)
    found = own.mode()
    assert found.converged
    precision = np.zeros((found.unknowns.size,) * 2)
    for k in range(3):
        change = np.eye(found.unknowns.size)[k + 1] - np.eye(found.unknowns.size)[k]
        precision += np.outer(change, change) / 0.4**2
    sds = [SPREAD.production, SPREAD.volume, start_sd][: found.unknowns.size - 4]
    precision[range(4, found.unknowns.size), range(4, found.unknowns.size)] = [1 / sd**2 for sd in sds]

    def value(unknowns: np.ndarray) -> float:
        return float((own.residual(unknowns) ** 2).sum() + unknowns @ precision @ unknowns) / 2

    for k in range(found.unknowns.size):
        step = 1e-4 * np.eye(found.unknowns.size)[k]
        slope = (value(found.unknowns + step) - value(found.unknowns - step)) / 2e-4
        assert abs(slope) < 1e-4
    slopes = own.slopes(found.unknowns)
    assert found.root @ found.root.T == pytest.approx(slopes.T @ slopes + precision, rel=1e-9, abs=1e-9)


def test_a_rise_at_the_limit_of_production_is_searched_to_its_end() -> None:
    """54 mg/h in 41 L make 1.3 mg/dL in 9.7 h at most: plain steps of Gauss and Newton would swing for ever."""
    for last in (2.0, 2.2, 2.4, 3.0, 5.0):
        assert search([1.0, 1.6, last]).mode().converged


def test_a_search_that_may_not_go_on_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_search, "MOST_STEPS", 1)
    assert not search([1.0, 1.3, 2.0]).mode().converged


def test_a_search_that_no_step_leads_down_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_search, "LENGTHS", np.array([30.0]))
    found = search([1.0, 1.3, 2.0]).mode()
    assert (found.converged, found.steps) == (False, 1)


def test_the_evidence_of_linear_creatinines_is_exact() -> None:
    """One steady knot: log C = log G - x, with the flat prior of x the evidence is log sqrt(2 pi) x error, or so.

    Laplace leaves -log of the diagonal of the root; for x, production and volume: the Hessian's determinant is
    (1 / error^2) x (1 / production^2) x (1 / volume^2), since the first clearance takes up what is measured.
    """
    balance = Balance.of(np.zeros(1), production_mg_per_h=54.0, volumes=Volumes.constant(42.0))
    found = WalkSearch(balance, np.array([0]), np.log([1.3]), np.empty(0), SPREAD, 0.0).mode()
    expected = np.log(SPREAD.measurement * SPREAD.production * SPREAD.volume)
    assert found.log_evidence == pytest.approx(expected, rel=1e-9)


def test_draws_have_the_covariance_of_the_hessian() -> None:
    found = search([1.0, 1.3, 2.0]).mode()
    size = found.unknowns.size
    unit = found.drawn(np.eye(size)) - found.unknowns
    assert unit.T @ unit == pytest.approx(np.linalg.inv(found.root @ found.root.T), rel=1e-9, abs=1e-12)
    assert found.drawn(np.zeros((1, size)))[0].tolist() == found.unknowns.tolist()
