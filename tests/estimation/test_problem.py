"""What is proved of levels, errors and problems, and the two forms of error by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation import ErrorModel, Levels, Problem
from inotrope.population import ResidualForm, load_model, residual_sd
from tests.estimation.models import ROOT, SUM, write_model

ERROR = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 5.0, 0.15)


def problem(omega: object, names: tuple[str, ...] = ("clearance", "volume")) -> Problem:
    return Problem(names, np.asarray(omega, dtype=np.float64), Levels.none(), ERROR, lambda etas: etas[..., :0])


def test_one_level_of_one_patient() -> None:
    levels = Levels.of(7.0, 412.0)
    assert (levels.count, levels.patients) == (1, ())
    assert levels.time_h.tolist() == [7]
    assert levels.level_ng_per_ml.tolist() == [412]
    assert levels.below.tolist() == [False]
    assert levels.weight.tolist() == [1]


def test_levels_of_many_patients_of_one_design() -> None:
    levels = Levels.of([1, 2], [[30, 20], [25, 10], [40, 10]], below=[False, True], weight=2)
    assert (levels.count, levels.patients) == (2, (3,))
    assert levels.weight.tolist() == [2, 2]
    single = Levels.of([1, 2], [[30, 20], [25, 10]], below=[[False, True], [False, False]], weight=[1, 0.5])
    assert single.below.shape == (2, 2)


def test_no_level() -> None:
    assert (Levels.none().count, Levels.none().patients) == (0, ())


@pytest.mark.parametrize(
    ("times", "levels", "further", "says"),
    [
        ([1, np.nan], [1, 2], {}, "finite"),
        ([[1, 2]], [1, 2], {}, "one row"),
        ([1, 2], [1, 2, 3], {}, "'level' has the shape"),
        ([1, 2], [1, 2], {"below": [True]}, "'below' has the shape"),
        ([1, 2], [[1, 2]], {"weight": [[1, 1], [1, 1]]}, "'weight' has the shape"),
        ([1], [np.inf], {}, "a level is not"),
        ([1], [-1], {}, "a level is not"),
        ([1], [1], {"weight": -1}, "a weight is not"),
        ([1], [0], {"below": True}, "limit of 0"),
    ],
)
def test_what_is_no_level(times: object, levels: object, further: dict[str, object], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        Levels.of(times, levels, **further)  # type: ignore[arg-type]


def test_both_forms_of_error() -> None:
    root, total = (ErrorModel(form, 3.0, 0.04) for form in (ResidualForm.ROOT_OF_SQUARES, ResidualForm.SUM))
    assert root.sd(np.array([0.0, 100.0])).tolist() == [3, 5]  # 3, 4, 5
    assert total.sd(np.array([0.0, 100.0])).tolist() == [3, 7]
    assert root.scaled(2).sd(np.array([100.0])).tolist() == [10]
    assert total.scaled(0.5).variance(np.array([100.0])) == pytest.approx([12.25])


def test_errors_carry_complex_derivatives() -> None:
    """By hand: SD' = b^2 f / SD = 0.0016 x 100 / 5 for the root of squares, b for the sum."""
    root, total = (ErrorModel(form, 3.0, 0.04) for form in (ResidualForm.ROOT_OF_SQUARES, ResidualForm.SUM))
    assert root.sd(np.array(100 + 1e-30j)).imag == pytest.approx(0.032e-30)
    assert total.sd(np.array(100 + 1e-30j)).imag == pytest.approx(0.04e-30)
    assert root.variance(np.array(100 + 1e-30j)).imag == pytest.approx(0.32e-30)


@pytest.mark.parametrize("form", [ROOT, SUM])
def test_the_error_of_a_model_is_the_one_it_states(tmp_path: Path, form: str) -> None:
    residual = load_model(write_model(tmp_path, error=(form, 3, 4))).residual
    assert residual is not None
    levels = np.array([0.0, 17.0, 412.0])
    assert ErrorModel.of(residual).sd(levels) == pytest.approx(residual_sd(residual, levels), rel=1e-15)


@pytest.mark.parametrize(("a", "b"), [(0.0, 0.0), (-1.0, 0.1), (1.0, -0.1), (float("nan"), 0.1), (1.0, float("inf"))])
def test_what_is_no_error(a: float, b: float) -> None:
    with pytest.raises(RequestError, match="is none"):
        ErrorModel(ResidualForm.SUM, a, b)


def test_a_sound_problem() -> None:
    found = problem([[0.09, 0.05], [0.05, 0.04]])
    assert (found.count, found.patients) == (2, ())


@pytest.mark.parametrize(
    ("omega", "says"),
    [
        ([[0.09]], "of 2 etas is"),
        ([[0.09, np.nan], [np.nan, 0.09]], "of 2 etas is"),
        ([[0.09, 0.01], [0.0, 0.09]], "not symmetric and positive"),
        ([[0.09, 0.09], [0.09, 0.09]], "not symmetric and positive"),
        ([[0.09, 0.0], [0.0, 0.0]], "Leave out what does not vary"),
    ],
)
def test_what_is_no_covariance(omega: object, says: str) -> None:
    with pytest.raises(RequestError, match=says):
        problem(omega)


def test_nothing_to_estimate() -> None:
    with pytest.raises(RequestError, match="Nothing differs"):
        problem(np.empty((0, 0)), ())
