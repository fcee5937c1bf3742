"""NONMEM-style records a second time: walked one after the other, the way PREDPP's guide tells it.

What the guide says and this follows (NONMEM Users Guide VI and help pages `evid`, `ss`, `ss dose`, `addl`, `dose`):
- EVID 3 empties the compartments, stops infusions and cancels additional doses to come; EVID 4 does that, then doses.
- SS = 1 does the same, then sets the steady state of its own parameters; SS = 2 adds the steady state to what is there.
  The steady state is that just before the dose of the record, which then is given.
- Where a steady-state infusion is longer than its interval, those begun before are still running.
- SS = 1 with AMT = 0, RATE > 0, II = 0: an infusion from the far past that ends at the record.
- ADDL doses after a steady-state dose are ordinary doses.
- Parameters over (s, e]: next carried backward, the first record at or after e; last carried forward, the last record
  at or before s. Additional doses and ends of infusions are no records.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.laws.kinetics.engine import Records


@dataclass(frozen=True)
class Record:
    time: float
    evid: int = 0
    amount: float = 0.0
    rate: float = 0.0
    interval: float = 0.0
    additional: int = 0
    steady: int = 0


def as_records(records: Sequence[Record]) -> Records:
    """The engine's own form."""
    return Records.of(
        time_h=np.array([r.time for r in records]),
        evid=np.array([r.evid for r in records]),
        amount_mcg=np.array([r.amount for r in records]),
        rate_mcg_per_h=np.array([r.rate for r in records]),
        interval_h=np.array([r.interval for r in records]),
        additional=np.array([r.additional for r in records]),
        steady=np.array([r.steady for r in records]),
    )


@dataclass(frozen=True)
class Piece:
    """From `begin` on, with this state, under this rate and row."""

    begin: float
    state: Any
    row: int
    rate: float


@dataclass
class Walk:
    """`backward` True: next record carried backward; False: last record carried forward.

    `empty` is the state before anything; a state knows `advance(row, rate, hours)`, `add(amounts)`, `emptied()`.
    `steady` gives the steady-state amounts of a record.
    """

    records: Sequence[Record]
    rows: Sequence[tuple[float, ...]]
    backward: bool
    empty: Any
    steady: Callable[..., Sequence[Any]]
    seen: list[tuple[int, Any]] = field(default_factory=list)
    """Observations and other records: number, and the state there."""
    pieces: list[Piece] = field(default_factory=list)
    running: list[tuple[float, float]] = field(default_factory=list)
    """Infusions: until when, and at which rate."""
    coming: list[tuple[float, Record]] = field(default_factory=list)
    """Additional doses: when, and of which record."""

    def go(self) -> Walk:
        state, now = self.empty, self.records[0].time
        for number, record in enumerate(self.records):
            row = number if self.backward else max(number - 1, 0)
            state = self.until(record.time, state, now, row)
            now = record.time
            state = self.meet(number, record, state)
        last = len(self.records) - 1
        end = max([now, *(when for when, _ in self.coming)]) + 1
        end += max([0.0, *(until - now for until, _ in self.running)])
        end += max([0.0, *(r.amount / r.rate for _, r in self.coming if r.rate)])
        self.until(end, state, now, last)
        return self

    def until(self, time: float, state: Any, now: float, row: int) -> Any:
        """Move on to `time`, through ends of infusions and additional doses on the way."""
        while True:
            stops = [until for until, _ in self.running] + [when for when, _ in self.coming]
            stop = min([time, *(stop for stop in stops if stop <= time)])
            rate = sum(rate for _, rate in self.running)
            if stop > now:
                self.pieces.append(Piece(now, state, row, rate))
                state = state.advance(self.rows[row], rate, stop - now)
                now = stop
            self.running = [(until, rate) for until, rate in self.running if until > now]
            due = [record for when, record in self.coming if when <= now]
            self.coming = [(when, record) for when, record in self.coming if when > now]
            for record in due:
                state = self.dose(record, state, now)
            if now >= time and not due:
                return state

    def meet(self, number: int, record: Record, state: Any) -> Any:
        if record.evid in (0, 2):
            self.seen.append((number, state))
            return state
        if record.evid in (3, 4):
            state = self.cancel(state)
        if record.evid == 3:
            return state
        if record.steady == 1:
            state = self.cancel(state)
        if record.steady:
            duration = record.amount / record.rate if record.rate else 0.0
            state = state.add(
                self.steady(
                    self.rows[number],
                    rate=record.rate,
                    duration=duration,
                    interval=record.interval,
                    amount=record.amount,
                )
            )
            if record.interval == 0:
                return state
            before = 1
            while record.rate and duration > before * record.interval:
                self.running.append((record.time + duration - before * record.interval, record.rate))
                before += 1
        for again in range(1, record.additional + 1):
            self.coming.append((record.time + again * record.interval, record))
        return self.dose(record, state, record.time)

    def dose(self, record: Record, state: Any, now: float) -> Any:
        if not record.rate:
            return state.add([record.amount])
        self.running.append((now + record.amount / record.rate, record.rate))
        return state

    def cancel(self, state: Any) -> Any:
        self.running, self.coming = [], []
        return state.emptied()

    def at(self, time: float) -> Any:
        """The state at a time that is no record's, additional dose's or infusion's end."""
        piece = [piece for piece in self.pieces if piece.begin <= time][-1]
        return piece.state.advance(self.rows[piece.row], piece.rate, time - piece.begin)
