"""Levels that a fitted model would show in the subjects of a table: their own curves, and whole tables drawn anew.

Knows that a subject keeps his doses, covariates and times while his deviations and the error of each measurement are
drawn: number j of replicate r of subject i is the same in any block and beside any others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation.many import Subject
from inotrope.evaluation.levels import Deviating
from inotrope.evaluation.record import Floats, Ints, TableFit
from inotrope.kinetics import concentrations
from inotrope.population import disposition
from inotrope.population.virtual import Stream, standard_normals


def levels_at(
    deviating: Deviating, own: Subject, subject: int, *, etas: Floats, time_h: Floats, segment: Ints | None = None
) -> Floats:
    """Return the levels of one subject, without the error of a measurement, (..., times) ng/mL.

    Args:
        deviating: The model of the fit, with the occasions of its table.
        own: The subject.
        subject: His place.
        etas: (..., k), his deviations in the order of `Modes.names`.
        time_h: (times,) h, in order.
        segment: (times,), the segment that each time reads; None finds it by the time.
    """
    parameters = disposition(deviating.model, deviating.parameters(subject, own, etas))
    return np.asarray(concentrations(own.timeline, parameters, time_h, segment))


class Anew:
    """A table whose levels can be drawn as often as wanted."""

    def __init__(self, fit: TableFit, *, seed: int) -> None:
        """Take a table.

        Args:
            fit: Of it.
            seed: Of the random numbers.
        """
        self._fit, self._seed = fit, seed
        order = np.argsort(fit.rows.subject, kind="stable")
        counts = np.bincount(fit.rows.subject, minlength=len(fit.ids))
        self._rows = np.split(order, np.cumsum(counts)[:-1])
        self._deviating = Deviating(fit.model, fit.occasions)
        orders = [self._deviating.etas_of(place) for place in range(len(fit.ids))]
        roots = {len(one.names): np.linalg.cholesky(one.omega) for one in orders}
        self._roots = [roots[len(one.names)] for one in orders]

    def draw(self, replicates: NDArray[np.int64]) -> Floats:
        """Return measured levels of some replicates, (replicates, levels) ng/mL, in the order of the table.

        A level that would fall below 0 stands as 0: a laboratory reports none below it.
        """
        fit = self._fit
        found = np.empty((replicates.size, fit.rows.subject.size))
        for place, (rows, root) in enumerate(zip(self._rows, self._roots, strict=True)):
            if rows.size:
                own, count = fit.subjects[place], len(root)
                drawn = standard_normals(self._seed, replicates, count + rows.size, Stream.CHECK, turn=place)
                etas = drawn[:, :count] @ root.T
                level = levels_at(self._deviating, own, place, etas=etas, time_h=own.levels.time_h, segment=own.segment)
                found[:, rows] = level + fit.error.sd(level) * drawn[:, count:]
        return np.maximum(found, 0.0)
