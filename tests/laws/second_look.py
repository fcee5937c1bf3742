"""A second, small reading of a case: numbers, names, ages, the entry that serves, the concentration on the pump.

It shares no code with `inotrope`: numbers are fractions, and the entries are those of `printed.py`, typed by hand from
the facts. What was given is read again in `second_history.py`, the rules in `second_reading.py`.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from tests.laws import printed
from tests.laws.printed import ADULT, CHILD, NEWBORN, Printed

LIBRARY = Path(__file__).parents[2] / "inotrope" / "library"
Known = bool | None

_NUMBER = re.compile(r"\s*<?\s*([-+]?[\d.]+)\s*(.*?)\s*")
_SCALE = {
    "mg": 1000, "mcg": 1, "g": 1_000_000, "mcg/kg": 1, "mg/kg": 1000,
    "mcg/kg/h": 1, "mcg/kg/min": 60, "mg/kg/h": 1000, "mg/kg/day": Fraction(1000, 24),
    "mcg/min": 60, "mcg/h": 1, "mg/h": 1000,
    "mcg/mL": 1, "mg/mL": 1000, "mg/L": 1, "ng/mL": Fraction(1, 1000), "mL": 1, "L": 1000, "mL/h": 1, "mL/kg/h": 1,
    "h": 1, "min": Fraction(1, 60), "day": 24, "days": 24, "weeks": 168, "week": 168,
    "months": Fraction(1461, 2), "month": Fraction(1461, 2), "years": Fraction(8766), "year": Fraction(8766),
    "kg": 1, "cm": 1, "m": 100, "m2": 1, "%": 1, "": 1, "ms": 1, "/min": 1, "1/min": 1, "10^9/L": 1, "L/min/m2": 1,
    "mmHg": 1, "kPa": 1 / Fraction("0.133322387415"), "mmol/L": 1, "mEq/L": 1, "mL/min/1.73 m2": 1,
    "mg/dL": 1, "umol/L": Fraction("113.12") / 10_000, "L/min": 1,
}  # fmt: skip
"""Factors into the units that this file counts in: mcg, kg, h, mL, mmHg, mmol/L, creatinine in mg/dL."""


def number(text: str) -> Fraction:
    """Return a quantity as a fraction in the unit that this file counts in."""
    match = _NUMBER.fullmatch(text)
    assert match is not None, text
    return Fraction(match[1]) * _SCALE[match[2]]


@cache
def content(name: str) -> dict[str, Any]:
    """Return one file of the library as plain tables."""
    return tomllib.loads((LIBRARY / name).read_text("utf-8"))


@cache
def rules() -> tuple[dict[str, Any], ...]:
    """Return every rule, in the order of the files."""
    more = sorted(f"milrinone/safety/{path.name}" for path in (LIBRARY / "milrinone/safety").glob("*.toml"))
    return tuple(rule for name in ("milrinone/safety.toml", *more) for rule in content(name)["rule"])


DOUBTS_A_NUMBER = frozenset({
    "newborn-weight-out-of-range", "weight-slip", "weight-far-from-age", "implausible-build", "syringe-ten-fold",
    "pump-below-minimum", "delivered-dose-far-off",
})  # fmt: skip
"""Stops whose reason settles the number that they doubt; any other that is set aside opens no load and no step."""


def against_a_load(findings: tuple[Any, ...]) -> list[str]:
    """Return the rules that keep a load and every step upward away: by their effect, or as a stop set aside."""
    return [
        f.rule
        for f in findings
        if (f.state.value == "fires" and f.effect.value == "no load")
        or (f.state.value == "overridden" and f.rule not in DOUBTS_A_NUMBER)
    ]


@cache
def _medicines() -> dict[str, tuple[str, str]]:
    found = {}
    for item in content("vocabulary/medicines.toml")["medicine"]:
        for name in (item["name"], *item.get("synonyms", []), *item.get("brands", [])):
            found[name.casefold()] = (item["name"], item["class"])
    return found


def medicine(text: str) -> str:
    """Return a medicine's own name for a synonym or a brand; an unknown one stays as it is."""
    return _medicines().get(text.casefold(), (text, ""))[0]


def medicine_class(text: str) -> str:
    """Return the class of a medicine; empty for an unknown one."""
    return _medicines().get(text.casefold(), (text, ""))[1]


# --- who it is -------------------------------------------------------------------------------------------------------


def hours_of_age(case: dict[str, Any]) -> Fraction:
    """Return the hours since birth; whole days where only the day is known."""
    person, now = case["patient"], datetime.fromisoformat(case["now"])
    if "born" not in person:
        return number(person["age"])
    if "T" in person["born"]:
        return Fraction((now - datetime.fromisoformat(person["born"])) // timedelta(minutes=1), 60)
    return Fraction((now.date() - date.fromisoformat(person["born"])).days * 24)


def hours_are_known(case: dict[str, Any]) -> bool:
    """Tell whether the hours since birth are known, and not only the days."""
    person = case["patient"]
    return "T" in person["born"] if "born" in person else person["age"].endswith(" h")


def years_of_age(case: dict[str, Any]) -> int:
    """Return completed years by the calendar."""
    person, now = case["patient"], datetime.fromisoformat(case["now"])
    if "born" not in person:
        return int(number(person["age"]) / 8766)
    born = datetime.fromisoformat(person["born"])
    day = born.astimezone(now.tzinfo).date() if born.tzinfo is not None else born.date()
    return now.year - day.year - ((now.month, now.day) < (day.month, day.day))


def weeks_at_birth(case: dict[str, Any]) -> Fraction | None:
    """Return the gestational age in weeks; None where it is not recorded."""
    text = case["patient"].get("gestational_age")
    if text is None:
        return None
    weeks, *days = [int(found) for found in re.findall(r"\d+", text)]
    return weeks + Fraction(days[0] if days else 0, 7)


def weeks_of_conception(case: dict[str, Any]) -> Fraction | None:
    """Return the postmenstrual age in weeks."""
    birth = weeks_at_birth(case)
    return None if birth is None else birth + hours_of_age(case) / 168


def group(case: dict[str, Any]) -> str | None:
    """Return adult, child or newborn; None where only a gestational age that nobody recorded could tell."""
    if years_of_age(case) >= 18:
        return ADULT
    age, conception = hours_of_age(case), weeks_of_conception(case)
    if age < 28 * 24 or (conception is not None and conception < 44):
        return NEWBORN
    return None if conception is None and age < 24 * 168 else CHILD


def named(case: dict[str, Any]) -> list[Printed]:
    """Return the printed entries for what it is given for."""
    wanted = " ".join(case["indication"].split()).casefold()
    return [entry for entry in printed.PRINTED if wanted in {" ".join(name.split()).casefold() for name in entry.names}]


def serving(case: dict[str, Any]) -> tuple[list[Printed], str]:
    """Return the printed entries that serve this patient, in the order of the file, or else why none does."""
    listed = named(case)
    if not listed:
        return [], "no-entry-for-indication"
    who, birth, age = group(case), weeks_at_birth(case), hours_of_age(case)
    if birth is None and who in (None, NEWBORN):
        return [], "gestational-age-absent"
    conception = weeks_of_conception(case)
    fitting = [
        entry
        for entry in listed
        if entry.group == who
        and (entry.years is None or years_of_age(case) < entry.years)
        and (entry.gestation == (None, None) or (birth is not None and within(birth, *entry.gestation)))
        and (
            entry.conception is None
            or (conception is not None and entry.conception[0] <= conception <= entry.conception[1])
        )
    ]
    aged = [
        entry
        for entry in fitting
        if within(age, *entry.age) and (entry.age[1] is None or entry.age[1] >= 24 or hours_are_known(case))
    ]
    if not aged:
        by_hour = [entry for entry in fitting if entry.age[1] is not None and entry.age[1] < 24]
        may_be = by_hour and not hours_are_known(case) and age - 24 < by_hour[0].age[1]  # type: ignore[operator]
        return [], "age-in-hours-absent" if may_be else "no-entry-for-age"
    if "authority" not in case:
        return aged, ""
    asked = " ".join(case["authority"].split()).casefold()
    first = [entry for entry in aged if entry.authority.casefold() == asked]
    return (first + [entry for entry in aged if entry not in first], "") if first else ([], "no-entry-for-authority")


def within(value: Fraction, low: int | None, below: int | None) -> bool:
    """Tell whether a value lies from one number to below another, either of which may be open."""
    return (low is None or value >= low) and (below is None or value < below)


def concentration(case: dict[str, Any]) -> Fraction | None:
    """Return the concentration on the pump, mcg/mL; a premix has its product's."""
    bag = case.get("preparation")
    if bag is None:
        return None
    if "concentration" in bag:
        return number(bag["concentration"])
    if "amount" in bag and "volume" in bag:
        return number(bag["amount"]) / number(bag["volume"])
    return next(iter(strengths("premix"))) if bag.get("product") == "premix" else None


def strengths(kind: str) -> set[Fraction]:
    """Return the strengths, mcg/mL, of the products of a kind."""
    products = content("milrinone/drug.toml")["product"]
    return {number(product["strength"]["value"]) for product in products if product["kind"] == kind}


def diluent(case: dict[str, Any]) -> str | None:
    """Return what a vial is diluted with, by its own name; None for a premix or where nobody says."""
    bag = case.get("preparation") or {}
    return medicine(bag["diluent"]) if "diluent" in bag and bag.get("product") != "premix" else None
