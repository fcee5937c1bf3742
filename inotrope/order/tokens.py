"""A token: one piece of a text, and what its own letters tell.

Knows no pattern and no word.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inotrope.order.words import Written


class Sort(StrEnum):
    """What a token is, as far as its own letters tell."""

    QUANTITY = "quantity"
    NUMBER = "number"
    PHRASE = "phrase"
    PASSED = "passed over"
    MARK = "mark"
    BAD = "not understood"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text.

    Attributes:
        sort: What it is.
        text: As written.
        start: Where it begins, from 0.
        end: Behind its last character.
        low: Of a quantity, the value or the lower end.
        high: Of a quantity, the same or the upper end.
        says: For a phrase its plain form, for what is passed over or not understood the reason.
    """

    sort: Sort
    text: str
    start: int
    end: int
    low: Written | None = None
    high: Written | None = None
    says: str = ""

    @property
    def place(self) -> str:
        """The place as a reader counts characters, from 1."""
        return f"text, characters {self.start + 1} to {self.end}"
