"""Counts what became of every mutant, and writes the table: `python -m tests.mutants.report`.

`--write` puts it into docs/mutants.md; `--survivors` lists every mutant that nobody noticed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.mutants.killing import By, Killer, Verdict, read_proofs
from tests.mutants.mutator import Mutant, all_mutants

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "mutants.md"
HEAD = """# Mutants of the rules and the doses

Written by `python -m tests.mutants.report --write`; do not edit. Each mutant is one change of one place in the rules
(`safety.toml`, `safety/*.toml`), the doses (`dosing.toml`: every entry, what it takes from another, whom it is for) or
the strengths and syringes of `drug.toml`. It has to be noticed by the proof of the folder, by a worked case
(`cases.toml`, `cases/*.toml`, and `further_cases.toml` and `shown.toml` of `tests/mutants/`), or by the tables of rules
and causes that were written from the facts (`rule_table.csv`, `cause_table.csv` of `tests/mutants/`). A mutant that
nobody notices needs a written proof in `tests/mutants/equivalent.toml` that no case can tell it apart.
"""


def judge_all(mutants: Iterable[Mutant]) -> list[Verdict]:
    """Judge mutants in this process."""
    with tempfile.TemporaryDirectory() as folder:
        killer = Killer(Path(folder))
        return [killer.judge(mutant) for mutant in mutants]


def _judge_share(share: tuple[int, int]) -> list[Verdict]:
    return judge_all(all_mutants()[share[0] :: share[1]])


def table(verdicts: Iterable[Verdict]) -> str:
    """Return the counts as a Markdown table: one row per operator, and their sum."""
    proofs = read_proofs()
    rows: dict[str, Counter[str]] = {}
    for verdict in verdicts:
        name = "equivalent" if verdict.by is By.NOBODY and verdict.mutant.id in proofs else verdict.by.value
        rows.setdefault(verdict.mutant.operator, Counter())[name] += 1
    columns = [By.FOLDER.value, By.DECKS.value, By.TABLE.value, "equivalent", By.NOBODY.value]
    titles = ["operator", "made", *(f"noticed by {name}" for name in columns[:3]), "proved equivalent", "survives"]
    lines = ["| " + " | ".join(titles) + " |", "|---" + "|---:" * (len(titles) - 1) + "|"]
    whole: Counter[str] = Counter()
    for operator in sorted(rows):
        whole += rows[operator]
        lines.append(_row(operator, rows[operator], columns))
    lines.append(_row("all", whole, columns))
    return "\n".join(lines)


def _row(name: str, counts: Counter[str], columns: list[str]) -> str:
    return f"| {name} | {counts.total()} | " + " | ".join(str(counts[column]) for column in columns) + " |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write docs/mutants.md")
    parser.add_argument("--survivors", action="store_true", help="list the mutants that nobody noticed")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    shares = [(index, arguments.processes) for index in range(arguments.processes)]
    with ProcessPoolExecutor(arguments.processes) as pool:
        verdicts = [verdict for share in pool.map(_judge_share, shares) for verdict in share]
    text = table(verdicts)
    print(text)
    if arguments.survivors:
        for verdict in verdicts:
            if verdict.by is By.NOBODY:
                print(verdict.mutant.id, "(proved)" if verdict.mutant.id in read_proofs() else "(NO PROOF)")
    if arguments.write:
        PAGE.write_text(f"{HEAD}\n{text}\n", "utf-8")
    proofs = read_proofs()
    return int(any(verdict.by is By.NOBODY and verdict.mutant.id not in proofs for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
