"""Numbers in words, as dictation leaves them: `zero point five milligrams` is read, `a quarter to a half` is refused.

Knows the English number words below a thousand, strictly: what has two readings, or stands before no unit although it
is more than a plain count, becomes a token that refuses the order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from inotrope.order.scanning import unit_at
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import in_order_unit

_ONES = {
    word: number
    for number, word in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))
}
_TEENS = {
    word: number
    for number, word in enumerate(
        (
            "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
            "nineteen",
        ),
        start=10,
    )
}  # fmt: skip
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_HUNDRED, _POINT, _AND = "hundred", "point", "and"
_NUMBERS = frozenset({*_ONES, *_TEENS, *_TENS, _HUNDRED})
_PARTS = frozenset({"half", "halves", "third", "thirds", "quarter", "quarters", "thousand", "thousandth", "tenth"})
_SPANS = frozenset({"to", "or", "-", "\u2013", "/"})
_AGAIN = re.compile(r"[,:(]?\s*(\d+(?:\.\d+)?)(?![\d.,])")
"""The same number in digits, right behind it: `zero point five, 0.5 mcg/kg/min`."""
_NOT_CLEAR = "a number in words has to be clear: write it in digits"


def with_numbers_in_words(text: str, tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return the tokens of a text with the numbers in words as quantities, or as tokens that refuse the order.

    Args:
        text: The text itself.
        tokens: As `scan` returns them.
    """
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        words = _run(tokens, index)
        token = tokens[index] if not words else _read(text, tokens, index, words)
        found.append(token)
        index += 1
        while index < len(tokens) and tokens[index].start < token.end:
            index += 1
    return tuple(found)


def whole_number(token: Token) -> int | None:
    """Return the whole number that one word says, such as `two`; None for any other token."""
    words = _words(token)
    return _whole(words) or None if words and all(word in _NUMBERS for word in words) else None


def _words(token: Token) -> list[str]:
    return token.text.lower().split("-") if token.sort in (Sort.WORD, Sort.PHRASE) else []


def _run(tokens: Sequence[Token], index: int) -> list[list[str]]:
    """Return the words of a number that begins at a token, by token; none where no number begins there."""
    run: list[list[str]] = []
    for token in tokens[index:]:
        words = _words(token)
        joins = words == [_AND] and bool(run) and run[-1][-1] == _HUNDRED
        if not joins and not (words and all(word in _NUMBERS | _PARTS | {_POINT} for word in words)):
            break
        run.append(words)
    if run and run[-1] == [_AND]:
        run.pop()
    named = {word for words in run for word in words}
    return run if named - {_POINT} else []


def _read(text: str, tokens: Sequence[Token], index: int, run: list[list[str]]) -> Token:
    first, last = tokens[index], tokens[index + len(run) - 1]
    words = [word for part in run for word in part]
    unit = unit_at(text, last.end)
    if unit is None:
        follows = tokens[index + len(run)] if index + len(run) < len(tokens) else None
        spans = follows is not None and follows.text.lower() in _SPANS and index + len(run) + 1 < len(tokens)
        if len(words) == 1 and words[0] not in _PARTS and not (spans and _is_number(tokens[index + len(run) + 1])):
            return first
        again = _AGAIN.match(text, last.end)
        if again is not None and _value(words) == Decimal(again[1]):
            return Token(Sort.PASSED, text[first.start : last.end], first.start, last.end, says="a number said twice")
        return Token(Sort.BAD, text[first.start : last.end], first.start, last.end, says=_NOT_CLEAR)
    number = _value(words)
    written = None if not number else in_order_unit(number, unit[0])
    shown = text[first.start : unit.end()]
    if written is None:
        return Token(Sort.BAD, shown, first.start, unit.end(), says=_NOT_CLEAR)
    return Token(Sort.QUANTITY, shown, first.start, unit.end(), written, written)


def _is_number(token: Token) -> bool:
    words = _words(token)
    return token.sort in (Sort.QUANTITY, Sort.NUMBER) or bool(words and words[0] in _NUMBERS | _PARTS | {_POINT})


def _value(words: Sequence[str]) -> Decimal | None:
    """Return the number that words say in one reading only; None for any other."""
    whole = list(words)
    digits = ""
    if _POINT in whole:
        place = whole.index(_POINT)
        whole, after = whole[:place], whole[place + 1 :]
        if not after or not all(word in _ONES for word in after):
            return None
        digits = "".join(str(_ONES[word]) for word in after)
    number = _whole(whole)
    return None if number is None else Decimal(f"{number}.{digits}" if digits else number)


def _whole(words: Sequence[str]) -> int | None:
    """Return a whole number below a thousand; nothing before a point is zero."""
    rest, hundreds = list(words), 0
    if len(rest) > 1 and rest[1] == _HUNDRED and _ONES.get(rest[0]):
        hundreds = 100 * _ONES[rest[0]]
        rest = rest[3:] if rest[2:3] == [_AND] else rest[2:]
    match rest:
        case []:
            return hundreds
        case [word] if word in _ONES or word in _TEENS or word in _TENS:
            return hundreds + (_ONES | _TEENS | _TENS)[word]
        case [tens, ones] if tens in _TENS and _ONES.get(ones):
            return hundreds + _TENS[tens] + _ONES[ones]
        case _:
            return None
