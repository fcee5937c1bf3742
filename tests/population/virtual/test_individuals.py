"""Individuals by the model's omegas and correlations, occasions, residual errors: each by patient and place alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.population import (
    Model,
    draw_etas,
    draw_even_individuals,
    draw_individuals,
    draw_measured,
    draw_occasion_etas,
    load_model,
    omega_matrix,
    residual_sd,
    spreads,
)

from ..conftest import SOUND, STEADY

MANY = 200_000


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path = tmp_path_factory.mktemp("models") / "paper_2000.toml"
    path.write_text(SOUND, encoding="utf-8")
    return load_model(path)


def without(tmp_path_factory: pytest.TempPathFactory, text: str) -> Model:
    path = tmp_path_factory.mktemp("models") / "other_2000.toml"
    path.write_text(text, encoding="utf-8")
    return load_model(path)


def test_etas_have_the_omegas_and_correlations_of_the_model(model: Model) -> None:
    names, matrix = omega_matrix(model)
    drawn = draw_etas(model, patients=np.arange(MANY), seed=3)
    assert tuple(drawn) == names
    etas = np.concatenate([drawn[name] for name in names], axis=1)
    omegas = np.sqrt(np.diag(matrix))
    assert (np.abs(etas.mean(0)) < 5 * omegas / math.sqrt(MANY)).all()
    assert etas.std(0) == pytest.approx(omegas, rel=5 / math.sqrt(2 * MANY))
    expected = matrix / np.outer(omegas, omegas)
    assert np.abs(np.corrcoef(etas, rowvar=False) - expected).max() < 5 / math.sqrt(MANY)


def test_an_individual_is_the_same_alone_and_among_all(model: Model) -> None:
    typical = {"clearance": np.array([5.0]), "v2": np.array([30.0]), "volume": np.array([12.0]), "q2": np.array([4.0])}
    everybody = draw_individuals(model, typical, patients=np.arange(50_000), seed=8)
    assert everybody["q2"].tolist() == [4.0]
    for k in range(0, 50_000, 997):
        alone = draw_individuals(model, typical, patients=[k], seed=8)
        for name in ("clearance", "v2", "volume"):
            assert alone[name][0, 0] == everybody[name][k, 0]
    cv = everybody["clearance"].std() / everybody["clearance"].mean()
    assert cv == pytest.approx(0.3, rel=0.03)
    assert np.median(everybody["clearance"]) == pytest.approx(5, rel=0.01)


def test_an_occasion_differs_for_one_patient_by_its_own_omega(model: Model) -> None:
    patients = np.arange(MANY)
    two = draw_occasion_etas(model, patients=patients, seed=3, occasions=2)["clearance"]
    three = draw_occasion_etas(model, patients=patients, seed=3, occasions=3)["clearance"]
    assert (two == three[:, :2]).all()
    assert three.std(0) == pytest.approx(np.full(3, math.sqrt(math.log(1.01))), rel=5 / math.sqrt(2 * MANY))
    subject = draw_etas(model, patients=patients, seed=3)["clearance"]
    together = np.corrcoef(np.concatenate([three, subject], axis=1), rowvar=False)
    assert np.abs(together - np.eye(4)).max() < 5 / math.sqrt(MANY)


def test_individuals_take_the_deviation_of_each_occasion(model: Model) -> None:
    typical = {"clearance": np.array([5.0, 5.0, 6.0]), "volume": np.array([12.0]), "v2": np.array([1.0])}
    found = draw_individuals(model, typical, patients=[4, 9], seed=1, occasions_h=[0, 24], begin_h=[0, 12, 24])
    own = draw_etas(model, patients=[4, 9], seed=1)["clearance"]
    occasion = draw_occasion_etas(model, patients=[4, 9], seed=1, occasions=2)["clearance"]
    expected = typical["clearance"] * np.exp(own + occasion[:, [0, 0, 1]])
    assert found["clearance"] == pytest.approx(expected)
    assert (found["clearance"][:, 0] == found["clearance"][:, 1]).all()


def test_between_occasions_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    begin, end = SOUND.index("[variability.between_subjects]"), SOUND.index("[variability.between_occasions]")
    correlation = SOUND[SOUND.index("[[variability.correlation]]") : SOUND.index("[residual]")]
    model = without(tmp_path_factory, (SOUND[:begin] + SOUND[end:]).replace(correlation, ""))
    assert draw_etas(model, patients=[1], seed=1) == {}
    assert spreads(model)
    found = draw_individuals(model, {"clearance": np.array([5.0])}, patients=[1], seed=1, occasions_h=0, begin_h=[0])
    drawn = draw_occasion_etas(model, patients=[1], seed=1, occasions=1)["clearance"]
    assert found["clearance"] == pytest.approx(5 * np.exp(drawn))
    # A forecast knows no occasions: every draw is the typical one.
    assert draw_even_individuals(model, {"clearance": np.array([5.0])}, draws=9, seed=1)["clearance"].tolist() == [5.0]


def test_a_model_without_spread_has_no_individuals(tmp_path_factory: pytest.TempPathFactory) -> None:
    model = without(tmp_path_factory, STEADY)
    assert not spreads(model)
    assert draw_occasion_etas(model, patients=[0], seed=1, occasions=2) == {}
    with pytest.raises(RequestError, match="does not say how patients differ"):
        draw_individuals(model, {}, patients=[0], seed=1)


def test_occasions_need_times_and_a_model_that_knows_them(model: Model) -> None:
    typical = {"clearance": np.array([5.0]), "volume": np.array([12.0]), "v2": np.array([1.0])}
    with pytest.raises(RequestError, match=r"Occasions need .* knows: clearance"):
        draw_individuals(model, typical, patients=[0], seed=1, occasions_h=[0, 24])
    with pytest.raises(RequestError, match="Occasions need"):
        draw_individuals(model, typical, patients=[0], seed=1, occasions_h=[24, 0], begin_h=[0])
    with pytest.raises(RequestError, match="nothing of it"):
        draw_individuals(
            load_model("milrinone/label_adult"), typical, patients=[0], seed=1, occasions_h=[0, 24], begin_h=[0]
        )


def test_measured_levels_spread_by_the_residual_error(model: Model) -> None:
    residual = model.residual
    assert residual is not None
    levels = np.array([0.0, 50.0, 100.0])
    drawn = draw_measured(residual, levels, patients=np.arange(MANY), seed=5)
    sd = residual_sd(residual, levels)
    assert drawn.shape == (MANY, 3)
    assert (np.abs(drawn.mean(0) - levels) < 5 * sd / math.sqrt(MANY)).all()
    assert drawn.std(0) == pytest.approx(sd, rel=5 / math.sqrt(2 * MANY))
    assert drawn[:, 0].min() < 0  # as the form says, and as the docstring warns
    one = draw_measured(residual, levels[:2], patients=[777], seed=5)
    assert (one[0] == drawn[777, :2]).all()
