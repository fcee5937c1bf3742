"""The figures and the table of docs/mechanism.md: `python docs/mechanism_figures.py`.

Of the typical heart that the members were fitted in. Needs Numba for the loops.
"""

from __future__ import annotations

import re
from pathlib import Path

from inotrope import predict_circulation, read_case
from inotrope.display.circulation_figures import chain_figures, circulation_svg, loop_figure
from inotrope.display.figure import Figure, figures_alone
from inotrope.plan.circulation.record import CirculationForecast

DOCS = Path(__file__).parent
FOLDER = DOCS / "mechanism"
NAMES = ("enzyme", "camp", "force", "arteries", "veins", "rate", "outcome", "left_loop")
"""Of the figures of the chain, in its order."""
TITLE = "A typical failing heart: it explains"
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
    """Return the table of every step at the label's rates, in Markdown."""
    heads = [f"{item.level}" for item in found.moments]
    lines = ["| step | " + " | ".join(heads) + " |", "|---|" + "---|" * len(heads)]
    for steps in zip(*(item.steps for item in found.moments), strict=True):
        cells = []
        for step in steps:
            spread = "" if step.lowest == step.highest else f" ({_number(step.lowest)} to {_number(step.highest)})"
            cells.append(f"{step.value}{spread}")
        lines.append(f"| {steps[0].what} | " + " | ".join(cells) + " |")
    for each in zip(*(item.foreseen for item in found.moments), strict=True):
        cells = [f"{one.during} ({_number(one.least_change)} to {one.most_change})" for one in each]
        lines.append(f"| {each[0].what}, before {each[0].before} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def page(found: CirculationForecast, text: str) -> str:
    """Return the page with its table anew."""
    return BLOCK.sub(lambda block: f"{block[1]}\n{numbers(found)}\n{block[2]}", text)


def _number(quantity: object) -> str:
    return str(quantity).partition(" ")[0]


def main() -> None:
    found = typical()
    FOLDER.mkdir(exist_ok=True)
    for name, figure in figures(found).items():
        (FOLDER / f"{name}.svg").write_text(figures_alone((figure,), TITLE), encoding="utf-8")
    (FOLDER / "chain.svg").write_text(circulation_svg(found), encoding="utf-8")
    path = DOCS / "mechanism.md"
    path.write_text(page(found, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
