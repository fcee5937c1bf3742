"""Speed, as ratios against a stated rival in one run: `python benchmarks/run.py`.

Knows two questions: how much longer a whole `inotrope plan` takes than Python takes to import three common packages,
and how many plans a warm process makes in a second, without their forecasts and with them, and the share that units
take. Absolute times differ from machine to machine and from minute to minute, so they stand beside the ratios and
prove nothing.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from inotrope.patient import read_case
from inotrope.plan import make_plan, to_plain

CASES = Path(__file__).parents[1] / "inotrope" / "library" / "cases"
UNITS = f"{os.sep}inotrope{os.sep}units{os.sep}"

RIVAL = [sys.executable, "-c", "import numpy, pydantic, rich"]
TERMINAL = [sys.executable, "-m", "inotrope", "plan", "sound-adult"]
MOVING = [sys.executable, "-m", "inotrope", "plan", "rising-creatinine"]
AS_JSON = [*TERMINAL, "--json"]
SIMULATE = [sys.executable, "-m", "inotrope", "simulate", "50 mcg/kg over 10 min; 0.5 mcg/kg/min for 24 h"]
SIMULATE += ["--model", "milrinone/label_adult", "--weight", "70 kg", "--age", "60 year"]
SIMULATE += ["--covariate", "creatinine clearance=80 mL/min/1.73 m2"]

MOST_TIMES_THE_RIVAL = 4.5
"""With the forecast of the levels by every model: without it the aim was 4."""
LEAST_PLANS_PER_SECOND = 300


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the speed of Inotrope.")
    parser.add_argument("--rounds", type=int, default=15, help="how often each process is started (15)")
    parser.add_argument("--seconds", type=float, default=5, help="how long plans are made in one process (5)")
    options = parser.parse_args()
    whole = whole_process(options.rounds)
    rate, cases = warm_process(options.seconds, forecast=False)
    forecasts, _ = warm_process(options.seconds, forecast=True)
    share = units_share()
    rival, terminal, as_json, simulate, moving = (statistics.median(times) for times in whole)
    pairs = [mine / its for mine, its in zip(whole[1], whole[0], strict=True)]
    ratio = terminal / rival
    rows = [
        ("whole process, terminal / rival", f"{ratio:.2f}", f"at most {MOST_TIMES_THE_RIVAL}", f"{terminal:.3f} s"),
        ("  of single pairs, lowest to highest", f"{min(pairs):.2f} to {max(pairs):.2f}", "", f"{len(pairs)} pairs"),
        ("  kidneys that move / rival", f"{moving / rival:.2f}", f"at most {MOST_TIMES_THE_RIVAL}", f"{moving:.3f} s"),
        ("whole process, --json / rival", f"{as_json / rival:.2f}", "", f"{as_json:.3f} s"),
        ("whole process, --json / terminal", f"{as_json / terminal:.2f}", "", ""),
        ("simulate, one patient / rival", f"{simulate / rival:.2f}", "at most 4.5", f"{simulate:.3f} s"),
        ("share of a warm plan spent on units", f"{100 * share:.0f} %", "", ""),
        ("plans per second, warm, no forecast", f"{rate:.0f}", f"{LEAST_PLANS_PER_SECOND} or more", f"{cases} cases"),
        ("  with the forecast of the levels", f"{forecasts:.0f}", "", f"{1000 / forecasts - 1000 / rate:.0f} ms each"),
        ("the rival", "1.00", "", f"{rival:.3f} s"),
    ]
    print(f"rival: python -c '{RIVAL[-1]}', medians of {options.rounds} alternated rounds")
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors\n")
    for name, value, aim, beside in [("", "measured", "aim", ""), *rows]:
        print(f"{name:<40} {value:>14}   {aim:<14} {beside}".rstrip())
    return 0


def whole_process(rounds: int) -> list[list[float]]:
    """Return the seconds of the rival, of the plan on a terminal, as JSON, of a simulation and with moving kidneys.

    All of them run compiled, as an installation leaves them, also where the caller's environment forbids to keep that.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    commands = (RIVAL, TERMINAL, AS_JSON, SIMULATE, MOVING)
    times: list[list[float]] = [[] for _ in commands]
    for turn in range(rounds + 1):
        for found, command in zip(times, commands, strict=True):
            start = time.perf_counter()
            (run_on_terminal if command in (TERMINAL, MOVING) else run_quietly)(command)
            if turn:  # the first round only warms the disk
                found.append(time.perf_counter() - start)
    return times


def run_quietly(command: list[str]) -> None:
    """Run a command, its output thrown away."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=120)


def run_on_terminal(command: list[str]) -> None:
    """Run a command that believes it writes to a terminal, colors and all; on Windows, quietly."""
    if sys.platform == "win32":
        run_quietly(command)
        return
    import pty

    screen, window = pty.openpty()
    with subprocess.Popen(command, stdout=window) as process:
        os.close(window)
        # Reading ends with nothing or, on Linux, with an error, once the process has closed its end.
        with suppress(OSError):
            while os.read(screen, 65_536):
                pass
    os.close(screen)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def plan_everything(texts: list[bytes], *, forecast: bool) -> None:
    """Read, plan and lay out every case, as a server would."""
    for text in texts:
        to_plain(make_plan(read_case(text), forecast=forecast))


def shipped() -> list[bytes]:
    """Return the shipped cases; a warm process has seen each once."""
    texts = [path.read_bytes() for path in sorted(CASES.glob("*.json"))]
    plan_everything(texts, forecast=True)
    return texts


def warm_process(seconds: float, *, forecast: bool) -> tuple[float, int]:
    """Return plans per second over the shipped cases, and how many these are: text in, plain JSON values out."""
    texts, done = shipped(), 0
    start = time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        plan_everything(texts, forecast=forecast)
        done += len(texts)
    return done / spent, len(texts)


def units_share() -> float:
    """Return the share of the time that is spent in `inotrope.units`: its own lines, and the built-ins they call.

    From a separate pass under the profiler, which makes small functions look slower than they are: an upper bound.
    """
    texts = shipped()
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(20):
        plan_everything(texts, forecast=False)
    profiler.disable()
    stats = pstats.Stats(profiler).stats  # type: ignore[attr-defined] # the table behind the printed one
    whole = inside = 0.0
    for (file, _, _), (_, _, own, _, callers) in stats.items():
        whole += own
        if UNITS in file:
            inside += own
        elif file == "~":  # a built-in, decimals among them: counted where it is called
            inside += sum(times[2] for caller, times in callers.items() if UNITS in caller[0])
    return inside / whole


if __name__ == "__main__":
    sys.exit(main())
