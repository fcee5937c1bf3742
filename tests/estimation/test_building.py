"""Levels of patients with given deviations: by the formula of one compartment by hand, and by the general engine."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation import ErrorModel, Levels, Problem, problem_of
from inotrope.kinetics import Parameters, Records, Timeline, concentrations, expand
from inotrope.population import ExtracorporealClearance, Model, ResidualForm, load_model, typical_values
from inotrope.units import Quantity
from tests.estimation.models import write_model

INFUSION = Timeline.of_rates([0.0, 1 / 6, 24.0], [18_000.0, 1_800.0, 0.0])
TIMES = [0.5, 5.5, 23.5, 30.0]
LEVELS = Levels.of(TIMES, [160.0, 100.0, 200.0, 90.0])
WEIGHT = {"weight": np.array([70.0])}
ONE = {"clearance": 8.0, "volume": 12.0}


def one_compartment(folder: Path, **further: object) -> Model:
    spread = {"omegas": {"clearance": 0.3}, **further}
    return load_model(write_model(folder, typical=ONE, **spread))  # type: ignore[arg-type]


def test_the_typical_patient_and_another(model: Model) -> None:
    """Two compartments, against the engine with the parameters written out."""
    problem = problem_of(model, timeline=INFUSION, typical=typical_values(model, WEIGHT), levels=LEVELS)
    assert problem.names == ("clearance", "volume", "q2", "v2")
    assert problem.omega == pytest.approx(0.09 * np.eye(4))
    assert problem.error == ErrorModel(ResidualForm.ROOT_OF_SQUARES, 0.5, 0.15)
    etas = np.array([[0.0, 0.0, 0.0, 0.0], [0.1, -0.2, 0.3, -0.4]])
    clearance, volume, q2, v2 = (np.array([8, 12, 20, 20]) * np.exp(etas)).T[:, :, None]
    parameters = Parameters.of(clearance_l_per_h=clearance, volume_l=volume, q2_l_per_h=q2, v2_l=v2)
    assert problem.predict(etas) == pytest.approx(concentrations(INFUSION, parameters, TIMES), rel=1e-15)


def test_derivatives_ride_along(tmp_path: Path) -> None:
    """One compartment at steady state: level = rate / (8 exp(eta)), whose derivative by eta is minus itself."""
    model = one_compartment(tmp_path)
    problem = problem_of(
        model,
        timeline=Timeline.of_rates([0.0], [1_800.0]),
        typical=typical_values(model, WEIGHT),
        levels=Levels.of(200.0, 225.0),
    )
    found = problem.predict(np.array([0.1 + 1e-30j]))
    assert found.real == pytest.approx([225 * np.exp(-0.1)])
    assert found.imag / 1e-30 == pytest.approx([-225 * np.exp(-0.1)])


def test_many_patients_of_one_design(model: Model) -> None:
    """Doses per kg, with volumes and clearances per kg: each patient as he is alone, whatever axes stand in front."""
    weights = np.array([[50.0], [70.0], [90.0]])
    typical = {name: value / weights for name, value in typical_values(model, {"weight": weights}).items()}
    timeline = Timeline.of_rates([0.0, 1 / 6], [300.0, 30.0])
    levels = Levels.of(TIMES, np.full((3, 4), 150.0))
    together = problem_of(model, timeline=timeline, typical=typical, levels=levels)
    assert together.patients == (3,)
    etas = np.linspace(-0.3, 0.3, 24).reshape(2, 3, 4)
    found = together.predict(etas)
    assert found.shape == (2, 3, 4)
    for place in range(3):
        own = {name: value[place] for name, value in typical.items()}
        alone = problem_of(model, timeline=timeline, typical=own, levels=LEVELS)
        assert found[:, place] == pytest.approx(alone.predict(etas[:, place]), rel=1e-14)


def test_occasions_change_the_clearance_where_they_begin(tmp_path: Path) -> None:
    """One compartment, washing out from 100 ng/mL: exp(-k t) with k = 8 exp(eta + kappa) / 12 of the occasion."""
    model = one_compartment(tmp_path, occasions={"clearance": 0.2})
    timeline = Timeline.of_rates([0.0, 1.0], [0.0, 0.0], [1_200.0, 0.0], row=[0, 1])
    problem = problem_of(
        model,
        timeline=timeline,
        typical=typical_values(model, WEIGHT),
        levels=Levels.of([1.0, 3.0], [50.0, 20.0]),
        row_of_occasion=[0, 1],
    )
    assert problem.names == ("clearance", "clearance, occasion 1", "clearance, occasion 2")
    first, second = 8 / 12 * np.exp(0.1 + 0.2), 8 / 12 * np.exp(0.1 - 0.3)
    found = problem.predict(np.array([0.1, 0.2, -0.3]))
    assert found == pytest.approx([100 * np.exp(-first), 100 * np.exp(-first - 2 * second)])


def test_the_error_given_goes_before_the_models(tmp_path: Path) -> None:
    model = one_compartment(tmp_path, error=None)
    given = {"timeline": INFUSION, "typical": typical_values(model, WEIGHT), "levels": LEVELS}
    with pytest.raises(RequestError, match="does not state how far"):
        problem_of(model, **given)
    own = ErrorModel(ResidualForm.SUM, 5.0, 0.1)
    assert problem_of(model, **given, error=own).error == own


def test_each_level_reads_the_segment_it_stands_in(model: Model) -> None:
    """A level in front of a bolus of the same time is the level before it."""
    records = Records.of(time_h=[0.0, 2.0, 2.0], evid=[1, 0, 1], amount_mcg=[1000.0, 0.0, 1000.0])
    expanded = expand(records)
    levels, typical = Levels.of(2.0, 20.0), {name: np.full(3, value) for name, value in TYPICAL_VALUES.items()}
    before = problem_of(
        model, timeline=expanded.timeline, typical=typical, levels=levels, segment=expanded.observed_segment
    )
    after = problem_of(model, timeline=expanded.timeline, typical=typical, levels=levels)
    zero = np.zeros(4)
    assert after.predict(zero) - before.predict(zero) == pytest.approx([1000 / 12])


TYPICAL_VALUES = {"clearance": 8.0, "volume": 12.0, "q2": 20.0, "v2": 20.0}


def test_no_deviation_scales_a_machine(tmp_path: Path) -> None:
    """Steady state: rate / (8 exp(eta) + 4 of the machine)."""
    model = one_compartment(tmp_path)
    machine = ExtracorporealClearance.entered("CRRT", clearance=Quantity(Decimal(4), "L/h"), because="measured")
    given = {
        "timeline": Timeline.of_rates([0.0], [1_800.0]),
        "typical": typical_values(model, WEIGHT),
        "levels": Levels.of(200.0, 150.0),
        "machines": [machine],
    }
    found = problem_of(model, **given, begin_h=[0.0]).predict(np.array([np.log(2)]))
    assert found == pytest.approx([1_800 / 20])
    with pytest.raises(RequestError, match="has dates"):
        problem_of(model, **given)


def test_no_level_is_a_problem_too(model: Model) -> None:
    problem = problem_of(model, timeline=INFUSION, typical=typical_values(model, WEIGHT), levels=Levels.none())
    assert problem.predict(np.zeros((5, 4))).shape == (5, 0)


def test_levels_of_other_patients_than_those_typical(model: Model) -> None:
    typical = {name: np.full((2, 1), value) for name, value in TYPICAL_VALUES.items()}
    with pytest.raises(RequestError, match="one row of parameters for each patient"):
        problem_of(model, timeline=INFUSION, typical=typical, levels=LEVELS)


def before_the_dose(folder: Path, a: float, weight: float) -> Problem:
    model = one_compartment(folder)
    levels = Levels.of([-1.0, 2.0], [3.0, 50.0], weight=[weight, 1.0])
    error = ErrorModel(ResidualForm.SUM, a, 0.15)
    return problem_of(model, timeline=INFUSION, typical=typical_values(model, WEIGHT), levels=levels, error=error)


def test_a_level_before_any_dose_needs_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="At -1 h nothing had been given yet"):
        before_the_dose(tmp_path, 0, 1)
    assert before_the_dose(tmp_path, 0, 0).predict(np.zeros(1))[0] == 0
    assert before_the_dose(tmp_path, 5, 1).predict(np.zeros(1))[0] == 0
