"""The load that a plan offers against none, over the next hour: both regimens, and what each comes to.

Knows only loads that the label path offers. It decides nothing: whether a load is given, the plan says.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from inotrope.dosing import WrittenRegimen, no_load
from inotrope.forecast.circulation import Beside, Foreseen
from inotrope.plan.circulation.course_record import LoadBeside, LoadWay
from inotrope.plan.circulation.over_time.asking import SHORT_MIN, Asked
from inotrope.plan.circulation.over_time.numbers import MMHG, band, likely, percent, quantities
from inotrope.plan.circulation.over_time.saying import LOAD
from inotrope.plan.forecast_numbers import LEVEL
from inotrope.plan.forecast_record import Values
from inotrope.plan.given_ahead import proposed
from inotrope.plan.outcome import Outcome
from inotrope.plan.record import PlanStatus

MINUTE = "min"


class Both(NamedTuple):
    """The regimen with a load and the same without it."""

    with_load: WrittenRegimen
    without: WrittenRegimen
    only_if: tuple[str, ...]


def both_of(outcome: Outcome) -> Both | None:
    """Return both regimens; None where the plan offers no load."""
    regimen = outcome.regimen if outcome.status is PlanStatus.PLAN else None
    if regimen is None or not regimen.load.given or outcome.past.running_rate is not None:
        return None
    without = replace(regimen, load=no_load("left out"))
    return Both(proposed(outcome, regimen), proposed(outcome, without), regimen.load.only_if)


def load_beside(asked: Asked, both: Both, with_load: Foreseen, without: Foreseen) -> LoadBeside:
    """Return the comparison.

    Args:
        asked: Whom, and below which pressure is warned.
        both: What is given.
        with_load: The next hour with it, at `SHORT_MIN`.
        without: The same without it.
    """
    beside, limit_mmhg = Beside(with_load, without), asked.limit_mmhg
    only_if = "" if not both.only_if else " It is offered only if " + "; ".join(both.only_if)
    return LoadBeside(
        time=Values(MINUTE, tuple(float(minute) for minute in SHORT_MIN)),
        with_load=_way(asked, str(both.with_load), with_load),
        without=_way(asked, str(both.without), without),
        lower_by=likely(beside.lower_by, MMHG),
        below_only_with=None if limit_mmhg is None else percent(beside.only_in_one(limit_mmhg)),
        says=LOAD + only_if + ("." if only_if and not only_if.endswith(("?", ".")) else ""),
    )


def _way(asked: Asked, regimen: str, found: Foreseen) -> LoadWay:
    limit_mmhg = asked.limit_mmhg
    return LoadWay(
        regimen=regimen,
        level=band(found.level, LEVEL),
        quantities=quantities(found, asked.shown[:2]),
        below=None if limit_mmhg is None else percent(found.below(limit_mmhg).ever),
        lowest=likely(found.lowest_spread, MMHG),
        unfilled=percent(np.max(found.unfilled)),
    )
