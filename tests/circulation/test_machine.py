"""Numba where it is there, and what is said where it is not."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import pytest
from numba.extending import intrinsic

from inotrope.circulation import machine
from inotrope.circulation.beats import runs
from inotrope.circulation.many import kernels
from inotrope.errors import CirculationError
from tests.constants import files_with_constants_of


def test_a_kernel_that_cannot_be_kept_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    real = numba.njit

    def njit(function: Any, **options: Any) -> Any:
        if options.pop("cache", False):
            raise RuntimeError("no folder that could be written to")
        return real(function, **options)

    def twice(x: float) -> float:
        return 2.0 * x

    monkeypatch.setattr(numba, "njit", njit)
    assert machine.kernel(twice)(21.0) == 42.0
    assert machine.inlined(twice)(4.0) == 8.0


def test_powers_of_two_are_exact() -> None:
    """Made and compiled here, whatever Numba keeps of it on disk or in this process."""
    two_to = intrinsic(machine._two_to)

    @numba.njit
    def power(large: float) -> float:
        return two_to(large)

    for exponent in range(-1022, 1024):
        assert power(1.5 * 2.0**52 + exponent) == 2.0**exponent


def test_without_numba_the_package_to_install_is_named() -> None:
    program = (
        "import sys; sys.modules['numba'] = None\n"
        "from inotrope.errors import CirculationError\n"
        "import inotrope.circulation\n"
        "for folder in ('beats', 'many'):\n"
        "    try: __import__('inotrope.circulation.' + folder)\n"
        "    except CirculationError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert run.stdout.count("pip install 'inotrope[population]'") == 2


def test_the_same_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, machine.__name__)
    with pytest.raises(CirculationError, match="need Numba, which is not installed"):
        importlib.import_module(machine.__name__)


def test_a_steady_state_loads_no_numba() -> None:
    program = (
        "import sys, inotrope.circulation, inotrope.population.response\n"
        "print([name for name in ('numba', 'scipy') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert run.stdout.strip() == "[]"


def test_a_changed_text_is_another_number(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("a")
    other.write_text("b")
    before = machine.sources(one, other)
    assert 0 <= before < 2**56 and machine.sources(one, other) == before
    other.write_text("c")
    assert machine.sources(one, other) != before


@pytest.mark.parametrize("module", [runs, kernels])
def test_every_file_of_machine_code_counts(module: ModuleType) -> None:
    """A kernel is compiled anew when any text that it is made of changes."""
    called = {inspect.getfile(each.py_func) for each in vars(module).values() if hasattr(each, "py_func")}
    called |= {module.__file__}
    assert called <= {str(file) for file in module.COMPILED}
    assert files_with_constants_of(module.COMPILED) <= {file.resolve() for file in module.COMPILED}
    assert machine.sources(*module.COMPILED) == module.SOURCES
