"""What a search for a dose is asked, as a person writes it: the range, the penalty, and when a level can be drawn."""

from __future__ import annotations

import math
import re
from decimal import Decimal

import numpy as np

from inotrope.drug import StudiedRange
from inotrope.errors import RequestError, shorten
from inotrope.forecast.dose_search import PENALTY
from inotrope.plan.forecast_numbers import HOUR, LEVEL
from inotrope.plan.target.record import WantedRange
from inotrope.plan.target.scoring import Wanted
from inotrope.units import Quantity, read_quantity

AHEAD_H = 24
"""h. As far as a plan's forecast goes."""
STEP_H = 0.25
"""h. Between two times that count: at half an hour the score moves by up to 0.016 (numerics.md, section 7)."""
MOST_PENALTY = 100.0
"""A judgement: beyond it every rate that ever crosses the range loses, and the number says nothing more."""
FORM = "'100-300 ng/mL' or '0.1 to 0.3 mg/L'"
_NUMBER = r"[-+]?\d[\d.,eE]*"
_RANGE = re.compile(
    rf"\s*({_NUMBER})\s*([^\d\s-][^\d]*?)?\s*(?:-|\N{{EN DASH}}|\bto\b)\s*({_NUMBER})\s*([^\d\s.,].*?)\s*"
)


def read_range(text: str | None, ranges: tuple[StudiedRange, ...]) -> WantedRange:
    """Return the range that is wanted; by default the hospital's own or the first studied one.

    Args:
        text: As written; None for the default.
        ranges: The hospital's own band first, then the studied ranges.

    Raises:
        RequestError: It is no range, begins below 0, or ends before it begins; none is written and none was studied.
        UnitError: It is no concentration.
    """
    if text is None:
        if not ranges:
            says = f"No range of levels was studied for this drug. Write the range that is wanted, such as {FORM}."
            raise RequestError(says, value="", accepted=FORM)
        first = ranges[0]
        sources = tuple(dict.fromkeys((first.low.source, first.high.source)))
        return WantedRange(first.low.value, first.high.value, first.who, sources)
    found = _RANGE.fullmatch(text)
    if found is None:
        says = f"'{shorten(text)}' is no range of levels. Write it such as {FORM}."
        raise RequestError(says, value=text, accepted=FORM)
    ends = [
        read_quantity(
            f"{number} {unit or found[4]}", what="The range", dimensions=("mass concentration",), positive=False
        )
        for number, unit in ((found[1], found[2]), (found[3], found[4]))
    ]
    if not 0 <= ends[0].in_unit(LEVEL) < ends[1].in_unit(LEVEL):
        says = f"The range '{shorten(text)}' is none: write the lower end first, at least 0."
        raise RequestError(says, value=text, accepted=FORM)
    says = "as asked for"
    if not ranges:
        return WantedRange(ends[0], ends[1], says, ())
    studied = ranges[-1]
    lowest = min(item.low.value for item in ranges)
    highest = max(item.high.value for item in ranges)
    if ends[0] < lowest or ends[1] > highest:
        says += f"; it reaches beyond what was studied ({lowest} to {highest}; {studied.says})"
    return WantedRange(ends[0], ends[1], says, ())


def read_hours(texts: str | None) -> tuple[Quantity, ...]:
    """Return when the ward can draw a level, h from now, ascending; by default every full hour ahead.

    Raises:
        RequestError: No time, now or earlier, or not before the end of what is searched.
        UnitError: A time without a unit or with a wrong one.
    """
    if texts is None:
        return tuple(Quantity(Decimal(hour), HOUR) for hour in range(1, AHEAD_H))
    accepted = f"times such as '2 h, 6 h', after now and before {AHEAD_H} h"
    found = []
    for text in texts.split(","):
        value = read_quantity(text.strip(), what="The time of a level", dimensions=("time",))
        if not 0 < value.in_unit(HOUR) < AHEAD_H:
            says = f"A level {value} from now lies outside the {AHEAD_H} h that are searched."
            raise RequestError(says, value=text, accepted=accepted)
        found.append(value.to(HOUR))
    return tuple(sorted(set(found)))


def read_result_after(text: str | None) -> float:
    """Return how long after it is drawn a level's result is there, h; by default at once.

    Raises:
        RequestError: No time below the end of what is searched.
        UnitError: A time without a unit or with a wrong one.
    """
    if text is None:
        return 0.0
    value = read_quantity(text, what="The time to a result", dimensions=("time",), positive=False)
    if not 0 <= value.in_unit(HOUR) < AHEAD_H:
        accepted = f"a time such as '1 h', below {AHEAD_H} h"
        raise RequestError(
            f"A result {value} after it is drawn is none. Write {accepted}.", value=text, accepted=accepted
        )
    return float(value.in_unit(HOUR))


def wanted_of(range_: WantedRange, penalty: float | None, hours: tuple[Quantity, ...]) -> Wanted:
    """Return what is searched for, with the times that count and those at which only a level could be drawn.

    Each time of the even grid stands for the time around it, its two ends for half of that.

    Raises:
        RequestError: A penalty that is no number from 0 to 100.
    """
    asked = PENALTY if penalty is None else penalty
    if not 0 <= asked <= MOST_PENALTY or not math.isfinite(asked):
        accepted = f"a number from 0 to {MOST_PENALTY:g}"
        written = f"{asked:g}"  # as a person writes it: 1000, and not 1000.0
        raise RequestError(f"The penalty '{written}' is none. Write {accepted}.", value=written, accepted=accepted)
    grid = np.arange(round(AHEAD_H / STEP_H) + 1) * STEP_H
    times = np.unique(np.concatenate([grid, [float(hour.value) for hour in hours]]))
    weights = np.where((times[:, None] == grid).any(axis=1), 1.0, 0.0)
    weights[[0, -1]] /= 2
    low, high = (float(end.in_unit(LEVEL)) for end in (range_.low, range_.high))
    return Wanted(low, high, float(asked), times, weights)
