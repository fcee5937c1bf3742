"""Concentrations of many patients, as ratios in one run: `make bench`.

Knows one task, 100,000 patients at 200 times each with two compartments and five rates, and who can do it: NumPy, the
kernels of this project, two engines of others where they are installed, and beside them what the machine can do at all
(exponentials one at a time, and writing to memory). Several rounds that take turns, so that a busy minute
falls on all of them. Then a million patients to quantiles, in a process of their own
whose greatest room is read afterwards.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numba
import numpy as np

from inotrope.kinetics import Parameters, Timeline, concentrations
from inotrope.kinetics.many import Many, concentrations_even, concentrations_of_many, quantiles_of_many
from inotrope.kinetics.many.exponential import exp_of

BEGIN_H = np.array([0.0, 1 / 6, 6.0, 24.0, 48.0])
RATE_PER_KG = np.array([300.0, 30.0, 22.5, 45.0, 0.0])  # mcg/kg/h, as in tests/authorities/two_compartment
LAST_H = 72.0
TIMES = 200
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_ROOM_MB = 1000


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the kinetics of many patients.")
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--million", type=int, default=1_000_000, help="patients of the quantiles; 0 leaves them out")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--exponential", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--quantiles-of", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.quantiles_of:
        return quantiles(options.quantiles_of)
    if options.exponential:
        return exponential()
    print(f"Python {sys.version.split()[0]}, NumPy {np.__version__}, Numba {numba.__version__}, {os.cpu_count()} cores")
    print(f"{options.patients:,} patients x {TIMES} times, two compartments, four rate changes, {LAST_H:.0f} h\n")
    compare(options.patients, options.rounds)
    print(flush=True)
    for without in ("", "avx512"):
        environment = os.environ | told(without)
        subprocess.run([sys.executable, __file__, "--exponential"], check=True, env=environment)
    if options.million:
        print(flush=True)
        command = [sys.executable, __file__, "--quantiles-of", str(options.million)]
        return subprocess.run(command, check=False).returncode
    return 0


def people(count: int) -> tuple[np.ndarray, Parameters]:
    """Return weights (kg) and parameters with a spread of 30 %, around those of numerics' adult."""
    rng = np.random.default_rng(20261123)
    weight = rng.uniform(45, 120, count)
    spread = np.exp(0.3 * rng.standard_normal((4, count)))
    size = weight / 70
    columns = (7.5 * size**0.75, 14.0 * size, 18.0 * size**0.75, 22.0 * size) * spread
    names = ("clearance_l_per_h", "volume_l", "q2_l_per_h", "v2_l")
    return weight, Parameters.of(**{name: one[:, np.newaxis] for name, one in zip(names, columns, strict=True)})


def compare(count: int, rounds: int) -> None:
    weight, parameters = people(count)
    timeline = Timeline.of_rates(BEGIN_H, RATE_PER_KG)
    own_times = np.sort(np.random.default_rng(1).uniform(0, LAST_H, (count, TIMES)), axis=1)
    start = time.perf_counter()
    many = Many.of(timeline, parameters, list(own_times), dose_scale=weight)
    laid = time.perf_counter() - start
    step = LAST_H / TIMES
    out, grid = np.empty(many.time_h.size), np.empty((count, TIMES))
    few = max(count // 100, 1)

    def by_numpy() -> None:
        for patient in range(few):
            own = Parameters(**{name: column[patient] for name, column in parameters.named().items()})
            concentrations(Timeline.of_rates(BEGIN_H, RATE_PER_KG * weight[patient]), own, own_times[patient])

    some = Parameters(**{name: column[: 10 * few] for name, column in parameters.named().items()})
    even_times = np.arange(TIMES) * step
    tasks: dict[str, tuple[Callable[[], object], float]] = {
        **{name: (repeated(task), 2 * count * TIMES / (100 * EXPONENTIALS)) for name, task in exponentials().items()},
        "memory written": (lambda: grid.fill(1.0), 1.0),
        "NumPy, one patient after the other": (by_numpy, count / few),
        "NumPy, one regimen, a batch": (lambda: concentrations(timeline, some, even_times), count / (10 * few)),
        "records, 1 thread": (lambda: concentrations_of_many(many, out=out), 1.0),
        "records, 2 threads": (lambda: concentrations_of_many(many, out=out, threads=2), 1.0),
        "records, 1 thread, fresh memory": (lambda: concentrations_of_many(many), 1.0),
        "even grid, 1 thread": (lambda: concentrations_even(many, step_h=step, count=TIMES, out=grid), 1.0),
        "even grid, 2 threads": (
            lambda: concentrations_even(many, step_h=step, count=TIMES, out=grid, threads=2),
            1.0,
        ),
    }
    for name, rival in (("libroadrunner", roadrunner), ("diffrax", diffrax)):
        try:
            tasks[name] = rival(weight, parameters, own_times, count)
        except ImportError:
            print(f"{name} is not installed, and left out.")
    found = measured(tasks, rounds)
    show(found, laid)


def measured(tasks: dict[str, tuple[Callable[[], object], float]], rounds: int) -> dict[str, tuple[float, float]]:
    """Return median seconds by the clock, and least seconds of processor, of each task; the tasks take turns."""
    clock: dict[str, list[float]] = {name: [] for name in tasks}
    processor: dict[str, list[float]] = {name: [] for name in tasks}
    for turn in range(rounds + 1):
        for name, (task, whole) in tasks.items():
            start, start_processor = time.perf_counter(), time.process_time()
            task()
            spent, worked = time.perf_counter() - start, time.process_time() - start_processor
            if turn:  # the first round compiles, and touches memory
                clock[name].append(spent * whole)
                processor[name].append(worked * whole)
    return {name: (statistics.median(clock[name]), min(processor[name])) for name in tasks}


def show(found: dict[str, tuple[float, float]], laid: float) -> None:
    limit, limit_worked = found["exp, one at a time"]
    written, written_worked = found["memory written"]
    print(f"{'':<36}{'median, s':>11}{'processor, s':>14}{'exp limit / it':>16}{'it / memory':>13}")
    for name, (middle, worked) in found.items():
        ratios = f"{limit_worked / worked:>16.2f}{worked / written_worked:>13.1f}"
        print(f"{name:<36}{middle:>11.4f}{worked:>14.4f}{'' if 'threads' in name else ratios}")
    one, grid = found["records, 1 thread"], found["even grid, 1 thread"]
    print("\nmedian: by the clock. processor: the least of all rounds, which other people's work on the machine does")
    print("not lengthen; the ratios are of it. On an idle machine the two agree for one thread.")
    print(f"laying the patients end to end, once: {laid:.2f} s by the clock\n")
    for what, middle, worked, aim in (
        ("records past the limit of exp", limit / one[0], limit_worked / one[1], "at least 2"),
        ("even grid / memory written", grid[0] / written, grid[1] / written_worked, "at most 4"),
    ):
        print(f"{what:<36}{worked:>6.2f} of processor, {middle:.2f} by the clock (aim: {aim})")
    for what in ("records", "even grid"):
        gained = found[f"{what}, 1 thread"][0] / found[f"{what}, 2 threads"][0]
        print(f"{what + ', 1 thread / 2 threads':<36}{gained:>6.2f} by the clock")
    for name in ("NumPy, one patient after the other", "libroadrunner", "diffrax"):
        if name in found:
            print(f"{name + ' / records, 1 thread':<54}{found[name][1] / one[1]:>8.0f} of processor")


EXPONENTIALS = 20_000  # the cache holds them


def exponentials() -> dict[str, Callable[[], object]]:
    """Return what makes so many exponentials: one at a time, and by this project."""
    x = -np.random.default_rng(1).uniform(0, 20, EXPONENTIALS)
    out = np.empty_like(x)

    @numba.njit
    def one_at_a_time(x: np.ndarray, out: np.ndarray) -> None:
        for place in range(x.size):
            out[place] = math.exp(x[place])

    return {"exp, one at a time": lambda: one_at_a_time(x, out), "exp of this project": lambda: exp_of(x, out)}


def told(without: str) -> dict[str, str]:
    """Return what Numba must be told to take this processor for one without these instructions."""
    if not without:
        return {}
    import llvmlite.binding

    features = llvmlite.binding.get_host_cpu_features()
    named = ("-" + name if not there or name.startswith(without) else "+" + name for name, there in features.items())
    # Machine code for another processor is not kept beside that of this one.
    return {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ",".join(named), "NUMBA_CACHE_DIR": tempfile.mkdtemp()}


def exponential() -> int:
    """Compare the exponential with `math.exp`, in short turns, which a busy machine leaves alone now and then."""
    tasks = exponentials()
    least = dict.fromkeys(tasks, math.inf)
    for _ in range(2_000):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            least[name] = min(least[name], time.perf_counter() - start)
    slow, fast = least.values()
    named = "AVX-512 left out" if "-avx512f" in os.environ.get("NUMBA_CPU_FEATURES", "") else "this processor"
    print(f"{'exp of this project / one at a time':<36}{slow / fast:>6.2f}, {named}")
    return 0


def repeated(task: Callable[[], object]) -> Callable[[], object]:
    def hundred_times() -> None:
        for _ in range(100):
            task()

    return hundred_times


def roadrunner(
    weight: np.ndarray, parameters: Parameters, times: np.ndarray, count: int
) -> tuple[Callable[[], object], float]:
    """Return libroadrunner's integrator (CVODE) on the same patients, one after the other: 50 of them.

    It integrates from rate to rate, with the times between as points, as its users are told to.
    """
    import roadrunner as engine

    model = engine.RoadRunner(SBML)
    few = min(50, count)
    columns = [column[:few, 0] for column in parameters.named().values()]

    def run() -> None:
        for patient in range(few):
            model.resetAll()
            for name, column in zip(("CL", "V1", "Q", "V2"), columns, strict=True):
                model[name] = column[patient]
            model["A1"], model["A2"] = 0.0, 0.0
            for begin, end, rate in zip(BEGIN_H, [*BEGIN_H[1:], LAST_H], RATE_PER_KG, strict=True):
                own = times[patient]
                points = np.unique([begin, *own[(own >= begin) & (own < end)], end])
                model["R"] = rate * weight[patient]
                model.simulate(times=points.tolist())

    return run, count / few


SBML = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><model id="two">
<listOfParameters>
<parameter id="CL" value="7.5" constant="false"/><parameter id="V1" value="14" constant="false"/>
<parameter id="Q" value="18" constant="false"/><parameter id="V2" value="22" constant="false"/>
<parameter id="R" value="0" constant="false"/>
<parameter id="A1" value="0" constant="false"/><parameter id="A2" value="0" constant="false"/>
</listOfParameters>
<listOfRules>
<rateRule variable="A1"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><plus/><ci>R</ci>
<apply><times/><cn>-1</cn><apply><divide/><apply><plus/><ci>CL</ci><ci>Q</ci></apply><ci>V1</ci></apply><ci>A1</ci></apply>
<apply><times/><apply><divide/><ci>Q</ci><ci>V2</ci></apply><ci>A2</ci></apply></apply></math></rateRule>
<rateRule variable="A2"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><minus/>
<apply><times/><apply><divide/><ci>Q</ci><ci>V1</ci></apply><ci>A1</ci></apply>
<apply><times/><apply><divide/><ci>Q</ci><ci>V2</ci></apply><ci>A2</ci></apply></apply></math></rateRule>
</listOfRules></model></sbml>"""


def diffrax(
    weight: np.ndarray, parameters: Parameters, times: np.ndarray, count: int
) -> tuple[Callable[[], object], float]:
    """Return diffrax (Tsit5, relative tolerance 1e-6) on 1,000 of the patients in one vectorized, compiled call."""
    import diffrax as engine
    import jax

    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    few = min(1_000, count)
    own = np.stack([column[:few, 0] for column in parameters.named().values()], axis=-1)

    def slope(t, amounts, arguments):
        (clearance, volume, q, v2), dose = arguments
        rate = dose * jnp.asarray(RATE_PER_KG)[jnp.searchsorted(jnp.asarray(BEGIN_H), t, side="right") - 1]
        moved = q / volume * amounts[0] - q / v2 * amounts[1]
        return jnp.stack([rate - clearance / volume * amounts[0] - moved, moved])

    def one(row, dose, at):
        solution = engine.diffeqsolve(
            engine.ODETerm(slope), engine.Tsit5(), 0.0, LAST_H, 0.01, jnp.zeros(2), args=(row, dose),
            saveat=engine.SaveAt(ts=at), max_steps=100_000,
            stepsize_controller=engine.ClipStepSizeController(
                engine.PIDController(rtol=1e-6, atol=1e-6), jump_ts=jnp.asarray(BEGIN_H[1:])
            ),
        )  # fmt: skip
        return solution.ys[:, 0] / row[1]

    solve = jax.jit(jax.vmap(one))
    return (lambda: solve(own, weight[:few], times[:few]).block_until_ready()), count / few


def quantiles(count: int) -> int:
    """Bring patients to quantiles, and print the greatest room that this process ever had."""
    weight, parameters = people(count)
    times = np.linspace(0, LAST_H, TIMES)
    many = Many.of(Timeline.of_rates(BEGIN_H, RATE_PER_KG), parameters, dose_scale=weight)
    del parameters
    start = time.perf_counter()
    found = quantiles_of_many(many, times, LEVELS, threads=min(2, os.cpu_count() or 1))
    spent = time.perf_counter() - start
    room = greatest_room_mb()
    print(f"{count:,} patients x {TIMES} times to {len(LEVELS)} quantiles: {spent:.1f} s on two threads")
    print(
        f"greatest room of that process: {room:.0f} MB (aim: at most {MOST_ROOM_MB}; all curves: {count * 1.6e-3:.0f})"
    )
    print(
        "at 24 h, ng/mL:", "  ".join(f"{level:.0%} {value:.1f}" for level, value in zip(LEVELS, found[66], strict=True))
    )
    return 0 if room <= MOST_ROOM_MB or count > 1_000_000 else 1


def greatest_room_mb() -> float:
    """Return the most memory (MB) that this process held.

    Linux hands the peak of `getrusage` down from the process that started this one, which held the rivals too;
    /proc counts anew from the start of the program.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1e3
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    sys.exit(main())
