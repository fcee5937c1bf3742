"""The 25 patients of `tests/authorities/map_estimates` as problems of this program: one by one, and as one batch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inotrope.estimation import Levels, Problem, problem_of
from inotrope.kinetics import Timeline
from inotrope.population import Model, typical_values

FOLDER = Path(__file__).parents[1] / "authorities" / "map_estimates"
BEGIN_H = np.array([0.0, 1 / 6, 6.0, 24.0, 48.0])
RATE_PER_KG = np.array([300.0, 30.0, 22.5, 45.0, 0.0])  # mcg/kg/h, tests/authorities/two_compartment/README.md


@dataclass(frozen=True)
class Reference:
    """The set as received, one row a patient."""

    weight_kg: np.ndarray
    levels: Levels
    etas: np.ndarray
    objective: np.ndarray
    covariance: np.ndarray
    typical: np.ndarray
    individual: np.ndarray

    @classmethod
    def read(cls) -> Reference:
        data, polished, exact, mapbayr = (
            np.genfromtxt(FOLDER / f"{name}.csv", delimiter=",", names=True)
            for name in ("data", "estimates_polished", "covariance_exact", "predictions_mapbayr")
        )
        seen, doses = data[data["evid"] == 0], data[data["evid"] == 1].reshape(25, -1)
        # The records say what the README says: the infusion of two_compartment.
        assert np.abs(doses["rate"] / doses["WT"] - RATE_PER_KG[: doses.shape[1]]).max() < 1e-12
        assert np.abs(doses["time"] - BEGIN_H[: doses.shape[1]]).max() < 1e-12
        times = seen["time"].reshape(25, 4)
        assert (times == times[0]).all()
        return cls(
            weight_kg=doses["WT"][:, 0],
            levels=Levels.of(times[0], seen["DV"].reshape(25, 4)),
            etas=np.stack([polished[f"eta_{name}"] for name in ("CL", "V1", "Q", "V2")], axis=-1),
            objective=polished["objective"],
            covariance=exact["cov"].reshape(25, 4, 4),
            typical=mapbayr["PRED"].reshape(25, 4),
            individual=mapbayr["IPRED"].reshape(25, 4),
        )

    def problem(self, model: Model, patient: int) -> Problem:
        """Return one patient's problem, with his own doses."""
        weight = self.weight_kg[patient]
        levels = Levels.of(self.levels.time_h, self.levels.level_ng_per_ml[patient])
        timeline = Timeline.of_rates(BEGIN_H, RATE_PER_KG * weight)
        typical = typical_values(model, {"weight": np.array([weight])})
        return problem_of(model, timeline=timeline, typical=typical, levels=levels)

    def together(self, model: Model) -> Problem:
        """Return the problem of all: the infusion of one kilogram, into volumes and clearances per kilogram."""
        weight = self.weight_kg[:, None]
        typical = {name: value / weight for name, value in typical_values(model, {"weight": weight}).items()}
        return problem_of(model, timeline=Timeline.of_rates(BEGIN_H, RATE_PER_KG), typical=typical, levels=self.levels)
