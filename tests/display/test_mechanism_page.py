"""docs/mechanism.md: table and figures are what the program computes; every step has its equation and source."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from xml.etree import ElementTree

import pytest

from inotrope.display.figure import figure_alone
from inotrope.plan.circulation import making
from inotrope.plan.circulation.loops import WITHOUT

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(name="module")
def _module(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Give the script of the figures, with no loops computed."""
    monkeypatch.setattr(making, "loops_of", lambda *_: WITHOUT)
    return runpy.run_path(str(DOCS / "mechanism_figures.py"))


def test_the_table_is_what_the_program_computes(module: dict[str, object]) -> None:
    text = (DOCS / "mechanism.md").read_text(encoding="utf-8")
    assert module["page"](module["typical"](), text) == text  # type: ignore[operator]


def test_the_figures_over_levels_are_current_and_the_others_are_there(module: dict[str, object]) -> None:
    drawn = module["figures"](module["typical"]())  # type: ignore[operator]
    assert len(drawn) == 7
    for name, figure in drawn.items():
        assert (DOCS / "mechanism" / f"{name}.svg").read_text("utf-8") == figure_alone(figure)
    for name in ("left_loop", "right_loop", "chain"):
        root = ElementTree.parse(DOCS / "mechanism" / f"{name}.svg").getroot()
        assert "volume of the ventricle" in " ".join(root.itertext())


def test_every_step_has_its_equation_its_figure_and_its_source() -> None:
    text = (DOCS / "mechanism.md").read_text(encoding="utf-8")
    steps = re.split(r"^## (?=\d\. )", text, flags=re.MULTILINE)[1:]
    assert [step[:2] for step in steps] == [f"{place}." for place in range(1, 9)]
    for step in steps:
        own = step.partition("\n## ")[0]
        (first, *_) = re.findall(r"!\[[^\]]+\]\((mechanism/\w+\.svg)\)", own)
        assert (DOCS / first).exists()
        assert re.search(r"judgement|source|recalled|fitted|tuned", own, re.IGNORECASE)
    for step in steps[:7]:
        assert re.search(r"^    \S", step, re.MULTILINE), step[:40]
    assert "selects no rate" in text and "does not identify inotropy" in text
