"""What a course has for the moments of the readings on the drug, and which of these it does not follow.

Knows that a patient unlike those of the model is pulled toward them, and that what is told of him is then told of
somebody else in part. It refuses nothing: whoever reads the course sees which reading stands against it. Where he is
drawn fuller or emptier than he was read, no chance may be told: how full he is decides how far his pressure falls.
Readings before the drug are drawn as they were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from inotrope.estimation.response import KINDS, Reading
from inotrope.forecast import Spread
from inotrope.forecast.circulation import Foreseen, at
from inotrope.plan.circulation.bedside import NEEDED
from inotrope.plan.circulation.over_time.asking import Asked
from inotrope.plan.circulation.over_time.learning import Readings
from inotrope.plan.circulation.over_time.numbers import rounded
from inotrope.plan.circulation.readings_needed import OUTPUT
from inotrope.population.response import SEEN
from inotrope.units import Quantity

_INDEX = SEEN[0]
_FILLING = ("central_venous_mmhg", "wedge_mmhg")
_SAYS = (
    "The {what} of {value} at {moment} lies {side} what the course has for that moment, {low} to {high} (90 %): the "
    "course does not follow it, and leans to what is expected of {heart}."
)
_FULLER = (
    "No chance of a MAP below a limit is told: the {what} was read as {value} at {moment}, and the course has {median} "
    "for that moment, farther away than such a reading errs ({error}). How full a patient is decides how far the "
    "pressure falls."
)


class Followed(NamedTuple):
    """A reading on the drug, and the draws at its moment.

    Attributes:
        reading: As the case has it.
        spread: Of the same number in the draws, in the reading's own unit.
    """

    reading: Reading
    spread: Spread

    @property
    def what(self) -> str:
        """Its name."""
        return NEEDED[KINDS[self.reading.kind]][0]

    @property
    def moment(self) -> str:
        """Its time."""
        return f"{self.reading.measured.at:%Y-%m-%d %H:%M}"

    def told(self, value: float) -> Quantity:
        """Return a number as it is shown."""
        unit = NEEDED[KINDS[self.reading.kind]][1]
        return rounded((100.0 if unit == "%" else 1.0) * value, unit)


def followed_of(readings: Readings, found: Foreseen, surface_m2: float) -> tuple[Followed, ...]:
    """Return the readings on the drug, the oldest first, with what the draws have for their moments.

    Args:
        readings: That he was learned from.
        found: What the same draws show at the moments of the readings on the drug.
        surface_m2: Of the body that he is taken to have.
    """
    bedside = readings.bedside
    on_drug = [moment for moment in bedside.moments if moment is not None]
    pairs = []
    for item in (each for each in bedside.used if not each.before):
        name, (what, _) = KINDS[item.kind], NEEDED[KINDS[item.kind]]
        shown, scale = (_INDEX, surface_m2) if what == OUTPUT else (name, 1.0)
        if shown in SEEN:  # no course shows a right ejection fraction
            spread = at(found.of(shown), on_drug.index(item.measured.at))
            ends = (spread.lowest, spread.lower, spread.median, spread.upper, spread.highest)
            pairs.append(Followed(item, Spread(*(scale * end for end in ends))))
    return tuple(pairs)


def not_followed(asked: Asked, followed: Iterable[Followed]) -> Iterator[str]:
    """Yield a sentence for each reading that lies outside the 90 % of its own moment."""
    for item in followed:
        value, low, high = map(item.told, (item.reading.value, float(item.spread.lowest), float(item.spread.highest)))
        if not low.value <= value.value <= high.value:
            yield _SAYS.format(
                what=item.what,
                value=value,
                moment=item.moment,
                side="below" if value.value < low.value else "above",
                low=low,
                high=high,
                heart=asked.file.heart.title,
            )


def filled_otherwise(asked: Asked, followed: Iterable[Followed]) -> str:
    """Return why no chance is told: a filling pressure, the newest, that the draws miss by more than its error."""
    newest = {KINDS[item.reading.kind]: item for item in followed}  # the readings are the oldest first
    for item in (newest[name] for name in _FILLING if name in newest):
        rule = asked.file.readings.rules[item.reading.kind]
        error = asked.file.readings.errors[item.reading.kind]
        median = float(item.spread.median)
        if abs(median - item.reading.value) > error:
            return _FULLER.format(
                what=item.what,
                value=item.told(item.reading.value),
                moment=item.moment,
                median=item.told(median),
                error=rule.error.value,
            )
    return ""
