"""A second reading of one record: the newest values, what is said of a condition, machines, weight and height, age.

It shares no code with `inotrope`. A fact is a fraction, True or False (False also: nothing to compare), or None where
nobody can know.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from functools import cache
from typing import Any

from tests.laws import second_history as history
from tests.laws import second_look as look
from tests.laws.second_look import Known, content, number

Document = dict[str, Any]


@cache
def vocabulary_limit(reference: str) -> Fraction:
    """Return what `@vocabulary:...` or `@drug:...` stands for."""
    file, _, path = reference.removeprefix("@").partition(":")
    table, _, key = path.rpartition(".")
    if file == "drug":
        return number(content("milrinone/drug.toml")[table][key]["value"])
    own = content("vocabulary/limits.toml").get(table)
    kinds = content("vocabulary/measurements.toml")["measurement"]
    found = own if own is not None else next(kind for kind in kinds if kind["name"] == table)
    return number(found[key]["value"])


class Record:
    """What one case document says."""

    def __init__(self, case: Document) -> None:
        self.case = case
        self.now = datetime.fromisoformat(case["now"])

    def said(self, condition: str) -> Known:
        """Return what is known of a condition."""
        found = (self.case.get("conditions") or {}).get(condition, "unknown")
        return {"present": True, "absent": False, "unknown": None}[found]

    def since(self, text: str) -> Fraction:
        return history.hours(self.now - datetime.fromisoformat(text))

    def every(self, what: str, of: str | None = None) -> list[Document]:
        """Return all of a measurement, newest first, of one moment the last written first."""
        listed = [item for item in self.case.get("measurements") or [] if item["what"] == what and item.get("of") == of]
        listed.reverse()
        return sorted(listed, key=lambda item: self.since(item["at"]))

    def newest(self, what: str, oldest: Fraction | None, of: str | None = None) -> Document | None:
        """Return the newest of a measurement; None where it is too old."""
        found = self.every(what, of)
        return None if not found or (oldest is not None and self.since(found[0]["at"]) > oldest) else found[0]

    def value(self, item: Document) -> Fraction:
        number_ = number(item["value"])
        return number_ / self.fact_weight() if item["value"].endswith(" mL/h") else number_

    def machine(self, names: tuple[str, ...], slack: Fraction) -> Known:
        """Tell whether one of some machines works now, or did until less than some hours ago."""
        listed = self.case.get("support")
        if listed is None:
            return None
        ends = [item.get("end") for item in listed if item["what"] in names]
        return any(end is None or self.since(end) < slack for end in ends)

    def fact_weight(self) -> Fraction:
        return number(self.case["patient"]["weight"])

    def fact_height(self) -> Fraction | None:
        return number(self.case["patient"]["height"]) if "height" in self.case["patient"] else None

    def age(self) -> Fraction:
        """Return the age in years: birthdays are whole, and the days between two of them share one year."""
        person = self.case["patient"]
        if "born" not in person:
            return number(person["age"]) / 8766
        moment = datetime.fromisoformat(person["born"])
        born = moment.date() if moment.tzinfo is None else moment.astimezone(self.now.tzinfo).date()
        whole, today = look.years_of_age(self.case), self.now.date()
        last, next_ = (_birthday(born, born.year + whole + more) for more in (0, 1))
        return whole + Fraction((today - last).days, (next_ - last).days)


def _birthday(born: date, year: int) -> date:
    """Return the birthday in a year; one of 29 February is on 1 March where there is none."""
    leap = (born.month, born.day) == (2, 29)
    return date(year, 3, 1) if leap else born.replace(year=year)
