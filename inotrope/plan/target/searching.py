"""One search: the draws of one model, or of all that count, against every allowed rate.

Knows what is told of it: the rate named, the best three, what cannot be told from them, what becomes of what runs, and
what to do where no rate is safe. It chooses no model (`making.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from inotrope.forecast.dose_search import hours_to_range
from inotrope.plan.fitting.numbers import number, of_draws
from inotrope.plan.forecast_numbers import HOUR, LEVEL, PERCENT
from inotrope.plan.target.ahead.courses import Watched, courses, pause_of
from inotrope.plan.target.ahead.kidneys import kidneys_ahead
from inotrope.plan.target.ahead.levels import next_levels
from inotrope.plan.target.allowing.allowed import Allowed
from inotrope.plan.target.allowing.ways import Segment, Way, rounded
from inotrope.plan.target.counting import Counted, draws_of
from inotrope.plan.target.curves import Draws
from inotrope.plan.target.scoring import Searched, Wanted, search_ways
from inotrope.plan.target.search_record import BestCandidate, Candidate, Pause, Search, Step, TargetStatus
from inotrope.units import Quantity, round_half_up

BEST = 3
HALF = Decimal(50)
"""%."""
MORE_OUT_THAN_IN = "Even so the level lies more often outside the range than in it: measure a level."
FLAT = "From {low} to {high} the score cannot be told from the best: the lowest of these rates is named."
SAFE = (
    "None is safe: at every rate that is allowed, a pause included, the time above the range, counted {penalty:g} "
    "times, outweighs the time in it."
)
TOO_LITTLE_KNOWN = (
    "That is no reason to pause: the level is not known to be above the range. Too little is known of this patient for "
    "this range: measure a level, or ask for a wider range."
)
REACHES = "None reaches the range: at every rate that is allowed the level stays below it for 99 % of the time or more."


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What every search is asked alike."""

    allowed: Allowed
    watched: Watched
    weight_kg: float

    @property
    def wanted(self) -> Wanted:
        """The range, the penalty and the times."""
        return self.watched.wanted


def search(by: str, counted: tuple[Counted, ...], asked: Asked) -> Search:
    """Return one search.

    Args:
        by: What it is called.
        counted: The models whose draws stand under each other.
        asked: The rates, the range and the times.
    """
    draws = draws_of(counted, asked.watched.past, asked.weight_kg)
    found = search_ways(draws, _ways(draws, asked), asked.wanted)
    scored, line = found.scored, asked.allowed.line
    status = scored.status()
    place = _named(found, asked.allowed) if status is TargetStatus.FOUND else scored.ranked()[0]
    named = _told(found, place, line) if status is TargetStatus.FOUND else None
    pause = pause_of(draws, asked.watched) if status is TargetStatus.NONE_SAFE else None
    alike = [found.of(item)[1].rate for item in scored.alike() if scored.way[item] == scored.way[place]]
    ahead = kidneys_ahead(counted, asked.watched.past, asked.weight_kg, found, place)
    levels, level = next_levels(draws, asked.watched, found, place)
    return Search(
        by=by,
        models=tuple(item.named for item in counted),
        status=status,
        named=named,
        candidates=tuple(candidate(found, item, line) for item in range(scored.rate.size)),
        best=tuple(_told(found, item, line) for item in scored.best(BEST)),
        within_line=_within_line(found, named, line),
        alike_from=rounded(min(alike)),
        alike_to=rounded(max(alike)),
        ahead=tuple(told for told, _ in ahead),
        highest_ahead=max(ahead, key=lambda item: item[1])[0].kidneys if ahead else None,
        courses=courses(draws, asked.watched),
        pause=pause,
        next_levels=levels,
        next_level=level,
        says=_says(status, named, pause, alike, asked.wanted),
    )


def _named(found: Searched, allowed: Allowed) -> int:
    """Return the place of what runs where it is as good as the best and within the line; else of the lowest such rate.

    What runs was titrated by effect, and a rate that nobody could tell from it is no reason to change it.
    """
    way, alike, runs = found.ways[0], set(found.scored.alike()), allowed.keeps
    if runs is not None and (allowed.line is None or runs <= allowed.line):
        setting = way.setting_of(runs)
        if setting is not None and found.place_of(setting) in alike:
            return found.place_of(setting)
    return found.scored.named()


def _ways(draws: Draws, asked: Asked) -> tuple[Way, ...]:
    """Return the ways that are searched: those that begin with a pause only where the level is above the range now."""
    now = draws.levels(asked.watched.past, np.zeros(1))[:, 0]
    high = float(np.median(now)) > asked.wanted.high
    return tuple(way for way in asked.allowed.ways if high or not way.pause_h)


def candidate(found: Searched, index: int, line: Quantity | None) -> Candidate:
    """Return one rate with its chances; `line` is the label's renal line where it may be passed."""
    (way, setting), scored = found.of(index), found.scored
    below, inside, above = (
        number(100 * float(share[index]), PERCENT) for share in (scored.below, scored.inside, scored.above)
    )
    return Candidate(
        rate=rounded(setting.rate),
        pump_rate=setting.pump,
        load=way.load is not None,
        pause=Quantity(way.pause_h, HOUR),
        above_line=line is not None and setting.rate > line,
        starts=Quantity(round_half_up(way.stages[way.stage_of(setting.rate)].from_h, 2), HOUR),
        below=below,
        inside=inside,
        above=above,
        score=round(float(scored.score[index]), 4),
    )


def _within_line(found: Searched, named: BestCandidate | None, line: Quantity | None) -> BestCandidate | None:
    """Return the best at or below the renal line, where what is named lies above it."""
    if named is None or line is None or not named.candidate.above_line:
        return None
    within = [index for index in found.scored.ranked() if found.of(index)[1].rate <= line]
    return _told(found, within[0], line)


def _told(found: Searched, index: int, line: Quantity | None) -> BestCandidate:
    """Return one rate in full: its course, and when its levels come to the range."""
    wanted = found.wanted
    (way, setting), (stage, levels) = found.of(index), found.levels(index)
    hours = hours_to_range(
        stage.base, stage.unit, float(found.scored.rate[index]), wanted.times_h, low=wanted.low, high=wanted.high
    )
    reached = np.isfinite(hours)
    half = float(reached.mean()) >= 1 / 2
    return BestCandidate(
        candidate=candidate(found, index, line),
        course=way.course(setting.rate),
        steps=tuple(_step(way, part) for part in way.segments(setting.rate)),
        reaches=number(100 * float(reached.mean()), PERCENT),
        to_range=of_draws("time to the range", hours[reached], HOUR) if half else None,
        at_the_end=of_draws(f"level at {wanted.times_h[-1]:g} h", levels[:, -1], LEVEL),
    )


def _step(way: Way, part: Segment) -> Step:
    """Return one piece of what is given, with the pump's setting and what it delivers."""
    at = way.set_for(part)
    pump = None if at is None else at.pump
    delivered = None if at is None or pump is None else rounded(at.rate)
    return Step(Quantity(round_half_up(part.from_h, 4), HOUR), rounded(part.rate), pump, delivered)


def mostly_outside(found: Search) -> bool:
    """Tell whether less than half of the time lies in the range under what a search names."""
    return found.named is not None and _hardly_in(found.named)


def _hardly_in(named: BestCandidate) -> bool:
    return named.candidate.inside.value < HALF


def _says(
    status: TargetStatus, named: BestCandidate | None, pause: Pause | None, alike: list[Quantity], wanted: Wanted
) -> tuple[str, ...]:
    if status is TargetStatus.NONE_SAFE:
        return (SAFE.format(penalty=wanted.penalty), *(() if pause is not None else (TOO_LITTLE_KNOWN,)))
    if named is None:
        return (REACHES,)
    low, high = min(alike), max(alike)
    says = [FLAT.format(low=low.shown(4), high=high.shown(4))] if low != high else []
    if _hardly_in(named):
        says.append(MORE_OUT_THAN_IN)
    return tuple(says)
