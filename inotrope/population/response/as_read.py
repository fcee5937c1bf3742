"""Patients of a kind of whom some numbers were read: those as they were read, the others as they go with them.

Knows that a reading misses the patient by its error, and that how often such patients are met says nothing of the one
who lies in the bed: a dry one of a congested kind is as dry as he was read. The kind tells of what was not read. Does
not know which readings count.

With y the numbers of a patient in the forms in which they are normal, m those that were read and u the others:
y_m ~ N(as read, error^2), and y_u given y_m as in the kind, mean_u + B (y_m - mean_m) with B = S_um / S_mm.

Source: Anderson 2003, An Introduction to Multivariate Statistical Analysis, section 2.5 (conditional distributions).
That what was read is drawn without the kind is a judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.population.response.spreads import OBSERVED, Form, transform

IN_LOGARITHMS = ("heart_rate", "cardiac_output")
"""Whose errors are those of the logarithm; the others are in the number's own unit."""
_WEDGE, _GRADIENT = OBSERVED.index("wedge_pressure"), OBSERVED.index("transpulmonary_gradient")


@dataclass(frozen=True, slots=True, eq=False)
class AsRead:
    """What was read, in the forms in which it is normal.

    Attributes:
        places: (read,), among the numbers of a patient.
        values: (read,).
        covariance: (read, read), of the errors.
    """

    places: tuple[int, ...]
    values: Array
    covariance: Array

    @classmethod
    def of(cls, readings: Mapping[int, tuple[float, float]], forms: tuple[Form, ...]) -> AsRead:
        """Return readings in their forms.

        The reading is the median. An error that is a share of it, or of a fraction and its rest, becomes the SD of the
        logarithm, or of log odds, as in a log-normal distribution: sqrt(ln(1 + share^2)). A gradient is the difference
        of two pressures: it errs against the wedge pressure that it was told with.

        Args:
            readings: By place the value, and the SD of its error; of the gradient that of the mean pulmonary pressure.
            forms: Of every number.
        """
        places = tuple(sorted(readings))
        sds, correlation = np.empty(len(places)), np.eye(len(places))
        for row, place in enumerate(places):
            value, error = readings[place]
            if place == _GRADIENT:
                of_wedge = readings[_WEDGE][1]
                error = float(np.hypot(error, of_wedge))
                column = places.index(_WEDGE)
                correlation[row, column] = correlation[column, row] = -of_wedge / error
            share = error / (value if forms[place] is Form.LOG else value * (1 - value))
            sds[row] = error if OBSERVED[place] in IN_LOGARITHMS else np.sqrt(np.log1p(share * share))
        values = [float(transform(forms[place], np.asarray(readings[place][0]))) for place in places]
        return cls(places, np.array(values), sds[:, None] * correlation * sds)

    def centers(self, centers: Array, covariance: Array) -> Array:
        """Return the medians of such patients, (members, names), of those of their kind and its covariance."""
        places = list(self.places)
        return np.asarray(centers + (self.values - centers[:, places]) @ self._slopes(covariance).T)

    def spread(self, covariance: Array) -> Array:
        """Return the covariance of such patients, (names, names), of that of their kind."""
        slopes, places = self._slopes(covariance), list(self.places)
        left = covariance - slopes @ covariance[places]
        left[places] = left[:, places] = 0.0  # but for rounding they are: what was read leaves only its error
        return np.asarray((left + left.T) / 2 + slopes @ self.covariance @ slopes.T)

    def _slopes(self, covariance: Array) -> Array:
        """Return by how much every number moves with each that was read, (names, read): by one with itself."""
        places = list(self.places)
        return np.asarray(np.linalg.solve(covariance[np.ix_(places, places)], covariance[places]).T)
