"""What one of many subjects brings: his own doses, typical parameters and levels.

Knows shapes and what does not fit together. It knows no file (`simulation` reads those) and seeks nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import RequestError
from inotrope.estimation.etas import Etas, etas_of
from inotrope.estimation.problem import ErrorModel, Floats, Levels, Problem
from inotrope.kinetics import Timeline
from inotrope.population import Model
from inotrope.population.forms import Array
from inotrope.population.model import DISPOSITION


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One of many.

    Attributes:
        timeline: What was given.
        typical: By parameter (rows,), L/h and L: as many rows as the timeline asks for, or one.
        levels: What was measured, (levels,), in the order of time; without any, the prior is the answer.
        segment: (levels,), the segment that each level reads, such as `kinetics.Expanded.observed_segment`; None finds
            it by its time.
    """

    timeline: Timeline
    typical: Mapping[str, Array]
    levels: Levels
    segment: NDArray[np.int64] | None = None

    def rows(self, names: Sequence[str]) -> dict[str, Floats]:
        """Return the named typical parameters, each (rows,): one row where none of them ever changes."""
        found = {name: np.atleast_1d(self.typical[name]) for name in names}
        if all(value.size == 1 for value in found.values()):
            return found
        each = np.stack(np.broadcast_arrays(*found.values()))
        if (each == each[:, :1]).all():
            each = each[:, :1]
        return dict(zip(names, each, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What all subjects are asked in common; see `Problem`."""

    model: Model
    etas: Etas
    error: ErrorModel
    prior: Problem

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that a curve of the model needs."""
        return tuple(DISPOSITION[self.model.structure])

    @classmethod
    def of(cls, model: Model, subjects: Sequence[Subject], error: ErrorModel | None) -> Question:
        """Return what is asked of these subjects.

        Raises:
            RequestError: No subject; one with several patients' levels, or with times that go back; a model that does
                not say how patients differ, or states no error where none is given.
        """
        if not subjects:
            raise RequestError("There is no subject to estimate anything for.")
        for place, subject in enumerate(subjects):
            if subject.levels.patients:
                raise RequestError(f"Subject {place} has levels of {subject.levels.patients} patients: give one each.")
            if (subject.levels.time_h[1:] < subject.levels.time_h[:-1]).any():
                raise RequestError(f"The levels of subject {place} are not in the order of time.")
        if error is None and model.residual is None:
            raise RequestError(
                f"Model {model.name} does not state how far a measured level lies from the predicted one. Give an "
                "error.",
                value=model.name,
            )
        own = ErrorModel.of(model.residual) if error is None and model.residual is not None else error
        assert own is not None  # one of the two is there
        etas = etas_of(model)
        none = Levels.of(np.empty(0), np.empty((len(subjects), 0)))
        prior = Problem(etas.names, etas.omega, none, own, lambda given: given[..., :0])
        return cls(model, etas, own, prior)
