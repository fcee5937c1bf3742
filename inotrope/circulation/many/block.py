"""Newton's method for a block of patients at a time, in machine code: the equations of `loop.py` once more.

Knows how a block is laid out: one flat array of rows of `WIDTH` patients, so that every loop over a block becomes the
processor's vector instructions; nothing in such a loop calls or branches, and so the exponential stands here as a
polynomial. What does not change during a search is computed once. Does not know the reflex (`kernels.py`).

Every patient of a block is moved until the last has settled; a patient who has settled is moved by nothing.
"""

from __future__ import annotations

import math

from inotrope.circulation.arrays import Array
from inotrope.circulation.loop import (
    CPA,
    CPV,
    CSA,
    CSV,
    ITERATIONS,
    LEFT_A,
    LEFT_B,
    LEFT_EES,
    LEFT_SHARE,
    LEFT_START,
    LEFT_V0,
    LEFT_VD,
    RATE,
    RIGHT_A,
    RIGHT_B,
    RIGHT_EES,
    RIGHT_SHARE,
    RIGHT_START,
    RIGHT_V0,
    RIGHT_VD,
    RP,
    RS,
    RV,
    SETTLED,
    STEP,
    STRESSED,
)
from inotrope.circulation.machine import inlined, two_to

WIDTH = 64
"""Patients in a block: 20 kB, within the innermost cache."""

# Where each row of a block begins; the 23 numbers of a heart and 6 of a reflex stand first, at `row * WIDTH`.
LEFT, RIGHT, MOVING = (WIDTH * row for row in range(29, 32))
LEFT_GAIN, LEFT_LOAD, RIGHT_GAIN, RIGHT_LOAD, OF_LEFT, OF_RIGHT = (WIDTH * row for row in range(32, 38))
WEDGE, VENOUS, LEFT_SV, RIGHT_SV, VOLUME = (WIDTH * row for row in range(38, 43))
ROWS = 43
"""What follows is `kernels.py`'s."""

FARTHEST = 700.0
"""The exponent beyond which a number of this size would be none; no steady state comes near it."""
LARGE = 1.5 * 2.0**52
PER_LN2 = 1 / math.log(2)
LN2, LN2_REST = 6.93147180369123816490e-01, 1.90821492927058770002e-10
C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13 = (1 / math.factorial(k) for k in range(2, 14))


@inlined
def expm1(x: float) -> float:
    """Return exp(x) - 1 to 1e-15 of it: 2^k exp(r) - 1, r within half of ln 2, by the series of exp(r) - 1."""
    x = FARTHEST if x > FARTHEST else x
    x = -FARTHEST if x < -FARTHEST else x
    large = x * PER_LN2 + LARGE
    k = large - LARGE
    r = (x - k * LN2) - k * LN2_REST
    high = C8 + r * (C9 + r * (C10 + r * (C11 + r * (C12 + r * C13))))
    series = r + r * r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * (C6 + r * (C7 + r * high))))))
    power = two_to(large)
    return power * series + (power - 1.0)


@inlined
def prepare(w: Array) -> None:
    """Compute what stays during a search: how strokes follow volumes, and what vessels hold of a stroke."""
    for j in range(WIDTH):
        per_s = w[RATE * WIDTH + j] / 60.0
        rs, rp = w[RS * WIDTH + j], w[RP * WIDTH + j]
        left, right = w[LEFT_EES * WIDTH + j], w[RIGHT_EES * WIDTH + j]
        left_share, right_share = w[LEFT_SHARE * WIDTH + j], w[RIGHT_SHARE * WIDTH + j]
        stiff, firm = left + left_share * rs * per_s, right + right_share * rp * per_s
        w[LEFT_GAIN + j], w[LEFT_LOAD + j] = left / stiff, left_share / stiff
        w[RIGHT_GAIN + j], w[RIGHT_LOAD + j] = right / firm, right_share / firm
        w[OF_LEFT + j] = (w[CSA * WIDTH + j] * rs + w[CSV * WIDTH + j] * w[RV * WIDTH + j]) * per_s - 0.5
        w[OF_RIGHT + j] = w[CPA * WIDTH + j] * rp * per_s - 0.5


@inlined
def look(w: Array) -> None:
    """Write pressures, strokes and the volume that is missing, at the present volumes."""
    for j in range(WIDTH):
        left, right = w[LEFT + j], w[RIGHT + j]
        beyond, further = left - w[LEFT_VD * WIDTH + j], right - w[RIGHT_VD * WIDTH + j]
        wedge = w[LEFT_A * WIDTH + j] * expm1(w[LEFT_B * WIDTH + j] * beyond)
        venous = w[RIGHT_A * WIDTH + j] * expm1(w[RIGHT_B * WIDTH + j] * further)
        left_sv = w[LEFT_GAIN + j] * (left - w[LEFT_V0 * WIDTH + j]) - w[LEFT_LOAD + j] * venous
        right_sv = w[RIGHT_GAIN + j] * (right - w[RIGHT_V0 * WIDTH + j]) - w[RIGHT_LOAD + j] * wedge
        volume = (w[CSA * WIDTH + j] + w[CSV * WIDTH + j]) * venous + (w[CPA * WIDTH + j] + w[CPV * WIDTH + j]) * wedge
        volume += w[OF_LEFT + j] * left_sv + w[OF_RIGHT + j] * right_sv
        w[VOLUME + j] = volume + beyond + further - w[STRESSED * WIDTH + j]
        w[WEDGE + j], w[VENOUS + j], w[LEFT_SV + j], w[RIGHT_SV + j] = wedge, venous, left_sv, right_sv


@inlined
def move(w: Array) -> float:
    """Move the volumes of those who have not settled by one step, and return how many of them are left."""
    going = 0.0
    for j in range(WIDTH):
        wedge_slope = w[LEFT_B * WIDTH + j] * (w[WEDGE + j] + w[LEFT_A * WIDTH + j])
        venous_slope = w[RIGHT_B * WIDTH + j] * (w[VENOUS + j] + w[RIGHT_A * WIDTH + j])
        left_by_left, left_by_right = w[LEFT_GAIN + j], -w[LEFT_LOAD + j] * venous_slope
        right_by_right, right_by_left = w[RIGHT_GAIN + j], -w[RIGHT_LOAD + j] * wedge_slope
        lungs, veins = w[CPA * WIDTH + j] + w[CPV * WIDTH + j], w[CSA * WIDTH + j] + w[CSV * WIDTH + j]
        of_left, of_right = w[OF_LEFT + j], w[OF_RIGHT + j]
        strokes_by_left, strokes_by_right = left_by_left - right_by_left, left_by_right - right_by_right
        volume_by_left = of_left * left_by_left + of_right * right_by_left + lungs * wedge_slope + 1.0
        volume_by_right = of_left * left_by_right + of_right * right_by_right + veins * venous_slope + 1.0
        apart, volume = w[LEFT_SV + j] - w[RIGHT_SV + j], w[VOLUME + j]
        determinant = strokes_by_left * volume_by_right - strokes_by_right * volume_by_left
        by_left = (apart * volume_by_right - volume * strokes_by_right) / determinant
        by_right = (volume * strokes_by_left - apart * volume_by_left) / determinant
        left_most, right_most = STEP * w[LEFT_START * WIDTH + j], STEP * w[RIGHT_START * WIDTH + j]
        by_left = left_most if by_left > left_most else by_left
        by_left = -left_most if by_left < -left_most else by_left
        by_right = right_most if by_right > right_most else by_right
        by_right = -right_most if by_right < -right_most else by_right
        moving = w[MOVING + j]
        w[LEFT + j] -= by_left * moving
        w[RIGHT + j] -= by_right * moving
        far_left = 1.0 if abs(by_left) > SETTLED * w[LEFT_START * WIDTH + j] else 0.0
        far = 1.0 if abs(by_right) > SETTLED * w[RIGHT_START * WIDTH + j] else far_left
        w[MOVING + j] = moving * far
        going += moving * far
    return going


@inlined
def search(w: Array) -> None:
    """Move those who are moving until each has settled, and write what their last volumes imply."""
    prepare(w)
    look(w)
    for _ in range(ITERATIONS):
        left_over = move(w)
        look(w)
        if left_over == 0.0:
            break
