"""What a forecast holds: for every model what it says of this patient, or why it says nothing.

Knows shapes only. Levels are those that truly are in the blood, without the error of a measurement; times are hours
from the case's `now`. Models stand side by side and are never averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inotrope.drug import StudiedRange
from inotrope.findings import Refusal, SourceReference, Truth
from inotrope.population import ModelKind, Remark, Standing, Statement

if TYPE_CHECKING:
    from inotrope.forecast.kidneys_ahead import KidneysAhead

Floats = NDArray[np.float64]
SHARES_LEFT = (0.05, 0.25, 0.5)
"""Of the draws: by when so many have left a range."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How the draws lie: 90 % of them between lowest and highest, 50 % between lower and upper; arrays of one shape."""

    lowest: Floats
    lower: Floats
    median: Floats
    upper: Floats
    highest: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Levels over time: `typical` is the curve of the typical patient, `spread` None where no spread is known."""

    time_h: Floats
    typical_ng_per_ml: Floats
    spread: Spread | None


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One number, a level in ng/mL or a time in h: of the typical patient, and of the draws where a spread is known."""

    typical: float
    spread: Spread | None


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """The shares of draws below, in (its ends included) and above a studied range; at each time, or of one level."""

    band: str
    below: Floats
    within: Floats
    above: Floats


class Side(StrEnum):
    """On which side a range is left."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a range is left on one side.

    Attributes:
        band: Which range.
        side: On which side.
        now: The share of draws that lie outside on that side at the first time.
        at_the_end: The share of draws that lie outside on that side at the last time.
        chance: The share that leaves up to the last time. Above, that counts those that are above from the first time
            on; below, only those that were in the range or above it before: rising into it leaves nothing.
        by_h: When each share of `SHARES_LEFT` has left, h; None where so many do not within the curve.
    """

    band: str
    side: Side
    now: float
    at_the_end: float
    chance: float
    by_h: tuple[float | None, ...]


class KidneysTaken(StrEnum):
    """How a model takes the kidneys."""

    HELD = "held"
    IN_MOTION = "in motion"
    NOT_USED = "not used"


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """The levels where moving kidneys go on in another way than unchanged: a judgement, no forecast of the kidneys."""

    kidneys: str
    curve: Curve
    chances: tuple[Chances, ...]
    leaving: tuple[Leaving, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ModelForecast:
    """What one model says of this patient.

    Attributes:
        model: Its name.
        title: Its publication.
        kind: Whether a curve may be drawn from it at all.
        standing: Where the patient stands to those who were studied.
        remarks: A sentence for everything that is not inside, and for what is withheld.
        refused: Why it does not answer; empty where it answers.
        kidneys: How it takes the kidneys. In motion, each draw has its own path of clearance, and the typical patient
            the most probable one; ahead of now they go on unchanged.
        curve: Levels over time; None for a model of steady levels only, and where it is refused.
        chances: By studied range, at each time of the curve; empty where no spread is known.
        leaving: By studied range and side, when it is left; empty where no spread is known.
        ahead: The other ways in which moving kidneys may go on.
        now: The level now from what was given; None where that is not recorded, or there is no curve.
        peak: The highest level from `now` to the curve's end, between its times too.
        peak_at_h: When that is in the typical patient, h.
        steady: The level in the end at the regimen's last rate; None where it ends in a pause.
        steady_says: How that level came about; empty where there is none.
        steady_chances: By studied range, for that level.
        printed_sd_ng_per_ml: The standard deviation that a publication prints beside an observed level.
        time_to_90_h: When a constant infusion into an empty body comes to 90 % of its steady level, h.
        says: What a reader must know beside the numbers, such as that no spread is known.
        unconfirmed: The places of numbers that were recalled and never read.
        judged: The places of numbers that are this project's choice.
        conflicts: Known conflicts; shown with every answer.
        unknown: What is not known; shown with every answer.
        note: What a reader must know of the publication.
        sources: Where the model stands.
        digest: SHA-256 of its file.
    """

    model: str
    title: str
    kind: ModelKind
    standing: Standing
    remarks: tuple[Remark, ...]
    refused: str
    kidneys: KidneysTaken
    curve: Curve | None
    chances: tuple[Chances, ...]
    leaving: tuple[Leaving, ...]
    ahead: tuple[Ahead, ...]
    now: Value | None
    peak: Value | None
    peak_at_h: float | None
    steady: Value | None
    steady_says: str
    steady_chances: tuple[Chances, ...]
    printed_sd_ng_per_ml: float | None
    time_to_90_h: Value | None
    says: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    judged: tuple[str, ...]
    conflicts: tuple[Statement, ...]
    unknown: tuple[str, ...]
    note: str
    sources: tuple[SourceReference, ...]
    digest: str

    @property
    def answers(self) -> bool:
        """Tell whether it says anything of this patient."""
        return not self.refused


@dataclass(frozen=True, slots=True)
class Highest:
    """Which model gives the highest level, of the typical patient in ng/mL."""

    model: str
    level_ng_per_ml: float


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """What every model of a drug says of one patient under one regimen.

    Attributes:
        drug: The drug.
        made_for: The case's `now`, hour 0 of every time here.
        regimen: What is given from then on, as text; empty for nothing.
        given: What is known of what was given before, `unknown` where the case does not say.
        draws: How many patients were drawn for every interval and chance.
        seed: Of the random numbers: the same seed gives the same numbers.
        step_h: Between two times of a curve.
        until_h: The last of them.
        bands: The studied ranges, or those asked for; none is a limit of safety.
        kidneys: The paths of kidneys that move; None where they are held.
        models: Every model, those that refuse included, in the order of their names.
        first: The model to show first; None where none gives a curve.
        highest_steady: Of all that answer, with or without a curve; None where the regimen ends in a pause.
        highest_peak: Of all that give a curve.
        says: What holds for all of it.
        refusals: Why no model was asked at all.
    """

    drug: str
    made_for: datetime
    regimen: str
    given: Truth
    draws: int
    seed: int
    step_h: float
    until_h: float
    bands: tuple[StudiedRange, ...]
    kidneys: KidneysAhead | None
    models: tuple[ModelForecast, ...]
    first: str | None
    highest_steady: Highest | None
    highest_peak: Highest | None
    says: tuple[str, ...]
    refusals: tuple[Refusal, ...]

    def of(self, model: str) -> ModelForecast:
        """Return what one model says; raises `KeyError` where no such model was asked."""
        return {item.model: item for item in self.models}[model]
