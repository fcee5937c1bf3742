"""How creatinine follows a clearance that moves: production in, clearance out, held by a volume that may change.

Knows amounts and one exact exponential step for each stretch between two knots, on arrays, real or complex. It knows no
patient, no prior and no equation for the clearance (`kidney_walk.py`).

    dA/dt = G - (CL + CL machine) A / V        C = A / V

Over a stretch clearance and volume are those of its middle: on the logarithmic scale a clearance runs straight from
knot to knot, a volume on its own scale. Source: the balance of mass; Chen 2013, J Am Soc Nephrol 24:877, takes it over
one stretch with one mean concentration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inotrope.errors import RequestError
from inotrope.estimation.problem import Floats
from inotrope.population import ExtracorporealClearance
from inotrope.population.forms import Array

MG_PER_L = 10.0
"""mg/L in 1 mg/dL."""
CLOSEST_H = 1e-6
"""Moments nearer than this are one knot: clock times are sums of floats."""


@dataclass(frozen=True, slots=True, eq=False)
class Volumes:
    """The volume that holds creatinine, with straight lines between entries and the nearest value outside them.

    Attributes:
        time_h: (entries,), ascending.
        volume_l: (entries,) L.

    Raises:
        RequestError: Times that do not ascend, a volume that is not above 0, or one that does not fit its times.
    """

    time_h: Floats
    volume_l: Floats

    def __post_init__(self) -> None:
        """Prove times and volumes."""
        if self.time_h.ndim != 1 or not self.time_h.size or self.time_h.shape != self.volume_l.shape:
            raise RequestError("A volume over time needs one volume for each time, in one row.")
        if not np.isfinite(self.time_h).all() or (np.diff(self.time_h) <= 0).any():
            raise RequestError(f"The times of a volume do not ascend: {self.time_h.tolist()} h.")
        if not (np.isfinite(self.volume_l) & (self.volume_l > 0)).all():
            raise RequestError(f"A volume that holds creatinine is above 0 L, not {self.volume_l.tolist()}.")

    @classmethod
    def constant(cls, volume_l: float) -> Volumes:
        """Return one volume that holds always, L."""
        return cls(np.zeros(1), np.array([volume_l], dtype=np.float64))

    def at(self, times_h: Array) -> Floats:
        """Return the volumes at these times, L."""
        return np.asarray(np.interp(times_h, self.time_h, self.volume_l))


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """What is known of a patient's creatinine beside his kidneys.

    Attributes:
        knot_h: (knots,) h, ascending.
        production_mg_per_h: What is produced, as it is for such a patient.
        volume_l: (knots,) L, at each knot.
        machine_l_per_h: (knots,) L/h of creatinine by machines in the stretch that begins at each knot.
    """

    knot_h: Floats
    production_mg_per_h: float
    volume_l: Floats
    machine_l_per_h: Floats

    @classmethod
    def of(
        cls,
        knot_h: Floats,
        *,
        production_mg_per_h: float,
        volumes: Volumes,
        machines: Sequence[ExtracorporealClearance] = (),
    ) -> Balance:
        """Return the balance on knots, among which every start and end of a machine must be.

        Args:
            knot_h: (knots,) h.
            production_mg_per_h: mg/h.
            volumes: Over time.
            machines: Dated clearances of creatinine, of which those at one time add up.

        Raises:
            RequestError: A production that is not above 0.
        """
        if not (np.isfinite(production_mg_per_h) and production_mg_per_h > 0):
            raise RequestError(f"A production of creatinine is above 0 mg/h, not {production_mg_per_h:g}.")
        # A knot merged into one a moment earlier still lies within the stretch that it begins.
        inside = knot_h + CLOSEST_H
        cleared = [
            np.where((inside >= machine.start_h) & (inside < machine.end_h), machine.clearance_l_per_h, 0.0)
            for machine in machines
        ]
        return cls(knot_h, production_mg_per_h, volumes.at(knot_h), np.sum([np.zeros(knot_h.size), *cleared], axis=0))

    def first(self, knots: int) -> Balance:
        """Return the balance on the first knots alone."""
        return Balance(
            self.knot_h[:knots], self.production_mg_per_h, self.volume_l[:knots], self.machine_l_per_h[:knots]
        )

    def creatinine(
        self,
        log_clearance_l_per_h: Array,
        *,
        log_production: Array | float = 0.0,
        log_volume: Array | float = 0.0,
        log_start: Array | float = 0.0,
    ) -> Array:
        """Return the creatinine at each knot, mg/dL.

        Args:
            log_clearance_l_per_h: (..., knots), natural logarithm of L/h, real or complex.
            log_production: (...), how far this patient's production lies from the usual one, as a logarithm.
            log_volume: (...), the same of the volume.
            log_start: (...), how far the first creatinine lies from what the first clearance would hold for ever.

        Returns:
            (..., knots).
        """
        path = np.moveaxis(np.asarray(log_clearance_l_per_h), -1, 0)
        produced = self.production_mg_per_h * np.exp(log_production)
        scale = np.exp(log_volume)
        last = (slice(None), *[None] * (path.ndim - 1))
        cleared = np.exp((path[1:] + path[:-1]) / 2) + self.machine_l_per_h[:-1][last]
        held = (self.volume_l[1:] + self.volume_l[:-1])[last] / 2 * scale
        passed = -cleared / held * np.diff(self.knot_h)[last]
        kept, gained = np.exp(passed), -produced * held / cleared * np.expm1(passed)
        steady = produced / (np.exp(path[0]) + self.machine_l_per_h[0])
        amounts = [steady * np.exp(log_start) * self.volume_l[0] * scale]
        for share, fresh in zip(kept, gained, strict=True):
            amounts.append(amounts[-1] * share + fresh)
        found = np.stack(np.broadcast_arrays(*amounts)) / (self.volume_l[last] * scale)
        return np.asarray(np.moveaxis(found, 0, -1) / MG_PER_L)


def knots_of(*, times_h: Floats, moves_from_h: float, end_h: float, step_h: float, cuts_h: Sequence[float]) -> Floats:
    """Return the knots: every moment at which something happens, and a grid from where the kidney moves on.

    Args:
        times_h: (creatinines,) h, ascending.
        moves_from_h: From here on there is a grid; before it only the times of creatinines are knots.
        end_h: The last knot, after all of them.
        step_h: Of the grid.
        cuts_h: Further moments, such as the start of a machine; those outside the knots are left out.

    Returns:
        (knots,), ascending, none nearer to the one before than rounding.
    """
    begin = min(float(times_h[0]), moves_from_h)
    grid = np.arange(moves_from_h, end_h, step_h)
    cuts = np.array([cut for cut in cuts_h if begin < cut < end_h])
    every = np.sort(np.concatenate([times_h, grid, cuts, [moves_from_h, end_h]]))
    return np.asarray(every[np.append(True, np.diff(every) > CLOSEST_H)])
