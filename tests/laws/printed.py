"""The dosing entries a second time, typed by hand from the facts: whom each is for, its rates, load, cap and times.

Nothing here is read from `dosing.toml`: a law that takes its limit from the file it checks would accept any number in
it. Rates are mcg/kg/min, doses mcg/kg, times hours. Sources: docs/facts/milrinone.md sections 1 and 2, and the second
reading, section 1.2 (which overrides); the places are named beside the rows.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from fractions import Fraction

HEART_FAILURE = ("acute decompensated heart failure", "ADHF", "Decompensated  Heart Failure")
AFTER_SURGERY = ("low cardiac output after cardiac surgery", "post-surgical low output", "LCOS after surgery")
PREVENTION = ("prevention of low cardiac output after cardiac surgery", "LCOS prevention")
LOW_OUTPUT = ("low cardiac output", "low cardiac output syndrome", "LCOS")
FIRST_DAY = ("low systemic blood flow on the first day of life",)
DUCT_LIGATION = ("after ligation of the ductus arteriosus", "PDA ligation")

ADULT, CHILD, NEWBORN = "adult", "child", "newborn"
CAP = Fraction(1130)
"""mcg/kg in any 24 h, the load counted: US label, UK text; kept for every adult (judgement), for nobody else."""
RENAL_TABLE = ((5, "0.20"), (10, "0.23"), (20, "0.28"), (30, "0.33"), (40, "0.38"), (50, "0.43"))
"""mL/min/1.73 m2 and mcg/kg/min: the labels' table, for adults."""
CHILD_KIDNEY = Fraction(50)
"""mL/min/1.73 m2 below which no rate is proposed for a child: Irish children's formulary."""


@dataclass(frozen=True)
class Load:
    """A load: lowest and highest printed dose, mcg/kg; longest and shortest time, h; whether it is a rate of a bag."""

    low: Fraction
    high: Fraction
    hours: Fraction
    shortest: Fraction
    by_rate: bool = False


@dataclass(frozen=True)
class Printed:
    """One entry as its text prints it.

    `experience` and `longest` are hours: of controlled experience, and of the text's own limit. `largest_dose` is
    what a recorded single dose may not exceed: the highest load and a tenth (judgement).
    `age` is in hours from birth, `years` by the calendar, `gestation` and `conception` (postmenstrual) in weeks; each
    from, and below or up to, with None where open.
    """

    id: str
    names: tuple[str, ...]
    group: str
    authority: str
    steps: tuple[Fraction, ...]
    load: Load | None
    cap: Fraction | None
    experience: int | None = None
    longest: int | None = None
    largest_dose: Fraction = Fraction("82.5")
    years: int | None = None
    age: tuple[int | None, int | None] = (None, None)
    gestation: tuple[int | None, int | None] = (None, None)
    conception: tuple[Fraction, Fraction] | None = None

    @property
    def start(self) -> Fraction:
        """The lowest printed rate."""
        return self.steps[0]

    @property
    def top(self) -> Fraction:
        """The highest printed rate."""
        return self.steps[-1]

    @property
    def ends_at(self) -> int | None:
        """The age in hours at which it ends, where it ends at an age and not after a time."""
        return self.longest if self.longest == self.age[1] else None


def rates(*texts: str) -> tuple[Fraction, ...]:
    """Return rates as fractions."""
    return tuple(Fraction(text) for text in texts)


def drawn(low: int, hours: Fraction | int, high: int | None = None, *, shortest: Fraction | None = None) -> Load:
    """Return a load that is drawn up from the vial."""
    return Load(
        Fraction(low), Fraction(high or low), Fraction(hours), Fraction(hours if shortest is None else shortest)
    )


def ran(low: str, minutes: int, high: str | None = None) -> Load:
    """Return a load that is a faster rate of the bag: rate x time."""
    hours = Fraction(minutes, 60)
    return Load(Fraction(low) * minutes, Fraction(high or low) * minutes, hours, hours, by_rate=True)


US = Printed(
    "adult-acute-decompensated-heart-failure", HEART_FAILURE, ADULT, "US label",
    rates("0.375", "0.5", "0.75"), drawn(50, Fraction(1, 6)), CAP, 48, largest_dose=Fraction(55),
)  # fmt: skip
GUIDELINE = replace(
    US,
    id="adult-acute-decompensated-heart-failure-guideline",
    authority="ACCF/AHA guideline table",
    steps=rates("0.125", "0.25", "0.375", "0.5", "0.75"),
    load=None,
)
"""Guideline table: 0.125 to 0.75, bolus not recommended; its steps below 0.5 are those of DOREMI 2021."""
CHILD_UK = Printed(
    "child-acute-heart-failure-uk", HEART_FAILURE, CHILD, "UK text",
    rates("0.25", "0.375", "0.5", "0.75"), drawn(50, 1, 75, shortest=Fraction(1, 2)), None, longest=35,
)  # fmt: skip
"""UK text: 50 to 75 over 30 to 60 min, 0.25 to 0.75, at most 35 h; the steps between are a judgement."""
PREVENTION_UK = replace(
    CHILD_UK, id="child-low-output-prevention-uk", names=PREVENTION, steps=rates("0.75"), load=drawn(75, 1), years=6
)
PRACTICE = replace(
    CHILD_UK,
    id="child-low-output-practice",
    names=LOW_OUTPUT,
    authority="practice, as the drug page prints it",
    load=drawn(50, 1, shortest=Fraction(1, 6)),
    longest=None,
)
YOUNGEST = Printed(
    "newborn-below-30-weeks-kemh", LOW_OUTPUT, NEWBORN, "KEMH neonatal guideline",
    rates("0.2"), ran("0.75", 180), None, longest=72, largest_dose=Fraction("148.5"), age=(None, 28 * 24),
    gestation=(None, 30),
)  # fmt: skip
"""KEMH's guideline is for newborns: below 28 days after birth (judgement)."""

PRINTED = (
    US,
    replace(US, id="adult-acute-decompensated-heart-failure-uk", authority="UK text", longest=120),
    GUIDELINE,
    replace(
        US,
        id="adult-low-output-after-surgery-uk",
        names=AFTER_SURGERY,
        authority="UK text",
        experience=None,
        longest=12,
    ),
    replace(GUIDELINE, id="adult-bridge-to-transplant", names=("bridge to heart transplant", "bridge to transplant")),
    replace(
        GUIDELINE,
        id="adult-support-after-transplant",
        names=("support after heart transplant", "post-transplant support"),
        authority="practice, as the drug page prints it",
    ),
    replace(
        GUIDELINE,
        id="adult-cardiogenic-shock",
        names=("cardiogenic shock",),
        authority="DOREMI trial protocol",
        steps=rates("0.125", "0.25", "0.375", "0.5"),
    ),
    CHILD_UK,
    replace(CHILD_UK, id="child-low-output-after-surgery-uk", names=AFTER_SURGERY),
    PREVENTION_UK,
    replace(
        PREVENTION_UK,
        id="child-low-output-prevention-primacorp-low",
        authority="PRIMACORP trial protocol, low dose",
        steps=rates("0.25"),
        load=drawn(25, 1),
    ),
    PRACTICE,
    replace(PRACTICE, id="child-septic-shock", names=("septic shock",)),
    YOUNGEST,
    replace(
        YOUNGEST,
        id="newborn-from-30-weeks-kemh",
        steps=rates("0.25", "0.375", "0.5", "0.75"),
        load=ran("0.4", 60, "1.25"),
        largest_dose=Fraction("82.5"),
        gestation=(30, None),
    ),
    replace(
        YOUNGEST,
        id="preterm-first-day-paradisis",
        names=FIRST_DAY,
        authority="Paradisis 2007 study protocol",
        longest=18,
        age=(None, 18),
        gestation=(None, 29),
    ),
    replace(
        YOUNGEST,
        id="preterm-after-duct-ligation-hallik",
        names=DUCT_LIGATION,
        authority="Hallik 2019 study protocol",
        steps=rates("0.16"),
        load=ran("0.73", 180),
        longest=24,
        largest_dose=Fraction("144.54"),
        age=(5 * 24, 28 * 24),
        gestation=(None, None),
        conception=(Fraction("24.6"), Fraction("30.1")),
    ),
)
BY_ID = {entry.id: entry for entry in PRINTED}


def renal_line(clearance: Fraction) -> Fraction | None:
    """Return the highest rate at a clearance from 5 to 50, a straight line between two printed points; None above."""
    points = [(Fraction(flow), Fraction(rate)) for flow, rate in RENAL_TABLE]
    for (left, low), (right, high) in itertools.pairwise(points):
        if left <= clearance <= right:
            return low + (clearance - left) * (high - low) / (right - left)
    assert clearance > points[-1][0], clearance
    return None
