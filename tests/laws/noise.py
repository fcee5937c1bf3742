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
HEAD = """# How loud the rules are

Written by `python -m tests.laws.noise --write`; do not edit. All patients here are invented by a random number
generator: how often a rule speaks among them says nothing about how often it would at a bedside. The table is there so
that noise is seen when a rule is added: a warning that everybody gets is a warning that nobody reads.

*Ordinary* patients are adults with acute decompensated heart failure whose record is complete and whose values have the
usual spread of an intensive care unit (`tests/laws/ordinary.py`; the spreads are choices of ours). *Wild* patients are
those of the laws (`tests/laws/patients.py`): every age, indication and authority, and much that is wrong or missing on
purpose.

An *alert* fires and asks for attention by itself. What speaks of the same cause as a weightier alert *stands under* it,
on its card and with its own words. A *note* is one line at the end of the plan. All of them are findings of the plan,
with their id, severity, sources and evidence; what they do to the plan (no load, no rate) holds wherever they stand.

## What moved where, and why

Before, these ordinary patients got 15.0 stops, 257.9 warnings and 413.2 informs per 100. No stop was dropped or moved.

| what | moved | why |
|---|---|---|
| `label-saw-no-harm` (94 of 100) | out of the findings, into the answer to "other medicines" (`inotrope faq`) | it says that there is nothing to do, on a statement that nobody read |
| `not-checked` (96), `diuretics` (85), `already-running` (48) | from inform to note | said of most patients; each still names what it is about |
| `not-judged` (newborns, wild patients) | from warning to note | values that no rule reads, named in one line |
| `renal-reduction` (48) | from warning to inform | the rate proposed already keeps to the table; `running-rate-above-allowed` warns where a running one does not |
| `edema` (41) | from warning to inform | without a dry weight nothing can be decided; with one, `dry-weight-differs` warns |
| `beta-blocker` (40) | from warning to inform | it stands under each sign of a low pressure or low filling, where there is something to do |
| `heart-rate-change` in children and newborns | silent | the protocol is one for adults; `pressure-limits-of-a-child` says that no limit is held |
| nine causes (`[[cause]]` in `safety.toml`) | one alert each, the others under it | pressure and filling, rhythm, kidneys, potassium, platelets and bleeding, weight, level, time, age |

The facts rank a clearance below 50 high, and a beta-blocker and edema as things to warn of. That each of them informs
where nothing is left to do is our choice; the words are the same.

Two ways were tried on the same 2,000 ordinary patients. Moving alone (the rows above without the causes) left 129.8
warnings; causes alone left 185.4; both together give the table below. Of the two forms that a cause could take, a key
`under = [...]` on each of 36 rules and one list per cause, both give the same count; the nine lists were kept, since
they stand in one place, in the order in which they speak, and cannot run in a circle.
"""


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
        "| rule | severity | ordinary | of these alerts | wild | of these alerts |",
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
        PAGE.write_text(f"{HEAD}\n{arguments.patients:,} patients of each kind, seeds from 0.\n\n{text}\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
