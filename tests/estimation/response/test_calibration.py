"""Of simulated patients the 90 % intervals hold the truth in 90 %: thirty quickly, 300 in `calibration_run.py`."""

from __future__ import annotations

import numpy as np
import pytest

from tests.estimation.response.calibration_run import patient, places

QUICK, WHOLE = 30, 300


def covered(first: int, last: int) -> dict[str, float]:
    rows = [places(*patient(index)) for index in range(first, last)]
    return {name: float(np.mean([0.05 < row[name] < 0.95 for row in rows])) for name in rows[0]}


def test_intervals_hold_the_truth_in_thirty() -> None:
    """By the binomial distribution 21 to 30 of 30 lie within 1 in 1,000, for a true share of 90 %."""
    found = covered(1000, 1000 + QUICK)
    assert min(found.values()) >= 0.7 and 0.82 < np.mean(list(found.values())) < 0.98, found


@pytest.mark.slow
def test_intervals_hold_the_truth_in_three_hundred() -> None:
    """Within 3.5 standard errors of 1.7 % each, for each of 14 numbers."""
    found = covered(0, WHOLE)
    assert all(abs(share - 0.9) < 0.061 for share in found.values()), found
