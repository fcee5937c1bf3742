"""Two ways of going on beside each other in the same draws, such as with a load and without: what one adds.

Knows differences draw by draw, so that what differs between patients does not blur what the way does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inotrope.errors import RequestError
from inotrope.forecast.circulation.ahead import Foreseen
from inotrope.forecast.circulation.spreading import of_one
from inotrope.forecast.record import Spread


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """Two courses of the same draws over the same times.

    Attributes:
        one: Such as with a load.
        other: Such as without.
    """

    one: Foreseen
    other: Foreseen

    def __post_init__(self) -> None:
        """Prove that they are of the same draws and times."""
        if self.one.levels.shape != self.other.levels.shape:
            raise RequestError("Two ways are compared in the same draws, at the same times.")

    @property
    def lower_by(self) -> Spread:
        """By how much the lowest pressure of a draw is lower in the one way, mmHg: how that lies."""
        return of_one(self.other.lowest - self.one.lowest)

    def only_in_one(self, limit_mmhg: float) -> float:
        """Return the share that falls below a limit at some time in the one way, and never in the other."""
        one, other = (item.is_below(limit_mmhg).any(axis=0) for item in (self.one, self.other))
        return float(np.mean(one & ~other))
