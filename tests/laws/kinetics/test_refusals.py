"""What is meaningless is refused in words that name the place, and never answered with a zero."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inotrope.errors import InotropeError
from tests.laws.kinetics import engine
from tests.laws.kinetics.reading import Record, as_records

SOUND: dict[str, Any] = {"clearance_l_per_h": 7.5, "volume_l": 14.0, "q2_l_per_h": 18.0, "v2_l": 22.0}


@pytest.mark.parametrize("name", SOUND)
@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf, -np.inf])
def test_a_parameter_that_is_no_size(name: str, value: float) -> None:
    with pytest.raises(InotropeError, match=name):
        engine.Parameters.of(**{**SOUND, name: value})


@pytest.mark.parametrize("name", ["volume_l", "v2_l"])
def test_a_volume_of_nothing(name: str) -> None:
    with pytest.raises(InotropeError, match=name):
        engine.Parameters.of(**{**SOUND, name: 0.0})


@pytest.mark.parametrize("name", ["clearance_l_per_h", "q2_l_per_h"])
def test_a_clearance_of_nothing_is_a_size(name: str) -> None:
    assert engine.Parameters.of(**{**SOUND, name: 0.0}).compartments == 2


def test_the_error_names_the_one_value_in_an_array() -> None:
    clearance = np.full((40, 1), 7.5)
    clearance[17, 0] = -3.25
    with pytest.raises(InotropeError, match="clearance_l_per_h") as caught:
        engine.Parameters.of(**{**SOUND, "clearance_l_per_h": clearance})
    assert "17" in str(caught.value) or "18" in str(caught.value)
    assert "-3.25" in str(caught.value)


def test_half_a_compartment() -> None:
    for missing in ("q2_l_per_h", "v2_l"):
        with pytest.raises(InotropeError):
            engine.Parameters.of(**{name: value for name, value in SOUND.items() if name != missing})
    with pytest.raises(InotropeError):
        engine.Parameters.of(clearance_l_per_h=7.5, volume_l=14.0, q3_l_per_h=4.0, v3_l=120.0)


BAD: dict[str, list[Record]] = {
    "RATE -1, a rate to be estimated": [Record(0.0, 1, 1000.0, -1.0)],
    "RATE -2, a duration to be estimated": [Record(0.0, 1, 1000.0, -2.0)],
    "another negative RATE": [Record(0.0, 1, 1000.0, -500.0)],
    "a RATE without an amount": [Record(0.0, 1, 0.0, 500.0)],
    "a negative amount": [Record(0.0, 1, -1000.0)],
    "ADDL without II": [Record(0.0, 1, 1000.0, additional=3)],
    "a negative ADDL": [Record(0.0, 1, 1000.0, interval=8.0, additional=-3)],
    "a negative II": [Record(0.0, 1, 1000.0, interval=-8.0, additional=3)],
    "a steady state of boluses without II": [Record(0.0, 1, 1000.0, steady=1)],
    "SS 3": [Record(0.0, 1, 1000.0, interval=8.0, steady=3)],
    "EVID 5": [Record(0.0, 5)],
    "a time that is no number": [Record(np.nan, 1, 1000.0)],
    "an amount that is no number": [Record(0.0, 1, np.nan)],
    "an endless amount": [Record(0.0, 1, np.inf)],
    "times that go back": [Record(4.0, 1, 1000.0), Record(3.0)],
    "times that go back at a reset": [Record(4.0, 1, 1000.0), Record(0.0, 4, 1000.0)],
    "a negative time": [Record(-1.0, 1, 1000.0)],
    "ADDL after a constant infusion from the far past": [Record(0.0, 1, 0.0, 500.0, 0.0, 3, 1)],
}


@pytest.mark.parametrize("records", BAD.values(), ids=BAD.keys())
def test_records_that_mean_nothing(records: list[Record]) -> None:
    sound = [Record(0.0), Record(0.0, 1, 1000.0)]
    with pytest.raises(InotropeError):
        as_records(records)
    if records[0].time >= 0:
        with pytest.raises(InotropeError) as caught:
            as_records([*sound, *records])
        place = len(sound) + len(records)
        assert any(str(number) in str(caught.value) for number in (place, place - 1)), "which record"


def test_another_compartment() -> None:
    with pytest.raises(InotropeError, match=r"(?i)cmt|compartment"):
        engine.Records.of(
            time_h=np.array([0.0]), evid=np.array([1]), amount_mcg=np.array([1000.0]), compartment=np.array([2])
        )


def test_columns_of_unequal_length() -> None:
    with pytest.raises(InotropeError):
        engine.Records.of(time_h=np.array([0.0, 1.0]), evid=np.array([1]), amount_mcg=np.array([1000.0]))


def test_plain_regimens() -> None:
    for begin, rate, bolus in (
        ([1.0, 0.0], [0.0, 0.0], [0.0, 0.0]),
        ([0.0, np.nan], [0.0, 0.0], [0.0, 0.0]),
        ([0.0], [-1.0], [0.0]),
        ([0.0], [np.nan], [0.0]),
        ([0.0], [0.0], [-1.0]),
        ([0.0], [0.0], [np.inf]),
    ):
        with pytest.raises(InotropeError):
            engine.Timeline.of_rates(np.array(begin), np.array(rate), np.array(bolus))
