"""What many patients, laid end to end, must be before machine code reads them: it does not look where it steps.

Knows shapes, order and sense of every array of `Many`. Looks at them block by block, so that 20 million times need
no second array of their size. Does not change anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import KineticsError
from inotrope.kinetics.solving import ROUNDING_H

if TYPE_CHECKING:
    from inotrope.kinetics.many.patients import Many

BLOCK = 1 << 20
"""Numbers looked at in one go."""
Judge = Callable[[NDArray[Any]], NDArray[np.bool_]]


def check(many: Many) -> None:
    """Raise for the first array that means nothing; the error names it and the position."""
    _shapes(many)
    rows, cycles = len(many.parameters), len(many.cycles)
    _all("row", many.row, lambda row: (row >= 0) & (row < rows), f"0 to {rows - 1}")
    _all("cycle_row", many.cycle_row, lambda row: (row >= 0) & (row < rows), f"0 to {rows - 1}")
    _all("steady", many.steady, lambda place: (place >= -1) & (place < cycles), f"-1 to {cycles - 1}")
    for name in ("begin_h", "time_h"):
        _all(name, getattr(many, name), np.isfinite, "finite hours")
    for name in ("rate_mcg_per_h", "bolus_mcg"):
        _all(name, getattr(many, name), _dose, "finite numbers of at least 0")
    for column in range(many.parameters.shape[1]):
        name = f"parameters[:, {column}]"
        values = many.parameters[:, column]
        if column % 2:
            _all(name, values, lambda volume: np.isfinite(volume) & (volume > 0), "finite volumes above 0")
        else:
            _all(name, values, _dose, "finite clearances of at least 0")
    _in_order("begin_h", many.begin_h, many.offset_segment)
    _in_order("time_h", many.time_h, many.offset_time)
    _cycles(many)
    if many.first_time.size:
        _first_times(many)


def _dose(values: NDArray[Any]) -> NDArray[np.bool_]:
    sound: NDArray[np.bool_] = np.isfinite(values) & (values >= 0)
    return sound


def _shapes(many: Many) -> None:
    segments, cycles = many.begin_h.size, many.cycle_row.size
    for name in ("begin_h", "rate_mcg_per_h", "bolus_mcg", "reset", "steady", "row"):
        _shape(name, getattr(many, name), (segments,))
    _shape("cycles", many.cycles, (cycles, 4))
    _shape("cycle_add", many.cycle_add, (cycles,))
    _shape("cycle_row", many.cycle_row, (cycles,))
    _shape("time_h", many.time_h, (many.time_h.size,))
    _shape("first_time", many.first_time, (segments if many.first_time.size else 0,))
    _shape("offset_time", many.offset_time, (max(many.offset_segment.size, 1),))
    columns = many.parameters.shape[1:]
    if columns not in ((2,), (4,), (6,)):
        _refuse("parameters", many.parameters.shape, "(rows, 2), (rows, 4) or (rows, 6)", "has the shape")
    for name, offset, end in (
        ("offset_segment", many.offset_segment, segments),
        ("offset_time", many.offset_time, many.time_h.size),
    ):
        if offset.ndim != 1 or offset[0] != 0 or offset[-1] != end or (offset[1:] < offset[:-1]).any():
            _refuse(name, offset, f"numbers from 0 to {end} that do not fall, one more than patients", "is")


def _shape(name: str, array: NDArray[Any], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        _refuse(name, array.shape, shape, "has the shape")


def _refuse(name: str, value: object, accepted: object, verb: str, place: int | None = None) -> None:
    at = "" if place is None else f" at position {place}"
    raise KineticsError(
        f"'{name}' {verb} '{value}'{at}; accepted: {accepted}.",
        value=value,
        accepted=str(accepted),
        where=name if place is None else f"{name}[{place}]",
    )


def _all(name: str, values: NDArray[Any], judge: Judge, accepted: str) -> None:
    for start in range(0, values.size, BLOCK):
        sound = judge(values[start : start + BLOCK])
        if not sound.all():
            place = start + int(np.argmin(sound))
            _refuse(name, values[place], accepted, "is", place)


def _in_order(name: str, values: NDArray[Any], offset: NDArray[np.int64]) -> None:
    """Raise where a value is below the one in front of it, of the same patient."""
    for start in range(0, values.size, BLOCK):
        few = values[start : start + BLOCK + 1]
        back = start + 1 + np.flatnonzero(few[1:] < few[:-1])
        # The first of a patient's may lie before the last of the patient in front of him.
        wrong = back[offset[np.searchsorted(offset, back)] != back]
        if wrong.size:
            _refuse(name, values[wrong[0]], "values that do not go back", "is", int(wrong[0]))


def _cycles(many: Many) -> None:
    for column, name in ((0, "cycles[:, 0]"), (2, "cycles[:, 2]"), (3, "cycles[:, 3]")):
        _all(name, many.cycles[:, column], _dose, "finite numbers of at least 0")
    duration, interval = many.cycles[:, 1], many.cycles[:, 2]
    _all("cycles[:, 1]", duration, lambda hours: hours >= 0, "hours of at least 0")
    repeated = np.isinf(duration) | (interval > 0)
    _all("cycles[:, 2]", np.where(repeated, 1.0, interval), lambda hours: hours > 0, "an interval above 0 h")
    # Nothing eliminated, no steady state.
    _all("clearance of cycles", many.parameters[many.cycle_row, 0], lambda clearance: clearance > 0, "above 0 L/h")


def _first_times(many: Many) -> None:
    patient = np.repeat(np.arange(many.offset_segment.size - 1), np.diff(many.offset_segment))
    first, low, high = many.first_time, many.offset_time[patient], many.offset_time[patient + 1]
    inside = (first >= low) & (first <= high)
    _all("first_time", np.where(inside, 0, -1), lambda sign: sign == 0, "a place among the patient's times")
    _in_order("first_time", first, many.offset_segment)
    following = np.append(first[1:], many.time_h.size)
    last_of_patient = many.offset_segment[1:][np.diff(many.offset_segment) > 0] - 1
    following[last_of_patient] = high[last_of_patient]
    reads = np.flatnonzero(following > first)
    early = many.time_h[first[reads]] < many.begin_h[reads] - ROUNDING_H
    if early.any():
        place = int(reads[np.argmax(early)])
        _refuse("first_time", int(first[place]), f"a time from {many.begin_h[place]} h on", "is", place)
