"""Strengths in a word: what `double strength` means differs by hospital, so it is asked for in mg/mL.

Knows the words of `[strength]` in `orders.toml`. It makes no strength of a word: it looks whether a strength is stated
beside it, and whether the word fits that one.
"""

from __future__ import annotations

from collections.abc import Sequence

from inotrope.drug import Drug
from inotrope.findings import Refusal
from inotrope.order.delivering import strengths_of
from inotrope.order.statements import Statement
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words


def strength_words(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the strengths that a text calls by a word, in plain form; `half strength saline` is a fluid.

    Args:
        tokens: Of the text.
    """
    words = order_words()
    found = []
    for index, token in enumerate(tokens):
        plain = token.says.replace("-", " ")
        follows = tokens[index + 1].says if index + 1 < len(tokens) else ""
        if token.sort is Sort.PHRASE and plain in words.strengths and follows not in words.fluids:
            found.append(plain)
    return tuple(dict.fromkeys(found))


def asks_strength(named: Sequence[str], statements: Sequence[Statement], drug: Drug) -> tuple[Refusal, ...]:
    """Return the question for each strength in a word that the order's own numbers do not bear out.

    Args:
        named: The words, as `strength_words` returns them.
        statements: What the order states.
        drug: Its folder, whose premix is the only strength that a word could be counted from.
    """
    stated = strengths_of(statements)
    premixes = {product.strength for product in drug.products if product.kind == "premix"}
    found = []
    for word in named:
        times = order_words().strengths[word]
        fits = [
            premix for premix in premixes for ends, _ in stated if set(ends) == {times * premix.value.in_unit("mcg/mL")}
        ]
        if stated and len(fits) == len(stated) * len(premixes):
            continue
        says = f"What {word} means differs by hospital: state mg/mL."
        says += f" The order itself says {stated[0][1]}." if stated else " The order states no strength."
        sources = tuple(dict.fromkeys(premix.source for premix in premixes))
        found.append(Refusal("strength-in-a-word", says, ("concentration",), sources))
    return tuple(found)
