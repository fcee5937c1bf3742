"""The rate that the pump of an order would deliver, per weight, worked out from what the order states.

Knows every way to it: a pump rate with a strength and a weight, with a scale, or with a bag made by weight; a pump rate
per weight with a strength; an amount per time with a weight; without any of these a bag and the time in which it is
empty. It judges nothing and proposes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from inotrope.order.statements import Kind, Statement, first
from inotrope.units import Quantity

_MIN_PER_H = Decimal(60)
_HOW_FAST = frozenset({Kind.RATE, Kind.MASS_RATE, Kind.PUMP_RATE, Kind.PUMP_RATE_PER_WEIGHT})
"""Kinds that tell how fast a bag runs."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A rate that would be delivered; `high` differs from `low` for a range.

    Attributes:
        low: The lower end.
        high: The upper end.
        says: From what it was worked out, in the order's own values.
        of: The statement of the pump, or of the time in which a bag is empty.
        shown: What delivers it, in the order's own values.
    """

    low: Quantity
    high: Quantity
    says: str
    of: Statement
    shown: str


def delivered(statements: Sequence[Statement]) -> tuple[Delivered, ...]:
    """Return the rates that the stated pump rate, or amount per time, delivers; each value once.

    Args:
        statements: What the order states, or one row of it with the rest.
    """
    found: dict[tuple[str, str], Delivered] = {}
    for item in (*_pumped(statements), *_by_mass(statements), *_by_bag(statements)):
        found.setdefault((item.low.shown(4), item.high.shown(4)), item)
    return tuple(found.values())


def _pumped(statements: Sequence[Statement]) -> list[Delivered]:
    weight, strengths = first(statements, Kind.WEIGHT), strengths_of(statements)
    pump, by_weight = first(statements, Kind.PUMP_RATE), first(statements, Kind.PUMP_RATE_PER_WEIGHT)
    scale, volume = first(statements, Kind.RATE_PER_ML_PER_H), first(statements, Kind.VOLUME)
    per_weight = first(statements, Kind.AMOUNT_PER_WEIGHT)
    found = []
    if pump is not None and weight is not None:
        for (low, high), shown in strengths:
            ends = (pump.ends[0] * low / weight.ends[1] / _MIN_PER_H, pump.ends[1] * high / weight.ends[0] / _MIN_PER_H)
            found.append(_one(ends, f"{pump.shown} x {shown} / {weight.shown}", pump))
    if pump is not None and per_weight is not None and volume is not None:
        low, high = (end / _MIN_PER_H for end in _quotient(per_weight, volume))
        ends = (pump.ends[0] * low, pump.ends[1] * high)
        found.append(_one(ends, f"{pump.shown} x {per_weight.shown} / {volume.shown}", pump))
    if pump is not None and scale is not None:
        ends = (pump.ends[0] * scale.ends[0], pump.ends[1] * scale.ends[1])
        found.append(_one(ends, f"{pump.shown} at {scale.shown} for each mL/h", pump))
    if by_weight is not None:
        for (low, high), shown in strengths:
            ends = (by_weight.ends[0] * low / _MIN_PER_H, by_weight.ends[1] * high / _MIN_PER_H)
            found.append(_one(ends, f"{by_weight.shown} x {shown}", by_weight))
    return found


def _by_mass(statements: Sequence[Statement]) -> list[Delivered]:
    mass, weight = first(statements, Kind.MASS_RATE), first(statements, Kind.WEIGHT)
    if mass is None or weight is None:
        return []
    ends = (mass.ends[0] / weight.ends[1], mass.ends[1] / weight.ends[0])
    return [_one(ends, f"{mass.shown} / {weight.shown}", mass)]


def _by_bag(statements: Sequence[Statement]) -> list[Delivered]:
    """Return what a bag delivers that is empty after a time, where nothing else tells how fast it runs."""
    weight, time = first(statements, Kind.WEIGHT), first(statements, Kind.BAG_TIME)
    if weight is None or time is None or any(item.kind in _HOW_FAST for item in statements):
        return []
    amount, volume = first(statements, Kind.AMOUNT), first(statements, Kind.VOLUME)
    bags = [(amount.ends, amount.shown)] if amount is not None else []
    if amount is None and volume is not None:
        bags = [
            ((volume.ends[0] * low, volume.ends[1] * high), f"{volume.shown} x {shown}")
            for (low, high), shown in strengths_of(statements)
        ]
    found = []
    for (least, most), shown in bags:
        longest, shortest = (time.ends[end] * _MIN_PER_H * weight.ends[end] for end in (1, 0))
        one = _one((least / longest, most / shortest), f"{shown} / {time.shown} / {weight.shown}", time)
        found.append(replace(one, shown=f"{shown} in {time.shown}"))
    return found


def strengths_of(statements: Sequence[Statement]) -> list[tuple[tuple[Decimal, Decimal], str]]:
    """Return each strength that the order states or makes, in mcg/mL with its words: as stated, and from the bag.

    Args:
        statements: What the order states.
    """
    found = []
    strength, amount = first(statements, Kind.CONCENTRATION), first(statements, Kind.AMOUNT)
    volume, drawn = first(statements, Kind.VOLUME), first(statements, Kind.DRUG_VOLUME)
    vial = first(statements, Kind.VIAL_STRENGTH)
    if strength is not None:
        found.append((strength.ends, strength.shown))
    if amount is not None and volume is not None:
        found.append((_quotient(amount, volume), f"{amount.shown} / {volume.shown}"))
    elif drawn is not None and vial is not None and volume is not None:
        low, high = _quotient(drawn, volume)
        shown = f"{drawn.shown} x {vial.shown} / {volume.shown}"
        found.append(((low * vial.ends[0], high * vial.ends[1]), shown))
    per_weight, weight = first(statements, Kind.AMOUNT_PER_WEIGHT), first(statements, Kind.WEIGHT)
    if per_weight is not None and weight is not None and volume is not None:
        low, high = _quotient(per_weight, volume)
        shown = f"{per_weight.shown} x {weight.shown} / {volume.shown}"
        found.append(((low * weight.ends[0], high * weight.ends[1]), shown))
    return found


def _quotient(up: Statement, down: Statement) -> tuple[Decimal, Decimal]:
    return up.ends[0] / down.ends[1], up.ends[1] / down.ends[0]


def _one(ends: tuple[Decimal, Decimal], says: str, of: Statement) -> Delivered:
    low, high = (Quantity(end, "mcg/kg/min") for end in ends)
    return Delivered(low, high, says, of, of.shown)
