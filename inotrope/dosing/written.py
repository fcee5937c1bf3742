"""A regimen as a nurse says it: "50 mcg/kg over 10 min; 0.5 mcg/kg/min for 24 h; pause 2 h; 0.375 mcg/kg/min".

Knows loads, rates and pauses one after the other, from text and back to text. It judges none of them: whether such a
regimen may be given is for `safety`, and what it comes to for `forecast`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from inotrope.dosing.history import History
from inotrope.errors import InotropeError, RequestError, shorten
from inotrope.units import Quantity, read_quantity

_MANY, _LONGEST_H = 100, Decimal(24 * 366)
_FORM = "'50 mcg/kg over 10 min; 0.5 mcg/kg/min for 24 h; pause 2 h; 0.375 mcg/kg/min'"
_LOAD = re.compile(r"(?P<dose>.+?)\s+over\s+(?P<time>.+)", re.IGNORECASE | re.DOTALL)
_PAUSE = re.compile(r"pause(?:\s+for)?(?:\s+(?P<time>.+))?", re.IGNORECASE | re.DOTALL)
_INFUSION = re.compile(r"(?P<rate>.+?)(?:\s+for\s+(?P<time>.+))?", re.IGNORECASE | re.DOTALL)
_AGAIN = re.compile(
    r"(?P<once>.+?)\s+every\s+(?P<every>[^,]+?)(?:\s*,\s*|\s+)(?P<count>\d+)\s+times", re.IGNORECASE | re.DOTALL
)
_EVERY = re.compile(r"\bevery\b", re.IGNORECASE)
_DOSES, _RATES = ("dose per body weight", "mass"), ("rate per body weight", "mass rate")


class PartKind(StrEnum):
    """What one part of a regimen is."""

    LOAD = "load"
    INFUSION = "infusion"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class RegimenPart:
    """A dose over a time, a rate, or a pause. Only the last part may be without an end: its duration is None."""

    kind: PartKind
    dose: Quantity | None
    rate: Quantity | None
    duration: Quantity | None

    @classmethod
    def load(cls, dose: Quantity, duration: Quantity) -> RegimenPart:
        """Return a dose over a time."""
        return cls(PartKind.LOAD, dose, None, duration)

    @classmethod
    def infusion(cls, rate: Quantity, duration: Quantity | None = None) -> RegimenPart:
        """Return a rate, for a time or without end."""
        return cls(PartKind.INFUSION, None, rate, duration)

    @classmethod
    def pause(cls, duration: Quantity | None = None) -> RegimenPart:
        """Return a time in which nothing is given."""
        return cls(PartKind.PAUSE, None, None, duration)

    def __str__(self) -> str:
        """Give the part as it is said."""
        if self.kind is PartKind.LOAD:
            return f"{self.dose} over {self.duration}"
        time = "" if self.duration is None else f" {self.duration}"
        return f"pause{time}" if self.rate is None else f"{self.rate}{time and ' for'}{time}"

    def mcg_per_h(self, weight: Quantity) -> Decimal:
        """Return what flows, mcg/h, for a body weight."""
        if self.rate is not None:
            per_weight = self.rate.dimension == "rate per body weight"
            return self.rate.in_unit("mcg/kg/h") * weight.in_unit("kg") if per_weight else self.rate.in_unit("mcg/h")
        if self.dose is None or self.duration is None:
            return Decimal(0)
        per_weight = self.dose.dimension == "dose per body weight"
        mcg = self.dose.in_unit("mcg/kg") * weight.in_unit("kg") if per_weight else self.dose.in_unit("mcg")
        return mcg / self.duration.in_unit("h")


@dataclass(frozen=True, slots=True)
class Timed:
    """A part on the clock, in hours from the start of the regimen; None has no end."""

    start_h: Decimal
    end_h: Decimal | None
    part: RegimenPart


@dataclass(frozen=True, slots=True)
class WrittenRegimen:
    """Parts that follow each other; after the last one nothing flows."""

    parts: tuple[RegimenPart, ...]

    def __post_init__(self) -> None:
        """Prove that there is a part, that only the last has no end, and that all of it ends within a year."""
        if not self.parts:
            raise RequestError(f"The regimen has no part. Write it such as {_FORM}.", accepted=_FORM)
        endless = [number for number, part in enumerate(self.parts[:-1], 1) if part.duration is None]
        if endless:
            says = f"In the regimen '{shorten(str(self))}' part {endless[0]} has no end, and another part follows it. "
            raise RequestError(f"{says}Write how long it runs, such as 'for 24 h'.", value=str(self))
        if sum((_hours(part) for part in self.parts), Decimal(0)) > _LONGEST_H:
            says = f"The regimen '{shorten(str(self))}' is longer than 366 days. Check the times."
            raise RequestError(says, value=str(self), accepted="at most 366 days")

    def __str__(self) -> str:
        """Give the regimen as it is said."""
        return "; ".join(str(part) for part in self.parts)

    @property
    def last_rate(self) -> Quantity | None:
        """The rate at which it ends, or goes on; None where the last part is no infusion."""
        return self.parts[-1].rate

    def timed(self) -> tuple[Timed, ...]:
        """Return the parts on the clock."""
        found, start = [], Decimal(0)
        for part in self.parts:
            end = None if part.duration is None else start + _hours(part)
            found.append(Timed(start, end, part))
            start += _hours(part)
        return tuple(found)


def read_regimen(text: str) -> WrittenRegimen:
    """Return the regimen that a text says.

    Args:
        text: Parts between semicolons: `<dose> over <time>`, `<rate> for <time>` (the last one may have no time),
            `pause <time>`, or `<dose> over <time> every <time>, <count> times`, which is that dose and the pause up to
            the next, so many times. Doses and rates are per body weight or for the whole patient.

    Raises:
        UnitError: A part has no number with a unit of the right kind; the part is named by its number.
        RequestError: There is no part, one without an end is not the last, there are too many, or all is too long; a
            dose that is repeated does not say how often, or is not over before the next.
    """
    written = [part.strip() for part in text.split(";") if part.strip()]
    if len(written) > _MANY:
        raise RequestError(f"The regimen has {len(written)} parts; at most {_MANY} are read.", value=text)
    parts = tuple(one for number, part in enumerate(written, 1) for one in _parts(number, part))
    if len(parts) > _MANY:
        raise RequestError(
            f"With its repeats the regimen has {len(parts)} parts; at most {_MANY} are read.", value=text
        )
    return WrittenRegimen(parts)


def goes_on(past: History) -> WrittenRegimen | None:
    """Return the infusion that runs, going on; None where none runs."""
    rate = past.running_rate
    return None if rate is None else WrittenRegimen((RegimenPart.infusion(rate),))


def _parts(number: int, text: str) -> tuple[RegimenPart, ...]:
    """Return one part, or a dose and a pause as often as the text repeats them."""
    if not _EVERY.search(text):
        return (_part(number, text),)
    where = f"part {number} of the regimen, '{shorten(text)}'"
    again = _AGAIN.fullmatch(text)
    once = None if again is None else _part(number, again["once"])
    if again is None or once is None or once.kind is not PartKind.LOAD or not 1 <= int(again["count"][:4]) <= _MANY:
        form = "'1000 mg over 60 min every 12 h, 6 times'"
        says = f"A dose is repeated as in {form}: say how long it takes and how often it is given, 1 to {_MANY} times."
        raise RequestError(says, value=text, accepted=form, where=where)
    try:
        every = _time(again["every"])
    except InotropeError as error:
        raise error.at(where) from None
    assert once.duration is not None  # a load has one
    rest = every.in_unit(once.duration.unit) - once.duration.value  # in the dose's own unit: 12 h - 10 min is 710 min
    if rest < 0:
        raise RequestError(f"A dose over {once.duration} is not over when the next begins.", value=text, where=where)
    pause = () if rest == 0 else (RegimenPart.pause(Quantity(rest, once.duration.unit)),)
    return (once, *pause) * int(again["count"])


def _part(number: int, text: str) -> RegimenPart:
    try:
        pause, load = _PAUSE.fullmatch(text), _LOAD.fullmatch(text)
        if pause is not None:
            return RegimenPart.pause(_end(pause["time"]))
        if load is not None:
            dose = read_quantity(load["dose"], what="The dose", dimensions=_DOSES)
            return RegimenPart.load(dose, _time(load["time"]))
        infusion = _INFUSION.fullmatch(text)
        assert infusion is not None  # a text that is not blank always is one
        rate = read_quantity(infusion["rate"], what="The rate", dimensions=_RATES)
        return RegimenPart.infusion(rate, _end(infusion["time"]))
    except InotropeError as error:
        raise error.at(f"part {number} of the regimen, '{shorten(text)}'") from None


def _time(text: str) -> Quantity:
    return read_quantity(text, what="The time", dimensions=("time",))


def _end(text: str | None) -> Quantity | None:
    return None if text is None else _time(text)


def _hours(part: RegimenPart) -> Decimal:
    return Decimal(0) if part.duration is None else part.duration.in_unit("h")
