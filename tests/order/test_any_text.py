"""Any text gets an answer, in a time that does not run away, and a number is never lost without a word."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some

from inotrope.errors import CaseError
from inotrope.order import OrderStatus, read_text
from inotrope.plan import check_order

pytestmark = pytest.mark.usefixtures("uncounted")

EVERY = (
    "milrinone|Primacor|20 mg|/|100 mL|0.5|mcg/kg/min|70 kg|10.5 mL/h|over|9.5 h|load|bolus|then|50 mcg/kg|(|)|,|;|"
    ".|\n|titrate|max|by|every 30 min|MAP > 65|bag 2|0,5|1,000 mcg|D5W|0.9 % NaCl|=|@|->|-|to|1 mL/h|IV|PO|wibble|"
    "5x|0800|hung|200 mcg/mL|vial|+|of|in|premix|for 24 h|dobutamine|3 mg/kg|mg|%|0.375-0.75 mcg/kg/min"
)
PIECES = some.sampled_from(EVERY.split("|"))
LINES = some.lists(PIECES, min_size=1, max_size=14).map(" ".join).filter(lambda text: bool(text.strip()))


@given(LINES)
@hypothesis_settings(max_examples=300)
def test_any_mixture_of_the_pieces_of_orders_ends_with_a_status(text: str) -> None:
    assert check_order(text).status in OrderStatus


@given(LINES)
@hypothesis_settings(max_examples=300)
def test_no_digit_is_lost(text: str) -> None:
    reading = read_text(text)
    left = list(text)
    named = [piece.where for piece in reading.pieces] + [problem.says for problem in reading.problems]
    for place in re.findall(r"characters (\d+) to (\d+)", " ".join(named)):
        left[int(place[0]) - 1 : int(place[1])] = " " * (int(place[1]) - int(place[0]) + 1)
    assert not [mark for mark in left if mark.isdigit()], "".join(left)


@given(some.text(min_size=1, max_size=80).filter(lambda text: text.isprintable() and bool(text.strip())))
@example("\u115f")
@hypothesis_settings(max_examples=200)
def test_any_characters_get_an_answer(text: str) -> None:
    try:
        assert check_order(text).status == "refused"  # none of them happens to name a drug
    except CaseError as problem:  # some characters print, and nobody sees them: a Hangul filler is one
        assert "a character that nobody sees" in str(problem)


def test_the_longest_texts_are_answered() -> None:
    """Patterns that try every way of cutting a text would not come back from these."""
    for piece in ("1 ", "1,", "a ", "mg/", "map > ", "load ", "0.5 mcg/kg/min ", "((((", "1 to ", "- "):
        check_order("milrinone " + piece * (1900 // len(piece)))
