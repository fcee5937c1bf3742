"""Simulated patients: what a forecast 12 h ahead is worth with the walk, and with the last Cockcroft-Gault.

The limits are those set for the project before this was written; seeds 5 (slow) and 7 (fast) were fixed before the
first run. In recovery no better point forecast is claimed: nobody foresees it.
"""

from __future__ import annotations

import pytest

from tests.estimation import kidney_simulation as trial

WALK, LAST = "walk", "last Cockcroft-Gault"


@pytest.mark.slow
def test_320_patients() -> None:
    found = trial.simulate(320, seed=5)
    print(trial.table(found))
    for with_level, share in ((False, 0.85), (True, 0.75)):
        falling = found[trial.FALLING, WALK, with_level]
        assert falling.rms <= share * found[trial.FALLING, LAST, with_level].rms
        assert 0.85 <= falling.coverage <= 0.99
        stable = found[trial.STABLE, WALK, with_level]
        assert stable.rms <= 1.05 * found[trial.STABLE, LAST, with_level].rms
        assert found[trial.RECOVERING, WALK, with_level].coverage >= 0.75


@pytest.mark.usefixtures("uncounted")
def test_some_patients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty of each kind at the most: limits that leave room for chance."""
    monkeypatch.setattr(trial, "DRAWS", 1000)
    found = trial.simulate(40, seed=7)
    for with_level in (False, True):
        falling, last = (found[trial.FALLING, method, with_level] for method in (WALK, LAST))
        assert falling.rms < last.rms
        assert falling.coverage >= 0.75
        assert falling.coverage > last.coverage
        stable = found[trial.STABLE, WALK, with_level]
        assert stable.rms <= 1.25 * found[trial.STABLE, LAST, with_level].rms
        assert found[trial.RECOVERING, WALK, with_level].coverage >= 0.6
