"""The fields of the case form: their names, what stands beside them, and which words may be chosen.

Knows the keys of a case, in the order in which somebody asks for them at a bedside; names, units and choices come from
the vocabulary and the drug folders. It holds no value and no number.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from inotrope.drug import Drug, HasCondition, list_drugs, load_drug, walk
from inotrope.errors import RequestError
from inotrope.patient import vocabulary


class Kind(StrEnum):
    """How a field is drawn."""

    TEXT = "text"
    QUANTITY = "quantity"
    TIME = "time"
    CHOICE = "choice"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        key: The key of the case that it holds, such as `weight`; in a row the key of the row.
        label: What stands beside it.
        kind: How it is drawn.
        hint: What to write, as an example.
        units: Of a quantity: one is printed behind the box, several are a list to choose from.
        choices: Of a choice: the words that the case holds, with what is shown for each.
        required: No plan stands without it.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    units: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False


TIME_HINT = "06:10 (today), yesterday 20:00, or 2026-11-21 20:00; by the clock of 'Time of this plan'"
NONE_HINT = "One on each line. Write 'none' when you know that there is none; leave it empty when nobody knows."

PERSON = (
    Field("weight", "Weight now", Kind.QUANTITY, "such as 82; kilograms only", ("kg",), required=True),
    Field("height", "Height", Kind.QUANTITY, "such as 178; without it no kidney clearance", ("cm",)),
    Field("sex", "Sex", Kind.CHOICE, choices=(("female", "female"), ("male", "male")), required=True),
    Field("born", "Date of birth", hint="such as 1958-03-02; of a newborn with time and zone"),
    Field("age", "Age", Kind.QUANTITY, "in place of the date of birth", ("year", "month", "week", "day", "h")),
    Field("gestational_age", "Gestational age at birth", hint="of a baby: weeks and days, such as 27+3"),
)
PREPARATION = (
    Field("product", "Product", Kind.CHOICE, choices=(("premix", "premixed bag"), ("vial", "made from vials"))),
    Field("concentration", "Concentration", Kind.QUANTITY, "as the label says", ("mcg/mL", "mg/mL")),
    Field("amount", "Drug in it", Kind.QUANTITY, "when you made it up", ("mg",)),
    Field("volume", "Volume", Kind.QUANTITY, "of the whole bag or syringe", ("mL",)),
    Field("diluent", "Diluted with", hint="such as sodium chloride 0.9 %"),
    Field("hung", "Hung at", Kind.TIME, TIME_HINT),
)
PUMP = (
    Field("step", "Smallest step", Kind.QUANTITY, "such as 0.1", ("mL/h",)),
    Field("minimum", "Lowest rate", Kind.QUANTITY, "", ("mL/h",)),
)
MEASUREMENT = (
    Field("value", "Value", Kind.QUANTITY),
    Field("at", "Taken at", Kind.TIME, TIME_HINT),
    Field("site", "Taken from", hint="such as arterial line"),
)
ADMINISTRATION = (
    Field("of", "Medicine"),
    Field("start", "Started", Kind.TIME, TIME_HINT),
    Field("end", "Ended", Kind.TIME, "empty when it still runs"),
    Field("dose", "Dose (a load)", Kind.QUANTITY, "such as 50", ("mcg/kg", "mg/kg", "mcg", "mg", "mL")),
    Field("duration", "over", Kind.QUANTITY, "such as 10", ("min", "h")),
    Field(
        "rate",
        "or rate (an infusion)",
        Kind.QUANTITY,
        "such as 0.5; 0 is a pause",
        ("mcg/kg/min", "mcg/min", "mg/h", "mcg/kg/h"),
    ),
)
SUPPORT = (
    Field("start", "Since", Kind.TIME, TIME_HINT),
    Field("end", "Until", Kind.TIME, "empty when it still runs"),
    Field("effluent", "Effluent", Kind.QUANTITY, "of CRRT", ("mL/h", "mL/kg/h")),
    Field("clearance", "Clears of the drug", Kind.QUANTITY, "when it was measured", ("L/h", "mL/min")),
)
EVENT = (Field("at", "At", Kind.TIME, TIME_HINT),)
LINE = (Field("with", "Runs in the same line", Kind.LIST, "one on each line"),)

ROWS: dict[str, tuple[Field, ...]] = {
    "measurements": (Field("what", "What"), Field("of", "Of which drug"), *MEASUREMENT),
    "administrations": ADMINISTRATION,
    "support": (Field("what", "Machine"), *SUPPORT),
    "events": (Field("what", "Event"), *EVENT),
    "lines": LINE,
}
"""The lists of a case of which each entry is one row, and the fields of a row."""
TABLES = {"patient": PERSON, "preparation": PREPARATION, "pump": PUMP}
"""The parts of a case that stand once."""
LISTS = ("medicines", "allergies")
"""Lists of names, which are one box each."""
INCOMPLETE = "incomplete"
"""The key that names the lists which perhaps do not hold all there is: one tick at each of them."""
SINGLE = ("drug", "indication", "now", "authority")
"""The keys of the case itself."""
MOST_ROWS = 200
"""Entries of one list that a page shows; a longer list is kept as it came, and is changed in the file."""

HEART = (
    *("mean arterial pressure", "systolic blood pressure", "diastolic blood pressure", "heart rate"),
    *("central venous pressure", "pulmonary capillary wedge pressure", "mean pulmonary artery pressure"),
    *("cardiac index", "cardiac output", "stroke volume", "systemic vascular resistance"),
    *("pulmonary vascular resistance", "left ventricular ejection fraction", "right ventricular ejection fraction"),
)
"""Measurements of the circulation; whatever else the vocabulary names stands among the labs."""
BODY = ("body weight", "dry weight", "height")
LEVEL = ("concentration",)
_FIRST = ("serum creatinine", "serum creatinine", "baseline creatinine", "eGFR", "urine output")
"""The kidney first, and creatinine twice: only two of them say whether it changes."""
_FIRST_HEART = ("mean arterial pressure", "systolic blood pressure", "heart rate")


@dataclass(frozen=True, slots=True)
class Asked:
    """A measurement for which a row stands ready: what it is, and for a level of which drug."""

    what: str
    of: str = ""


def asked_measurements(drug: str) -> dict[str, tuple[Asked, ...]]:
    """Return the measurements that a drug's rules read, and those of the kidney, by the part of the form."""
    folder = _folder(drug)
    judged = () if folder is None else tuple(sorted(folder.judged_measurements))
    levels = () if folder is None else tuple(Asked(*level) for level in sorted(folder.judged_levels))
    heart = tuple(dict.fromkeys((*_FIRST_HEART, *(name for name in HEART if name in judged))))
    labs = tuple(name for name in judged if name not in (*HEART, *_FIRST, *BODY))
    return {
        "body": (Asked("body weight"),),
        "labs": tuple(map(Asked, (*_FIRST, *labs))),
        "heart": tuple(map(Asked, heart)),
        "levels": levels,
    }


def part_of(measurement: str) -> str:
    """Return the part of the form in which a measurement stands: body, heart, levels, and labs for all else."""
    kind = vocabulary().measurement(measurement)
    name = measurement if kind is None else kind.name
    parts = {"body": BODY, "heart": HEART, "levels": LEVEL}
    return next((part for part, names in parts.items() if name in names), "labs")


def units_of_measurement(what: str) -> tuple[str, ...]:
    """Return the units in which a measurement is read, its own first; all units of measurements for an unknown one."""
    kind = vocabulary().measurement(what)
    if kind is not None:
        return kind.units
    every = (unit for name in measurement_names() for unit in units_of_measurement(name))
    return tuple(dict.fromkeys(every))


def measurement_names() -> tuple[str, ...]:
    """Return every measurement that a case may hold."""
    return vocabulary().names("measurement")


@cache
def condition_names(drug: str) -> tuple[str, ...]:
    """Return every condition that a case may hold, those first that a rule of the drug reads."""
    folder = _folder(drug)
    rules = () if folder is None else folder.rules
    read = [leaf.name for rule in rules for leaf in walk(rule.when) if isinstance(leaf, HasCondition)]
    return tuple(dict.fromkeys((*read, *vocabulary().names("condition"))))


@cache
def indications(drug: str) -> tuple[str, ...]:
    """Return the uses for which the drug's folder has a dose."""
    folder = _folder(drug)
    return () if folder is None else tuple(dict.fromkeys(entry.indication for entry in folder.entries))


@cache
def authorities(drug: str) -> tuple[str, ...]:
    """Return whose doses the drug's folder holds."""
    folder = _folder(drug)
    return () if folder is None else tuple(dict.fromkeys(entry.authority for entry in folder.entries))


def drugs() -> tuple[str, ...]:
    """Return the drugs that are known here."""
    return tuple(list_drugs())


def _folder(drug: str) -> Drug | None:
    try:
        return load_drug(drug)
    except RequestError:
        return None
