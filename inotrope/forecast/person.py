"""What a model knows of this patient over time, and what a change of the kidneys does to it.

Knows that a fall of kidney function reaches a model only through the creatinine clearance that it asks for itself: a
model that does not ask for one cannot say what such a fall does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inotrope.errors import RequestError
from inotrope.patient import Case, Kidney, assess_kidney
from inotrope.population import EarlierKidneys, Model, Series, series_of_case
from inotrope.population.from_case import WITHIN_H
from inotrope.population.model import CLEARANCES
from inotrope.units import Quantity


@dataclass(frozen=True, slots=True)
class KidneyChange:
    """The kidneys come to another creatinine clearance, mL/min/1.73 m2, so many hours from `now`."""

    to: Quantity
    at_h: float = 0.0

    def __post_init__(self) -> None:
        """Prove that it lies ahead, and is a clearance."""
        if not 0 <= self.at_h < np.inf:
            raise RequestError(
                f"A change of the kidneys at {self.at_h:g} h does not lie ahead.",
                value=self.at_h,
                accepted="0 h or later",
            )
        if self.to.dimension != "flow per body surface area" or self.to.value <= 0:
            raise RequestError(
                f"The kidney function '{self.to}' is not a clearance per body surface. Write it such as "
                "'40 mL/min/1.73 m2'.",
                value=str(self.to),
                accepted="a clearance above zero in mL/min/1.73 m2",
            )

    @property
    def times_h(self) -> tuple[float, float]:
        """The moments between which it happens."""
        return self.at_h, self.at_h + WITHIN_H

    def __str__(self) -> str:
        """Say it."""
        return f"creatinine clearance {self.to} from {self.at_h:g} h on"


def after_change(model: Model, case: Case, change: KidneyChange) -> dict[str, Series]:
    """Return a model's covariates as if the kidneys had always been what a change brings them to."""
    return series_of_case(model, case, kidney=assess_kidney(case, assumed=change.to))


def covariates(
    model: Model, case: Case, kidney: Kidney, change: KidneyChange | None, earlier: EarlierKidneys | None = None
) -> dict[str, Series]:
    """Return what the case says of a model's covariates, with the change of the kidneys in it.

    Args:
        model: Which covariates.
        case: The patient.
        kidney: The kidney function of `now`.
        change: What happens to it; None for nothing.
        earlier: What it was before a machine took its place; None where there is none, or nothing is known of it.
    """
    found = series_of_case(model, case, kidney=kidney, earlier=earlier)
    if change is not None:
        after = after_change(model, case, change)
        for name in CLEARANCES:
            if name in found and name in after:
                own = found[name]
                past = own.time_h[:-1] < change.at_h  # the last value holds up to the change
                values = [own.value[:-1][past], own.value[-1:], after[name].value[-1:]]
                times = [*own.time_h[:-1][past].tolist(), *change.times_h]
                found[name] = Series.of(np.concatenate(values), unit=own.unit, time_h=times)
    return found
