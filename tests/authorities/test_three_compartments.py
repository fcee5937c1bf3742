"""Three compartments as mrgsolve gives them (`three_compartment/README.md`): 50 patients, 200 times, 17 digits."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inotrope.kinetics import Parameters, Timeline, concentrations

HERE = Path(__file__).parent / "three_compartment"
BEGIN_H = np.array([0.0, 1 / 6, 6.0, 24.0, 48.0])
RATE_PER_KG = np.array([300.0, 30.0, 22.5, 45.0, 0.0])  # mcg/kg/h, README
INPUTS = np.genfromtxt(HERE / "inputs.csv", delimiter=",", names=True)
OUTPUT = np.genfromtxt(HERE / "output.csv", delimiter=",", names=True)
TIMES_H = OUTPUT["time"].reshape(50, 200)
LEVELS = OUTPUT["conc"].reshape(50, 200)


def columns(of: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "clearance_l_per_h": of["CL"],
        "volume_l": of["V1"],
        "q2_l_per_h": of["Q2"],
        "v2_l": of["V2"],
        "q3_l_per_h": of["Q3"],
        "v3_l": of["V3"],
    }


def test_each_patient_within_1e_12() -> None:
    largest = 0.0
    for patient, times, levels in zip(INPUTS, TIMES_H, LEVELS, strict=True):
        timeline = Timeline.of_rates(BEGIN_H, RATE_PER_KG * patient["WT"])
        found = concentrations(timeline, Parameters.of(**columns(patient)), times)
        largest = max(largest, float(np.abs(found / levels - 1).max()))
    assert largest < 1e-12


def test_all_patients_at_once_within_1e_12() -> None:
    """One regimen of one kilogram, so that each patient's curve is his weight times it."""
    assert np.all(TIMES_H[0] == TIMES_H)
    parameters = Parameters.of(**{name: column[:, np.newaxis] for name, column in columns(INPUTS).items()})
    found = concentrations(Timeline.of_rates(BEGIN_H, RATE_PER_KG), parameters, TIMES_H[0])
    assert np.abs(found * INPUTS["WT"][:, np.newaxis] / LEVELS - 1).max() < 1e-12
