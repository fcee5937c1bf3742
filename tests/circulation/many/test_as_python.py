"""The text of the kernels, run by Python line by line, says what their machine code says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from inotrope.circulation import calibrate, loop, many
from inotrope.circulation.many import block, kernels

from ..patients import drawn, healthy
from ..test_loop import MOVED


def two_to(large: float) -> float:
    """Stand for the instruction that Python has not: the last bits of `large` are k, and this is 2^k."""
    return float(((np.asarray(large).view(np.int64) + 1023) << 52).view(np.float64)[()])


@pytest.fixture
def interpreted(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Every compiled function of the folder in its own text; `undo()` brings machine code back."""
    for module in (block, kernels):
        for name, value in list(vars(module).items()):
            if hasattr(value, "py_func"):
                monkeypatch.setattr(module, name, value.py_func)
    monkeypatch.setattr(block, "two_to", two_to)
    with np.errstate(all="ignore"):  # machine code says nothing of a secant that is flat
        yield monkeypatch


def test_both_kernels(interpreted: pytest.MonkeyPatch) -> None:
    """66 patients: one block, and one that is filled up."""
    bedside, assumed = drawn(66, 8)
    heart, reflex, point = calibrate(bedside, assumed).changed(MOVED), healthy().reflex(), bedside.mean_arterial_mmhg
    found = many.solve(heart), *many.settle(heart, reflex, set_point_mmhg=point)
    interpreted.undo()
    other = many.solve(heart), *many.settle(heart, reflex, set_point_mmhg=point)
    for name in loop.FIELDS:
        for place in range(2):
            one, two = getattr(found[place], name), getattr(other[place], name)
            np.testing.assert_allclose(one, two, rtol=1e-13, atol=1e-14, err_msg=name)
    np.testing.assert_allclose(found[2], other[2], atol=1e-13)


def test_a_search_that_never_ends_is_no_answer(interpreted: pytest.MonkeyPatch) -> None:
    bedside, assumed = drawn(3, 8)
    heart, reflex, point = calibrate(bedside, assumed).changed(MOVED), healthy().reflex(), bedside.mean_arterial_mmhg
    interpreted.setattr(kernels, "PASSES", 2)
    found, _ = many.attempt_to_settle(heart, reflex, set_point_mmhg=point)
    assert np.isnan(found.residual_share).all() and not found.solved.any()
    interpreted.setattr(block, "ITERATIONS", 2)
    found = many.attempt(heart)
    assert (found.residual_share > 1e-6).all() and not found.solved.any()


def test_where_the_secant_leaves_the_bracket_it_is_halved(interpreted: pytest.MonkeyPatch) -> None:
    """Signal -0.1 in a bracket of -0.3 to 0.3, the pressure asks for more: low is -0.1, and the middle 0.1."""
    w = np.zeros(kernels.ALL_ROWS * block.WIDTH)
    w[kernels.SIGNAL], w[kernels.GAP], w[kernels.LOW], w[kernels.HIGH] = -0.1, 0.05, -0.3, 0.3
    w[kernels.TRIAL : kernels.TRIAL + 1] = 0.4
    assert kernels.choose(w) == 1
    assert w[kernels.LOW] == -0.1 and w[kernels.HIGH] == 0.3 and w[kernels.SIGNAL] == pytest.approx(0.1)
    assert w[kernels.TRIAL] == -0.1


@pytest.mark.parametrize("x", [-900.0, -40.0, -1.0, -1e-9, 0.0, 1e-12, 0.3, 1.7, 20.0, 699.0])
def test_the_exponential(interpreted: pytest.MonkeyPatch, x: float) -> None:
    """Against the C library's; beyond 700 it stands still, where a steady state has long been lost."""
    in_text, largest = block.expm1(x), block.expm1(1e6)
    interpreted.undo()
    for found in (in_text, block.expm1(x)):
        assert found == pytest.approx(np.expm1(x), rel=2e-15, abs=0)
    assert largest == block.expm1(700.0) == pytest.approx(np.expm1(700.0), rel=2e-15)
