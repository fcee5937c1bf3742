"""When a range of levels is left, as a line or, for the ways in which moving kidneys may go on, as a table.

Knows how shares and hours are said. A range is no limit of safety, and nothing here calls it one.
"""

from __future__ import annotations

from collections.abc import Sequence

from inotrope.display.sheet import Row, Rows, Table
from inotrope.plan.forecast_record import Band, RangeLeft
from inotrope.units import Quantity, plain_number

ABOVE, BELOW = "above", "below"
_NOTHING = 0.05
"""%: what is rounded to nothing."""

Way = tuple[str, str, tuple[RangeLeft, ...]]
"""A way in which the kidneys go on, the level at the end in words, and when each range is left."""


def leaving_table(by: str, ways: Sequence[Way], band: Band, until: str) -> Table:
    """Return when a range is left in each way in which moving kidneys may go on.

    Args:
        by: The model.
        ways: From the first to the last.
        band: The range.
        until: The last hour.
    """
    above, below = f"Above {band.high} by then", f"Below {band.low} again"
    head = ("Kidneys", f"Level at {until}", above, "5 %, half by", f"Above at {until}", below)
    caption = f"When {_range(band)} is left by {by}, as the kidneys go on: no forecast of them"
    return Table(caption, head, tuple(_way(name, end, _sides(left, band)) for name, end, left in ways))


def _way(name: str, end: str, sides: tuple[RangeLeft, RangeLeft]) -> tuple[str, ...]:
    above, below = sides
    times = ", ".join(_hour(hour) for hour in (above.by_5_percent, above.by_half))
    return (name, end, above.chance.shown(0), times, above.at_the_end.shown(0), below.chance.shown(0))


def _hour(hour: Quantity | None) -> str:
    if hour is None:
        return "later"
    return str(hour) if hour.value else "now"


def leaving_line(by: str, leaves: tuple[RangeLeft, ...], band: Band, until: str) -> Rows:
    """Return when a range is left where the kidneys are held or do not count, as one line.

    Args:
        by: The model.
        leaves: When each range is left.
        band: The range.
        until: The last hour.
    """
    above, below = _sides(leaves, band)
    parts = [f"no draw comes above it within {until}"]
    if above.chance.value >= _NOTHING:
        told = (("5 %", above.by_5_percent), ("half", above.by_half))
        when = [f"{share} by {hour}" for share, hour in told if hour is not None and hour.value > 0]
        already = f", {above.now.shown(0)} now" if above.now.value >= _NOTHING else ""
        times = f" ({', '.join(when)})" if when else ""
        parts = [f"{above.chance.shown(0)} of the draws come above it within {until}{already}{times}"]
        parts += [f"{above.at_the_end.shown(0)} are above it then"] if already else []
    if below.chance.value >= _NOTHING:
        parts.append(f"{below.chance.shown(0)} fall below it from within")
    parts.append("kidneys that begin to fail are not counted")
    return Rows((Row("Leaving", f"of {_range(band)}, by {by}: {'; '.join(parts)}."),))


def _sides(leaves: tuple[RangeLeft, ...], band: Band) -> tuple[RangeLeft, RangeLeft]:
    found = {item.side: item for item in leaves if item.band == band.id}
    return found[ABOVE], found[BELOW]


def _range(band: Band) -> str:
    return f"{plain_number(band.low.in_unit(band.high.unit))} to {band.high}"
