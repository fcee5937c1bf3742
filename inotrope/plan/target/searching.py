"""One search: the draws of one model, or of all that count, against every allowed rate.

Knows what is told of it: the rate named, the best three, what cannot be told from them, the ways of moving kidneys,
and when a level would tell most. It chooses no model (`making.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np

from inotrope.errors import RequestError
from inotrope.estimation.kidney_path import KidneyAhead
from inotrope.estimation.problem import Floats
from inotrope.forecast.dose_search import hours_to_range, narrowing
from inotrope.plan.fitting.numbers import HOUR, LEVEL, PERCENT, number, of_draws
from inotrope.plan.fitting.of_model import Answer, Fitting
from inotrope.plan.fitting.person import Person
from inotrope.plan.target.allowed import RATE, Allowed, Setting
from inotrope.plan.target.curves import Curves, Part, joined
from inotrope.plan.target.record import BestCandidate, Candidate, KidneysAhead, NextLevel, Search, TargetStatus
from inotrope.plan.target.scoring import Scored, Wanted, levels_under, score_ways
from inotrope.population import Flow
from inotrope.units import Quantity, later, round_half_up

BEST = 3
AHEAD_DRAWS = 1000
"""Of the first of them the kidneys' ways are told."""
MORE_OUT_THAN_IN = "Even so the level lies more often outside the range than in it: measure a level."
FLAT = "From {low} to {high} the score cannot be told from the best: the lowest of these rates is named."
SAFE = (
    "None is safe: at every rate that is allowed, a pause included, the time above the range, counted {penalty:g} "
    "times, outweighs the time in it."
)
REACHES = "None reaches the range: at every rate that is allowed the level stays below it for 99 % of the time or more."


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """One model of a search: its answer, and how many of its draws count."""

    fitting: Fitting
    usual: Person
    answer: Answer
    draws: int
    share: Quantity | None


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What every search is asked alike; `hours` are those at which a level could be drawn."""

    allowed: Allowed
    wanted: Wanted
    past: tuple[Flow, ...]
    weight_kg: float
    hours: tuple[Quantity, ...]
    now: datetime


def search(by: str, counted: tuple[Counted, ...], asked: Asked) -> Search:
    """Return one search.

    Args:
        by: What it is called.
        counted: The models whose draws stand under each other.
        asked: The rates, the range and the times.
    """
    ways, wanted = asked.allowed.ways, asked.wanted
    parts = [_part(item, item.answer.person.first(item.draws), asked) for item in counted]
    curves = joined([part.curves(ways, wanted.times_h) for part in parts])
    scored = score_ways(ways, curves, wanted)
    status = scored.status()
    place = scored.named() if status is TargetStatus.FOUND else scored.ranked()[0]

    def told(index: int) -> BestCandidate:
        return _told(asked, curves, scored, index)

    alike = [ways[scored.way[item]].settings[scored.setting[item]].rate for item in scored.alike()]
    ahead = _ahead(counted, asked, scored, place)
    next_levels = _next_levels(parts, curves, asked, scored, place)
    named = told(place) if status is TargetStatus.FOUND else None
    return Search(
        by=by,
        models=tuple(_named(item) for item in counted),
        status=status,
        named=named,
        candidates=tuple(candidate(asked, scored, item) for item in range(scored.rate.size)),
        best=tuple(told(item) for item in scored.ranked()[:BEST]),
        alike_from=rounded(alike[0]),
        alike_to=rounded(max(alike)),
        ahead=tuple(way for way, _ in ahead),
        highest_ahead=max(ahead, key=lambda item: item[1])[0].kidneys if ahead else None,
        next_levels=next_levels,
        next_level=min(next_levels, key=lambda item: (item.left, item.after), default=None),
        says=_says(status, named, alike, wanted),
    )


def rounded(rate: Quantity) -> Quantity:
    """Return a rate to four decimals, finer than any pump."""
    return Quantity(round_half_up(rate.in_unit(RATE), 4), RATE)


def candidate(asked: Asked, scored: Scored, index: int) -> Candidate:
    """Return one rate with its chances."""
    way = asked.allowed.ways[scored.way[index]]
    setting = way.settings[scored.setting[index]]
    below, inside, above = (
        number(100 * float(share[index]), PERCENT) for share in (scored.below, scored.inside, scored.above)
    )
    return Candidate(
        rate=rounded(setting.rate),
        pump_rate=setting.pump,
        load=way.load is not None,
        starts=Quantity(round_half_up(way.stages[way.stage_of(setting.rate)].from_h, 2), HOUR),
        below=below,
        inside=inside,
        above=above,
        score=round(float(scored.score[index]), 4),
    )


def _part(item: Counted, person: Person, asked: Asked) -> Part:
    return Part(person, item.answer.error, asked.past, asked.weight_kg)


def _of(
    asked: Asked, curves: tuple[tuple[Curves, ...], ...], scored: Scored, index: int
) -> tuple[Curves, Floats, Setting]:
    way = asked.allowed.ways[scored.way[index]]
    setting = way.settings[scored.setting[index]]
    return (*levels_under(way, curves[scored.way[index]], setting), setting)


def _told(asked: Asked, curves: tuple[tuple[Curves, ...], ...], scored: Scored, index: int) -> BestCandidate:
    """Return one rate in full: its course, and when its levels come to the range."""
    wanted = asked.wanted
    stage, levels, setting = _of(asked, curves, scored, index)
    hours = hours_to_range(
        stage.base, stage.unit, float(scored.rate[index]), wanted.times_h, low=wanted.low, high=wanted.high
    )
    reached = np.isfinite(hours)
    half = float(reached.mean()) >= 1 / 2
    return BestCandidate(
        candidate=candidate(asked, scored, index),
        course=asked.allowed.ways[scored.way[index]].course(setting.rate),
        reaches=number(100 * float(reached.mean()), PERCENT),
        to_range=of_draws("time to the range", hours[reached], HOUR) if half else None,
        at_the_end=of_draws(f"level at {wanted.times_h[-1]:g} h", levels[:, -1], LEVEL),
    )


def _ahead(counted: tuple[Counted, ...], asked: Asked, scored: Scored, place: int) -> list[tuple[KidneysAhead, float]]:
    """Return the same rates for each way in which moving kidneys may go on, each with its level at the end."""
    if all(item.answer.walk is None for item in counted):
        return []
    total, found = sum(item.draws for item in counted), list[tuple[KidneysAhead, float]]()
    for kidneys in KidneyAhead:
        parts = []
        for item in counted:
            few = min(item.draws, max(round(AHEAD_DRAWS * item.draws / total), 1))
            parts.append(
                _part(item, _going_on(item, kidneys, few), asked).curves(asked.allowed.ways, asked.wanted.times_h)
            )
        curves = joined(parts)
        here = score_ways(asked.allowed.ways, curves, asked.wanted)
        _, levels, _ = _of(asked, curves, here, place)
        best = None
        if here.status() is TargetStatus.FOUND:
            index = here.named()
            best = rounded(asked.allowed.ways[here.way[index]].settings[here.setting[index]].rate)
        told = KidneysAhead(
            kidneys=kidneys.value,
            best=best,
            level=of_draws(f"level at {asked.wanted.times_h[-1]:g} h", levels[:, -1], LEVEL),
            inside=number(100 * float(here.inside[place]), PERCENT),
            above=number(100 * float(here.above[place]), PERCENT),
        )
        found.append((told, float(np.median(levels[:, -1]))))
    return found


def _going_on(item: Counted, kidneys: KidneyAhead, few: int) -> Person:
    """Return some draws whose kidneys go on in a named way; a model that does not know them goes on as it is."""
    if item.answer.walk is None:
        return item.answer.person.first(few)
    walk = item.answer.walk.taken(np.arange(few)).going_on(kidneys)
    return item.fitting.with_kidneys(item.usual, walk).with_etas(item.answer.posterior.etas[:few])


def _next_levels(
    parts: list[Part], curves: tuple[tuple[Curves, ...], ...], asked: Asked, scored: Scored, place: int
) -> tuple[NextLevel, ...]:
    """Return what a level at each hour would leave of what is not known of the level at the end, at one rate."""
    _, levels, _ = _of(asked, curves, scored, place)
    columns = np.searchsorted(asked.wanted.times_h, [float(hour.value) for hour in asked.hours])
    then, first, errors = levels[:, columns], 0, list[Floats]()
    for part in parts:
        last = first + len(part.person.etas)
        errors.append(np.asarray(part.error.sd(then[first:last])))
        first = last
    try:
        left = narrowing(levels[:, -1], then, np.concatenate(errors))
    except RequestError:  # nothing flows in any draw: there is no level to measure
        return ()
    return tuple(
        NextLevel(hour, later(asked.now, hour), number(100 * float(share), PERCENT))
        for hour, share in zip(asked.hours, left, strict=True)
    )


def _says(status: TargetStatus, named: BestCandidate | None, alike: list[Quantity], wanted: Wanted) -> tuple[str, ...]:
    if status is TargetStatus.NONE_SAFE:
        return (SAFE.format(penalty=wanted.penalty),)
    if named is None:
        return (REACHES,)
    low, high = alike[0], max(alike)
    says = [FLAT.format(low=low.shown(4), high=high.shown(4))] if low != high else []
    if named.candidate.inside.value < Decimal(50):
        says.append(MORE_OUT_THAN_IN)
    return tuple(says)


def _named(item: Counted) -> str:
    name = item.fitting.model.name
    return name if item.share is None else f"{name}, {item.share.shown(0)}"
