"""What the answer is if moving kidneys stay, recover or worsen: named ways, and no forecast of the kidneys."""

from __future__ import annotations

import numpy as np

from inotrope.estimation.kidney_path import KidneyAhead
from inotrope.plan.fitting.numbers import number, of_draws
from inotrope.plan.fitting.person import Person
from inotrope.plan.forecast_numbers import LEVEL, PERCENT
from inotrope.plan.target.allowing.ways import rounded
from inotrope.plan.target.counting import Counted
from inotrope.plan.target.curves import Draws, few_of
from inotrope.plan.target.scoring import Searched, search_ways
from inotrope.plan.target.search_record import KidneysAhead, TargetStatus
from inotrope.population import Flow

AHEAD_DRAWS = 1000
"""Of the first of them the kidneys' ways are told."""


def kidneys_ahead(
    counted: tuple[Counted, ...], past: tuple[Flow, ...], weight_kg: float, found: Searched, place: int
) -> list[tuple[KidneysAhead, float]]:
    """Return the rates of one way of beginning for each way in which moving kidneys may go on.

    Args:
        counted: The models.
        past: What was given, and nothing from now on.
        weight_kg: That doses.
        found: What was searched.
        place: Of the rate that is told of.

    Returns:
        Each with the median of its level at the end, ng/mL; none where no kidney moves.
    """
    if all(item.answer.walk is None for item in counted):
        return []
    total, every = sum(item.draws for item in counted), list[tuple[KidneysAhead, float]]()
    (way, _), same = found.of(place), int(found.scored.setting[place])
    for kidneys in KidneyAhead:
        parts = []
        for item in counted:
            few = few_of(item.draws, total, AHEAD_DRAWS)
            parts.append(item.part(going_on(item, kidneys, few), past, weight_kg))
        here = search_ways(Draws(tuple(parts)), (way,), found.wanted)
        scored, at = here.scored, here.place_of(same)
        end = here.levels(at)[1][:, -1]
        best = None
        if scored.status() is TargetStatus.FOUND:
            best = rounded(here.of(scored.named())[1].rate)
        told = KidneysAhead(
            kidneys=kidneys.value,
            best=best,
            level=of_draws(f"level at {found.wanted.times_h[-1]:g} h", end, LEVEL),
            inside=number(100 * float(scored.inside[at]), PERCENT),
            above=number(100 * float(scored.above[at]), PERCENT),
        )
        every.append((told, float(np.median(end))))
    return every


def going_on(item: Counted, kidneys: KidneyAhead, few: int) -> Person:
    """Return some draws whose kidneys go on in a named way; a model that does not know them goes on as it is.

    Args:
        item: The model with its draws.
        kidneys: The way.
        few: So many of the first draws.
    """
    if item.answer.walk is None:
        return item.answer.person.first(few)
    walk = item.answer.walk.taken(np.arange(few)).going_on(kidneys)
    return item.fitting.with_kidneys(item.usual, walk).with_etas(item.answer.posterior.etas[:few])
