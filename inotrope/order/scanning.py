"""A free text cut into tokens: quantities, bare numbers, words with a meaning, phrases to pass over, and the rest.

Knows how people write numbers, units, ranges, dates, clock times, intervals, ages, goals and counts. It does not know
what a quantity is for (`reading.py`). Nothing is skipped: what fits no pattern becomes a token of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from inotrope.order.words import Written, in_order_unit, order_words
from inotrope.patient import vocabulary
from inotrope.units import Quantity, registry


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


_NUMBER = r"(?:[1-9]\d{0,2}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_DASH = r"(?:->|\u2192|-|\u2013|\u2014|\bto\b|\band\b)"
_BEFORE = r"(?<![A-Za-z0-9.,])"
_DURATION = re.compile(
    r"(?P<h>\d+)\s*(?:h|hrs?|hours?)\s*(?:and\s*)?(?P<min>\d{1,2})\s*(?:min|mins|minutes?)\b", re.IGNORECASE
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_TIME_WORD = r"(?:min|mins|minutes?|h|hr|hrs|hours?|d|days?|wks?|weeks?)\b"

_PASSED = {
    "a date and time": (
        r"\d{4}-\d\d-\d\d(?:[T ]\d\d:?\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d])",
        r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4} (?:[01]\d|2[0-3])[0-5]\d(?![\d.,]|\s*[a-z%/])",
        r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?![\d.]*\s*(?:mc?g|ml|kg))",
        rf"\d{{1,2}}(?:st|nd|rd|th)?[ -]?{_MONTH}(?:[ -]?\d{{4}}|[ -]\d\d\b)?(?![A-Za-z])",
        rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?(?![\d.:A-Za-z]|\s*(?:mc?g|ml|kg))",
        r"\d{1,2}:\d\d(?::\d\d)?(?:\s*(?:am|pm|hrs?|hours?|h)\b)?",
        r"\d{1,2}\s?(?:am|pm)\b",
        r"0\d[0-5]\d\s?(?:hrs?|hours?|h)\b",
        r"(?:[01]\d|2[0-3])[0-5]\d\s?(?:hrs|hours?)\b",
    ),
    "what has run already": (r"(?:vol(?:ume)?|total)\.? infused[:= ]*\d+(?:\.\d+)?\s?ml\b",),
    "a pump's channel": (r"pump #?\d{1,2} ch(?:annel)?\.? [A-D]\b",),
    "an interval": (
        rf"(?:every|each|q)\s*\d+(?:\.\d+)?(?:\s*(?:-|to|\u2013)\s*\d+)?\s*-?\s*{_TIME_WORD}"
        rf"(?:\s*(?:x|for)\s*\d+\s*-?{_TIME_WORD})?(?:\s*x\s*\d+\b(?!\s*[A-Za-z]))?",
        rf"(?:hourly|daily)\s*x\s*\d+(?:\s*{_TIME_WORD})?",
        rf"\d+\s*-?\s*{_TIME_WORD}\s*interval",
    ),
    "an age": (
        r"\d+(?:\.\d+)?\s*-?\s*(?:years?|yrs?|y|months?|mos?|weeks?|wks?|days?|d)\.?\s*-?\s*(?:old\b|of age\b|/o\b)",
        r"\d+(?:\.\d+)?\s?-?(?:yo|y/o|y\.o\.|yom|yof|mo old)\b",
        r"\d{1,3}\s?(?:y|yr|yrs|years?|months?)\b",
        r"\d{1,3}\s?[MF]\b(?!/)",
        r"\d{2}\s?\+\s?[0-6]\s*-?(?:weeks?|wks?)\b",
        r"(?:aged?|age:)\s*\d+(?:\.\d+)?\s*(?:years?|yrs?|y|months?|mos?|weeks?|wks?|days?|d)?\b",
        r"\d{2}(?:\s?\+\s?\d)?\s*-?\s*(?:weeks?|wks?|wk)\.?\s*(?:gestation(?:al age)?|ga|pma|cga)\b",
        r"(?:ga|pma|cga|gestational age)[: ]*\d{2}(?:\s?\+\s?\d|\s\d/7)?(?:\s*(?:weeks?|wks?))?\b",
    ),
}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (says, re.compile(rf"{_BEFORE}{pattern}", re.IGNORECASE)) for says, each in _PASSED.items() for pattern in each
    )


def _alternatives(phrases: Iterable[str], after: str = "") -> str:
    """Return a pattern of phrases, the longest first; a blank stands for any blanks or a hyphen.

    Args:
        phrases: In plain form.
        after: What must not follow a phrase that ends in a letter or digit.
    """
    longest = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return "|".join(
        re.escape(phrase).replace(r"\ ", r"[\s-]+") + (after if phrase[-1].isalnum() else "") for phrase in longest
    )


def _bounded(phrases: Iterable[str]) -> str:
    """Return a pattern of phrases that no letter or digit touches, where a phrase itself ends in one."""
    return rf"(?:{_alternatives(phrases, '(?![A-Za-z0-9])')})"


_NO_UNITS = {"in", "M", "st"}
"""Refused as units, and words of their own in a text."""


@cache
def _unit_pattern() -> re.Pattern[str]:
    """Return the pattern of a unit as an order may write it: known parts joined by a slash or `per`."""
    words, known = order_words(), registry()
    whole = {spelling for spelling in (*known.spellings, *words.spellings, *words.units) if spelling[0].isalpha()}
    simple = {spelling for spelling in whole if "/" not in spelling}
    simple -= {"a", "A"}  # an article
    simple |= {spelling.replace("mcg", "\u00b5g") for spelling in simple} | {"\u03bcg", "ug"}
    refused = {spelling for spelling in known.refused if spelling[0].isalpha()} - _NO_UNITS
    part = _alternatives(simple | refused | {"gtts", "drops", "drop", "drps"})
    fixed = _alternatives(
        spelling
        for spelling in (*whole, "mg/kg/24hr", "mg/kg/24 hr", "mg/24hr")
        if re.search(r"\d|[.\u00b7*()]", spelling)
    )
    joined = rf"(?:{part})(?![A-Za-z])(?:\s*(?:/|\bper\b)\s*(?:{part})(?![A-Za-z0-9]))*+"
    return re.compile(rf"(?:(?:{fixed})(?![A-Za-z0-9])|{joined}|%)", re.IGNORECASE)


@cache
def _phrase_pattern() -> re.Pattern[str]:
    words = order_words()
    every = {
        *words.intravenous, *words.other_routes, *words.fluids, *words.known, *words.labels["measured"],
        *(phrase for phrases in words.cues.values() for phrase in phrases), *_medicines(),
    }  # fmt: skip
    return re.compile(rf"(?<![A-Za-z0-9]){_bounded(every)}", re.IGNORECASE)


@cache
def _medicines() -> dict[str, str]:
    """Return every medicine by each of its spellings, as the vocabulary names it."""
    return {name: item.name for name, item in vocabulary().medicines.items()}


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
        for says, pattern in _patterns():
            match = pattern.match(self.text, place)
            if match is not None:
                return self._token(Sort.PASSED, place, match.end(), says)
        return None

    def _fluid(self, place: int) -> Token | None:
        """Return a fluid before its own number is read: `0.9 % NaCl`."""
        match = _fluid_pattern().match(self.text, place)
        if match is None:
            return None
        return self._token(Sort.PHRASE, place, match.end(), " ".join(match[0].lower().split()))

    def _goal(self, place: int) -> Token | None:
        """Return a goal, a vital sign or a laboratory value with its number, unless the number is the drug's."""
        match = _goal_pattern().match(self.text, place)
        if match is None:
            return None
        label = " ".join(match["label"].lower().split())
        words = order_words().labels
        read = self._quantity(match.start("number"))
        unit = match["unit"]
        if label in words["urine"]:
            flow = _urine_pattern().match(self.text, match.end("last"))
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
        for pattern in _count_patterns():
            match = pattern.match(self.text, place)
            if match is not None and self._unit_after(match.end()) is None:
                return self._token(Sort.PASSED, place, match.end(), "a number that counts or names something")
        return None

    def _heading(self, place: int) -> Token | None:
        """Return a quantity whose unit stands before its number, as on a form: `Weight (kg): 70`."""
        match = _heading_pattern().match(self.text, place)
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
        match = _quantity_pattern().match(self.text, place)
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
        if first.value.value <= 0:
            return Token(Sort.BAD, text, place, end, says="an order of zero is no order")
        return Token(Sort.QUANTITY, text, place, end, first, written)

    def _quantity_up_to(self, place: int, end: int) -> Token | None:
        """Return the quantity at a place as if the text ended behind its unit."""
        return _Scan(self.text[:end])._quantity(place)

    def _duration(self, place: int) -> Token | None:
        """Return a time in hours and minutes: `9 h 30 min`."""
        match = _DURATION.match(self.text, place)
        if match is None:
            return None
        written = Written(Quantity(Decimal(match["h"]) * 60 + Decimal(match["min"]), "min"), "min")
        return Token(Sort.QUANTITY, match[0], place, match.end(), written, written)

    def _bare(self, place: int) -> Token:
        match = re.compile(_NUMBER).match(self.text, place)
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
        return _unit_pattern().match(self.text, place)

    def _phrase(self, place: int) -> Token | None:
        match = _phrase_pattern().match(self.text, place)
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
    return place == 0 or not (text[place - 1].isalnum() or text[place - 1] in ".,")


@cache
def _quantity_pattern() -> re.Pattern[str]:
    unit = _unit_pattern().pattern
    return re.compile(
        rf"(?:(?P<low>{_NUMBER})\s*-?(?P<first>{unit})?\s*{_DASH}\s*)?(?P<high>{_NUMBER})[\s-]*(?P<unit>{unit})",
        re.IGNORECASE,
    )


@cache
def _fluid_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9.,]){_bounded(order_words().fluids)}", re.IGNORECASE)


@cache
def _goal_pattern() -> re.Pattern[str]:
    words = order_words().labels
    between = rf"(?:\s|[:>=<\u2265\u2264~(]|\b{_bounded(words['compared'])})*+"
    number = rf"[+-]?{_NUMBER}"
    return re.compile(
        rf"(?<![A-Za-z0-9/])(?P<label>{_bounded(words['measured'])})(?P<sign>{between})(?P<number>{number})"
        rf"(?P<last>(?:\s*(?:-|\u2013|/|\bto\b|\band\b)\s*{_NUMBER})?)(?![A-Za-z0-9]|[.,]\d)"
        rf"(?P<unit>(?:\s*{_bounded(words['unit'])})?)",
        re.IGNORECASE,
    )


@cache
def _urine_pattern() -> re.Pattern[str]:
    return re.compile(rf"\s*{_bounded(order_words().labels['urine_unit'])}", re.IGNORECASE)


@cache
def _count_patterns() -> tuple[re.Pattern[str], ...]:
    words = order_words().labels
    ends = r"(?![A-Za-z0-9]|[.,]\d)"
    return tuple(
        re.compile(rf"{_BEFORE}{pattern}{ends}", re.IGNORECASE)
        for pattern in (
            rf"{_bounded(words['counted'])}\s*[#:.]*\s*[A-Za-z]{{0,3}}-?\d{{1,12}}(?:-\d+)*",
            rf"(?:{_bounded(words['counted_small'])})\s*[#:.]*\s*\d{{1,2}}\s*(?:of|/)\s*\d{{1,2}}",
            rf"(?:{_bounded(words['counted_small'])})\s*[#:.]*\s*\d",
            rf"\d{{1,2}}\s*(?:of|/)\s*\d{{1,2}}\s*{_bounded(words['after'])}",
            rf"\d{{1,2}}\s*-?{_bounded(words['after'])}",
            r"x\s?1",
        )
    )


@cache
def _heading_pattern() -> re.Pattern[str]:
    unit = _unit_pattern().pattern
    return re.compile(
        rf"(?<![A-Za-z0-9/])[(\[]?(?P<unit>{unit})[)\]]?\s*[:=]\s*(?P<number>{_NUMBER})(?![A-Za-z0-9]|[.,]\d)",
        re.IGNORECASE,
    )
