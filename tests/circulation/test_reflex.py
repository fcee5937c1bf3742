"""The static baroreflex: where pressure and signal agree."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from inotrope.circulation import Changes, Reflex, arrays, attempt_to_settle, calibrate, reflex, settle, solve
from inotrope.errors import CirculationError

from .patients import drawn, failing, healthy, member
from .test_loop import MOVED

BARE = {"rate": 0.15, "resistance": 0.3, "volume": 0.15, "force": 0.05, "most": 0.3}


def test_the_answer_obeys_its_own_signal() -> None:
    heart, own, point = member()[0].changed(MOVED), failing().reflex(), 82.0
    found, signal = settle(heart, own, set_point_mmhg=point)
    assert signal == pytest.approx(0.3 * np.tanh((found.mean_arterial_mmhg / point - 1) / 0.3), abs=1e-11)
    assert signal < 0 and found.mean_arterial_mmhg < point
    obeyed = solve(heart.changed(own.changes(signal)))
    assert found.mean_arterial_mmhg == pytest.approx(obeyed.mean_arterial_mmhg, rel=1e-12)
    assert found.heart_rate_per_min == pytest.approx(88 * 1.07 * (1 - 0.15 * signal), rel=1e-14)


def test_against_a_bracket_in_scipy() -> None:
    bedside, assumed = drawn(15, 8)
    heart, own, point = calibrate(bedside, assumed).changed(MOVED), healthy().reflex(), bedside.mean_arterial_mmhg
    _, signal = settle(heart, own, set_point_mmhg=point)
    for patient in range(15):

        def gap(s: float, patient: int = patient) -> float:
            pressure = solve(heart.changed(own.changes(np.asarray(s)))).mean_arterial_mmhg[patient]
            return float(0.3 * np.tanh((pressure / point[patient] - 1) / 0.3) - s)

        assert signal[patient] == pytest.approx(brentq(gap, -0.3, 0.3, xtol=1e-13), abs=1e-10)


def test_a_fall_of_pressure_is_answered_and_not_undone() -> None:
    heart = member()[0].changed(Changes.of(systemic_resistance=0.6))
    alone = solve(heart)
    held, signal = settle(heart, failing().reflex(), set_point_mmhg=82.0)
    assert alone.mean_arterial_mmhg < held.mean_arterial_mmhg < 82
    assert held.heart_rate_per_min > 88 and signal < 0


def test_silent_at_the_set_point() -> None:
    """Bit for bit the heart without a reflex."""
    heart = member()[0]
    found, signal = settle(heart, failing().reflex(), set_point_mmhg=82.0)
    assert signal == 0
    assert found.mean_arterial_mmhg == solve(heart).mean_arterial_mmhg
    assert found.left_edv_ml == solve(heart).left_edv_ml


def test_without_gains_there_is_a_signal_and_no_change() -> None:
    heart = member()[0].changed(MOVED)
    found, signal = settle(heart, failing().reflex(scale=0), set_point_mmhg=82.0)
    assert found.wedge_mmhg == pytest.approx(solve(heart).wedge_mmhg, rel=1e-13)
    assert signal < 0


def test_gains_and_set_points_broadcast() -> None:
    heart = calibrate(*drawn(5, 9)).changed(MOVED)
    found, signal = settle(heart, failing().reflex(scale=[[0.0], [1.0], [2.0]]), set_point_mmhg=[82.0] * 5)
    assert found.wedge_mmhg.shape == signal.shape == (3, 5)
    assert (np.diff(np.abs(found.mean_arterial_mmhg - 82), axis=0) < 0).all()


@pytest.mark.parametrize("chunk", [1, 7])
def test_neither_chunks_nor_neighbors_change_an_answer(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    bedside, assumed = drawn(60, 6)
    heart, point = calibrate(bedside, assumed).changed(MOVED), bedside.mean_arterial_mmhg
    whole, told = settle(heart, healthy().reflex(), set_point_mmhg=point)
    monkeypatch.setattr(arrays, "CHUNK", chunk)
    parted, said = settle(heart, healthy().reflex(), set_point_mmhg=point)
    np.testing.assert_array_equal(said, told)
    np.testing.assert_array_equal(parted.wedge_mmhg, whole.wedge_mmhg)


def test_an_extreme_gain_still_settles() -> None:
    """A signal of 0.3 then nearly stops the heart; the bracket holds the secant."""
    steep = Reflex.of(rate=3.3, resistance=3.3, volume=3.3, force=3.3, most=0.3)
    heart = calibrate(*drawn(200, 2)).changed(Changes.of(systemic_resistance=1.5, rate=1.5))
    found, signal = settle(heart, steep, set_point_mmhg=60.0)
    assert (np.abs(0.3 * np.tanh((found.mean_arterial_mmhg / 60 - 1) / 0.3) - signal) < 1e-10).all()


def test_a_bracket_that_never_closes_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reflex, "PASSES", 1)
    found, _ = attempt_to_settle(member()[0].changed(MOVED), failing().reflex(), set_point_mmhg=82.0)
    assert not found.solved
    with pytest.raises(CirculationError, match="No steady state was found for 1 of 1"):
        settle(member()[0].changed(MOVED), failing().reflex(), set_point_mmhg=82.0)


@pytest.mark.parametrize(
    ("planted", "where"), [({"force": -0.1}, "force"), ({"rate": 3.4}, "rate"), ({"volume": [0.1, 4.0]}, "volume")]
)
def test_what_is_no_gain(planted: dict[str, object], where: str) -> None:
    with pytest.raises(CirculationError, match="is no gain of a reflex") as caught:
        Reflex.of(**BARE | planted)
    assert caught.value.where == where
    with pytest.raises(CirculationError, match="is not above zero"):
        Reflex.of(**BARE | {"most": 0})
    with pytest.raises(CirculationError, match="is not above zero"):
        settle(member()[0], failing().reflex(), set_point_mmhg=0)
