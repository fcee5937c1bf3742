"""The text of the kernels, run by Python line by line, says what their machine code says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from inotrope.circulation import Changes, Heart, solve
from inotrope.circulation.beats import Chambers, cycle, runs
from inotrope.circulation.beats.running import _begin, _laid
from inotrope.circulation.beats.running import follow as follow_in
from inotrope.circulation.beats.runs import TOLD

from ..patients import failing
from .conftest import beat_of, of_file
from .test_running import lags, many_beats, with_axis

STEPS, MOST = 120, 8


@pytest.fixture
def interpreted(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Every compiled function of the folder in its own text; `undo()` brings machine code back."""
    for module in (cycle, runs):
        for name, value in list(vars(module).items()):
            if hasattr(value, "py_func"):
                monkeypatch.setattr(module, name, value.py_func)
    yield monkeypatch


def repeated(heart: Heart, chambers: Chambers, closeness: float) -> tuple[np.ndarray, ...]:
    named = {**heart.arrays, **chambers.arrays}
    laid = _laid(named, heart.shape)
    ended, kept = np.empty((laid.shape[0], 2)), [np.empty((laid.shape[0], n, STEPS)) for n in (8, cycle.PRESSURES, 8)]
    volumes = _begin(laid, solve(heart), heart.shape)
    runs.repeat(laid, volumes, STEPS, MOST, closeness, ended, *kept)
    return (ended, volumes, *kept)


@pytest.mark.parametrize("closeness", [1e-12, 1e-3])
def test_settling(interpreted: pytest.MonkeyPatch, closeness: float) -> None:
    heart, chambers = of_file("failing")
    moved = heart.changed(Changes.of(systemic_resistance=[1.0, 0.7]))
    found = repeated(moved, chambers, closeness)
    interpreted.undo()
    for one, other in zip(found, repeated(moved, chambers, closeness), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-9)
    assert (found[0][:, 0] == MOST).all() == (closeness < 1e-6)


def test_what_does_not_die_away_is_not_looked_ahead_of(interpreted: pytest.MonkeyPatch) -> None:
    heart, chambers = of_file("failing")
    interpreted.setattr(runs, "SLOWEST", 0.0)
    slow = repeated(heart.changed(Changes.of(rate=[1.0])), chambers, 1e-12)
    interpreted.setattr(runs, "SLOWEST", 0.98)
    fast = repeated(heart.changed(Changes.of(rate=[1.0])), chambers, 1e-12)
    assert fast[0][0, 1] != slow[0][0, 1]


def test_a_transient(interpreted: pytest.MonkeyPatch) -> None:
    heart, chambers = of_file("failing")
    moved = many_beats(heart.changed(Changes.of(systemic_resistance=0.7)), 4)
    begun = beat_of("failing").volumes_ml[..., 0]

    def transient() -> object:
        return follow_in(
            moved,
            with_axis(chambers),
            volumes_ml=begun,
            reflex=failing().reflex(),
            lags=lags(),
            set_point_mmhg=82.0,
            steps=STEPS,
        )

    found = transient()
    interpreted.undo()
    other = transient()
    names = type(other).__dataclass_fields__
    assert len(names) == TOLD + 1
    for name in names:
        np.testing.assert_allclose(getattr(found, name), getattr(other, name), rtol=1e-11, atol=1e-11, err_msg=name)


def test_activation_by_hand() -> None:
    """Half a cosine up in 0.3 s, down in 0.15 s."""
    for each in (cycle.rise_and_fall, cycle.rise_and_fall.py_func):
        assert [round(each(t, 0.3, 0.15), 12) for t in (0.0, 0.15, 0.3, 0.375, 0.45, 0.6)] == [0, 0.5, 1, 0.5, 0, 0]
