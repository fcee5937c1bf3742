"""log Phi and its derivative against 60 digits, out to 1e7 standard deviations; the coefficients computed anew."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp

from inotrope.estimation.normal_tail import log_normal_share

PLACES = [-1e7, -1000.0, -40.0, -38.5, -10.0, -5.0, -2.0, -1.0, -0.5, -1e-9, 0.0, 1e-9, 0.3, 1.0, 3.0, 6.0, 8.3, 38.0]


def exact(z: float) -> tuple[float, float]:
    """log Phi and phi / Phi; the tail by its continued fraction where erfc itself would leave mpmath's range."""
    with mp.workdps(60):
        at = mp.mpf(z)
        if z < -100:
            mills = mp.mpf(0)
            for place in range(60, 0, -1):
                mills = place / (-at + mills)
            mills = 1 / (-at + mills)
            return float(-at * at / 2 - mp.log(2 * mp.pi) / 2 + mp.log(mills)), float(1 / mills)
        share = mp.erfc(-at / mp.sqrt(2)) / 2
        return float(mp.log(share)), float(mp.npdf(at) / share)


@pytest.mark.parametrize("z", PLACES)
def test_value_and_derivative_everywhere(z: float) -> None:
    value, slope = exact(z)
    found = log_normal_share(np.array([z + 1e-30j]))[0]
    assert found.real == pytest.approx(value, rel=2e-15, abs=1e-300)
    assert found.imag / 1e-30 == pytest.approx(slope, rel=4e-15 + 1e-16 * z * z * (z > 0), abs=1e-300)
    assert log_normal_share(np.array([z]))[0] == found.real


def test_forty_standard_deviations_out() -> None:
    """Phi(-40) is 1e-350, below the least float; Abramowitz and Stegun 26.2.12: -z^2/2 - ln(z sqrt(2 pi)) - 1/z^2."""
    assert float(log_normal_share(np.array(-40.0))) == pytest.approx(
        -800 - np.log(40 * np.sqrt(2 * np.pi)) - 1 / 1600, abs=3e-6
    )


def test_both_sides_of_zero_add_up() -> None:
    z = np.linspace(0, 6, 301)
    assert np.exp(log_normal_share(z)) + np.exp(log_normal_share(-z)) == pytest.approx(np.ones(301), abs=4e-16)
    assert log_normal_share(np.zeros((2, 3))).shape == (2, 3)
