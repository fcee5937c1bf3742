"""What a text tells beside its quantities: pushes, ways down of the rate, ages in a word, medicines that are taken.

Knows what is asked of a text and puts it together; each module knows its own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inotrope.order.ages_in_words import AgeInWords, ages_in_words
from inotrope.order.directions import directions
from inotrope.order.named_medicines import taken
from inotrope.order.pushing import is_given_already, loose_pushes, pushes
from inotrope.order.tokens import Token


@dataclass(frozen=True, slots=True)
class Told:
    """What a text tells beside its quantities.

    Attributes:
        pushed: Words that let the drug be pushed, with their places.
        loose_pushes: Words for a push of which it is not told what is pushed.
        load_given: Whether it says of its load that it was given.
        downward: The places of steps that lower the rate.
        unsure: The places of steps of which it is open which way they go.
        ages: Ages in a word, such as `preterm`.
        taken: Other medicines that it names and does not call stopped, by the vocabulary's names.
    """

    pushed: tuple[tuple[str, str], ...] = ()
    loose_pushes: tuple[tuple[str, str], ...] = ()
    load_given: bool = False
    downward: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    ages: tuple[AgeInWords, ...] = ()
    taken: tuple[str, ...] = ()


NOTHING = Told()
"""What an order without a text tells."""


def told(text: str, tokens: Sequence[Token]) -> Told:
    """Return what a text tells beside its quantities.

    Args:
        text: As written.
        tokens: Its tokens.
    """
    ways = directions(text, tokens)
    return Told(
        pushed=pushes(text, tokens),
        loose_pushes=loose_pushes(text, tokens),
        load_given=is_given_already(text, tokens),
        downward=ways.down,
        unsure=ways.unsure,
        ages=ages_in_words(text),
        taken=taken(text, tokens),
    )
