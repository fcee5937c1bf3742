"""Another medicine that stands beside a word for a line, a lumen or a port: it may run in the drug's own.

Knows the words for a way into a vein, what is called a line and is none, and what keeps two apart: a no, a way of its
own, another lumen, or that it is swallowed or stopped. Whoever names a line by another medicine is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inotrope.order.parts import Span, is_drug, is_other_medicine, meant_medicines, part_of, pattern_of
from inotrope.order.tokens import Token
from inotrope.order.words import order_words
from inotrope.patient import NearName


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
    words, told = order_words().withdrawn, order_words().told
    denied = words["never_mixed"] | told["denied"] | words["apart"] | told["apart_besides"]
    if pattern_of(denied).search(text, _list_start(text, tokens, part[0]), part[1]):
        return True
    own = _lumens(text, part)
    others = {
        lumen
        for token in tokens
        if is_drug(token) or token.end <= part[0]
        for lumen in _lumens(text, part_of(text, token.start))
    }
    return bool(own and others) and own.isdisjoint(others)


def _lumens(text: str, part: Span) -> set[str]:
    """Return which of several lines or lumens a part of a sentence names: `white`, `distal`, `PICC`."""
    return {match[0].lower() for match in pattern_of(order_words().told["lumen"]).finditer(text, *part)}


def _list_start(text: str, tokens: Sequence[Token], start: int) -> int:
    """Return where a list of medicines begins: `Do not run furosemide, Lasix or Bumex in this line`."""
    ends = {token.end: token for token in tokens if is_other_medicine(token)}
    while start and text[start - 1] == "," and len(text[: start - 1].rstrip()) in ends:
        start, _ = part_of(text, ends[len(text[: start - 1].rstrip())].start)
    return start
