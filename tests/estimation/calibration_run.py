"""The runs of the calibration, and what they came to: `python -m tests.estimation.calibration_run [part of name ...]`.

Each run is one design with what is wrong, 5,000 patients one by one; all of them take some 40 minutes of one core. What
each came to is put into docs/calibration.json, from which `docs/generate.py` makes the page.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.estimation import kidney_simulation
from tests.estimation.calibration import (
    FARTHEST_COVERAGE,
    LARGEST_SPREAD,
    LEAST_P,
    MOST_REFUSED,
    PATIENTS,
    Ranks,
    broken,
    figures,
    rank,
)
from tests.estimation.calibration_design import ADULT_LIMIT, BELOW, MODELS, OTHERS, SEEDS, Wrong, design

KEPT = Path(__file__).parents[2] / "docs" / "calibration.json"
NORMAL, WIDE = OTHERS
HARD_PATIENTS = 1000
"""Of the design in which nearly all posteriors are made by degrees, which takes ten times as long."""

KIDNEYS, KIDNEY_SEED = 320, 5
"""As the slow test of them has it."""
KIDNEY_NAME = "kidneys"


@dataclass(frozen=True)
class Run:
    """One design with what is wrong; `evenly` as in `calibration.asked`."""

    design: str
    wrong: Wrong = Wrong.NOTHING
    evenly: bool = False

    @property
    def name(self) -> str:
        even = ", drawn evenly" if self.evenly else ""
        return f"{self.design}{even}, wrong: {self.wrong.value}"

    @property
    def patients(self) -> int:
        return HARD_PATIENTS if self.design == WIDE else PATIENTS

    def ranks(self, folder: Path) -> Ranks:
        """Return what became of the patients; a model file is written into the folder."""
        return rank(design(self.design, folder), range(self.patients), self.wrong, evenly=self.evenly)


RIGHT = tuple(Run(name) for name in SEEDS)
EVENLY = (Run("label_adult", evenly=True),)
WRONG = tuple(Run(name, wrong) for name in (*MODELS, NORMAL) for wrong in (Wrong.RESIDUAL, Wrong.VARIANCE))


def told(run: Run, ranks: Ranks) -> dict[str, Any]:
    """Return what a run came to, as the page has it."""
    return {
        "design": run.design,
        "wrong": run.wrong.value,
        "evenly": run.evenly,
        "seed": SEEDS[run.design],
        "patients": ranks.patients,
        "refused": ranks.refused,
        "tempered": ranks.tempered,
        "figures": [{key: _short(value) for key, value in asdict(one).items()} for one in figures(ranks)],
        "broken": list(broken(ranks)),
    }


def of_kidneys() -> dict[str, Any]:
    """Return what the forecasts with moving kidneys came to, as the page has it."""
    found = kidney_simulation.simulate(KIDNEYS, seed=KIDNEY_SEED)
    rows = [
        {"kind": kind, "method": method, "level": level, "patients": len(score.errors)}
        | {name: _short(getattr(score, name)) for name in ("bias", "rms", "coverage")}
        for (kind, method, level), score in sorted(found.items())
    ]
    return {"patients": KIDNEYS, "rows": rows}


def limits() -> dict[str, float]:
    """Return the limits, as the page has them, and those of quantification, ng/mL."""
    found = {"coverage": FARTHEST_COVERAGE, "p": LEAST_P, "z": LARGEST_SPREAD, "refused": MOST_REFUSED}
    return found | {"below": ADULT_LIMIT, "below_with_four": BELOW}


def _short(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def main() -> None:
    """Do the runs, and keep after each what it came to."""
    parser = argparse.ArgumentParser(description="Run the calibration, and keep what it came to.")
    parser.add_argument("parts", nargs="*", help="only runs whose name contains one of these; by default all")
    parts = parser.parse_args().parts or [""]
    runs = {run.name: run for run in (*RIGHT, *EVENLY, *WRONG)}
    if any(part in KIDNEY_NAME for part in parts):
        _keep({"kidneys": of_kidneys()}, {})
    with tempfile.TemporaryDirectory() as folder:
        for name, run in runs.items():
            if not any(part in name for part in parts):
                continue
            began = time.perf_counter()
            found = told(run, run.ranks(Path(folder)))
            _keep({}, {name: found})
            print(f"{name}: {time.perf_counter() - began:.0f} s, refused {found['refused']}", file=sys.stderr)
            print("  " + ("; ".join(found["broken"]) or "within every limit"), file=sys.stderr, flush=True)


def _keep(more: dict[str, Any], runs: dict[str, Any]) -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {"runs": {}}
    every = {**kept["runs"], **runs}
    ordered = {run.name: every[run.name] for run in (*RIGHT, *EVENLY, *WRONG) if run.name in every}
    KEPT.write_text(
        json.dumps({**kept, **more, "limits": limits(), "runs": ordered}, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
