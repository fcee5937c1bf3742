"""Rows that open and close: those that stand ready for what a drug's rules read, and those that somebody adds.

Knows only names of fields. A row that stands ready and stays empty leaves nothing in the case.
"""

from __future__ import annotations

from collections.abc import Mapping

from inotrope.patient import vocabulary
from inotrope.web.form.fields import ROWS, TABLES, Asked, Kind, asked_measurements, part_of
from inotrope.web.form.reading import ASKED, is_filed, row_numbers
from inotrope.web.form.times import whole_time

MOST_OPEN = 400
"""Rows of one part that a page opens; more is no chart of a bedside."""


def new_values(drug: str, now: str) -> dict[str, str]:
    """Return the fields of a patient of whom nothing is known yet."""
    return with_asked({"drug": drug, "now": now})


def with_asked(values: Mapping[str, str]) -> dict[str, str]:
    """Return the fields with an empty row for each measurement that the drug's rules read and that has none."""
    found = dict(values)
    standing: list[Asked] = []
    for number in row_numbers(found, "measurements"):
        before = f"measurements.{number}."
        kind = vocabulary().measurement(found.get(f"{before}what", ""))
        if kind is not None:
            standing.append(Asked(kind.name, found.get(f"{before}of", "")))
    for part in asked_measurements(found.get("drug", "")).values():
        for item in part:
            if item in standing:
                standing.remove(item)
            else:
                _open_measurement(found, item)
    return found


def add_row(values: Mapping[str, str], what: str) -> dict[str, str]:
    """Return the fields with one more row.

    Args:
        values: The fields.
        what: The part, and for what, as the button says it: `lines`, `administrations:load`, or `measurements:labs`,
            `support` and `events`, for which the list beside the button names the kind.
    """
    part, _, kind = what.partition(":")
    found = dict(values)
    if part not in ROWS or len(row_numbers(found, part)) >= MOST_OPEN:
        return found
    chosen = found.get(f"add.{what}", "")
    if part == "administrations":
        drug = found.get("drug", "")
        before = _next(found, part)
        found[f"{before}shape"] = kind if kind in ("load", "infusion") and drug else "any"
        if found[f"{before}shape"] == "any":
            found[f"{before}of"] = ""
        else:
            found |= {f"{before}of": drug, f"{before}{ASKED}": drug}
    elif part == "lines":
        found[f"{_next(found, part)}with"] = ""
    elif chosen and part == "measurements":
        of = found.get("drug", "") if part_of(chosen) == "levels" else ""
        before = _next(found, part)
        found[f"{before}what"] = chosen
        if of:
            found[f"{before}of"] = of
    elif chosen:
        found[f"{_next(found, part)}what"] = chosen
    found.pop(f"{part}.none", None)
    return found


def remove_row(values: Mapping[str, str], row: str) -> dict[str, str]:
    """Return the fields without one row, such as `events.2`."""
    return {name: text for name, text in values.items() if not name.startswith(f"{row}.") or row.count(".") != 1}


def settle_times(values: Mapping[str, str]) -> dict[str, str]:
    """Return the fields with every short time written out, so that none moves along with the time of the plan."""
    times = {f"{table}.{item.key}" for table, fields in TABLES.items() for item in fields if item.kind is Kind.TIME}
    for part, fields in ROWS.items():
        keys = [item.key for item in fields if item.kind is Kind.TIME]
        times |= {f"{part}.{number}.{key}" for number in row_numbers(values, part) for key in keys}
    now = values.get("now", "")
    settled = {name: whole_time(text, now).text for name, text in values.items() if name in times and text}
    return {**values, **{name: text for name, text in settled.items() if not is_filed(values, name)}}


def _open_measurement(found: dict[str, str], item: Asked) -> None:
    before = _next(found, "measurements")
    found[f"{before}what"] = item.what
    if item.of:
        found[f"{before}of"] = item.of
    found[f"{before}{ASKED}"] = "|".join(filter(None, (item.what, item.of)))


def _next(values: Mapping[str, str], part: str) -> str:
    numbers = row_numbers(values, part)
    return f"{part}.{numbers[-1] + 1 if numbers else 0}."
