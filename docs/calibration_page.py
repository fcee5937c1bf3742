"""docs/calibration.md from docs/calibration.json: what the runs of the calibration came to, as tables.

The runs take some 40 minutes of one core: `python -m tests.estimation.calibration_run` does them and keeps their
figures. This module only writes them down.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

KEPT = Path(__file__).parent / "calibration.json"
TEMPLATE = Path(__file__).parent / "calibration.template.md"


def calibration_page() -> str:
    """Return docs/calibration.md."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    limits, runs = kept["limits"], list(kept["runs"].values())
    right = [run for run in runs if run["wrong"] == "nothing"]
    return TEMPLATE.read_text(encoding="utf-8").format(
        **limits,
        right=_right(right, limits),
        wrong=_wrong([run for run in runs if run not in right]),
        of_kidneys=kept["kidneys"]["patients"],
        kidneys=_kidneys(kept["kidneys"]["rows"]),
    )


def _right(runs: list[dict[str, Any]], limits: dict[str, float]) -> str:
    head = (
        "model",
        "patients",
        "refused",
        "tempered",
        "coverage, %",
        "smallest p",
        "z of the spread",
        "within the limits",
    )
    rows = []
    for run in runs:
        name = run["design"] + (", drawn evenly" if run["evenly"] else "")
        few = sum(run["refused"].values()) < limits["refused"] * run["patients"]
        within = "yes" if few and not run["broken"] else "**no**: " + "; ".join(run["broken"] or ["refusals"])
        rows.append((name, str(run["patients"]), _refused(run), _share(run["tempered"], run), *_three(run), within))
    return _table(head, rows)


def _wrong(runs: list[dict[str, Any]]) -> str:
    head = ("model", "what is wrong", "refused", "coverage, %", "smallest p", "z of the spread", "what broke")
    rows = []
    for run in runs:
        tests = [("coverage", "interval holds"), ("ranks", "not uniform"), ("spread", "spread z")]
        broke = [name for name, words in tests if any(words in text for text in run["broken"])]
        named = ", ".join(broke) or "**nothing**"
        rows.append((run["design"], run["wrong"], _refused(run), *_three(run), named))
    return _table(head, rows)


def _three(run: dict[str, Any]) -> tuple[str, str, str]:
    """Return the ends of coverage, p and z over the quantities."""
    coverage, p, z = ([one[key] for one in run["figures"]] for key in ("coverage", "p", "z"))
    return (
        f"{100 * min(coverage):.1f} to {100 * max(coverage):.1f}",
        f"{min(p):.2g}" if min(p) >= 1e-10 else "below 1e-10",
        f"{min(z):+.1f} to {max(z):+.1f}",
    )


def _refused(run: dict[str, Any]) -> str:
    return ", ".join(f"{count} {name}" for name, count in run["refused"].items()) or "0"


def _share(count: int, run: dict[str, Any]) -> str:
    return f"{100 * count / run['patients']:.1f} %"


def _kidneys(rows: list[dict[str, Any]]) -> str:
    head = ("kidneys", "forecast", "level", "patients", "bias", "RMS", "coverage")
    return _table(
        head,
        [(*_names(row), f"{row['bias']:+.2f}", f"{row['rms']:.3f}", f"{row['coverage']:.2f}") for row in rows],
    )


def _names(row: dict[str, Any]) -> tuple[str, ...]:
    return row["kind"], row["method"], "one" if row["level"] else "none", str(row["patients"])


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
