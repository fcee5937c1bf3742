"""How functions of the folders below become machine code.

Knows Numba, which only `beats/` and `many/` load: one patient's steady state never waits for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from inotrope.errors import CirculationError

try:
    import numba
    from llvmlite import ir
    from numba.extending import intrinsic
except ImportError as missing:
    raise CirculationError(
        "Loops beat by beat and many patients at once need Numba, which is not installed. Run: pip install "
        "'inotrope[population]'.",
        accepted="Numba, which comes with inotrope[population]",
        where="inotrope.circulation.beats and inotrope.circulation.many",
    ) from missing

P = ParamSpec("P")
R = TypeVar("R")


def sources(*files: Path) -> int:
    """Return a number for the present text of these files, all whose functions or constants are compiled into a kernel.

    A kernel that has it as its last argument by default is compiled anew when a function that it calls or a
    number that it uses has changed, though its own file has not.
    """
    return int.from_bytes(hashlib.sha256(b"".join(file.read_bytes() for file in files)).digest()[:7], "big")


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function part of every kernel that calls it."""
    return cast(Callable[P, R], numba.njit(function, error_model="numpy"))


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function at its first call, keep its machine code on disk, and let other threads run beside it."""
    try:
        return cast(Callable[P, R], numba.njit(function, nogil=True, error_model="numpy", cache=True))
    except RuntimeError:  # no folder that could be written to: compiled in every process, then
        return cast(Callable[P, R], numba.njit(function, nogil=True, error_model="numpy"))


def _two_to(context: Any, large: Any) -> Any:
    """Return the type of 2^k, and what writes its instructions: the last bits of `large` are k."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole = ir.IntType(64)
        bits = builder.add(builder.bitcast(arguments[0], whole), ir.Constant(whole, 1023))
        return builder.bitcast(builder.shl(bits, ir.Constant(whole, 52)), ir.DoubleType())

    return numba.types.float64(numba.types.float64), build


two_to = cast(Callable[[float], float], intrinsic(_two_to))
"""2^k, where k was added to 1.5 * 2^52 to give the argument; -1022 <= k <= 1023. For kernels alone."""
