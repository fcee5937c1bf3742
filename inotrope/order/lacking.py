"""What an order would need so that something in it could be compared: the values that it does not state.

Knows the relations. It is asked only where nothing stands beside anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inotrope.order.relations import RELATIONS
from inotrope.order.statements import Kind, Statement

_MOST = 3
"""Missing values of a relation that is still worth naming."""
_SELDOM = frozenset({Kind.MASS_RATE, Kind.PUMP_RATE_PER_WEIGHT, Kind.RATE_PER_ML_PER_H, Kind.AMOUNT_PER_WEIGHT})
"""Values that few orders state: nobody is asked for them."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A relation that could not be looked at.

    Attributes:
        relation: Its id.
        what: What it would compare.
        says: The relation in words.
        missing: What the order does not state.
    """

    relation: str
    what: str
    says: str
    missing: tuple[str, ...]


def lacking(statements: Sequence[Statement]) -> tuple[Lacking, ...]:
    """Return the relations that lack the fewest values; none where the order states no value of any.

    Args:
        statements: What the order states, with nothing in it that can be compared.
    """
    stated = {item.kind for item in statements}
    found = []
    for relation in RELATIONS:
        whole = (relation.output, *relation.up, *relation.down)
        missing = tuple(kind.value for kind in whole if kind not in stated)
        if not _SELDOM.isdisjoint(set(whole) - stated):
            continue
        if len(missing) <= _MOST and len(missing) < len(whole) and stated.isdisjoint(relation.unless):
            found.append(Lacking(relation.id, relation.output.value, relation.says, missing))
    fewest = min((len(item.missing) for item in found), default=0)
    return tuple(item for item in found if len(item.missing) == fewest)
