"""A fit of one patient needs NumPy and what the models need: no SciPy, no machine code, no numpy.random."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from inotrope import estimation

ROOT = Path(__file__).parents[2]


def test_what_it_loads() -> None:
    program = "import sys, inotrope.estimation; print(' '.join(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.split())
    assert not loaded & {"scipy", "numba", "polars", "pyarrow", "matplotlib", "numpy.random", "inotrope.kinetics.many"}


def test_every_public_name_is_there() -> None:
    assert all(hasattr(estimation, name) for name in estimation.__all__)
