"""Counts how loud the rules are: alerts per 100 generated cases, `python -m tests.laws.noise [--patients N] [--write]`.

`--write` puts the table into docs/noise.md. All patients are invented: the first kind are ordinary adults
(`ordinary.py`), the second the wild ones that the laws are held against (`patients.py`), which are wrong on purpose.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from inotrope.plan import Plan, PlanStatus
from tests.laws import second_look as look
from tests.laws.one_plan import plan_of
from tests.laws.ordinary import Ordinary
from tests.laws.patients import Document, Generator

PAGE = Path(__file__).parents[2] / "docs" / "noise.md"
PATIENTS = 2_000
SEVERITIES = ("stop", "warn", "inform")
TEMPLATE = PAGE.with_name("noise.template.md")
"""The words around the tables, written by hand."""


@dataclass
class Count:
    """What was counted among some patients."""

    patients: int = 0
    status: Counter[str] = field(default_factory=Counter)
    alerts: Counter[str] = field(default_factory=Counter)
    """Findings that ask for attention by themselves, by severity."""
    under: Counter[str] = field(default_factory=Counter)
    """Findings that stand under another of the same cause, by severity."""
    notes: int = 0
    """Findings that are one line among the notes."""
    with_any: Counter[str] = field(default_factory=Counter)
    """Patients with at least one finding of a severity that fires."""
    quiet: int = 0
    """Patients without a stop and without a warning."""
    silent: int = 0
    """Patients without any alert."""
    questions: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    """Every finding that fires, by rule."""
    loud: Counter[str] = field(default_factory=Counter)
    """Those of them that are alerts, by rule."""

    def add(self, plan: Plan) -> None:
        """Count one plan."""
        fires = [finding for finding in plan.findings if finding.state.value == "fires"]
        loud = [finding for finding in fires if finding.alerts]
        self.patients += 1
        self.status[plan.status.value] += 1
        self.alerts.update(finding.severity.value for finding in loud)
        heard = {finding.severity.value for finding in loud}
        self.under.update(finding.severity.value for finding in fires if finding.under)
        self.notes += sum(finding.shown.value == "note" and not finding.under for finding in fires)
        self.with_any.update(heard)
        self.quiet += heard <= {"inform"}
        self.silent += not heard
        self.questions += len(plan.missing)
        self.rules.update(finding.rule for finding in fires)
        self.loud.update(finding.rule for finding in loud)

    def per_100(self, number: int) -> str:
        """Return a number per 100 patients."""
        return f"{100 * number / self.patients:.1f}"


def count(write: Callable[[int], Document], seeds: Iterable[int]) -> Count:
    """Return what fires among the patients of these seeds."""
    found = Count()
    for seed in seeds:
        found.add(plan_of(write(seed)))
    return found


def tables(ordinary: Count, wild: Count) -> str:
    """Return both tables as Markdown: by severity, then by rule, the loudest among ordinary patients first."""
    both = (ordinary, wild)
    lines = ["| per 100 patients | ordinary | wild |", "|---|---:|---:|"]

    def row(name: str, number: Callable[[Count], int]) -> None:
        lines.append(f"| {name} | " + " | ".join(found.per_100(number(found)) for found in both) + " |")

    for severity in SEVERITIES:
        row(f"alerts: {severity}", lambda found, severity=severity: found.alerts[severity])  # type: ignore[misc]
    row("alerts: all", lambda found: found.alerts.total())
    for severity in SEVERITIES[1:]:
        row(f"under an alert: {severity}", lambda found, severity=severity: found.under[severity])  # type: ignore[misc]
    row("notes", lambda found: found.notes)
    for severity in SEVERITIES:
        row(
            f"patients with {'an' if severity == 'inform' else 'a'} {severity}",
            lambda found, severity=severity: found.with_any[severity],
        )  # type: ignore[misc]
    row("patients without a stop or a warning", lambda found: found.quiet)
    row("patients without any alert", lambda found: found.silent)
    row("questions asked", lambda found: found.questions)
    for status in PlanStatus:
        row(f"patients whose case ends as: {status.value}", lambda found, status=status: found.status[status.value])  # type: ignore[misc]
    lines += [
        "",
        "| rule | severity | ordinary fires | alerts | wild fires | alerts |",
        "|---|---|---:|---:|---:|---:|",
    ]
    severities = {rule["id"]: rule["severity"] for rule in look.rules()}
    loudest = sorted(severities, key=lambda rule: (-ordinary.rules[rule], -wild.rules[rule], rule))
    for rule in loudest:
        shares = " | ".join(found.per_100(number) for found in both for number in (found.rules[rule], found.loud[rule]))
        lines.append(f"| {rule} | {severities[rule]} | {shares} |")
    return "\n".join(lines)


def main() -> int:
    """Print the tables, and write them where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--patients", type=int, default=PATIENTS, help="how many of each kind")
    parser.add_argument("--write", action="store_true", help="write docs/noise.md")
    arguments = parser.parse_args()
    seeds = range(arguments.patients)
    ordinary = count(lambda seed: Ordinary(seed).document(), seeds)
    wild = count(lambda seed: Generator(seed).document(), seeds)
    text = tables(ordinary, wild)
    print(text)
    if arguments.write:
        words = TEMPLATE.read_text("utf-8")
        PAGE.write_text(words.replace("{patients}", f"{arguments.patients:,}").replace("{tables}", text), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
