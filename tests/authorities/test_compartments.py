"""Two and three compartments as mrgsolve gives them, 50 patients, 200 times, 17 digits each.

Where the numbers come from: `two_compartment/README.md`, `three_compartment/README.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from inotrope.kinetics import Parameters, Timeline, concentrations

HERE = Path(__file__).parent
BEGIN_H = np.array([0.0, 1 / 6, 6.0, 24.0, 48.0])
RATE_PER_KG = np.array([300.0, 30.0, 22.5, 45.0, 0.0])  # mcg/kg/h, both README
COLUMNS = {
    "two_compartment": {"clearance_l_per_h": "CL", "volume_l": "V1", "q2_l_per_h": "Q", "v2_l": "V2"},
    "three_compartment": {
        "clearance_l_per_h": "CL",
        "volume_l": "V1",
        "q2_l_per_h": "Q2",
        "v2_l": "V2",
        "q3_l_per_h": "Q3",
        "v3_l": "V3",
    },
}
"""By folder: which column of `inputs.csv` each parameter stands in."""


@dataclass(frozen=True)
class Given:
    """One folder as received: patients, times in h and levels in ng/mL, one row a patient."""

    patients: np.ndarray
    times_h: np.ndarray
    levels: np.ndarray
    columns: dict[str, str]

    def parameters(self, of: np.ndarray) -> dict[str, np.ndarray]:
        return {name: of[column] for name, column in self.columns.items()}


@pytest.fixture(scope="module", params=list(COLUMNS))
def given(request: pytest.FixtureRequest) -> Given:
    folder = HERE / request.param
    patients, output = (
        np.genfromtxt(folder / name, delimiter=",", names=True) for name in ("inputs.csv", "output.csv")
    )
    times, levels = (output[name].reshape(50, 200) for name in ("time", "conc"))
    return Given(patients, times, levels, COLUMNS[request.param])


def test_each_patient_within_1e_12(given: Given) -> None:
    largest = 0.0
    for patient, times, levels in zip(given.patients, given.times_h, given.levels, strict=True):
        timeline = Timeline.of_rates(BEGIN_H, RATE_PER_KG * patient["WT"])
        found = concentrations(timeline, Parameters.of(**given.parameters(patient)), times)
        largest = max(largest, float(np.abs(found / levels - 1).max()))
    assert largest < 1e-12


def test_all_patients_at_once_within_1e_12(given: Given) -> None:
    """One regimen of one kilogram, so that each patient's curve is his weight times it."""
    assert np.all(given.times_h[0] == given.times_h)
    columns = {name: column[:, np.newaxis] for name, column in given.parameters(given.patients).items()}
    found = concentrations(Timeline.of_rates(BEGIN_H, RATE_PER_KG), Parameters.of(**columns), given.times_h[0])
    assert np.abs(found * given.patients["WT"][:, np.newaxis] / given.levels - 1).max() < 1e-12
