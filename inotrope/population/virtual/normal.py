"""From random bits to standard normal deviates, by arithmetic that every machine does alike.

Knows the inverse of the normal distribution as two rational functions, and a logarithm of its own. Only additions,
products, quotients and square roots are used, which IEEE 754 rounds in one way: a library's logarithm may differ in
the last bit from machine to machine, or between the body and the end of an array. It draws no bits (`randoms.py`).

Source: Wichura 1988, Applied Statistics 37:477, algorithm AS 241 (PPND16); relative error about 1e-16.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

_KEPT = 12
"""Bits of each word that are dropped: 52 remain, so that a number and one half more are exact in float64."""
_HALF = float(2**51)
_STEP = 2.0**-52

# AS 241: numerator and denominator, the highest power first. Middle: |p - 1/2| <= 0.425.
_MIDDLE, _EDGE = 0.425, 0.180625
_A = (
    2509.0809287301226727,
    33430.575583588128105,
    67265.770927008700853,
    45921.953931549871457,
    13731.693765509461125,
    1971.5909503065514427,
    133.14166789178437745,
    3.387132872796366608,
)
_B = (
    5226.495278852545925,
    28729.085735721942674,
    39307.89580009271061,
    21213.794301586595867,
    5394.1960214247511077,
    687.1870074920579083,
    42.313330701600911252,
    1.0,
)
# Tail: r = sqrt(-ln p) up to 5, in powers of r - 1.6.
_C = (
    7.7454501427834140764e-4,
    0.0227238449892691845833,
    0.24178072517745061177,
    1.27045825245236838258,
    3.64784832476320460504,
    5.7694972214606914055,
    4.6303378461565452959,
    1.42343711074968357734,
)
_D = (
    1.05075007164441684324e-9,
    5.475938084995344946e-4,
    0.0151986665636164571966,
    0.14810397642748007459,
    0.68976733498510000455,
    1.6763848301838038494,
    2.05319162663775882187,
    1.0,
)
# Far tail: r above 5, in powers of r - 5.
_E = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    0.0012426609473880784386,
    0.026532189526576123093,
    0.29656057182850489123,
    1.7848265399172913358,
    5.4637849111641143699,
    6.6579046435011037772,
)
_F = (
    2.04426310338993978564e-15,
    1.4215117583164458887e-7,
    1.8463183175100546818e-5,
    7.868691311456132591e-4,
    0.0148753612908506148525,
    0.13692988092273580531,
    0.59983220655588793769,
    1.0,
)
_TAIL_ENDS = 5.0

_LN2 = 0.6931471805599453
_ATANH = tuple(1.0 / odd for odd in range(21, 0, -2))
"""ln m = 2 s (1 + s^2/3 + s^4/5 ...), s = (m - 1)/(m + 1): at |s| < 0.172 eleven terms leave less than 1e-18."""


def normal_of_words(words: NDArray[np.uint64]) -> Floats:
    """Return a standard normal deviate for each 64-bit word.

    Args:
        words: Any shape, every bit random. The upper 52 bits k give p = (k + 1/2) / 2^52, never 0 and never 1.

    Returns:
        The deviate below which the share p lies: within 8.3 of zero, the opposite of that of the opposite bits.
    """
    above = (words >> np.uint64(_KEPT)).astype(np.float64)
    above -= _HALF - 0.5  # exact, as are the next two lines: |above| is below 2^51 in halves
    above *= _STEP
    return _from_the_middle(above)


def normal_of_shares(shares: Floats) -> Floats:
    """Return the deviate below which each share lies, for shares above 0 and below 1 in an array of any shape."""
    return _from_the_middle(shares - 0.5)


def normal_of_share(share: float) -> float:
    """Return the deviate below which a share lies, to 1e-13 for shares from 0.1 to 99.9 %; infinite for 0 and 1."""
    if not 0 < share < 1:
        return math.copysign(math.inf, share - 0.5)
    return float(_from_the_middle(np.array([share - 0.5]))[0])


def correlated(covariance: Floats, deviates: Floats) -> tuple[Floats, ...]:
    """Return deviates of a covariance matrix, one array (patients,) for each row, from standard ones (patients, rows).

    Written out as sums, since a matrix product may add in another order for another number of patients.
    """
    root = np.linalg.cholesky(covariance)
    found = []
    for row in range(root.shape[0]):
        total = root[row, 0] * deviates[:, 0]
        for column in range(1, row + 1):
            total = total + root[row, column] * deviates[:, column]
        found.append(total)
    return tuple(found)


def _from_the_middle(above: Floats) -> Floats:
    """Return the deviates of shares, given as what they have above one half."""
    found = np.abs(above)
    outside = np.flatnonzero(found > _MIDDLE)
    r = _EDGE - above * above
    tail = 0.5 - found.ravel()[outside]
    found = above * (_polynomial(_A, r) / _polynomial(_B, r))
    flat = found.reshape(-1)
    flat[outside] = np.copysign(_in_the_tail(tail), above.ravel()[outside])
    return found


def _in_the_tail(share: Floats) -> Floats:
    """Return how far from zero the deviate is beyond which a share of less than 0.075 lies."""
    r = np.sqrt(-_logarithm(share))
    near = r - 1.6
    found = _polynomial(_C, near) / _polynomial(_D, near)
    far = np.flatnonzero(r > _TAIL_ENDS)
    beyond = r[far] - _TAIL_ENDS
    found[far] = _polynomial(_E, beyond) / _polynomial(_F, beyond)
    return found


def _logarithm(value: Floats) -> Floats:
    """Return the natural logarithm of normal numbers above zero."""
    mantissa, exponent = np.frexp(value)
    low = mantissa < np.sqrt(0.5)
    mantissa = np.where(low, mantissa * 2, mantissa)
    s = (mantissa - 1) / (mantissa + 1)
    return np.asarray((exponent - low) * _LN2 + 2 * s * _polynomial(_ATANH, s * s))


def _polynomial(coefficients: tuple[float, ...], x: Floats) -> Floats:
    found = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        found *= x
        found += coefficient
    return found
