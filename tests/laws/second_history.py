"""A second reading of what was given: pieces, windows of 24 h minute by minute, the run, the pause, the last change.

It shares no code with `inotrope.dosing`. Amounts are mcg/kg, rates mcg/kg/h, times hours from now; generated courses
change on whole minutes, so that a sum of minutes is the integral itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from tests.laws.printed import Printed
from tests.laws.second_look import Known, medicine, number

DAY = 1440
"""Minutes."""


class Piece(NamedTuple):
    """A stretch of one rate."""

    start: Fraction
    end: Fraction
    rate: Fraction


def hours(length: timedelta) -> Fraction:
    """Return a length of time in hours."""
    return Fraction(round(length / timedelta(seconds=1)), 3600)


def moment(text: str) -> datetime:
    """Return a moment of the document."""
    return datetime.fromisoformat(text)


def recorded(case: dict[str, Any]) -> bool:
    """Tell whether the case says what was given."""
    return case.get("administrations") is not None


def mine(case: dict[str, Any], what: str) -> list[dict[str, Any]]:
    """Return the doses or the rates of milrinone, in the order of time."""
    listed = case.get("administrations") or []
    return sorted(
        (item for item in listed if medicine(item["of"]) == "milrinone" and what in item),
        key=lambda item: moment(item["start"]),
    )


def doses(case: dict[str, Any]) -> list[Piece]:
    """Return the doses; one that is still going in stands whole, its rest ahead."""
    found = []
    for item in mine(case, "dose"):
        start, end = _ends(case, item)
        assert end is not None
        found.append(Piece(start, end, _per_kg(case, item["dose"]) / (end - start)))
    return found


def infusions(case: dict[str, Any]) -> list[Piece]:
    """Return the infusions up to now, those of rate zero included; one without an end runs until the next begins."""
    found = []
    items = mine(case, "rate")
    for item, after in zip(items, [*items[1:], None][: len(items)], strict=True):
        start, end = _ends(case, item)
        if end is None:
            end = Fraction(0) if after is None else _ends(case, after)[0]
        found.append(Piece(start, min(end, Fraction(0)), _per_kg(case, item["rate"])))
    return found


def _ends(case: dict[str, Any], item: dict[str, Any]) -> tuple[Fraction, Fraction | None]:
    now, start = moment(case["now"]), moment(item["start"])
    if "end" in item:
        return hours(start - now), hours(moment(item["end"]) - now)
    length = number(item["duration"]) if "duration" in item else None
    return hours(start - now), None if length is None else hours(start - now) + length


def _per_kg(case: dict[str, Any], text: str) -> Fraction:
    return number(text) / (1 if "/kg" in text else number(case["patient"]["weight"]))


def pieces(case: dict[str, Any]) -> list[Piece]:
    """Return all that flowed."""
    return [piece for piece in (*doses(case), *infusions(case)) if piece.end > piece.start and piece.rate > 0]


def given(past: Iterable[Piece], start: Fraction, end: Fraction) -> Fraction:
    """Return the mcg/kg given between two moments."""
    return sum(
        (max(min(piece.end, end) - max(piece.start, start), Fraction(0)) * piece.rate for piece in past), Fraction(0)
    )


def windows(
    past: list[Piece],
    rate: Fraction,
    load: Fraction = Fraction(0),
    load_minutes: int = 0,
    end: int | None = None,
) -> list[float]:
    """Return the mcg/kg of each window of 24 h that ends a whole number of minutes from now, 0 to 48 h.

    A load that is drawn up (no minutes) counts at once, as the label counts it; one that runs on the pump takes its
    minutes, and the rate (mcg/kg/min) follows it. From the minute `end` on nothing flows.
    """
    flow = [0.0] * (3 * DAY)  # minute m holds what flows from m - 1440 to m - 1439
    for piece in past:
        first, last = max(int(piece.start * 60), -DAY), min(int(piece.end * 60), 2 * DAY)
        for minute in range(first, last):
            flow[minute + DAY] += float(piece.rate / 60)
    for minute in range(DAY, 3 * DAY):
        flow[minute] += float(rate)
    for minute in range(DAY, DAY + load_minutes):
        flow[minute] += float(load / load_minutes) - float(rate)
    for minute in range(3 * DAY if end is None else DAY + end, 3 * DAY):
        flow[minute] -= float(load / load_minutes) if minute < DAY + load_minutes else float(rate)
    if not load_minutes:
        flow[DAY] += float(load)
    sums = [0.0, *itertools.accumulate(flow)]
    return [sums[end] - sums[end - DAY] for end in range(DAY, 3 * DAY + 1)]


def fullest(
    past: list[Piece],
    rate: Fraction,
    load: Fraction = Fraction(0),
    load_minutes: int = 0,
    end: int | None = None,
) -> float:
    """Return the fullest of the windows that hold some of the future."""
    if past or end is not None:
        return max(windows(past, rate, load, load_minutes, end))
    return float(max(load + rate * (DAY - load_minutes), rate * DAY))


def infusion_runs(case: dict[str, Any]) -> bool:
    """Return whether an infusion of milrinone is known to run now."""
    items = mine(case, "rate")
    if not items:
        return False
    end = _ends(case, items[-1])[1]
    return number(items[-1]["rate"]) > 0 and (end is None or end > 0)


def runs_now(case: dict[str, Any]) -> Known:
    """Return whether an infusion or a dose of milrinone runs now."""
    if not recorded(case):
        return None
    return infusion_runs(case) or any(piece.end > 0 for piece in doses(case))


def was_given(case: dict[str, Any]) -> Known:
    """Return whether milrinone was given at all."""
    return bool(pieces(case)) or bool(runs_now(case)) if recorded(case) else None


def contradicts_itself(case: dict[str, Any]) -> bool:
    """Tell whether two of one kind overlap, or begin at one moment."""
    for what in ("dose", "rate"):
        for first, second in itertools.pairwise(mine(case, what)):
            end, begins = _ends(case, first)[1], _ends(case, second)[0]
            if (end is not None and end > begins) or first["start"] == second["start"]:
                return True
    return False


def running_rate(case: dict[str, Any]) -> Fraction:
    """Return the rate of the infusion that runs now."""
    return infusions(case)[-1].rate


def running_for(case: dict[str, Any]) -> Fraction:
    """Return the hours since the first infusion of the run; a gap of more than 24 h breaks it."""
    flowing = [piece for piece in infusions(case) if piece.rate > 0]
    start = flowing[-1].start
    for earlier in flowing[-2::-1]:
        if start - earlier.end > 24:
            break
        start = earlier.start
    return -start


def unchanged_for(case: dict[str, Any]) -> Fraction:
    """Return the hours since the rate that runs was last another one, zero included."""
    *before, last = infusions(case)
    start = last.start
    for piece in reversed(before):
        if piece.rate != last.rate or piece.end < start:
            break
        start = piece.start
    return -start


def last_rate(case: dict[str, Any]) -> Fraction | None:
    """Return the rate, mcg/kg/h, at which a paused infusion ran; None where none was given, or one runs."""
    flowing = [piece for piece in infusions(case) if piece.rate > 0 and piece.end > piece.start]
    return None if infusion_runs(case) or not flowing else max(flowing, key=lambda piece: piece.end).rate


def is_loading(case: dict[str, Any], entry: Printed) -> bool:
    """Tell whether what runs is a load given as a rate.

    The whole run is: younger than the load, without a gap, never faster than the load; and either always faster than
    an infusion may be, or, where the load may be as slow as that, always above the start and never above the infusion.
    """
    load = entry.load
    if load is None or not load.by_rate or not infusion_runs(case):
        return False
    since = -running_for(case)
    run = [piece for piece in infusions(case) if piece.rate > 0 and piece.start >= since]
    unbroken = all(before.end == after.start for before, after in itertools.pairwise(run))
    slowest, fastest = min(piece.rate for piece in run) / 60, max(piece.rate for piece in run) / 60
    like_an_infusion = entry.start < slowest and fastest <= entry.top
    return (
        -since < load.hours
        and unbroken
        and fastest * 60 * load.hours <= load.high
        and (slowest > entry.top or like_an_infusion)
    )
