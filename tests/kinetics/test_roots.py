"""Roots and projectors against matrices written down by hand, and against what every projector must satisfy."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from mpmath import mp

from inotrope.kinetics import Parameters, modes_of

NAMES = ("clearance_l_per_h", "volume_l", "q2_l_per_h", "v2_l", "q3_l_per_h", "v3_l")
SETS = {
    "one": (7.5, 14.0),
    "two": (7.5, 14.0, 18.0, 22.0),
    "three": (7.5, 14.0, 18.0, 22.0, 4.0, 120.0),
    "k21 = k31": (7.5, 14.0, 18.0, 24.0, 9.0, 12.0),
    "k21 near k31": (7.5, 14.0, 18.0, 24.0, 9.0, 12.0 * (1 + 1e-9)),
    "nearly nothing leaves": (1e-9, 14.0, 18.0, 22.0, 4.0, 120.0),
    "nearly nothing moves": (1e-9, 14.0, 1e-9, 22.0, 1e-9, 120.0),
    "one door nearly shut": (7.5, 14.0, 1e-9, 22.0, 4.0, 120.0),
    "a small and slow one": (7.5, 14.0, 1e-9, 1e-6, 4.0, 120.0),
    "fast and slow": (500.0, 0.5, 3000.0, 0.1, 1e-4, 4000.0),
    # Here Newton's steps go to and fro between two neighboring numbers until the last step that is allowed.
    "between two neighbors": (5.2, 11.5, 1.7, 41.2, 1.7, 96.7),
    "between two others": (17.8, 17.3, 1.5, 30.7, 5.9, 229.2),
    "between two more": (2.4, 15.3, 1.4, 40.5, 8.7, 186.5),
}


def made(numbers: tuple[float, ...]) -> Parameters:
    return Parameters.of(**dict(zip(NAMES, numbers, strict=False)))


def matrix(numbers: tuple[float, ...]) -> mp.matrix:
    """N of dA/dt = -N A, in 60 digits."""
    clearance, volume, *outer = (mp.mpf(number) for number in numbers)
    size = 1 + len(outer) // 2
    n = mp.matrix(size, size)
    n[0, 0] = clearance / volume
    for place in range(1, size):
        flow, other = outer[2 * place - 2 : 2 * place]
        n[0, 0] += flow / volume
        n[place, 0], n[0, place], n[place, place] = -flow / volume, -flow / other, flow / other
    return n


TINY = {
    "two tiny ones": (2.0, 2.2, 1e-9, 1e-9, 1e-9, 1e-9),
    "two tiny ones as fast as the blood": (2.0, 2.0, 1e-9, 1e-9, 1e-9, 1e-9),
    "no room at all": (2.0, 2.0, 1e-20, 1e-20, 1e-20, 1e-20),
}


@pytest.mark.parametrize("numbers", (SETS | TINY).values(), ids=(SETS | TINY).keys())
def test_roots_are_those_of_the_matrix(numbers: tuple[float, ...]) -> None:
    with mp.workdps(60):
        exact = sorted((float(mp.re(root)) for root in mp.eig(matrix(numbers))[0]), reverse=True)
    found = modes_of(made(numbers))
    assert found.roots[:, 0] == pytest.approx(exact, rel=1e-13)
    assert np.isfinite(found.projectors).all()


@pytest.mark.parametrize("apart", [0.0, 1e-15, 1e-13, 1e-10, 1e-6, 2.6e-6])
def test_what_is_left_in_compartments_far_smaller_than_the_central_one(apart: float) -> None:
    """After 200 h a trillionth of the dose is left; docs/simulate.md names how exact that is."""
    flow, small = 1.248e-4, 1.248e-4 * 9.211e-4 / 8.829e-5
    numbers = (2.793, 12.463, 8.829e-5, 9.211e-4, flow, small * (1 + apart))
    modes = modes_of(made(numbers))
    for hours, of_the_dose, of_what_is_left in ((10.0, 1e-15, 1e-14), (50.0, 1e-17, 1e-12), (200.0, 1e-22, 1e-11)):
        with mp.workdps(60):
            exact = list(mp.expm(-matrix(numbers) * hours) * mp.matrix([1, 0, 0]))
            found = (modes.projectors[:, :, 0] * np.exp(-modes.roots * hours)[:, None]).sum(axis=0)[:, 0]
            off = max(abs(mp.mpf(float(one)) - other) for one, other in zip(found, exact, strict=True))
            assert off < of_the_dose
            assert off < of_what_is_left * sum(exact)


def test_a_draw_does_not_depend_on_the_draws_beside_it() -> None:
    """A hard one needs more steps than the others, which must not go on with it."""
    every = [numbers for numbers in (SETS | TINY).values() if len(numbers) == 6]
    columns = np.array(every).T[:, :, None]
    together = modes_of(Parameters.of(**dict(zip(NAMES, columns, strict=True))))
    for draw, numbers in enumerate(every):
        alone = modes_of(made(numbers))
        assert together.roots[:, draw].tolist() == alone.roots.tolist()
        assert together.projectors[..., draw, :].tolist() == alone.projectors.tolist()


@pytest.mark.parametrize("numbers", SETS.values(), ids=SETS.keys())
def test_projectors_add_up_and_do_not_disturb_each_other(numbers: tuple[float, ...]) -> None:
    modes = modes_of(made(numbers))
    projectors = modes.projectors[..., 0]
    size = len(projectors)
    assert projectors.sum(axis=0) == pytest.approx(np.eye(size), abs=1e-13)
    for one, other in itertools.product(range(size), repeat=2):
        expected = projectors[one] if one == other else np.zeros((size, size))
        scale = np.abs(projectors).max() ** 2
        assert projectors[one] @ projectors[other] == pytest.approx(expected, abs=1e-11 * scale)


def test_two_compartments_by_hand() -> None:
    """k10 = 1, k12 = 2, k21 = 2: l^2 - 5 l + 2 = 0, so l = (5 +- sqrt(17)) / 2."""
    modes = modes_of(Parameters.of(clearance_l_per_h=1.0, volume_l=1.0, q2_l_per_h=2.0, v2_l=1.0))
    fast, slow = (5 + 17**0.5) / 2, (5 - 17**0.5) / 2
    assert modes.roots[:, 0] == pytest.approx([fast, slow], rel=1e-15)
    assert modes.projectors[:, 0, 0, 0] == pytest.approx([(fast - 2) / 17**0.5, (2 - slow) / 17**0.5], rel=1e-15)


def test_compartments_that_are_shut_are_left_out() -> None:
    """Q2 = 0 in the first draw, Q3 = 0 in the second, both in the third, neither in the fourth."""
    mixed = Parameters.of(
        clearance_l_per_h=7.5,
        volume_l=14.0,
        q2_l_per_h=np.array([[0.0], [18.0], [0.0], [18.0]]),
        v2_l=22.0,
        q3_l_per_h=np.array([[4.0], [0.0], [0.0], [4.0]]),
        v3_l=120.0,
    )
    found = modes_of(mixed)
    without = [(7.5, 14.0, 4.0, 120.0), (7.5, 14.0, 18.0, 22.0), (7.5, 14.0), SETS["three"]]
    kept = [[0, 2], [0, 1], [0], [0, 1, 2]]
    for draw, (numbers, places) in enumerate(zip(without, kept, strict=True)):
        alone = modes_of(made(numbers))
        assert found.roots[: len(places), draw].tolist() == alone.roots.tolist()
        assert not found.roots[len(places) :, draw].any()
        part = found.projectors[: len(places)][np.ix_(range(len(places)), places, places)]
        assert part[..., draw, :].tolist() == alone.projectors.tolist()
        assert found.projectors[..., draw, 0].sum(axis=0) == pytest.approx(np.eye(3), abs=1e-14)


def test_one_row_serves_for_all_and_rows_are_taken_in_order() -> None:
    one = modes_of(made(SETS["three"]))
    assert one.taken(np.array([3, 4])) is one
    two = modes_of(Parameters.of(clearance_l_per_h=[1.0, 3.0], volume_l=2.0))
    assert two.taken(np.array([1, 0, 1])).roots.tolist() == [[1.5, 0.5, 1.5]]


@pytest.mark.parametrize("which", range(6))
def test_a_complex_step_brings_the_derivative_of_the_roots(which: int) -> None:
    numbers = list(SETS["three"])
    with mp.workdps(60):

        def root(place: int, value: mp.mpf) -> mp.mpf:
            changed = [value if index == which else mp.mpf(number) for index, number in enumerate(numbers)]
            return sorted((mp.re(one) for one in mp.eig(matrix(tuple(changed)))[0]), reverse=True)[place]

        exact = [float(mp.diff(lambda value, at=at: root(at, value), mp.mpf(numbers[which]))) for at in range(3)]
    stepped = [number + (1e-30j if place == which else 0) for place, number in enumerate(numbers)]
    assert modes_of(made(tuple(stepped))).roots[:, 0].imag / 1e-30 == pytest.approx(exact, rel=1e-11)
