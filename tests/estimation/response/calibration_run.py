"""Of 300 simulated patients: how often does the 90 % interval of what is learned hold the truth.

Run `python -m tests.estimation.response.calibration_run 0 600`. The same,
for fewer patients, is `test_calibration.py`.
"""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np

from inotrope.estimation.response.learning import Learned, learn
from inotrope.population.response import expect
from tests.estimation.response.bedsides import CVP, HEART_RATE, LEFT, MAP, OUTPUT, Simulated, ensemble, simulated

AHEAD_NG_PER_ML = 300.0
SEEN = ("cardiac_index_l_per_min_m2", "mean_arterial_mmhg", "wedge_mmhg")


def patient(index: int) -> tuple[Simulated, Learned]:
    one = simulated(index, before=(HEART_RATE, MAP, CVP, LEFT), after=(HEART_RATE, OUTPUT, MAP, CVP))
    one = one._replace(target=one.target.as_read())  # as a plan takes them
    return one, learn(one.target, draws=1000, seed=index)


def places(one: Simulated, learned: Learned) -> dict[str, float]:
    """Return for each number the share of draws that lie below the truth."""
    found = {}
    true = expect(ensemble(), one.truth.patients, [[AHEAD_NG_PER_ML]])
    drawn = expect(ensemble(), learned.patients(one.target), [[AHEAD_NG_PER_ML]])
    for name in SEEN:
        found[f"{name} before"] = float((drawn.before[name] < true.before[name]).mean())
        found[f"{name} ahead"] = float((drawn.now[name] < true.now[name]).mean())
        change, truth = drawn.now[name] / drawn.before[name], true.now[name] / true.before[name]
        found[f"{name} change"] = float((change < truth).mean())
    found["level"] = float((one.target.levels[learned.kinetics, 1] < one.levels[1]).mean())
    for place, name in ((8, "left V0"), (11, "force"), (13, "veins"), (16, "sensitivity")):
        found[name] = float((learned.deviates[:, place] < one.truth.deviates[0, place]).mean())
    return found


def main(first: int, last: int) -> None:
    rows: list[dict[str, float]] = []
    methods: Counter[str] = Counter()
    for index in range(first, last):
        one, learned = patient(index)
        methods[learned.method + (" refused" if learned.refused else "")] += 1
        if not learned.refused:
            rows.append(places(one, learned))
        if index % 20 == 19:
            _tell(index, rows, methods)


def _tell(index: int, rows: list[dict[str, float]], methods: Counter[str]) -> None:
    covered = {name: np.mean([0.05 < row[name] < 0.95 for row in rows]) for name in rows[0]}
    means = {name: np.mean([row[name] for row in rows]) for name in rows[0]}
    print(index + 1, dict(methods), {name: f"{covered[name]:.3f} ({means[name]:.2f})" for name in covered}, flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
