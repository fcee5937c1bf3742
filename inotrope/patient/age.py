"""How old a patient is in the ways that dosing asks: since birth, since conception, and which group that makes.

Knows the vocabulary's limits between newborn, child and adult. It never guesses a gestational age: where the group
hangs on it and nobody recorded it, the group is not known.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

from inotrope.errors import CaseError, shorten
from inotrope.patient.vocabulary import vocabulary
from inotrope.units import Quantity


class AgeGroup(StrEnum):
    """Whose doses are asked for."""

    ADULT = "adult"
    CHILD = "child"
    NEWBORN = "newborn"


_WHOLE_WEEKS = frozenset(map(str, range(10, 100)))
"""A number alone: weeks are likely, and yet nobody is asked to guess whether days were forgotten."""
_LONGEST = 40
"""Characters of a gestational age; an attacker sends more."""
_GESTATION = re.compile(
    r"\s*(?P<weeks>[0-9]{1,2})"
    r"(?:\s*\+\s*(?P<plus>[0-6])\s*(?:weeks?|wks?|w)?"
    r"|\s*(?:weeks?|wks?|w)(?:\s*(?:and\s*)?(?P<days>[0-6])\s*(?:days?|d))?)\s*",
    re.IGNORECASE,
)


def read_gestational_age(text: object) -> Quantity:
    """Read a gestational age at birth such as `27 weeks`, `27+3` or `27 weeks 3 days`.

    Returns:
        Weeks, with the days as sevenths.

    Raises:
        CaseError: Not such a text, or outside what can be true.
    """
    lowest, highest = (
        vocabulary().limit(f"newborn.gestational_age_{end}").value.in_unit("week") for end in ("minimum", "maximum")
    )
    accepted = f"weeks and days such as '27+3' or '27 weeks 3 days', from {lowest} to {highest} weeks"
    match = _GESTATION.fullmatch(text) if isinstance(text, str) and len(text) <= _LONGEST else None
    if match is None:
        number = text.strip() if isinstance(text, str) else ""
        meant = f" For {number} weeks and no days write '{number}+0'." if number in _WHOLE_WEEKS else ""
        raise CaseError(
            f"Gestational age '{shorten(str(text))}' is not understood.{meant} Write {accepted}.",
            value=text,
            accepted=accepted,
        )
    days = Decimal(match["plus"] or match["days"] or 0)
    weeks = Decimal(match["weeks"]) + days / 7
    if not lowest <= weeks <= highest:
        raise CaseError(
            f"Gestational age '{shorten(str(text))}' lies outside {lowest} to {highest} weeks. Check the number.",
            value=text,
            accepted=accepted,
        )
    return Quantity(weeks, "week")


def postmenstrual_age(gestational: Quantity | None, postnatal: Quantity) -> Quantity | None:
    """Return gestational plus postnatal age in weeks; None without a gestational age."""
    if gestational is None:
        return None
    return Quantity(gestational.in_unit("week") + postnatal.in_unit("day") / 7, "week")


def age_group(*, years: Decimal, postnatal: Quantity, gestational: Quantity | None) -> AgeGroup | None:
    """Return newborn, child or adult; None where only a gestational age could tell.

    Args:
        years: Age in years.
        postnatal: Time since birth.
        gestational: Gestational age at birth, where it is recorded.

    Returns:
        Newborn below the vocabulary's postnatal or postmenstrual limit. Past the postnatal limit, and without a
        gestational age, nobody younger than the time that the most preterm baby needs to reach the postmenstrual limit
        is grouped. (A newborn's dose asks for the gestational age all the same.)
    """
    words = vocabulary()
    if years >= words.limit("age.adult").value.in_unit("year"):
        return AgeGroup.ADULT
    if postnatal < words.limit("newborn.postnatal_below").value:
        return AgeGroup.NEWBORN
    grown = words.limit("newborn.postmenstrual_below").value
    since_conception = postmenstrual_age(gestational, postnatal)
    if since_conception is not None:
        return AgeGroup.NEWBORN if since_conception < grown else AgeGroup.CHILD
    longest = grown.in_unit("week") - words.limit("newborn.gestational_age_minimum").value.in_unit("week")
    return None if postnatal.in_unit("week") < longest else AgeGroup.CHILD
