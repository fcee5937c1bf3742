"""The concentration within stretches of time, as sums of exponentials that can be added up, differentiated and delayed.

Knows that within a stretch C(t) = sum_i held_i exp(-l_i t) + fed_i filling(l_i, t). Does not know the stretch's place
in a regimen.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inotrope.kinetics.parameters import Array
from inotrope.kinetics.roots import Modes
from inotrope.kinetics.transition import first_difference, left_and_filled, second_difference


class Curve(NamedTuple):
    """Concentration from the beginning of each stretch on; all arrays have the shape `(modes, ..., stretches)`.

    Attributes:
        roots: 1/h.
        held: ng/mL: the share of the concentration at the beginning that falls with each mode.
        fed: ng/mL/h: what the rate adds to each mode.
    """

    roots: Array
    held: Array
    fed: Array

    @classmethod
    def of(cls, modes: Modes, *, state: Array, rate_mcg_per_h: Array, volume_l: Array) -> Curve:
        """Return the curve of each stretch.

        Args:
            modes: Of each stretch, or one row for all.
            state: mcg at the beginning, `(compartments, ..., stretches)`.
            rate_mcg_per_h: mcg/h, `(stretches,)`.
            volume_l: L, the central one.
        """
        held = (modes.projectors[:, 0] * state).sum(axis=1) / volume_l
        fed = np.broadcast_to(modes.projectors[:, 0, 0] * rate_mcg_per_h / volume_l, held.shape)
        return cls(np.broadcast_to(modes.roots, held.shape), held, fed)

    def taken(self, stretch: NDArray[np.int64]) -> Curve:
        """Return the curves of these stretches, in this order."""
        return Curve(*(np.take(part, stretch, axis=-1) for part in self))

    def slope(self) -> Array:
        """Return the shares of the slope: dC/dt = sum_i slope_i exp(-l_i t), ng/mL/h."""
        slope: Array = self.fed - self.roots * self.held
        return slope

    def at(self, hours: Array) -> Array:
        """Return the concentration after these hours, `(..., stretches)` ng/mL."""
        total = np.zeros(1)
        for root, held, fed in zip(*self, strict=True):
            left, filled = left_and_filled(root, hours)
            total = total + held * left + fed * filled
        return total

    def area(self, hours: Array) -> Array:
        """Return the area under the curve over these hours, `(..., stretches)` ng/mL*h."""
        total = np.zeros(1)
        for root, held, fed in zip(*self, strict=True):
            _, filled = left_and_filled(root, hours)
            x = root * hours
            total = total + held * filled + fed * hours * hours * second_difference(np.zeros_like(x), x)
        return total

    def delayed(self, hours: Array, *, equilibration_per_h: Array) -> Array:
        """Return what an effect site takes up from the curve over these hours, `(..., stretches)` ng/mL.

        Args:
            hours: h.
            equilibration_per_h: 1/h, the rate constant k of dE/dt = k (C - E).

        Returns:
            k times the integral of exp(-k (t - s)) C(s) ds. It holds where k equals a root, and where roots are 0.
        """
        total = np.zeros(1)
        for root, held, fed in zip(*self, strict=True):
            x, y = np.broadcast_arrays(root * hours, equilibration_per_h * hours)
            total = total + held * hours * first_difference(x, y) + fed * hours * hours * second_difference(x, y)
        return equilibration_per_h * total
