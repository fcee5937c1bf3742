"""How far a kidney and what is known of it may be from the usual: the prior of a walk.

Knows the project's judgements, which stand in the vocabulary (`limits.toml`, table kidney_walk) with their arguments,
and which SD holds from knot to knot. It knows no creatinine.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from inotrope.errors import RequestError
from inotrope.estimation.creatinine_balance import CLOSEST_H
from inotrope.estimation.problem import Floats
from inotrope.patient import vocabulary

_HOURS_PER_DAY = 24.0
_NAMES = {
    "production": "production_sd",
    "volume": "volume_sd",
    "measurement": "measurement_sd",
    "before": "sd_per_root_day_before",
    "moving": "sd_per_root_day",
    "quiet": "quiet_sd_per_root_day",
    "after": "sd_per_root_day_after",
    "quiet_chance": "quiet_chance",
}


@dataclass(frozen=True, slots=True)
class WalkSpread:
    """SDs of natural logarithms, and one chance.

    Attributes:
        production: Of the production of creatinine.
        volume: Of the volume that holds it.
        measurement: Of one measured creatinine.
        before: Of the clearance per square root of a day, before it may begin to move.
        moving: From then on up to the last creatinine, of a kidney that fails or recovers.
        quiet: The same of a kidney that does neither.
        after: After the last creatinine, of both.
        quiet_chance: How probable the quiet one is before any creatinine is seen.

    Raises:
        RequestError: An SD that is not above 0, or a chance that is none.
    """

    production: float
    volume: float
    measurement: float
    before: float
    moving: float
    quiet: float
    after: float
    quiet_chance: float

    def __post_init__(self) -> None:
        """Prove the numbers."""
        sds = [getattr(self, field.name) for field in fields(self)[:-1]]
        if not all(np.isfinite(sd) and sd > 0 for sd in sds) or not 0 <= self.quiet_chance <= 1:
            raise RequestError(f"Each SD of a walk is above 0, and its chance from 0 to 1; here is {self}.")

    @classmethod
    def shipped(cls) -> WalkSpread:
        """Return the project's judgement."""
        words = vocabulary()
        return cls(**{name: float(words.ratio(f"kidney_walk.{key}").value) for name, key in _NAMES.items()})

    def increments(self, knot_h: Floats, *, moves_from_h: float, last_h: float, quiet: bool) -> Floats:
        """Return the SD of what the log clearance changes from each knot to the next, (knots - 1,).

        Args:
            knot_h: (knots,) h, ascending.
            moves_from_h: When the clearance may begin to move.
            last_h: The last creatinine.
            quiet: Whether it does not.
        """
        begin = knot_h[:-1] + 2 * CLOSEST_H  # a knot merged into one a moment earlier is still that knot
        between = self.quiet if quiet else self.moving
        per_root_day = np.where(begin < moves_from_h, self.before, np.where(begin < last_h, between, self.after))
        return np.asarray(per_root_day * np.sqrt(np.diff(knot_h) / _HOURS_PER_DAY))
