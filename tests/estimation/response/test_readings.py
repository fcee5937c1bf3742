"""Readings as arrays: coordinates, what they miss by, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation.response import Readings, coordinates
from inotrope.population.response import NAMES
from tests.estimation.response.bedsides import ensemble, readings, shipped

GIVEN: dict[str, Any] = {
    "moments": [0, 1],
    "kinds": [2, 2],
    "values": [80.0, 70.0],
    "on_drug": [False, True],
    "errors": np.ones(8),
    "misfits": np.zeros(8),
}


def test_likelihood_by_hand() -> None:
    """Two pressures on the drug: errors of 3 mmHg each, and a misfit of 5 mmHg that they share."""
    found = readings([(0, 2, 80.0), (1, 2, 70.0), (2, 2, 66.0)], [False, True, True])
    shown = np.zeros((3, 8, 1))
    shown[:, 2, 0] = 82, 73, 72
    away, covariance = np.array([-2.0, -3.0, -6.0]), np.array([[9.0, 0, 0], [0, 34, 25], [0, 25, 34]])
    by_hand = -(away @ np.linalg.solve(covariance, away) + math.log(np.linalg.det(2 * math.pi * covariance))) / 2
    whitened = found.whitened(shown)
    assert found.count == 3 and whitened.shape == (1, 3)
    assert found.constant - (whitened**2).sum() / 2 == pytest.approx(by_hand, rel=1e-12)


def test_rate_and_output_miss_by_a_share() -> None:
    bedside = ensemble().patients(np.zeros((1, len(NAMES))), [1]).bedside
    rows = coordinates(bedside)[:, 0]
    assert np.exp(rows[:2]) == pytest.approx([88, 3.8]) and rows[2:] == pytest.approx([82, 12, 25, 36, 0.2, 0.28])
    found = readings([(0, 1, 3.8 * 1.1)], [False])
    assert found.whitened(coordinates(bedside)[None])[0, 0] == pytest.approx(math.log(1.1) / 0.1)
    assert shipped().readings.errors[1] == 0.1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kinds": [2]}, "one moment, one kind and one value"),
        ({"moments": [[0, 1]], "kinds": [[2, 2]], "values": [[1.0, 1.0]]}, "one moment, one kind and one value"),
        ({"moments": [0, 2]}, "of a kind that there are"),
        ({"moments": [-1, 0]}, "of a kind that there are"),
        ({"kinds": [2, 8]}, "of a kind that there are"),
        ({"values": [80.0, 0.0]}, "above zero"),
        ({"values": [80.0, math.inf]}, "above zero"),
        ({"errors": np.zeros(8)}, "an error above zero"),
        ({"errors": np.ones(7)}, "an error above zero"),
        ({"misfits": -np.ones(8)}, "an error above zero"),
        ({"misfits": np.ones(7)}, "an error above zero"),
    ],
)
def test_what_is_no_reading(change: dict[str, Any], says: str) -> None:
    Readings.of(**GIVEN)
    with pytest.raises(RequestError, match=says):
        Readings.of(**{**GIVEN, **change})
