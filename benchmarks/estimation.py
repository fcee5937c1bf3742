"""The most probable parameters, as ratios against SciPy's L-BFGS-B in one run: `make bench-estimation`.

Knows one task, the 25 patients of tests/authorities/map_estimates with four levels each, and who can do it: SciPy on
the same objective with the same exact gradient, this project for one patient, batched in NumPy, and in machine code.
Several rounds that take turns. Then what one patient waits for in a warm process: posterior, curves, quantiles, and the
search for a rate; and the whole process of a fit. Processor time of one thread, of each piece the least of all rounds,
since the machine may be busy; times of threads are by the clock.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

os.environ.setdefault("OMP_NUM_THREADS", "1")  # idle threads of the linear algebra would count as work
ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the patients are those of the tests

import numpy as np  # noqa: E402
import scipy  # noqa: E402
from scipy.optimize import minimize  # noqa: E402

from inotrope.estimation import Problem, find_mode, objective, sample_posterior  # noqa: E402
from inotrope.estimation.derivatives import IMAGINARY  # noqa: E402
from inotrope.estimation.many import Subject, find_modes  # noqa: E402
from inotrope.estimation.many.machine_code import lay, search_laid  # noqa: E402
from inotrope.estimation.many.subjects import Question  # noqa: E402
from inotrope.forecast.dose_search import score_rates  # noqa: E402
from inotrope.kinetics import Parameters, Timeline, concentrations  # noqa: E402
from inotrope.kinetics.many import Many, concentrations_even, quantiles_of_columns  # noqa: E402
from inotrope.population import Model, load_model  # noqa: E402
from tests.estimation.many.subjects import of_reference  # noqa: E402
from tests.estimation.models import write_model  # noqa: E402
from tests.estimation.reference import BEGIN_H, RATE_PER_KG, Reference  # noqa: E402

TIMES, DRAWS, AHEAD_H = 200, 4000, 48.0
SEARCH_TIMES = 96  # every 15 min of the 24 h of which a rate is scored
Tasks = dict[str, Sequence[Callable[[], object]]]
SHARES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
RATES = np.arange(0.0, 0.7501, 0.0125)  # mcg/kg/min, 61 of them


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the estimation.")
    parser.add_argument("--subjects", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    model = load_model(write_model(Path(tempfile.mkdtemp())))
    reference = Reference.read()
    problems = [reference.problem(model, patient) for patient in range(25)]
    subjects = [of_reference(model, reference, patient) for patient in range(25)]
    print(f"Python {sys.version.split()[0]}, NumPy {np.__version__}, SciPy {scipy.__version__}, {os.cpu_count()} cores")
    print("25 reference patients, four levels, four etas, two compartments\n")
    one(problems, options.rounds)
    many(model, subjects, problems, options)
    bedside(problems[0], float(reference.weight_kg[0]), options.rounds)
    whole(options.rounds)
    return 0


def by_scipy(problem: Problem) -> np.ndarray:
    """Return the etas at the minimum that L-BFGS-B finds from 0, with the exact gradient, at its own tolerance."""
    step = 1j * IMAGINARY * np.eye(problem.count)

    def value_and_slope(etas: np.ndarray) -> tuple[float, np.ndarray]:
        found = objective(problem, etas + step)
        return float(found[0].real), found.imag / IMAGINARY

    return minimize(value_and_slope, np.zeros(problem.count), jac=True, method="L-BFGS-B").x


def one(problems: list[Problem], rounds: int) -> None:
    tasks = {
        "SciPy L-BFGS-B from 0": [partial(by_scipy, problem) for problem in problems],
        "one MAP, from 0": [partial(find_mode, problem, starts=1) for problem in problems],
        "one MAP, 8 starts": [partial(find_mode, problem) for problem in problems],
    }
    found = measured(tasks, rounds)
    show(found, len(problems), "SciPy L-BFGS-B from 0")
    exact = np.array([find_mode(problem).etas for problem in problems])
    off = np.abs(np.array([by_scipy(problem) for problem in problems]) - exact).max()
    print(f"where L-BFGS-B stops, the etas are off by up to {off:.1e}, and it gives no covariance\n")


def many(model: Model, subjects: list[Subject], problems: list[Problem], options: argparse.Namespace) -> None:
    some = subjects * 20
    question, crowd = Question.of(model, some, None), subjects * max(1, options.subjects // 25)
    laid = lay(question, some)
    repeat = len(some) // len(problems)
    tasks: Tasks = {
        "SciPy L-BFGS-B from 0": [partial(by_scipy, problem) for problem in problems],
        "NumPy, a batch, 1 start": [lambda: find_modes(model, some, starts=1)],
        "machine code, 1 start": [lambda: find_modes(model, some, starts=1, machine_code=True)],
        "  the search alone": [lambda: search_laid(question, laid, some, starts=1, seed=0, threads=1)],
        "machine code, 8 starts": [lambda: find_modes(model, some, machine_code=True)],
    }
    found = measured(tasks, options.rounds)
    found["SciPy L-BFGS-B from 0"] *= repeat
    show(found, len(some), "SciPy L-BFGS-B from 0")
    for threads in (1, 2):
        spent = min(
            clocked(lambda threads=threads: find_modes(model, crowd, starts=1, machine_code=True, threads=threads))
            for _ in range(3)
        )
        print(f"{f'{len(crowd):,} subjects, {threads} thread(s), by the clock':<44}{spent:>9.3f} s")
    print()


def bedside(problem: Problem, weight: float, rounds: int) -> None:
    """Time what one patient waits for, in a warm process, part by part."""
    mode = find_mode(problem)
    etas = sample_posterior(problem, mode, draws=DRAWS, seed=1).etas
    size = weight / 70
    values = np.array([8 * size**0.75, 12 * size, 20 * size**0.75, 20 * size]) * np.exp(etas)
    names = ("clearance_l_per_h", "volume_l", "q2_l_per_h", "v2_l")
    drawn = Parameters.of(**{name: values[:, place, None] for place, name in enumerate(names)})
    timeline, step = Timeline.of_rates(BEGIN_H, RATE_PER_KG * weight), AHEAD_H / TIMES
    times, grid = np.arange(TIMES) * step, np.empty((DRAWS, TIMES))
    laid = Many.of(timeline, drawn)
    curves = concentrations(timeline, drawn, times)
    unit = concentrations(Timeline.of_rates([0.0], 60 * weight), drawn, times)
    base, unit = (np.ascontiguousarray(each[:, :SEARCH_TIMES]) for each in (curves, unit))
    tasks: Tasks = {
        "MAP, 8 starts": [lambda: find_mode(problem)],
        "4,000 draws of the posterior": [lambda: sample_posterior(problem, mode, draws=DRAWS, seed=1)],
        "curves, 4,000 x 200, NumPy": [lambda: concentrations(timeline, drawn, times)],
        "curves, 4,000 x 200, machine code": [lambda: concentrations_even(laid, step_h=step, count=TIMES, out=grid)],
        "five quantiles at 200 times, NumPy": [lambda: np.quantile(curves, SHARES, axis=0)],
        "five quantiles at 200 times, machine code": [lambda: quantiles_of_columns(curves, SHARES)],
        "61 rates x 4,000 x 96, after the curves": [lambda: score_rates(base, unit, RATES, low=100.0, high=300.0)],
    }
    found = measured(tasks, rounds)
    for name, worked in found.items():
        print(f"{name:<44}{1000 * worked:>9.2f} ms")
    mode, draws, slow, fast, slowly, fastly, _ = found.values()
    print(f"{'MAP to quantiles, NumPy':<44}{1000 * (mode + draws + slow + slowly):>9.2f} ms")
    print(f"{'MAP to quantiles, curves in machine code':<44}{1000 * (mode + draws + fast + fastly):>9.2f} ms")


def whole(rounds: int) -> None:
    """Time whole processes: the fit of the shipped case that has a level, beside what a small program loads."""
    rival = [sys.executable, "-c", "import numpy, pydantic, rich"]
    fit = [sys.executable, "-m", "inotrope", "fit", "measured-level"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    spent: list[list[tuple[float, float]]] = [[], []]
    for _ in range(rounds + 1):
        for found, command in zip(spent, (rival, fit), strict=True):
            start = sum(os.times()[2:4]), time.perf_counter()  # first the processor's, of children that have ended
            subprocess.run(command, check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, timeout=120)
            found.append((sum(os.times()[2:4]) - start[0], time.perf_counter() - start[1]))
    # The first round compiles; the least of the processor, the middle of the clock.
    small, large = ((min(one[0] for one in each[1:]), median(one[1] for one in each[1:])) for each in spent)
    print(f"\n{'inotrope fit, whole process':<44}{large[0]:>9.2f} s of processor, {large[1]:.2f} s by the clock")
    beside = f"{large[0] / small[0]:>9.2f} and {large[1] / small[1]:.2f} times, aim 5"
    print(f"{'  beside: import numpy, pydantic, rich':<44}{beside}")


def measured(tasks: Tasks, rounds: int) -> dict[str, float]:
    """Return the seconds of processor of each task, of each piece the least; they take turns, the first compiles."""
    least = {name: [float("inf")] * len(pieces) for name, pieces in tasks.items()}
    for turn in range(rounds + 1):
        for name, pieces in tasks.items():
            for place, piece in enumerate(pieces):
                start = time.process_time()
                piece()
                if turn:
                    least[name][place] = min(least[name][place], time.process_time() - start)
    return {name: sum(pieces) for name, pieces in least.items()}


def clocked(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def show(found: dict[str, float], count: int, rival: str) -> None:
    print(f"{'':<44}{'ms a patient':>13}{'rival / it':>12}")
    for name, worked in found.items():
        print(f"{name:<44}{1000 * worked / count:>13.3f}{found[rival] / worked:>12.1f}")
    print()


if __name__ == "__main__":
    sys.exit(main())
