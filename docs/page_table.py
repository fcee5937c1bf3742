"""The table of the drug page: every sentence of the page that the project grew from, what the program does with it, and
the test that shows it.

Knows how the page is cut into pieces, and the form of `docs/page.toml`. It does not know whether a check passes, or
fails when its behavior is switched off: `tests/page/` runs them.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SEED = ROOT / "docs" / "facts" / "drug-page.md"
ROWS = ROOT / "docs" / "page.toml"
CHECKS = ROOT / "tests" / "page" / "checks"

VERDICTS = {
    "right": "right",
    "loose": "**loose**",
    "dated": "**dated**",
    "form": "form of the page",
}
"""How far the page is to be believed. `loose` and `dated` name the fact that corrects them."""

WITH_FACT = {"loose", "dated"}

_SENTENCE_ENDS = re.compile(r"(?<=[.?])(?:\*\*)?\s+(?=[A-Z])")
"""A full stop inside "(e.g., ...)" is followed by a comma and ends nothing."""
_QUESTION_ENDS = re.compile(r"(?<=\?\*\*)\s+(?=A:)")


def pieces(text: str) -> Iterator[str]:
    """Yield the page piece by piece: a line of the front matter, a heading, a bullet, a sentence.

    A bullet of several sentences gives several pieces; the mark of the bullet or heading belongs to none of them.
    """
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped == "---":
            continue
        body = re.sub(r"^(?:#+|\*)\s+", "", stripped)
        for part in _QUESTION_ENDS.split(body):
            yield from (" ".join(sentence.split()) for sentence in _SENTENCE_ENDS.split(part))


@dataclass(frozen=True, slots=True)
class Shown:
    """One claim of a piece, the check that shows what the program does with it, and how that is switched off."""

    claim: str
    check: str
    off: tuple[dict[str, Any], ...]

    @property
    def test(self) -> str:
        """Where the check stands, as the table prints it."""
        file, _, name = self.check.partition(":")
        return f"tests/page/checks/{file}.py::{name}"


@dataclass(frozen=True, slots=True)
class PageRow:
    """One piece of the page, and what becomes of it."""

    text: str
    verdict: str
    facts: tuple[str, ...]
    does: str
    shown: tuple[Shown, ...]


def read_rows(path: Path = ROWS) -> tuple[PageRow, ...]:
    """Return the rows of `page.toml`, in the order of the page."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_row(item) for item in content.get("sentence", []))


def _row(item: dict[str, Any]) -> PageRow:
    shown = tuple(
        Shown(one.get("claim", ""), one.get("check", ""), tuple(one.get("off", []))) for one in item.get("shown", [])
    )
    return PageRow(item["text"], item.get("verdict", ""), tuple(item.get("fact", [])), item.get("does", ""), shown)


def problems(rows: tuple[PageRow, ...], page: str) -> list[str]:
    """Return what is wrong with the rows: every piece of the page has exactly one, and each is shown by a test."""
    found, known = [], set(checks())
    on_page, in_rows = list(pieces(page)), [row.text for row in rows]
    found += [f"no row, or fewer than on the page: {text}" for text in _missing(on_page, in_rows)]
    found += [f"not on the page, or more often than there: {text}" for text in _missing(in_rows, on_page)]
    if not found and on_page != in_rows:
        found.append("the rows do not stand in the order of the page")
    for row in rows:
        name = row.text[:60]
        if row.verdict not in VERDICTS:
            found.append(f"verdict '{row.verdict}' is none of {', '.join(VERDICTS)}: {name}")
        if (row.verdict in WITH_FACT) != bool(row.facts):
            found.append(f"a fact stands with 'loose' and 'dated', and with nothing else: {name}")
        if not row.does:
            found.append(f"it is not said what the program does: {name}")
        if not row.shown:
            found.append(f"no test: {name}")
        for one in row.shown:
            if one.check not in known:
                found.append(f"no check is called '{one.check}': {name}")
            if not one.off:
                found.append(f"'{one.check}' is not switched off: {name}")
    used = [one.check for row in rows for one in row.shown]
    found += [f"two rows are shown by '{check}'" for check in sorted(set(used)) if used.count(check) > 1]
    return found + [f"no row is shown by '{check}'" for check in sorted(known - set(used))]


def _missing(texts: list[str], among: list[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if texts.count(text) > among.count(text)]


def checks() -> Iterator[str]:
    """Yield the checks that exist, as `file:function`; they take the drug, helpers begin with an underscore."""
    for path in sorted(CHECKS.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield f"{path.stem}:{node.name}"


def switched_off(edit: dict[str, Any]) -> str:
    """Return one edit in words."""
    if "patch" in edit:
        return f"`{edit['patch']}` replaced by {edit['by']}"
    if "drop" in edit:
        return f"`{edit['drop']}` dropped"
    return f"`{edit['change']}` changed to `{edit['to']}`"


def page_table(rows: tuple[PageRow, ...] | None = None) -> str:
    """Return docs/page.md, by default from docs/page.toml.

    Raises:
        SystemExit: A piece of the page has no row, or a row no test; every problem is named.
    """
    rows = read_rows() if rows is None else rows
    wrong = problems(rows, SEED.read_text(encoding="utf-8"))
    if wrong:
        raise SystemExit("docs/page.toml:\n  " + "\n  ".join(wrong))
    count = sum(len(row.shown) for row in rows)
    lines = [
        "# The drug page, sentence by sentence",
        "",
        "Generated from `docs/page.toml`. Every piece of the drug page that the project grew from "
        "(`docs/facts/drug-page.md`), what the program does with it, the check that shows it on the real product, and "
        "how that behavior is switched off. `tests/page/test_page.py` runs each check twice: it passes on the shipped "
        "folder, and fails when the behavior is switched off (one alone: `pytest tests/page -k <its name>`).",
        "",
        f"{len(rows)} pieces, {count} checks. Where the page is loose or dated, the row quotes the fact that corrects "
        "it (files in `docs/facts/`), and the check shows the corrected behavior.",
        "",
        "| page | is | what the program does | test | switched off by |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_line(row) for row in rows)]) + "\n"


def _line(row: PageRow) -> str:
    verdict = VERDICTS[row.verdict] + "".join(f"; {fact}" for fact in row.facts)
    tests = "<br>".join(f"{one.claim + ': ' if one.claim else ''}`{one.test}`" for one in row.shown)
    off = "<br>".join("; ".join(switched_off(edit) for edit in one.off) for one in row.shown)
    cells = (row.text, verdict, row.does, tests, off)
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "/") for cell in cells) + " |"
