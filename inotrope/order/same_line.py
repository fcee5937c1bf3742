"""Another medicine that an order says runs in the drug's own line: some precipitate there.

Knows the words of a shared line, across commas and in a short sentence behind, and what keeps the two apart: a no, a
way in of its own, or that it does not run. Each of them is asked about; where the drug's folder knows that the two do
not go together, that is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from inotrope.drug import load_drug
from inotrope.order.parts import Span, is_drug, is_other_medicine, part_of, pattern_of, plain, sentences
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words
from inotrope.patient import vocabulary

_WORDS_OF_A_REMARK = 6
"""Words of a sentence that only adds to the one before it: `Both on the same line.`"""
_WHY = "it is another medicine, and whether the two go together in one line is not checked here"
_UNKNOWN = "it may be another medicine in the same line: nothing is known of it"


def in_the_same_line(text: str, tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Yield each other medicine that runs in the drug's line, with the reason.

    Args:
        text: As written.
        tokens: Its tokens.
    """
    line = pattern_of(order_words().withdrawn["same_line"])
    spans = sentences(text)
    for index, token in enumerate(tokens):
        if not is_other_medicine(token) and not _may_be_medicine(tokens, index):
            continue
        place = next(at for at, (start, end) in enumerate(spans) if start <= token.start < end)
        start, end = spans[place]
        if place + 1 < len(spans) and _is_remark(text, tokens, spans[place + 1]):
            end = spans[place + 1][1]
        if any(_shares(text, tokens, token, match) for match in line.finditer(text, start, end)):
            yield token, why_not_together(token, tokens) if is_other_medicine(token) else _UNKNOWN


def why_not_together(medicine: Token, tokens: Sequence[Token]) -> str:
    """Return why another medicine must not share the line: what the folder of the drug says, or that nothing does.

    Args:
        medicine: The other medicine.
        tokens: Of the text, which names the drug.
    """
    other = vocabulary().medicine(plain(medicine))
    drugs = (vocabulary().medicine(plain(token)) for token in tokens if is_drug(token))
    for name in dict.fromkeys(drug.name for drug in drugs if drug is not None):
        for partner in load_drug(name).lines:
            if other is not None and partner.name == other.name and not partner.compatible:
                source = f"{partner.source.title}, {partner.source.where}; {partner.source.status.value}"
                return (
                    f"it is another medicine in the line, and {name} and {other.name} do not go together. "
                    f"{partner.what_happens} ({source})"
                )
    return _WHY


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


def _shares(text: str, tokens: Sequence[Token], medicine: Token, line: re.Match[str]) -> bool:
    """Tell whether a medicine runs in a line that is named: in its own part of the sentence, or across commas."""
    words = order_words().withdrawn
    never = pattern_of(words["never_mixed"])
    own, where = part_of(text, medicine.start), part_of(text, line.start())
    listed = _list_start(text, tokens, own[0])
    if own == where:
        return not never.search(text, listed, max(line.end(), medicine.end))
    if never.search(text, listed, medicine.end) or never.search(text, where[0], line.end()):
        return False
    behind = part_of(text, min(own[1] + 1, len(text)))
    tells_more = behind != where and not any(is_drug(token) and _is_in(token, behind) for token in tokens)
    return not pattern_of(words["apart"]).search(text, own[0], behind[1] if tells_more else own[1])


def _list_start(text: str, tokens: Sequence[Token], start: int) -> int:
    """Return where a list of medicines begins: `Do not run furosemide, Lasix or Bumex in the same line`."""
    ends = {token.end: token for token in tokens if is_other_medicine(token)}
    while start and text[start - 1] == "," and len(text[: start - 1].rstrip()) in ends:
        start, _ = part_of(text, ends[len(text[: start - 1].rstrip())].start)
    return start


def _is_in(token: Token, span: Span) -> bool:
    return span[0] <= token.start < span[1]
