"""An age that a text tells in a word, such as `preterm` or `toddler`, held against the weight of the order.

Knows the words of `[told]` in `orders.toml` and the vocabulary's ranges of weight by age. It guesses no age: a weight
that nobody of that age has is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inotrope.findings import Refusal
from inotrope.order.parts import part_of, pattern_of
from inotrope.order.statements import Kind, Statement, of_kind
from inotrope.order.words import order_words
from inotrope.patient import vocabulary
from inotrope.units import Quantity

_BELOW = {
    "newborn": "newborn.postnatal_below",
    "infant": "age.infant_below",
    "toddler": "age.toddler_below",
}
"""Below which age somebody is called so; a baby that came early is called preterm for months."""

_AGE = re.compile(
    r"(?<![\d.])(\d{1,3}(?:\.\d+)?)[\s-]*(months?|mos?|m/o|weeks?|wks?|years?|yrs?|yo|y/o|y)(?![A-Za-z/])",
    re.IGNORECASE,
)
_IN_A_YEAR = {"m": Decimal(12), "w": Decimal("52.1785"), "y": Decimal(1)}


@dataclass(frozen=True, slots=True)
class AgeInWords:
    """A word for an age: what it means, as written, its place, and the age in numbers that stands beside it."""

    what: str
    text: str
    where: str
    age: Quantity | None = None


def ages_in_words(text: str) -> tuple[AgeInWords, ...]:
    """Return each word of a text that tells how old the patient is.

    Args:
        text: As written.
    """
    words, found = order_words().told, []
    if pattern_of(words["age_of_another"]).search(text):
        return ()
    for what in _BELOW:
        for match in pattern_of(words[what]).finditer(text):
            start, end = part_of(text, match.start())
            behind = re.compile(r"[\s-]*").match(text, match.end())
            assert behind is not None  # it may be empty
            is_past = pattern_of(words["age_past"]).search(text, start, match.start())
            if not is_past and not pattern_of(words["age_other"]).match(text, behind.end()):
                where = f"text, characters {match.start() + 1} to {match.end()}"
                found.append(AgeInWords(what, match[0], where, _age_in(text[start:end])))
    return tuple(found)


def _age_in(part: str) -> Quantity | None:
    """Return the age in numbers of a part of a text, in years; None where it tells none."""
    match = _AGE.search(part)
    if match is None:
        return None
    return Quantity(Decimal(match[1]) * _IN_A_YEAR[match[2][0].lower()] ** -1, "year")


def asks_age(ages: Sequence[AgeInWords], statements: Sequence[Statement]) -> tuple[Refusal, ...]:
    """Return the question for an age in a word and a weight that nobody of that age has.

    Args:
        ages: What the text tells.
        statements: What the order states; an age in numbers is held against the weight by itself.
    """
    kind = vocabulary().measurement("body weight")
    assert kind is not None  # it stands in the vocabulary
    for age in ages:
        below = vocabulary().limit(_BELOW[age.what]).value if age.age is None else age.age
        bands = [band for band in kind.bands if band.age_from.in_unit("year") <= below.in_unit("year")]
        most = bands[-1].range_at(below)[1]
        for weight in of_kind(statements, Kind.WEIGHT):
            if weight.low > most:
                return (_question(age, weight, below, most),)
    return ()


def _question(age: AgeInWords, weight: Statement, below: Quantity, most: Quantity) -> Refusal:
    says = (
        f"'{age.text}' ({age.where}) and a weight of {weight.shown} ({weight.where}) do not go together: up to "
        f"{most.shown(1)} is plausible below {below}. Which of them is wrong is not for a program to choose."
    )
    kind = vocabulary().measurement("body weight")
    assert kind is not None  # it stands in the vocabulary
    sources = tuple(
        dict.fromkeys((vocabulary().limit(_BELOW[age.what]).source, kind.bands[0].plausible_maximum.source))
    )
    return Refusal("age-and-weight-apart", says, ("age", "weight"), sources)
