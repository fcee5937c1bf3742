"""The segments that records come to, written down by hand."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.errors import KineticsError
from inotrope.kinetics import (
    Cycle,
    Records,
    Timeline,
    at_times,
    constant,
    expand,
    last_carried_forward,
    next_carried_backward,
)


def segments(timeline: Timeline) -> list[tuple[float, float, float, int]]:
    return list(
        zip(
            timeline.begin_h.tolist(),
            timeline.rate_mcg_per_h.tolist(),
            timeline.bolus_mcg.tolist(),
            timeline.row.tolist(),
            strict=True,
        )
    )


LOOKED_AT = Records.of(time_h=[0.0, 3.0, 5.0, 8.0], evid=[1, 0, 2, 0], amount_mcg=[100.0, 0.0, 0.0, 0.0])


def test_an_interval_takes_the_next_record_carried_backward() -> None:
    made = expand(LOOKED_AT, rows=next_carried_backward)
    assert segments(made.timeline) == [(0, 0, 100, 1), (3, 0, 0, 2), (5, 0, 0, 3)]
    assert made.observed_h.tolist() == [3.0, 5.0, 8.0]
    assert made.observed_segment.tolist() == [0, 1, 2]  # each reads the interval that ends with it


def test_an_interval_takes_the_last_record_carried_forward() -> None:
    made = expand(LOOKED_AT, rows=last_carried_forward)
    assert segments(made.timeline) == [(0, 0, 100, 0), (3, 0, 0, 1), (5, 0, 0, 2), (8, 0, 0, 3)]
    assert made.observed_segment.tolist() == [1, 2, 3]  # each reads its own volume


def test_constant_parameters_are_not_cut_by_looking() -> None:
    made = expand(LOOKED_AT, rows=constant)
    assert segments(made.timeline) == [(0, 0, 100, 0)]
    assert made.observed_segment.tolist() == [0, 0, 0]


def test_a_look_in_front_of_a_dose_reads_the_time_before_it() -> None:
    records = Records.of(time_h=[0.0, 4.0, 4.0, 4.0], evid=[1, 0, 1, 0], amount_mcg=[100.0, 0.0, 50.0, 0.0])
    made = expand(records, rows=constant)
    assert segments(made.timeline) == [(0, 0, 100, 0), (4, 0, 50, 0)]
    assert made.observed_segment.tolist() == [0, 1]


def test_looks_before_any_dose_have_a_segment_without_drug() -> None:
    made = expand(Records.of(time_h=[1.0, 2.0], evid=[0, 1], amount_mcg=[0.0, 10.0]), rows=constant)
    assert segments(made.timeline) == [(1, 0, 0, 0), (2, 0, 10, 0)]
    assert made.observed_segment.tolist() == [0]


def test_additional_infusions_overlap_and_end_exactly() -> None:
    """0.1 + 0.2 mcg/h less both is not 0 in float64: what runs is summed anew, so nothing is left over."""
    records = Records.of(
        time_h=[0.0, 1.0], evid=1, amount_mcg=[0.4, 0.8], rate_mcg_per_h=[0.1, 0.2], interval_h=[2.0, 0.0],
        additional=[1, 0],
    )  # fmt: skip
    made = expand(records, rows=constant)
    assert segments(made.timeline) == [
        (0, 0.1, 0, 0),
        (1, 0.1 + 0.2, 0, 0),
        (2, 0.1 + 0.1 + 0.2, 0, 0),
        (4, 0.1 + 0.2, 0, 0),
        (5, 0.1, 0, 0),
        (6, 0, 0, 0),
    ]


def test_an_additional_dose_comes_before_a_record_of_the_same_time() -> None:
    records = Records.of(
        time_h=[0.0, 8.0], evid=[1, 0], amount_mcg=[10.0, 0.0], interval_h=[8.0, 0.0], additional=[3, 0]
    )
    made = expand(records, rows=constant)
    assert made.timeline.begin_h.tolist() == [0.0, 8.0, 16.0, 24.0]
    assert made.timeline.bolus_mcg.tolist() == [10.0] * 4
    assert made.observed_segment.tolist() == [1]


def test_additional_doses_bring_no_row_of_their_own() -> None:
    records = Records.of(
        time_h=[0.0, 3.0, 10.0], evid=[1, 2, 2], amount_mcg=[10.0, 0.0, 0.0], interval_h=[4.0, 0.0, 0.0],
        additional=[2, 0, 0],
    )  # fmt: skip
    assert [row for *_, row in segments(expand(records, rows=next_carried_backward).timeline)] == [1, 2, 2, 2]
    assert [row for *_, row in segments(expand(records, rows=last_carried_forward).timeline)] == [0, 1, 1, 1, 2]


@pytest.mark.parametrize("evid", [3, 4])
def test_a_reset_calls_off_what_runs_and_what_is_to_come(evid: int) -> None:
    again = 20.0 if evid == 4 else 0.0
    records = Records.of(
        time_h=[0.0, 2.0], evid=[1, evid], amount_mcg=[40.0, again], rate_mcg_per_h=[10.0, 0.0], interval_h=[8.0, 0.0],
        additional=[5, 0],
    )  # fmt: skip
    made = expand(records, rows=constant)
    assert segments(made.timeline) == [(0, 10, 0, 0), (2, 0, again, 0)]
    assert made.timeline.reset.tolist() == [False, True]


def test_a_steady_state_leaves_the_infusions_of_earlier_cycles_running() -> None:
    """20 h of 5 mcg/h every 8 h: at a dose two older ones still run, for 4 h and for 12 h."""
    records = Records.of(
        time_h=[0.0, 30.0], evid=[1, 0], amount_mcg=[100.0, 0.0], rate_mcg_per_h=[5.0, 0.0], interval_h=[8.0, 0.0],
        steady=[1, 0],
    )  # fmt: skip
    made = expand(records, rows=next_carried_backward)
    assert segments(made.timeline) == [(0, 15, 0, 1), (4, 10, 0, 1), (12, 5, 0, 1), (20, 0, 0, 1)]
    assert made.timeline.steady.tolist() == [0, -1, -1, -1]
    assert made.timeline.cycles == (Cycle(5.0, 20.0, 8.0, 0.0, False, 0),)


def test_a_steady_state_calls_off_and_a_second_one_adds() -> None:
    def doses(steady: int) -> Timeline:
        records = Records.of(
            time_h=[0.0, 2.0], evid=1, amount_mcg=[40.0, 7.0], rate_mcg_per_h=[10.0, 0.0], interval_h=8.0,
            additional=[1, 0], steady=[0, steady],
        )  # fmt: skip
        return expand(records, rows=constant).timeline

    assert segments(doses(1)) == [(0, 10, 0, 0), (2, 0, 7, 0)]
    assert doses(1).cycles == (Cycle(0.0, 0.0, 8.0, 7.0, False, 0),)
    assert segments(doses(2)) == [(0, 10, 0, 0), (2, 10, 7, 0), (4, 0, 0, 0), (8, 10, 0, 0), (12, 0, 0, 0)]
    assert doses(2).cycles == (Cycle(0.0, 0.0, 8.0, 7.0, True, 0),)


def test_a_steady_constant_infusion_ends_at_its_record() -> None:
    """NONMEM help, "SS DOSE EVENT RECORD": the infusion terminates at the event time of the SS dose record."""
    made = expand(Records.of(time_h=[1.0], evid=1, rate_mcg_per_h=5.0, steady=1), rows=constant).timeline
    assert segments(made) == [(1, 0, 0, 0)]
    assert made.cycles == (Cycle(5.0, np.inf, 0.0, 0.0, False, 0),)


def test_plain_rates() -> None:
    made = Timeline.of_rates([0.0, 1.0], [30.0, 0.0], 5.0, row=[0, 1])
    assert segments(made) == [(0, 30, 5, 0), (1, 0, 5, 1)]
    assert made.steady.tolist() == [-1, -1] and not made.reset.any()
    assert Timeline.of_rates(0.0, 30.0 + 1e-30j).rate_mcg_per_h.imag.tolist() == [1e-30]


@pytest.mark.parametrize(
    ("begin", "rate", "bolus", "where"),
    [
        ([1.0, 0.0], 0.0, 0.0, "begin_h[1]"),
        ([0.0, np.nan], 0.0, 0.0, "begin_h[1]"),
        ([0.0, 1.0], [1.0, -1.0], 0.0, "rate_mcg_per_h[1]"),
        ([0.0, 1.0], 1.0, [np.inf, 0.0], "bolus_mcg[0]"),
        ([0.0, 1.0], [1.0, 2.0, 3.0], 0.0, "rate_mcg_per_h"),
        ([[0.0]], 1.0, 0.0, "begin_h"),
    ],
)
def test_rates_that_mean_nothing(begin: list[float], rate: float, bolus: float, where: str) -> None:
    with pytest.raises(KineticsError) as caught:
        Timeline.of_rates(begin, rate, bolus)
    assert caught.value.where == where


def test_a_time_reads_the_segment_after_a_dose_of_the_same_time() -> None:
    made = Timeline.of_rates([1.0, 2.0, 2.0, 3.0], 0.0)
    assert at_times(made, [0.5, 1.0, 1.5, 2.0, 9.0]).tolist() == [-1, 0, 0, 2, 3]
    assert at_times(made, [2.0 + 1e-30j]).tolist() == [2]
    with pytest.raises(KineticsError, match=r"times_h\[1\]"):
        at_times(made, [1.0, np.nan])
