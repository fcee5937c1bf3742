"""The kernels say what NumPy says, to 1e-12."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inotrope.circulation import Changes, Circulation, act, arrays, calibrate, many
from inotrope.circulation import attempt_to_settle as by_numpy
from inotrope.circulation import loop as numpy_loop
from inotrope.errors import CirculationError

from ..patients import drawn, failing, healthy, member, milrinone
from ..test_loop import MOVED, scaled

REFLEXES = {"failing": failing, "healthy": healthy}


def alike(one: Circulation, other: Circulation) -> None:
    np.testing.assert_array_equal(one.solved, other.solved)
    for name in numpy_loop.FIELDS[:-1]:
        own, told = getattr(one, name)[one.solved], getattr(other, name)[one.solved]
        np.testing.assert_allclose(own, told, rtol=1e-12, atol=1e-13, err_msg=name)


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.slow)])
@pytest.mark.usefixtures("uncounted")
class TestGenerated:
    def test_steady_states(self, count: int) -> None:
        bedside, assumed = drawn(count, 1)
        levels = np.random.default_rng(2).uniform(0, 400, count)
        heart = calibrate(bedside, assumed)
        for each in (heart, heart.changed(act(levels, milrinone().enzyme, milrinone().response()).changes)):
            alike(many.solve(each), numpy_loop.solve(each))

    @pytest.mark.parametrize("gains", REFLEXES)
    def test_with_the_reflex(self, count: int, gains: str) -> None:
        bedside, assumed = drawn(count, 1)
        levels = np.random.default_rng(2).uniform(0, 400, count)
        heart = calibrate(bedside, assumed).changed(act(levels, milrinone().enzyme, milrinone().response()).changes)
        reflex, point = REFLEXES[gains]().reflex(), bedside.mean_arterial_mmhg
        found, signal = many.settle(heart, reflex, set_point_mmhg=point)
        other, told = by_numpy(heart, reflex, set_point_mmhg=point)
        alike(found, other)
        np.testing.assert_allclose(signal, told, atol=1e-12)


def test_the_composite_of_the_facts() -> None:
    """Facts, section 2.4: 3,800 / 88 mL of 216 and 154 mL at 82, 12, 25 and 36 mmHg."""
    found = many.solve(member()[0])
    assert found.stroke_volume_ml == pytest.approx(3800 / 88, rel=1e-13)
    pressures = found.mean_arterial_mmhg, found.central_venous_mmhg, found.wedge_mmhg, found.mean_pulmonary_mmhg
    assert pressures == pytest.approx((82, 12, 25, 36), rel=1e-12)
    assert found.left_edv_ml == pytest.approx(3800 / 88 / 0.2, rel=1e-13)


def test_a_heart_of_a_twentieth_moves_as_the_whole() -> None:
    heart = member()[0]
    small, whole = many.solve(scaled(heart, 0.05).changed(MOVED)), many.solve(heart.changed(MOVED))
    assert small.wedge_mmhg == pytest.approx(whole.wedge_mmhg, rel=1e-12)
    assert small.left_edv_ml == pytest.approx(0.05 * whole.left_edv_ml, rel=1e-12)


def test_no_answer_fails_loudly_and_only_where_there_is_none() -> None:
    """Less blood than none, no number, and one so large that no exponential can be had."""
    sound = member()[0]
    heart = replace(sound, stressed_volume_ml=np.array([float(sound.stressed_volume_ml), -3000.0, np.nan, 1e300]))
    found = many.attempt(heart)
    assert found.solved.tolist() == [True, False, False, False]
    assert found.left_edv_ml[0] == pytest.approx(float(numpy_loop.solve(sound).left_edv_ml), rel=1e-14)
    with pytest.raises(CirculationError, match=r"No steady state was found for 3 of 4; the first at \[1\] has"):
        many.solve(heart)
    held, _ = many.attempt_to_settle(heart, failing().reflex(), set_point_mmhg=82.0)
    assert held.solved.tolist() == [True, False, False, False]
    with pytest.raises(CirculationError, match="No steady state was found for 3 of 4"):
        many.settle(heart, failing().reflex(), set_point_mmhg=82.0)


@pytest.mark.parametrize(("chunk", "threads"), [(1, 1), (7, 2), (65, 3), (100_000, 2)])
def test_neither_parts_nor_threads_nor_neighbors_change_a_bit(
    monkeypatch: pytest.MonkeyPatch, chunk: int, threads: int
) -> None:
    bedside, assumed = drawn(400, 6)
    heart, reflex, point = calibrate(bedside, assumed).changed(MOVED), failing().reflex(), bedside.mean_arterial_mmhg
    whole, held = many.solve(heart), many.settle(heart, reflex, set_point_mmhg=point)[0]
    monkeypatch.setattr(arrays, "CHUNK", chunk)
    parted = many.solve(heart, threads=threads)
    settled = many.settle(heart, reflex, set_point_mmhg=point, threads=threads)[0]
    for name in numpy_loop.FIELDS:
        np.testing.assert_array_equal(getattr(parted, name), getattr(whole, name))
        np.testing.assert_array_equal(getattr(settled, name), getattr(held, name))


def test_shapes_come_back() -> None:
    heart = member()[0].changed(Changes.of(left_elastance=np.ones((3, 1)), rate=np.ones((2, 1, 4))))
    assert many.solve(heart).wedge_mmhg.shape == (2, 3, 4)
    found, signal = many.settle(heart, failing().reflex(), set_point_mmhg=82.0)
    assert found.solved.shape == signal.shape == (2, 3, 4)
    assert many.solve(member()[0]).wedge_mmhg.shape == ()
    assert many.solve(member()[0].changed(Changes.of(rate=np.ones(0)))).wedge_mmhg.shape == (0,)


def test_no_thread_is_no_number_of_threads() -> None:
    with pytest.raises(CirculationError, match="'threads' is '0'"):
        many.solve(member()[0], threads=0)


def test_a_set_point_that_is_none() -> None:
    with pytest.raises(CirculationError, match="'0' is not above zero"):
        many.settle(member()[0], failing().reflex(), set_point_mmhg=0.0)
