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


def course_began(case: dict[str, Any]) -> Fraction | None:
    """Return when the first dose or infusion of this course began; None where nothing was given."""
    past = sorted(pieces(case), key=lambda piece: piece.start)
    begins = [
        piece.start for place, piece in enumerate(past) if all(piece.start - before.end > 24 for before in past[:place])
    ]
    return begins[-1] if begins else None


def too_fast_loads(case: dict[str, Any], entries: list[Printed]) -> list[Fraction]:
    """Return the ends of the doses that went in faster than every one of some entries gives so much, up to now."""
    return [
        min(dose.end, Fraction(0))
        for dose in doses(case)
        if entries
        and all(dose.end - dose.start < _least_hours((dose.end - dose.start) * dose.rate, entry) for entry in entries)
    ]


def _least_hours(amount: Fraction, entry: Printed) -> Fraction:
    """Return the shortest time for a dose, by rule of three, none longer than the load's; 5 % less is still that."""
    load = entry.load
    assert load is not None
    whole = load.high if load.by_rate else load.low
    return load.shortest * min(amount / whole, Fraction(1)) * Fraction(95, 100)


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
    past = flowing(case)
    return None if infusion_runs(case) or not past else max(past, key=lambda piece: piece.end).rate


def flowing(case: dict[str, Any]) -> list[Piece]:
    """Return the infusions that gave something, in the order of time."""
    return [piece for piece in infusions(case) if piece.rate > 0 and piece.end > piece.start]


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
        and is_one_load(case, entry, run, run[-1].rate * (load.hours + since))
    )


def is_one_load(case: dict[str, Any], entry: Printed, run: list[Piece], ahead: Fraction) -> bool:
    """Tell whether a run, with mcg/kg still ahead, and the single doses of a day around it are at most one load."""
    near = [one for one in doses(case) if one.end > run[0].start - 24 and one.start < run[-1].end + 24]
    whole = ahead + sum(((one.end - one.start) * one.rate for one in (*run, *near)), Fraction(0))
    return not near or whole <= entry.largest_dose


def load_pieces(case: dict[str, Any], entry: Printed) -> list[Piece]:
    """Return the pieces that are a load given as a rate: the newest run begins with them. A gap above 24 h ends a run.

    They last until the flow first falls to what an infusion may have at most, or, in a run that begins as slowly as an
    infusion may run, to the start. Longer or faster than the load may be, raised from there, or more than one load with
    the single doses beside it, none of it is one.
    """
    load, past = entry.load, [*flowing(case), *(piece for piece in infusions(case) if piece.start == 0 < piece.rate)]
    if load is None or not load.by_rate or not past:
        return []
    first = max([one for before, one in itertools.pairwise(past) if one.start - before.end > 24] or past[:1])
    top, highest = entry.top * 60, load.high / load.hours
    floor, limit = (top, highest) if first.rate > top else (entry.start * 60, min(top, highest))
    ends = {piece.start: piece for piece in past if piece.rate > floor and piece.start >= first.start}
    found = [first] if first.rate > floor else []
    while found and found[-1].end in ends and ends[found[-1].end] != found[-1]:
        found.append(ends[found[-1].end])
    whole = sum((piece.end - piece.start for piece in found), Fraction(0))
    if not found or whole > load.hours or any(piece.rate > limit for piece in found):
        return []
    ahead = found[-1].rate * (load.hours - whole) if infusion_runs(case) and found[-1] is past[-1] else Fraction(0)
    return found if is_one_load(case, entry, found, ahead) else []


def highest_earlier(case: dict[str, Any], entry: Printed) -> Fraction | Known:
    """Return the highest rate that ended in the last 24 h and was no load; False where none did."""
    running = infusion_runs(case)
    load = load_pieces(case, entry)
    over = [piece for piece in flowing(case) if piece.end > -24 and not (running and piece.end == 0)]
    return max((piece.rate for piece in over if piece not in load), default=False)


def beyond(case: dict[str, Any], entry: Printed) -> Fraction | Known:
    """Return what flowed beyond the highest rate in the last 24 h, with the single doses; False where nothing did."""
    top, load = entry.top * 60, load_pieces(case, entry)
    fast = [piece._replace(rate=piece.rate - top) for piece in flowing(case) if piece.rate > top and piece not in load]
    in_a_day = given(fast, Fraction(-24), Fraction(0))
    recent = [piece for piece in doses(case) if piece.end > -24]
    return in_a_day + given(recent, Fraction(-999), Fraction(999)) if in_a_day else False


def room(past: list[Piece], cap: Fraction, load: Fraction) -> Fraction:
    """Return the highest rate from now on that leaves every window of 24 h within the cap, a load drawn up counted.

    What a window holds is a broken line over its end, and so is what the rate adds: it is fullest at a bend.
    """
    if given(past, Fraction(-24), Fraction(0)) + load > cap:
        return Fraction(0)
    bends = {bend for piece in past for edge in (piece.start, piece.end) for bend in (edge, edge + 24) if bend > 0}
    left = [
        (cap - given(past, end - 24, end) - (load if end <= 24 else 0)) / min(end, Fraction(24))
        for end in bends | {Fraction(24)}
    ]
    return max(min(left), Fraction(0))
