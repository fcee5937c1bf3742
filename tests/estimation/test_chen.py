"""The kinetic estimate along a series; 54 mg/h in 42 L make a highest rise of 24 x 54 / 420 = 3.0857 mg/dL a day."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.errors import EquationError, RequestError
from inotrope.estimation.chen import chen_clearances


def of(times: list[float], creatinine: list[float], **others) -> np.ndarray:
    given = {"age_years": 60, "baseline_creatinine_mg_per_dl": 1.0, "production_mg_per_h": 54.0, "volume_l": 42.0}
    return chen_clearances(times, creatinine, **(given | others))


def test_by_hand() -> None:
    """5.4 / 2.01 x (1 - 24 x 0.46 / (6 x 3.085714)) = 2.686567 x 0.403704 = 1.084577; steady 5.4 / 2.24."""
    assert of([18.0, 24.0, 36.0], [1.78, 2.24, 2.24]) == pytest.approx([1.084577, 5.4 / 2.24], rel=1e-5)


def test_limits() -> None:
    assert of([0.0], [1.0]).size == 0
    assert of([0.0, 24.0], [1.0, 1.0]) == pytest.approx([5.4])
    # Faster than all that is produced: nothing is cleared, and not less.
    assert of([0.0, 24.0, 25.0], [1.0, 4.1, 5.0]).tolist() == [0.0, 0.0]


def test_another_unit_changes_nothing() -> None:
    one = of([0.0, 6.0], [1.0, 1.3])
    larger = {"baseline_creatinine_mg_per_dl": 2.0, "production_mg_per_h": 108.0}
    assert of([0.0, 6.0], [2.0, 2.6], **larger) == pytest.approx(one, rel=1e-5)


def test_refused() -> None:
    with pytest.raises(EquationError, match="18 years"):
        of([0.0, 6.0], [1.0, 1.3], age_years=9)
    with pytest.raises(EquationError, match="different times"):
        of([6.0, 6.0], [1.0, 1.3])
    with pytest.raises(RequestError, match="one for each"):
        of([6.0], [1.0, 1.3])
    for change in ({"volume_l": 0.0}, {"production_mg_per_h": np.nan}, {"baseline_creatinine_mg_per_dl": -1.0}):
        with pytest.raises(RequestError, match="above 0"):
            of([0.0, 6.0], [1.0, 1.3], **change)
    with pytest.raises(RequestError, match="above 0"):
        of([0.0, 6.0], [1.0, 0.0])
