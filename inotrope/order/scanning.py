"""A free text cut into tokens: quantities, bare numbers, words with a meaning, phrases to pass over, and the rest.

Knows in which order the patterns are tried (`patterns.py`). It does not know what a quantity is for (`reading.py`).
Nothing is skipped: what fits no pattern becomes a token of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from inotrope.order.patterns import (
    DURATION,
    LONGEST_NUMBER,
    NUMBER,
    count_patterns,
    fluid_pattern,
    goal_pattern,
    heading_pattern,
    passed_patterns,
    phrase_pattern,
    quantity_pattern,
    unit_pattern,
    urine_pattern,
)
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import Written, in_order_unit, order_words
from inotrope.units import Quantity, registry


@dataclass(frozen=True, slots=True)
class _Scan:
    """One pass over one text."""

    text: str

    def tokens(self) -> tuple[Token, ...]:
        found: list[Token] = []
        place = 0
        while place < len(self.text):
            if self.text[place].isspace():
                if self.text[place] == "\n":
                    found.append(Token(Sort.MARK, "\n", place, place + 1))
                place += 1
                continue
            token = self._at(place)
            found.append(token)
            place = token.end
        return tuple(found)

    def _at(self, place: int) -> Token:
        for attempt in (self._fluid, self._passed, self._goal, self._count, self._heading, self._number, self._phrase):
            token = attempt(place)
            if token is not None:
                return token
        return self._rest(place)

    def _token(self, sort: Sort, start: int, end: int, says: str = "") -> Token:
        return Token(sort, self.text[start:end], start, end, says=says)

    def _passed(self, place: int) -> Token | None:
        for says, pattern in passed_patterns():
            match = pattern.match(self.text, place)
            if match is not None:
                return self._token(Sort.PASSED, place, match.end(), says)
        return None

    def _fluid(self, place: int) -> Token | None:
        """Return a fluid before its own number is read: `0.9 % NaCl`."""
        match = fluid_pattern().match(self.text, place)
        if match is None:
            return None
        return self._token(Sort.PHRASE, place, match.end(), " ".join(match[0].lower().split()))

    def _goal(self, place: int) -> Token | None:
        """Return a goal, a vital sign or a laboratory value with its number, unless the number is the drug's."""
        match = goal_pattern().match(self.text, place)
        if match is None:
            return None
        label = " ".join(match["label"].lower().split())
        words = order_words().labels
        read = self._quantity(match.start("number"))
        unit = match["unit"]
        if label in words["urine"]:
            flow = urine_pattern().match(self.text, match.end("last"))
            end = match.end() if flow is None else flow.end()
            return self._token(Sort.PASSED, place, end, "a goal or a measured value")
        if read is not None and read.low is not None and not unit:
            return None
        flows = read is not None and read.low is not None and read.low.value.unit == "mL/min"
        if flows and label not in words["clearance"]:
            return None  # a pump rate behind `CI`, a continuous infusion
        if label in words["with_unit"] and not unit:
            return None
        if label in words["signed"] and not (match["sign"].strip(" :") or unit):
            return None
        return self._token(Sort.PASSED, place, match.end(), "a goal or a measured value")

    def _count(self, place: int) -> Token | None:
        for pattern in count_patterns():
            match = pattern.match(self.text, place)
            if match is not None and self._unit_after(match.end()) is None:
                return self._token(Sort.PASSED, place, match.end(), "a number that counts or names something")
        return None

    def _heading(self, place: int) -> Token | None:
        """Return a quantity whose unit stands before its number, as on a form: `Weight (kg): 70`."""
        match = heading_pattern().match(self.text, place)
        if match is None or self._unit_after(match.end()) is not None:
            return None
        written = in_order_unit(_decimal(match["number"]), match["unit"])
        if written is None or written.value.value == 0:
            return None
        return Token(Sort.QUANTITY, self.text[place : match.end()], place, match.end(), written, written)

    def _number(self, place: int) -> Token | None:
        if not re.compile(r"[.]?\d").match(self.text, place) or not _free(self.text, place):
            return None
        return self._duration(place) or self._quantity(place) or self._bare(place)

    def _quantity(self, place: int) -> Token | None:
        match = quantity_pattern().match(self.text, place)
        if match is None:
            return None
        unit = match["unit"]
        low, high = (_decimal(match[end]) if match[end] else None for end in ("low", "high"))
        assert high is not None  # the pattern has it
        written = in_order_unit(high, unit)
        start = low if low is not None else high
        first = in_order_unit(start, match["first"] or unit)
        text, end = match[0], match.end()
        if written is None or first is None:
            reason = registry().refused.get(unit) or registry().refused.get(unit.lower())
            return Token(Sort.BAD, text, place, end, says=reason or f"'{unit}' is no unit of an infusion order")
        if first.value.dimension != written.value.dimension and match["first"]:
            return self._quantity_up_to(place, match.end("first"))  # `4.5 kg -> 4.5 mg`: two values, and no range
        falls = first.value.dimension == written.value.dimension and first.value > written.value
        if first.value.dimension != written.value.dimension or (falls and not re.search(r"\bto\b|->|\u2192", text)):
            return Token(Sort.BAD, text, place, end, says="it is no range: its ends do not go together")
        if max(len(match["high"]), len(match["low"] or "")) > LONGEST_NUMBER:
            return Token(Sort.BAD, text, place, end, says=f"a number has at most {LONGEST_NUMBER} characters")
        if re.match(r"0\d", match["high"]) or re.match(r"0\d", match["low"] or ""):
            return Token(Sort.BAD, text, place, end, says="it begins with a zero and a digit: it may be mistyped")
        if first.value.value <= 0:
            return Token(Sort.BAD, text, place, end, says="an order of zero is no order")
        return Token(Sort.QUANTITY, text, place, end, first, written)

    def _quantity_up_to(self, place: int, end: int) -> Token | None:
        """Return the quantity at a place as if the text ended behind its unit."""
        return _Scan(self.text[:end])._quantity(place)

    def _duration(self, place: int) -> Token | None:
        """Return a time in hours and minutes: `9 h 30 min`."""
        match = DURATION.match(self.text, place)
        if match is None:
            return None
        written = Written(Quantity(Decimal(match["h"]) * 60 + Decimal(match["min"]), "min"), "min")
        return Token(Sort.QUANTITY, match[0], place, match.end(), written, written)

    def _bare(self, place: int) -> Token:
        match = re.compile(NUMBER).match(self.text, place)
        assert match is not None  # a digit stands here
        end = match.end()
        follows = re.compile(r"[A-Za-z0-9,.+%]*[A-Za-z0-9%]").match(self.text, end)
        if follows is not None and follows.end() > end:
            whole = self.text[place : follows.end()]
            if re.fullmatch(r"\d+,\d+(?:\.\d+)?\S*", whole):
                return self._token(Sort.BAD, place, follows.end(), "a comma could be a decimal point: write a point")
            return self._token(Sort.BAD, place, follows.end(), "it is no number with a unit that is known")
        return self._token(Sort.NUMBER, place, end, "a number without a unit")

    def _unit_after(self, place: int) -> re.Match[str] | None:
        while place < len(self.text) and (self.text[place].isspace() or self.text[place] == "-"):
            place += 1
        return unit_pattern().match(self.text, place)

    def _phrase(self, place: int) -> Token | None:
        match = phrase_pattern().match(self.text, place)
        if match is None:
            return None
        return self._token(Sort.PHRASE, place, match.end(), re.sub(r"[\s]+", " ", match[0].lower()))

    def _rest(self, place: int) -> Token:
        match = re.compile(r"[^\W_]+(?:['\u2019.-]?[^\W_]+)*").match(self.text, place)
        if match is None:
            return self._token(Sort.MARK, place, place + 1)
        if any(mark.isdigit() for mark in match[0]):
            return self._token(
                Sort.BAD, place, match.end(), "letters and digits are mixed: it may be a mistyped number"
            )
        return self._token(Sort.WORD, place, match.end())


def scan(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text, in their order; only blanks lie between them."""
    return _Scan(text).tokens()


def unit_at(text: str, place: int) -> re.Match[str] | None:
    """Return the unit that stands at a place, behind blanks or a hyphen; None where none does."""
    return _Scan(text)._unit_after(place)


def _decimal(written: str) -> Decimal:
    return Decimal(written.replace(",", ""))


def _free(text: str, place: int) -> bool:
    """Tell whether a number may begin here: no letter, digit or point touches it from the left."""
    if place > 1 and text[place - 1] == ",":
        return not text[place - 2].isdigit() and text[place - 2] != "."  # `75 kg,200 mcg/mL`
    return place == 0 or not (text[place - 1].isalnum() or text[place - 1] in ".,")
