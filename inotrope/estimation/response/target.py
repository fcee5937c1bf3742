"""What is asked: which patients of an ensemble would show these readings, with the drug in them at the time.

Knows the likelihood of a patient, of his member, and of a draw of his kinetics, all together. The time without the drug
is never assumed to have been seen: it is part of the patient, and readings with the drug tell of it through the model.
Does not know how draws are found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.circulation import UNCHANGED, Drive
from inotrope.circulation.arrays import Array, Mask
from inotrope.errors import RequestError
from inotrope.estimation.response.readings import KINDS, Readings, coordinates
from inotrope.population.response import Ensemble, circulation_at

Indices = NDArray[np.int64]
_WEDGE, _PULMONARY = "wedge_mmhg", "mean_pulmonary_mmhg"


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A patient to be learned.

    Attributes:
        ensemble: Whom he comes from.
        readings: What was read of him.
        levels: (kinetic draws, moments), ng/mL at the site of effect, equally weighted: as the levels measured in blood
            leave them. At a moment without drug they are 0 and not looked at.
        drive: How fast the heart makes cAMP, now and when the bedside was read.
    """

    ensemble: Ensemble
    readings: Readings
    levels: Array
    drive: Drive

    @classmethod
    def of(
        cls, ensemble: Ensemble, readings: Readings, levels_ng_per_ml: ArrayLike, drive: Drive = UNCHANGED
    ) -> Target:
        """Return a checked target.

        Raises:
            RequestError: Levels of other moments than those of the readings, or one that is below 0 or not finite.
        """
        levels = np.asarray(levels_ng_per_ml, dtype=np.float64)
        if levels.shape[1:] != readings.on_drug.shape or not len(levels):
            raise RequestError("Levels are given by kinetic draw and moment.", value=str(levels.shape))
        if not (np.isfinite(levels) & (levels >= 0)).all():
            raise RequestError("A level is a finite number of 0 or above.")
        return cls(ensemble, readings, levels, drive)

    def as_read(self) -> Target:
        """Return the same, with each number that was read without the drug drawn around its reading, by its error.

        Patients of a kind are alike, so a reading at the edge of the kind would be drawn toward its middle: a dry
        patient would be filled, and his pressure would look safer than it is. How often such patients are met is a
        guess, and what was read of this one is not, so the kind tells only of what was not read. What stays among the
        readings: those with the drug, a second one of a kind, and a mean pulmonary pressure without a lower wedge
        pressure.
        """
        readings = self.readings
        taken: dict[str, int] = {}
        for place in np.flatnonzero(~readings.on_drug[readings.moments]):
            taken.setdefault(KINDS[readings.kinds[place]], int(place))
        values, errors = readings.plain, np.diagonal(readings.root)
        if _PULMONARY in taken and not (_WEDGE in taken and values[taken[_WEDGE]] < values[taken[_PULMONARY]]):
            del taken[_PULMONARY]
        ensemble = self.ensemble.as_read({name: (values[place], errors[place]) for name, place in taken.items()})
        return replace(self, ensemble=ensemble, readings=readings.without(list(taken.values())))

    def shown(self, deviates: Array, members: Indices, levels: Array) -> tuple[Array, Mask]:
        """Return what these patients show at every moment, in coordinates, and whose circulation there is.

        Args:
            deviates: (patients, names).
            members: (patients,).
            levels: (patients, moments), ng/mL.

        Returns:
            (moments, 8, patients) and (patients,); where there is no circulation, the first says nothing.
        """
        patients, drug = self.ensemble.patients(deviates, members), self.readings.on_drug
        shown = np.empty((drug.size, len(KINDS), len(members)))
        shown[~drug] = coordinates(patients.bedside)
        sound = patients.sound
        if drug.any():
            found = circulation_at(patients, levels[:, drug].T, self.drive)
            there = np.asarray(found.solved & (found.stroke_volume_ml > 0))
            with np.errstate(invalid="ignore", divide="ignore"):  # where nothing was solved, numbers are any
                rows = np.moveaxis(coordinates(found), 0, 1)
            shown[drug] = np.where(there[:, None], rows, 0.0)
            sound = np.asarray(sound & there.all(axis=0))
        return shown, sound

    def whitened(self, deviates: Array, members: Indices, levels: Array) -> tuple[Array, Mask]:
        """Return by how much readings miss patients, in independent SDs, (patients, readings); else as `shown`."""
        shown, sound = self.shown(deviates, members, levels)
        return self.readings.whitened(shown), sound

    def log_likelihood(self, deviates: Array, members: Indices, kinetics: Indices) -> Array:
        """Return the natural logarithm of the likelihood, (patients,); minus infinity where nobody can be so.

        Args:
            deviates: (patients, names).
            members: (patients,).
            kinetics: (patients,), by place among the kinetic draws.
        """
        away, sound = self.whitened(deviates, members, self.levels[kinetics])
        squares = (away * away).sum(axis=-1)
        return np.where(sound, self.readings.constant - squares / 2, -np.inf)
