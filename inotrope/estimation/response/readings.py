"""Readings of a bedside as arrays, and how far they may lie from what a patient would show.

Knows the eight numbers in the coordinates in which they miss evenly, and the covariance of what they miss by: the error
of each reading for itself, and on the drug the misfit of the model, which all readings of one kind share. Ten readings
of a pressure then tell the patient's pressure, and not ten times as much of the drug. It reads no case.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.circulation import Bedside, Circulation
from inotrope.circulation.arrays import Array
from inotrope.errors import RequestError

KINDS = tuple(item.name for item in fields(Bedside))
UNITS = ("/min", "L/min", "mmHg", "mmHg", "mmHg", "mmHg", "", "")
"""Of each; a fraction of 1 has none."""
IN_LOGARITHMS = 2
"""Heart rate and cardiac output miss by a share, the others by an amount."""
_LOG_2PI = math.log(2 * math.pi)


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What was read of one patient.

    Attributes:
        moments: (readings,), the moment of each by its place.
        kinds: (readings,), by place in `KINDS`.
        values: (readings,), in coordinates.
        on_drug: (moments,), whether there is drug at that moment.
        root: (readings, readings), lower triangle of the covariance.
    """

    moments: NDArray[np.int64]
    kinds: NDArray[np.int64]
    values: Array
    on_drug: NDArray[np.bool_]
    root: Array

    @classmethod
    def of(
        cls,
        *,
        moments: ArrayLike,
        kinds: ArrayLike,
        values: ArrayLike,
        on_drug: ArrayLike,
        errors: ArrayLike,
        misfits: ArrayLike,
    ) -> Readings:
        """Return checked readings, by moment, kind and value.

        Args:
            moments: (readings,), 0 and above.
            kinds: (readings,), by place in `KINDS`.
            values: (readings,), as `circulation.Bedside` has them.
            on_drug: (moments,).
            errors: (8,), SDs in coordinates, above 0.
            misfits: (8,), SDs in coordinates, 0 or above.

        Raises:
            RequestError: Rows of unequal length, a place that is none, a value that cannot be, or an SD likewise.
        """
        at, kind = np.asarray(moments, dtype=np.int64), np.asarray(kinds, dtype=np.int64)
        given, drug = np.asarray(values, dtype=np.float64), np.asarray(on_drug, dtype=np.bool_)
        error, misfit = np.asarray(errors, dtype=np.float64), np.asarray(misfits, dtype=np.float64)
        if at.ndim != 1 or not at.shape == kind.shape == given.shape:
            raise RequestError("Each reading has one moment, one kind and one value.", value=str(given.shape))
        if at.size and not (0 <= at.min() <= at.max() < drug.size and 0 <= kind.min() <= kind.max() < len(KINDS)):
            raise RequestError("A reading is of a moment and of a kind that there are.")
        if not (np.isfinite(given) & (given > 0)).all():
            raise RequestError("A reading is a finite number above zero.", value=str(given))
        if error.shape != (len(KINDS),) or misfit.shape != error.shape or not ((error > 0) & (misfit >= 0)).all():
            raise RequestError(f"Each of {len(KINDS)} kinds has an error above zero and a misfit of zero or above.")
        order = np.lexsort((given, kind, at))  # so that no bit hangs on the order in which they were written
        at, kind, given = at[order], kind[order], given[order]
        shared = (kind[:, None] == kind) & drug[at][:, None] & drug[at]
        covariance = np.diag(error[kind] ** 2) + shared * misfit[kind] ** 2
        return cls(at, kind, np.where(kind < IN_LOGARITHMS, np.log(given), given), drug, np.linalg.cholesky(covariance))

    @property
    def count(self) -> int:
        """How many there are."""
        return self.values.size

    @property
    def plain(self) -> Array:
        """(readings,), as `circulation.Bedside` has them."""
        return np.where(self.kinds < IN_LOGARITHMS, np.exp(self.values), self.values)

    def without(self, places: Sequence[int]) -> Readings:
        """Return the others, where the errors of those that go have nothing to do with those of the others."""
        kept = np.setdiff1d(np.arange(self.count), places)
        root = self.root[np.ix_(kept, kept)]
        return Readings(self.moments[kept], self.kinds[kept], self.values[kept], self.on_drug, root)

    @property
    def constant(self) -> float:
        """What the logarithm of the likelihood has beside the squares."""
        return -float(np.log(np.diagonal(self.root)).sum()) - self.count / 2 * _LOG_2PI

    def whitened(self, shown: Array) -> Array:
        """Return by how much readings miss what patients show, in independent SDs, (patients, readings).

        Args:
            shown: (moments, 8, patients), in coordinates.
        """
        away = self.values[:, None] - shown[self.moments, self.kinds]
        return np.asarray(np.linalg.solve(self.root, away).T)


def coordinates(state: Bedside | Circulation) -> Array:
    """Return the eight numbers in coordinates, (8, ...)."""
    rows = [np.asarray(getattr(state, name)) for name in KINDS]
    return np.stack([np.log(row) if place < IN_LOGARITHMS else row for place, row in enumerate(rows)])
