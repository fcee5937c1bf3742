"""Complex-step derivatives to 1e-11, against differences taken at 60 digits.

The step is 1e-30, so that nothing is subtracted; the mate here is a central difference of the matrix exponential with
a step of 1e-20, whose own error is 1e-40. Compared as elasticities: p df/dp beside f itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from mpmath import mp, mpf

from tests.laws.kinetics import engine
from tests.laws.kinetics.exact import DIGITS, Exact, follow
from tests.laws.kinetics.regimens import Course, Row, changing
from tests.laws.kinetics.test_degenerate import SETS

STEP = 1e-30
ROWS: dict[str, Row] = {
    "one": (7.5, 14.0),
    "two": (7.5, 14.0, 18.0, 22.0),
    "three": (7.5, 14.0, 18.0, 22.0, 4.0, 120.0),
    "k21 = k31": SETS["k21 = k31"],
    "k21 = k31 as floats": SETS["k21 = k31 as floats"],
    "CL 1e-9": SETS["CL 1e-9"],
    "Q 1e-9": SETS["Q 1e-9"],
    "three, CL 1e-9": SETS["three, CL 1e-9"],
    "three, both Q 1e-9": SETS["three, both Q 1e-9"],
    "three, both Q 1e-9, equal volumes": SETS["three, both Q 1e-9, equal volumes"],
    "three, both Q 1e-6, equal volumes": SETS["three, both Q 1e-6, equal volumes, small central one"],
    "minutes and days": SETS["Butterworth's shape, half-lives of minutes and days"],
}
FEW = ("one", "two", "three", "k21 = k31", "Q 1e-9", "three, both Q 1e-9, equal volumes")
EACH = [pytest.param(row, id=name, marks=[] if name in FEW else pytest.mark.slow) for name, row in ROWS.items()]
BEGIN, RATE, BOLUS = (
    (0.0, 0.171875, 6.0, 24.0, 48.0),
    (21000.0, 2100.0, 1575.0, 3150.0, 0.0),
    (0.0, 0.0, 0.0, 500.0, 0.0),
)
TIMES = np.array([0.015625, 1.0, 6.0, 20.0, 47.0, 52.0, 60.0])
Answer = Callable[[Exact, tuple[Any, ...]], Any]


def nudged(row: tuple[Any, ...], place: int, step: Any) -> tuple[Any, ...]:
    return tuple(number + step if index == place else number for index, number in enumerate(row))


def exactly(answer: Answer, course: Course, many: list[Row], which: list[int], times: Any, *, place: int) -> np.ndarray:
    """d answer / d parameter `place`, moved in every row at once."""
    with mp.workdps(DIGITS):
        sides = []
        for step in (mpf("1e-20"), -mpf("1e-20")):
            moved = [nudged(tuple(map(mpf, many[index])), place, step) for index in which]
            found = follow(course.begin_h, course.rate, course.bolus, moved, times)
            sides.append([answer(state, row) for state, row in found])
        return np.array([float((up - down) / mpf("2e-20")) for up, down in zip(*sides, strict=True)])


def concentration(state: Exact, row: tuple[Any, ...]) -> Any:
    return state.amounts[0] / row[1]


def check(course: Course, many: list[Row], which: list[int], times: np.ndarray) -> None:
    timeline = course.timeline(which)
    level = engine.concentrations(timeline, engine.parameters(*many), times)
    assert not np.iscomplexobj(level)
    for place in range(len(many[0])):
        stepped = engine.parameters(*(nudged(row, place, 1j * STEP) for row in many))
        found = engine.concentrations(timeline, stepped, times)
        assert np.allclose(found.real, level, rtol=1e-12, atol=1e-12 * level.max())
        size = max(row[place] for row in many)
        wanted = size * exactly(concentration, course, many, which, times, place=place)
        error = np.abs(size * found.imag / STEP - wanted) / np.maximum(
            np.abs(wanted), np.maximum(level, 1e-6 * level.max())
        )
        assert error.max() < 1e-11, place


@pytest.mark.parametrize("row", EACH)
def test_of_the_concentration_by_each_parameter(row: Row) -> None:
    check(Course(BEGIN, RATE, BOLUS), [row], [0] * len(BEGIN), TIMES)


@pytest.mark.slow
@settings(max_examples=60)
@given(changing())
def test_of_the_concentration_in_any_regimen(made: tuple[Course, list[Row], list[int]]) -> None:
    course, many, which = made
    check(course, many, which, course.times(8)[1:])


@pytest.mark.parametrize("place", [1, 3])
def test_at_a_clearance_of_nothing(place: int) -> None:
    """With CL = 0 or Q = 0 the step stands in the complex part alone: the branch looks at the real part."""
    row = SETS["CL 0" if place == 1 else "Q 0"]
    course, which = Course(BEGIN, RATE, BOLUS), [0] * len(BEGIN)
    stepped = engine.parameters(nudged(row, place, 1j * STEP))
    found = engine.concentrations(course.timeline(), stepped, TIMES).imag / STEP
    wanted = row[place] * exactly(concentration, course, [row], which, TIMES, place=place)
    level = engine.concentrations(course.timeline(), engine.parameters(row), TIMES)
    assert np.all(np.abs(row[place] * found - wanted) <= 1e-11 * np.maximum(np.abs(wanted), level))


@pytest.mark.parametrize("row", list(ROWS.values())[:4], ids=list(ROWS)[:4])
def test_of_the_area(row: Row) -> None:
    course, which = Course(BEGIN, RATE, BOLUS), [0] * len(BEGIN)
    for place in range(len(row)):
        stepped = engine.parameters(nudged(row, place, 1j * STEP))
        found = engine.auc(course.timeline(), stepped, 0.0, 60.0)
        wanted = exactly(lambda state, _: state.area, course, [row], which, [60.0], place=place)[0]
        whole = float(follow(BEGIN, RATE, BOLUS, [row] * len(BEGIN), [60.0])[0][0].area)
        assert abs(row[place] * (found.imag / STEP - wanted)) < 1e-11 * whole


def test_by_a_rate_and_a_bolus() -> None:
    """Linear: the derivative by a rate is the curve of a unit rate."""
    parameters = engine.parameters(ROWS["three"])
    unit = engine.concentrations(engine.timeline([0.0, 6.0], [1.0, 0.0], [0.0, 0.0]), parameters, TIMES)
    stepped = engine.timeline([0.0, 6.0], [2100.0 + 1j * STEP, 0.0], [3500.0, 0.0])
    found = engine.concentrations(stepped, parameters, TIMES).imag / STEP
    assert np.allclose(found, unit, rtol=1e-12, atol=0)
    unit = engine.concentrations(engine.timeline([0.0], [0.0], [1.0]), parameters, TIMES)
    stepped = engine.timeline([0.0], [2100.0], [3500.0 + 1j * STEP])
    found = engine.concentrations(stepped, parameters, TIMES).imag / STEP
    assert np.allclose(found, unit, rtol=1e-12, atol=0)


def test_of_a_half_life() -> None:
    """One compartment: t = ln 2 V / CL, so dt/dCL = -t / CL."""
    found = engine.half_lives(engine.parameters((7.5 + 1j * STEP, 14.0)))
    assert found.real == pytest.approx(np.log(2) * 14 / 7.5, rel=1e-14)
    assert found.imag / STEP == pytest.approx(-np.log(2) * 14 / 7.5**2, rel=1e-12)


def test_of_the_effect_site() -> None:
    """Elasticities again, by each parameter and by the speed."""
    row, speed, course = ROWS["two"], 7.1678515625, Course(BEGIN, RATE, BOLUS)
    which = [0] * len(BEGIN)
    level = engine.effect_site(course.timeline(), engine.parameters(row), TIMES, equilibration_per_h=speed)

    def at(moved: tuple[Any, ...], how_fast: Any) -> list[Any]:
        found = follow(BEGIN, RATE, BOLUS, [moved] * len(which), TIMES, equilibration_per_h=how_fast)
        return [state.effect for state, _ in found]

    with mp.workdps(DIGITS):
        step = mpf("1e-20")
        plain = tuple(map(mpf, row))
        for place in range(len(row) + 1):
            if place < len(row):
                sides = [at(nudged(plain, place, side), speed) for side in (step, -step)]
                stepped, how_fast, size = engine.parameters(nudged(row, place, 1j * STEP)), speed, row[place]
            else:
                sides = [at(plain, mpf(speed) + side) for side in (step, -step)]
                stepped, how_fast, size = engine.parameters(row), speed + 1j * STEP, speed
            wanted = np.array([float((up - down) / (2 * step)) for up, down in zip(*sides, strict=True)])
            found = engine.effect_site(course.timeline(), stepped, TIMES, equilibration_per_h=how_fast).imag / STEP
            assert np.all(np.abs(size * (found - wanted)) < 1e-11 * np.maximum(level, np.abs(size * wanted)))
