"""Which readings of a case count, at which moments, and every change between them that forbids to learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inotrope import Case, read_case
from inotrope.estimation.response import BedsideOfCase, bedside_of_case
from tests.estimation.response.bedsides import CVP, HEART_RATE, LEFT, MAP, OUTPUT, shipped

NOW = "2026-11-22T12:00:00+01:00"
START, ON = "08:00", "10:00"
BEFORE = [("heart rate", "90 1/min", "07:30"), ("MAP", "80 mmHg", "07:45")]
AFTER = [("heart rate", "94 1/min", ON), ("MAP", "76 mmHg", ON)]
MILRINONE = {"of": "milrinone", "start": f"2026-11-22T{START}:00+01:00", "rate": "0.375 mcg/kg/min"}


def at(clock: str) -> str:
    return f"2026-11-22T{clock}:00+01:00"


def given(of: str, start: str, **more: str) -> dict[str, str]:
    times = {key: at(value) if key == "end" else value for key, value in more.items()}
    return {"of": of, "start": at(start), **times}


def bedside(read: list[tuple[str, str, str]] | None = None, *, other: Any = (), **changes: Any) -> BedsideOfCase:
    chosen = [*BEFORE, *AFTER] if read is None else read
    return bedside_of_case(case(chosen, other=other, **changes), shipped().readings)


def case(read: list[tuple[str, str, str]], *, other: Any = (), **changes: Any) -> Case:
    table: dict[str, Any] = {
        "drug": "milrinone",
        "indication": "acute decompensated heart failure",
        "now": NOW,
        "patient": {"born": "1958-03-02", "sex": "male", "weight": "80 kg", "height": "180 cm"},
        "measurements": [
            {"what": what, "value": value, "at": moment if "T" in moment else at(moment)}
            for what, value, moment in read
        ],
        "medicines": [],
        "administrations": [MILRINONE, *other],
        "support": [],
        "events": [],
    }
    return read_case({key: value for key, value in {**table, **changes}.items() if value is not ...})


def test_readings_before_and_on_the_drug() -> None:
    found = bedside()
    assert found.refusals == () and found.left_out == ()
    assert [(item.kind, item.value, item.before) for item in found.used] == [
        (HEART_RATE, 90.0, True),
        (MAP, 80.0, True),
        (HEART_RATE, 94.0, False),
        (MAP, 76.0, False),
    ]
    assert found.hours == (None, -2.0)
    arrays = found.arrays(shipped().readings)
    assert arrays.moments.tolist() == [0, 0, 1, 1] and arrays.on_drug.tolist() == [False, True]
    assert arrays.values.tolist() == [np.log(90), 80, np.log(94), 76]


def test_only_on_the_drug_and_no_drug_at_all() -> None:
    latent = bedside(AFTER)
    assert latent.hours == (-2.0,) and latent.arrays(shipped().readings).on_drug.tolist() == [True]
    never = bedside([("MAP", "80 mmHg", "11:00")], administrations=[])
    assert never.hours == (None,) and never.used[0].before
    pause = bedside([("MAP", "80 mmHg", "11:00")], administrations=[{**MILRINONE, "rate": "0 mcg/kg/min"}])
    assert pause.hours == (None,)
    nothing = bedside([])
    assert nothing.used == () and nothing.hours == () and nothing.refusals == ()


def test_a_load_counts_as_the_drug() -> None:
    load = {"of": "milrinone", "start": at("07:40"), "end": at("07:50"), "dose": "50 mcg/kg"}
    found = bedside([*BEFORE, *AFTER], other=[load])
    assert [item.before for item in found.used] == [True, False, False, False]
    assert found.hours == (None, -4.25, -2.0)


def test_old_readings_before_the_drug_do_not_count_but_an_echo_does() -> None:
    found = bedside([("MAP", "80 mmHg", "03:59"), ("LVEF", "22 %", "2026-11-19T09:00:00+01:00"), *AFTER])
    assert [item.kind for item in found.used] == [LEFT, HEART_RATE, MAP]
    assert found.used[0].value == pytest.approx(0.22)
    assert len(found.left_out) == 1 and "more than 4 h before" in found.left_out[0]
    newest = bedside([("MAP", "80 mmHg", "07:00"), ("MAP", "70 mmHg", "07:50")])
    assert [item.value for item in newest.used] == [70.0]


def test_a_chart_is_thinned_from_the_newest_back() -> None:
    chart = [("MAP", f"{70 + place} mmHg", f"11:{place * 10:02d}") for place in range(6)]
    assert [item.value for item in bedside(chart).used] == [72.0, 75.0]


def test_an_index_stands_for_the_output_where_there_is_none() -> None:
    """The surface is sqrt(180 x 80 / 3600) = 2 m2."""
    found = bedside([("CI", "1.9 L/min/m2", "07:00"), ("CI", "2.5 L/min/m2", ON), ("CO", "5.1 L/min", ON)])
    assert [(item.kind, item.value) for item in found.used] == [(OUTPUT, 3.8), (OUTPUT, 5.1)]
    small = {"born": "1958-03-02", "sex": "male", "weight": "80 kg"}
    without = bedside([("CI", "1.9 L/min/m2", "07:00")], patient=small)
    assert without.used == () and "without a height" in without.left_out[0]


def test_a_pressure_of_zero_is_left_out() -> None:
    found = bedside([("CVP", "0 mmHg", ON), *AFTER])
    assert CVP not in [item.kind for item in found.used] and "not above zero" in found.left_out[0]


def test_no_history_and_pressures_that_contradict_each_other_are_refused() -> None:
    (first,) = bedside(administrations=...).refusals
    assert first.id == "dose-history-incomplete"
    (second,) = bedside([AFTER[0], ("MAP", "45 mmHg", ON), ("CVP", "45 mmHg", ON)]).refusals
    assert second.id == "conflicting-data"
    assert "mean arterial pressure '45 mmHg' and central venous pressure '45 mmHg'" in second.says
    (third,) = bedside([("mPAP", "20 mmHg", ON), ("PCWP", "25 mmHg", ON)]).refusals
    assert "wedge pressure '25 mmHg'" in third.says
    assert bedside([("mPAP", "20 mmHg", ON), ("PCWP", "25 mmHg", "10:10")]).refusals == ()


GOING = given("norepinephrine", "06:00", rate="0.1 mcg/kg/min")
STOPPED = given("norepinephrine", "09:00", rate="0 mcg/kg/min")
SECOND = given("norepinephrine", "09:00", rate="0.1 mcg/kg/min")
BESIDE = given("norepinephrine", "07:00", rate="0.1 mcg/kg/min", end="11:00")


@pytest.mark.parametrize(
    "entries",
    [
        [given("norepinephrine", "09:00", rate="0.1 mcg/kg/min")],
        [given("norepinephrine", "06:00", rate="0.1 mcg/kg/min", end="09:00")],
        [
            GOING,
            given("norepinephrine", "09:00", rate="0.2 mcg/kg/min"),
        ],
        [
            given("norepinephrine", "06:00", rate="0.1 mcg/kg/min", end="07:50"),
            given("norepinephrine", "11:00", rate="0.1 mcg/kg/min"),
        ],
        [given("dobutamine", ON, rate="5 mcg/kg/min")],
        [given("nitroglycerin", "08:30", rate="10 mcg/min")],
        [given("lactated Ringer's", "07:00", dose="500 mL", end="07:40")],
        [given("albumin", "09:00", dose="100 mL")],
        [given("blood", "09:00", dose="300 mL", end="11:00")],
        [given("enoximone", "09:00", rate="5 mcg/kg/min")],
        [given("metoprolol", "09:00", dose="5 mg")],
        [given("furosemide", "09:00", dose="40 mg")],
        [given("furosemide", "09:00", rate="10 mg/h")],
        [given("propofol", "09:00", dose="50 mg")],
        [given("norepinephrine", "06:00", rate="0.1 mcg/kg/min", end="11:00"), STOPPED],  # paused before its end
        [given("norepinephrine", "06:00", rate="0.1 mcg/kg/min", end="11:00"), SECOND],
        [given("norepinephrine", "06:00", rate="0.1 mcg/kg/min", end="09:00"), BESIDE],  # one of two lines ended
        [GOING, given("norepinephrine", "09:00", rate="7 mcg/min")],  # of which weight, nobody says
    ],
)
def test_another_medicine_that_changed_is_named(entries: list[dict[str, str]]) -> None:
    (found,) = bedside(other=entries).refusals
    assert found.id == "bedside-changed" and entries[0]["of"] in found.says
    assert "2026-11-22 07:30 and 2026-11-22 10:00" in found.says


@pytest.mark.parametrize(
    "entries",
    [
        [GOING],
        [given("norepinephrine", "06:00", rate="0.1 mcg/kg/min", end="11:00")],
        [
            GOING,
            given("norepinephrine", "09:00", rate="0.1 mcg/kg/min"),
        ],
        [
            given("norepinephrine", "06:00", rate="0.1 mcg/kg/min", end="09:00"),
            given("norepinephrine", "09:00", rate="0.1 mcg/kg/min"),
        ],
        [given("norepinephrine", "10:01", rate="0.1 mcg/kg/min")],
        [given("lactated Ringer's", "06:00", dose="500 mL", end="07:30")],
        [given("furosemide", "07:00", dose="40 mg")],
        [given("paracetamol", "09:00", dose="1 g")],
        # What ended before the earlier reading, or at it, moved nothing between the two.
        [given("norepinephrine", "06:00", rate="0.1 mcg/kg/min", end="07:30")],
        [given("norepinephrine", "06:00", rate="0.1 mcg/kg/min", end="07:00"), STOPPED],
        [GOING, given("norepinephrine", "07:00", rate="0 mcg/kg/min"), STOPPED],
        [STOPPED],  # a rate of zero where nothing ran
        [given("lactated Ringer's", "05:00", dose="500 mL", end="06:00")],
        [GOING, given("norepinephrine", "09:00", rate="6 mcg/kg/h")],  # as it was, in another unit
    ],
)
def test_what_went_on_as_it_was_or_lies_outside_forbids_nothing(entries: list[dict[str, str]]) -> None:
    assert bedside(other=entries).refusals == ()


def test_machines_and_events_between_readings_are_named() -> None:
    for times in ({"start": at("09:00")}, {"start": at("06:00"), "end": at("09:00")}):
        (found,) = bedside(support=[{"what": "Impella", **times}]).refusals
        assert "support by ventricular assist device began or ended" in found.says
    for machine in ("CRRT", "hemodialysis", "peritoneal dialysis"):  # they take fluid
        (found,) = bedside(support=[{"what": machine, "start": at("09:00")}]).refusals
        assert f"support by {machine} began or ended" in found.says
    runs = [{"what": name, "start": at("06:00")} for name in ("IABP", "CRRT")]
    assert bedside(support=runs).refusals == ()
    (found,) = bedside(events=[{"what": "VT", "at": at("09:00")}]).refusals
    assert "ventricular tachycardia happened" in found.says
    assert bedside(events=[{"what": "VT", "at": at("11:00")}, {"what": "headache", "at": at("09:00")}]).refusals == ()


def test_a_medicine_without_times_may_have_changed() -> None:
    (found,) = bedside(medicines=["norepinephrine"]).refusals
    assert "norepinephrine is given, and the case does not say since when" in found.says
    assert bedside(medicines=["metoprolol", "milrinone", "furosemide"]).refusals == ()
    timed = [GOING]
    assert bedside(medicines=["norepinephrine"], other=timed).refusals == ()


def test_readings_of_one_moment_have_nothing_between_them() -> None:
    other = [given("norepinephrine", "09:00", rate="0.1 mcg/kg/min")]
    assert bedside(AFTER, other=other).refusals == ()
    echo = ("LVEF", "22 %", "2026-11-20T09:00:00+01:00")  # its time is no moment of the bedside
    assert bedside([echo, *AFTER], other=other).refusals == ()
