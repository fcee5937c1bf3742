"""The exponential in a form that a plain loop turns into vector instructions, and what Numba needs around it.

Knows exp(x), exp(-x) together with 1 - exp(-x), and how a function of this folder becomes machine code. Does not know
what an exponent means. Only files for many patients import this one: it loads Numba, which one patient never waits for.

    k = round(x log2 e)      r = x - k ln 2, |r| <= ln 2 / 2      exp(x) = 2^k (1 + q)      q = r + r^2 P(r)

k comes from adding and subtracting a number so large that only whole numbers have room beside it. P has degree 9 and
meets (exp(r) - 1 - r) / r^2 at the Chebyshev points of |r| <= ln 2 / 2: 1.6e-17 of exp(r) at most. Nothing here
branches or looks anything up, which is why eight of them can run at once.

No fast-math flag is set: `reassoc` would delete the large number, and `contract` would leave the compiler free to join
another product to another sum in the vector loop than in the rest of the loop. Where a product and a sum are one
rounding is written out (`fused`), so the same argument gives the same bits at every place of every loop.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import KineticsError

try:
    import numba
    from llvmlite import ir
    from numba.extending import intrinsic
except ImportError as missing:
    raise KineticsError(
        "Many patients at once need Numba, which is not installed. Run: pip install 'inotrope[population]'.",
        accepted="Numba, which comes with inotrope[population]",
        where="inotrope.kinetics.many",
    ) from missing

P = ParamSpec("P")
R = TypeVar("R")

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LANES = 8
"""Float64 numbers in the widest vector register: loops run over a multiple of it, so that none is left over."""

LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01  # the last 21 bits are 0, so that k times it is exact
LN2_LOW = 1.90821492927058770002e-10  # ln 2 - LN2_HIGH
LARGE = 6755399441055744.0  # 1.5 * 2^52: the numbers around it are 1 apart
GREATEST = 710.0  # exp of it is infinite, as from 709.78271289338409 on
LEAST = -746.0  # exp of it rounds to 0
FAINT = -700.0  # below this a result may lack full precision, and is made in two steps
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


COMPILED = ("../roots", "exponential", "disposition", "reading", "walk")
SOURCES = int.from_bytes(
    hashlib.sha256(b"".join((Path(__file__).parent / f"{name}.py").read_bytes() for name in COMPILED)).digest()[:7],
    "big",
)
"""A number for the present text of every file that is compiled.

Machine code is kept on disk by the file of the outermost function alone. A kernel whose last argument is this number by
default has it in its signature, and so is compiled anew when a function that it calls has changed.
"""


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function part of every kernel that calls it; outside of kernels it runs compiled on its own."""
    return cast(Callable[P, R], numba.njit(function, forceinline=True, error_model="numpy"))


def called(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that kernels may call: for what is long and not done for every time."""
    return cast(Callable[P, R], numba.njit(function, error_model="numpy"))


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function at its first call, keep its machine code on disk, and let other threads run beside it."""
    try:
        return cast(Callable[P, R], numba.njit(function, nogil=True, error_model="numpy", cache=True))
    except RuntimeError:  # no folder that could be written to: compiled in every process, then
        return cast(Callable[P, R], numba.njit(function, nogil=True, error_model="numpy"))


def _fused(context: Any, a: Any, b: Any, c: Any) -> Any:
    """Return the type of a * b + c, and what writes its instruction."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number = ir.DoubleType()
        of_three = ir.FunctionType(number, [number] * 3)
        return builder.call(builder.module.declare_intrinsic("llvm.fmuladd", [number], of_three), arguments)

    number = numba.types.float64
    return number(number, number, number), build


def _bits_of(context: Any, x: Any) -> Any:
    """Return the type of the 64 bits of a float64 taken for an integer, and what writes its instruction."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return numba.types.int64(numba.types.float64), build


def _number_of(context: Any, bits: Any) -> Any:
    """Return the type of the float64 that 64 bits are, and what writes its instruction."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return numba.types.float64(numba.types.int64), build


fused = cast(Callable[[float, float, float], float], intrinsic(_fused))
"""a * b + c, in one rounding wherever the processor can; for kernels alone."""
_bits = cast(Callable[[float], int], intrinsic(_bits_of))
_number = cast(Callable[[int], float], intrinsic(_number_of))


@inlined
def _rest(x: float, large: float) -> float:
    """Return q: exp(r) - 1, where r is what x is more than a whole number of ln 2."""
    k = large - LARGE
    r = fused(k, -LN2_LOW, fused(k, -LN2_HIGH, x))
    r2 = r * r
    r4 = r2 * r2
    low = fused(fused(C3, r, C2), r2, fused(C1, r, C0))
    high = fused(fused(C7, r, C6), r2, fused(C5, r, C4))
    whole = fused(fused(fused(C9, r, C8), r4, high), r4, low)
    return fused(whole, r2, r)


@inlined
def exp(x: float) -> float:
    """Return exp(x): within 2 units in the last place, 0 and infinity where it must be, NaN for NaN."""
    # Comparisons with NaN are false, and so it passes.
    x = LEAST if x < LEAST else x
    x = GREATEST if x > GREATEST else x
    large = fused(x, LOG2_E, LARGE)
    q = _rest(x, large)
    # Half of 2^k, so that it is no infinity at the upper end; 2^127 times it where 2^k is no full number.
    faint = x < FAINT
    power = _number((_bits(large) + (1150 if faint else 1022)) << 52)
    return fused(power, q, power) * (5.877471754111438e-39 if faint else 2.0)


@inlined
def left_and_gone(x: float) -> tuple[float, float]:
    """Return exp(-x) and 1 - exp(-x) for x of at least 0, both to the last places; the first is 0 beyond 708.

    The second is no difference of near equals where x is small: it comes from the same q. Negative x is not meant and
    gives nothing of use below -709.
    """
    inside = LEAST_DECAY if x > LEAST_DECAY else x
    large = fused(-inside, LOG2_E, LARGE)
    q = _rest(-inside, large)
    power = _number((_bits(large) + 1023) << 52)
    left = fused(power, q, power)
    gone = fused(-power, q, 1.0 - power)
    return (0.0 if x > LEAST_DECAY else left), gone


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
