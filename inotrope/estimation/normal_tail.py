"""The logarithm of the normal distribution function, as far out as floats go, with its derivative.

Knows how probable it is that a level lies below a limit, in NumPy alone: for a level below quantification the objective
needs this at 40 standard deviations as well as at 0. It knows no level.

    log Phi(z) = log(erfcx(x) / 2) - z^2 / 2      x = -z / sqrt(2),  erfcx(x) = exp(x^2) erfc(x)

Source: Shepherd and Laframboise 1981, Mathematics of Computation 36:249: (1 + 2x) erfcx(x) on the whole half line by
one Chebyshev series in (x - k) / (x + k), k = 3.75. The coefficients below were computed anew with 40 digits; 27 of
them leave 2e-18.
"""

from __future__ import annotations

import math

import numpy as np

from inotrope.population.forms import Array

MIDDLE = 3.75
CHEBYSHEV = (
    1.17757893456740175,
    -0.00459005458064647733,
    -0.0842491333665179156,
    0.0592099399981918905,
    -0.0266586684353057523,
    0.00907499767070526509,
    -0.00241316354041760819,
    0.000490775836525808632,
    -0.0000691697330250120637,
    4.13902798607301017e-6,
    7.74038306619849067e-7,
    -2.18864010492343957e-7,
    1.07649994656709104e-8,
    4.5219598112182869e-9,
    -7.75440020883135111e-10,
    -6.31808834088668449e-11,
    2.8687950109306699e-11,
    1.94558685457773472e-13,
    -9.65469674843343891e-13,
    3.25254814814873984e-14,
    3.34781194828680539e-14,
    -1.8645628804193131e-15,
    -1.25079505306886471e-15,
    7.41823525662404346e-17,
    5.06814890479611132e-17,
    -2.2370566594359996e-18,
    -2.18734294430301766e-18,
)
_HALF_PI = math.pi / 2


def log_normal_share(z: Array) -> Array:
    """Return log Phi(z), the natural logarithm of the share of a normal distribution that lies below z.

    Args:
        z: Any shape, real; or complex with an imaginary part that carries a derivative (a complex step), which is
            multiplied by the exact derivative phi(z) / Phi(z).

    Returns:
        The same shape; about 1e-15 relative, also where Phi itself is far below the least float.
    """
    given = np.asarray(z)
    real = given.real
    outside = np.abs(real) / math.sqrt(2)
    scaled = _scaled_complement(outside)  # of the nearer tail
    half_square = real * real / 2
    tail = np.exp(-half_square) * scaled / 2
    low = real <= 0
    value: Array = np.where(low, np.log(scaled / 2) - half_square, np.log1p(-tail))
    if not np.iscomplexobj(given):
        return value
    density = np.exp(-half_square) / math.sqrt(2 * math.pi)
    slope = np.where(low, 1 / (scaled * math.sqrt(_HALF_PI)), density / (1 - tail))
    return np.asarray(value + 1j * (given.imag * slope))


def _scaled_complement(x: Array) -> Array:
    """Return erfcx(x) = exp(x^2) erfc(x) for x of 0 or more."""
    twice = 2 * (x - MIDDLE) / (x + MIDDLE)
    later = np.zeros_like(x)
    last = np.zeros_like(x)
    for coefficient in reversed(CHEBYSHEV[1:]):  # Clenshaw's sum
        later, last = last, twice * last - later + coefficient
    return np.asarray((CHEBYSHEV[0] + twice / 2 * last - later) / (1 + 2 * x))
