"""What if: a pause, another rate, kidneys that fall; the same draws before and after, so that they can be compared.

Knows how a regimen is cut on the clock: what a pause or a new rate covers is not given later. It judges none of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from inotrope.dosing import PartKind, RegimenPart, WrittenRegimen
from inotrope.errors import RequestError
from inotrope.forecast.record import Forecast, ModelForecast
from inotrope.units import Quantity, round_half_up


@dataclass(frozen=True, slots=True)
class Difference:
    """One model before and after a change, in the typical patient; None where it does not answer one of the two.

    Attributes:
        model: Its name.
        steady_ratio: The new steady level over the old one.
        end_ratio: The same of the last time of the curve.
        refused: Why it does not answer after the change; empty where it does.
    """

    model: str
    steady_ratio: float | None
    end_ratio: float | None
    refused: str


def with_pause(regimen: WrittenRegimen, *, after: Quantity, lasting: Quantity) -> WrittenRegimen:
    """Return a regimen with a pause in it; what was planned for its hours is not given later.

    Args:
        regimen: The regimen.
        after: From its start to the pause.
        lasting: How long the pause lasts.

    Raises:
        RequestError: The pause does not lie ahead, lasts no time, or begins when the regimen is over.
    """
    start, hours = _ahead(after), lasting.in_unit("h")
    if hours <= 0:
        raise RequestError(f"A pause of {lasting} is none.", value=str(lasting), accepted="a time above zero")
    _within(regimen, start, after)
    before, rest = _until(regimen, start), _from(regimen, start + hours)
    return WrittenRegimen((*before, RegimenPart.pause(lasting if rest else None), *rest))


def with_rate(regimen: WrittenRegimen, *, after: Quantity, rate: Quantity) -> WrittenRegimen:
    """Return a regimen that from some moment on goes on at another rate, without end.

    Args:
        regimen: The regimen.
        after: From its start to the change.
        rate: The new rate.

    Raises:
        RequestError: The change does not lie ahead, or comes when the regimen is over.
    """
    start = _ahead(after)
    _within(regimen, start, after)
    return WrittenRegimen((*_until(regimen, start), RegimenPart.infusion(rate)))


def differences(before: Forecast, after: Forecast) -> tuple[Difference, ...]:
    """Return for each model what a change does; both forecasts hold the same models in the same order."""
    pairs = zip(before.models, after.models, strict=True)
    return tuple(Difference(new.model, _steady(old, new), _end(old, new), new.refused) for old, new in pairs)


def _steady(old: ModelForecast, new: ModelForecast) -> float | None:
    if old.steady is None or new.steady is None:
        return None
    return new.steady.typical / old.steady.typical


def _end(old: ModelForecast, new: ModelForecast) -> float | None:
    if old.curve is None or new.curve is None or old.curve.typical_ng_per_ml[-1] <= 0:
        return None
    return float(new.curve.typical_ng_per_ml[-1] / old.curve.typical_ng_per_ml[-1])


def _ahead(after: Quantity) -> Decimal:
    hours = after.in_unit("h")
    if hours < 0:
        raise RequestError(
            f"A change {after} from the start does not lie ahead.", value=str(after), accepted="0 h or later"
        )
    return hours


def _within(regimen: WrittenRegimen, start: Decimal, after: Quantity) -> None:
    end = regimen.timed()[-1].end_h
    if end is not None and start >= end:
        raise RequestError(f"The regimen '{regimen}' is over after {after}.", value=str(after))


def _until(regimen: WrittenRegimen, hour: Decimal) -> tuple[RegimenPart, ...]:
    """Return what comes before an hour."""
    return _cut(regimen, lambda start, end: (start, hour if end is None else min(end, hour)))


def _from(regimen: WrittenRegimen, hour: Decimal) -> tuple[RegimenPart, ...]:
    """Return what comes after an hour."""
    return _cut(regimen, lambda start, end: (max(start, hour), end))


def _cut(
    regimen: WrittenRegimen, span: Callable[[Decimal, Decimal | None], tuple[Decimal, Decimal | None]]
) -> tuple[RegimenPart, ...]:
    found = []
    for timed in regimen.timed():
        start, end = span(timed.start_h, timed.end_h)
        if end is not None and end <= start:
            continue
        whole = (start, end) == (timed.start_h, timed.end_h)
        found.append(timed.part if whole else _piece(timed.part, None if end is None else _lasting(end - start)))
    return tuple(found)


def _lasting(hours: Decimal) -> Quantity:
    """Return hours as a ward reads them: in minutes, where they have no short decimal."""
    short = round_half_up(hours, 2)
    return Quantity(short, "h") if short == hours else Quantity(round_half_up(hours * 60, 6), "min")


def _piece(part: RegimenPart, duration: Quantity | None) -> RegimenPart:
    """Return a part that lasts another time; a load that is cut goes in at its own rate and becomes an infusion."""
    if part.kind is not PartKind.LOAD or part.dose is None or part.duration is None:
        return RegimenPart(part.kind, part.dose, part.rate, duration)
    per_weight = part.dose.dimension == "dose per body weight"
    amount, unit = ("mcg/kg", "mcg/kg/h") if per_weight else ("mcg", "mcg/h")
    rate = Quantity(part.dose.in_unit(amount) / part.duration.in_unit("h"), unit)
    return RegimenPart.infusion(rate, duration)
