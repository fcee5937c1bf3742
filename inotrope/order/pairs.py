"""How far each stated value is from what the rest of the order makes of it.

Knows the relations of `relations.py`, one sum, and that what is stated twice must agree. A difference is in percent of
the computed value. A range is compared end by end, and one value beside a range must lie in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from inotrope.order.relations import MAY_DIFFER, RELATIONS, Relation
from inotrope.order.statements import FLOW_OF, UNITS, Kind, Statement, first, of_kind
from inotrope.units import Quantity

_HUNDRED = Decimal(100)

Ends = tuple[Decimal, Decimal]

TWICE = "stated twice"
"""The relation of two statements of one kind."""
_ONE_SIDED = {Kind.COURSE: Kind.BAG_TIME, Kind.STAGE_TIME: Kind.BAG_TIME, Kind.BAG_CHANGE: Kind.BAG_TIME}
"""A bag may outlast the infusion that was ordered, or be changed before it is empty; what outlasts it is compared."""
_PUMPED = frozenset(FLOW_OF.values())
_DRAWN = frozenset({Kind.LOAD_VOLUME, Kind.DRUG_VOLUME})


@dataclass(frozen=True, slots=True)
class Steps:
    """The smallest steps that a pump and a syringe can be set to."""

    pump_ml_per_h: Decimal
    syringe_ml: Decimal


@dataclass(frozen=True, slots=True)
class Pair:
    """A stated value beside what the rest of the order makes of it.

    Attributes:
        relation: The relation's id, or `stated-twice`.
        says: The relation in words.
        stated: The statement.
        inputs: The statements it was computed from.
        computed: The lower end, in the unit of the statement.
        computed_high: The upper end; equal where no range is involved.
        difference: (stated - computed) / computed, in %; of the end that is further off. Of two weights it is the share
            of the lighter one, so that it does not matter which was stated first.
        rounded: Whether the stated value is the computed one as a pump or a syringe rounds it.
    """

    relation: str
    says: str
    stated: Statement
    inputs: tuple[Statement, ...]
    computed: Quantity
    computed_high: Quantity
    difference: Quantity
    rounded: bool

    def beyond(self, limit: Quantity) -> bool:
        """Tell whether the difference, up or down, is more than a limit in %."""
        return abs(self.difference.value) > limit.in_unit("%")


def pairs_of(statements: Sequence[Statement], steps: Steps) -> tuple[Pair, ...]:
    """Return every pair that the order's statements make, in the order of the relations.

    Args:
        statements: What the order states.
        steps: By which pump and syringe round.
    """
    found = list(_twice(statements))
    for relation in _worked_out({item.kind for item in statements}):
        up = [_first(statements, kind) for kind in relation.up]
        down = [_first(statements, kind) for kind in relation.down]
        computed = _computed(relation, up, down)
        outputs = [relation.output, *(kind for kind, same in _ONE_SIDED.items() if same is relation.output)]
        for item in (item for kind in outputs for item in of_kind(statements, kind)):
            if item.kind in _ONE_SIDED and item.ends[1] <= computed[1]:
                continue
            found.append(_pair(item, computed, id_=relation.id, says=relation.says, inputs=(*up, *down), steps=steps))
    total = _sum(statements, steps)
    return (*found, *total)


def _worked_out(stated: set[Kind]) -> list[Relation]:
    """Return the relations that can be worked out; a longer way only where no shorter one can be."""
    can = [relation for relation in RELATIONS if {*relation.up, *relation.down} <= stated]
    shortest = {relation.output for relation in can if stated.isdisjoint(relation.unless)}
    return [relation for relation in can if stated.isdisjoint(relation.unless) or relation.output not in shortest]


def _first(statements: Sequence[Statement], kind: Kind) -> Statement:
    found = first(statements, kind)
    assert found is not None  # the caller looked
    return found


def _computed(relation: Relation, up: Sequence[Statement], down: Sequence[Statement]) -> Ends:
    low = high = relation.factor
    for item in up:
        low, high = low * item.ends[0], high * item.ends[1]
    divisor_low = divisor_high = relation.divisor
    for item in down:
        divisor_low, divisor_high = divisor_low * item.ends[1], divisor_high * item.ends[0]
    return low / divisor_low, high / divisor_high


def _twice(statements: Sequence[Statement]) -> list[Pair]:
    """Return each later statement of a kind beside the first one."""
    found = []
    for kind in (kind for kind in Kind if kind not in MAY_DIFFER):
        same = of_kind(statements, kind)
        for item in same[1:]:
            found.append(_twin(item, same[0]))
    return found


def _twin(item: Statement, other: Statement) -> Pair:
    says = f"{item.kind.value} {TWICE}"
    pair = _pair(item, other.ends, id_="stated-twice", says=says, inputs=(other,), steps=None)
    if item.kind is not Kind.WEIGHT or item.ends[0] >= other.ends[1]:
        return pair
    # Neither of two weights is worked out from the other: their difference is that of the lighter one, both ways.
    turned = _pair(other, item.ends, id_="stated-twice", says=says, inputs=(item,), steps=None)
    return replace(pair, difference=Quantity(-turned.difference.value, "%"))


def _sum(statements: Sequence[Statement], steps: Steps) -> list[Pair]:
    """Return the bag's volume beside what was drawn and its diluent."""
    parts = [first(statements, kind) for kind in (Kind.DRUG_VOLUME, Kind.DILUENT_VOLUME)]
    known = [item for item in parts if item is not None]
    whole = first(statements, Kind.VOLUME)
    if whole is None or len(known) < len(parts):
        return []
    low, high = (sum((item.ends[end] for item in known), Decimal(0)) for end in (0, 1))
    return [_pair(whole, (low, high), id_="volume", says="volume drawn + diluent", inputs=tuple(known), steps=steps)]


def _pair(
    stated: Statement, computed: Ends, *, id_: str, says: str, inputs: tuple[Statement, ...], steps: Steps | None
) -> Pair:
    own = UNITS[stated.kind]
    difference = _difference(stated.ends, computed)
    low, high = (Quantity(end, own).to(stated.low.unit) for end in computed)
    return Pair(
        relation=id_,
        says=says,
        stated=stated,
        inputs=inputs,
        computed=low,
        computed_high=high,
        difference=Quantity(difference, "%"),
        rounded=steps is not None and _is_rounded(stated, computed, steps),
    )


def _difference(stated: Ends, computed: Ends) -> Decimal:
    """Return the difference in %: end by end for two ranges, else how far one value lies outside the other's range."""
    both_ranges = stated[0] != stated[1] and computed[0] != computed[1]
    if both_ranges:
        each = [(one - other) / other * _HUNDRED for one, other in zip(stated, computed, strict=True)]
        return max(each, key=abs)
    if stated[0] > computed[1]:
        return (stated[0] - computed[1]) / computed[1] * _HUNDRED
    if stated[1] < computed[0]:
        return (stated[1] - computed[0]) / computed[0] * _HUNDRED
    return Decimal(0)


def _is_rounded(stated: Statement, computed: Ends, steps: Steps) -> bool:
    """Tell whether a pump's or syringe's step alone makes the difference: it can be set, and is the nearest setting."""
    step = steps.pump_ml_per_h if stated.kind in _PUMPED else steps.syringe_ml if stated.kind in _DRAWN else None
    if not step:
        return False
    return all(
        one % step == 0 and abs(one - other) <= step / 2 for one, other in zip(stated.ends, computed, strict=True)
    )
