"""What each draw of a patient shows at any level, from a table over levels: for many regimens of the same draws.

Knows that a draw's steady state hangs on its level alone, and smoothly: it is solved at a few levels once, and between
them stands the polynomial through them, so that ten regimens cost little more than one. Levels c are taken as
c / (c + m), which is 1 for an endless level; the points are those of Chebyshev, and no drug at all is one of them. A
draw that has no steady state at one of the points is solved at every level that is asked about. Output and resistances
are computed from what was interpolated, so that pressures, flows and resistances agree.

Source: Trefethen 2013, Approximation Theory and Approximation Practice, chapters 3, 8 and 19 (Clenshaw).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inotrope.circulation import output_l_per_min, resistances_dyn_s_per_cm5
from inotrope.circulation.arrays import Array, Mask
from inotrope.forecast.circulation.person import Person
from inotrope.population.response import Expected, circulation_at, expected_of

POINTS = 20
"""Levels at which a draw is solved: up to 400 ng/mL no pressure of 80,000 answers was then off by 0.0001 mmHg, up to
1500 ng/mL none by 0.001 mmHg."""
MIDDLE_NG_PER_ML = 250.0
"""m: about where the fitted effects are half of what they can be, so that the points lie where the answer bends."""
_SOLVED = (
    "heart_rate_per_min",
    "stroke_volume_ml",
    "mean_arterial_mmhg",
    "central_venous_mmhg",
    "wedge_mmhg",
    "mean_pulmonary_mmhg",
    "left_ejection_fraction",
)
_LEAST = 1.0
"""ng/mL, the end of a table for a patient who gets nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Draws of a patient, ready for any level up to the highest.

    Attributes:
        person: The draws.
        top: c / (c + m) of the highest level.
        coefficients: (points, solved quantities, draws), of the Chebyshev polynomials.
        whole: (draws,), who has a steady state at every point.
    """

    person: Person
    top: float
    coefficients: Array
    whole: Mask

    @classmethod
    def of(cls, person: Person, highest_ng_per_ml: float) -> Table:
        """Return the table of a patient up to a level."""
        top = float(_place(np.asarray(max(highest_ng_per_ml, _LEAST))))
        angles = np.pi * np.arange(POINTS) / (POINTS - 1)
        places = top * (1 - np.cos(angles)) / 2
        levels = MIDDLE_NG_PER_ML * places / (1 - places)
        found = circulation_at(person.patients, levels[:, None], person.drive)
        shown = np.stack([getattr(found, name) for name in _SOLVED], axis=1)
        whole = np.asarray(found.solved.all(axis=0))
        waves = np.cos(np.outer(np.pi - angles, np.arange(POINTS)))
        coefficients = np.linalg.solve(waves, np.where(whole, shown, 0.0).reshape(POINTS, -1))
        return cls(person, top, coefficients.reshape(shown.shape), whole)

    def expected(self, levels_ng_per_ml: Array) -> Expected:
        """Return what is expected at levels of each draw, (times, draws); none above that of the table."""
        levels = np.asarray(levels_ng_per_ml, dtype=np.float64)
        rows = dict(zip(_SOLVED, self._between(levels), strict=True))
        solved = np.ones(levels.shape, dtype=bool)
        if not self.whole.all():
            left = np.flatnonzero(~self.whole)
            found = circulation_at(self.person.taken(left).patients, levels[:, left], self.person.drive)
            solved[:, left] = found.solved
            for name, row in rows.items():
                row[:, left] = getattr(found, name)
        return expected_of(
            self.person.ensemble,
            self.person.patients,
            _with_flows(rows),
            solved=solved & (rows["stroke_volume_ml"] > 0),
            highest_ng_per_ml=float(levels.max()),
        )

    def _between(self, levels: Array) -> Array:
        """Return the solved quantities at levels, (quantities, times, draws), by Clenshaw's recurrence."""
        twice = (4 * _place(levels) / self.top - 2)[None]
        one = np.zeros((len(_SOLVED), *levels.shape))
        two = np.zeros_like(one)
        for row in self.coefficients[:0:-1]:
            one, two = row[:, None] + twice * one - two, one
        return np.asarray(self.coefficients[0][:, None] + twice / 2 * one - two)


def _place(levels: Array) -> Array:
    return np.asarray(levels / (levels + MIDDLE_NG_PER_ML))


def _with_flows(rows: dict[str, Array]) -> dict[str, Array]:
    """Return them with output and resistances."""
    stroke, rate = rows["stroke_volume_ml"], rows["heart_rate_per_min"]
    output = output_l_per_min(stroke_volume_ml=stroke, heart_rate_per_min=rate)
    with np.errstate(divide="ignore", invalid="ignore"):  # without a steady state numbers are any
        return {**rows, "cardiac_output_l_per_min": output, **resistances_dyn_s_per_cm5(rows, output)}
