"""Which draws of which model count in a search, and as how many."""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.plan.fitting.of_model import Answer, Fitting
from inotrope.plan.fitting.person import Person
from inotrope.plan.target.curves import Draws, Part
from inotrope.population import Flow
from inotrope.units import Quantity


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """One model of a search: its answer, how many of its draws count, and its share where models are averaged."""

    fitting: Fitting
    usual: Person
    answer: Answer
    draws: int
    share: Quantity | None

    @property
    def named(self) -> str:
        """The model, with its share where it has one."""
        name = self.fitting.model.name
        return name if self.share is None else f"{name}, {self.share.shown(0)}"

    def part(self, person: Person, past: tuple[Flow, ...], weight_kg: float) -> Part:
        """Return draws of the model with the error of a level that would be measured."""
        return Part(person, self.answer.error, past, weight_kg)


def draws_of(counted: tuple[Counted, ...], past: tuple[Flow, ...], weight_kg: float) -> Draws:
    """Return all draws that count, under each other."""
    return Draws(tuple(item.part(item.answer.person.first(item.draws), past, weight_kg) for item in counted))
