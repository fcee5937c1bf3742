"""The walk through one subject's records: what runs, what is still to come, and the segments that this cuts.

Knows when a dose starts and ends, and what additional doses, steady state and a reset do to what runs and to what is
still to come. Does not know observations or whose turn a parameter row is (`timeline.py`).
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Cycle(NamedTuple):
    """The repeated dose of a steady-state record.

    Attributes:
        rate_mcg_per_h: Of the infusion; 0 for boluses.
        duration_h: Of each infusion; infinite for the constant one, 0 for boluses. It may exceed the interval.
        interval_h: From dose to dose; 0 for the constant infusion.
        bolus_mcg: Of each bolus; 0 for infusions.
        add: True for SS 2: the amounts gain those of the steady state.
        row: The parameter row of the record, with which the steady state is computed.
    """

    rate_mcg_per_h: float
    duration_h: float
    interval_h: float
    bolus_mcg: float
    add: bool
    row: int


class Segment(NamedTuple):
    """What holds from a moment on, and what happens at that moment; see `Timeline`."""

    begin_h: float
    rate_mcg_per_h: float
    bolus_mcg: float
    reset: bool
    steady: int
    row: int


class _Later(NamedTuple):
    """Something that happens without a record: an infusion ends (kind 0), or an additional dose is given (kind 1)."""

    time: float
    kind: int
    serial: int
    rate: float
    duration: float
    amount: float
    start: float
    interval: float
    given: int
    left: int


@dataclass(slots=True)
class Sweep:
    """The walk through time: what runs, what is still to come, and the segments so far.

    Infusions of one rate are counted and not listed: a hundred thousand that overlap are one product.
    """

    row: int
    running: Counter[float] = field(default_factory=Counter)
    later: list[_Later] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)
    serial: int = 0
    bolus: float = 0.0
    resetting: bool = False
    steady: int = -1

    def open(self, time: float, *, row: int) -> None:
        """Begin a segment with what runs now and what was gathered for its beginning."""
        # The sum is taken anew each time, exactly: adding and subtracting rates would leave 1e-12 running for ever.
        rate = math.fsum(rate * count for rate, count in self.running.items())
        self.segments.append(Segment(time, rate, self.bolus, self.resetting, self.steady, row))
        self.row, self.bolus, self.resetting, self.steady = row, 0.0, False, -1

    def advance(self, until: float) -> None:
        """Let everything happen that comes up to this time without a record."""
        while self.later and self.later[0].time <= until:
            due = heapq.heappop(self.later)
            if due.kind == 0:
                self.running[due.rate] -= 1
                if not self.running[due.rate]:
                    del self.running[due.rate]
            else:
                self.give(due.time, due.rate, due.duration, due.amount)
                if due.left > 1:
                    given = due.given + 1
                    time = due.start + given * due.interval
                    heapq.heappush(self.later, due._replace(time=time, given=given, left=due.left - 1))
            # What happens together needs one segment.
            if not (self.later and self.later[0].time == due.time):
                self.open(due.time, row=self.row)

    def reset(self) -> None:
        """Empty the body, and call off what runs and what is still to come."""
        self.running.clear()
        self.later.clear()
        self.resetting = True

    def give(self, time: float, rate: float, duration: float, amount: float) -> None:
        """Start an infusion, or add a bolus to the segment that is opened next."""
        self.serial += 1
        if rate == 0:
            self.bolus += amount
            return
        self.running[rate] += 1
        self.push(time + duration, 0, rate=rate)

    def push(self, time: float, kind: int, **of_a_dose: Any) -> None:
        """Note something that happens later."""
        blank = {"rate": 0.0, "duration": 0.0, "amount": 0.0, "start": 0.0, "interval": 0.0, "given": 0, "left": 0}
        heapq.heappush(self.later, _Later(time=time, kind=kind, serial=self.serial, **(blank | of_a_dose)))

    def dose(
        self, time: float, *, amount: float, rate: float, interval: float, additional: int, steady: int, row: int
    ) -> None:
        """Give the dose of a record, with its steady state and its additional doses."""
        duration = amount / rate if rate else 0.0
        if steady:
            if steady == 1:
                self.running.clear()
                self.later.clear()
            self.steady = len(self.cycles)
            endless = rate > 0 and amount == 0
            self.cycles.append(
                Cycle(
                    rate_mcg_per_h=rate,
                    duration_h=math.inf if endless else duration,
                    interval_h=interval,
                    bolus_mcg=0.0 if rate else amount,
                    add=steady == 2,  # noqa: PLR2004 - NONMEM's code
                    row=row,
                )
            )
            if endless:
                return
            # An infusion longer than its interval is still running from the cycles before: so many of them.
            for older in range(1, math.ceil(duration / interval)):
                self.give(time, rate, max(duration - older * interval, 0.0), amount)
        self.give(time, rate, duration, amount)
        if additional:
            self.serial += 1
            self.push(
                time + interval,
                1,
                rate=rate,
                duration=duration,
                amount=amount,
                start=time,
                interval=interval,
                given=1,
                left=additional,
            )
