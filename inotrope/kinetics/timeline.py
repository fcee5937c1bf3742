"""What records come to: stretches of time in which rate and parameters are constant.

Knows which parameter row holds between two records, and which segment an observation reads; `sweep.py` knows what doses
do. Does not know any parameter's value: one expansion serves every draw.

At one time, infusions end first, then additional doses of earlier records are given, then the records follow in the
order given. So an observation in front of a dose of the same time reads the level before that dose, and one at the time
of an additional dose reads the level after it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import KineticsError
from inotrope.kinetics.records import Records
from inotrope.kinetics.sweep import Cycle, Sweep

__all__ = [
    "BEFORE",
    "Cycle",
    "Expanded",
    "Rows",
    "Timeline",
    "at_times",
    "constant",
    "expand",
    "last_carried_forward",
    "next_carried_backward",
]

BEFORE = -1
"""The segment of a time before everything: nothing was given, and the amounts are 0."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Segments in which rate and parameters are constant; all arrays have the shape `(segments,)`.

    Segment i holds from `begin_h[i]` up to `begin_h[i + 1]`, the last one without end. It may have no length.

    Attributes:
        begin_h: h, never goes back. Before the first one the amounts are 0.
        rate_mcg_per_h: mcg/h, into the central compartment; real, or complex for a derivative by the rate.
        bolus_mcg: mcg, into the central compartment at the beginning, after reset and steady state.
        reset: Where the amounts become 0 at the beginning.
        steady: -1, or the index into `cycles`: at the beginning the amounts become those just before the next dose of
            that cycle, or gain them.
        row: The parameter row that holds.
        cycles: One for each steady-state record.
    """

    begin_h: NDArray[np.float64]
    rate_mcg_per_h: NDArray[Any]
    bolus_mcg: NDArray[Any]
    reset: NDArray[np.bool_]
    steady: NDArray[np.int64]
    row: NDArray[np.int64]
    cycles: tuple[Cycle, ...] = ()

    @classmethod
    def of_rates(
        cls, begin_h: ArrayLike, rate_mcg_per_h: ArrayLike, bolus_mcg: ArrayLike = 0.0, *, row: ArrayLike = 0
    ) -> Timeline:
        """Return the timeline of rates that each hold until the next one, the last one without end.

        Args:
            begin_h: h, not going back, `(segments,)`.
            rate_mcg_per_h: mcg/h from then on; 0 is a pause.
            bolus_mcg: mcg given at that moment.
            row: The parameter row that holds from then on.

        Raises:
            KineticsError: A time goes back, a number is not finite or negative, or a row is below 0.
        """
        begin = _checked("begin_h", begin_h, lowest=-math.inf)
        count = begin.size
        columns = [
            np.broadcast_to(_checked(name, value, lowest=0.0, count=count), (count,))
            for name, value in (("rate_mcg_per_h", rate_mcg_per_h), ("bolus_mcg", bolus_mcg), ("row", row))
        ]
        back = begin[1:] < begin[:-1]
        if back.any():
            place = int(np.argmax(back)) + 1
            raise _wrong("begin_h", place, begin[place], "a time that does not go back")
        return cls(
            begin_h=begin.real.astype(np.float64),
            rate_mcg_per_h=columns[0],
            bolus_mcg=columns[1],
            reset=np.zeros(count, dtype=np.bool_),
            steady=np.full(count, -1, dtype=np.int64),
            row=columns[2].real.astype(np.int64),
        )


class Rows(NamedTuple):
    """Which parameter row holds at each record, and from each record to the next."""

    at: NDArray[np.int64]
    leaving: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Expanded:
    """A timeline, and where its observations stand.

    Attributes:
        timeline: The segments.
        observed_h: The times of the records with EVID 0 or 2, in their order.
        observed_segment: The segment that each of them reads.
    """

    timeline: Timeline
    observed_h: NDArray[np.float64]
    observed_segment: NDArray[np.int64]


def next_carried_backward(records: Records) -> Rows:
    """Return one parameter row for each record; the interval that ends at a record takes that record's row."""
    each = np.arange(records.time_h.size)
    return Rows(at=each, leaving=np.minimum(each + 1, each.size - 1))


def last_carried_forward(records: Records) -> Rows:
    """Return one parameter row for each record; the interval that begins at a record takes that record's row."""
    each = np.arange(records.time_h.size)
    return Rows(at=each, leaving=each)


def constant(records: Records) -> Rows:
    """Return row 0 for every record: the parameters never change."""
    zeros = np.zeros(records.time_h.size, dtype=np.int64)
    return Rows(at=zeros, leaving=zeros)


def expand(records: Records, *, rows: Callable[[Records], Rows] = next_carried_backward) -> Expanded:
    """Return the segments that the records come to.

    Args:
        records: Of one subject.
        rows: `next_carried_backward`, `last_carried_forward` or `constant`. Starts of additional doses and ends of
            infusions are no records: they cut a segment and bring no row of their own.

    Returns:
        The timeline, the times of the observations, and the segment that each of them reads.
    """
    at, leaving = (row.tolist() for row in rows(records))
    sweep = Sweep(row=at[0])
    observed_h: list[float] = []
    observed_segment: list[int] = []
    for place, (time, evid, amount, rate, interval, additional, steady) in enumerate(
        zip(*_lists(records), strict=True)
    ):
        sweep.advance(time)
        if evid in (0, 2):
            if not sweep.segments or at[place] != sweep.row:
                sweep.open(time, row=at[place])
            observed_h.append(time)
            observed_segment.append(len(sweep.segments) - 1)
        if evid in (3, 4):
            sweep.reset()
        if evid in (1, 4):
            sweep.dose(
                time,
                amount=amount,
                rate=rate,
                interval=interval,
                additional=additional,
                steady=steady,
                row=at[place],
            )
        if evid in (1, 3, 4) or leaving[place] != sweep.row:
            sweep.open(time, row=leaving[place])
    sweep.advance(math.inf)
    return Expanded(
        timeline=_timeline(sweep),
        observed_h=np.array(observed_h, dtype=np.float64),
        observed_segment=np.array(observed_segment, dtype=np.int64),
    )


def at_times(timeline: Timeline, times_h: ArrayLike) -> NDArray[np.int64]:
    """Return the segment that each time reads: just after a dose of the same time; -1 before everything.

    Where parameters change at records, the level at a record is `Expanded.observed_segment`'s and not this one's.

    Args:
        timeline: The segments.
        times_h: h, in any order; of complex times the real part decides.

    Raises:
        KineticsError: A time is not finite; it names its position.
    """
    times = np.asarray(times_h)
    strange = ~np.isfinite(times)
    if strange.any():
        place = int(np.argmax(strange))
        raise _wrong("times_h", place, times.reshape(-1)[place], "a finite time")
    return np.searchsorted(timeline.begin_h, times.real, side="right") - 1


def _lists(records: Records) -> tuple[list[Any], ...]:
    columns = (
        records.time_h,
        records.evid,
        records.amount_mcg,
        records.rate_mcg_per_h,
        records.interval_h,
        records.additional,
        records.steady,
    )
    return tuple(column.tolist() for column in columns)


def _timeline(sweep: Sweep) -> Timeline:
    begin, rate, bolus, reset, steady, row = zip(*sweep.segments, strict=True)
    return Timeline(
        begin_h=np.array(begin, dtype=np.float64),
        rate_mcg_per_h=np.array(rate, dtype=np.float64),
        bolus_mcg=np.array(bolus, dtype=np.float64),
        reset=np.array(reset, dtype=np.bool_),
        steady=np.array(steady, dtype=np.int64),
        row=np.array(row, dtype=np.int64),
        cycles=tuple(sweep.cycles),
    )


def _wrong(name: str, place: int, value: object, accepted: str) -> KineticsError:
    return KineticsError(
        f"'{name}' is '{value}' at position {place}; accepted is {accepted}.",
        value=value,
        accepted=accepted,
        where=f"{name}[{place}]",
    )


def _checked(name: str, value: ArrayLike, *, lowest: float, count: int | None = None) -> NDArray[Any]:
    array = np.atleast_1d(np.asarray(value))
    array = array.astype(np.complex128 if np.iscomplexobj(array) else np.float64)
    if array.ndim != 1 or array.size == 0 or (count is not None and array.size not in (1, count)):
        raise KineticsError(
            f"'{name}' has the shape {array.shape}.",
            value=array.shape,
            accepted="(segments,)" if count is None else f"({count},), or one number",
            where=name,
        )
    bad = ~np.isfinite(array) | ~(array.real >= lowest)
    if bad.any():
        place = int(np.argmax(bad))
        accepted = "a finite number" if lowest < 0 else "a finite number of at least 0"
        raise _wrong(name, place, array[place], accepted)
    return array
