"""What runs during the walk through the records: counted by rate, so that many infusions at once cost one product."""

from __future__ import annotations

from inotrope.kinetics.sweep import Sweep


def test_infusions_of_a_steady_state_that_overlap_are_counted_and_not_listed() -> None:
    """83,333.3 intervals of 12 h fit into an infusion of 1,000,000 h: 83,334 run at once, then one fewer."""
    sweep = Sweep(row=0)
    sweep.dose(0.0, amount=1e6, rate=1.0, interval=12.0, additional=0, steady=1, row=0)
    sweep.open(0.0, row=0)
    assert dict(sweep.running) == {1.0: 83_334}
    sweep.advance(40.0)
    assert dict(sweep.running) == {1.0: 83_330}
    # The oldest began 83,333 x 12 = 999,996 h earlier and ends after 4 h, the next ones 12 h apart.
    assert [(item.begin_h, item.rate_mcg_per_h) for item in sweep.segments] == [
        (0.0, 83_334.0),
        (4.0, 83_333.0),
        (16.0, 83_332.0),
        (28.0, 83_331.0),
        (40.0, 83_330.0),
    ]


def test_additional_infusions_that_overlap_are_counted_too() -> None:
    sweep = Sweep(row=0)
    sweep.dose(0.0, amount=1e6, rate=1.0, interval=1.0, additional=50_000, steady=0, row=0)
    sweep.advance(50_000.0)
    assert dict(sweep.running) == {1.0: 50_001}
    assert sweep.segments[-1].rate_mcg_per_h == 50_001.0


def test_rates_that_end_leave_nothing_running() -> None:
    """0.1 + 0.2 + 0.3 less each of them is 1e-17 and more in doubles; what has ended is 0."""
    sweep = Sweep(row=0)
    for rate in (0.1, 0.2, 0.3, 0.1):
        sweep.give(0.0, rate, rate, 0.0)
    sweep.open(0.0, row=0)
    sweep.advance(1.0)
    assert [item.rate_mcg_per_h for item in sweep.segments] == [0.7, 0.5, 0.3, 0.0]
    assert not sweep.running
