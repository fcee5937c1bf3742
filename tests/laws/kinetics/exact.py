"""The same kinetics a second time: the rate equations as one matrix, and its exponential by mpmath at 60 digits.

No roots, no projectors, no closed form: nothing here can share a mistake with the engine but the equations themselves.
The matrix carries, below the compartments, the effect site, the area under the concentration and the infusion rate, so
that an infusion and its area are one exponential like everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from mpmath import mp, mpf

DIGITS = 60
Row = tuple[Any, ...]
"""CL, V1, then Q and V of each further compartment; L/h and L, floats or mpf."""


class Exact:
    """The state of one patient: amounts (mcg), effect site (ng/mL), area so far (ng/mL*h)."""

    def __init__(self, compartments: int, equilibration_per_h: Any = 0) -> None:
        self.compartments = compartments
        self.equilibration = mpf(equilibration_per_h)
        self.values = [mpf(0)] * (compartments + 2)

    def copy(self) -> Exact:
        other = Exact(self.compartments, self.equilibration)
        other.values = list(self.values)
        return other

    def advance(self, row: Row, rate: Any, hours: Any) -> Exact:
        """The state `hours` later under a constant rate (mcg/h)."""
        other = self.copy()
        if hours > 0:
            with mp.workdps(DIGITS):
                moves = transition(tuple(mpf(number) for number in row), mpf(hours), self.equilibration)
                before = [*self.values, mpf(rate)]
                other.values = [mp.fdot(line, before) for line in moves[:-1]]
        return other

    def add(self, amounts: Sequence[Any]) -> Exact:
        other = self.copy()
        for index, amount in enumerate(amounts):
            other.values[index] += mpf(amount)
        return other

    def emptied(self) -> Exact:
        """Amounts gone; the area so far stays."""
        other = Exact(self.compartments, self.equilibration)
        other.values[-1] = self.values[-1]
        return other

    @property
    def amounts(self) -> list[Any]:
        return self.values[: self.compartments]

    @property
    def effect(self) -> Any:
        return self.values[-2]

    @property
    def area(self) -> Any:
        return self.values[-1]


@lru_cache(maxsize=4096)
def transition(row: Row, hours: Any, equilibration: Any) -> list[list[Any]]:
    """exp of the whole matrix times `hours`, as a list of lines."""
    compartments = len(row) // 2
    volume = row[1]
    matrix = mp.zeros(compartments + 3)
    matrix[0, 0] = -row[0] / volume
    for other in range(1, compartments):
        flow, size = row[2 * other], row[2 * other + 1]
        matrix[0, 0] -= flow / volume
        matrix[0, other] = matrix[other, other] = flow / size
        matrix[other, other] *= -1
        matrix[other, 0] = flow / volume
    matrix[compartments, 0] = equilibration / volume
    matrix[compartments, compartments] = -equilibration
    matrix[compartments + 1, 0] = 1 / volume
    matrix[0, compartments + 2] = 1
    return mp.expm(matrix * hours).tolist()


def steady(row: Row, *, rate: Any, duration: Any, interval: Any, amount: Any) -> list[Any]:
    """Amounts just before a dose after 2^64 equal ones: the cycle's own affine map, put after itself 64 times.

    An infusion longer than its interval overlaps the next ones: floor(duration / interval) of them always run, and one
    more in the first part of each cycle. `interval` 0 is an infusion that has run for ever.
    """
    compartments = len(row) // 2
    with mp.workdps(DIGITS):
        if interval == 0:
            pieces = [(mpf(rate), mpf(1))]
        else:
            always = int(mp.floor(mpf(duration) / mpf(interval))) if rate else 0
            first = mpf(duration) - always * mpf(interval) if rate else mpf(0)
            pieces = [((always + 1) * mpf(rate), first), (always * mpf(rate), mpf(interval) - first)]
        # Columns of the map: where nothing goes, and where one mcg of each compartment goes.
        columns = []
        for start in range(-1, compartments):
            state = Exact(compartments).add([mpf(start == index) for index in range(compartments)])
            if start < 0 and not rate:
                state = state.add([mpf(amount)])
            for running, hours in pieces:
                state = state.advance(row, running if start < 0 else 0, hours)
            columns.append(state.amounts)
        shift = mp.matrix(columns[0])
        moves = mp.matrix(columns[1:]).T
        for _ in range(64):
            shift = moves * shift + shift
            moves = moves * moves
        return [shift[index] for index in range(compartments)]


def follow(
    begin_h: Sequence[float],
    rates: Sequence[Any],
    boluses: Sequence[Any],
    rows: Sequence[Row],
    times_h: Sequence[Any],
    *,
    equilibration_per_h: Any = 0,
) -> list[tuple[Exact, Row]]:
    """The state at each time (just after a bolus of the same time) and the parameters that hold there.

    `rows` has one entry for each segment.
    """
    at_begin = []
    state = Exact(len(rows[0]) // 2, equilibration_per_h)
    for index, begin in enumerate(begin_h):
        if index:
            state = state.advance(rows[index - 1], rates[index - 1], mpf(begin) - mpf(begin_h[index - 1]))
        state = state.add([boluses[index]])
        at_begin.append(state)
    found = []
    for time in times_h:
        held = max(index for index, begin in enumerate(begin_h) if begin <= time)
        later = at_begin[held].advance(rows[held], rates[held], mpf(time) - mpf(begin_h[held]))
        found.append((later, rows[held]))
    return found


def as_floats(states: Sequence[Exact]) -> np.ndarray:
    """Amounts (times, compartments)."""
    return np.array([[float(amount) for amount in state.amounts] for state in states])


def of_the_state(found: np.ndarray, expected: np.ndarray, floor: float = 1e-6) -> float:
    """The largest error as a share of all drug in the body at that time, or of `floor` of the most there ever was.

    The central amount alone is no measure: in ten days of washout it can hold 1e-8 of what the body still has.
    """
    body = np.abs(expected).sum(axis=-1, keepdims=True)
    error = np.abs(found - expected) / np.maximum(body, max(float(body.max()) * floor, 1e-290))
    assert np.all(np.isfinite(error))
    return float(error.max())
