"""What a ward came to, in words: tables with the error of the simulation, and paired differences between the ways.

A mean stands with its Monte Carlo error, the standard deviation between patients over the root of their number; every
patient goes through every way, so that a difference is one of pairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .patients import FALLING, RECOVERING, STABLE

Rows = list[dict[str, Any]]
PARTS = ("below", "inside", "above")
GROUPS = ("all", STABLE, FALLING, RECOVERING)
TITLES = {
    "as the model": "The truth is as the model says",
    "stage D": "The truth is another: everybody clears the drug 2.6 times more slowly, and nobody knows",
}
PAIRS = (
    ("fitted dose", "table at the first creatinine"),
    ("fitted dose", "table at the last creatinine"),
    ("table at the last creatinine", "table at the first creatinine"),
    ("oracle within the limits", "fitted dose"),
)
WIDE = 1.96  # standard errors of a 95 % interval
BEGIN, END = "<!-- the ward's tables begin -->", "<!-- the ward's tables end -->"


def of(rows: Rows, truth: str, way: str, group: str = "all") -> Rows:
    """Return the rows of one way, in the order of the patients."""
    found = [row for row in rows if row["truth"] == truth and row["way"] == way and group in ("all", row["kidneys"])]
    return sorted(found, key=lambda row: row["patient"])


def truths(rows: Rows) -> list[str]:
    return list(dict.fromkeys(row["truth"] for row in rows))


def mean_and_error(values: list[float]) -> tuple[float, float]:
    """Return the mean and its Monte Carlo error; infinite for one value."""
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else float("inf")
    return float(np.mean(values)), spread / float(np.sqrt(len(values)))


def difference(rows: Rows, truth: str, pair: tuple[str, str], part: str, *, group: str = "all") -> tuple[float, float]:
    """Return the mean of the paired differences, first - second, and its error."""
    first, second = (of(rows, truth, way, group) for way in pair)
    return mean_and_error([one[part] - other[part] for one, other in zip(first, second, strict=True)])


def markdown(rows: Rows, ways: list[str]) -> str:
    """Return every table."""
    return "\n".join(line for truth in truths(rows) for line in _of_truth(rows, truth, ways))


def _of_truth(rows: Rows, truth: str, ways: list[str]) -> Iterator[str]:
    count = len(of(rows, truth, ways[0]))
    yield f"### {TITLES[truth]}\n"
    yield f"{count} patients. Share of 48 h below, in and above 100 to 300 ng/mL, % (± Monte Carlo error).\n"
    for group in GROUPS:
        here = [way for way in ways if of(rows, truth, way, group)]
        if not here:
            continue
        word = "All kidneys" if group == "all" else f"{group.capitalize()} kidneys"
        patients = len(of(rows, truth, here[0], group))
        whom = f"{patients} patient{'' if patients == 1 else 's'}"
        yield f"| {word}, {whom} | below | in | above | pump off, h | 95 % stay below, ng/mL |"
        yield "|---|---|---|---|---|---|"
        for way in here:
            cells = [_percent([row[part] for row in of(rows, truth, way, group)]) for part in PARTS]
            off = np.mean([row["paused_h"] for row in of(rows, truth, way, group)])
            most = np.quantile([row["highest"] for row in of(rows, truth, way, group)], 0.95)
            yield f"| {way} | {' | '.join(cells)} | {off:.1f} | {most:.0f} |"
        yield ""
    yield "Differences, each patient against himself, in percentage points of the time (95 % interval):\n"
    yield "| | below | in | above |"
    yield "|---|---|---|---|"
    for first, second in PAIRS:
        cells = [_interval(*difference(rows, truth, (first, second), part)) for part in PARTS]
        yield f"| {first} - {second} | {' | '.join(cells)} |"
    yield from _groups(rows, truth)
    yield from _decided(rows, truth, ways)


def _groups(rows: Rows, truth: str) -> Iterator[str]:
    first, second = PAIRS[1]
    for group in GROUPS[1:]:
        if of(rows, truth, first, group):
            cells = [_interval(*difference(rows, truth, (first, second), part, group=group)) for part in PARTS]
            yield f"| {group} alone: {first} - {second} | {' | '.join(cells)} |"
    yield ""


def _decided(rows: Rows, truth: str, ways: list[str]) -> Iterator[str]:
    yield "How the decisions ended, how often, and in how many patients:\n"
    yield "| way | decisions | no rate (stop or refusal) | patients with one | in the range: they | the others | why |"
    yield "|---|---|---|---|---|---|---|"
    for way in ways:
        here = of(rows, truth, way)
        if not any(row["asked"] for row in here) or way == "oracle":
            continue
        ended = sum((Counter(row["ended"]) for row in here), Counter())
        none = {word: n for word, n in ended.items() if word.startswith(("refused", "stopped"))}
        others = {word: n for word, n in ended.items() if word not in none and word not in ("plan", "found")}
        inside = {
            has: [row["inside"] for row in here if any(word in none for word in row["ended"]) is has]
            for has in (True, False)
        }
        why = "; ".join(f"{word} {n}" for word, n in sorted({**none, **others}.items(), key=lambda item: -item[1]))
        they, others_ = (_percent(inside[has]) if len(inside[has]) > 1 else "-" for has in (True, False))
        asked = sum(row["asked"] for row in here)
        yield f"| {way} | {asked} | {sum(none.values())} | {len(inside[True])} | {they} | {others_} | {why or 'none'} |"
    yield ""


def _percent(values: list[float]) -> str:
    mean, error = mean_and_error(values)
    return f"{100 * mean:.1f} ± {100 * error:.1f}"


def _interval(mean: float, error: float) -> str:
    low, high = 100 * (mean - WIDE * error), 100 * (mean + WIDE * error)
    return f"{100 * mean:+.1f} ({low:+.1f} to {high:+.1f})"


def put_between(path: Path, tables: str) -> None:
    """Put the tables between the two marks of a text."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n\n{tables}\n{END}{after}", encoding="utf-8")


LEFT, BAR, ROW, GAP, TOP = 190.0, 300.0, 18.0, 34.0, 92.0
FILLS = ("#ffffff", "#7fb2dd", "#1b2733")


def svg(rows: Rows, ways: list[str]) -> str:
    """Return the figure: a bar of three parts for each way, kidneys and truth."""
    columns, high = truths(rows), TOP + len(GROUPS) * (GAP + ROW * len(ways)) + 36
    wide = LEFT + len(columns) * (BAR + 130)
    found = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" role="img" '
        'aria-label="Share of 48 h below, in and above 100 to 300 ng/mL, by way of dosing, kidneys and truth">',
        f'<rect width="{wide:g}" height="{high:g}" fill="#ffffff"/>',
        _text(
            8, 22, "A simulated ward: share of 48 h with the level below, in and above 100 to 300 ng/mL", 15, bold=True
        ),
    ]
    for place, (part, fill) in enumerate(zip(PARTS, FILLS, strict=True)):
        left = 8 + 180 * place
        found.append(_rect(left, 34, 22, 13, fill))
        found.append(_text(left + 28, 45, {"inside": "in the range"}.get(part, f"{part} the range"), 12))
    found.append(_text(8 + 540, 45, "numbers: below / in / above, %", 12))
    for column, truth in enumerate(columns):
        found += _column(rows, ways, truth, LEFT + column * (BAR + 130), names=column == 0)
    return "\n".join([*found, "</svg>"]) + "\n"


def _column(rows: Rows, ways: list[str], truth: str, left: float, *, names: bool) -> Iterator[str]:
    yield _text(
        left,
        74,
        {"as the model": "truth as the model says", "stage D": "truth clears 2.6 times more slowly"}[truth]
        + f", {len(of(rows, truth, ways[0]))} patients",
        13,
        bold=True,
    )
    top = TOP
    for group in GROUPS:
        if names:
            yield _text(8, top + 10, f"{group} kidneys", 13, bold=True)
        top += 16
        for way in ways:
            here = of(rows, truth, way, group)
            if here:
                yield from _bar(here, left, top)
            if names:
                yield _text(LEFT - 8, top + 12, way, 11.5, anchor="end")
            top += ROW
        top += GAP - 16
    for share in (0, 25, 50, 75, 100):
        at = left + BAR * share / 100
        yield f'<line x1="{at:g}" x2="{at:g}" y1="{top - 12:g}" y2="{top - 6:g}" stroke="#1b2733"/>'
        yield _text(at, top + 8, f"{share} %", 11, anchor="middle")
    yield _text(left + BAR / 2, top + 24, "share of 48 h", 11, anchor="middle")


def _bar(here: Rows, left: float, top: float) -> Iterator[str]:
    shares, at = [float(np.mean([row[part] for row in here])) for part in PARTS], left
    for share, fill in zip(shares, FILLS, strict=True):
        yield _rect(at, top + 1, BAR * share, ROW - 4, fill)
        at += BAR * share
    yield _text(left + BAR + 6, top + 12, " / ".join(f"{100 * share:.0f}" for share in shares), 11.5)


def _rect(left: float, top: float, wide: float, high: float, fill: str) -> str:
    place = f'x="{left:.1f}" y="{top:g}" width="{wide:.1f}" height="{high:g}"'
    return f'<rect {place} fill="{fill}" stroke="#1b2733" stroke-width="0.7"/>'


def _text(left: float, top: float, words: str, size: float, *, bold: bool = False, anchor: str = "start") -> str:
    weight, style = "bold" if bold else "normal", 'font-family="sans-serif" fill="#1b2733"'
    place = f'x="{left:.1f}" y="{top:g}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{size:g}" font-weight="{weight}" {style}>{words}</text>'
