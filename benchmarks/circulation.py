"""The circulation, as ratios against a stated rival in one run: `make bench-circulation`.

Knows three tasks. Steady states: generated patients of the tests at one level of milrinone each, by SciPy's `root` one
patient at a time on the same two equations with the same analytic Jacobian and start, and by this project in one array,
in NumPy and in machine code; with the reflex, SciPy's `brentq` around `root`. Beats: seconds of the patient in a second
of processor, for the settled beat and for a transient, beside other engines where a Python that has them is named
(`--rivals`, circulation-rivals.txt). Then what one patient waits for: 1,000 draws of kinetics and circulation together,
hourly over 48 h, in a warm process. Several rounds that take turns; processor time, the least of all.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # the patients are those of the tests; and this file is no package `circulation`

import numpy as np  # noqa: E402
import scipy  # noqa: E402
from scipy.optimize import brentq, root  # noqa: E402

import inotrope  # noqa: E402
from inotrope.circulation import Heart, Reflex, act, calibrate, loop, many, settle, solve  # noqa: E402
from inotrope.circulation.beats import Chambers, Lags, follow, settled_beat  # noqa: E402
from inotrope.kinetics import Timeline, effect_site  # noqa: E402
from inotrope.population.response import draw, ensemble_of, expect  # noqa: E402
from tests.circulation.patients import drawn, failing, member, milrinone  # noqa: E402

BY_SCIPY = 200
DRAWS, HOURS = 1000, 49
REGIMEN = "50 mcg/kg over 10 min; 0.5 mcg/kg/min for 48 h"
BEATS = 400


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the circulation.")
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rivals", help="a Python with the packages of circulation-rivals.txt")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, NumPy {np.__version__}, SciPy {scipy.__version__}, {os.cpu_count()} cores")
    print(f"{options.patients:,} patients in heart failure at 0 to 400 ng/mL of milrinone, default member\n")
    steady(options)
    beats(options)
    bedside(options.rounds)
    return 0


def people(count: int) -> tuple[Heart, np.ndarray]:
    """Return hearts at one level of the drug each, and their mean pressures before it."""
    bedside, assumed = drawn(count, 1)
    levels = np.random.default_rng(2).uniform(0, 400, count)
    chain = act(levels, milrinone().enzyme, milrinone().response())
    return calibrate(bedside, assumed).changed(chain.changes), bedside.mean_arterial_mmhg


class OnePatient:
    """One patient for SciPy: two equations and their Jacobian in plain floats, as cheap as Python has them."""

    def __init__(self, heart: Heart, patient: int) -> None:
        arrays = heart.arrays.values()
        self.n = [float(np.broadcast_to(array, heart.shape)[patient]) for array in arrays]

    def at(self, x: np.ndarray) -> tuple[list[float], list[list[float]], float]:
        n = self.n
        left, right = float(x[0]), float(x[1])
        seconds = 60 / n[loop.RATE]
        grown, swollen = (
            np.exp(n[loop.LEFT_B] * (left - n[loop.LEFT_VD])),
            np.exp(n[loop.RIGHT_B] * (right - n[loop.RIGHT_VD])),
        )
        wedge, venous = n[loop.LEFT_A] * (grown - 1), n[loop.RIGHT_A] * (swollen - 1)
        by_wedge, by_venous = n[loop.LEFT_A] * n[loop.LEFT_B] * grown, n[loop.RIGHT_A] * n[loop.RIGHT_B] * swollen
        stiff = n[loop.LEFT_EES] + n[loop.LEFT_SHARE] * n[loop.RS] / seconds
        firm = n[loop.RIGHT_EES] + n[loop.RIGHT_SHARE] * n[loop.RP] / seconds
        sv = (n[loop.LEFT_EES] * (left - n[loop.LEFT_V0]) - n[loop.LEFT_SHARE] * venous) / stiff
        other = (n[loop.RIGHT_EES] * (right - n[loop.RIGHT_V0]) - n[loop.RIGHT_SHARE] * wedge) / firm
        ll, lr = n[loop.LEFT_EES] / stiff, -n[loop.LEFT_SHARE] * by_venous / stiff
        rr, rl = n[loop.RIGHT_EES] / firm, -n[loop.RIGHT_SHARE] * by_wedge / firm
        of_left = (n[loop.CSA] * n[loop.RS] + n[loop.CSV] * n[loop.RV]) / seconds - 0.5
        of_right = n[loop.CPA] * n[loop.RP] / seconds - 0.5
        veins, lungs = n[loop.CSA] + n[loop.CSV], n[loop.CPA] + n[loop.CPV]
        volume = veins * venous + lungs * wedge + of_left * sv + of_right * other
        volume += left - n[loop.LEFT_VD] + right - n[loop.RIGHT_VD] - n[loop.STRESSED]
        slopes = [
            [ll - rl, lr - rr],
            [of_left * ll + of_right * rl + lungs * by_wedge + 1, of_left * lr + of_right * rr + veins * by_venous + 1],
        ]
        return [sv - other, volume], slopes, venous + sv / seconds * n[loop.RS]

    def solved(self) -> tuple[np.ndarray, float]:
        start = (self.n[loop.LEFT_START], self.n[loop.RIGHT_START])
        found = root(lambda x: self.at(x)[:2], start, jac=True, tol=1e-12)
        return found.x, self.at(found.x)[2]

    def settled(self, reflex: Reflex, set_point: float) -> float:
        most = float(reflex.most)
        rows = {loop.RATE: reflex.rate, loop.RS: reflex.resistance, loop.STRESSED: reflex.volume}
        rows |= {loop.LEFT_EES: reflex.force, loop.RIGHT_EES: reflex.force}
        before = list(self.n)

        def gap(signal: float) -> float:
            for row, gain in rows.items():
                self.n[row] = before[row] * (1 - float(gain) * signal)
            return most * np.tanh((self.solved()[1] / set_point - 1) / most) - signal

        found = brentq(gap, -most, most, xtol=1e-11)
        self.n = before
        return found


def steady(options: argparse.Namespace) -> None:
    heart, point = people(options.patients)
    reflex = failing().reflex()
    few = [OnePatient(heart, patient) for patient in range(BY_SCIPY)]
    tasks: dict[str, Callable[[], object]] = {
        "SciPy root, one at a time": lambda: [one.solved() for one in few],
        "algebraic, NumPy": lambda: solve(heart),
        "algebraic, machine code": lambda: many.solve(heart),
        "SciPy root and brentq, with the reflex": lambda: [
            one.settled(reflex, float(point[patient])) for patient, one in enumerate(few)
        ],
        "algebraic with the reflex, NumPy": lambda: settle(heart, reflex, set_point_mmhg=point),
        "algebraic with the reflex, machine code": lambda: many.settle(heart, reflex, set_point_mmhg=point),
    }
    spent = measured(tasks, options.rounds)
    names = list(tasks)
    print(f"{'':<44}{'solves/s':>12}{'rival x':>10}")
    for rival, *owns in (names[:3], names[3:]):
        slow = BY_SCIPY / spent[rival]
        print(f"{rival:<44}{slow:>12,.0f}{1:>10.0f}")
        for own in owns:
            fast = options.patients / spent[own]
            print(f"{own:<44}{fast:>12,.0f}{fast / slow:>10,.0f}")
    far = max(
        abs(one.solved()[0][0] / float(volume) - 1)
        for one, volume in zip(few, solve(heart).left_edv_ml[:BY_SCIPY], strict=True)
    )
    apart = np.abs(many.solve(heart).left_edv_ml / solve(heart).left_edv_ml - 1).max()
    print(f"largest difference in the left volume: from SciPy {far:.1e}; machine code from NumPy {apart:.1e}\n")


def beats(options: argparse.Namespace) -> None:
    heart, enzyme, response = member()
    chambers = Chambers.of(heart, **failing().chambers)
    moved = heart.changed(act(217.0, enzyme, response).changes)
    beat = settled_beat(heart, chambers)
    axis = Chambers(**{name: np.asarray(array)[..., None] for name, array in chambers.arrays.items()})
    ahead = act(np.linspace(0, 217.0, BEATS), enzyme, response).changes
    after = settled_beat(moved, chambers)
    own = replace(heart.changed(ahead))
    tasks: dict[str, Callable[[], object]] = {
        "a settled beat": lambda: settled_beat(moved, chambers),
        f"a transient of {BEATS} beats with the reflex": lambda: follow(
            own,
            axis,
            volumes_ml=beat.volumes_ml[..., 0],
            reflex=failing().reflex(),
            lags=Lags.of(**failing().lags_s),
            set_point_mmhg=beat.mean_arterial_mmhg,
        ),
    }
    others: dict[str, list[tuple[str, float, float]]] = {}
    spent = measured(tasks, options.rounds, between=lambda: beside(options.rivals, others))
    lasted = [float(after.beats + 1), float(BEATS)]
    print(f"{'':<44}{'ms':>12}{'real time x':>12}")
    for (name, seconds), count in zip(spent.items(), lasted, strict=True):
        length = count * 60 / float(after.heart_rate_per_min)
        print(f"{name:<44}{1000 * seconds:>12.1f}{length / seconds:>12,.0f}")
    for name, runs in others.items():
        made, length, seconds = min(runs, key=lambda run: run[2])
        print(f"{name + ', ' + made:<48}{1000 * seconds:>8.0f}{length / seconds:>12,.1f}")
    print(f"400 steps a beat; the settled beat took {lasted[0]:.0f} beats")
    print(
        "Other engines run at their own defaults, and keep every variable of every step; not like for like.\n"
        if others
        else "Other engines were not run: name a Python that has them (--rivals).\n"
    )


def beside(rivals: str | None, others: dict[str, list[tuple[str, float, float]]]) -> None:
    """Run the other engines once in the Python that has them, and add what it tells."""
    if rivals is None:
        return
    command = [rivals, str(Path(__file__).with_name("circulation_rivals.py"))]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    for name, run in json.loads(told).items():
        others.setdefault(name, []).append(tuple(run))


def bedside(rounds: int) -> None:
    whom = {"weight": "70 kg", "creatinine clearance": "60 mL/min/1.73 m2"}
    file, times = milrinone(), np.arange(float(HOURS))

    def levels() -> np.ndarray:
        found = inotrope.simulate(
            "milrinone/label_adult", REGIMEN, covariates=whom, patients=DRAWS, seed=1, times_h=times
        )
        each, doses = found.source.patients, found.source.doses
        rates = each.weight_kg[0] * doses.per_kg.rate_mcg_per_h + doses.fixed.rate_mcg_per_h
        timeline = Timeline.of_rates(doses.fixed.begin_h, rates, row=doses.fixed.row)
        return effect_site(timeline, each.parameters, times, equilibration_per_h=file.equilibration_per_h).T

    def forecast() -> object:
        ensemble = ensemble_of(file, surface_m2=1.9)
        found = expect(ensemble, draw(ensemble, patients=np.arange(DRAWS), seed=1).patients, levels())
        return [found.quantiles(name, (0.05, 0.25, 0.5, 0.75, 0.95)) for name in found.now]

    case = inotrope.read_case(ROOT / "inotrope/library/cases/right-heart-catheter.json")
    tasks = {"levels": levels, "joint": forecast, "plan": lambda: inotrope.make_plan(case)}
    spent = measured(tasks, rounds)
    print(f"{f'{DRAWS:,} draws, hourly over 48 h, in a warm process':<48}{'ms':>8}")
    for name, says in (
        ("levels", "levels at the site of effect"),
        ("joint", "and ten numbers of the circulation"),
        ("plan", "a whole plan, every model and permitted rate"),
    ):
        print(f"  {says:<46}{1000 * spent[name]:>8.0f}")


def measured(
    tasks: dict[str, Callable[[], object]], rounds: int, between: Callable[[], object] = lambda: None
) -> dict[str, float]:
    """Return the least seconds of processor of each task; they take turns, and the first round compiles.

    `between` is called once in every round that counts, by whoever measures himself.
    """
    least = dict.fromkeys(tasks, float("inf"))
    for turn in range(rounds + 1):
        for name, task in tasks.items():
            start = time.process_time()
            task()
            if turn:
                least[name] = min(least[name], time.process_time() - start)
        if turn:
            between()
    return least


if __name__ == "__main__":
    sys.exit(main())
