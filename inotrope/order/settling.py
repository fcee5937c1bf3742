"""What only the whole text can tell: a vial that is a bag, a list of steps, and two values for one thing.

Knows the statements of one text. It drops nothing silently: what is not compared is returned with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inotrope.findings import Refusal
from inotrope.order.relations import MAY_DIFFER
from inotrope.order.statements import Kind, Statement, first, of_kind
from inotrope.units import Quantity

_LOAD = frozenset({Kind.LOAD_DOSE, Kind.LOAD_AMOUNT, Kind.LOAD_VOLUME, Kind.LOAD_TIME})
SUM = "the sum of its parts"


@dataclass(frozen=True, slots=True)
class Settled:
    """The statements of a text, and what has two readings."""

    statements: tuple[Statement, ...]
    problems: tuple[Refusal, ...]


def settle(statements: Sequence[Statement], *, more_bags: bool, coupled: frozenset[str] = frozenset()) -> Settled:
    """Return the statements with their final kinds.

    Args:
        statements: As one pass over the text took them.
        more_bags: Whether the text says that further bags follow, so that a course may outlast a bag.
        coupled: The places of the flows that belong to a rate.
    """
    items = _scale(_vials(_sum_of_volumes(_totals(list(statements)))))
    if first(items, Kind.RATE) is None and first(items, Kind.HIGHEST) is not None:
        items = _renamed_first(items, Kind.HIGHEST, Kind.RATE)
    highest = first(items, Kind.HIGHEST_PUMP_RATE)
    belongs = highest is not None and highest.where in coupled and first(items, Kind.HIGHEST) is not None
    if first(items, Kind.PUMP_RATE) is None and highest is not None and not belongs:
        items = _renamed_first(items, Kind.HIGHEST_PUMP_RATE, Kind.PUMP_RATE)
    items = _start_of_range(items)
    courses = {item.low for item in of_kind(items, Kind.COURSE)}
    if more_bags or len(courses) > 1:
        items = _renamed(_renamed(items, Kind.COURSE, Kind.LONG_COURSE), Kind.STAGE_TIME, Kind.LONG_COURSE)
    return Settled(tuple(items), _two_readings(items))


def _totals(items: list[Statement]) -> list[Statement]:
    """Return a total without a time of its own as that of the whole infusion: `for 24 h, total 50 mg`.

    Without a course it is what is in the bag, if there is one: `100 mL, total 20 mg`.
    """
    if first(items, Kind.TOTAL) is None or first(items, Kind.TOTAL_TIME) is not None:
        return items
    course = first(items, Kind.COURSE) or first(items, Kind.BAG_TIME)
    if course is None:
        in_bag = first(items, Kind.VOLUME) is not None
        return _renamed(items, Kind.TOTAL, Kind.AMOUNT) if in_bag else items
    return [*items, replace(course, kind=Kind.TOTAL_TIME)]


def _vials(items: list[Statement]) -> list[Statement]:
    drawn, volume = first(items, Kind.DRUG_VOLUME), first(items, Kind.VOLUME)
    diluent, amount = first(items, Kind.DILUENT_VOLUME), first(items, Kind.AMOUNT)
    if drawn is not None and volume is None and diluent is None and amount is None:
        items = _renamed(_renamed(items, Kind.DRUG_VOLUME, Kind.VOLUME), Kind.VIAL_STRENGTH, Kind.CONCENTRATION)
    elif drawn is not None and volume is None and diluent is not None:
        total = Quantity(drawn.ends[0] + diluent.ends[0], "mL")
        items.append(Statement(Kind.VOLUME, total, total, f"{drawn.text} + {diluent.text}", SUM))
    bag_told = first(items, Kind.CONCENTRATION) is not None or (amount is not None and volume is not None)
    if first(items, Kind.VIAL_STRENGTH) is not None and first(items, Kind.DRUG_VOLUME) is None and not bag_told:
        of_load = any(item.kind in _LOAD for item in items)
        items = _renamed(items, Kind.VIAL_STRENGTH, Kind.LOAD_STRENGTH if of_load else Kind.CONCENTRATION)
    return items


def _sum_of_volumes(items: list[Statement]) -> list[Statement]:
    """Return drug, diluent and bag where three volumes are told and the third is the sum of the others."""
    values = list(dict.fromkeys(item.low for item in of_kind(items, Kind.VOLUME)))
    if len(values) != 3 or values[0].value + values[1].value != values[2].value:  # noqa: PLR2004
        return items
    kinds = dict(zip(values, (Kind.DRUG_VOLUME, Kind.DILUENT_VOLUME, Kind.VOLUME), strict=True))
    return [replace(item, kind=kinds[item.low]) if item.kind is Kind.VOLUME else item for item in items]


def _start_of_range(items: list[Statement]) -> list[Statement]:
    """Return a range with a start inside it as the start, and the range as where titration may go."""
    rates = of_kind(items, Kind.RATE)
    ranges = [item for item in rates if item.is_range]
    starts = [item for item in rates if not item.is_range]
    if len(ranges) != 1 or not starts or not all(ranges[0].low <= item.low <= ranges[0].high for item in starts):
        return items
    return [replace(item, kind=Kind.HIGHEST) if item is ranges[0] else item for item in items]


def _renamed(items: Sequence[Statement], old: Kind, new: Kind) -> list[Statement]:
    return [replace(item, kind=new) if item.kind is old else item for item in items]


def _renamed_first(items: Sequence[Statement], old: Kind, new: Kind) -> list[Statement]:
    chosen = first(items, old)
    return [replace(item, kind=new) if item is chosen else item for item in items]


def _scale(items: list[Statement]) -> list[Statement]:
    """Return the statements with `1 mL/h = ...` as a scale, or as the rate itself where the order states no other."""
    if first(items, Kind.SCALE_PUMP_RATE) is None:
        return items
    if first(items, Kind.RATE) is None and first(items, Kind.PUMP_RATE) is None:
        return _renamed(_renamed(items, Kind.SCALE_PUMP_RATE, Kind.PUMP_RATE), Kind.RATE_PER_ML_PER_H, Kind.RATE)
    return [item for item in items if item.kind is not Kind.SCALE_PUMP_RATE]


def _two_readings(items: Sequence[Statement]) -> tuple[Refusal, ...]:
    """Return a refusal for each kind that is stated in one unit with two values; two units are compared instead."""
    found = []
    for kind in Kind:
        seen: dict[str, Statement] = {}
        for item in of_kind(items, kind) if kind not in MAY_DIFFER else ():
            unit = item.unit or item.low.unit
            other = seen.setdefault(unit, item)
            if (other.low, other.high) != (item.low, item.high):
                says = (
                    f"Two values for the {kind.value}: '{other.text}' ({other.where}) and '{item.text}' ({item.where})."
                )
                found.append(
                    Refusal("two-readings", f"{says} Which one is meant is not for a program to choose.", ("text",))
                )
    return tuple(found)
