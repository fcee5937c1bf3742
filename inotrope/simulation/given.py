"""What is given over time, and at which times the levels are asked for.

Knows regimens as text and what a case records, in hours from their start or from the case's `now`. Does not know where
the drug goes.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike

from inotrope.dosing import History, WrittenRegimen
from inotrope.errors import RequestError, shorten
from inotrope.forecast.giving import flows
from inotrope.population import Flow, changes, timeline
from inotrope.simulation.answer import Floats
from inotrope.simulation.levels import Doses
from inotrope.simulation.person import SPAN_H
from inotrope.units import Quantity, read_quantity

MOST_TIMES = 200_000
"""Times of one curve: a second-by-second curve of two days."""
DAY_H = Decimal(24)
_ONE_KG = Quantity(Decimal(1), "kg")
_PER_WEIGHT = ("rate per body weight", "dose per body weight")
_STEPS = ((Decimal(2), Quantity(Decimal(1), "min")), (Decimal(48), Quantity(Decimal(15), "min")))
_LONG_STEP = Quantity(Decimal(1), "h")
"""The step that nobody named: up to 2 h a minute, up to 48 h a quarter of an hour, beyond an hour."""


class Given:
    """What flows: for each kilogram, and for the whole patient."""

    def __init__(self, per_kg: Iterable[Flow], fixed: Iterable[Flow]) -> None:
        """Keep both, and find every moment at which something changes."""
        self.per_kg, self.fixed = tuple(per_kg), tuple(fixed)
        self.changes = changes((*self.per_kg, *self.fixed))

    @classmethod
    def of_regimen(cls, regimen: WrittenRegimen) -> Given:
        """Return what a regimen gives, from 0 h on."""
        per_kg: list[Flow] = []
        fixed: list[Flow] = []
        for timed in regimen.timed():
            written = timed.part.rate or timed.part.dose
            if written is not None:
                end = np.inf if timed.end_h is None else float(timed.end_h)
                flow = Flow(float(timed.start_h), end, float(timed.part.mcg_per_h(_ONE_KG)))
                (per_kg if written.dimension in _PER_WEIGHT else fixed).append(flow)
        return cls(per_kg, fixed)

    @classmethod
    def of_case(cls, past: History, regimen: WrittenRegimen | None, weight: Quantity) -> Given:
        """Return what a case records, and the regimen from `now` on."""
        return cls((), flows(past, regimen, weight))

    def doses(self, begin_h: Floats, row: ArrayLike) -> Doses:
        """Return it cut into segments, each with its row of the parameters."""
        return Doses(timeline(self.per_kg, begin_h, row), timeline(self.fixed, begin_h, row))


def times_of(
    times_h: ArrayLike | None, until: str | Quantity | None, step: str | Quantity | None, *, end_h: Decimal
) -> Floats:
    """Return the times of a curve, in order.

    Args:
        times_h: The times themselves, h, from 0 on; an empty list asks for none, and gets none.
        until: The end, in place of them: it is the last time, also where no whole step ends there.
        step: Between two of them; by default a minute up to 2 h, 15 min up to 48 h, an hour beyond.
        end_h: The last time where none is asked for.

    Raises:
        RequestError: Times that go back, are no hours from 0 on or beyond 366 days; a grid without or with too many
            times; both asked.
        UnitError: A step or an end without a unit.
    """
    if times_h is not None:
        if until is not None or step is not None:
            raise RequestError("Times are given, and a step or an end as well. Give one of them.")
        return _proved(times_h)
    last = end_h if until is None else _hours("The end", until)
    if step is None:
        usual = next((width for end, width in _STEPS if last <= end), _LONG_STEP)
        width = min(usual.in_unit("h"), last)
    else:
        width = _hours("The step", step)
    # Ten minutes are no finite decimal of an hour, and 36 of them are six hours all the same.
    # Both are above zero: reading demands it.
    count = int(last / width + Decimal("1e-9"))
    if not 1 <= count <= MOST_TIMES:
        raise RequestError(
            f"A curve up to {until or f'{last:.6g} h'} in steps of {step or f'{width:.6g} h'} has {count:,} steps.",
            value=str(step),
            accepted=f"1 to {MOST_TIMES:,}",
        )
    times = [float(width * place) for place in range(count + 1)]
    # The end itself comes too where no whole step falls on it.
    times += [float(last)] if last / width - count > Decimal("1e-9") else []
    return _soon_enough(np.array(times))


def _soon_enough(times: Floats) -> Floats:
    """Return the times, proved to lie where an age still grows: a covariate that stood still there would be silent."""
    if times.size and times[-1] > SPAN_H:
        raise RequestError(
            f"A curve up to {times[-1]:g} h is more than 366 days long. Ask for a shorter one.",
            value=times[-1],
            accepted=f"at most {SPAN_H:g} h",
        )
    return times


def _hours(what: str, written: str | Quantity) -> Decimal:
    if isinstance(written, str):
        written = read_quantity(written, what=what, dimensions=("time",))
    return written.in_unit("h")


def _proved(times_h: ArrayLike) -> Floats:
    try:
        times = np.atleast_1d(np.asarray(times_h, dtype=np.float64))
    except (TypeError, ValueError):
        raise RequestError(f"The times are no numbers: {shorten(str(times_h))}. Give hours.") from None
    if times.ndim != 1:
        raise RequestError(f"The times have the shape {times.shape}. Give one list of hours.", value=str(times.shape))
    wrong = ~np.isfinite(times) | (times < 0)
    wrong[1:] |= ~(times[1:] >= times[:-1])
    if wrong.any():
        place = int(np.argmax(wrong))
        raise RequestError(
            f"Time '{times[place]:g}' at position {place} is no hour from 0 on, or is before the one in front of it.",
            value=times[place],
            accepted="finite hours from 0 on, in order",
            where=f"times_h[{place}]",
        )
    return _soon_enough(times)


def end_of(regimen: WrittenRegimen) -> Decimal:
    """Return when a regimen ends, h; a day after the beginning of a last part without an end."""
    last = regimen.timed()[-1]
    return last.start_h + DAY_H if last.end_h is None else last.end_h
