"""What is true of every fit: of each of the 25 patients of `map_estimates`, whatever was measured."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from inotrope.estimation import ErrorModel, Levels, Mode, Problem, find_mode, log_likelihood, predict_levels, problem_of
from inotrope.kinetics import Timeline
from inotrope.population import Model, ResidualForm, load_model, typical_values
from tests.estimation.models import SUM, write_model
from tests.estimation.reference import BEGIN_H, RATE_PER_KG, Reference

SINGLE_H = 5.5
REFERENCE = Reference.read()
TIMES, MEASURED = REFERENCE.levels.time_h, REFERENCE.levels.level_ng_per_ml


@pytest.fixture(scope="module", params=["independent", "correlated", "a + b f"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    """Give the model of the set; with correlations and unequal omegas; with the other form of error."""
    folder = tmp_path_factory.mktemp("model")
    if request.param == "correlated":
        omegas = {"clearance": 0.4, "volume": 0.3, "v2": 0.2}
        correlations = {("clearance", "volume"): 0.6, ("volume", "v2"): -0.4}
        return load_model(write_model(folder, omegas=omegas, correlations=correlations))
    return load_model(write_model(folder, error=(SUM, 2, 15)) if request.param == "a + b f" else write_model(folder))


def asked(model: Model, levels: Levels, *, factor: float = 1.0, error: ErrorModel | None = None) -> Problem:
    """Return the infusion of one kilogram, or a multiple of it, into 25 patients per kilogram."""
    weight = REFERENCE.weight_kg[: levels.patients[0], None] if levels.patients else REFERENCE.weight_kg[:1, None]
    typical = {name: value / weight for name, value in typical_values(model, {"weight": weight}).items()}
    if not levels.patients:
        typical = {name: value[0] for name, value in typical.items()}
    timeline = Timeline.of_rates(BEGIN_H, factor * RATE_PER_KG)
    return problem_of(model, timeline=timeline, typical=typical, levels=levels, error=error)


def size(mode: Mode) -> np.ndarray:
    """Return the volume of what the levels leave open: the logarithm of the covariance's determinant."""
    return np.asarray(np.linalg.slogdet(mode.covariance)[1])


def test_no_level_returns_the_prior(model: Model) -> None:
    problem = asked(model, Levels.none())
    mode = find_mode(problem)
    assert mode.converged
    assert mode.etas == pytest.approx(np.zeros(problem.count), abs=1e-14)
    assert mode.objective == pytest.approx(0, abs=1e-14)
    assert mode.covariance == pytest.approx(problem.omega, rel=1e-9, abs=1e-10)
    assert log_likelihood(problem, mode.etas) == 0


def test_a_level_that_weighs_nothing_is_no_level(model: Model) -> None:
    mode = find_mode(asked(model, Levels.of(TIMES, MEASURED, weight=0.0)))
    assert np.abs(mode.etas).max() < 1e-12


def test_an_exact_level_pins_the_curve(model: Model) -> None:
    """The curve goes through the level as far as the assay is exact, and is no surer than the assay."""
    error = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 0.2, 0.0)
    problem = asked(model, Levels.of([SINGLE_H], MEASURED[:6, 1:2]), error=error)
    mode = find_mode(problem)
    found = predict_levels(problem, mode)
    assert mode.converged.all()
    assert found.individual_ng_per_ml == pytest.approx(problem.levels.level_ng_per_ml, abs=0.02)
    assert found.individual_sd_ng_per_ml == pytest.approx(np.full((6, 1), 0.2), rel=1e-3)


def test_two_identical_levels_beat_one(model: Model) -> None:
    one = asked(model, Levels.of([SINGLE_H], MEASURED[:, 1:2]))
    two = asked(model, Levels.of([SINGLE_H, SINGLE_H], MEASURED[:, [1, 1]]))
    single, double = find_mode(one), find_mode(two)
    assert (size(double) < size(single)).all()
    with_one, with_two = predict_levels(one, single), predict_levels(two, double)
    unsure = with_one.individual_sd_ng_per_ml / with_one.individual_ng_per_ml
    surer = with_two.individual_sd_ng_per_ml / with_two.individual_ng_per_ml
    assert (surer[:, :1] < unsure).all()


def test_the_order_of_the_levels_is_irrelevant(model: Model) -> None:
    order = [2, 0, 3, 1]
    below = np.array([False, True, False, False])
    straight = find_mode(asked(model, Levels.of(TIMES, MEASURED, below=below)))
    mixed = find_mode(asked(model, Levels.of(TIMES[order], MEASURED[:, order], below=below[order])))
    assert mixed.etas == pytest.approx(straight.etas, abs=1e-12)
    assert mixed.objective == pytest.approx(straight.objective, abs=1e-12)


def test_a_weight_is_so_many_equal_levels(model: Model) -> None:
    again = [0, 1, 1, 2, 2, 2, 3]
    weighted = find_mode(asked(model, Levels.of(TIMES, MEASURED, weight=[1, 2, 3, 1])))
    repeated = find_mode(asked(model, Levels.of(TIMES[again], MEASURED[:, again])))
    assert weighted.etas == pytest.approx(repeated.etas, abs=1e-12)
    assert weighted.objective == pytest.approx(repeated.objective, abs=1e-11)
    assert weighted.covariance == pytest.approx(repeated.covariance, abs=1e-9)


def test_the_unit_of_the_levels_is_irrelevant(model: Model) -> None:
    """All amounts and levels times 1,000 (ng/L in place of ng/mL): the same patient, and a constant more."""
    plain = asked(model, REFERENCE.levels)
    error = replace(plain.error, a_ng_per_ml=1_000 * plain.error.a_ng_per_ml)
    levels = Levels.of(TIMES, 1_000 * MEASURED)
    straight, scaled = find_mode(plain), find_mode(asked(model, levels, factor=1_000, error=error))
    assert scaled.etas == pytest.approx(straight.etas, abs=1e-12)
    assert scaled.covariance == pytest.approx(straight.covariance, abs=1e-9)
    assert scaled.objective - straight.objective == pytest.approx(np.full(25, 8 * math.log(1_000)), abs=1e-11)


def test_a_batch_is_each_patient_alone(model: Model) -> None:
    below = np.zeros((25, 4), dtype=bool)
    below[::3, 1] = True
    together = find_mode(asked(model, Levels.of(TIMES, MEASURED, below=below)))
    for patient in range(25):
        weight = REFERENCE.weight_kg[patient : patient + 1]
        typical = {name: value / weight for name, value in typical_values(model, {"weight": weight}).items()}
        levels = Levels.of(TIMES, MEASURED[patient], below=below[patient])
        alone = find_mode(
            problem_of(model, timeline=Timeline.of_rates(BEGIN_H, RATE_PER_KG), typical=typical, levels=levels)
        )
        assert alone.etas == pytest.approx(together.etas[patient], abs=1e-12)
        assert alone.objective == pytest.approx(together.objective[patient], abs=1e-12)
        assert alone.covariance == pytest.approx(together.covariance[patient], abs=1e-12)
        assert alone.iterations == together.iterations[patient]


def test_half_the_error_holds_the_levels_tighter(model: Model) -> None:
    plain = asked(model, REFERENCE.levels)
    half = asked(model, REFERENCE.levels, error=plain.error.scaled(0.5))
    wide = asked(model, REFERENCE.levels, error=plain.error.scaled(2))
    sizes = [size(find_mode(problem)) for problem in (half, plain, wide)]
    assert (sizes[0] < sizes[1]).all() and (sizes[1] < sizes[2]).all()


def test_a_higher_level_is_never_a_lower_curve(model: Model) -> None:
    """One level alone: the higher it is, the higher the curve through it, and the lower the clearance."""
    levels = np.array([[100.0], [150.0], [200.0], [250.0], [300.0]])
    weight = np.full((5, 1), 70.0)
    typical = {name: value / weight for name, value in typical_values(model, {"weight": weight}).items()}
    problem = problem_of(
        model,
        timeline=Timeline.of_rates(BEGIN_H, RATE_PER_KG),
        typical=typical,
        levels=Levels.of([23.5], levels),
    )
    mode = find_mode(problem)
    assert (np.diff(mode.etas[:, problem.names.index("clearance")]) < 0).all()
    assert (np.diff(problem.predict(mode.etas)[:, 0]) > 0).all()
