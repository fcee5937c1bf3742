"""Ampoules that are counted: `two 10 mg ampoules`, `2 x 10 mg/10 mL vials` and `two ampoules of 10 mg` are 20 mg.

Knows a count, what one holds, and the words for a vial. Without what one holds nothing is made of a count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from inotrope.order.numerals import whole_number
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import Written, order_words
from inotrope.units import Quantity

_TIMES = frozenset({"x", "\u00d7", "*"})
_EACH_HOLDS = frozenset({"of", "x", "(", "\u00d7", ":", "-"})


@dataclass(frozen=True, slots=True)
class Counted:
    """The tokens of a text with each count of ampoules as one amount; `drawn` are the places of the volumes of all."""

    tokens: tuple[Token, ...]
    drawn: frozenset[int]


def with_ampoules(text: str, tokens: Sequence[Token]) -> Counted:
    """Return the tokens with counted ampoules as what they hold together.

    Args:
        text: The text itself.
        tokens: Of the text, its numbers in words already read.
    """
    found: list[Token] = []
    drawn: list[int] = []
    index = 0
    while index < len(tokens):
        count = _count(tokens, index)
        mass = None if count is None else _mass_of_one(tokens, index)
        if count is None or mass is None:
            found.append(tokens[index])
            index += 1
            continue
        one = tokens[mass]
        found.append(_times(one, count, text[tokens[index].start : one.end], tokens[index].start))
        index = mass + 1
        if _is_volume_of_one(tokens, mass):
            volume = tokens[mass + 2]
            drawn.append(len(found) + 1)
            found += [tokens[mass + 1], _times(volume, count, volume.text, volume.start)]
            index = mass + 3
    return Counted(tuple(found), frozenset(drawn))


def _count(tokens: Sequence[Token], index: int) -> int | None:
    """Return how many; digits count only where a word or sign parts them from what follows."""
    token = tokens[index]
    if token.sort is Sort.NUMBER:
        parted = index + 1 < len(tokens) and (_plain(tokens[index + 1]) in _TIMES or _is_vial(tokens, index + 1))
        return int(token.text) if parted and token.text.isdecimal() else None
    return whole_number(token)


def _mass_of_one(tokens: Sequence[Token], index: int) -> int | None:
    """Return where the amount in one ampoule stands: before the word for it, or behind."""
    place = index + 1
    if _is_vial(tokens, place):
        place += 1
        place += place < len(tokens) and _plain(tokens[place]) in _EACH_HOLDS
        return place if _dimension(tokens, place) == "mass" else None
    place += place < len(tokens) and _plain(tokens[place]) in _TIMES
    if _dimension(tokens, place) != "mass":
        return None
    behind = place + (3 if _is_volume_of_one(tokens, place) else 1)
    return place if _is_vial(tokens, behind) else None


def _is_volume_of_one(tokens: Sequence[Token], mass: int) -> bool:
    """Tell whether the volume of one ampoule stands behind its amount: `10 mg/10 mL`."""
    slash = mass + 1 < len(tokens) and _plain(tokens[mass + 1]) in ("/", "in")
    beside = _is_vial(tokens, mass + 3) or _is_vial(tokens, mass - 1) or _is_vial(tokens, mass - 2)
    return slash and beside and _dimension(tokens, mass + 2) == "volume"


def _is_vial(tokens: Sequence[Token], index: int) -> bool:
    return 0 <= index < len(tokens) and "vial" in order_words().meanings(_plain(tokens[index]))


def _dimension(tokens: Sequence[Token], index: int) -> str:
    """Return the dimension of a quantity; empty for a range and for what is none."""
    token = tokens[index] if index < len(tokens) else None
    if token is None or token.high is None or token.low != token.high:
        return ""
    return token.high.value.dimension


def _times(one: Token, count: int, shown: str, start: int) -> Token:
    assert one.high is not None  # it is a quantity
    value = Quantity(one.high.value.value * Decimal(count), one.high.value.unit)
    written = Written(value, one.high.unit)
    return replace(one, text=shown, start=start, low=written, high=written)


def _plain(token: Token) -> str:
    return token.says if token.sort is Sort.PHRASE else token.text.lower()
