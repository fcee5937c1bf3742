"""The exponential of kernels: against 40 digits, at both ends, for NaN, and on a processor without AVX-512."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from mpmath import mp, mpf

from inotrope.errors import KineticsError
from inotrope.kinetics.many import machine
from inotrope.kinetics.many.exponential import COEFFICIENTS, LN2_HIGH, LN2_LOW, exp, exp_of, left_and_gone
from inotrope.kinetics.many.machine import LANES, eight_at, put_eight
from tests.constants import files_with_constants_of

ROOT = Path(__file__).parents[3]


@numba.njit
def both(x, left, gone):
    for place in range(x.size):
        left[place], gone[place] = left_and_gone(x[place])


@numba.njit
def alone(x):
    return exp(x)


@numba.njit
def both_of_eight(x, left, gone):
    for place in range(0, x.size, LANES):
        some_left, some_gone = left_and_gone(eight_at(x, place))
        put_eight(left, place, some_left)
        put_eight(gone, place, some_gone)


def units_off(found: np.ndarray, exact: list[mpf]) -> float:
    """The largest distance, in units in the last place of the correctly rounded result."""
    rounded = np.array([float(value) for value in exact])
    unit = np.spacing(np.abs(rounded))
    with mp.workdps(40):
        return max(float(abs(mpf(float(a)) - b) / mpf(float(u))) for a, b, u in zip(found, exact, unit, strict=True))


def special() -> np.ndarray:
    """Where the whole number of ln 2 changes, both sides of it, and the ends of every range."""
    halves = (np.arange(-1074, 1024) + 0.5) * np.log(2)
    edges = np.array([0.0, 1e-320, 5e-324, 1e-17, 1e-8, 700.0, 708.0, 708.4, 709.782712893384])
    both_signs = np.concatenate([edges, -edges, [-745.13, -745.0, -740.0, -710.0]])
    return np.concatenate([halves, np.nextafter(halves, 0), both_signs])


def test_within_two_units_in_the_last_place() -> None:
    x = np.concatenate([np.random.default_rng(1).uniform(-745, 709.7, 20_000), np.linspace(-1, 1, 5_001), special()])
    x = x[x <= 709.782712893384]
    with mp.workdps(40):
        exact = [mp.exp(mpf(float(value))) for value in x]
    normal = np.array([value > mpf("2.3e-308") for value in exact])
    found = exp_of(x)
    assert units_off(found[normal], [value for value, here in zip(exact, normal, strict=True) if here]) <= 1.5
    assert units_off(found, exact) <= 2


def test_both_ends_and_nan() -> None:
    x = np.array(
        [np.nan, np.inf, -np.inf, 709.782712893384, 709.7827128933841, 1e308, -745.2, -746.5, -1e308, 0.0, -0.0]
    )
    expected = [np.nan, np.inf, 0.0, 1.797693134862273e308, np.inf, np.inf, 0.0, 0.0, 0.0, 1.0, 1.0]
    found = exp_of(x)
    assert np.isnan(found[0])
    # The last finite one is 1.7976931348622732e308: mpmath.
    assert found[3] == pytest.approx(expected[3], rel=3e-16)
    np.testing.assert_array_equal(np.delete(found, [0, 3]), np.delete(expected, [0, 3]))


def test_a_nan_with_anything_in_it_stays_one() -> None:
    strange = np.array([0x7FF8000000000FFF, 0xFFF0000000000123, 0x7FFFFFFFFFFFFFFF], dtype=np.uint64).view(np.float64)
    assert np.isnan(exp_of(strange)).all()


def test_left_and_gone_are_exact_where_next_to_nothing_is_gone() -> None:
    rng = np.random.default_rng(2)
    x = np.concatenate([10.0 ** rng.uniform(-300, 2.85, 10_000), rng.uniform(0, 3, 5_000), [0.0, 708.0, 5e-324]])
    x = x[x <= 708]
    left, gone = np.empty_like(x), np.empty_like(x)
    both(x, left, gone)
    with mp.workdps(400):
        assert units_off(left, [mp.exp(-mpf(float(value))) for value in x]) <= 2
        assert units_off(gone, [-mp.expm1(-mpf(float(value))) for value in x]) <= 2


def test_beyond_the_end_nothing_is_left() -> None:
    x = np.array([708.0000001, 1e4, np.inf, np.nan])
    left, gone = np.empty_like(x), np.empty_like(x)
    both(x, left, gone)
    np.testing.assert_array_equal(left, [0.0, 0.0, 0.0, np.nan])
    np.testing.assert_array_equal(gone, [1.0, 1.0, 1.0, np.nan])


def test_the_same_argument_gives_the_same_bits_at_every_place() -> None:
    x = np.random.default_rng(3).uniform(-50, 5, 1_003)
    whole = exp_of(x)
    assert np.array([alone(number) for number in x]).tobytes() == whole.tobytes()
    for start, stop in ((0, 1), (1, 14), (7, 1_003), (999, 1_003)):
        assert exp_of(x[start:stop]).tobytes() == whole[start:stop].tobytes()


def test_eight_at_once_give_the_bits_of_one_at_a_time() -> None:
    x = np.concatenate(
        [np.random.default_rng(4).uniform(0, 720, 1_000), [0.0, 5e-324, 708.0, 708.1, 1e300, 1e-9, 1, 2]]
    )
    alone, together = np.empty((2, x.size)), np.empty((2, x.size))
    both(x, *alone)
    both_of_eight(x, *together)
    assert together.tobytes() == alone.tobytes()


def test_it_writes_where_it_is_told() -> None:
    x = np.linspace(-3, 3, 11)
    expected = exp_of(x)
    assert exp_of(x, x) is x
    np.testing.assert_array_equal(x, expected)


def test_the_coefficients_meet_the_function_at_the_chebyshev_points() -> None:
    count = len(COEFFICIENTS)
    with mp.workdps(60):
        half = mp.log(2) / 2
        points = [half * mp.cos((2 * place + 1) * mp.pi / (2 * count)) for place in range(count)]
        matrix = mp.matrix([[point**power for power in range(count)] for point in points])
        values = mp.matrix([(mp.exp(point) - 1 - point) / point**2 for point in points])
        assert [float(value) for value in mp.lu_solve(matrix, values)] == list(COEFFICIENTS)
        assert abs(mpf(LN2_HIGH) + mpf(LN2_LOW) - mp.log(2)) < mpf(2) ** -85
        # 32 bits, so that a whole number of up to 1,100 times it is exact in 53.
        assert int(mpf(LN2_HIGH) * 2**32) / mpf(2) ** 32 == mpf(LN2_HIGH)


PROGRAM = """
import json, numpy as np
from inotrope.kinetics.many.exponential import exp_of
x = np.linspace(-745, 709, 100001)
exact = np.exp(x)
off = np.abs(exp_of(x) - exact) / np.spacing(exact)
ends = exp_of(np.array([np.nan, 710.0]))
print(json.dumps([float(off.max()), bool(np.isnan(ends[0])), bool(ends[1] == np.inf)]))
"""


@pytest.mark.parametrize("without", ["avx512", "avx", "fma"])
def test_on_a_processor_without(without: str, tmp_path: Path) -> None:
    """Numba is told of another processor; the machine code is another, and so are its last bits."""
    import llvmlite.binding

    features = llvmlite.binding.get_host_cpu_features()
    told = {"avx512": ("avx512",), "fma": ("fma", "avx512"), "avx": ("avx", "fma", "f16c", "xop", "vaes", "vpclmul")}
    named = ",".join(
        ("-" if not there or name.startswith(told[without]) else "+") + name for name, there in features.items()
    )
    environment = os.environ | {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": named,
        "NUMBA_CACHE_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True, timeout=250
    )
    off, keeps_nan, clamped = json.loads(done.stdout)
    assert off <= 2
    assert keeps_nan
    assert clamped


def test_without_numba_it_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['numba'] = None\n"
        "from inotrope.errors import KineticsError\n"
        "try:\n    import inotrope.kinetics.many\n"
        "except KineticsError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert "inotrope[population]" in done.stdout


def test_without_numba_the_file_itself_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(KineticsError, match=r"inotrope\[population\]"):
        runpy.run_path(machine.__file__)


def test_where_nothing_can_be_written_a_kernel_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numba refuses to keep machine code where no folder takes it, and says so when a function is handed to it."""
    whole = numba.njit

    def nowhere(function: object, *, cache: bool = False, **options: object) -> object:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return whole(function, **options)

    monkeypatch.setattr(numba, "njit", nowhere)
    twice = machine.kernel(lambda x: 2 * x)
    assert twice(2.5) == 5.0


def test_every_compiled_file_counts_for_the_stored_machine_code() -> None:
    folder = Path(machine.__file__).parent
    compiled = {
        path.stem for path in folder.glob("*.py") if "@inlined" in (text := path.read_text()) or "@kernel" in text
    }
    assert compiled | {"machine", "../roots"} == set(machine.COMPILED)
    counted = {(folder / f"{name}.py").resolve() for name in machine.COMPILED}
    assert files_with_constants_of(folder / f"{name}.py" for name in compiled) <= counted
