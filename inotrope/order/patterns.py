"""How people write numbers, units, ranges, dates, clock times, intervals, ages, goals and counts: one pattern for each.

Knows the words of `orders.toml`, the closed list of units and the vocabulary's medicines. It reads no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from inotrope.order.words import order_words
from inotrope.patient import vocabulary
from inotrope.units import registry

NUMBER = r"(?:[1-9]\d{0,2}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
LONGEST_NUMBER = 16
"""Characters of a number; a longer one is no dose, and what is made of it could not be shown."""
_DASH = r"(?:->|\u2192|-|\u2013|\u2014|\bto\b|\band\b)"
_BEFORE = r"(?<![A-Za-z0-9.,])"
DURATION = re.compile(
    r"(?P<h>\d+)\s*(?:h|hrs?|hours?)\s*(?:and\s*)?(?P<min>\d{1,2})\s*(?:min|mins|minutes?)\b", re.IGNORECASE
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_TIME_WORD = r"(?:min|mins|minutes?|h|hr|hrs|hours?|d|days?|wks?|weeks?)\b"

AN_AGE, AN_INTERVAL = "an age", "an interval"
"""What two of the forms are called: a reader takes more from them."""
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
    AN_INTERVAL: (
        rf"(?:every|each|q)\s*\d+(?:\.\d+)?(?:\s*(?:-|to|\u2013)\s*\d+)?\s*-?\s*{_TIME_WORD}"
        rf"(?:\s*(?:x|for)\s*\d+\s*-?{_TIME_WORD})?(?:\s*x\s*\d+\b(?!\s*[A-Za-z]))?",
        r"(?:every|each)\s+(?:min|minute|h|hr|hour)\b",
        rf"(?:hourly|daily)\s*x\s*\d+(?:\s*{_TIME_WORD})?",
        rf"\d+\s*-?\s*{_TIME_WORD}\s*interval",
    ),
    AN_AGE: (
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
def passed_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the patterns of what is recognized and never a value of the order, each with what it is."""
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
def unit_pattern() -> re.Pattern[str]:
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
def phrase_pattern() -> re.Pattern[str]:
    """Return the pattern of every word and phrase that is known."""
    words = order_words()
    every = {
        *words.intravenous, *words.other_routes, *words.fluids, *words.known, *words.strengths,
        *words.stronger["words"], *words.stronger["unnumbered"],
        *words.labels["measured"], *words.withdrawn["no_premix"],
        *(phrase for phrases in words.cues.values() for phrase in phrases), *_medicines(),
    }  # fmt: skip
    return re.compile(rf"(?<![A-Za-z0-9]){_bounded(every)}", re.IGNORECASE)


@cache
def _medicines() -> dict[str, str]:
    """Return every medicine by each of its spellings, as the vocabulary names it."""
    return {name: item.name for name, item in vocabulary().medicines.items()}


@cache
def quantity_pattern() -> re.Pattern[str]:
    """Return the pattern of a number, or a range of two, with its unit."""
    unit = unit_pattern().pattern
    return re.compile(
        rf"(?:(?P<low>{NUMBER})\s*-?(?P<first>{unit})?\s*{_DASH}\s*)?(?P<high>{NUMBER})[\s-]*(?P<unit>{unit})",
        re.IGNORECASE,
    )


@cache
def fluid_pattern() -> re.Pattern[str]:
    """Return the pattern of a fluid with its own number: `0.9 % NaCl`."""
    return re.compile(rf"(?<![A-Za-z0-9.,]){_bounded(order_words().fluids)}", re.IGNORECASE)


@cache
def goal_pattern() -> re.Pattern[str]:
    """Return the pattern of a goal, a vital sign or a laboratory value with its number."""
    words = order_words().labels
    between = rf"(?:\s|[:>=<\u2265\u2264~(]|\b{_bounded(words['compared'])})*+"
    number = rf"[+-]?{NUMBER}"
    return re.compile(
        rf"(?<![A-Za-z0-9/])(?P<label>{_bounded(words['measured'])})(?P<sign>{between})(?P<number>{number})"
        rf"(?P<last>(?:\s*(?:-|\u2013|/|\bto\b|\band\b)\s*{NUMBER})?)(?![A-Za-z0-9]|[.,]\d)"
        rf"(?P<unit>(?:\s*{_bounded(words['unit'])})?)",
        re.IGNORECASE,
    )


@cache
def urine_pattern() -> re.Pattern[str]:
    """Return the pattern of the units of a urine output."""
    return re.compile(rf"\s*{_bounded(order_words().labels['urine_unit'])}", re.IGNORECASE)


@cache
def count_patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a number that counts or names something."""
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
def heading_pattern() -> re.Pattern[str]:
    """Return the pattern of a unit that stands before its number, as on a form."""
    unit = unit_pattern().pattern
    return re.compile(
        rf"(?<![A-Za-z0-9/])[(\[]?(?P<unit>{unit})[)\]]?\s*[:=]\s*(?P<number>{NUMBER})(?![A-Za-z0-9]|[.,]\d)",
        re.IGNORECASE,
    )
