"""A route that a text tells of something else than the drug: another medicine's, or an arterial line for the pressure.

Knows that such a route stands in a part of a sentence which names neither the drug nor a dose of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from inotrope.order.parts import is_drug, is_other_medicine, part_of, pattern_of, plain
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words

_PLAIN = frozenset({"pressure", "rate of beats", "time"})
"""Dimensions of what may stand beside such a route: `MAP > 65 mmHg via arterial line`."""


def is_of_another(text: str, tokens: Sequence[Token], route: Token) -> bool:
    """Tell whether a route is another medicine's, named before it, or that of a pressure which is measured there.

    Args:
        text: As written.
        tokens: Its tokens.
        route: One that is not into a vein.
    """
    told = order_words().told
    start, end = part_of(text, route.start)
    own = [token for token in tokens if start <= token.start < end]
    dosed = any(
        token.sort is Sort.QUANTITY and token.high is not None and token.high.value.dimension not in _PLAIN
        for token in own
    )
    if dosed or any(is_drug(token) for token in own):
        return False
    besides = pattern_of(told["route_besides"]).search(text, start, route.start)
    if besides or any(is_other_medicine(token) for token in own if token.start < route.start):
        return True
    return plain(route) in told["arterial"] and pattern_of(told["pressure"]).search(text, start, end) is not None
