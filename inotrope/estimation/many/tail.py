"""The logarithm of the normal distribution function with its derivative, number by number, for kernels.

Knows the same series as `inotrope.estimation.normal_tail`, which has the source. Loads Numba.
"""

from __future__ import annotations

import math

from inotrope.estimation.normal_tail import CHEBYSHEV, MIDDLE
from inotrope.kinetics.many.machine import called


@called
def log_share(z: float) -> tuple[float, float]:
    """Return log Phi(z), and its derivative phi(z) / Phi(z)."""
    x = abs(z) / math.sqrt(2.0)
    twice = 2.0 * (x - MIDDLE) / (x + MIDDLE)
    later, last = 0.0, 0.0
    for place in range(len(CHEBYSHEV) - 1, 0, -1):
        later, last = last, twice * last - later + CHEBYSHEV[place]
    scaled = (CHEBYSHEV[0] + twice / 2.0 * last - later) / (1.0 + 2.0 * x)
    half_square = z * z / 2.0
    if z <= 0.0:
        return math.log(scaled / 2.0) - half_square, 1.0 / (scaled * math.sqrt(math.pi / 2.0))
    tail = math.exp(-half_square) * scaled / 2.0
    return math.log1p(-tail), math.exp(-half_square) / math.sqrt(2.0 * math.pi) / (1.0 - tail)
