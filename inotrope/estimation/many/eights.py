"""Arithmetic of eight numbers in one value, and of eight numbers that each carry a derivative.

Knows plus, minus, times, divided by and the square root of `Eight`, and how a derivative passes through them: exactly,
without a small difference. Does not know what is computed. Loads Numba.
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numba
from llvmlite import ir
from numba.core import cgutils
from numba.core.typing.templates import AbstractTemplate, infer_global
from numba.extending import intrinsic, lower_builtin

from inotrope.kinetics.many.machine import EIGHT, LANES, EightType, alike, fused, inlined
from inotrope.kinetics.many.machine import SOURCES as SOURCES_BELOW

COMPILED = (
    *("eights", "modes", "tail", "likelihood", "steps", "search"),
    *("../newton", "../mode", "../derivatives", "../objective", "../normal_tail"),
)
SOURCES = SOURCES_BELOW ^ int.from_bytes(
    hashlib.sha256(b"".join((Path(__file__).parent / f"{name}.py").read_bytes() for name in COMPILED)).digest()[:7],
    "big",
)
"""A number for the present text of every file that is compiled; see `inotrope.kinetics.many.machine`."""

OPERATORS = {operator.add: "fadd", operator.sub: "fsub", operator.mul: "fmul", operator.truediv: "fdiv"}


def _teach(function: Callable[[Any, Any], Any], instruction: str) -> None:
    """Let kernels write `a + b` of two `Eight`, or of an `Eight` and a number."""
    number = numba.types.float64

    @infer_global(function)  # type: ignore[no-untyped-call]
    class Typing(AbstractTemplate):
        def generic(self, given: Any, named: Any) -> Any:
            kinds = (numba.types.Float, numba.types.Integer, EightType)
            if len(given) != 2 or EIGHT not in given or not all(isinstance(kind, kinds) for kind in given):  # noqa: PLR2004
                return None
            return EIGHT(*(kind if kind is EIGHT else number for kind in given))

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return getattr(builder, instruction)(*alike(builder, signature.args, arguments))

    for kinds in ((EightType, EightType), (EightType, numba.types.Float), (numba.types.Float, EightType)):
        lower_builtin(function, *kinds)(build)  # type: ignore[no-untyped-call]


for _function, _instruction in OPERATORS.items():
    _teach(_function, _instruction)


def _root_of(context: Any, square: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(arguments[0].type, [arguments[0].type])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.sqrt.v8f64")  # type: ignore[no-untyped-call]
        return builder.call(function, arguments)

    return EIGHT(EIGHT), build


def _eight_of(context: Any, number: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return alike(builder, (numba.types.float64, EIGHT), (arguments[0], None))[0]

    return EIGHT(numba.types.float64), build


root_of = cast(Callable[[Any], Any], intrinsic(_root_of))
"""The square roots of an `Eight`."""
eight_of = cast(Callable[[float], Any], intrinsic(_eight_of))
"""Eight times the same number."""

__all__ = ["LANES", "SOURCES", "eight_of", "product", "quotient", "root_of", "square_root"]


@inlined
def product(a: Any, da: Any, b: Any, db: Any) -> tuple[Any, Any]:
    """Return a b, and its derivative."""
    return a * b, fused(a, db, da * b)


@inlined
def quotient(a: Any, da: Any, b: Any, db: Any) -> tuple[Any, Any]:
    """Return a / b, and its derivative."""
    share = a / b
    return share, (da - share * db) / b


@inlined
def square_root(a: Any, da: Any) -> tuple[Any, Any]:
    """Return the root of a, and its derivative."""
    root = root_of(a)
    return root, da / (root * 2.0)
