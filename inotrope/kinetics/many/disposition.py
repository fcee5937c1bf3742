"""Roots, projectors, steps and steady states of one parameter row at a time, for kernels.

Knows the equations of `roots.py`, `transition.py` and `steady.py`, number by number instead of array by array: the laws
hold both to each other. Does not know time, and takes what it is given for checked.

The arrays that are written to belong to the caller, who uses them again for the next patient: `root` and `inverse` are
`(modes,)`, `projector` `(modes, to, from)`, `held` and `fed` `(modes, compartments)`.
"""

from __future__ import annotations

import math

import numpy as np

from inotrope.kinetics.many.exponential import left_and_gone
from inotrope.kinetics.many.machine import Floats, called, inlined
from inotrope.kinetics.roots import CLOSE, MARGIN, MOST_STEPS

TINY_ROOT = 1e-200
"""1/h: below it exp(-l t) is 1 and (1 - exp(-l t)) / l is t for every time there is."""


@called
def solve(parameters: Floats, row: int, compartments: int, root: Floats, projector: Floats) -> None:
    """Write the roots and projectors of one parameter row: CL, V1, Q2, V2, Q3, V3 as far as they are there."""
    for mode in range(compartments):
        root[mode] = 0.0
        for to in range(compartments):
            for source in range(compartments):
                projector[mode, to, source] = 0.0
    k10 = parameters[row, 0] / parameters[row, 1]
    second = compartments > 1 and parameters[row, 2] != 0.0
    third = compartments > 2 and parameters[row, 4] != 0.0  # noqa: PLR2004 - there are three compartments
    if second and third:
        _three(
            k10,
            parameters[row, 2] / parameters[row, 1],
            parameters[row, 2] / parameters[row, 3],
            parameters[row, 4] / parameters[row, 1],
            parameters[row, 4] / parameters[row, 5],
            root,
            projector,
        )
    elif second:
        _two(k10, parameters[row, 2] / parameters[row, 1], parameters[row, 2] / parameters[row, 3], 1, root, projector)
        if compartments > 2:  # noqa: PLR2004
            projector[2, 2, 2] = 1.0
    elif third:
        _two(k10, parameters[row, 4] / parameters[row, 1], parameters[row, 4] / parameters[row, 5], 2, root, projector)
        projector[2, 1, 1] = 1.0
    else:
        root[0] = k10
        for other in range(compartments):
            projector[other, other, other] = 1.0


@inlined
def _two(k10: float, k12: float, k21: float, other: int, root: Floats, projector: Floats) -> None:
    difference = k10 + k12 - k21
    spread = math.sqrt(difference * difference + 4 * k12 * k21)
    fast = (k10 + k12 + k21 + spread) / 2
    root[0] = fast
    root[1] = k10 * k21 / fast
    # Few divisions, and none that waits for another one's answer.
    larger, per_spread = (spread + abs(difference)) / 2, 1 / spread
    more, less = larger * per_spread, k12 * k21 / (larger * spread)
    above = more if difference > 0 else less
    below = less if difference > 0 else more
    there, back = k12 * per_spread, k21 * per_spread
    projector[0, 0, 0] = above
    projector[0, 0, other] = -back
    projector[0, other, 0] = -there
    projector[0, other, other] = below
    projector[1, 0, 0] = below
    projector[1, 0, other] = back
    projector[1, other, 0] = there
    projector[1, other, other] = above


@inlined
def _three(k10: float, k12: float, k21: float, k13: float, k31: float, root: Floats, projector: Floats) -> None:
    cubic(k10, k12, k21, k13, k31, root)
    # As in `roots.py`: written with k10 + k12 + k13 the minors of a slow root would cancel.
    for mode in range(3):
        own = root[mode]
        b, c = k21 - own, k31 - own
        scale = 1 / ((root[(mode + 1) % 3] - own) * (root[(mode + 2) % 3] - own))
        projector[mode, 0, 0] = b * c * scale
        projector[mode, 0, 1] = k21 * c * scale
        projector[mode, 0, 2] = k31 * b * scale
        projector[mode, 1, 0] = k12 * c * scale
        projector[mode, 1, 1] = ((k10 + k12 - own) * c - k13 * own) * scale
        projector[mode, 1, 2] = k12 * k31 * scale
        projector[mode, 2, 0] = k13 * b * scale
        projector[mode, 2, 1] = k13 * k21 * scale
        projector[mode, 2, 2] = ((k10 + k13 - own) * b - k12 * own) * scale


@inlined
def cubic(k10: float, k12: float, k21: float, k13: float, k31: float, root: Floats) -> None:
    """Write the three roots, the largest first."""
    total = k10 + k12 + k21 + k13 + k31
    pairs = k10 * (k21 + k31) + k21 * k31 + k12 * k31 + k13 * k21
    product = k10 * k21 * k31
    square = max(total * total - 3 * pairs, 0.0) / 9
    radius = math.sqrt(square)
    cube = radius * square
    turn = (total * (2 * total * total - 9 * pairs) + 27 * product) / 54
    cosine = min(max(turn / (1.0 if cube == 0 else cube), -1.0), 1.0)
    largest = total / 3 + 2 * radius * math.cos(math.acos(cosine) / 3)
    rest_product = product / largest
    rest_sum = (pairs - rest_product) / largest
    middle = (rest_sum + math.sqrt(max(rest_sum * rest_sum - 4 * rest_product, 0.0))) / 2
    # From outside all roots Newton's way is monotone, and cannot end in the middle one, however close that is.
    largest = _outer_root(k10, k12, k21, k13, k31, largest * (1 + MARGIN))
    least = _outer_root(k10, k12, k21, k13, k31, rest_product / middle * (1 - MARGIN))
    middle = (pairs - largest * least) / (largest + least)
    middle = min(max(middle, min(k21, k31)), max(k21, k31))
    root[0] = max(largest, middle * (1 + CLOSE))
    root[1] = middle
    root[2] = min(least, middle * (1 - CLOSE))


@inlined
def _outer_root(k10: float, k12: float, k21: float, k13: float, k31: float, own: float) -> float:
    """Return the root that Newton's way leads to from here."""
    for _ in range(MOST_STEPS):
        b, c = k21 - own, k31 - own
        rest = b * c + k12 * c + k13 * b
        value = k10 * b * c - own * rest
        slope = -k10 * (b + c) - rest + own * (b + c + k12 + k13)
        step = value / (1.0 if slope == 0 else slope)
        if abs(step) <= CLOSE * own:
            break
        own -= step
    return own


@inlined
def gather(compartments: int, held: Floats, state: Floats) -> None:
    """Write the amounts that the modes hold together."""
    for to in range(compartments):
        state[to] = 0.0
        for mode in range(compartments):
            state[to] += held[mode, to]


@inlined
def project(compartments: int, projector: Floats, state: Floats, held: Floats) -> None:
    """Write what of the amounts falls with each mode."""
    for mode in range(compartments):
        for to in range(compartments):
            total = 0.0
            for source in range(compartments):
                total += projector[mode, to, source] * state[source]
            held[mode, to] = total


@inlined
def feed(compartments: int, projector: Floats, bolus: float, rate: float, held: Floats, fed: Floats) -> None:
    """Add a bolus (mcg) to what the modes hold, and write what the rate (mcg/h) brings to each."""
    for mode in range(compartments):
        for to in range(compartments):
            held[mode, to] += projector[mode, to, 0] * bolus
            fed[mode, to] = projector[mode, to, 0] * rate


@inlined
def invert(compartments: int, root: Floats, inverse: Floats) -> None:
    """Write 1 / l of each mode, h; 0 where the mode does not fall: one division a row, not one a segment."""
    for mode in range(compartments):
        inverse[mode] = 1.0 / root[mode] if root[mode] > TINY_ROOT else 0.0


@inlined
def step(compartments: int, root: Floats, inverse: Floats, hours: float, held: Floats, fed: Floats) -> None:
    """Let the modes fall and fill for so many hours: each on its own, since a projector leaves the others nothing."""
    for mode in range(compartments):
        left, gone = left_and_gone(root[mode] * hours)
        filled = gone * inverse[mode] if inverse[mode] > 0.0 else hours
        for to in range(compartments):
            held[mode, to] = held[mode, to] * left + fed[mode, to] * filled


@called
def enter_steady(
    compartments: int, cycles: Floats, cycle: int, add: bool, root: Floats, projector: Floats, state: Floats
) -> None:
    """Write, or add, the amounts just before the next dose of a cycle: rate, duration, interval, bolus."""
    if not add:
        for to in range(compartments):
            state[to] = 0.0
    rate, duration, interval, bolus = cycles[cycle, 0], cycles[cycle, 1], cycles[cycle, 2], cycles[cycle, 3]
    for mode in range(compartments):
        own = root[mode]
        if own == 0.0:  # a compartment that is shut off, and to which no dose goes
            continue
        if math.isinf(duration):
            gathered = rate / own
        else:
            left, kept = left_and_gone(own * interval)
            gathered = bolus * left / kept
            if rate != 0.0:
                rest = np.fmod(duration, interval)
                whole = np.rint((duration - rest) / interval)
                _, gone = left_and_gone(own * rest)
                since, _ = left_and_gone(own * (interval - rest))
                gathered += rate * (whole / own + gone / own * since / kept)
        for to in range(compartments):
            state[to] += projector[mode, to, 0] * gathered
