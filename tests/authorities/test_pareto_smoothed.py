"""Smoothed weights and k-hat, against those of ArviZ.

Where the numbers come from: `pareto_smoothed/README.md`.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from inotrope.estimation.psis import smooth

FOLDER = Path(__file__).parent / "pareto_smoothed"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("case", [row["case"] for row in rows("k_hat.csv")])
def test_weights_and_k_hat(case: str) -> None:
    own = [row for row in rows("weights.csv") if row["case"] == case]
    given, expected = (np.array([float(row[name]) for row in own]) for name in ("log_weight", "smoothed"))
    k_hat = next(float(row["k_hat"]) for row in rows("k_hat.csv") if row["case"] == case)
    found = smooth(given)
    logs = found.log_weights - found.log_weights.max()
    assert found.k_hat == pytest.approx(k_hat, rel=1e-12)
    assert logs - np.log(np.exp(logs).sum()) == pytest.approx(expected, abs=1e-11)
