"""Which deviations there are, in which order, and on which stretch of time each stands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation import etas_of
from inotrope.population import load_model
from tests.estimation.models import TYPICAL, write_model


def test_those_of_the_patient(tmp_path: Path) -> None:
    """What does not vary, and what no curve needs, is left out; the covariance is 0.5 x 0.3 x 0.2 by hand."""
    typical = {"renal_clearance": 5, **TYPICAL}
    omegas = {"clearance": 0.3, "renal_clearance": 0.4, "v2": 0.2}
    correlations = {("clearance", "v2"): 0.5, ("clearance", "renal_clearance"): 0.3}
    model = load_model(write_model(tmp_path, typical=typical, omegas=omegas, correlations=correlations))
    etas = etas_of(model)
    assert etas.names == ("clearance", "v2")
    assert etas.omega == pytest.approx(np.array([[0.09, 0.03], [0.03, 0.04]]))
    found = etas.deviations(np.array([[0.1, 0.2], [0.3, 0.4]]))
    assert {name: value.tolist() for name, value in found.items()} == {
        "clearance": [[0.1], [0.3]],
        "v2": [[0.2], [0.4]],
    }


def test_those_of_his_occasions(tmp_path: Path) -> None:
    """Clearance deviates as a patient and by occasion, the volume by occasion alone."""
    model = load_model(write_model(tmp_path, omegas={"clearance": 0.3}, occasions={"clearance": 0.1, "volume": 0.2}))
    etas = etas_of(model, occasions=2)
    assert etas.names == (
        "clearance",
        "clearance, occasion 1",
        "volume, occasion 1",
        "clearance, occasion 2",
        "volume, occasion 2",
    )
    assert etas.omega == pytest.approx(np.diag([0.09, 0.01, 0.04, 0.01, 0.04]))
    found = etas.deviations(np.array([1.0, 0.1, 0.2, 0.3, 0.4]), row_of_occasion=np.array([1, 3]), rows=4)
    assert found["clearance"] == pytest.approx([1.1, 1.1, 1.1, 1.3])  # row 0 lies before the first
    assert found["volume"] == pytest.approx([0.2, 0.2, 0.2, 0.4])
    back = etas.deviations(np.array([1.0, 0.1, 0.2, 0.3, 0.4]), occasion_of_row=np.array([0, 1, 0]))
    assert back["clearance"] == pytest.approx([1.1, 1.3, 1.1])
    with pytest.raises(RequestError, match="Each occasion needs the row"):
        etas.deviations(np.zeros(5), occasion_of_row=np.array([0, 2]))
    assert etas_of(model).names == ("clearance",)


def test_occasions_alone(tmp_path: Path) -> None:
    model = load_model(write_model(tmp_path, omegas={}, occasions={"clearance": 0.1}))
    assert etas_of(model, occasions=1).names == ("clearance, occasion 1",)
    with pytest.raises(RequestError, match="does not say how patients differ"):
        etas_of(model)


def test_occasions_of_a_model_that_knows_none(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="between occasions: leave them out"):
        etas_of(load_model(write_model(tmp_path)), occasions=2)


@pytest.mark.parametrize("rows", [None, np.array([0]), np.array([2, 1])])
def test_each_occasion_needs_its_row(tmp_path: Path, rows: object) -> None:
    model = load_model(write_model(tmp_path, omegas={}, occasions={"clearance": 0.1}))
    with pytest.raises(RequestError, match="Each occasion needs the row"):
        etas_of(model, occasions=2).deviations(np.zeros(2), row_of_occasion=rows, rows=3)  # type: ignore[arg-type]
