"""The one-patient path needs NumPy and nothing more: what else it loads, every forecast waits for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from inotrope import kinetics

ROOT = Path(__file__).parents[2]


def packages_after(line: str) -> set[str]:
    program = f"import sys; {line}; print(' '.join(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_it_loads_numpy_and_nothing_else() -> None:
    mine = packages_after("import inotrope.kinetics") - packages_after("import numpy, dataclasses, difflib, heapq")
    assert {name for name in mine if name not in sys.stdlib_module_names} == {"inotrope"}


def test_every_public_name_is_there() -> None:
    assert all(hasattr(kinetics, name) for name in kinetics.__all__)
