"""Where roots coincide or vanish: no NaN, and 1e-12 of the state, against the matrix exponential at 60 digits.

The set comes from `facts/numerics.md` section 1: the eigenvector form divides 0 by 0 where k21 = k31, a root of 0
breaks (1 - exp(-l t)) / l, and two outer compartments without flow share the root 0.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.kinetics import engine
from tests.laws.kinetics.exact import as_floats, follow, of_the_state
from tests.laws.kinetics.regimens import Row

TINY = 1e-9
SETS: dict[str, Row] = {
    "one compartment, CL 0": (0.0, 14.0),
    "one compartment, CL 1e-9": (TINY, 14.0),
    "CL 0": (0.0, 14.0, 18.0, 22.0),
    "Q 0": (7.5, 14.0, 0.0, 22.0),
    "CL and Q 0": (0.0, 14.0, 0.0, 22.0),
    "CL 1e-9": (TINY, 14.0, 18.0, 22.0),
    "Q 1e-9": (7.5, 14.0, TINY, 22.0),
    "CL and Q 1e-9": (TINY, 14.0, TINY, 22.0),
    "CL and Q 1e-9, equal volumes": (TINY, 14.0, TINY, 14.0),
    "k10 = k21, Q 1e-9": (7.5, 15.0, TINY, 2e-9),
    "k21 = k31": (7.5, 14.0, 18.0, 24.0, 3.0, 4.0),
    "k21 = k31 as floats": (7.5, 14.0, 18.0, 22.0, 18.0, 22.0),
    "k21 within 1e-9 of k31": (7.5, 14.0, 18.0, 24.0, 3.0, 4.0 * (1 + TINY)),
    "k21 within 1e-9 of k31, from below": (7.5, 14.0, 18.0, 24.0, 3.0, 4.0 * (1 - TINY)),
    "k21 within 1e-13 of k31": (7.5, 14.0, 18.0, 24.0, 3.0, 4.0 * (1 + 1e-13)),
    "k10 = k21 = k31": (7.5, 14.0, 15.0, 28.0, 3.0, 5.6),
    "k21 = k31, CL 0": (0.0, 14.0, 18.0, 24.0, 3.0, 4.0),
    "k21 = k31, CL 1e-9": (TINY, 14.0, 18.0, 24.0, 3.0, 4.0),
    "three, CL 0": (0.0, 14.0, 18.0, 22.0, 4.0, 120.0),
    "three, CL 1e-9": (TINY, 14.0, 18.0, 22.0, 4.0, 120.0),
    "three, Q2 0": (7.5, 14.0, 0.0, 22.0, 4.0, 120.0),
    "three, Q3 0": (7.5, 14.0, 18.0, 22.0, 0.0, 120.0),
    "three, both Q 0": (7.5, 14.0, 0.0, 22.0, 0.0, 120.0),
    "three, both Q 0, equal volumes": (7.5, 14.0, 0.0, 22.0, 0.0, 22.0),
    "three, all 0": (0.0, 14.0, 0.0, 22.0, 0.0, 120.0),
    "three, CL and Q2 0": (0.0, 14.0, 0.0, 22.0, 4.0, 120.0),
    "three, CL and Q3 0": (0.0, 14.0, 18.0, 22.0, 0.0, 120.0),
    "three, Q2 1e-9": (7.5, 14.0, TINY, 22.0, 4.0, 120.0),
    "three, Q3 1e-9": (7.5, 14.0, 18.0, 22.0, TINY, 120.0),
    "three, both Q 1e-9": (7.5, 14.0, TINY, 22.0, TINY, 120.0),
    "three, both Q 1e-9, equal volumes": (7.5, 14.0, TINY, 22.0, TINY, 22.0),
    "three, both Q 1e-6, equal volumes, small central one": (100.0, 0.1, 1e-6, 1.0, 1e-6, 1.0),
    "three, both Q 1e-15, equal volumes": (100.0, 0.1, 1e-15, 1.0, 1e-15, 1.0),
    "three, CL 0, one door wide open and one nearly shut": (0.0, 0.1, 1e-9, 0.1, 100.0, 0.1),
    "three, all 1e-9": (TINY, 14.0, TINY, 22.0, TINY, 120.0),
    "three, CL and Q3 1e-9": (TINY, 14.0, 18.0, 22.0, TINY, 36.0),
    "three, CL 0 and Q3 1e-9": (0.0, 14.0, 18.0, 22.0, TINY, 36.0),
    "Butterworth's shape, half-lives of minutes and days": (4.0, 11.1, 63.0, 16.9, 18.6, 363.0),
}
BEGIN = (0.0, 0.171875, 6.0, 24.0, 24.015625, 48.0)
RATE = (21000.0, 2100.0, 1575.0, 0.0, 3150.0, 0.0)
BOLUS = (0.0, 0.0, 0.0, 5000.0, 0.0, 0.0)
TIMES = np.array([0.015625, 0.171875, 0.5, 3.0, 6.0, 23.984375, 24.0, 24.015625, 36.0, 48.0, 50.0, 72.0, 168.0, 288.0])


@pytest.mark.parametrize("row", SETS.values(), ids=SETS.keys())
def test_amounts(row: Row) -> None:
    expected = follow(BEGIN, RATE, BOLUS, [row] * len(BEGIN), TIMES)
    found = engine.amounts(engine.timeline(BEGIN, RATE, BOLUS), engine.parameters(row), TIMES)
    assert of_the_state(found, as_floats([state for state, _ in expected])) < 1e-12


@pytest.mark.parametrize("row", SETS.values(), ids=SETS.keys())
def test_area(row: Row) -> None:
    expected = follow(BEGIN, RATE, BOLUS, [row] * len(BEGIN), [288.0])[0][0].area
    found = engine.auc(engine.timeline(BEGIN, RATE, BOLUS), engine.parameters(row), 0.0, 288.0)
    assert found == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.parametrize("row", SETS.values(), ids=SETS.keys())
def test_effect_site(row: Row) -> None:
    timeline = engine.timeline(BEGIN, RATE, BOLUS)
    level = engine.concentrations(timeline, engine.parameters(row), TIMES).max()
    for speed in (7.1678515625, row[0] / row[1] or 1.0):
        expected = follow(BEGIN, RATE, BOLUS, [row] * len(BEGIN), TIMES, equilibration_per_h=speed)
        found = engine.effect_site(timeline, engine.parameters(row), TIMES, equilibration_per_h=speed)
        wanted = np.array([float(state.effect) for state, _ in expected])
        assert np.all(np.isfinite(found))
        assert np.abs(found - wanted).max() <= 1e-12 * level


@pytest.mark.parametrize("row", SETS.values(), ids=SETS.keys())
def test_peak_trough_and_half_lives_are_no_nan(row: Row) -> None:
    timeline, parameters = engine.timeline(BEGIN, RATE, BOLUS), engine.parameters(row)
    high, when = engine.peak(timeline, parameters, 0.0, 288.0)
    low, _ = engine.trough(timeline, parameters, 1.0, 288.0)
    assert np.isfinite(high) and np.isfinite(when) and np.isfinite(low)
    assert 0 <= low <= high
    assert 0 <= engine.time_above(timeline, parameters, 0.0, 288.0, 150.0) <= 288.0
    assert not np.any(np.isnan(engine.half_lives(parameters)))
    with np.errstate(divide="ignore"):
        forever = np.divide(2100.0, row[0])
    assert engine.steady_concentration(parameters, 2100.0) == pytest.approx(forever), "without clearance it only rises"


def test_all_of_them_in_one_batch() -> None:
    """A batch holds patients on both sides of every branch."""
    three = {name: row for name, row in SETS.items() if len(row) == 6}
    columns = dict(zip(engine.NAMES, np.array(list(three.values())).T, strict=True))
    batch = engine.Parameters.of(**{name: column[:, np.newaxis] for name, column in columns.items()})
    timeline = engine.timeline(BEGIN, RATE, BOLUS)
    found = engine.amounts(timeline, batch, TIMES)
    for row, of_it in zip(three.values(), found, strict=True):
        assert of_the_state(of_it, engine.amounts(timeline, engine.parameters(row), TIMES)) < 1e-13


def test_drug_in_a_compartment_that_closes_stays_put() -> None:
    """Q falls to 0 at 6 h: what is outside then is still outside at 20 h, and comes back when it opens again."""
    open_, shut = (7.5, 14.0, 18.0, 22.0, 4.0, 120.0), (7.5, 14.0, 0.0, 22.0, 0.0, 120.0)
    begin, rate, bolus = (0.0, 6.0, 20.0), (2100.0, 2100.0, 0.0), (3500.0, 0.0, 0.0)
    times = np.array([6.0, 12.0, 20.0, 21.0, 30.0])
    rows = [open_, shut, open_]
    found = engine.amounts(engine.timeline(begin, rate, bolus, [0, 1, 0]), engine.parameters(open_, shut), times)
    assert np.allclose(found[0, 1:], found[2, 1:], rtol=1e-14)
    expected = follow(begin, rate, bolus, rows, times)
    assert of_the_state(found, as_floats([state for state, _ in expected])) < 1e-12
    two = engine.amounts(engine.timeline(begin, rate, bolus, [0, 1, 0]), engine.parameters(open_[:4], shut[:4]), times)
    expected = follow(begin, rate, bolus, [row[:4] for row in rows], times)
    assert of_the_state(two, as_floats([state for state, _ in expected])) < 1e-12


SOME = st.sampled_from([0.0, TINY, 1e-6, 0.01, 1.0, 7.5, 18.0, 100.0])
SIZE = st.sampled_from([0.1, 1.0, 14.0, 14.0 * (1 + TINY), 22.0, 120.0, 400.0])


def check_a_corner(row: Row, hours: float) -> None:
    begin, rate, bolus, times = (0.0, hours), (2100.0, 0.0), (3500.0, 0.0), np.array([hours / 2, hours, 2 * hours])
    found = engine.amounts(engine.timeline(begin, rate, bolus), engine.parameters(row), times)
    expected = follow(begin, rate, bolus, [row, row], times)
    assert of_the_state(found, as_floats([state for state, _ in expected])) < 1e-12


@settings(max_examples=25)
@given(st.tuples(SOME, SIZE, SOME, SIZE, SOME, SIZE), st.sampled_from([0.015625, 1.0, 24.0, 240.0]))
def test_every_corner(row: Row, hours: float) -> None:
    check_a_corner(row, hours)


@pytest.mark.slow
@settings(max_examples=1500)
@given(st.tuples(SOME, SIZE, SOME, SIZE, SOME, SIZE), st.sampled_from([0.015625, 1.0, 24.0, 240.0]))
def test_every_corner_many_times(row: Row, hours: float) -> None:
    check_a_corner(row, hours)
