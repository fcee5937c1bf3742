"""Arithmetic of eight numbers in one value: the same bits as number by number."""

from __future__ import annotations

from pathlib import Path

import numba
import numpy as np
import pytest

from inotrope.estimation.many import eights
from inotrope.estimation.many.eights import eight_of, product, quotient, root_of, square_root
from inotrope.kinetics.many import machine
from inotrope.kinetics.many.machine import eight_at, put_eight
from tests.constants import files_with_constants_of


@numba.njit
def all_of_them(x, y, out):
    a, b = eight_at(x, 0), eight_at(y, 0)
    put_eight(out, 0, a + b)
    put_eight(out, 8, a - b)
    put_eight(out, 16, a * b)
    put_eight(out, 24, a / b)
    put_eight(out, 32, (2.0 + a) * 3.0 - (1.0 - b) / 7.0)
    put_eight(out, 40, root_of(a) + eight_of(0.5))
    put_eight(out, 48, a * 2)


@numba.njit
def derivatives(x, y, out):
    a, b, one, none = eight_at(x, 0), eight_at(y, 0), eight_of(1.0), eight_of(0.0)
    put_eight(out, 0, product(a, one, b, none)[1])
    put_eight(out, 8, quotient(a, none, b, one)[1])
    put_eight(out, 16, square_root(a, one)[1])


def test_each_operator() -> None:
    rng = np.random.default_rng(3)
    x, y, out = rng.uniform(0.1, 9, 8), rng.uniform(0.1, 9, 8), np.zeros(56)
    all_of_them(x, y, out)
    wanted = [x + y, x - y, x * y, x / y, (2 + x) * 3 - (1 - y) / 7, np.sqrt(x) + 0.5, x * 2]
    assert (out == np.concatenate(wanted)).all()


def test_how_derivatives_pass() -> None:
    x, y, out = np.linspace(1, 8, 8), np.linspace(3, 0.5, 8), np.zeros(24)
    derivatives(x, y, out)
    wanted = np.concatenate([y, -x / y**2, 0.5 / np.sqrt(x)])
    assert out == pytest.approx(wanted, rel=1e-15)


def test_what_is_no_number_is_not_added() -> None:
    @numba.njit
    def strange(x):
        return eight_at(x, 0) + (1.0, 2.0)  # noqa: RUF005 - it is meant to fail

    with pytest.raises(numba.TypingError):
        strange(np.zeros(8))


def test_every_compiled_file_counts_for_the_stored_machine_code() -> None:
    folder = Path(eights.__file__).parent
    marks = ("@inlined", "@kernel", "@called")
    compiled = {path.stem for path in folder.glob("*.py") if any(mark in path.read_text() for mark in marks)}
    assert compiled <= set(eights.COMPILED)
    counted = {(folder / f"{name}.py").resolve() for name in eights.COMPILED}
    assert all(path.exists() for path in counted)
    below = {(Path(machine.__file__).parent / f"{name}.py").resolve() for name in machine.COMPILED}
    assert files_with_constants_of(path for path in counted if path.stem in compiled) <= counted | below
