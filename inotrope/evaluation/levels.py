"""What subjects with given deviations would have shown at each of their levels: the model simulated at their own rows.

Knows the way etas -> parameters -> level of every subject, occasions told apart where the table does. It measures
nothing: the error of a measurement is not in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np

from inotrope.estimation import Etas, etas_of
from inotrope.estimation.many import Subject
from inotrope.evaluation.record import Floats, Ints
from inotrope.kinetics import Plan, concentrations
from inotrope.population import Model, disposition, individual
from inotrope.population.forms import Array
from inotrope.population.model import DISPOSITION

TOGETHER = 128
"""Subjects in one go: more would leave the cache. No answer depends on it."""


class Deviating:
    """A model whose patients deviate, with the order of their deviations for any number of occasions."""

    def __init__(self, model: Model, occasions: Sequence[Ints]) -> None:
        """Take the occasions of each subject's parameter rows; none where none are told apart."""
        self.model, self.occasions = model, occasions
        self._by_count: dict[int, Etas] = {}

    def count(self, place: int) -> int:
        """Return how many occasions a subject has; 0 where none are told apart."""
        return 1 + int(self.occasions[place].max()) if self.occasions else 0

    @property
    def etas(self) -> Etas:
        """The order of the deviations of the subject with the most occasions; those of every other begin it."""
        return self._of(max((self.count(place) for place in range(len(self.occasions))), default=0))

    def etas_of(self, place: int) -> Etas:
        """Return the order of the deviations of one subject."""
        return self._of(self.count(place))

    def parameters(self, place: int, subject: Subject, etas: Array) -> dict[str, Array]:
        """Return a subject's parameters, by name (..., rows), with etas (..., k) or more of them than are his."""
        own = self.etas_of(place)
        on = self.occasions[place] if self.occasions else None
        deviations = own.deviations(etas[..., : len(own.names)], occasion_of_row=on)
        return individual(subject.typical, deviations)

    def _of(self, count: int) -> Etas:
        if count not in self._by_count:
            self._by_count[count] = etas_of(self.model, occasions=count)
        return self._by_count[count]


class SeenLevels:
    """What all subjects would show at each of their levels, prepared once for any etas.

    Subjects whose parameters never change, with one pattern of doses and levels, are computed together.
    """

    def __init__(self, deviating: Deviating, subjects: Sequence[Subject]) -> None:
        """Take the model and the subjects, (N,)."""
        self._deviating, self._subjects = deviating, subjects
        counts = np.array([subject.levels.count for subject in subjects], dtype=np.int64)
        self._begins, self._count = np.cumsum(counts) - counts, int(counts.sum())
        self._alone: list[int] = []
        plans: dict[int, Plan] = {}
        groups: defaultdict[Hashable, list[int]] = defaultdict(list)
        names = DISPOSITION[deviating.model.structure]
        for place in np.flatnonzero(counts).tolist():
            own = subjects[place]
            if deviating.occasions or own.rows(names)[names[0]].size > 1:
                self._alone.append(place)
                continue
            plans[place] = Plan.of(own.timeline, own.levels.time_h, own.segment)
            groups[plans[place].pattern].append(place)
        self._together = [
            (few, Plan.joined([plans[place] for place in few]), _stacked([subjects[place] for place in few], names))
            for members in groups.values()
            for few in (members[first : first + TOGETHER] for first in range(0, len(members), TOGETHER))
        ]

    def at(self, etas: Array) -> Floats:
        """Return what they would show, (..., n) ng/mL, in the order of `TableFit.rows`.

        Args:
            etas: (..., N, k), in the order of `Modes.names`; those of occasions that a subject does not have are not
                read. (..., 1, k) serves all alike.

        Raises:
            KineticsError: Etas so far out that a parameter is 0 or infinite.
        """
        etas = np.broadcast_to(etas, (*etas.shape[:-2], len(self._subjects), etas.shape[-1]))
        found = np.empty((*etas.shape[:-2], self._count))
        model = self._deviating.model
        with np.errstate(all="ignore"):  # doses and times beyond all measure come to no number: whoever asks proves it
            for few, plan, typical in self._together:
                own = individual(typical, self._deviating.etas.deviations(etas[..., few, :]))
                levels = plan.concentrations(disposition(model, own))
                places = self._begins[few][:, None] + np.arange(levels.shape[-1])
                found[..., places.ravel()] = levels.reshape(*levels.shape[:-2], -1)
            for place in self._alone:
                subject = self._subjects[place]
                body = disposition(model, self._deviating.parameters(place, subject, etas[..., place, :]))
                levels = concentrations(subject.timeline, body, subject.levels.time_h, subject.segment)
                found[..., self._begins[place] + np.arange(levels.shape[-1])] = levels
        return found


def _stacked(subjects: Sequence[Subject], names: Sequence[str]) -> dict[str, Floats]:
    """Return the typical parameters of subjects with one row each, (subjects, 1)."""
    own = [subject.rows(names) for subject in subjects]
    return {name: np.stack([one[name] for one in own]) for name in names}
