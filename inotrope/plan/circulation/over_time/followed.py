"""Which readings on the drug a course does not follow: those that lie outside what it has for their own moment.

Knows that a patient unlike those of the model is pulled toward them, and that what is told of him is then told of
somebody else in part. It refuses nothing: whoever reads the course sees which reading stands against it. Readings
before the drug are drawn as they were read.
"""

from __future__ import annotations

from collections.abc import Iterator

from inotrope.estimation.response import KINDS
from inotrope.forecast.circulation import Foreseen, at
from inotrope.plan.circulation.bedside import NEEDED
from inotrope.plan.circulation.over_time.asking import Asked
from inotrope.plan.circulation.over_time.learning import Readings
from inotrope.plan.circulation.over_time.numbers import rounded
from inotrope.plan.circulation.readings_needed import OUTPUT
from inotrope.population.response import SEEN

_INDEX = SEEN[0]
_SAYS = (
    "The {what} of {value} at {moment} lies {side} what the course has for that moment, {low} to {high} (90 %): the "
    "course does not follow it, and leans to what is expected of {heart}."
)


def not_followed(asked: Asked, readings: Readings, found: Foreseen, surface_m2: float) -> Iterator[str]:
    """Yield a sentence for each reading on the drug that lies outside the 90 % of its own moment.

    Args:
        asked: Whom.
        readings: That he was learned from.
        found: What the same draws show at the moments of the readings on the drug.
        surface_m2: Of the body that he is taken to have.
    """
    bedside = readings.bedside
    on_drug = [moment for moment in bedside.moments if moment is not None]
    for item in (each for each in bedside.used if not each.before):
        name, (what, unit) = KINDS[item.kind], NEEDED[KINDS[item.kind]]
        shown, scale = (_INDEX, surface_m2) if what == OUTPUT else (name, 1.0)
        if shown not in SEEN:
            continue  # no course shows a right ejection fraction
        spread = at(found.of(shown), on_drug.index(item.measured.at))
        times = 100.0 if unit == "%" else 1.0
        value, low, high = (
            rounded(times * number, unit)
            for number in (item.value, scale * float(spread.lowest), scale * float(spread.highest))
        )
        if low.value <= value.value <= high.value:
            continue
        yield _SAYS.format(
            what=what,
            value=value,
            moment=f"{item.measured.at:%Y-%m-%d %H:%M}",
            side="below" if value.value < low.value else "above",
            low=low,
            high=high,
            heart=asked.file.heart.title,
        )
