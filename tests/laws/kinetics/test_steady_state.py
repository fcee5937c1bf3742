"""Steady state is where very many equal doses lead: the geometric sum against doses given one by one, to 1e-12."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.kinetics import engine
from tests.laws.kinetics.exact import Exact, as_floats, of_the_state, steady
from tests.laws.kinetics.reading import Record, as_records
from tests.laws.kinetics.regimens import Row, any_row, between

ROWS = {"one": (9.8, 31.5), "two": (7.5, 14.0, 18.0, 22.0), "three": (7.5, 14.0, 18.0, 22.0, 4.0, 60.0)}
# Amount mcg, rate mcg/h (0: a bolus), interval h: shorter than the interval, as long, longer, several times as long.
CYCLES = {
    "bolus": (3500.0, 0.0, 8.0),
    "10 min of 8 h": (3500.0, 21000.0, 8.0),
    "7.5 h of 8 h": (3750.0, 500.0, 8.0),
    "all 8 h of 8 h": (4000.0, 500.0, 8.0),
    "9 h, every 8 h": (4500.0, 500.0, 8.0),
    "16 h, every 8 h": (8000.0, 500.0, 8.0),
    "37 h, every 8 h": (18500.0, 500.0, 8.0),
}
AFTER = np.array([0.0, 0.125, 0.25, 1.0, 4.0, 7.4375, 7.5, 7.75, 8.0, 9.0, 16.0, 30.0, 37.0, 60.0])


def after_the_dose(records: list[Record], row: Row, times: np.ndarray) -> np.ndarray:
    expanded = engine.expand(as_records(records), rows=engine.constant)
    return engine.amounts(expanded.timeline, engine.parameters(row), times)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
@pytest.mark.parametrize("cycle", CYCLES.values(), ids=CYCLES.keys())
def test_many_doses_one_by_one(cycle: tuple[float, float, float], row: Row) -> None:
    """200 doses: the slowest half-life here is below 20 h, so that 1,600 h leave nothing of where they began."""
    amount, rate, interval = cycle
    count = 200
    last = count * interval
    one_by_one = [Record(time=k * interval, evid=1, amount=amount, rate=rate) for k in range(count + 1)]
    additional = [Record(0.0, evid=1, amount=amount, rate=rate, interval=interval, additional=count)]
    steady_state = [Record(last, evid=1, amount=amount, rate=rate, interval=interval, steady=1)]
    found = after_the_dose(steady_state, row, last + AFTER)
    assert of_the_state(found, after_the_dose(one_by_one, row, last + AFTER)) < 1e-12
    assert of_the_state(found, after_the_dose(additional, row, last + AFTER)) < 1e-12


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
@pytest.mark.parametrize("cycle", CYCLES.values(), ids=CYCLES.keys())
def test_the_matrix_exponential_of_very_many_cycles(cycle: tuple[float, float, float], row: Row) -> None:
    amount, rate, interval = cycle
    before = steady(row, rate=rate, duration=amount / rate if rate else 0, interval=interval, amount=amount)
    if not rate:
        before[0] += amount
    records = [Record(5.0, evid=1, amount=amount, rate=rate, interval=interval, steady=1)]
    found = after_the_dose(records, row, np.array([5.0]))
    assert of_the_state(found, np.array([[float(part) for part in before]])) < 1e-12


def check_any_cycle(row: Row, amount: float, interval: float, share: float) -> None:
    """`share` of the interval that an infusion takes; 0 is a bolus."""
    rate = amount / (share * interval) if share else 0.0
    before = Exact(len(row) // 2).add(
        steady(row, rate=rate, duration=amount / rate if rate else 0, interval=interval, amount=amount)
    )
    expected = before if rate else before.add([amount])
    records = [Record(0.0, evid=1, amount=amount, rate=rate, interval=interval, steady=1)]
    assert of_the_state(after_the_dose(records, row, np.array([0.0])), as_floats([expected])) < 1e-12


SHARE = st.one_of(st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0]), st.floats(0.01, 4.5))


@settings(max_examples=15)
@given(any_row(), between(10, 20000), between(0.25, 48), SHARE)
def test_any_cycle(row: Row, amount: float, interval: float, share: float) -> None:
    check_any_cycle(row, amount, interval, share)


@pytest.mark.slow
@settings(max_examples=300)
@given(any_row(), between(10, 20000), between(0.25, 48), SHARE)
def test_any_cycle_many_times(row: Row, amount: float, interval: float, share: float) -> None:
    check_any_cycle(row, amount, interval, share)


@given(any_row(), between(10, 20000), between(0.5, 48), SHARE)
def test_the_next_cycle_is_the_same(row: Row, amount: float, interval: float, share: float) -> None:
    """Steady: with one more dose the state returns after the interval."""
    rate = amount / (share * interval) if share else 0.0
    records = [Record(0.0, evid=1, amount=amount, rate=rate, interval=interval, steady=1, additional=1)]
    now, next_ = after_the_dose(records, row, np.array([0.0, interval]))
    assert of_the_state(next_[np.newaxis], now[np.newaxis]) < 1e-11, "the interval is rounded in the sum of times"


@given(any_row(), between(10, 20000), between(0.5, 48), SHARE)
def test_the_mean_over_a_cycle_is_that_of_a_constant_infusion(
    row: Row, amount: float, interval: float, share: float
) -> None:
    """The area of one interval is dose / CL."""
    rate = amount / (share * interval) if share else 0.0
    records = [Record(0.0, evid=1, amount=amount, rate=rate, interval=interval, steady=1)]
    timeline = engine.expand(as_records(records), rows=engine.constant).timeline
    area = engine.auc(timeline, engine.parameters(row), 0.0, interval)
    assert area == pytest.approx(amount / row[0], rel=1e-11)


@given(any_row(), between(1, 10000))
def test_a_constant_infusion_from_the_far_past_ends_at_its_record(row: Row, rate: float) -> None:
    """SS = 1, AMT = 0, II = 0 (NONMEM help, `ss dose`): level rate / CL, every outer compartment in balance."""
    records = [Record(3.0, evid=1, rate=rate, steady=1)]
    timeline = engine.expand(as_records(records), rows=engine.constant).timeline
    parameters = engine.parameters(row)
    found = engine.amounts(timeline, parameters, np.array([3.0]))[0]
    level = rate / row[0]
    assert found == pytest.approx([level * volume for volume in row[1::2]], rel=1e-12)
    assert engine.steady_concentration(parameters, rate) == pytest.approx(level, rel=1e-14)
    later = engine.amounts(timeline, parameters, np.array([3.0, 4.0, 10.0])).sum(axis=-1)
    assert later[0] > later[1] > later[2], "nothing runs any more"


@given(any_row(), between(1, 10000), st.integers(1, 64 * 30))
def test_a_constant_infusion_that_goes_on_stays_where_it_is(row: Row, rate: float, ticks: int) -> None:
    """Steady-state record, then an ordinary infusion of the same rate at the same time."""
    records = [
        Record(1.0, evid=1, rate=rate, steady=1),
        Record(1.0, evid=1, amount=40 * rate, rate=rate),
    ]
    found = after_the_dose(records, row, 1.0 + np.array([0.0, ticks / 64]))
    assert of_the_state(found[1:], found[:1]) < 1e-12


@given(any_row(), between(10, 5000), between(10, 5000))
def test_a_second_steady_state_adds(row: Row, morning: float, evening: float) -> None:
    """SS = 2, the way NONMEM's guide gives it: 8 and 20 o'clock each day is the sum of two daily steady states."""
    both = [
        Record(8.0, evid=1, amount=morning, interval=24.0, steady=1),
        Record(20.0, evid=1, amount=evening, interval=24.0, steady=2),
    ]
    times = np.array([20.0, 24.0, 31.5])
    apart = [
        after_the_dose([Record(8.0, evid=1, amount=morning, interval=24.0, steady=1)], row, times),
        after_the_dose([Record(20.0, evid=1, amount=evening, interval=24.0, steady=1)], row, times),
    ]
    assert of_the_state(after_the_dose(both, row, times), sum(apart)) < 1e-12


@given(any_row(), between(10, 5000), st.sampled_from([0.25, 1.0, 2.75]))
def test_steady_state_forgets_what_was_before(row: Row, amount: float, share: float) -> None:
    """SS = 1 ends what runs, cancels what was to come and sets the amounts anew."""
    cycle = Record(12.0, evid=1, amount=amount, rate=amount / (share * 8.0), interval=8.0, steady=1)
    before = [
        Record(0.0, evid=1, amount=700.0),
        Record(1.0, evid=1, amount=90000.0, rate=900.0),
        Record(2.0, evid=1, amount=500.0, rate=100.0, interval=7.0, additional=5),
    ]
    times = np.array([12.0, 13.0, 16.5, 40.0])
    alone = after_the_dose([cycle], row, times)
    assert of_the_state(after_the_dose([*before, cycle], row, times), alone) < 1e-12


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_the_effect_site_is_steady_too(row: Row) -> None:
    """After 200 ordinary doses of the same kind the effect site stands where the steady-state record puts it."""
    amount, interval, count = 3500.0, 8.0, 200
    last = count * interval
    times = last + AFTER
    found = []
    for records in (
        [Record(last, evid=1, amount=amount, rate=7000.0, interval=interval, steady=1)],
        [Record(0.0, evid=1, amount=amount, rate=7000.0, interval=interval, additional=count)],
    ):
        timeline = engine.expand(as_records(records), rows=engine.constant).timeline
        found.append(engine.effect_site(timeline, engine.parameters(row), times, equilibration_per_h=4.0))
    assert np.allclose(*found, rtol=1e-12, atol=1e-12 * found[0].max())


def test_complex_step_through_the_steady_state() -> None:
    """One compartment, bolus D every 8 h, just after the dose: D / (1 - x), x = exp(-8 CL / V).

    d/dCL = -D (8 / V) x / (1 - x)^2.
    """
    records = [Record(0.0, evid=1, amount=3500.0, interval=8.0, steady=1)]
    timeline = engine.expand(as_records(records), rows=engine.constant).timeline
    found = engine.amounts(timeline, engine.parameters((9.8 + 1e-30j, 31.5)), np.array([0.0]))[0, 0]
    left = np.exp(-8 * 9.8 / 31.5)
    assert found.real == pytest.approx(3500 / (1 - left), rel=1e-13)
    assert found.imag / 1e-30 == pytest.approx(-3500 * (8 / 31.5) * left / (1 - left) ** 2, rel=1e-12)


@pytest.mark.parametrize("row", [(0.0, 14.0), (0.0, 14.0, 18.0, 22.0)], ids=["one", "two"])
@pytest.mark.parametrize("rate", [0.0, 500.0], ids=["bolus", "infusion"])
def test_there_is_no_steady_state_without_clearance(row: Row, rate: float) -> None:
    """Amounts grow for ever: infinite or refused, and never a finite number."""
    records = [Record(0.0, evid=1, amount=3500.0, rate=rate, interval=8.0, steady=1)]
    timeline = engine.expand(as_records(records), rows=engine.constant).timeline
    try:
        with np.errstate(all="ignore"):
            found = engine.amounts(timeline, engine.parameters(row), np.array([1.0]))
    except ValueError:
        return
    assert not np.any(np.isfinite(found))
