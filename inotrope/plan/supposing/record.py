"""What is told of one change that is supposed: every model before and after it, curves and chances side by side.

Knows shapes only. Levels are those in the blood, without the error of a measurement; nothing is averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inotrope.plan.forecast_record import Band, BandChance, LevelCurve, RangeLeft, Values, WhatIf
from inotrope.plan.record import Versions
from inotrope.units import Quantity

REFUSED_EXIT = 4


@dataclass(frozen=True, slots=True)
class LevelsThen:
    """One model before a change and after it; `curve` is null where it draws none, and its chances are then empty.

    Attributes:
        model: Its name.
        title: Its publication.
        standing: Where the patient stands to those who were studied.
        recalled: Whether it rests on numbers that nobody read.
        curve: The levels after the change.
        before: The same without it.
        chances: Of each range, after the change, at the end of the curve and in the end.
        chances_before: The same without it.
        leaves: When each range is left, after the change.
        leaves_before: The same without it.
        refused: Why it does not answer after the change; empty where it does.
    """

    model: str
    title: str
    standing: str
    recalled: bool
    curve: LevelCurve | None
    before: LevelCurve | None
    chances: tuple[BandChance, ...]
    chances_before: tuple[BandChance, ...]
    leaves: tuple[RangeLeft, ...]
    leaves_before: tuple[RangeLeft, ...]
    refused: str


@dataclass(frozen=True, slots=True)
class Supposition:
    """What a change would do to the levels of one patient; it is no order, and nothing here judged it.

    `change` is what `inotrope plan --what-if` tells: every model at a few moments. `supposes` and `regimen` say what
    the forecast without the change supposes. `first` is the model to show first, null where none draws a curve.
    """

    drug: str
    made_for: datetime
    supposes: str
    regimen: str
    change: WhatIf
    draws: int
    seed: int
    time: Values
    bands: tuple[Band, ...]
    first: str | None
    models: tuple[LevelsThen, ...]
    versions: Versions
    notice: str

    @property
    def exit_code(self) -> int:
        """The exit code of a command line: 4 where the change cannot be told."""
        return REFUSED_EXIT if self.change.refused else 0


@dataclass(frozen=True, slots=True)
class RatesToSuppose:
    """The rates over which one may look: from a step above nothing to the highest that the plan allows now.

    `now` is what the forecast supposes in the end: what runs, or what the pump delivers of the plan's rate.
    `step` is a choice of this project for the eye, and no step of a dose. `moves` says which rate of the plan it is.
    """

    lowest: Quantity
    highest: Quantity
    step: Quantity
    now: Quantity
    moves: str
