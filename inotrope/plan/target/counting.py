"""Which draws of which model count in a search, and as how many."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inotrope.estimation.even_draws import even_posterior, even_prior
from inotrope.plan.fitting.making import Fitted
from inotrope.plan.fitting.numbers import number
from inotrope.plan.fitting.of_model import Answer, Fitting
from inotrope.plan.fitting.person import Person
from inotrope.plan.forecast_numbers import PERCENT
from inotrope.plan.target.curves import Draws, Part
from inotrope.population import Flow, Standing
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


def averaged_of(fitted: Fitted, seed: int) -> tuple[Counted, ...]:
    """Return the models that levels weighed, each with the draws that it counts for."""
    answers, parts = answers_of(fitted), []
    for name, item in fitted.weighed.models.items():
        fitting, usual, answer = answers[name]
        if item.draws:
            share = number(100 * item.share, PERCENT)
            parts.append(Counted(fitting, usual, evenly(answer, seed), item.draws, share))
    return tuple(parts)


def answers_of(fitted: Fitted) -> dict[str, tuple[Fitting, Person, Answer]]:
    """Return every model that answers."""
    return {
        name: (fitting, usual, answer)
        for name, (fitting, usual, answer, _) in fitted.fits.items()
        if isinstance(answer, Answer) and usual is not None
    }


def evenly(answer: Answer, seed: int) -> Answer:
    """Return draws of the prior that lie more evenly: what a search names must not hang on the seed."""
    count = len(answer.posterior.etas)
    if answer.posterior.method == "prior":
        etas = even_prior(answer.problem.omega, draws=count, seed=seed)
    elif answer.posterior.method == "importance":
        etas = even_posterior(answer.problem, answer.mode, draws=count, seed=seed).etas
    else:
        return answer
    return replace(answer, posterior=replace(answer.posterior, etas=etas), person=answer.person.with_etas(etas))


def near_of(fitted: Fitted) -> tuple[str, ...]:
    """Return the models that were made in such patients; where none was, all that answer."""
    answers = answers_of(fitted)
    near = [name for name, (fitting, _, _) in answers.items() if not extrapolates(fitting)]
    return tuple(near or answers)


def extrapolates(fitting: Fitting) -> bool:
    """Tell whether a model was made in other patients than this one."""
    return fitting.setting.domain.standing is Standing.EXTRAPOLATION
