"""What an order would need so that something in it could be compared: the values that it does not state, as questions.

Knows the relations. It is asked only where nothing stands beside anything else, or beside any pump rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inotrope.order.relations import RELATIONS
from inotrope.order.statements import UNITS, Kind, Statement

_MOST = 3
"""Missing values of a relation that is still worth naming."""
_SELDOM = frozenset({Kind.MASS_RATE, Kind.PUMP_RATE_PER_WEIGHT, Kind.RATE_PER_ML_PER_H, Kind.AMOUNT_PER_WEIGHT})
"""Values that few orders state: nobody is asked for them."""
_DOSE = frozenset({Kind.RATE, Kind.PUMP_RATE})
"""Where one of them is stated, what it makes of the other is asked for, and nothing that is compared more easily."""
_QUESTIONS = {
    Kind.RATE: "Which rate is it to give, in mcg/kg/min?",
    Kind.PUMP_RATE: "At how many mL/h is the pump to run?",
    Kind.CONCENTRATION: "What is the strength in the bag or syringe, in mcg/mL or as mg in mL?",
    Kind.WEIGHT: "What does the patient weigh, in kg?",
}


@dataclass(frozen=True, slots=True)
class Lacking:
    """A relation that could not be looked at.

    Attributes:
        relation: Its id.
        what: What it would compare.
        says: The relation in words.
        missing: What the order does not state.
        asks: A question for each of them, in the same order.
    """

    relation: str
    what: str
    says: str
    missing: tuple[str, ...]
    asks: tuple[str, ...]


def lacking(statements: Sequence[Statement]) -> tuple[Lacking, ...]:
    """Return the relations that lack the fewest values, those of rate and pump rate before all others.

    None where the order states no value of any.

    Args:
        statements: What the order states.
    """
    stated = {item.kind for item in statements}
    found = []
    for relation in RELATIONS:
        whole = (relation.output, *relation.up, *relation.down)
        missing = [kind for kind in whole if kind not in stated]
        if not _SELDOM.isdisjoint(set(whole) - stated):
            continue
        if 0 < len(missing) <= min(_MOST, len(whole) - 1) and stated.isdisjoint(relation.unless):
            names, asks = tuple(kind.value for kind in missing), tuple(_question(kind) for kind in missing)
            found.append((whole, Lacking(relation.id, relation.output.value, relation.says, names, asks)))
    doses = [(whole, item) for whole, item in found if not stated.isdisjoint(_DOSE) and {*whole} >= _DOSE]
    kept = [item for _, item in doses or found]
    fewest = min((len(item.missing) for item in kept), default=0)
    return tuple(item for item in kept if len(item.missing) == fewest)


def _question(kind: Kind) -> str:
    return _QUESTIONS.get(kind, f"What is the {kind.value}, in {UNITS[kind]}?")
