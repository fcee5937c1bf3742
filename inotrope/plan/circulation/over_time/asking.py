"""What a course of the circulation is asked: whom, what is given from now on, and below which pressure it warns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inotrope.circulation import Drive
from inotrope.circulation.arrays import Array
from inotrope.dosing import History, WrittenRegimen
from inotrope.drug import Drug, Entry, Sourced
from inotrope.forecast.giving import flows
from inotrope.patient import Case, Kidney
from inotrope.plan.circulation.limits import lowest_pressure
from inotrope.plan.circulation.over_time.numbers import MMHG, Shown, shown_of
from inotrope.plan.circulation.size import surface_m2
from inotrope.population import Flow
from inotrope.population.response import ResponseFile

MINUTES = (0, 5, 10, 15, 20, 30, 45, 60, 90, *range(120, 24 * 60 + 1, 60))
"""Of a day: by the hour, and denser where a load has its peak."""
TIMES_H: Array = np.array(MINUTES) / 60
SHORT_MIN: Array = np.arange(0.0, 61.0, 2.0)
"""Of the next hour."""
UNTIL_H = 24


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is asked.

    Attributes:
        case: The patient.
        drug: That is given.
        file: How it moves heart and vessels.
        kidney: The kidney function of now.
        past: What was given.
        regimen: From now on, that of what runs too; None where nothing more is given.
        supposes: The same in words.
        given: The same as text; empty where nothing more is given.
        entry: Whose limit of the pressure is warned of; None where there is none.
        shown_first: The model of the levels that the plan's forecast shows first; None where none is shown.
        drive: How fast the heart makes cAMP.
        drive_says: Beside which medicines.
        withheld: Why no chance below the pressure may be told; empty where it may.
    """

    case: Case
    drug: Drug
    file: ResponseFile
    kidney: Kidney
    past: History
    regimen: WrittenRegimen | None
    supposes: str
    given: str
    entry: Entry | None
    shown_first: str | None
    drive: Drive
    drive_says: tuple[str, ...]
    withheld: str = ""

    @property
    def limit(self) -> Sourced | None:
        """The pressure below which a course warns; None where no chance is told."""
        return None if self.withheld else lowest_pressure(self.entry)

    @property
    def limit_mmhg(self) -> float | None:
        """The same, mmHg."""
        return None if self.limit is None else float(self.limit.value.in_unit(MMHG))

    @property
    def weight_kg(self) -> float:
        """That doses."""
        return float(self.case.patient.weight.in_unit("kg"))

    @property
    def surface_m2(self) -> float | None:
        """Of the body; None without a height."""
        return surface_m2(self.case)

    @property
    def shown(self) -> tuple[Shown, ...]:
        """What a course shows of this patient."""
        return shown_of(self.surface_m2, self.file.heart.surface_m2)

    @property
    def flowing(self) -> tuple[Flow, ...]:
        """Everything that flows, before now and after."""
        return self.under(self.regimen)

    def under(self, regimen: WrittenRegimen | None) -> tuple[Flow, ...]:
        """Return everything that flows under another regimen; None for nothing more."""
        return flows(self.past, regimen, self.case.patient.weight)
