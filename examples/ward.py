"""What does it bring to fit the dose? A ward of simulated patients whose kidneys move, dosed in five ways.

`python examples/ward.py` runs a few patients; `--patients 500 --processes 2 --docs docs/ward.md` is the run that
docs/ward.md tells of.
The patients are invented, and a studied range is no limit of safety.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from on_a_ward.bedside import ENDS_H, Chart, fitted_dose, label_table, last_creatinine
from on_a_ward.oracles import HIGH, LOW, knows_all, knows_all_within_limits
from on_a_ward.patients import STAGE_D, draw_patient
from on_a_ward.telling import markdown, put_between, svg

WAYS = {
    "table at the first creatinine": label_table,
    "table at the last creatinine": last_creatinine,
    "fitted dose": fitted_dose,
    "oracle within the limits": knows_all_within_limits,
    "oracle": knows_all,
}
TRUTHS = {"as the model": 1.0, "stage D": STAGE_D}
SEED = 20261123
FEW = 4
KEEP_EVERY = 10  # patients: a run that is broken off leaves what it has


def one_patient(number: int, *, seed: int, truth: str) -> list[dict[str, Any]]:
    """Return a row for each way of dosing one patient."""
    patient = draw_patient(number, seed, slower=TRUTHS[truth])
    return [row(truth, way, choose(patient)) for way, choose in WAYS.items()]


def row(truth: str, way: str, chart: Chart) -> dict[str, Any]:
    """Return how one patient's 48 h went: shares of the time, and what was decided."""
    patient = chart.patient
    levels = chart.levels[patient.at(0.0) + 1 : patient.at(ENDS_H) + 1]
    below, above = float(np.mean(levels < LOW)), float(np.mean(levels > HIGH))
    none = [hour for hour, ended, _ in chart.told if ended in ("stopped", "refused")]
    asked = [hour for hour, _, _ in chart.told]
    until = dict(zip(asked, [*asked[1:], ENDS_H], strict=True))
    return {
        "truth": truth,
        "patient": patient.number,
        "kidneys": patient.kind,
        "way": way,
        "below": below,
        "inside": 1 - below - above,
        "above": above,
        "highest": float(levels.max()),
        "last": float(levels[-1]),
        "none_h": sum(until[hour] - hour for hour in none),
        "asked": len(asked),
        "ended": dict(Counter(f"{ended}: {why}" if why else ended for _, ended, why in chart.told)),
        "paused_h": float(np.mean(chart.flow[patient.at(0.0) : patient.at(ENDS_H)] == 0) * ENDS_H),
    }


def ward(numbers: range, *, seed: int, truth: str, processes: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of every patient, in their order."""
    one = partial(one_patient, seed=seed, truth=truth)
    if processes == 1:
        yield from map(one, numbers)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(one, numbers, chunksize=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=FEW, help=f"of each truth; by default {FEW}")
    parser.add_argument("--first", type=int, default=0, help="the number of the first patient")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--truth", choices=[*TRUTHS], action="append", help="by default both, one after the other")
    parser.add_argument("--processes", type=int, default=1, help="the answer is the same for any number")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the row of every patient and way")
    parser.add_argument("--read", metavar="FILE", type=Path, nargs="+", help="read such rows instead of running")
    parser.add_argument("--docs", metavar="FILE", type=Path, help="put the tables into this text, the figure beside it")
    options = parser.parse_args()
    rows = list[dict[str, Any]]()
    for path in options.read or ():
        rows += json.loads(path.read_text(encoding="utf-8"))
    if options.read is None:
        rows = run(options)
        if options.json is not None:
            options.json.write_text(json.dumps(rows), encoding="utf-8")
    tables = markdown(rows, [*WAYS])
    print(tables)
    if options.docs is not None:
        put_between(options.docs, tables)
        options.docs.with_suffix(".svg").write_text(svg(rows, [*WAYS]), encoding="utf-8")


def run(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Run every truth that was asked for, with a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    rows, truths = [], options.truth or [*TRUTHS]
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        for truth in truths:
            task = bar.add_task(f"the ward, {truth}", total=options.patients)
            numbers = range(options.first, options.first + options.patients)
            for found in ward(numbers, seed=options.seed, truth=truth, processes=options.processes):
                rows += found
                bar.advance(task)
                if options.json is not None and found[0]["patient"] % KEEP_EVERY == 0:
                    options.json.write_text(json.dumps(rows), encoding="utf-8")
    return rows


if __name__ == "__main__":
    main()
