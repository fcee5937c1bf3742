"""What one subject was given and when it was looked at: NONMEM-style records, in the order given.

Knows the columns TIME, EVID, AMT, RATE, II, ADDL, SS and CMT, and which combinations mean something. Does not know what
they come to (`timeline.py`), any other compartment than the central one, modeled rates or durations (RATE -1, -2), nor
absorption and lag. Source of the meanings: NONMEM help, PREDPP, "DOSE EVENT RECORD", "SS DOSE EVENT RECORD", "SS DATA
ITEM", "EVID DATA ITEM".
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import KineticsError

MOST_ADDITIONAL = 1_000_000
"""Additional doses that one record may ask for: more is a slip, and each costs memory.

As many infusions of a steady state may run at once.
"""

_COLUMNS = {
    "time_h": "TIME",
    "evid": "EVID",
    "amount_mcg": "AMT",
    "rate_mcg_per_h": "RATE",
    "interval_h": "II",
    "additional": "ADDL",
    "steady": "SS",
    "compartment": "CMT",
}
_WHOLE = ("evid", "additional", "steady", "compartment")
_OF_A_DOSE = ("amount_mcg", "rate_mcg_per_h", "interval_h", "additional", "steady")


@dataclass(frozen=True, slots=True)
class Records:
    """One subject's records, in the order given; every array has the shape `(records,)`. Build it by `Records.of`.

    Attributes:
        time_h: TIME, h, from 0 on; never goes back.
        evid: EVID: 0 observation, 1 dose, 2 other (a look, or new covariates), 3 reset, 4 reset and dose. A reset
            empties the body and calls off what runs and what is still to come.
        amount_mcg: AMT, mcg; a bolus where the rate is 0.
        rate_mcg_per_h: RATE, mcg/h; with an amount, an infusion of amount / rate hours.
        interval_h: II, h.
        additional: ADDL: this many more doses, each II after the one before.
        steady: SS: 1 = the amounts become those of the steady state of this dose every II; what ran and what was still
            to come is called off. 2 = the amounts gain them. With AMT 0, RATE above 0 and II 0: the steady state of an
            infusion that ran for ever *and ends at this record*, as in NONMEM; what goes on is one record more.
        compartment: CMT: 1.
    """

    time_h: NDArray[np.float64]
    evid: NDArray[np.int64]
    amount_mcg: NDArray[np.float64]
    rate_mcg_per_h: NDArray[np.float64]
    interval_h: NDArray[np.float64]
    additional: NDArray[np.int64]
    steady: NDArray[np.int64]
    compartment: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        *,
        time_h: ArrayLike,
        evid: ArrayLike,
        amount_mcg: ArrayLike = 0.0,
        rate_mcg_per_h: ArrayLike = 0.0,
        interval_h: ArrayLike = 0.0,
        additional: ArrayLike = 0,
        steady: ArrayLike = 0,
        compartment: ArrayLike = 1,
    ) -> Records:
        """Return checked records; a scalar serves for all of them.

        Raises:
            KineticsError: A record means nothing; it names the record, counted from 1, and the column.
        """
        given = {
            "time_h": time_h,
            "evid": evid,
            "amount_mcg": amount_mcg,
            "rate_mcg_per_h": rate_mcg_per_h,
            "interval_h": interval_h,
            "additional": additional,
            "steady": steady,
            "compartment": compartment,
        }
        arrays = {name: _column(name, value) for name, value in given.items()}
        count = max(array.size for array in arrays.values())
        for name, array in arrays.items():
            if array.size != count and np.ndim(given[name]):
                raise KineticsError(
                    f"Column {_COLUMNS[name]} has {array.size} values, and another has {count}.",
                    value=array.size,
                    accepted=f"{count} values, or a plain number for all records",
                    where=f"records, {_COLUMNS[name]}",
                )
        columns = {name: np.broadcast_to(array, (count,)) for name, array in arrays.items()}
        _check(columns)
        whole: dict[str, Any] = {
            name: array.astype(np.int64 if name in _WHOLE else np.float64) for name, array in columns.items()
        }
        return cls(**whole)

    @classmethod
    def infusions(cls, *, start_h: ArrayLike, end_h: ArrayLike, rate_mcg_per_h: ArrayLike) -> Records:
        """Return one dose record for each infusion, in order of its start.

        Args:
            start_h: h.
            end_h: h, after the start. For a rate that goes on without an end use `Timeline.of_rates`.
            rate_mcg_per_h: mcg/h, above 0.

        Raises:
            KineticsError: An infusion does not end after it starts, or its rate is not above 0.
        """
        start, end, rate = (
            np.atleast_1d(column)
            for column in np.broadcast_arrays(
                _column("time_h", start_h), _column("time_h", end_h), _column("rate_mcg_per_h", rate_mcg_per_h)
            )
        )
        for column, bad, accepted in (
            (end, ~(end > start) | ~np.isfinite(end), "an end after the start"),
            (rate, ~(rate > 0), "a rate above 0"),
        ):
            if bad.any():
                _refuse(
                    "TIME" if column is end else "RATE",
                    int(np.argmax(bad)),
                    column,
                    "is no infusion",
                    accepted=accepted,
                )
        order = np.argsort(start, kind="stable")
        start, end, rate = start[order], end[order], rate[order]
        return cls.of(time_h=start, evid=1, amount_mcg=rate * (end - start), rate_mcg_per_h=rate)

    @classmethod
    def boluses(cls, *, time_h: ArrayLike, amount_mcg: ArrayLike) -> Records:
        """Return one dose record for each bolus, in order of time."""
        time, amount = np.broadcast_arrays(_column("time_h", time_h), _column("amount_mcg", amount_mcg))
        order = np.argsort(time, kind="stable")
        return cls.of(time_h=time[order], evid=1, amount_mcg=amount[order])

    @classmethod
    def observations(cls, *, time_h: ArrayLike) -> Records:
        """Return one observation record for each time, in order of time."""
        return cls.of(time_h=np.sort(_column("time_h", time_h)), evid=0)

    @classmethod
    def joined(cls, *records: Records) -> Records:
        """Return all records in order of time; at the same time in the order of the arguments."""
        if not records:
            raise KineticsError("There is nothing to join.", accepted="one or more sets of records", where="records")
        columns = {field.name: np.concatenate([getattr(part, field.name) for part in records]) for field in fields(cls)}
        order = np.argsort(columns["time_h"], kind="stable")
        return cls(**{name: column[order] for name, column in columns.items()})


def _column(name: str, value: ArrayLike) -> NDArray[Any]:
    try:
        array = np.atleast_1d(np.asarray(value)).astype(np.float64, casting="same_kind")
    except (TypeError, ValueError):
        array = None
    if array is None or array.ndim != 1 or array.size == 0:
        raise KineticsError(
            f"Column {_COLUMNS[name]} is not a list of numbers: '{value!s}'.",
            value=value,
            accepted="a number for each record, or one number for all",
            where=f"records, {_COLUMNS[name]}",
        )
    return array


def _refuse(column: str, index: int, values: NDArray[Any], wrong: str, *, accepted: str) -> None:
    raise KineticsError(
        f"'{values[index]:.17g}' {wrong}; accepted is {accepted}.",
        value=f"{values[index]:.17g}",
        accepted=accepted,
        where=f"record {index + 1}, {column}",
    )


class Wrong(NamedTuple):
    """The first record that means nothing: its place counted from 0, the column, what is wrong, what is accepted."""

    place: int
    column: str
    says: str
    accepted: str


def first_wrong(
    columns: dict[str, NDArray[Any]], begins: NDArray[np.bool_] | None = None, *, time: str = "h", amount: str = "mcg"
) -> Wrong | None:
    """Return the first thing that means nothing, by record and then by column; None where all of it means something.

    Args:
        columns: By the names of `Records`, in their order; in any unit, since only signs and zeros are judged, and
            how often AMT / RATE holds II.
        begins: Where another subject begins, whose time may be earlier; None for one subject.
        time: The unit of times, for the words of what is accepted.
        amount: The unit of amounts, likewise.
    """
    found = [
        Wrong(int(np.argmax(bad)), _COLUMNS[name], wrong, accepted)
        for name, bad, wrong, accepted in _rules(columns, begins, time, amount)
        if bad.any()
    ]
    return min(found, key=lambda item: item.place, default=None)


def _check(columns: dict[str, NDArray[Any]]) -> None:
    wrong = first_wrong(columns)
    if wrong is not None:
        name = next(name for name, column in _COLUMNS.items() if column == wrong.column)
        _refuse(wrong.column, wrong.place, columns[name], wrong.says, accepted=wrong.accepted)


def _rules(
    columns: dict[str, NDArray[Any]], begins: NDArray[np.bool_] | None, of_time: str, of_amount: str
) -> list[tuple[str, NDArray[np.bool_], str, str]]:
    """Return column, where it is wrong, what is wrong, and what is accepted."""
    time, evid, amount, rate, interval, additional, steady, compartment = columns.values()
    whole = [(name, columns[name] != np.floor(columns[name]), "is not a whole number", "one") for name in _WHOLE]
    backward = np.concatenate([[False], time[1:] < time[:-1]])
    if begins is not None:
        backward &= ~begins
    dosing = (evid == 1) | (evid == 4)  # noqa: PLR2004 - NONMEM's codes
    at_steady = steady > 0
    constant = at_steady & (amount == 0) & (rate > 0)
    # A division by zero, or of what is no number, is refused by another rule.
    with np.errstate(all="ignore"):
        overlaps = at_steady & (rate > 0) & (interval > 0) & (amount / rate / interval > MOST_ADDITIONAL)
    return [
        *((name, ~np.isfinite(column), "is not a finite number", "one") for name, column in columns.items()),
        *whole,
        ("time_h", time < 0, "is before the start of time", f"a time of at least 0 {of_time}"),
        ("time_h", backward, "is before the record above", "a time that does not go back"),
        ("evid", ~np.isin(evid, (0, 1, 2, 3, 4)), "is no kind of record", "0, 1, 2, 3 or 4"),
        ("compartment", compartment != 1, "is not the central compartment", "1: doses and levels are of blood"),
        *(
            (name, ~dosing & (columns[name] != 0), "stands on a record that is no dose", "0 unless EVID is 1 or 4")
            for name in _OF_A_DOSE
        ),
        ("amount_mcg", amount < 0, "is negative", f"an amount of at least 0 {of_amount}"),
        (
            "rate_mcg_per_h",
            np.isin(rate, (-1, -2)),
            "asks for a modeled rate or duration",
            "a rate of at least 0: write the rate itself",
        ),
        ("rate_mcg_per_h", rate < 0, "is negative", f"a rate of at least 0 {of_amount}/{of_time}"),
        ("interval_h", interval < 0, "is negative", f"an interval of at least 0 {of_time}"),
        (
            "additional",
            (additional < 0) | (additional > MOST_ADDITIONAL),
            "is out of range",
            f"0 to {MOST_ADDITIONAL} additional doses",
        ),
        ("steady", ~np.isin(steady, (0, 1, 2)), "is no kind of steady state", "0, 1 or 2"),
        (
            "rate_mcg_per_h",
            ~at_steady & (rate > 0) & (amount == 0),
            "has no amount",
            "RATE with AMT above 0, or with SS for the steady state of a constant infusion",
        ),
        ("interval_h", (additional > 0) & (interval == 0), "gives ADDL no interval", "II above 0 beside ADDL"),
        (
            "additional",
            constant & (additional > 0),
            "follows a steady constant infusion",
            "ADDL 0 there: the infusion has no amount that could be given again",
        ),
        ("interval_h", constant & (interval > 0), "stands beside an infusion without amount", "II 0, or AMT above 0"),
        ("interval_h", at_steady & (amount > 0) & (interval == 0), "gives SS no interval", "II above 0 beside SS"),
        (
            "interval_h",
            overlaps,
            f"is an interval in which more than {MOST_ADDITIONAL:,} infusions of AMT at RATE overlap",
            f"II of at least AMT / RATE / {MOST_ADDITIONAL:,}",
        ),
        ("amount_mcg", at_steady & (amount == 0) & (rate == 0), "has no steady state", "AMT or RATE above 0 beside SS"),
    ]
