"""Another medicine that stands beside a word for a line, a lumen or a port: it may run in the drug's own.

Knows the words for a way into a vein, what is called a line and is none, and what keeps two apart: a no, a way of its
own, another lumen, or that it is swallowed or stopped. Whoever names a line by another medicine is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inotrope.order.kept_apart import is_kept_apart
from inotrope.order.parts import (
    Span,
    ends_of_medicines,
    is_drug,
    is_other_medicine,
    list_start,
    meant_medicines,
    part_of,
    pattern_of,
)
from inotrope.order.tokens import Token
from inotrope.order.words import order_words
from inotrope.patient import NearName

LUMENS = ("lumen_color", "lumen_side", "lumen_place", "lumen_number")
"""Kinds of names of `orders.toml`: two lumens are two only by two names of one kind. A PICC is a central line too."""
_SAME = {"grey": "gray", "middle": "medial"}


def medicines_at_a_line(text: str, tokens: Sequence[Token]) -> Iterator[tuple[Token, tuple[NearName, ...]]]:
    """Yield each other medicine beside a line in its own part of a sentence, with what is meant where it is misspelled.

    Args:
        text: As written.
        tokens: Its tokens.
    """
    for index, token in enumerate(tokens):
        near = meant_medicines(text, tokens, index)
        part = part_of(text, token.start) if is_other_medicine(token) or near else None
        if part is None or _is_apart(text, tokens, token, part):
            continue
        if _has_line(text, part) or _is_named_by(text, token, part):
            yield token, near


def _is_named_by(text: str, medicine: Token, part: Span) -> bool:
    """Tell whether a word such as `through the` stands right before a medicine, which then names the way in."""
    before = text[part[0] : medicine.start].rstrip()
    return any(match.end() == len(before) for match in pattern_of(order_words().told["way_in"]).finditer(before))


def _has_line(text: str, part: Span) -> bool:
    """Tell whether a part of a sentence names a line: an arterial one, or a first line of treatment, is none."""
    words = order_words().told
    others = [(match.start(), match.end()) for match in pattern_of(words["no_line"]).finditer(text, *part)]
    lines = pattern_of(words["line"]).finditer(text, *part)
    return any(not any(start <= line.start() < end for start, end in others) for line in lines)


def _is_apart(text: str, tokens: Sequence[Token], medicine: Token, part: Span) -> bool:
    if is_kept_apart(text, tokens, medicine, (list_start(text, ends_of_medicines(tokens), part[0]), part[1])):
        return True
    places = [token.start for token in tokens if is_drug(token) or token.end <= part[0]]
    parts = dict.fromkeys(part_of(text, place) for place in places)
    for kind in LUMENS:
        own = _lumens(text, part, kind)
        others = {lumen for other in parts for lumen in _lumens(text, other, kind)}
        if own and others and own.isdisjoint(others):
            return True
    return False


def _lumens(text: str, part: Span, kind: str) -> set[str]:
    """Return which of several lines or lumens a part of a sentence names, by one kind of name: `white`, `distal`."""
    names = (match[0].lower() for match in pattern_of(order_words().told[kind]).finditer(text, *part))
    return {_SAME.get(name.split()[0], name.split()[-1 if kind == "lumen_number" else 0]) for name in names}
