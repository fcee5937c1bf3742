"""Other engines' beats, for `circulation.py`: run by a Python that has them, since one of them needs an older NumPy.

Knows how `circulation` (Regazzoni's model) and `ModularCirc` (Naghavi's model) are run with their own defaults, and
prints a JSON line: by engine its version, the seconds of its patient and the seconds of processor that these took,
setting up and loading left out. Imports nothing of this project.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version

sys.path.pop(0)  # this folder's circulation.py is not the engine of that name

BEATS = 10


def regazzoni() -> tuple[float, float]:
    """Return the patient's seconds and the processor's: forward Euler at 1 ms, the default."""
    from circulation.regazzoni2020 import Regazzoni2020

    logging.getLogger("circulation.base").setLevel(logging.ERROR)
    model = Regazzoni2020()
    begin = time.process_time()
    model.solve(num_beats=BEATS, dt=1e-3)
    return BEATS / float(model.HR), time.process_time() - begin


def naghavi(method: str) -> Callable[[], tuple[float, float]]:
    """Return a run of Naghavi's model by a method of SciPy: beats of 1 s, kept every ms, until one repeats itself."""

    def run() -> tuple[float, float]:
        from ModularCirc.Models.NaghaviModel import NaghaviModel, NaghaviModelParameters
        from ModularCirc.Solver import Solver

        setup = {"name": "beats", "ncycles": 20, "tcycle": 1000.0, "dt": 1.0, "export_min": 1}
        with contextlib.redirect_stdout(io.StringIO()):
            solver = Solver(model=NaghaviModel(time_setup_dict=setup, parobj=NaghaviModelParameters()))
            solver.setup(suppress_output=True, method=method)
        begin = time.process_time()
        solver.solve()
        return float(solver.Nconv + 1), time.process_time() - begin

    return run


RUNS = {
    "circulation, Regazzoni, forward Euler": ("circulation", regazzoni),
    "ModularCirc, Naghavi, LSODA": ("ModularCirc", naghavi("LSODA")),
    "ModularCirc, Naghavi, BDF (its default)": ("ModularCirc", naghavi("BDF")),
}


def main() -> int:
    warnings.simplefilter("ignore")
    found = {}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):  # one engine writes files where it runs
        for name, (package, run) in RUNS.items():
            with contextlib.suppress(ImportError):
                run()  # compiles what it compiles
                found[name] = (version(package), *run())
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
