"""The draws of one patient by one model: his parameters and his levels, with the kidneys that belong to each draw.

Knows draws of deviations beside draws of kidneys. It does not know how they were found (`of_model.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.estimation.models import WeighedModel
from inotrope.estimation.problem import Floats
from inotrope.kinetics import Parameters, Timeline, concentrations, steady_concentration
from inotrope.population import Flow, SetUp, disposition, individual, timeline, with_machines
from inotrope.population.forms import Array


@dataclass(frozen=True, eq=False)  # without slots: what every number asks for is kept in the instance
class Person:
    """One patient, or draws of him.

    Attributes:
        setting: The model set up for the patient.
        begin_h: (rows,), when each row of parameters begins.
        row: (stretches,), the row of each stretch.
        typical: By parameter, (rows,), or (draws, rows) where each draw has kidneys of its own.
        names: Of the etas.
        etas: (draws, k).
    """

    setting: SetUp
    begin_h: Floats
    row: NDArray[np.int64]
    typical: Mapping[str, Array]
    names: tuple[str, ...]
    etas: Floats

    @property
    def timeline(self) -> Timeline:
        """What flows."""
        return self.setting.timeline(self.row)

    def first(self, draws: int) -> Person:
        """Return the first so many draws."""
        return self.taken(np.arange(min(draws, len(self.etas))))

    def taken(self, draws: NDArray[np.int64]) -> Person:
        """Return some of the draws, by their indices, each with its kidneys."""
        typical = {name: value[draws] if value.ndim > 1 else value for name, value in self.typical.items()}
        return replace(self, etas=self.etas[draws], typical=typical)

    def with_etas(self, etas: Floats) -> Person:
        """Return other draws of the same kidneys."""
        return replace(self, etas=etas)

    @cached_property
    def parameters(self) -> dict[str, Array]:
        """Every parameter of each draw, (draws, rows), with what machines clear."""
        deviations = {name: self.etas[:, place, None] for place, name in enumerate(self.names)}
        return with_machines(individual(self.typical, deviations), self.begin_h, self.setting.machines)

    @cached_property
    def parameters_now(self) -> dict[str, Array]:
        """Every parameter of each draw as it is now, (draws, 1)."""
        stretch = int(np.searchsorted(self.setting.begin_h, 0.0, side="right")) - 1
        row, shape = int(self.row[stretch]), (len(self.etas), self.begin_h.size)
        return {name: np.broadcast_to(value, shape)[:, row, None] for name, value in self.parameters.items()}

    @cached_property
    def body(self) -> Parameters:
        """What the body of each draw does to the drug."""
        return disposition(self.setting.model, self.parameters)

    def levels(self, times_h: ArrayLike) -> Floats:
        """Return the levels of each draw, (draws, times) ng/mL."""
        return np.asarray(concentrations(self.timeline, self.body, np.asarray(times_h, dtype=np.float64)))

    def under(self, flowing: tuple[Flow, ...]) -> Timeline:
        """Return the stretches of anything that flows, with the rows of parameters that hold in them.

        A rate that changes within a stretch of the set-up cuts it in two of the same parameters.
        """
        begin, edges = self.setting.begin_h, [edge for flow in flowing for edge in (flow.start_h, flow.end_h)]
        first = min(edges, default=begin[0])  # before it nothing flows, and nobody need reckon
        cut = np.union1d(begin[begin >= first], [edge for edge in edges if begin[0] <= edge < np.inf])
        return timeline(flowing, cut, np.asarray(self.row)[np.searchsorted(begin, cut, side="right") - 1])

    def now(self, parameter: str) -> Floats:
        """Return one parameter of each draw as it is now, (draws,)."""
        return np.asarray(self.parameters_now[parameter][:, 0])

    def steady(self, mcg_per_h: float) -> Floats:
        """Return the level of each draw in the end at a rate, (draws,) ng/mL, with the parameters of now."""
        return np.asarray(steady_concentration(disposition(self.setting.model, self.parameters_now), mcg_per_h)[:, 0])


def averaged(parts: list[tuple[Floats, WeighedModel]]) -> Floats:
    """Return the draws of several models, each with as many of its first ones as its share says."""
    return np.concatenate([draws[: weighed.draws] for draws, weighed in parts])
