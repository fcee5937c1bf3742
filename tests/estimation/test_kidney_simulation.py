"""Simulated patients: what a forecast 12 h ahead is worth with the walk, and with the last Cockcroft-Gault.

The limits are those set for the project before this was written. The seeds 5 (slow) and 7 (fast) were chosen, not
searched for; the method was settled on others (1, 2, 11, 21, 99). In recovery no better point forecast is claimed:
nobody foresees it. With a level the walk covers there about as much as the limit asks, 0.72 to 0.80 of 80 to 300
patients by seed, and exactly 60 of 80 with seed 5: a change that costs one patient fails the test.
"""

from __future__ import annotations

import pytest

from tests.estimation import kidney_simulation as trial

WALK, LAST = "walk", "last Cockcroft-Gault"


@pytest.mark.slow
def test_320_patients() -> None:
    found = trial.simulate(320, seed=5)
    print(trial.table(found))
    counts = {kind: len(found[kind, WALK, True].errors) for kind in (trial.STABLE, trial.FALLING, trial.RECOVERING)}
    assert counts == {trial.STABLE: 80, trial.FALLING: 160, trial.RECOVERING: 80}
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
