"""The exponentials of a disposition, and how much of each compartment falls with each of them.

Knows the roots of one, two and three compartments in closed form, and the projectors in polynomial form, which need no
eigenvectors and so do not divide 0 by 0 where two compartments empty at the same speed. Does not know time or dose.

    dA/dt = -N A + R e1      N = [[k10 + k12 + k13, -k21, -k31], [-k12, k21, 0], [-k13, 0, k31]]
    exp(-N t) = sum_i P_i exp(-l_i t)      P_i = adj(N - l_i) / prod_{j != i} (l_j - l_i)

A compartment whose clearance is exactly 0 is left out: what is in it stays there. Source: the spectral decomposition of
a matrix with distinct roots; the cubic by Viete's cosine.

How exact: amounts to 1e-12 of all drug in the body, down to a millionth of the most there ever was. Of what is left
below that about 2e-12 may be missing, where outer compartments 1e4 times smaller than the central one empty together.
"""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inotrope.kinetics.parameters import Array, Parameters

MARGIN = 1e-6
"""Relative; so far outside the real Newton steps begin. The cosine is good to 1e-7 where two roots nearly coincide."""
MOST_STEPS = 60
"""Real Newton steps; three are the rule, and where two roots nearly coincide each step halves the error."""
CLOSE = 4e-16
"""Relative; neighboring float64 numbers are 2.2e-16 apart."""
COMPLEX_STEPS = 3
"""From the roots of the real part the first step sets the exact derivative, the others what a large step leaves."""


class Modes(NamedTuple):
    """The exponentials of each parameter row, the fastest first; compartments that are shut off come last, with root 0.

    Attributes:
        roots: 1/h, `(modes, ..., rows)`.
        projectors: `(modes, to, from, ..., rows)`: the share of an amount in `from` that is found in `to` and falls
            with this mode. Over the modes they add up to the unit matrix.
    """

    roots: Array
    projectors: Array

    def taken(self, row: NDArray[np.int64]) -> Modes:
        """Return the modes of these rows, in this order; a single row serves for all."""
        if self.roots.shape[-1] == 1:
            return self
        return Modes(np.take(self.roots, row, axis=-1), np.take(self.projectors, row, axis=-1))


def modes_of(parameters: Parameters) -> Modes:
    """Return roots and projectors of every parameter row.

    Args:
        parameters: Checked; of complex ones the real part decides which way is taken, and derivatives pass through.
    """
    volume = parameters.volume_l
    k10 = parameters.clearance_l_per_h / volume
    flows = [(parameters.q2_l_per_h, parameters.v2_l), (parameters.q3_l_per_h, parameters.v3_l)]
    there = [(flow, other) for flow, other in flows if flow is not None and other is not None]
    leaving = [flow / volume for flow, _ in there]
    returning = [flow / other for flow, other in there]
    is_open = [flow != 0 for flow, _ in there]
    count = len(there) + 1
    roots = np.zeros((count, *k10.shape), dtype=k10.dtype)
    projectors = np.zeros((count, count, count, *k10.shape), dtype=k10.dtype)
    for pattern in itertools.product((True, False), repeat=len(there)):
        chosen = np.ones(k10.shape, dtype=np.bool_)
        for opened, wanted in zip(is_open, pattern, strict=True):
            chosen &= opened == wanted
        if not chosen.any():
            continue
        where: Any = ... if chosen.all() else chosen
        kept = [place for place, wanted in enumerate(pattern) if wanted]
        part = _SOLVERS[len(kept)](
            k10[where], *(rate[where] for place in kept for rate in (leaving[place], returning[place]))
        )
        compartments = [0, *(place + 1 for place in kept)]
        for mode, (root, projector) in enumerate(part):
            roots[mode][where] = root
            for place, (to, source) in enumerate(itertools.product(compartments, repeat=2)):
                projectors[mode, to, source][where] = projector[place]
        shut = [place + 1 for place, wanted in enumerate(pattern) if not wanted]
        for mode, compartment in enumerate(shut, start=len(compartments)):
            projectors[mode, compartment, compartment][where] = 1.0
    return Modes(roots, projectors)


def central_modes(parameters: Parameters) -> tuple[Array, Array]:
    """Return the roots, and the projectors' share that goes from the central compartment to itself.

    All that a level in the blood asks for, where all that is given goes there; each is `(modes, ..., rows)`.

    Args:
        parameters: As `modes_of`.
    """
    volume, flow, other = parameters.volume_l, parameters.q2_l_per_h, parameters.v2_l
    if parameters.q3_l_per_h is not None or flow is None or other is None or not flow.all():
        modes = modes_of(parameters)
        return modes.roots, modes.projectors[:, 0, 0]
    fast, slow, above, below, _ = _pair(parameters.clearance_l_per_h / volume, flow / volume, flow / other)
    return np.stack([fast, slow]), np.stack([above, below])


Part = list[tuple[Array, tuple[Array, ...]]]
"""For each mode its root, and its projector row by row."""


def _one(k10: Array) -> Part:
    return [(k10, (np.ones_like(k10),))]


def _two(k10: Array, k12: Array, k21: Array) -> Part:
    fast, slow, above, below, spread = _pair(k10, k12, k21)
    there, back = k12 / spread, k21 / spread
    return [(fast, (above, -back, -there, below)), (slow, (below, back, there, above))]


def _pair(k10: Array, k12: Array, k21: Array) -> tuple[Array, Array, Array, Array, Array]:
    """Return both roots, what of the central amount falls with each, and how far the roots lie apart."""
    difference, passed = k10 + k12 - k21, k12 * k21
    # A sum of squares, never (sum)^2 - 4 product, which loses all digits where the roots lie close together.
    spread = np.sqrt(difference * difference + 4 * passed)
    fast = (k10 + k12 + k21 + spread) / 2
    slow = k10 * k21 / fast
    # fast - k21 and k21 - slow, each without a subtraction of near equals: their product is k12 k21.
    falling = difference.real > 0
    larger = (spread + np.where(falling, difference, -difference)) / 2
    more, less = larger / spread, passed / larger / spread
    return fast, slow, np.where(falling, more, less), np.where(falling, less, more), spread


def _three(k10: Array, k12: Array, k21: Array, k13: Array, k31: Array) -> Part:
    first, second, third = _cubic(k10, k12, k21, k13, k31)
    part: Part = []
    # The minors of the outer compartments hold k10 + k12 and not k10 + k12 + k13: beside a slow root what leaves to a
    # fast neighbor and comes back would cancel.
    for own, others in ((first, (second, third)), (second, (first, third)), (third, (first, second))):
        b, c = k21 - own, k31 - own
        scale = 1 / ((others[0] - own) * (others[1] - own))
        adjugate = (
            *(b * c, k21 * c, k31 * b),
            *(k12 * c, (k10 + k12 - own) * c - k13 * own, k12 * k31),
            *(k13 * b, k13 * k21, (k10 + k13 - own) * b - k12 * own),
        )
        part.append((own, tuple(entry * scale for entry in adjugate)))
    return part


def _cubic(k10: Array, k12: Array, k21: Array, k13: Array, k31: Array) -> Array:
    """Return the three roots, the largest first: in real arithmetic, then Newton steps on the complex polynomial.

    Outside all roots Newton's way is monotone, so the largest is reached from above and the least from below, and
    neither can end in the middle one, however close that is. The middle one follows from the others, and stands between
    the rates at which the outer compartments empty.
    """
    rates = tuple(np.real(rate) for rate in (k10, k12, k21, k13, k31))
    outer = _start(*rates) * np.array([1 + MARGIN, 1 - MARGIN]).reshape(2, *[1] * k10.ndim)
    for _ in range(MOST_STEPS):
        step = _newton(outer, *rates)
        # Each root stops by itself: what a draw gets does not depend on the draws beside it.
        moves = np.abs(step) > CLOSE * outer
        if not moves.any():
            break
        outer = np.where(moves, outer - step, outer)
    largest, least = outer
    middle = (_pairs(*rates) - largest * least) / (largest + least)
    middle = np.clip(middle, np.minimum(rates[2], rates[4]), np.maximum(rates[2], rates[4]))
    # Where a compartment is so small that two roots are the same number, the projectors need them apart.
    largest, least = np.maximum(largest, middle * (1 + CLOSE)), np.minimum(least, middle * (1 - CLOSE))
    root = np.stack([largest, middle, least])
    if not np.iscomplexobj(k10):
        return root
    whole = root.astype(k10.dtype)
    for _ in range(COMPLEX_STEPS):
        whole = whole - _newton(whole, k10, k12, k21, k13, k31)
    return whole


def _newton(root: Array, *rates: Array) -> Array:
    """Return the Newton step, of the polynomial in factors: expanded powers lose the small roots beside a large one."""
    k10, k12, k21, k13, k31 = rates
    b, c = k21 - root, k31 - root
    rest = b * c + k12 * c + k13 * b
    value = k10 * b * c - root * rest
    slope = -k10 * (b + c) - rest + root * (b + c + k12 + k13)
    step: Array = value / np.where(slope == 0, 1.0, slope)
    return step


def _start(k10: Array, k12: Array, k21: Array, k13: Array, k31: Array) -> Array:
    """Return the largest and the least root by Viete's cosine, good to half the digits where two lie close together."""
    total, pairs = k10 + k12 + k21 + k13 + k31, _pairs(k10, k12, k21, k13, k31)
    product = k10 * k21 * k31
    square = np.maximum(total * total - 3 * pairs, 0.0) / 9
    radius = np.sqrt(square)
    cube = radius * square
    turn = (total * (2 * total * total - 9 * pairs) + 27 * product) / 54
    cosine = np.clip(turn / np.where(cube == 0, 1.0, cube), -1.0, 1.0)
    largest = total / 3 + 2 * radius * np.cos(np.arccos(cosine) / 3)
    # The other two from what the largest leaves: no subtraction here loses more than a factor of two.
    rest_product = product / largest
    rest_sum = (pairs - rest_product) / largest
    middle = (rest_sum + np.sqrt(np.maximum(rest_sum * rest_sum - 4 * rest_product, 0.0))) / 2
    return np.stack([largest, rest_product / middle])


def _pairs(k10: Array, k12: Array, k21: Array, k13: Array, k31: Array) -> Array:
    """Return the sum of the products of two roots."""
    pairs: Array = k10 * (k21 + k31) + k21 * k31 + k12 * k31 + k13 * k21
    return pairs


_SOLVERS = (_one, _two, _three)
