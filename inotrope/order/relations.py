"""The arithmetic that ties the parts of an order together, and how far each part is from what the others make of it.

Knows products and quotients of stated quantities, and one sum. A pair is a stated value beside the value that the rest
of the order gives; its difference is in percent of the computed one. A range is compared end by end, and one value
beside a range must lie in it. What is stated twice is a pair as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inotrope.order.statements import UNITS, Kind, Statement, first, of_kind
from inotrope.units import Quantity

_MIN_PER_H = Decimal(60)
_HUNDRED = Decimal(100)

Ends = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Relation:
    """`output` = factor x the product of `up` / (divisor x the product of `down`), each in the unit of its kind.

    `unless` names kinds whose statement makes this relation a longer way to say the same.
    """

    id: str
    says: str
    output: Kind
    up: tuple[Kind, ...]
    down: tuple[Kind, ...]
    factor: Decimal = Decimal(1)
    divisor: Decimal = Decimal(1)
    unless: tuple[Kind, ...] = ()


K = Kind
RELATIONS = (
    Relation("concentration", "amount / volume", K.CONCENTRATION, (K.AMOUNT,), (K.VOLUME,)),
    Relation("amount-by-weight", "amount per weight x weight", K.AMOUNT, (K.AMOUNT_PER_WEIGHT, K.WEIGHT), ()),
    Relation(
        "concentration-by-weight",
        "amount per weight x weight / volume",
        K.CONCENTRATION,
        (K.AMOUNT_PER_WEIGHT, K.WEIGHT),
        (K.VOLUME,),
        unless=(K.AMOUNT,),
    ),
    Relation("amount-drawn", "volume drawn x strength of the vial", K.AMOUNT, (K.DRUG_VOLUME, K.VIAL_STRENGTH), ()),
    Relation(
        "concentration-drawn",
        "volume drawn x strength of the vial / volume of the bag",
        K.CONCENTRATION,
        (K.DRUG_VOLUME, K.VIAL_STRENGTH),
        (K.VOLUME,),
        unless=(K.AMOUNT,),
    ),
    Relation("mass-rate", "rate x weight", K.MASS_RATE, (K.RATE, K.WEIGHT), ()),
    Relation(
        "pump-rate",
        "rate x weight x 60 min/h / concentration",
        K.PUMP_RATE,
        (K.RATE, K.WEIGHT),
        (K.CONCENTRATION,),
        _MIN_PER_H,
    ),
    Relation(
        "pump-rate-from-bag",
        "rate x weight x 60 min/h x volume / amount",
        K.PUMP_RATE,
        (K.RATE, K.WEIGHT, K.VOLUME),
        (K.AMOUNT,),
        _MIN_PER_H,
    ),
    Relation(
        "pump-rate-from-bag-by-weight",
        "rate x 60 min/h x volume / amount per weight",
        K.PUMP_RATE,
        (K.RATE, K.VOLUME),
        (K.AMOUNT_PER_WEIGHT,),
        _MIN_PER_H,
        unless=(K.AMOUNT,),
    ),
    Relation(
        "pump-rate-from-vial",
        "rate x weight x 60 min/h x volume / (volume drawn x strength of the vial)",
        K.PUMP_RATE,
        (K.RATE, K.WEIGHT, K.VOLUME),
        (K.DRUG_VOLUME, K.VIAL_STRENGTH),
        _MIN_PER_H,
        unless=(K.AMOUNT, K.CONCENTRATION),
    ),
    Relation(
        "pump-rate-from-mass-rate",
        "amount per time x 60 min/h / concentration",
        K.PUMP_RATE,
        (K.MASS_RATE,),
        (K.CONCENTRATION,),
        _MIN_PER_H,
    ),
    Relation(
        "pump-rate-from-mass-rate-and-bag",
        "amount per time x 60 min/h x volume / amount",
        K.PUMP_RATE,
        (K.MASS_RATE, K.VOLUME),
        (K.AMOUNT,),
        _MIN_PER_H,
        unless=(K.CONCENTRATION,),
    ),
    Relation(
        "highest-pump-rate",
        "highest rate x weight x 60 min/h / concentration",
        K.HIGHEST_PUMP_RATE,
        (K.HIGHEST, K.WEIGHT),
        (K.CONCENTRATION,),
        _MIN_PER_H,
    ),
    Relation(
        "highest-pump-rate-from-bag",
        "highest rate x weight x 60 min/h x volume / amount",
        K.HIGHEST_PUMP_RATE,
        (K.HIGHEST, K.WEIGHT, K.VOLUME),
        (K.AMOUNT,),
        _MIN_PER_H,
        unless=(K.CONCENTRATION,),
    ),
    Relation("pump-rate-by-weight", "pump rate / weight", K.PUMP_RATE_PER_WEIGHT, (K.PUMP_RATE,), (K.WEIGHT,)),
    Relation(
        "pump-rate-by-weight-from-rate",
        "rate x 60 min/h / concentration",
        K.PUMP_RATE_PER_WEIGHT,
        (K.RATE,),
        (K.CONCENTRATION,),
        _MIN_PER_H,
    ),
    Relation(
        "scale",
        "1 mL/h x concentration / 60 min/h / weight",
        K.RATE_PER_ML_PER_H,
        (K.CONCENTRATION,),
        (K.WEIGHT,),
        divisor=_MIN_PER_H,
    ),
    Relation(
        "scale-from-bag",
        "1 mL/h x amount / volume / 60 min/h / weight",
        K.RATE_PER_ML_PER_H,
        (K.AMOUNT,),
        (K.VOLUME, K.WEIGHT),
        divisor=_MIN_PER_H,
        unless=(K.CONCENTRATION,),
    ),
    Relation(
        "scale-by-weight",
        "1 mL/h x amount per weight / volume / 60 min/h",
        K.RATE_PER_ML_PER_H,
        (K.AMOUNT_PER_WEIGHT,),
        (K.VOLUME,),
        divisor=_MIN_PER_H,
        unless=(K.AMOUNT, K.CONCENTRATION),
    ),
    Relation("pump-rate-by-scale", "rate / rate that 1 mL/h gives", K.PUMP_RATE, (K.RATE,), (K.RATE_PER_ML_PER_H,)),
    Relation("bag-time", "volume / pump rate", K.BAG_TIME, (K.VOLUME,), (K.PUMP_RATE,)),
    Relation(
        "bag-time-from-rate",
        "amount / (rate x weight x 60 min/h)",
        K.BAG_TIME,
        (K.AMOUNT,),
        (K.RATE, K.WEIGHT),
        divisor=_MIN_PER_H,
        unless=(K.PUMP_RATE,),
    ),
    Relation(
        "bag-time-from-concentration",
        "volume x concentration / (rate x weight x 60 min/h)",
        K.BAG_TIME,
        (K.VOLUME, K.CONCENTRATION),
        (K.RATE, K.WEIGHT),
        divisor=_MIN_PER_H,
        unless=(K.PUMP_RATE, K.AMOUNT),
    ),
    Relation(
        "bag-time-from-mass-rate",
        "amount / (amount per time x 60 min/h)",
        K.BAG_TIME,
        (K.AMOUNT,),
        (K.MASS_RATE,),
        divisor=_MIN_PER_H,
        unless=(K.PUMP_RATE, K.RATE),
    ),
    Relation("load-amount", "loading dose x weight", K.LOAD_AMOUNT, (K.LOAD_DOSE, K.WEIGHT), ()),
    Relation("load-volume", "amount of the load / strength", K.LOAD_VOLUME, (K.LOAD_AMOUNT,), (K.LOAD_STRENGTH,)),
    Relation(
        "load-volume-from-dose",
        "loading dose x weight / strength",
        K.LOAD_VOLUME,
        (K.LOAD_DOSE, K.WEIGHT),
        (K.LOAD_STRENGTH,),
        unless=(K.LOAD_AMOUNT,),
    ),
    Relation(
        "load-pump-rate",
        "volume of the load x 60 min/h / time of the load",
        K.LOAD_PUMP_RATE,
        (K.LOAD_VOLUME,),
        (K.LOAD_TIME,),
        _MIN_PER_H,
    ),
    Relation(
        "load-pump-rate-from-dose",
        "loading dose x weight x 60 min/h / (strength x time of the load)",
        K.LOAD_PUMP_RATE,
        (K.LOAD_DOSE, K.WEIGHT),
        (K.LOAD_STRENGTH, K.LOAD_TIME),
        _MIN_PER_H,
        unless=(K.LOAD_VOLUME,),
    ),
    Relation("load-by-rate", "rate of the load x time of the load", K.LOAD_DOSE, (K.LOAD_RATE, K.LOAD_TIME), ()),
)

TWICE = "stated twice"
"""The relation of two statements of one kind."""
MAY_DIFFER = frozenset({Kind.STEP, Kind.HIGHEST, Kind.LOWEST, Kind.HIGHEST_PUMP_RATE})
"""Kinds of which an order may state several."""
_ONE_SIDED = {Kind.COURSE: Kind.BAG_TIME}
"""A bag may outlast the infusion that was ordered; an infusion that is longer than its bag is compared."""
_PUMPED = frozenset({Kind.PUMP_RATE, Kind.HIGHEST_PUMP_RATE, Kind.LOAD_PUMP_RATE})
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
        difference: (stated - computed) / computed, in %; of the end that is further off.
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

    @property
    def involved(self) -> tuple[Statement, ...]:
        """The stated value and all that it was computed from."""
        return (self.stated, *self.inputs)

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
    stated = {item.kind for item in statements}
    for relation in RELATIONS:
        if not stated.isdisjoint(relation.unless) or not {*relation.up, *relation.down} <= stated:
            continue
        up = [_first(statements, kind) for kind in relation.up]
        down = [_first(statements, kind) for kind in relation.down]
        computed = _computed(relation, up, down)
        outputs = [relation.output, *(kind for kind, same in _ONE_SIDED.items() if same is relation.output)]
        for item in (item for kind in outputs for item in of_kind(statements, kind)):
            if item.kind in _ONE_SIDED and item.ends[1] <= computed[1]:
                continue
            found.append(_pair(relation.id, relation.says, item, (*up, *down), computed, steps))
    total = _sum(statements, steps)
    return (*found, *total)


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
            found.append(_pair("stated-twice", f"{kind.value} {TWICE}", item, (same[0],), same[0].ends, None))
    return found


def _sum(statements: Sequence[Statement], steps: Steps) -> list[Pair]:
    """Return the bag's volume beside what was drawn and its diluent."""
    parts = [first(statements, kind) for kind in (Kind.DRUG_VOLUME, Kind.DILUENT_VOLUME)]
    known = [item for item in parts if item is not None]
    whole = first(statements, Kind.VOLUME)
    if whole is None or len(known) < len(parts):
        return []
    low, high = (sum((item.ends[end] for item in known), Decimal(0)) for end in (0, 1))
    return [_pair("volume", "volume drawn + diluent", whole, tuple(known), (low, high), steps)]


def _pair(
    id_: str, says: str, stated: Statement, inputs: tuple[Statement, ...], computed: Ends, steps: Steps | None
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
    """Return the difference in %: end by end for two ranges, else by how far one value lies outside the other's range."""
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
    """Tell whether a pump's or syringe's step alone makes the difference."""
    step = steps.pump_ml_per_h if stated.kind in _PUMPED else steps.syringe_ml if stated.kind in _DRAWN else None
    if step is None:
        return False
    return all(abs(one - other) <= step / 2 for one, other in zip(stated.ends, computed, strict=True))
