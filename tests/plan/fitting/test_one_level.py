"""One level of one patient: the most probable patient, the draws and the weights against brute force on a grid."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from inotrope.patient import assess_kidney
from inotrope.plan.fitting.making import fit_case
from inotrope.plan.fitting.record import Fit, FitStatus, FittedValue, ModelFit
from tests.plan.fitting.bedside_levels import KG, bedside, by_hand, level

MEASURED = 260.0
LABEL, PRIELIPP = "milrinone/label_adult", "milrinone/prielipp_1996"


@cache
def fitted() -> Fit:
    return fit_case(bedside(level(f"{MEASURED:g} ng/mL", site="arterial line")))


def of(model: str, fit: Fit) -> ModelFit:
    return next(item for item in fit.models if item.model == model)


def value(item: ModelFit, name: str) -> FittedValue:
    return next(found for found in item.values if found.name == name)


class Grid:
    """The posterior of clearance and volume by brute force, for typical values and CVs."""

    def __init__(self, clearance: float, volume: float, cv: tuple[float, float], *, error: float = 1.0) -> None:
        own, omegas = [], [math.sqrt(math.log1p(share * share)) for share in cv]
        for omega in omegas:
            own.append(np.linspace(-6 * omega, 6 * omega, 1201))
        first, second = np.meshgrid(*own, indexing="ij")
        self.clearance, self.volume = clearance * np.exp(first), volume * np.exp(second)
        seen = by_hand(self.clearance, self.volume, -1.0)
        variance = error**2 * ((0.15 * seen) ** 2 + 5.0**2)
        likelihood = np.exp(-((MEASURED - seen) ** 2) / variance / 2) / np.sqrt(2 * math.pi * variance)
        prior = [np.exp(-((x / omega) ** 2) / 2) for x, omega in zip(own, omegas, strict=True)]
        self.prior = np.outer(prior[0] / prior[0].sum(), prior[1] / prior[1].sum())
        self.weight = likelihood * self.prior
        self.marginal = float(self.weight.sum())

    def mode(self) -> tuple[float, float]:
        place = np.unravel_index(self.weight.argmax(), self.weight.shape)
        return float(self.clearance[place]), float(self.volume[place])

    def quantiles(self, values: np.ndarray, shares: tuple[float, ...]) -> list[float]:
        order = values.ravel().argsort()
        ends = np.cumsum(self.weight.ravel()[order]) / self.marginal
        return [float(values.ravel()[order][np.searchsorted(ends, share)]) for share in shares]


def typical_clearance() -> float:
    """Return the label's clearance by hand: 0.14 L/kg/h x (0.17 + 0.83 x CrCl / 80)."""
    found = assess_kidney(bedside()).clearance
    assert found is not None
    return 0.14 * KG * (0.17 + 0.83 * float(found.value) / 80)


def grid(error: float = 1.0) -> Grid:
    return Grid(typical_clearance(), 0.45 * KG, (0.45, 0.34), error=error)


def test_the_typical_patient_is_that_of_the_publication() -> None:
    label = of(LABEL, fitted())
    cleared, volume = value(label, "clearance"), value(label, "volume")
    assert cleared.typical is not None and volume.typical is not None
    assert float(cleared.typical.value) == pytest.approx(typical_clearance(), abs=0.005)
    assert float(volume.typical.value) == pytest.approx(0.45 * KG)
    (seen,) = label.levels
    expected = by_hand(typical_clearance(), 0.45 * KG, -1.0)
    assert float(seen.typical.value) == pytest.approx(expected, abs=0.06)


def test_the_most_probable_patient_is_the_highest_point_of_a_grid() -> None:
    label = of(LABEL, fitted())
    clearance, volume = grid().mode()
    found, other = value(label, "clearance"), value(label, "volume")
    assert found.most_probable is not None and other.most_probable is not None
    assert float(found.most_probable.value) == pytest.approx(clearance, rel=0.003)  # a step of the grid
    assert float(other.most_probable.value) == pytest.approx(volume, rel=0.003)
    (seen,) = label.levels
    assert float(seen.most_probable.value) == pytest.approx(by_hand(clearance, volume, -1.0), rel=0.003)
    sd = math.hypot(0.15 * float(seen.most_probable.value), 5.0)
    assert seen.residual_sds == pytest.approx((MEASURED - float(seen.most_probable.value)) / sd, abs=0.02)


def test_the_draws_lie_as_brute_force_says() -> None:
    label, exact = of(LABEL, fitted()), grid()
    for name, values in (("clearance", exact.clearance), ("volume", exact.volume)):
        found = value(label, name)
        low, middle, high = exact.quantiles(values, (0.05, 0.5, 0.95))
        sd = (high - low) / 3.3
        ends = [float(item.value) for item in (found.ninety_from, found.median, found.ninety_to)]
        assert ends == pytest.approx([low, middle, high], abs=0.12 * sd)
    now = by_hand(exact.clearance, exact.volume, 0.0)
    low, high = exact.quantiles(now, (0.05, 0.95))
    found = value(label, "level now")
    assert [float(found.ninety_from.value), float(found.ninety_to.value)] == pytest.approx([low, high], rel=0.03)


def test_the_levels_leave_as_much_of_the_variance_as_brute_force_does() -> None:
    exact, omega2 = grid(), math.log1p(0.45**2)
    eta = np.log(exact.clearance / typical_clearance())
    mean = (exact.weight * eta).sum() / exact.marginal
    left = (exact.weight * (eta - mean) ** 2).sum() / exact.marginal / omega2
    found = value(of(LABEL, fitted()), "clearance").left
    assert found is not None
    assert float(found.value) == pytest.approx(100 * left, abs=3)


def test_half_and_double_the_error_are_answered_too() -> None:
    label = of(LABEL, fitted())
    assert [at.times for at in label.at_errors] == [0.5, 2.0]
    for at in label.at_errors:
        exact = grid(at.times)
        found = next(item for item in at.values if item.name == "clearance")
        low, middle, high = exact.quantiles(exact.clearance, (0.05, 0.5, 0.95))
        assert float(found.median.value) == pytest.approx(middle, abs=0.12 * (high - low) / 3.3)
        assert {item.name for item in at.values} == {"clearance", "level now", "steady level"}


def test_models_count_by_how_well_each_foresaw_the_level() -> None:
    """Prielipp 1996, by its file: 4.45 mL/kg/min and 0.465 L/kg with 45 and 34 %; checked by the typical values."""
    fit = fitted()
    other = of(PRIELIPP, fit)
    clearance, volume = (value(other, name).typical for name in ("clearance", "volume"))
    assert clearance is not None and volume is not None
    exact = Grid(float(clearance.value), float(volume.value), (0.447, 0.342))
    one, two = (of(name, fit).share for name in (LABEL, PRIELIPP))
    assert one is not None and two is not None
    ratio = grid().marginal / exact.marginal
    assert float(one.value) / float(two.value) == pytest.approx(ratio, rel=0.1)
    shares = [float(item.share.value) for item in fit.models if item.share is not None]
    assert sum(shares) == pytest.approx(100, abs=0.3) and shares == sorted(shares, reverse=True)


def test_what_was_made_in_other_patients_is_shown_and_not_weighed() -> None:
    fit = fitted()
    assert of("milrinone/after_surgery_1998", fit).share is None
    assert of("milrinone/after_surgery_1998", fit).values
    assert any("after_surgery_1998" in text for text in fit.average.left_out)
    assert fit.average.refused is None and fit.status is FitStatus.FITTED and fit.exit_code == 0


def test_the_average_lies_between_its_models() -> None:
    fit = fitted()
    average = {item.name: float(item.median.value) for item in fit.average.values}
    for name, found in average.items():
        medians = [float(value(of(model, fit), name).median.value) for model in fit.average.models]
        assert min(medians) <= found <= max(medians)
    assert set(average) == {"clearance", "level now", "steady level"}


def test_the_same_case_gives_the_same_numbers() -> None:
    assert fit_case(bedside(level("260 ng/mL", site="arterial line"))).models == fitted().models


def test_the_curve_holds_what_was_given_and_a_day_ahead() -> None:
    label = of(LABEL, fitted())
    assert label.curve is not None and label.curve.most_probable is not None
    times = label.curve.time.values
    assert times[0] == -20.0 and times[-1] == 24.0 and 0.0 in times
    place = times.index(-8.0)
    assert label.curve.typical.values[place] == pytest.approx(by_hand(typical_clearance(), 0.45 * KG, -8.0), abs=0.06)
    assert label.curve.typical.values[0] == 0
