"""Covariates in, parameters out: by hand, missing, wrong, below zero; and what the kinetics gets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.population import Model, disposition, load_model, typical_parameter, typical_values

from .conftest import Write

PATIENT: dict[str, Any] = {
    "weight": 50.0,
    "creatinine clearance": np.array([100.0, 50.0]),
    "injury": "absent",
    "age": 70.0,
    "albumin": 1000.0,
}


def test_by_hand(model: Model) -> None:
    found = typical_values(model, PATIENT)
    assert found["clearance"] == pytest.approx([5.0, 3.0])  # 0.1 x 50 x (0.2 + 0.8 x 1 or 0.5)
    assert found["volume"] == 12  # above 60 years
    assert found["q2"] == pytest.approx(10)  # 5 x (1000 / 4000)^-0.5
    assert found["v2"] == 30
    of_groups = typical_parameter(model, "volume", {"injury": ["present", "absent"], "age": [70.0, 60.0]})
    assert of_groups.tolist() == [20, 10]


def test_many_patients_and_rows_broadcast(model: Model) -> None:
    found = typical_values(model, {**PATIENT, "weight": np.full((4, 1), 50.0)})
    assert found["clearance"].shape == (4, 2)
    parameters = disposition(model, found)
    assert parameters.compartments == 2
    assert parameters.batch == (4,)
    assert parameters.rows == 2
    assert parameters.v2_l is not None and parameters.v2_l[3, 1] == 30


def test_the_complex_step_passes_through(model: Model) -> None:
    found = typical_parameter(model, "clearance", {**PATIENT, "weight": 50 + 1e-200j})
    assert found.imag / 1e-200 == pytest.approx([0.1, 0.06])  # per kg


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weight": None}, r"needs 'weight' \(in kg\)"),
        ({"weight": np.nan}, r"'weight' \(in kg\) is not a number in row 0"),
        ({"creatinine clearance": [100.0, np.nan]}, "is not a number in row 1"),
        ({"weight": "heavy"}, "is not a number in row 0"),
        ({"weight": 0.0}, "clearance comes to 0 L/h, which no body has"),
        ({"weight": -1.0}, "clearance comes to -0.1 L/h"),
        ({"injury": "maybe"}, "'maybe' is not what model paper_2000 knows of injury. It knows: present, absent"),
        ({"injury": "unknown"}, r"needs 'injury' \(one of: present, absent\)"),
    ],
)
def test_what_is_missing_or_meaningless_is_named(model: Model, change: dict[str, Any], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        typical_values(model, {**PATIENT, **change})


def test_whole_numbers_are_numbers_and_all_that_is_missing_is_named(model: Model) -> None:
    assert typical_parameter(model, "v2", {}) == 30
    assert typical_parameter(model, "clearance", {"weight": 50, "creatinine clearance": 100}) == 5
    with pytest.raises(RequestError, match=r"'weight' \(in kg\), 'creatinine clearance'"):
        typical_parameter(model, "clearance", {})
    with pytest.raises(RequestError, match="has no parameter 'v3'"):
        typical_parameter(model, "v3", {})


def test_who_belongs_to_no_group_is_refused(write: Write) -> None:
    rest = '[[parameters.volume.by.group]]\nvalue = { value = "12 L"'
    only = '[[parameters.volume.by.group]]\nof = "age"\nbelow = { value = "65 year", source = "paper:1", '
    only += 'status = "confirmed" }\nvalue = { value = "12 L"'
    model = load_model(write((rest, only)))
    assert typical_parameter(model, "volume", {"injury": "absent", "age": 64.9}) == 12
    with pytest.raises(RequestError, match="By 'injury' or 'age', 1 of 2 belong to none"):
        typical_parameter(model, "volume", {"injury": "absent", "age": [65.0, 64.0]})


def test_a_factor_by_group_and_a_line(write: Write) -> None:
    more = """[[parameters.v2.by]]
form = "category"
[[parameters.v2.by.group]]
of = "injury"
is = "present"
factor = { value = "2", source = "paper:1", status = "confirmed" }
[[parameters.v2.by.group]]
factor = { value = "1", source = "paper:1", status = "confirmed" }

[[parameters.renal_clearance.by]]
form = "line"
of = "creatinine clearance"
slope = { value = "2", source = "paper:1", status = "confirmed" }
intercept = { value = "-20 mL/min", source = "paper:1", status = "confirmed" }

[variability]"""
    model = load_model(write(("[variability]", more)))
    assert typical_parameter(model, "v2", {"injury": ["present", "absent"]}).tolist() == [60, 30]
    # 2 x 60 - 20 = 100 mL/min = 6 L/h
    assert typical_parameter(model, "renal_clearance", {"creatinine clearance": 60.0}) == pytest.approx(6)
    with pytest.raises(RequestError, match="renal_clearance comes to 0 L/h"):
        typical_parameter(model, "renal_clearance", {"creatinine clearance": 10.0})


def test_a_share_is_a_share(write: Write) -> None:
    bypass = """[[parameters.v2.by]]
form = "time_since_bypass"
of = "time since bypass"
fall = { value = "40 %", source = "paper:1", status = "confirmed" }
recovery_half_life = { value = "0.5 day", source = "paper:1", status = "confirmed" }

[variability]"""
    unit = '"time since bypass" = { unit = "h", over_time = "linear" }\n\n[parameters.clearance]'
    model = load_model(write(("[variability]", bypass), ("[parameters.clearance]", unit)))
    found = typical_parameter(model, "v2", {"time since bypass": [0.0, 12.0, np.inf]})
    assert found == pytest.approx([18, 24, 30])  # 30 x (0.6, 0.8, 1)


def test_a_model_that_lacks_something_gives_no_curve(write: Write) -> None:
    lack = '[[lacks]]\nwhat = "the second volume"\nwithholds = ["time course"]\n\n[data]'
    model = load_model(write(("[data]", lack)))
    with pytest.raises(RequestError, match=r"gives no course over time\. It lacks the second volume"):
        disposition(model, typical_values(model, PATIENT))
