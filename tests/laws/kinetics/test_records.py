"""Records against a second reading of them, followed by the matrix exponential (1e-12) and by scipy (1e-9).

What breaks engines is the meeting of things: the end of an infusion, a change of parameters, a steady state, additional
doses, a reset. The generator mixes them; the cases below name the known meetings one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from tests.laws.kinetics import engine
from tests.laws.kinetics.exact import Exact, of_the_state, steady
from tests.laws.kinetics.many_records import subjects
from tests.laws.kinetics.reading import Record, Walk, as_records
from tests.laws.kinetics.regimens import Row

TWO: Row = (7.5, 14.0, 18.0, 22.0)
AKI: Row = (2.5, 16.0, 18.0, 22.0)
THREE: Row = (7.5, 14.0, 18.0, 22.0, 4.0, 120.0)
OTHER: Row = (3.0, 11.0, 25.0, 15.0, 2.0, 150.0)


class Integrated:
    """A state that scipy moves on."""

    solver = "DOP853"

    def __init__(self, amounts: np.ndarray) -> None:
        self.amounts = amounts

    def advance(self, row: Row, rate: float, hours: float) -> Integrated:
        if hours <= 0:
            return self
        cl, v1, outer = row[0], row[1], list(zip(row[2::2], row[3::2], strict=True))

        def slope(_: float, a: np.ndarray) -> np.ndarray:
            change = np.empty_like(a)
            change[0] = rate - cl / v1 * a[0]
            for index, (flow, size) in enumerate(outer, start=1):
                moved = flow / v1 * a[0] - flow / size * a[index]
                change[0] -= moved
                change[index] = moved
            return change

        found = solve_ivp(slope, (0.0, hours), self.amounts, method=self.solver, rtol=1e-12, atol=1e-13)
        assert found.success
        return type(self)(found.y[:, -1])

    def add(self, amounts: Sequence[Any]) -> Integrated:
        more = np.zeros_like(self.amounts)
        more[: len(amounts)] = [float(amount) for amount in amounts]
        return type(self)(self.amounts + more)

    def emptied(self) -> Integrated:
        return type(self)(np.zeros_like(self.amounts))


class ByLsoda(Integrated):
    """The other family: multistep, with its own choice between stiff and non-stiff."""

    solver = "LSODA"


def walked(records: list[Record], rows: list[Row], backward: bool, empty: Any) -> Walk:
    return Walk(records, rows, backward, empty, steady).go()


def floats(state: Any) -> list[float]:
    return [float(amount) for amount in state.amounts]


def check(records: list[Record], rows: list[Row], backward: bool, empty: Any, hair: float) -> None:
    floor = 1e-6 if isinstance(empty, Exact) else 1e-2  # an integrator is as good as its tolerance of the largest state
    walk = walked(records, rows, backward, empty)
    rule = engine.next_carried_backward if backward else engine.last_carried_forward
    expanded = engine.expand(as_records(records), rows=rule)
    parameters = engine.parameters(*rows)
    assert list(expanded.observed_h) == [records[number].time for number, _ in walk.seen]
    found = engine.amounts(expanded.timeline, parameters, expanded.observed_h, expanded.observed_segment)
    wanted = np.array([floats(state) for _, state in walk.seen])
    # Between the records and beyond the last one, a little off the grid so that no time is a boundary.
    begin = np.array([piece.begin for piece in walk.pieces])
    times = np.concatenate([begin + 2**-13, begin + 0.5 + 2**-13, [begin[-1] + 3.0 + 2**-13]])
    dense = engine.amounts(expanded.timeline, parameters, times)
    also = np.array([floats(walk.at(time)) for time in times])
    if wanted.size:
        assert of_the_state(np.concatenate([found, dense]), np.concatenate([wanted, also]), floor) < hair
    else:
        assert of_the_state(dense, also, floor) < hair


def nothing(compartments: int, kind: type[Integrated] = Integrated) -> Integrated:
    return kind(np.zeros(compartments))


CASES: dict[str, list[Record]] = {
    "a parameter changes inside an infusion": [
        Record(0.0, 1, 12600.0, 2100.0),
        Record(3.0),
        Record(5.0, 2),
        Record(6.5),
        Record(9.0),
    ],
    "two infusions overlap, one ends inside the other": [
        Record(0.0, 1, 12600.0, 2100.0),
        Record(2.0, 1, 1500.0, 500.0),
        Record(4.5),
        Record(5.5),
        Record(8.0),
    ],
    "an infusion ends at a record": [Record(0.0, 1, 8400.0, 2100.0), Record(4.0), Record(4.0, 2), Record(6.0)],
    "a pause": [
        Record(0.0, 1, 3500.0, 21000.0),
        Record(0.171875, 1, 2100.0, 700.0),
        Record(5.0),
        Record(8.0, 1, 2100.0, 700.0),
        Record(10.0),
        Record(14.0),
    ],
    "additional infusions longer than their interval": [
        Record(0.0, 1, 5000.0, 500.0, 6.0009765625, 4),
        Record(7.0),
        Record(13.0),
        Record(40.0),
    ],
    "additional doses over records that bring parameters": [
        Record(0.0, 1, 1000.0, 0.0, 5.0009765625, 5),
        Record(2.0),
        Record(7.0, 2),
        Record(12.0),
        Record(13.0),
        Record(31.0),
    ],
    "a steady state, then additional doses": [
        Record(0.0, 1, 1000.0, 500.0, 8.0009765625, 3, 1),
        Record(1.0),
        Record(9.0),
        Record(30.0),
    ],
    "a steady state whose infusion is longer than its interval, parameters changing after": [
        Record(0.0, 1, 9000.0, 500.0, 8.0, 0, 1),
        Record(1.0),
        Record(9.0),
        Record(11.0),
        Record(17.0),
        Record(20.0),
    ],
    "a steady state on top of what runs": [
        Record(0.0, 1, 12600.0, 700.0, 20.0009765625, 2),
        Record(5.0, 1, 6000.0, 500.0, 8.0, 0, 2),
        Record(9.0),
        Record(30.0),
        Record(70.0),
    ],
    "a steady state cancels what runs and what was to come": [
        Record(0.0, 1, 12600.0, 700.0, 20.0009765625, 2),
        Record(5.0, 1, 600.0, 0.0, 8.0, 0, 1),
        Record(9.0),
        Record(30.0),
        Record(70.0),
    ],
    "a constant infusion from the far past": [Record(2.0, 1, 0.0, 500.0, 0.0, 0, 1), Record(2.0), Record(8.0)],
    "a reset inside an infusion with additional doses to come": [
        Record(0.0, 1, 8400.0, 700.0, 24.0009765625, 3),
        Record(5.0),
        Record(6.0, 3),
        Record(6.0),
        Record(7.0),
        Record(30.0),
    ],
    "a reset and a dose at once": [
        Record(0.0, 1, 8400.0, 700.0, 24.0009765625, 3),
        Record(6.0),
        Record(6.0, 4, 3000.0, 0.0, 9.0009765625, 1),
        Record(6.0),
        Record(10.0),
        Record(40.0),
    ],
    "a reset and a steady state at once": [
        Record(0.0, 1, 8400.0, 700.0),
        Record(6.0, 4, 3000.0, 500.0, 4.0, 2, 1),
        Record(7.0),
        Record(20.0),
    ],
    "observed before and after a bolus of the same time": [
        Record(0.0, 1, 1000.0),
        Record(4.0),
        Record(4.0, 1, 1000.0),
        Record(4.0),
        Record(5.0),
    ],
    "three doses at one time": [
        Record(1.0),
        Record(1.0, 1, 1000.0),
        Record(1.0, 1, 500.0, 250.0),
        Record(1.0, 1, 300.0, 100.0),
        Record(1.0),
        Record(2.5),
        Record(5.0),
    ],
}
PAIRS = {"two": (TWO, AKI), "three": (THREE, OTHER)}


def alternating(records: list[Record], pair: tuple[Row, Row]) -> list[Row]:
    return [pair[index % 2] for index in range(len(records))]


@pytest.mark.parametrize("backward", [True, False], ids=["next carried backward", "last carried forward"])
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())
@pytest.mark.parametrize("records", CASES.values(), ids=CASES.keys())
def test_meetings_by_the_matrix_exponential(records: list[Record], pair: tuple[Row, Row], backward: bool) -> None:
    check(records, alternating(records, pair), backward, Exact(len(pair[0]) // 2), 1e-12)


@pytest.mark.parametrize("backward", [True, False], ids=["next carried backward", "last carried forward"])
@pytest.mark.parametrize("solver", [Integrated, ByLsoda], ids=["DOP853", "LSODA"])
@pytest.mark.parametrize("records", CASES.values(), ids=CASES.keys())
def test_meetings_by_integration(records: list[Record], solver: type[Integrated], backward: bool) -> None:
    check(records, alternating(records, PAIRS["two"]), backward, nothing(2, solver), 1e-9)


@settings(max_examples=10)
@given(subjects(), st.booleans())
def test_any_records_by_the_matrix_exponential(subject: tuple[list[Record], list[Row]], backward: bool) -> None:
    records, rows = subject
    check(records, rows, backward, Exact(len(rows[0]) // 2), 1e-12)


@settings(max_examples=25)
@given(subjects(), st.booleans())
def test_any_records_by_integration(subject: tuple[list[Record], list[Row]], backward: bool) -> None:
    records, rows = subject
    check(records, rows, backward, nothing(len(rows[0]) // 2), 1e-9)


@pytest.mark.slow
@settings(max_examples=300)
@given(subjects(15), st.booleans())
def test_any_records_by_the_matrix_exponential_many_times(
    subject: tuple[list[Record], list[Row]], backward: bool
) -> None:
    records, rows = subject
    check(records, rows, backward, Exact(len(rows[0]) // 2), 1e-12)


@pytest.mark.slow
@settings(max_examples=500)
@given(subjects(15), st.booleans(), st.sampled_from([Integrated, ByLsoda]))
def test_any_records_by_integration_many_times(
    subject: tuple[list[Record], list[Row]], backward: bool, solver: type[Integrated]
) -> None:
    records, rows = subject
    check(records, rows, backward, nothing(len(rows[0]) // 2, solver), 1e-9)


@pytest.mark.parametrize("backward", [True, False])
def test_the_row_of_each_piece_by_hand(backward: bool) -> None:
    """One compartment, records at 0, 3, 5, 8 h with CL 1, 2, 3, 4 L/h, V 10 L; 1000 mcg at 0 h.

    Next carried backward: 0-3 h by record 2, 3-5 h by record 3, 5-8 h by record 4: 2 x 3 + 3 x 2 + 4 x 3 = 24 L.
    Last carried forward: 0-3 h by record 1, 3-5 h by record 2, 5-8 h by record 3: 1 x 3 + 2 x 2 + 3 x 3 = 16 L.
    A = 1000 exp(-24/10) or 1000 exp(-16/10).
    """
    records = [Record(0.0, 1, 1000.0), Record(3.0), Record(5.0, 2), Record(8.0)]
    rule = engine.next_carried_backward if backward else engine.last_carried_forward
    expanded = engine.expand(as_records(records), rows=rule)
    parameters = engine.parameters((1.0, 10.0), (2.0, 10.0), (3.0, 10.0), (4.0, 10.0))
    found = engine.amounts(expanded.timeline, parameters, expanded.observed_h, expanded.observed_segment)
    assert found[-1, 0] == pytest.approx(1000 * np.exp(-2.4 if backward else -1.6), rel=1e-14)


def test_an_observation_is_read_in_the_volume_of_its_own_record() -> None:
    """Next carried backward, as in NONMEM: 1000 mcg stay, and the records say V is 10, 20, 40, 80 L."""
    records = [Record(0.0, 1, 1000.0), Record(0.0), Record(3.0), Record(8.0)]
    expanded = engine.expand(as_records(records), rows=engine.next_carried_backward)
    parameters = engine.parameters((0.0, 10.0), (0.0, 20.0), (0.0, 40.0), (0.0, 80.0))
    found = engine.concentrations(expanded.timeline, parameters, expanded.observed_h, expanded.observed_segment)
    assert found[1:] == pytest.approx([25.0, 12.5], rel=1e-14)


def test_constant_takes_the_first_row_throughout() -> None:
    records = [Record(0.0, 1, 1000.0), Record(3.0), Record(8.0)]
    expanded = engine.expand(as_records(records), rows=engine.constant)
    assert set(np.asarray(expanded.timeline.row)) == {0}


@given(subjects())
def test_equal_rows_make_the_rules_equal(subject: tuple[list[Record], list[Row]]) -> None:
    records, rows = subject
    same = engine.parameters(*([rows[0]] * len(rows)))
    answers = []
    for rule in (engine.next_carried_backward, engine.last_carried_forward, engine.constant):
        expanded = engine.expand(as_records(records), rows=rule)
        answers.append(engine.amounts(expanded.timeline, same, expanded.observed_h, expanded.observed_segment))
    hair = 1e-13 * float(np.abs(answers[0]).max(initial=0.0))  # they cut time at other places, so roundings differ
    assert answers[1] == pytest.approx(answers[0], rel=1e-13, abs=hair)
    assert answers[2] == pytest.approx(answers[0], rel=1e-13, abs=hair)


@given(subjects(), st.data())
def test_one_more_observation_changes_no_other(subject: tuple[list[Record], list[Row]], data: st.DataObject) -> None:
    """With parameters that do not change, looking does not disturb."""
    records, rows = subject
    place = data.draw(st.integers(1, len(records) - 1))
    more = [*records[:place], Record(records[place].time), *records[place:]]
    answers = []
    for these in (records, more):
        expanded = engine.expand(as_records(these), rows=engine.constant)
        answers.append(
            engine.amounts(
                expanded.timeline, engine.parameters(rows[0]), expanded.observed_h, expanded.observed_segment
            )
        )
    number = sum(record.evid in (0, 2) for record in records[:place])
    assert of_the_state(np.delete(answers[1], number, axis=0), answers[0]) < 1e-12


def test_infusions_boluses_and_their_joining() -> None:
    """Built by start, end and rate: what a chart holds. Merged by time, the same as written in one list."""
    infusions = engine.Records.infusions(
        start_h=np.array([0.0, 0.25]), end_h=np.array([0.25, 6.0]), rate_mcg_per_h=np.array([14000.0, 2100.0])
    )
    boluses = engine.Records.boluses(time_h=np.array([3.0]), amount_mcg=np.array([500.0]))
    joined = engine.Records.joined(infusions, boluses)
    written = [Record(0.0, 1, 3500.0, 14000.0), Record(0.25, 1, 12075.0, 2100.0), Record(3.0, 1, 500.0)]
    times = np.array([0.1, 0.25, 1.0, 3.0, 5.0, 6.0, 9.0])
    answers = [
        engine.amounts(engine.expand(these, rows=engine.constant).timeline, engine.parameters(TWO), times)
        for these in (joined, as_records(written))
    ]
    assert of_the_state(*answers) < 1e-12
    assert list(joined.time_h) == [0.0, 0.25, 3.0]
