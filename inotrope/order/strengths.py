"""Strengths in a word: what `double strength`, `DS` or `concentrated` means differs by hospital, so mg/mL is asked for.

Knows the words of `[strength]` and `[stronger]` in `orders.toml`, and what else they can speak of: a label (`conc 200
mcg/mL`), the urine, a child with Down syndrome. It makes no strength of a word: it looks whether a strength is stated
beside it, and whether the word fits that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from inotrope.drug import Drug
from inotrope.findings import Refusal
from inotrope.order.delivering import strengths_of
from inotrope.order.parts import is_drug
from inotrope.order.patterns import AN_AGE
from inotrope.order.statements import Statement
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words
from inotrope.patient import vocabulary

_ENDS = frozenset(",;.\n")
_CLOSES = _ENDS | {")", "]"}
_OPENS = frozenset("([")


def strength_words(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the strengths that a text calls by a word, as written; `half strength saline` is a fluid.

    Args:
        tokens: Of the text.
    """
    found: dict[str, str] = {}
    for index, token in enumerate(tokens):
        plain = _plain(token)
        if token.sort is Sort.PHRASE and _speaks_of_bag(tokens, index, plain):
            found.setdefault(plain, " ".join(token.text.split()))
    return tuple(found.values())


def _speaks_of_bag(tokens: Sequence[Token], index: int, plain: str) -> bool:
    words = order_words()
    if plain in words.strengths:
        of_fluid = index + 1 < len(tokens) and tokens[index + 1].says in words.fluids
        return not of_fluid and not _is_of_person(tokens, index)
    if plain in words.stronger["unnumbered"]:
        return True
    if plain in words.stronger["words"]:
        return not _is_of_something_else(tokens, index)
    return plain in words.stronger["short"] and _is_no_label(tokens, index)


def _is_of_person(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether two letters name what a person has: `5 mo old girl with DS`; a bag behind them is a bag."""
    words = order_words().stronger
    if " " in _plain(tokens[index]) or not index or _plain(tokens[index - 1]) not in words["has"]:
        return False
    before = [token for token in _part(tokens, index) if token.start < tokens[index].start]
    persons = any(_plain(token) in words["person"] or token.says == AN_AGE for token in before)
    return persons and not _is_bag(tokens, index + 1)


def _is_of_something_else(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether nothing of the drug is concentrated: `not concentrated`, or a part of a sentence on the urine.

    So it is with another medicine, where that part of the sentence names no bag and no drug.
    """
    if index and _plain(tokens[index - 1]) in order_words().withdrawn["never_mixed"]:
        return True
    part = _part(tokens, index)
    if any(_plain(token) in order_words().stronger["bag"] or is_drug(token) for token in part):
        return False
    return any(_plain(token) in order_words().stronger["other"] or _is_medicine(token) for token in part)


def _is_no_label(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether `conc` says what a bag is: `conc. bag`, `milrinone conc,`; `conc 200 mcg/mL` labels a number."""
    if _is_bag(tokens, index + 1):
        return True
    ends = index + 1 == len(tokens) or tokens[index + 1].text in _CLOSES
    in_bracket = bool(index) and tokens[index - 1].text in _OPENS
    return ends and _is_bag(tokens, index - (2 if in_bracket else 1))


def _part(tokens: Sequence[Token], index: int) -> Sequence[Token]:
    """Return the tokens of the part of a sentence that one stands in: a comma or a full stop ends it."""
    start = max((at + 1 for at in range(index) if tokens[at].text in _ENDS), default=0)
    end = next((at for at in range(index, len(tokens)) if tokens[at].text in _ENDS), len(tokens))
    return tokens[start:end]


def _is_bag(tokens: Sequence[Token], index: int) -> bool:
    known = 0 <= index < len(tokens)
    return known and (_plain(tokens[index]) in order_words().stronger["bag"] or is_drug(tokens[index]))


def _is_medicine(token: Token) -> bool:
    return token.sort is Sort.PHRASE and vocabulary().medicine(token.says) is not None


def _plain(token: Token) -> str:
    return (token.says if token.sort is Sort.PHRASE else token.text.lower()).replace("-", " ")


def asks_strength(named: Sequence[str], statements: Sequence[Statement], drug: Drug) -> tuple[Refusal, ...]:
    """Return the question for each strength in a word that the order's own numbers do not bear out.

    Args:
        named: The words, as `strength_words` returns them.
        statements: What the order states.
        drug: Its folder, whose premix is the only strength that a word could be counted from.
    """
    stated = strengths_of(statements)
    premixes = {product.strength for product in drug.products if product.kind == "premix"}
    sources = tuple(dict.fromkeys(premix.source for premix in premixes))
    pairs = [(ends, premix.value.in_unit("mcg/mL")) for ends, _ in stated for premix in premixes]
    found = []
    for word in named:
        if stated and all(_bears_out(ends, word, premix) for ends, premix in pairs):
            continue
        says = f"What '{word}' means differs by hospital: state mg/mL."
        says += f" The order itself says {stated[0][1]}." if stated else " The order states no strength."
        found.append(Refusal("strength-in-a-word", says, ("concentration",), sources))
    return tuple(found)


def _bears_out(ends: tuple[Decimal, Decimal], word: str, premix: Decimal) -> bool:
    """Tell whether a stated strength, in mcg/mL, fits a word: so many times the premix, or at least the premix."""
    words, plain = order_words(), " ".join(word.lower().replace("-", " ").split())
    if plain in words.strengths:
        return set(ends) == {words.strengths[plain] * premix}
    return plain not in words.stronger["words"] or min(ends) >= premix
