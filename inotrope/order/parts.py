"""The sentences of a text, their parts between commas, and the listed phrases and medicines that stand in them.

Knows where a sentence and its parts end: a point inside a number ends none. It decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from inotrope.drug import list_drugs
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words
from inotrope.patient import NearName, near_as_a_whole, near_medicines, vocabulary

SENTENCE = re.compile(r"[;!\n]|\.(?!\d)")
_PART = re.compile(r"[,;!\n]|\.(?!\d)")

_JOINS = ("-", "/")
_MOST_WORDS = 3
"""Words of a name that is looked for: `human albumin`, `sacubitril and valsartan`."""

Span = tuple[int, int]


class UnknownWord(NamedTuple):
    """A word of a text that may be a medicine: its place, and the known ones that it is near to.

    Where it is near to none, it stands beside a line that is shared.
    """

    text: str
    where: str
    near: tuple[NearName, ...]


@lru_cache(maxsize=4096)  # the words of a part ask for it one after the other
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


def meant_medicines(text: str, tokens: Sequence[Token], index: int) -> tuple[NearName, ...]:
    """Return the known medicines that a word which no list knows is near to, alone or with up to two words beside it.

    Args:
        text: As written.
        tokens: Its tokens.
        index: Of the word; anything else is near to nothing, and so is an everyday word: `then` is no `Theo`.
    """
    everyday = order_words().withdrawn["no_medicine"]
    if tokens[index].sort is not Sort.WORD or plain(tokens[index]) in everyday:
        return ()
    places = range(max(index - _MOST_WORDS + 1, 0), min(index + _MOST_WORDS, len(tokens)))
    runs = [(at, end) for at in places for end in places if at <= index <= end < at + _MOST_WORDS]
    runs.sort(key=lambda run: run[0] - run[1])
    spans = [tokens[at : end + 1] for at, end in runs if all(map(_may_be_of_name, tokens[at : end + 1]))]
    near = (near_as_a_whole(text[span[0].start : span[-1].end]) for span in spans)
    return next(filter(None, near), ()) or near_medicines(tokens[index].text)


def _may_be_of_name(token: Token) -> bool:
    return token.sort in (Sort.WORD, Sort.PHRASE) or token.text in _JOINS


@cache
def pattern_of(phrases: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of listed phrases; no letter or digit touches one."""
    longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    each = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in longest)
    return re.compile(rf"(?<![A-Za-z0-9])(?:{each})(?![A-Za-z0-9])", re.IGNORECASE)
