"""The levels of a patient at the site of effect, draw by draw: by all models that measured levels weighed, or by one.

Knows which model the levels come from. While no level is measured it is the one that the plan's forecast shows first,
and the others stand beside it; they are never averaged then. Moving kidneys are those of the draws.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from inotrope.dosing import WrittenRegimen
from inotrope.drug import Drug
from inotrope.estimation.problem import Floats
from inotrope.forecast.kidneys_ahead import OTHER_WAYS
from inotrope.kinetics import effect_site
from inotrope.patient import Case, Kidney
from inotrope.plan.fitting.levels import LEVEL
from inotrope.plan.fitting.making import Fitted, fit_models
from inotrope.plan.fitting.person import Person
from inotrope.plan.fitting.record import FitStatus
from inotrope.plan.forecast_numbers import SEED
from inotrope.plan.models import models_of
from inotrope.plan.target.ahead.kidneys import going_on
from inotrope.plan.target.counting import Counted, answers_of, averaged_of, evenly, near_of
from inotrope.population import Flow

DRAWS = 1000
"""Of each model, and of the patient: a chance of 10 % is then known to about 1 %."""
WEIGHED = "all models that count"


@dataclass(frozen=True, slots=True, eq=False)
class Kinetics:
    """Draws of the levels of one patient.

    Attributes:
        model: By which model; `WEIGHED` for all that measured levels weighed.
        title: Its publication; of several, their names with how much each counts.
        persons: The draws, by model.
        ahead: The same draws by each other way in which moving kidneys may go on; empty where they are held.
    """

    model: str
    title: str
    persons: tuple[Person, ...]
    ahead: tuple[tuple[str, tuple[Person, ...]], ...]

    @property
    def moving(self) -> bool:
        """Whether kidneys move in any of the draws."""
        return bool(self.ahead)

    @property
    def ways(self) -> tuple[Kinetics, ...]:
        """The same with kidneys that go on in each other way, named so."""
        return tuple(replace(self, model=f"{self.model}, kidneys {way}", persons=each) for way, each in self.ahead)

    def site(self, flowing: tuple[Flow, ...], times_h: ArrayLike, *, equilibration_per_h: float) -> Floats:
        """Return the levels at the site of effect under anything that flows, (draws, times) ng/mL."""
        times = np.asarray(times_h, dtype=np.float64)
        found = [
            effect_site(person.under(flowing), person.body, times, equilibration_per_h=equilibration_per_h)
            for person in self.persons
        ]
        return np.asarray(np.maximum(np.concatenate(found), 0.0))  # what has left the body may round below nothing


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known of the levels.

    Attributes:
        first: By which the course is shown; None where no model answers.
        others: Every other model that was made in such patients.
        says: What a reader must know of them.
        measured: Whether measured levels stand behind them.
    """

    first: Kinetics | None
    others: tuple[Kinetics, ...]
    says: str
    measured: bool


def kinetics_of(
    case: Case, drug: Drug, kidney: Kidney, shown_first: str | None, *, ahead: WrittenRegimen | None = None
) -> Known:
    """Return the levels of a case.

    Args:
        case: The patient, and what was given.
        drug: Whose models are asked.
        kidney: The kidney function of now, such as an assumed one.
        shown_first: The model that the forecast of levels shows first.
        ahead: What is given from now on; None for nothing more.
    """
    fitted = _fitted(case, drug, kidney, ahead)
    bearing = fitted.status is FitStatus.FITTED and not fitted.doubts
    parts = averaged_of(fitted, SEED) if bearing else ()
    if parts:
        titles = "; ".join(item.named for item in parts)
        each = tuple(_alone(fitted, item.fitting.model.name) for item in parts) if len(parts) > 1 else ()
        says = f"Levels as measured levels leave them, weighed over {titles}."
        return Known(_together(WEIGHED, titles, parts), each, says, measured=True)
    says = ""
    if fitted.levels.every:
        fitted = _fitted(_without_levels(case, drug), drug, kidney, ahead)
        says = " A level was measured, and is not used here: 'inotrope fit' says why."
    near = near_of(fitted)
    if not near:
        return Known(None, (), says.strip(), measured=False)
    name = shown_first if shown_first in near else near[0]
    if shown_first is not None and name != shown_first:
        says += (
            f" {shown_first} says of no such patient how levels differ over time, so that it cannot stand behind this."
        )
    first, others = _alone(fitted, name), tuple(_alone(fitted, other) for other in near if other != name)
    return Known(first, others, f"Levels by {first.model}: {first.title}; none was fitted.{says}", measured=False)


def _fitted(case: Case, drug: Drug, kidney: Kidney, ahead: WrittenRegimen | None) -> Fitted:
    return fit_models(case, drug, models_of(drug), ahead=ahead, draws=DRAWS, seed=SEED, kidney=kidney)


def _alone(fitted: Fitted, name: str) -> Kinetics:
    """Return one model by itself, its draws as even as they can be."""
    fitting, usual, answer = answers_of(fitted)[name]
    part = Counted(fitting, usual, evenly(answer, SEED), DRAWS, None)
    return _together(name, fitting.model.title, (part,))


def _together(name: str, title: str, parts: tuple[Counted, ...]) -> Kinetics:
    """Return the draws of some models under each other."""
    moving = any(part.answer.walk is not None for part in parts)
    ways = OTHER_WAYS if moving else ()
    return Kinetics(
        model=name,
        title=title,
        persons=tuple(part.answer.person.first(part.draws) for part in parts),
        ahead=tuple((way.value, tuple(going_on(part, way, part.draws) for part in parts)) for way in ways),
    )


def _without_levels(case: Case, drug: Drug) -> Case:
    kept = tuple(item for item in case.measurements if (item.what, item.of) != (LEVEL, drug.name))
    return replace(case, measurements=kept)
