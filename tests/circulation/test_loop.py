"""The closed loop: against SciPy and the equations written down again, and what it does where there is no answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import approx_fprime, root

from inotrope.circulation import Changes, Heart, arrays, attempt, calibrate, loop, solve
from inotrope.errors import CirculationError

from .patients import drawn, member

MOVED = Changes.of(
    rate=1.07,
    left_elastance=1.3,
    right_elastance=1.2,
    left_filling=0.97,
    systemic_resistance=0.7,
    pulmonary_resistance=0.75,
    stressed_volume=0.8,
)


def equations(n: dict[str, float], x: np.ndarray) -> np.ndarray:
    """Return F1 and F2 as facts/circulation.md, section 2.1, prints them."""
    edv_l, edv_r = x
    t = 60 / n["rate_per_min"]
    pcwp = n["left.filling_mmhg"] * (np.exp(n["left.filling_per_ml"] * (edv_l - n["left.vd_ml"])) - 1)
    cvp = n["right.filling_mmhg"] * (np.exp(n["right.filling_per_ml"] * (edv_r - n["right.vd_ml"])) - 1)
    ees_l, ees_r = n["left.elastance_mmhg_per_ml"], n["right.elastance_mmhg_per_ml"]
    al, ar = n["left.end_systolic_share"], n["right.end_systolic_share"]
    rs, rp, rv = (n[f"vessels.{name}_mmhg_s_per_ml"] for name in ("systemic", "pulmonary", "venous"))
    sv_l = (ees_l * (edv_l - n["left.v0_ml"]) - al * cvp) / (ees_l + al * rs / t)
    sv_r = (ees_r * (edv_r - n["right.v0_ml"]) - ar * pcwp) / (ees_r + ar * rp / t)
    q = sv_l / t
    held = (
        n["vessels.systemic_arteries_ml_per_mmhg"] * (cvp + q * rs)
        + n["vessels.systemic_veins_ml_per_mmhg"] * (cvp + q * rv)
        + n["vessels.pulmonary_arteries_ml_per_mmhg"] * (pcwp + sv_r / t * rp)
        + n["vessels.pulmonary_veins_ml_per_mmhg"] * pcwp
    )
    held += edv_l - n["left.vd_ml"] + edv_r - n["right.vd_ml"] - (sv_l + sv_r) / 2
    return np.array([sv_l - sv_r, held - n["stressed_volume_ml"]])


def one(heart: Heart, patient: int) -> dict[str, float]:
    return {name: float(np.broadcast_to(array, heart.shape)[patient]) for name, array in heart.arrays.items()}


def test_against_scipy_on_the_equations_as_printed() -> None:
    heart = calibrate(*drawn(25, 3)).changed(MOVED)
    found = solve(heart)
    for patient in range(25):
        n = one(heart, patient)
        start = (n["left.start_ml"], n["right.start_ml"])
        other = root(lambda x, n=n: equations(n, x), start, tol=1e-13)
        assert other.success
        assert (found.left_edv_ml[patient], found.right_edv_ml[patient]) == pytest.approx(tuple(other.x), rel=1e-10)


def test_the_jacobian_is_that_of_the_equations() -> None:
    """One step from off the answer is that of a Jacobian made of differences of the printed equations."""
    heart = calibrate(*drawn(10, 5)).changed(MOVED)
    rows = np.stack([np.broadcast_to(array, heart.shape) for array in heart.arrays.values()])
    left, right = rows[loop.LEFT_START] * 1.02, rows[loop.RIGHT_START] * 0.99
    by_left, by_right = loop._step(rows, left, right)
    for patient in range(10):
        n, at = one(heart, patient), np.array([left[patient], right[patient]])
        jacobian = approx_fprime(at, lambda x, n=n: equations(n, x), 1e-6)
        expected = np.linalg.solve(jacobian, equations(n, at))
        most = 0.15 * np.array([n["left.start_ml"], n["right.start_ml"]])
        assert (by_left[patient], by_right[patient]) == pytest.approx(np.clip(expected, -most, most), rel=1e-5)


@pytest.mark.parametrize("share", [0.5, 0.8, 1.3, 1.6])
def test_where_the_search_starts_does_not_matter(share: float) -> None:
    heart = calibrate(*drawn(300, 4)).changed(MOVED)
    moved = replace(
        heart,
        left=replace(heart.left, start_ml=heart.left.start_ml * share),
        right=replace(heart.right, start_ml=heart.right.start_ml * share),
    )
    near, far = solve(heart), solve(moved)
    np.testing.assert_allclose(far.left_edv_ml, near.left_edv_ml, rtol=1e-12)
    np.testing.assert_allclose(far.wedge_mmhg, near.wedge_mmhg, rtol=1e-11)


def test_a_heart_of_a_twentieth_moves_as_the_whole() -> None:
    """A newborn's size: a start made for adults once gave a change of exactly 0.0 % here."""
    heart = member()[0]
    small = scaled(heart, 0.05)
    before, after = solve(small), solve(small.changed(MOVED))
    assert after.wedge_mmhg / before.wedge_mmhg == pytest.approx(
        solve(heart.changed(MOVED)).wedge_mmhg / solve(heart).wedge_mmhg, rel=1e-12
    )
    assert after.wedge_mmhg < 0.9 * before.wedge_mmhg


def scaled(heart: Heart, k: float) -> Heart:
    """Return a heart k times as large: volumes and compliances x k, resistances, Ees and b of filling / k."""

    def ventricle(v: object) -> object:
        return replace(
            v,
            elastance_mmhg_per_ml=v.elastance_mmhg_per_ml / k,
            v0_ml=v.v0_ml * k,
            filling_per_ml=v.filling_per_ml / k,
            vd_ml=v.vd_ml * k,
            start_ml=v.start_ml * k,
        )

    vessels = {
        name: getattr(heart.vessels, name) * (k if name.endswith("_ml_per_mmhg") else 1 / k)
        for name in type(heart.vessels).__dataclass_fields__
    }
    return replace(
        heart,
        stressed_volume_ml=heart.stressed_volume_ml * k,
        left=ventricle(heart.left),
        right=ventricle(heart.right),
        vessels=type(heart.vessels)(**vessels),
    )


def test_no_answer_fails_loudly() -> None:
    """Less blood than none: a ventricle that is not filled throws out nothing."""
    empty = replace(member()[0], stressed_volume_ml=np.array([2077.0, -3000.0]))
    found = attempt(empty)
    assert found.solved.tolist() == [True, False]
    with pytest.raises(
        CirculationError, match=r"No steady state was found for 1 of 2; the first at \[1\] has"
    ) as caught:
        solve(empty)
    assert caught.value.accepted == "a heart and vessels that can be filled and throw out blood"


def test_what_a_steady_state_tells() -> None:
    """The composite: 3,800 / 88 of 216 and of 154 mL; 80 x 70 / 3.8 and 80 x 11 / 3.8 dyn s/cm5."""
    found = solve(member()[0])
    assert found.cardiac_output_l_per_min == pytest.approx(3.8, rel=1e-13)
    assert (found.left_ejection_fraction, found.right_ejection_fraction) == pytest.approx((0.2, 0.28), rel=1e-13)
    assert found.systemic_resistance_dyn_s_per_cm5 == pytest.approx(80 * 70 / 3.8, rel=1e-13)
    assert found.pulmonary_resistance_dyn_s_per_cm5 == pytest.approx(80 * 11 / 3.8, rel=1e-13)
    assert found.systemic_veins_mmhg == pytest.approx(12 + 3.8 / 0.06 * 0.04, rel=1e-13)


def test_veins_that_would_collapse_are_told() -> None:
    found = solve(member()[0].changed(Changes.of(stressed_volume=[1.0, 0.3, 0.1])))
    assert found.filled.tolist() == [True, True, False]
    assert found.central_venous_mmhg[2] < 0


def test_a_search_that_never_ends_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "ITERATIONS", 2)
    found = attempt(member()[0].changed(MOVED))
    assert not found.solved
    assert found.residual_share > 1e-6


def test_no_number_is_no_answer() -> None:
    heart = member()[0]
    assert not attempt(replace(heart, stressed_volume_ml=np.asarray(np.nan))).solved


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_neither_chunks_nor_neighbors_change_an_answer(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    bedside, assumed = drawn(400, 6)
    heart = calibrate(bedside, assumed).changed(MOVED)
    whole = solve(heart)
    monkeypatch.setattr(arrays, "CHUNK", chunk)
    parted = solve(heart)
    for name in loop.FIELDS:
        np.testing.assert_array_equal(getattr(parted, name), getattr(whole, name))


def test_shapes_come_back() -> None:
    heart = member()[0].changed(Changes.of(left_elastance=np.ones((3, 1)), rate=np.ones((2, 1, 4))))
    found = solve(heart)
    assert found.left_edv_ml.shape == found.solved.shape == found.systemic_resistance_dyn_s_per_cm5.shape == (2, 3, 4)
    assert solve(member()[0]).wedge_mmhg.shape == ()
    nobody = solve(member()[0].changed(Changes.of(rate=np.ones(0))))
    assert nobody.left_edv_ml.shape == (0,)
