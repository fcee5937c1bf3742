"""Numbers of a drug folder: where each comes from, and what each may be.

Knows the two shapes of a clinical number, a quantity or a plain count or ratio, each with its source and how sure it
is; and for each use the dimension and the span in which a number can be true of some drug. It knows no drug.

A span is wide enough for every infused heart drug the project has in view and narrow enough that a dose per kg read as
a dose per 70 kg patient, or milligrams read as micrograms, falls out. Every span is a judgement of this project, not a
clinical limit: a folder that needs more widens it here, with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from inotrope.findings import SourceReference
from inotrope.units import Quantity, plain_number


class Grade(StrEnum):
    """What kind of text a source is, as the head of `sources.toml` explains."""

    A = "A"
    B = "B"
    C = "C"
    JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True)
class Source:
    """One text of the folder's source table; empty where the table says nothing."""

    id: str
    title: str
    where: str
    grade: Grade
    authors: str = ""
    publisher: str = ""
    year: int | None = None
    read: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sourced:
    """A quantity with its source; a regional or historical remark stands in `note`."""

    value: Quantity
    source: SourceReference
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A count or a ratio, which has no unit, with its source."""

    value: Decimal
    source: SourceReference
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A dimension word of `units.toml`, and the span of values that can be true, both ends included."""

    dimension: str
    lowest: Decimal
    highest: Decimal
    unit: str

    def holds(self, quantity: Quantity) -> bool:
        """Tell whether a quantity of this dimension lies in the span."""
        return self.lowest <= quantity.in_unit(self.unit) <= self.highest

    @property
    def span(self) -> str:
        """Return the span as text, such as `0.01 to 20 mcg/kg/min`."""
        return f"{plain_number(self.lowest)} to {plain_number(self.highest)} {self.unit}"


def _kind(dimension: str, lowest: str, highest: str, unit: str) -> Kind:
    return Kind(dimension, Decimal(lowest), Decimal(highest), unit)


# Milrinone 0.2 to 0.75, norepinephrine from 0.01, dobutamine to 20; a 70-fold slip of milrinone is 0.005 or 26.
RATE = _kind("rate per body weight", "0.01", "20", "mcg/kg/min")
# Milrinone 50, inamrinone 750; a 70-fold slip of milrinone is 0.7 or 3,500.
LOAD = _kind("dose per body weight", "1", "2000", "mcg/kg")
TOTAL = _kind("dose per body weight", "0.01", "30", "mg/kg")
# Bags from 0.016 and vials to 12.5; a 70-fold slip of a milrinone vial or bag is 0.0143 or 14.
STRENGTH = _kind("mass concentration", "0.015", "13", "mg/mL")
# Syringes for newborns: 1 mg/kg in 50 mL is 0.01 mg/mL at 0.5 kg (neomed-guide). Only their own limit may be so weak.
NEWBORN_STRENGTH = _kind("mass concentration", "0.005", "13", "mg/mL")
# Levels in plasma: milrinone 100 to 300 ng/mL, vancomycin 10 to 40 mg/L. A slip between ng and mcg is thousandfold.
LEVEL = _kind("mass concentration", "0.01", "100000", "ng/mL")
PRODUCT_VOLUME = _kind("volume", "0.5", "3000", "mL")
SYRINGE_STEP = _kind("volume", "0.001", "1", "mL")
PUMP_STEP = _kind("flow", "0.001", "1", "mL/h")
CLEARANCE = _kind("flow per body surface area", "1", "250", "mL/min/1.73 m2")
SHARE = _kind("fraction", "0.1", "100", "%")
AGE = _kind("time", "0", "120", "year")
# Gestational age at birth from 20 weeks; postmenstrual age goes on after it.
PREGNANCY = _kind("time", "20", "70", "week")
SHORT_TIME = _kind("time", "0.1", "1440", "min")
HALF_LIFE = _kind("time", "0.01", "500", "h")
DAYS = _kind("time", "1", "8784", "h")
WEIGHT = _kind("body weight", "0.3", "400", "kg")
MOLAR_MASS = _kind("molar mass", "10", "200000", "g/mol")
ELECTROLYTE = _kind("molar concentration", "0.1", "200", "mmol/L")
PRESSURE = _kind("pressure", "10", "250", "mmHg")
TEMPERATURE = _kind("temperature", "-80", "60", "degC")
