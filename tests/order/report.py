"""Counts how the order texts are answered, and writes the counts into docs/orders.md.

`python -m tests.order.report` prints; `--half a`, `b` and so on to `l` takes one set; `--write` fills
the table of docs/orders.md.
"""

from __future__ import annotations

import argparse
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from inotrope.plan.orders import OrderCheck, check_order

HERE = Path(__file__).parent
FILES = {
    "a": "texts.toml",
    "b": "texts_held_back.toml",
    "c": "texts_fresh.toml",
    "d": "texts_families.toml",
    "e": "texts_stages.toml",
    "f": "texts_ward.toml",
    "g": "texts_totals.toml",
    "h": "texts_bedside.toml",
    "i": "texts_pharmacist.toml",
    "j": "texts_second_pharmacist.toml",
    "l": "texts_auditor.toml",
    "k": "texts_partners.toml",
}
DOCUMENT = HERE.parents[1] / "docs" / "orders.md"
OPENS, CLOSES = "<!-- counts: written by python -m tests.order.report --write -->", "<!-- end of counts -->"
SOUND = ("consistent", "warned")


@dataclass(frozen=True)
class Answered:
    """One text and how it was answered."""

    text: dict[str, Any]
    check: OrderCheck

    @property
    def status(self) -> str:
        return self.check.status.value

    @property
    def slips(self) -> set[str]:
        return {slip.id for slip in self.check.slips}

    @property
    def is_right(self) -> bool:
        expected = set(self.text["expect_slip"])
        named = not expected or bool(expected & self.slips)
        return self.status == self.text["expect_status"] and named


def texts(half: str) -> list[dict[str, Any]]:
    return list(tomllib.loads((HERE / FILES[half]).read_text(encoding="utf-8"))["text"])


@cache
def checked(text: str) -> OrderCheck:
    """Return the check of a text, made once: what is counted of it is asked for several times."""
    return check_order(text)


def answers(half: str) -> list[Answered]:
    return [Answered(entry, checked(entry["text"])) for entry in texts(half)]


def counts(answered: list[Answered]) -> dict[str, tuple[int, int]]:
    """Return how many of how many, by what is counted."""
    sound = [item for item in answered if not item.text["planted"]]
    planted = [item for item in answered if item.text["planted"]]
    stops = [item for item in planted if item.text["expect_status"] == "stopped"]
    named = [item for item in planted if item.text["expect_slip"]]
    refused = [item for item in planted if item.text["expect_status"] == "refused"]
    near = [item for item in planted if item.text["expect_status"] == "warned"]
    return {
        "planted slips not let through (stopped, refused or warned)": _share(
            planted, lambda i: i.status != "consistent"
        ),
        "planted, must be stopped: stopped": _share(stops, lambda i: i.status == "stopped"),
        "planted, must be stopped: named rightly": _share(
            named, lambda i: bool(set(i.text["expect_slip"]) & i.slips) and i.status == "stopped"
        ),
        "planted, must be refused: refused": _share(refused, lambda i: i.status == "refused"),
        "planted near disagreement: warned": _share(near, lambda i: i.status == "warned"),
        "sound texts answered as expected": _share(sound, lambda i: i.is_right),
        "false alarms: sound texts stopped": _share(sound, lambda i: i.status == "stopped"),
        "false alarms: sound texts warned without reason": _share(
            sound, lambda i: i.status == "warned" and i.text["expect_status"] == "consistent"
        ),
        "sound texts refused": _share(sound, lambda i: i.status == "refused"),
        "all answered as expected": _share(answered, lambda i: i.is_right),
    }


def _share(items: list[Answered], holds: Any) -> tuple[int, int]:
    return sum(1 for item in items if holds(item)), len(items)


def table() -> str:
    halves = {half: counts(answers(half)) for half in FILES}
    lines = [f"| | {' | '.join(f'half {half}' for half in halves)} |", "|---" * (len(halves) + 1) + "|"]
    for what in halves["a"]:
        cells = " | ".join(f"{found[what][0]} of {found[what][1]}" for found in halves.values())
        lines.append(f"| {what} | {cells} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Count how the order texts are answered.")
    parser.add_argument("--half", choices=tuple(FILES))
    parser.add_argument("--write", action="store_true", help="write the table of all sets into docs/orders.md")
    options = parser.parse_args()
    if options.write:
        before, rest = DOCUMENT.read_text(encoding="utf-8").split(OPENS, 1)
        DOCUMENT.write_text(f"{before}{OPENS}\n{table()}\n{CLOSES}{rest.split(CLOSES, 1)[1]}", encoding="utf-8")
    for half in [options.half] if options.half else FILES:
        print(f"half {half}")
        for what, (right, of) in counts(answers(half)).items():
            print(f"  {what}: {right} of {of}")


if __name__ == "__main__":
    main()
