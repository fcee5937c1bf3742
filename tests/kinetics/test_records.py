"""Records are checked when they are made, and an error names record and column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inotrope.errors import KineticsError
from inotrope.kinetics import Records
from inotrope.kinetics.records import MOST_ADDITIONAL

SOUND = {
    "time_h": [0.0, 1.0, 2.0],
    "evid": [1, 0, 1],
    "amount_mcg": [100.0, 0.0, 50.0],
    "rate_mcg_per_h": [0.0, 0.0, 25.0],
    "interval_h": [8.0, 0.0, 0.0],
    "additional": [2, 0, 0],
    "steady": [0, 0, 0],
    "compartment": [1, 1, 1],
}


def changed(record: int, **columns: float) -> dict[str, Any]:
    made = {name: list(values) for name, values in SOUND.items()}
    for name, value in columns.items():
        made[name][record - 1] = value  # type: ignore[call-overload]
    return made


def test_sound_records_are_kept_in_their_order() -> None:
    made = Records.of(**SOUND)
    assert made.time_h.tolist() == [0.0, 1.0, 2.0]
    assert made.evid.dtype == made.additional.dtype == made.steady.dtype == made.compartment.dtype == np.int64
    assert made.amount_mcg.dtype == np.float64


@pytest.mark.parametrize(
    ("given", "where"),
    [
        (changed(3, time_h=0.5), "record 3, TIME"),
        (changed(1, time_h=-0.5), "record 1, TIME"),
        (changed(2, time_h=np.nan), "record 2, TIME"),
        (changed(3, amount_mcg=np.inf), "record 3, AMT"),
        (changed(3, amount_mcg=-1.0), "record 3, AMT"),
        (changed(2, amount_mcg=1.0), "record 2, AMT"),
        (changed(2, evid=3, amount_mcg=1.0), "record 2, AMT"),
        (changed(2, evid=5), "record 2, EVID"),
        (changed(2, evid=0.5), "record 2, EVID"),
        (changed(3, rate_mcg_per_h=-1.0), "record 3, RATE"),
        (changed(3, rate_mcg_per_h=-2.0), "record 3, RATE"),
        (changed(3, rate_mcg_per_h=-3.0), "record 3, RATE"),
        (changed(3, amount_mcg=0.0), "record 3, RATE"),
        (changed(1, interval_h=0.0), "record 1, II"),
        (changed(1, interval_h=-8.0), "record 1, II"),
        (changed(1, additional=-1), "record 1, ADDL"),
        (changed(1, additional=MOST_ADDITIONAL + 1), "record 1, ADDL"),
        (changed(3, steady=1, interval_h=1e-9, amount_mcg=1e3, rate_mcg_per_h=1.0), "record 3, II"),
        (changed(3, steady=3), "record 3, SS"),
        (changed(3, steady=1), "record 3, II"),
        (changed(3, steady=1, interval_h=8.0, amount_mcg=0.0), "record 3, II"),
        (changed(1, steady=1, amount_mcg=0.0, rate_mcg_per_h=5.0, interval_h=0.0), "record 1, II"),
        (changed(1, steady=1, amount_mcg=0.0), "record 1, AMT"),
        (changed(3, compartment=2), "record 3, CMT"),
    ],
)
def test_a_record_that_means_nothing_is_named(given: dict[str, Any], where: str) -> None:
    with pytest.raises(KineticsError) as caught:
        Records.of(**given)
    assert caught.value.where == where
    assert caught.value.accepted


def test_additional_doses_after_a_steady_constant_infusion_are_refused() -> None:
    given = {"time_h": [0.0], "evid": 1, "rate_mcg_per_h": 5.0, "steady": 1}
    assert Records.of(**given).steady.tolist() == [1]
    with pytest.raises(KineticsError) as caught:
        Records.of(**given, additional=2, interval_h=8.0)
    assert caught.value.where == "record 1, ADDL"


@pytest.mark.parametrize(("amount", "sound"), [(MOST_ADDITIONAL * 12.0, True), (MOST_ADDITIONAL * 12.0 + 12, False)])
def test_so_many_infusions_of_a_steady_state_may_overlap(amount: float, *, sound: bool) -> None:
    given = {"time_h": [0.0], "evid": 1, "amount_mcg": amount, "rate_mcg_per_h": 1.0, "interval_h": 12.0, "steady": 1}
    if sound:
        assert Records.of(**given).amount_mcg.tolist() == [amount]
        return
    with pytest.raises(KineticsError, match="1,000,000 infusions of AMT at RATE overlap") as caught:
        Records.of(**given)
    assert caught.value.where == "record 1, II"


def test_modeled_rates_are_refused_by_name() -> None:
    with pytest.raises(KineticsError, match="'-2' asks for a modeled rate or duration"):
        Records.of(**changed(3, rate_mcg_per_h=-2.0))


def test_the_first_wrong_record_is_named_before_later_ones() -> None:
    with pytest.raises(KineticsError) as caught:
        Records.of(**changed(2, evid=7) | {"amount_mcg": [100.0, 0.0, -1.0]})
    assert caught.value.where == "record 2, EVID"


@pytest.mark.parametrize("value", [[1.0, 2.0], "soon", [[1.0]], [], None, [1.0 + 2.0j] * 3])
def test_a_column_is_one_number_for_each_record(value: object) -> None:
    with pytest.raises(KineticsError) as caught:
        Records.of(**SOUND | {"rate_mcg_per_h": value})  # type: ignore[arg-type]
    assert caught.value.where == "records, RATE"


def test_infusions_are_doses_with_a_rate() -> None:
    made = Records.infusions(start_h=[6.0, 0.0], end_h=[24.0, 0.5], rate_mcg_per_h=[30.0, 200.0])
    assert made.time_h.tolist() == [0.0, 6.0]
    assert made.amount_mcg.tolist() == [100.0, 540.0]  # 200 mcg/h for half an hour; 30 mcg/h for 18 h
    assert made.rate_mcg_per_h.tolist() == [200.0, 30.0]


@pytest.mark.parametrize(
    ("end", "rate", "where"),
    [([1.0, 2.0], 5.0, "record 2, TIME"), ([1.0, np.inf], 5.0, "record 2, TIME"), ([1.0, 3.0], 0.0, "record 1, RATE")],
)
def test_an_infusion_ends_after_it_starts_and_runs(end: list[float], rate: float, where: str) -> None:
    with pytest.raises(KineticsError) as caught:
        Records.infusions(start_h=[0.0, 2.0], end_h=end, rate_mcg_per_h=rate)
    assert caught.value.where == where


def test_joined_records_keep_the_order_of_the_arguments_at_the_same_time() -> None:
    doses = Records.boluses(time_h=[2.0, 0.0], amount_mcg=[50.0, 100.0])
    looks = Records.observations(time_h=[2.0, 1.0])
    assert Records.joined(looks, doses).evid.tolist() == [1, 0, 0, 1]
    assert Records.joined(doses, looks).evid.tolist() == [1, 0, 1, 0]
    with pytest.raises(KineticsError, match="nothing to join"):
        Records.joined()
