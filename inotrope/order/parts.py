"""The sentences of a text, their parts between commas, and the listed phrases and medicines that stand in them.

Knows where a sentence and its parts end: a point inside a number ends none. It decides nothing.
"""

from __future__ import annotations

import re
from functools import cache

from inotrope.drug import list_drugs
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words
from inotrope.patient import vocabulary

SENTENCE = re.compile(r"[;!\n]|\.(?!\d)")
_PART = re.compile(r"[,;!\n]|\.(?!\d)")

Span = tuple[int, int]


def part_of(text: str, place: int) -> Span:
    """Return where the part of a sentence begins and ends that a place stands in: commas and full stops part it."""
    start = max((end.end() for end in _PART.finditer(text, 0, place)), default=0)
    end = _PART.search(text, place)
    return start, len(text) if end is None else end.start()


def sentences(text: str) -> list[Span]:
    """Return where each sentence begins and ends, those of blanks alone left out."""
    ends = [(match.start(), match.end()) for match in SENTENCE.finditer(text)]
    starts = [0, *(end for _, end in ends)]
    spans = zip(starts, [*(start for start, _ in ends), len(text)], strict=True)
    return [(start, end) for start, end in spans if text[start:end].strip()]


def plain(token: Token) -> str:
    """Return a token as the lists of `orders.toml` write it."""
    return token.says if token.sort is Sort.PHRASE else token.text.lower()


def is_drug(token: Token) -> bool:
    """Tell whether a token names a drug whose orders are checked."""
    medicine = vocabulary().medicine(plain(token))
    return token.sort is Sort.PHRASE and medicine is not None and medicine.name in list_drugs()


def is_other_medicine(token: Token) -> bool:
    """Tell whether a token names a medicine that is neither such a drug nor a fluid."""
    words, says = order_words(), plain(token)
    if token.sort is not Sort.PHRASE or says in words.known or says in words.fluids:
        return False
    medicine = vocabulary().medicine(says)
    return medicine is not None and medicine.class_ != "fluid" and medicine.name not in list_drugs()


@cache
def pattern_of(phrases: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of listed phrases; no letter or digit touches one."""
    longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    each = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in longest)
    return re.compile(rf"(?<![A-Za-z0-9])(?:{each})(?![A-Za-z0-9])", re.IGNORECASE)
