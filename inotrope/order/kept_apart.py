"""What keeps another medicine out of a line that stands beside it: a no, a flush, an allergy, a way in of its own.

Knows how close such a word must stand: a `no` that speaks of another line, a flush before or after, and a word of
another clause say nothing of the medicine. It decides nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from inotrope.order.parts import Span, is_drug, is_other_medicine, pattern_of
from inotrope.order.tokens import Token
from inotrope.order.words import order_words

_WORD = re.compile(r"[^\W\d_](?:[\w'/-]*\w)?")

_BETWEEN = 3
"""Fewer words than these stand between `other` and its line: `no other central venous line`."""


def is_kept_apart(text: str, tokens: Sequence[Token], medicine: Token, span: Span) -> bool:
    """Tell whether the words around a medicine keep it out of the line that is named with it.

    Args:
        text: As written.
        tokens: Its tokens.
        medicine: The other medicine.
        span: The part of a sentence that it stands in, with the list that it is one of.
    """
    words, told = order_words().withdrawn, order_words().told
    plain = _without_absent_lines(text)
    start, end = _clause(plain, medicine, span)
    if pattern_of(words["apart"] | told["apart_besides"] | told["never_together"]).search(plain, start, end):
        return True
    no = pattern_of(words["never_mixed"] | told["denied"])
    before = no.finditer(plain, start, medicine.start)
    if any(_is_of_medicine(plain, tokens, (match.end(), medicine.start)) for match in before):
        return True
    if any(_speaks_of_line(plain, (match.end(), end)) for match in no.finditer(plain, medicine.end, end)):
        return True
    return _is_no_infusion(plain, medicine, (start, end))


def _without_absent_lines(text: str) -> str:
    """Return a text with blanks for each line that is told not to be there: `no other line`, `lack of a free lumen`."""
    told = order_words().told
    for match in pattern_of(told["denied"] | told["lacks"]).finditer(text):
        other = pattern_of(told["other_way"]).match(text, _next_word(text, match.end()))
        line = None if other is None else pattern_of(told["line"]).search(text, other.end())
        if other is not None and line is not None and len(text[other.end() : line.start()].split()) < _BETWEEN:
            text = text[: match.start()] + " " * (line.end() - match.start()) + text[line.end() :]
    return text


def _next_word(text: str, place: int) -> int:
    return place + len(text[place:]) - len(text[place:].lstrip())


def _clause(text: str, medicine: Token, span: Span) -> Span:
    """Return the clause of a medicine: `so`, `but` and `because` end one."""
    ends = list(pattern_of(order_words().told["clause_ends"]).finditer(text, *span))
    start = max((match.end() for match in ends if match.end() <= medicine.start), default=span[0])
    end = min((match.start() for match in ends if match.start() >= medicine.end), default=span[1])
    return start, end


def _is_of_medicine(text: str, tokens: Sequence[Token], gap: Span) -> bool:
    """Tell whether only words that carry a no on to a medicine stand between the two: `do not run Bumex or Lasix`."""
    between = text[gap[0] : gap[1]]
    for token in tokens:
        if gap[0] <= token.start < gap[1] and (is_drug(token) or is_other_medicine(token)):
            between = between.replace(token.text, " ")
    return order_words().told["carries_no"].issuperset(word.lower() for word in _WORD.findall(between))


def _speaks_of_line(text: str, behind: Span) -> bool:
    """Tell whether a no behind a medicine is one to the line: `not in this line`, and not `with no delay`."""
    word = _WORD.search(text, *behind)
    return word is None or word[0].lower() in order_words().told["no_to_line"]


def _is_no_infusion(text: str, medicine: Token, clause: Span) -> bool:
    """Tell whether a medicine is a flush, a lock or an allergy: such a word stands right beside it."""
    told = order_words().told
    before, behind = text[clause[0] : medicine.start], text[medicine.end : clause[1]]
    first = _WORD.search(behind)
    if first is not None and first[0].lower() in told["no_infusion"]:
        return True
    return any(
        told["leads_to_medicine"].issuperset(word.lower() for word in _WORD.findall(before, match.end()))
        for match in pattern_of(told["no_infusion"]).finditer(before)
    )
