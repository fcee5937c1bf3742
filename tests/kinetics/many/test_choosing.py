"""Quantiles by counting are NumPy's, bit for bit, in machine code and line by line."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from inotrope.kinetics.many import choosing, quantiles_of_columns

SHARES = np.array([0.0, 0.05, 0.25, 0.5, 0.77, 0.95, 1.0])
DRAWN = np.random.default_rng(20261123)
MANY = {
    "levels of a population": np.exp(0.4 * DRAWN.standard_normal((4000, 5))),
    "one far above all others": np.append(DRAWN.random((999, 2)), [[1e9, 1e300]], axis=0),
    "as far apart as numbers are": np.exp(60 * DRAWN.standard_normal((500, 3))),
    "ties": DRAWN.integers(0, 5, (300, 4)).astype(float),
    "all alike": np.full((50, 2), 217.0),
    "next to each other": 1 + np.spacing(1.0) * DRAWN.integers(0, 3, (90, 3)),
    "hardly above nothing": 5e-324 * DRAWN.integers(0, 9, (60, 2)),
    "below zero too": DRAWN.standard_normal((7, 6)),
    "two": np.array([[3.0, -1.0], [1.0, 0.0]]),
    "one": np.array([[3.0, 1.0]]),
}


@pytest.mark.parametrize("name", MANY)
@pytest.mark.parametrize("by", ["machine code", "Python"])
def test_the_bits_of_numpy(name: str, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if by == "Python":
        monkeypatch.setattr(choosing, "choose", cast(Any, choosing.choose).py_func)
    values = MANY[name]
    expected = np.quantile(values, SHARES, axis=0).T
    with np.errstate(all="ignore"):
        found = quantiles_of_columns(values, SHARES)
    np.testing.assert_array_equal(found, expected)


def test_what_is_given_stays_as_it_is() -> None:
    values = MANY["ties"].copy()
    quantiles_of_columns(values, SHARES)
    np.testing.assert_array_equal(values, MANY["ties"])
