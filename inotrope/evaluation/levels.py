"""What subjects with given deviations would have shown at each of their levels: the model simulated at their own rows.

Knows the way etas -> parameters -> level of every subject, occasions told apart where the table does. It measures
nothing: the error of a measurement is not in it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inotrope.estimation import Etas, etas_of
from inotrope.estimation.many import Subject
from inotrope.evaluation.record import Floats, Ints
from inotrope.kinetics import concentrations
from inotrope.population import Model, disposition, individual
from inotrope.population.forms import Array


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


def levels_of(model: Model, subjects: Sequence[Subject], occasions: Sequence[Ints], etas: Array) -> Floats:
    """Return what all subjects would have shown, (..., n) ng/mL, in the order of `TableFit.rows`.

    Args:
        model: Whose parameters.
        subjects: (N,).
        occasions: (N,), or none; see `TableFit`.
        etas: (..., N, k), in the order of `Modes.names`; those of occasions that a subject does not have are not read.

    Raises:
        KineticsError: Etas so far out that a parameter is 0 or infinite.
    """
    deviating = Deviating(model, occasions)
    parts = [np.empty((*etas.shape[:-2], 0))]
    with np.errstate(all="ignore"):  # doses and times beyond all measure come to no number: whoever asks proves it
        for place, subject in enumerate(subjects):
            if subject.levels.count:
                own = disposition(model, deviating.parameters(place, subject, etas[..., place, :]))
                parts.append(concentrations(subject.timeline, own, subject.levels.time_h, subject.segment))
    return np.concatenate(parts, axis=-1)
