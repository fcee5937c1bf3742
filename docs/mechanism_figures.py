"""The figures and the table of docs/mechanism.md: `python docs/mechanism_figures.py`.

Of the typical heart that the members were fitted in. Needs Numba for the loops.
"""

from __future__ import annotations

import re
from pathlib import Path

from inotrope import predict_circulation, read_case
from inotrope.display.circulation_figures import chain_figures, circulation_svg, loop_figure
from inotrope.display.circulation_sheet import told_change, told_step
from inotrope.display.figure import Figure, figure_alone
from inotrope.plan.circulation.record import CirculationForecast

DOCS = Path(__file__).parent
FOLDER = DOCS / "mechanism"
NAMES = ("enzyme", "camp", "force", "arteries", "veins", "rate", "outcome", "left_loop")
"""Of the figures of the chain, in its order."""
BLOCK = re.compile(r"(<!-- numbers -->\n).*?(<!-- end of numbers -->\n)", re.DOTALL)


def typical() -> CirculationForecast:
    """Return the typical heart before and at the label's rates."""
    nobody = {
        "drug": "milrinone",
        "indication": "acute decompensated heart failure",
        "now": "2026-01-01T12:00:00Z",
        "patient": {"age": "60 years", "sex": "male", "weight": "75 kg"},
    }
    return predict_circulation(read_case(nobody), typical="decompensated_heart_failure")


def figures(found: CirculationForecast) -> dict[str, Figure]:
    """Return every figure by the name of its file; without Numba those of the loops are not among them."""
    named = dict(zip(NAMES, chain_figures(found), strict=False))
    right = loop_figure(found, "right")
    return named if right is None else {**named, "right_loop": right}


def numbers(found: CirculationForecast) -> str:
    """Return two tables in Markdown: every step of the chain, and the circulation, at the label's rates."""
    levels = [f"{item.level}" for item in found.moments]
    lines = _heads("step", levels)
    for steps in zip(*(item.steps for item in found.moments), strict=True):
        lines.append("| " + " | ".join([steps[0].what, *map(told_step, steps)]) + " |")
    lines += ["", *_heads("circulation", ["before", *(head for level in levels for head in (level, "change"))])]
    for each in zip(*(item.foreseen for item in found.moments), strict=True):
        cells = [cell for one in each for cell in (f"{one.during}", told_change(one))]
        lines.append("| " + " | ".join([each[0].what, f"{each[0].before}", *cells]) + " |")
    return "\n".join(lines) + "\n"


def _heads(first: str, others: list[str]) -> list[str]:
    return ["| " + " | ".join([first, *others]) + " |", "|---|" + "---|" * len(others)]


def page(found: CirculationForecast, text: str) -> str:
    """Return the page with its table anew."""
    return BLOCK.sub(lambda block: f"{block[1]}\n{numbers(found)}\n{block[2]}", text)


def main() -> None:
    found = typical()
    FOLDER.mkdir(exist_ok=True)
    for name, figure in figures(found).items():
        (FOLDER / f"{name}.svg").write_text(figure_alone(figure), encoding="utf-8")
    (FOLDER / "chain.svg").write_text(circulation_svg(found), encoding="utf-8")
    path = DOCS / "mechanism.md"
    path.write_text(page(found, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
