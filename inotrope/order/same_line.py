"""Another medicine that an order says runs in the drug's own line: some precipitate there.

Knows the words of a shared line, across commas and in a short sentence behind, and what keeps the two apart: a no, a
way in of its own, or that it does not run. Each of them is asked about, and so is a word that no list knows: beside a
shared line it may be a medicine, known by another spelling or by none. Where the drug's folder knows that the two do
not go together, that is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from inotrope.drug import load_drug
from inotrope.order.parts import (
    Span,
    is_drug,
    is_other_medicine,
    meant_medicines,
    part_of,
    pattern_of,
    plain,
    sentences,
)
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words
from inotrope.patient import NearName, did_you_mean, vocabulary
from inotrope.patient.vocabulary import Medicine

_WORDS_OF_A_REMARK = 6
"""Words of a sentence that only adds to the one before it: `Both on the same line.`"""
_WHY = "it is another medicine, and whether the two go together in one line is not checked here"
_UNKNOWN = "it may be another medicine in the same line: nothing is known of it"


def in_the_same_line(text: str, tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Yield each other medicine that runs in the drug's line, with the reason.

    A word that no list knows counts where the text says of it what it would say of a medicine: `X in the same line`.

    Args:
        text: As written.
        tokens: Its tokens.
    """
    yield from ((token, why) for token, why in _told(text, tuple(tokens)) if why)


def unknown_beside_line(text: str, tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield each word that no list knows in the part of a sentence that names a shared line, and that is asked nowhere.

    Args:
        text: As written.
        tokens: Its tokens.
    """
    yield from (token for token, why in _told(text, tuple(tokens)) if not why)


@lru_cache(maxsize=4)  # it is asked twice of each text
def _told(text: str, tokens: tuple[Token, ...]) -> tuple[tuple[Token, str], ...]:
    """Return what runs in the drug's line with the reason, and without one the words beside it that no list knows."""
    found = []
    for index, near, lines in _beside_lines(text, tokens):
        token = tokens[index]
        if is_other_medicine(token) or near:
            found.append((token, why_not_together(token, near, tokens)))
        elif _may_be_medicine(tokens, index) or any(_is_partner(text, tokens, index, line) for line in lines):
            found.append((token, _UNKNOWN if token.sort is Sort.WORD else why_not_together(token, near, tokens)))
        elif token.sort is Sort.WORD:
            own = part_of(text, token.start)
            found += [(token, "")] if any(own == part_of(text, line.start()) for line in lines) else []
    return tuple(found)


def _beside_lines(
    text: str, tokens: Sequence[Token]
) -> Iterator[tuple[int, tuple[NearName, ...], list[re.Match[str]]]]:
    """Yield each medicine and each word that no list knows, what it is near to, and the shared lines told with it.

    An everyday word is no name of a medicine: `the same line stays clamped`.
    """
    words = order_words().withdrawn
    line, spans = pattern_of(words["same_line"]), sentences(text)
    ends = {token.end: token for token in tokens if is_other_medicine(token)}
    for index, token in enumerate(tokens):
        unknown = token.sort is Sort.WORD and plain(token) not in words["no_medicine"]
        if not unknown and _medicine_of(token) is None:
            continue
        place = next(at for at, (start, end) in enumerate(spans) if start <= token.start < end)
        start, end = spans[place]
        if place + 1 < len(spans) and _is_remark(text, tokens, spans[place + 1]):
            end = spans[place + 1][1]
        lines = [match for match in line.finditer(text, start, end) if _shares(text, tokens, token, match, ends)]
        lines = [
            match for match in lines if not match.start() <= token.start < match.end()
        ]  # a word of the line's name
        if lines:
            yield index, meant_medicines(text, tokens, index), lines


def why_not_together(medicine: Token, near: Sequence[NearName], tokens: Sequence[Token]) -> str:
    """Return why another medicine must not share the line: what the folder of the drug says, or that nothing does.

    Args:
        medicine: The other medicine.
        near: What it is near to where it is not known.
        tokens: Of the text, which names the drug.
    """
    if near:
        each = (_what_happens(item.name, tokens) for item in near)
        says = next(filter(None, each), _WHY)
        return f"it is not known: {did_you_mean(near)} Then {says}"
    known = _medicine_of(medicine)
    return (None if known is None else _what_happens(known.name, tokens)) or _WHY


def _medicine_of(token: Token) -> Medicine | None:
    """Return the medicine that a token can name and that is neither such a drug nor a fluid; None for anything else.

    Some of these words are mostly something else in an order: `platelets` a count, `sodium bicarbonate` a diluent.
    """
    says = plain(token)
    known = vocabulary().medicine(order_words().fluids.get(says, says)) if token.sort is Sort.PHRASE else None
    return None if known is None or known.class_ == "fluid" or is_drug(token) else known


def _what_happens(other: str, tokens: Sequence[Token]) -> str | None:
    """Return what the folder of a drug of the text says against another medicine in its line; None where nothing."""
    drugs = (vocabulary().medicine(plain(token)) for token in tokens if is_drug(token))
    for name in dict.fromkeys(drug.name for drug in drugs if drug is not None):
        for partner in load_drug(name).lines:
            if partner.name == other and not partner.compatible:
                source = f"{partner.source.title}, {partner.source.where}; {partner.source.status.value}"
                return (
                    f"it is another medicine in the line, and {name} and {other} do not go together. "
                    f"{partner.what_happens} ({source})"
                )
    return None


def _is_partner(text: str, tokens: Sequence[Token], index: int, line: re.Match[str]) -> bool:
    """Tell whether a word that no list knows is told as what shares a line: `X in the same line`, `same line: X`.

    Or it makes up the part of a sentence beside that line: `X, same line`.
    """
    token, links = tokens[index], order_words().withdrawn["line_links"]
    own, where = part_of(text, token.start), part_of(text, line.start())
    if own != where:
        beside = own[1] + 1 == where[0] or where[1] + 1 == own[0]
        return beside and all(other.sort is Sort.WORD for other in tokens if _is_in(other, own))
    first, last = sorted((token.end, line.start()) if token.end <= line.start() else (line.end(), token.start))
    return all(plain(other) in links or other.sort is Sort.WORD for other in tokens if first <= other.start < last)


def _may_be_medicine(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a word that is not known is said to run: `PRBC transfusing`."""
    running = order_words().withdrawn["running"]
    follows = tokens[index + 1] if index + 1 < len(tokens) else None
    return tokens[index].sort is Sort.WORD and follows is not None and plain(follows) in running


def _is_remark(text: str, tokens: Sequence[Token], span: Span) -> bool:
    """Tell whether a sentence only adds to the one before it: it is short and names no medicine and no quantity."""
    own = [token for token in tokens if span[0] <= token.start < span[1]]
    says_more = any(token.sort is Sort.QUANTITY or is_drug(token) or is_other_medicine(token) for token in own)
    return not says_more and len(text[span[0] : span[1]].split()) <= _WORDS_OF_A_REMARK


def _shares(
    text: str, tokens: Sequence[Token], medicine: Token, line: re.Match[str], ends: Mapping[int, Token]
) -> bool:
    """Tell whether a medicine runs in a line that is named: in its own part of the sentence, or across commas."""
    words = order_words().withdrawn
    never = pattern_of(words["never_mixed"])
    own, where = part_of(text, medicine.start), part_of(text, line.start())
    listed = _list_start(text, ends, own[0])
    if own == where:
        return not never.search(text, listed, max(line.end(), medicine.end))
    if never.search(text, listed, medicine.end) or never.search(text, where[0], line.end()):
        return False
    behind = part_of(text, min(own[1] + 1, len(text)))
    tells_more = behind != where and not any(is_drug(token) and _is_in(token, behind) for token in tokens)
    return not pattern_of(words["apart"]).search(text, own[0], behind[1] if tells_more else own[1])


def _list_start(text: str, ends: Mapping[int, Token], start: int) -> int:
    """Return where a list of medicines begins: `Do not run furosemide, Lasix or Bumex in the same line`."""
    while start and text[start - 1] == "," and len(text[: start - 1].rstrip()) in ends:
        start, _ = part_of(text, ends[len(text[: start - 1].rstrip())].start)
    return start


def _is_in(token: Token, span: Span) -> bool:
    return span[0] <= token.start < span[1]
