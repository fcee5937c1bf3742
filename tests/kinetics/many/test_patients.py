"""Many patients at once give what each of them gives alone by NumPy, whoever works on them and in whatever order."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inotrope.errors import KineticsError
from inotrope.kinetics import Parameters, Records, Timeline, concentrations, expand, last_carried_forward
from inotrope.kinetics.many import Many, concentrations_of_many
from tests.kinetics.many.populations import apart, populations, reference, varied
from tests.laws.kinetics.engine import NAMES, parameters
from tests.laws.kinetics.many_records import subjects
from tests.laws.kinetics.reading import as_records
from tests.laws.kinetics.test_degenerate import BEGIN, BOLUS, RATE, SETS, TIMES

ROOT = Path(__file__).parents[3]
AUTHORITIES = ROOT / "tests" / "authorities"
RATE_PER_KG = np.array([300.0, 30.0, 22.5, 45.0, 0.0])  # mcg/kg/h, README of both sets
BEGIN_H = np.array([0.0, 1 / 6, 6.0, 24.0, 48.0])
COLUMNS = {"two_compartment": ("CL", "V1", "Q", "V2"), "three_compartment": ("CL", "V1", "Q2", "V2", "Q3", "V3")}


@pytest.mark.parametrize("folder", COLUMNS)
def test_both_reference_sets_within_1e_12(folder: str) -> None:
    inputs = np.genfromtxt(AUTHORITIES / folder / "inputs.csv", delimiter=",", names=True)
    output = np.genfromtxt(AUTHORITIES / folder / "output.csv", delimiter=",", names=True)
    own = Parameters.of(
        **{name: inputs[column][:, np.newaxis] for name, column in zip(NAMES, COLUMNS[folder], strict=False)}
    )
    many = Many.of(
        Timeline.of_rates(BEGIN_H, RATE_PER_KG), own, list(output["time"].reshape(50, 200)), dose_scale=inputs["WT"]
    )
    assert np.abs(concentrations_of_many(many) / output["conc"] - 1).max() < 1e-12


@settings(max_examples=150)
@given(populations())
def test_each_patient_as_alone(population: tuple) -> None:
    timelines, own, times = population
    found = concentrations_of_many(Many.of(timelines, own, times))
    assert apart(found, reference(timelines, own, times)) < 1e-12


@settings(max_examples=100)
@given(st.lists(subjects(), min_size=1, max_size=4), st.booleans())
def test_records_with_everything_in_them(drawn: list, backward: bool) -> None:
    """Additional doses, steady states, resets and rows at records; observations read their own segments."""
    compartments = min(len(course[1][0]) for course in drawn)
    timelines, own, times, segments = [], [], [], []
    for course in drawn:
        records, rows = course[0], course[1]
        expanded = expand(as_records(records)) if backward else expand(as_records(records), rows=last_carried_forward)
        timelines.append(expanded.timeline)
        own.append(parameters(*(row[:compartments] for row in rows)))
        times.append(expanded.observed_h)
        segments.append(expanded.observed_segment)
    found = concentrations_of_many(Many.of(timelines, own, times, segments=segments))
    assert apart(found, reference(timelines, own, times, segments)) < 1e-12


@pytest.mark.parametrize("compartments", [1, 2, 3])
def test_the_degenerate_set_as_the_reference(compartments: int) -> None:
    rows = [row for row in SETS.values() if len(row) == 2 * compartments]
    own = [parameters(row) for row in rows]
    timeline = Timeline.of_rates(BEGIN, RATE, BOLUS)
    found = concentrations_of_many(Many.of([timeline] * len(rows), own, TIMES)).reshape(len(rows), -1)
    for level, mine in zip(found, own, strict=True):
        assert apart(level, concentrations(timeline, mine, TIMES)) < 1e-12


def test_a_minute_of_a_slow_compartment_keeps_its_digits() -> None:
    timeline = Timeline.of_rates([0.0, 1 / 60], [2100.0, 0.0])
    own, times = parameters((1e-9, 14.0, 1e-6, 300.0)), np.linspace(0, 1 / 30, 33)
    found = concentrations_of_many(Many.of([timeline], [own], [times]))
    np.testing.assert_allclose(found, concentrations(timeline, own, times), rtol=1e-14)


def test_a_steady_state_of_infusions_longer_than_their_interval() -> None:
    records = Records.of(
        time_h=[0, 1, 30], evid=[1, 0, 0], amount_mcg=[4000, 0, 0], rate_mcg_per_h=[400, 0, 0], interval_h=[4, 0, 0],
        additional=[5, 0, 0], steady=[1, 0, 0],
    )  # fmt: skip
    expanded = expand(records)
    own = parameters((7.5, 14.0, 18.0, 22.0))
    times = np.linspace(0, 40, 81)
    found = concentrations_of_many(Many.of([expanded.timeline] * 3, [own] * 3, times)).reshape(3, -1)
    np.testing.assert_allclose(found, [concentrations(expanded.timeline, own, times)] * 3, rtol=1e-12)


@pytest.mark.parametrize("threads", [2, 3])
def test_the_same_bits_for_any_number_of_threads(threads: int) -> None:
    many = varied(300)
    assert concentrations_of_many(many).tobytes() == concentrations_of_many(many, threads=threads).tobytes()


def test_the_same_bits_in_any_order_and_alone() -> None:
    many = varied(200)
    whole = concentrations_of_many(many)
    each = [whole[start:stop] for start, stop in zip(many.offset_time[:-1], many.offset_time[1:], strict=True)]
    order = np.random.default_rng(5).permutation(200)
    shuffled = concentrations_of_many(many.taken(order), threads=2)
    assert shuffled.tobytes() == np.concatenate([each[patient] for patient in order]).tobytes()
    for patient in (0, 7, 199):
        assert concentrations_of_many(many.taken([patient])).tobytes() == each[patient].tobytes()


def test_the_same_bits_with_times_for_all() -> None:
    times = np.sort(np.random.default_rng(2).uniform(-1, 80, 53))
    rng_many = varied(40)
    own = dataclasses.replace(
        rng_many, offset_time=np.arange(41) * times.size, time_h=np.tile(times, 40), first_time=np.empty(0, np.int64)
    )
    expected = concentrations_of_many(own).reshape(40, -1)
    found = concentrations_of_many(rng_many, times, threads=2)
    assert found.tobytes() == expected.tobytes()
    for start, stop in ((0, 1), (3, 20), (20, 53)):
        assert concentrations_of_many(rng_many, times[start:stop]).tobytes() == expected[:, start:stop].tobytes()


def test_it_writes_into_the_array_of_the_caller_and_nowhere_else() -> None:
    many = varied(30)
    room = np.full(many.time_h.size + 16, -7.0)
    out = room[8:-8]
    assert concentrations_of_many(many, out=out) is out
    assert (room[:8] == -7).all() and (room[-8:] == -7).all()
    np.testing.assert_array_equal(out, concentrations_of_many(many))


def test_long_lists_of_times_and_of_segments() -> None:
    rng = np.random.default_rng(3)
    begin = np.sort(rng.uniform(0, 500, 400))
    timeline = Timeline.of_rates(begin, rng.uniform(0, 3000, 400))
    own, times = parameters((7.5, 14.0, 18.0, 22.0)), np.sort(rng.uniform(-5, 520, 5_000))
    found = concentrations_of_many(Many.of([timeline], [own], [times]))
    assert apart(found, concentrations(timeline, own, times)) < 1e-12


def test_no_patient_and_no_time() -> None:
    many = varied(3)
    assert concentrations_of_many(many.taken([])).size == 0
    assert concentrations_of_many(many, []).shape == (3, 0)


def changed(**columns: object) -> Many:
    return dataclasses.replace(varied(4), **columns)


@pytest.mark.parametrize(
    ("columns", "where"),
    [
        ({"offset_segment": [0, 2]}, "offset"),
        ({"offset_segment": [0, 2, 1, 3, 4]}, "offset_segment"),
        ({"begin_h": [0.0]}, "rate_mcg_per_h"),
        ({"parameters": np.ones((8, 3))}, "parameters"),
        ({"parameters": np.zeros((8, 4))}, "parameters"),
        ({"cycles": np.ones((1, 4)), "cycle_add": [False], "cycle_row": [9]}, "cycle_row"),
        ({"cycles": [[0.0, 0.0, 0.0, 5.0]], "cycle_add": [False], "cycle_row": [0]}, "cycles"),
    ],
)
def test_what_means_nothing_is_refused_by_name(columns: dict, where: str) -> None:
    with pytest.raises(KineticsError) as caught:
        changed(**columns)
    assert where in str(caught.value.where)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("row", 99),
        ("row", -1),
        ("steady", 0),
        ("begin_h", np.nan),
        ("begin_h", -1e9),
        ("rate_mcg_per_h", -1.0),
        ("bolus_mcg", np.inf),
        ("time_h", np.nan),
        ("time_h", 1e9),
    ],
)
def test_one_wrong_number_is_found(name: str, value: float) -> None:
    """A number that machine code would follow to a wrong place in memory, or silently compute with."""
    many = varied(4)
    # Early in a patient with several segments or times, so that what follows is before it, or it before what was.
    offset = many.offset_time if name == "time_h" else many.offset_segment
    patient = int(np.argmax(np.diff(offset)))
    place = int(offset[patient]) + (1 if name == "begin_h" else 0)
    column = getattr(many, name).copy()
    column[place] = value
    with pytest.raises(KineticsError) as caught:
        dataclasses.replace(many, **{name: column})
    assert str(caught.value.where).startswith(f"{name}[{place + (1 if value == 1e9 else 0)}]")


def test_segments_that_do_not_fit_the_times_are_refused() -> None:
    timeline, own = Timeline.of_rates([0.0, 5.0], [100.0, 0.0]), parameters((7.5, 14.0))
    assert Many.of([timeline], [own], [[1.0, 5.0, 6.0]], segments=[[0, 0, 1]]).first_time.tolist() == [0, 2]
    for segment in ([0, 1], [0, 0, 2], [1, 0, 1], [1, 1, 1]):
        with pytest.raises(KineticsError):
            Many.of([timeline], [own], [[1.0, 5.0, 6.0]], segments=[segment])


def test_patients_taken_in_another_order_read_their_own_segments() -> None:
    timeline, rows = Timeline.of_rates([0.0, 5.0], [100.0, 0.0]), [parameters((7.5, 14.0)), parameters((3.0, 20.0))]
    times, segments = [[1.0, 5.0, 6.0], [5.0, 5.0]], [[0, 0, 1], [0, 1]]
    many = Many.of([timeline] * 2, rows, times, segments=segments)
    turned = Many.of([timeline] * 2, rows[::-1], times[::-1], segments=segments[::-1])
    assert many.taken([1, 0]).first_time.tolist() == turned.first_time.tolist()
    assert concentrations_of_many(many.taken([1, 0])).tobytes() == concentrations_of_many(turned).tobytes()


def test_what_cannot_be_laid_end_to_end_is_refused() -> None:
    timeline, one, two = Timeline.of_rates([0.0], [100.0]), parameters((7.5, 14.0)), parameters((7.5, 14.0, 18.0, 22.0))
    with pytest.raises(KineticsError, match="3 timelines"):
        Many.of([timeline] * 3, [one] * 2)
    with pytest.raises(KineticsError, match="lists of times"):
        Many.of(timeline, [one] * 2, [[1.0]])
    with pytest.raises(KineticsError, match="compartments"):
        Many.of(timeline, [one, two])
    with pytest.raises(KineticsError, match="complex"):
        Many.of(timeline, Parameters.of(clearance_l_per_h=7.5 + 1e-30j, volume_l=14.0))
    with pytest.raises(KineticsError, match="row '3'"):
        Many.of(Timeline.of_rates([0.0], [1.0], row=3), [parameters((7.5, 14.0), (7.5, 15.0))])
    steady = expand(Records.of(time_h=[0], evid=1, amount_mcg=9, interval_h=8, steady=1)).timeline
    with pytest.raises(KineticsError, match="clearance"):
        Many.of(steady, [parameters((0.0, 14.0))])


def test_a_buffer_that_does_not_fit_and_no_thread_are_refused() -> None:
    many = varied(3)
    for out in (
        np.empty(many.time_h.size + 1),
        np.empty(many.time_h.size, np.float32),
        np.empty(2 * many.time_h.size)[::2],
    ):
        with pytest.raises(KineticsError):
            concentrations_of_many(many, out=out)
    with pytest.raises(KineticsError):
        concentrations_of_many(many, threads=0)
    for times in ([1.0, np.nan], [2.0, 1.0]):
        with pytest.raises(KineticsError):
            concentrations_of_many(many, times)


def test_one_patient_never_waits_for_numba() -> None:
    program = (
        "import sys, inotrope, inotrope.kinetics\n"
        "from inotrope.kinetics import Parameters, Timeline, concentrations, auc, peak, effect_site\n"
        "own = Parameters.of(clearance_l_per_h=7.5, volume_l=14.0)\n"
        "timeline = Timeline.of_rates([0.0], [100.0])\n"
        "concentrations(timeline, own, [1.0]), auc(timeline, own, 0, 1), peak(timeline, own, 0, 1)\n"
        "assert not {'numba', 'llvmlite', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)
