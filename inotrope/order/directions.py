"""Which way a step of the rate goes: down, or open because a word that lowers stands elsewhere in its part.

Knows that only words right at the verb tell it: `to lower wedge pressure titrate by` raises the drug's rate, and so may
a sentence that weans another medicine. A step with no such word goes up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from inotrope.order.parts import is_drug, is_other_medicine, part_of, pattern_of
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words

_WORD = re.compile(r"[^\W\d_][\w'-]*")
_INTERVAL = re.compile(
    r"[\s()]*(?:(?:q|every|each)\s*\d*(?:\s*(?:-|to)\s*\d+)?\s*(?:h|hr|hrs|hours?|mins?|minutes?|days?)?\b|hourly|daily)?[\s()]*",
    re.IGNORECASE,
)


_OTHER = "?"
"""Stands for another medicine."""


class Directions(NamedTuple):
    """The places of the quantities whose part lowers the rate, and of those where it is open whether it does."""

    down: frozenset[str]
    unsure: frozenset[str]


def directions(text: str, tokens: Sequence[Token]) -> Directions:
    """Return which steps of a text lower the rate, and of which it is open.

    Args:
        text: As written.
        tokens: Its tokens.
    """
    told, down, unsure = order_words().told, set(), set()
    lowers, raises = pattern_of(told["downward"]), told["raises"]
    for token in tokens:
        if token.sort is not Sort.QUANTITY:
            continue
        start, end = part_of(text, token.start)
        before = _words(text, tokens, start, token.start)
        if not raises.isdisjoint(before):
            continue  # up, or both ways
        if _lowers(before) or _ends_off(text, token, end, before) or _is_planned(text, tokens, start, before):
            down.add(token.place)
        elif lowers.search(text, start, token.start):
            unsure.add(token.place)
    return Directions(frozenset(down), frozenset(unsure))


def _words(text: str, tokens: Sequence[Token], start: int, end: int) -> list[str]:
    """Return the words of a stretch; the drug's name and intervals tell nothing, another medicine is marked."""
    found = []
    for match in _WORD.finditer(text, start, end):
        token = next((item for item in tokens if item.start <= match.start() < item.end), None)
        if token is not None and is_other_medicine(token):
            found.append(_OTHER)
        elif token is None or not (is_drug(token) or token.sort is Sort.PASSED):
            found.append(match[0].lower())
    return [word for word in found if word not in order_words().told["beside_step"]]


def _lowers(before: Sequence[str]) -> bool:
    """Tell whether the verb right before a step lowers the rate, or begins its part and no other verb follows it."""
    told = order_words().told
    if not before:
        return False
    last, rest = before[-1], before[:-1]
    denied = bool(rest) and rest[-1] in told["denied"]
    if last in told["lowering"]:
        return not denied
    if last in told["lowering_adverb"]:
        return not rest or rest[-1] in told["lowering"] | told["stepping"]
    others = told["stepping"] | told["not_the_rate"] | {_OTHER}
    return before[0] in told["lowering"] and others.isdisjoint(before)


def _ends_off(text: str, step: Token, end: int, before: Sequence[str]) -> bool:
    """Tell whether a step is one to the end of the infusion: `titrate by 0.125 mcg/kg/min q6h to off`."""
    told = order_words().told
    behind = _INTERVAL.match(text, step.end, max(end, step.end))
    assert behind is not None  # it may be empty
    plain = not before or before[-1] in told["stepping"]
    return plain and pattern_of(told["to_the_end"]).match(text, behind.end(), end) is not None


def _is_planned(text: str, tokens: Sequence[Token], start: int, before: Sequence[str]) -> bool:
    """Tell whether the part before is of the weaning alone: `Wean, titrate by`, `Weaning plan, steps of`."""
    told = order_words().told
    if start == 0 or text[start - 1] != "," or before[1:] or not told["stepping"].issuperset(before):
        return False
    words = _words(text, tokens, part_of(text, start - 1)[0], start)
    return bool(words) and words[0] in told["lowering"] and told["of_weaning"].issuperset(words[1:])
