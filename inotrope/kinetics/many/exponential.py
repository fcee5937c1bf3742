"""The exponential in a form that becomes vector instructions.

Knows exp(x), and exp(-x) together with 1 - exp(-x). Does not know what an exponent means.

    k = round(x log2 e)      r = x - k ln 2, |r| <= ln 2 / 2      exp(x) = 2^k (1 + q)      q = r + r^2 P(r)

k comes from adding and subtracting a number so large that only whole numbers have room beside it. P has degree 9 and
meets (exp(r) - 1 - r) / r^2 at the Chebyshev points of |r| <= ln 2 / 2: 1.6e-17 of exp(r) at most. Nothing here
branches or looks anything up, which is why eight of them can run at once.

Products and sums are all written as `fused`: times 1, plus -0.0 and the like cost nothing, and numbers and `Eight` (see
`machine.py`) go the same way.
"""

from __future__ import annotations

import numpy as np

from inotrope.kinetics.many.machine import SOURCES, Floats, fused, greater, inlined, kernel, two_halves, two_to

LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01  # the last 21 bits are 0, so that k times it is exact
LN2_LOW = 1.90821492927058770002e-10  # ln 2 - LN2_HIGH
LARGE = 6755399441055744.0  # 1.5 * 2^52: the numbers around it are 1 apart
GREATEST = LARGE + 1025.0  # 2^1025 and what more there is of x: infinite, as from 709.78271289338409 on
LEAST = -746.0  # exp of it rounds to 0
LEAST_DECAY = 708.0  # exp(-708) = 3.3e-308, next to the least number of full precision
COEFFICIENTS = (
    0.5000000000000001,
    0.16666666666666669,
    0.041666666666624164,
    0.008333333333330065,
    0.0013888888917196719,
    0.00019841269863040545,
    2.4801521322368692e-05,
    2.7557268480310024e-06,
    2.7620075879983367e-07,
    2.5100375832561234e-08,
)
C0, C1, C2, C3, C4, C5, C6, C7, C8, C9 = COEFFICIENTS


@inlined
def _rest(x: float, large: float) -> float:
    """Return q: exp(r) - 1, where r is what x is more than a whole number of ln 2."""
    k = fused(large, 1.0, -LARGE)
    r = fused(k, -LN2_LOW, fused(k, -LN2_HIGH, x))
    # Even and odd powers apart: half the waiting of one chain, and not one product more.
    r2 = fused(r, r, -0.0)
    even = fused(fused(fused(fused(C8, r2, C6), r2, C4), r2, C2), r2, C0)
    odd = fused(fused(fused(fused(C9, r2, C7), r2, C5), r2, C3), r2, C1)
    return fused(fused(odd, r, even), r2, r)


@inlined
def exp(x: float) -> float:
    """Return exp(x): within 2 units in the last place, 0 and infinity where it must be, NaN for NaN."""
    # NaN is not greater than anything, and so it passes. Clamped here and there, each is one instruction; both here,
    # the compiler makes them three.
    x = greater(LEAST, x, LEAST, x)
    large = fused(x, LOG2_E, LARGE)
    large = greater(large, GREATEST, GREATEST, large)
    q = _rest(x, large)
    # 2^k in two factors: neither is infinite or too small for all its digits, as the whole may be at the ends.
    power, other = two_halves(large)
    return fused(power, q, power) * other


@inlined
def left_and_gone(x: float) -> tuple[float, float]:
    """Return exp(-x) and 1 - exp(-x) for x of at least 0, both to the last places; the first is 0 beyond 708.

    The second is no difference of near equals where x is small: it comes from the same q. Negative x is not meant and
    gives nothing of use below -709. x is a number or an `Eight`.
    """
    inside = greater(x, LEAST_DECAY, LEAST_DECAY, x)
    large = fused(inside, -LOG2_E, LARGE)
    q = _rest(fused(inside, -1.0, -0.0), large)
    power = two_to(large)
    left = fused(power, q, power)
    gone = fused(fused(power, -1.0, -0.0), q, fused(power, -1.0, 1.0))
    return greater(x, LEAST_DECAY, 0.0, left), gone


@kernel
def _fill(x: Floats, out: Floats, sources: int = SOURCES) -> None:
    for place in range(x.size):
        out[place] = exp(x[place])


def exp_of(x: Floats, out: Floats | None = None) -> Floats:
    """Return exp of every number.

    Args:
        x: float64, one axis.
        out: Where to write; None makes an array. It may be x itself.
    """
    result = np.empty_like(x) if out is None else out
    _fill(x, result)
    return result
