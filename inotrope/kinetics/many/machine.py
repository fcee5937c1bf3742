"""How a function of this folder becomes machine code, and eight numbers in one value.

Knows Numba: the decorators, and the instructions that Numba does not offer itself. `fused`, `greater` and `two_to` take
a number or an `Eight`, so that a formula is written once and gives the same bits either way: with numbers in a plain
loop, which the compiler turns into vector instructions, or with `Eight`, where there is no such loop. Does not know
what is computed. Only files for many patients import this one: it loads Numba, which one patient never waits for.

No fast-math flag is set: `reassoc` would delete the large number of `exponential.py`, and `contract` would leave the
compiler free to join another product to another sum in the vector loop than in the rest of the loop. Where a product
and a sum are one rounding is written out (`fused`), so the same argument gives the same bits at every place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import KineticsError

try:
    import numba
    from llvmlite import ir
    from numba.core import cgutils
    from numba.extending import intrinsic, models, register_model
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

COMPILED = ("../roots", "machine", "choosing", "exponential", "disposition", "walk", "even_grid")
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


class EightType(numba.types.Type):
    """The type of eight float64 in one value, for kernels alone: the widest register, or two or four narrower ones."""

    def __init__(self) -> None:
        super().__init__(name="Eight")


EIGHT = EightType()


@register_model(EightType)
class _EightModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, ir.VectorType(ir.DoubleType(), LANES))  # type: ignore[no-untyped-call]


def alike(builder: Any, kinds: Sequence[Any], values: Sequence[Any]) -> list[Any]:
    """Return the values as numbers, or where one is an `Eight` all as `Eight`."""
    if EIGHT not in kinds:
        return list(values)
    none = ir.Constant(ir.VectorType(ir.DoubleType(), LANES), ir.Undefined)
    first, all_first = ir.Constant(ir.IntType(32), 0), ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return [
        value if kind is EIGHT else builder.shuffle_vector(builder.insert_element(none, value, first), none, all_first)
        for kind, value in zip(kinds, values, strict=True)
    ]


def _signature(*kinds: Any) -> Any:
    each = [kind if kind is EIGHT else numba.types.float64 for kind in kinds]
    return (EIGHT if EIGHT in each else numba.types.float64)(*each)


def _fused(context: Any, a: Any, b: Any, c: Any) -> Any:
    """Return the types of a * b + c, and what writes its instruction."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        values = alike(builder, signature.args, arguments)
        number = values[0].type
        name = "llvm.fmuladd." + ("v8f64" if EIGHT in signature.args else "f64")
        kind = ir.FunctionType(number, [number] * 3)
        of_three = cgutils.get_or_insert_function(builder.module, kind, name)  # type: ignore[no-untyped-call]
        return builder.call(of_three, values)

    return _signature(a, b, c), build


def _greater(context: Any, x: Any, limit: Any, then: Any, other: Any) -> Any:
    """Return the types of `then if x > limit else other`, and what writes its instructions."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        values = alike(builder, signature.args, arguments)
        return builder.select(builder.fcmp_ordered(">", values[0], values[1]), values[2], values[3])

    return _signature(x, limit, then, other), build


def _two_to(context: Any, large: Any) -> Any:
    """Return the types of 2^k, and what writes its instructions: the last bits of `large` are k."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole: Any = ir.IntType(64)
        bias, place = ir.Constant(whole, 1023), ir.Constant(whole, 52)
        if EIGHT in signature.args:
            whole = ir.VectorType(whole, LANES)
            bias, place = ir.Constant(whole, [1023] * LANES), ir.Constant(whole, [52] * LANES)
        bits = builder.add(builder.bitcast(arguments[0], whole), bias)
        return builder.bitcast(builder.shl(bits, place), arguments[0].type)

    return _signature(large), build


def _address(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    eight = ir.VectorType(ir.DoubleType(), LANES)
    return builder.bitcast(builder.gep(array.data, [arguments[1]]), eight.as_pointer())


def _eight_at(context: Any, array: Any, place: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_address(context, builder, signature, arguments), align=8)

    return EIGHT(array, numba.types.int64), build


def _put_eight(context: Any, array: Any, place: Any, value: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], _address(context, builder, signature, arguments), align=8)
        return context.get_dummy_value()

    return numba.types.void(array, numba.types.int64, EIGHT), build


def _halves(context: Any, large: Any) -> Any:
    """Return the types of two factors that make 2^k, and what writes their instructions."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole = ir.IntType(64)
        bias, place = ir.Constant(whole, 1023), ir.Constant(whole, 52)
        bits = builder.bitcast(arguments[0], whole)
        half = builder.lshr(bits, ir.Constant(whole, 1))
        both = [builder.shl(builder.add(part, bias), place) for part in (half, builder.sub(bits, half))]
        return context.make_tuple(
            builder, signature.return_type, [builder.bitcast(part, ir.DoubleType()) for part in both]
        )

    number = numba.types.float64
    return numba.types.Tuple((number, number))(number), build  # type: ignore[no-untyped-call]


fused = cast(Callable[[float, float, float], float], intrinsic(_fused))
"""a * b + c, in one rounding wherever the processor can; of numbers, or of `Eight` with either. For kernels alone."""
greater = cast(Callable[[float, float, float, float], float], intrinsic(_greater))
"""The third where the first is above the second, else (and for NaN) the fourth; as `fused`."""
two_to = cast(Callable[[float], float], intrinsic(_two_to))
"""2^k, where k was added to 1.5 * 2^52 to give the argument; -1022 <= k <= 1023. As `fused`."""
two_halves = cast(Callable[[float], tuple[float, float]], intrinsic(_halves))
"""Two numbers whose product is 2^k, for -2044 <= k <= 2046; of a number alone."""
eight_at = cast(Callable[[Floats, int], Any], intrinsic(_eight_at))
"""The eight numbers of a contiguous array from a place on. Nothing looks whether they are there."""
put_eight = cast(Callable[[Floats, int, Any], None], intrinsic(_put_eight))
"""Write eight numbers to a contiguous array from a place on. Nothing looks whether there is room."""
