"""The text of the kernels of the search, run by Python line by line, says what their machine code says.

Machine code leaves no trace of the lines that it came from, so this is also how the lines and branches of the kernels
are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from inotrope.estimation import ErrorModel, Levels
from inotrope.estimation.many import Subject, eights, find_modes, likelihood, machine_code, modes, search, steps, tail
from inotrope.kinetics import Timeline
from inotrope.kinetics.many import disposition, exponential, walk
from inotrope.population import load_model, typical_values
from tests.estimation.many.subjects import ONE, SHARE, SUM, THREE, TWO, plain, recorded, varied
from tests.estimation.models import write_model
from tests.kinetics.many.test_as_python import PLAIN

IN_PYTHON = PLAIN | {"root_of": np.sqrt, "eight_of": lambda number: np.full(8, float(number))}


@pytest.fixture
def interpreted(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Every compiled function in its own text; `undo()` brings machine code back."""
    for module in (exponential, disposition, walk, eights, modes, tail, likelihood, steps, search, machine_code):
        for name, value in list(vars(module).items()):
            if name in IN_PYTHON:
                monkeypatch.setattr(module, name, IN_PYTHON[name])
            elif hasattr(value, "py_func"):
                monkeypatch.setattr(module, name, value.py_func)
    with np.errstate(all="ignore"):
        yield monkeypatch


@pytest.mark.parametrize("error", [SUM, SHARE])
@pytest.mark.parametrize("typical", [ONE, TWO, THREE])
def test_a_search(
    typical: dict[str, float], error: ErrorModel, tmp_path: Path, interpreted: pytest.MonkeyPatch
) -> None:
    """Levels of every kind, and the doses that each number of compartments takes another way."""
    model = load_model(write_model(tmp_path, typical=typical, omegas={**dict.fromkeys([*typical][:3], 0.3)}))
    kinds = varied(model)
    subjects = [kinds[0], kinds[3]] if error is SUM else [kinds[4], kinds[2]]
    found = find_modes(model, subjects, error=error, machine_code=True, starts=1)
    interpreted.undo()
    again = find_modes(model, subjects, error=error, machine_code=True, starts=1)
    assert np.abs(found.etas - again.etas).max() < 1e-9
    assert found.objective == pytest.approx(again.objective, rel=1e-11)
    assert (found.converged == again.converged).all()


def test_a_search_without_named_segments_through_valleys_and_borders(
    tmp_path: Path, interpreted: pytest.MonkeyPatch
) -> None:
    """Wide priors: steps that lead nowhere are shortened, ends beyond the border are drawn back."""
    model = load_model(
        write_model(tmp_path, typical=ONE, omegas=dict.fromkeys(ONE, 1.0), error=("sqrt(a^2 + (b f)^2)", 0.1, 3))
    )
    sharp = plain(model, levels=Levels.of([0.25, 1.0, 5.0, 9.0], [1.0, 4000.0, 2.0, 900.0]))
    idle = Subject(
        Timeline.of_rates([0.0, 1.0], 0.0, [1.0, 0.0]),
        typical_values(model, {"weight": np.array([70.0])}),
        Levels.of([2.0], [9000.0]),
    )
    found = find_modes(model, [sharp, idle], machine_code=True, starts=3)
    interpreted.undo()
    again = find_modes(model, [sharp, idle], machine_code=True, starts=3)
    assert (found.converged == again.converged).all()
    assert found.objective == pytest.approx(again.objective, rel=1e-7)


def test_an_unending_steady_state(tmp_path: Path, interpreted: pytest.MonkeyPatch) -> None:
    model = load_model(write_model(tmp_path, typical=ONE, omegas={"clearance": 0.3}))
    subject = recorded(model, weights=[70.0], factor=1.2)
    found = find_modes(model, [subject], machine_code=True, starts=1)
    interpreted.undo()
    again = find_modes(model, [subject], machine_code=True, starts=1)
    assert np.abs(found.etas - again.etas).max() < 1e-9


@pytest.mark.parametrize("floor", [0.5, 1.5])
@pytest.mark.parametrize("least", [-3.0, 0.01, 2.0])
def test_a_step_against_eigenvalues_by_lapack(least: float, floor: float, interpreted: pytest.MonkeyPatch) -> None:
    """Downhill, whether the objective curves up, down, or hardly; in machine code and in Python."""
    rng = np.random.default_rng(5)
    vectors, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    hessian = vectors * np.array([least, 3.0, 40.0, 41.0]) @ vectors.T
    hessian = (hessian + hessian.T) / 2
    gradient = rng.normal(size=4)
    curvature, axes = np.linalg.eigh(hessian)
    wanted = -axes @ (axes.T @ gradient / np.maximum(np.abs(curvature), floor))
    for turn in range(2):
        found = np.zeros(4)
        steps.newton_step(4, gradient, hessian.copy(), floor, np.zeros((4, 4)), np.zeros((4, 4)), found)
        assert found == pytest.approx(wanted, rel=1e-12, abs=1e-14)
        if turn == 0:
            interpreted.undo()


def test_a_matrix_of_one_and_one_that_is_diagonal(interpreted: pytest.MonkeyPatch) -> None:
    for hessian in (np.array([[-2.0]]), np.diag([-1.0, 4.0, 0.1])):
        count = len(hessian)
        found = np.zeros(count)
        room = np.zeros((count, count)), np.zeros((count, count))
        steps.newton_step(count, np.ones(count), hessian.copy(), 0.5, *room, found)
        assert found == pytest.approx(-1 / np.maximum(np.abs(np.diag(hessian)), 0.5), rel=1e-15)


def test_turning_that_does_not_end_is_left(interpreted: pytest.MonkeyPatch) -> None:
    """Numbers that are none stop no sweep; after the most of them the step is none either."""
    matrix, vectors = np.full((2, 2), np.nan), np.zeros((2, 2))
    steps.turn_to_axes(2, matrix, vectors)
    assert np.isnan(matrix).all()
