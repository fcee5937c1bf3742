"""How the shapes of one patient are laid end to end for `Many`, and what of it would be meaningless.

Knows offsets, shapes and the order of times. Does not compute anything, and needs NumPy alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import KineticsError
from inotrope.kinetics.parameters import Parameters
from inotrope.kinetics.timeline import BEFORE, Timeline

if TYPE_CHECKING:
    from inotrope.kinetics.many.patients import Many

SEGMENT_KINDS: dict[str, type] = {
    "offset_segment": np.int64,
    "begin_h": np.float64,
    "rate_mcg_per_h": np.float64,
    "bolus_mcg": np.float64,
    "reset": np.bool_,
    "steady": np.int64,
    "row": np.int64,
    "cycles": np.float64,
    "cycle_add": np.bool_,
    "cycle_row": np.int64,
    "parameters": np.float64,
}
"""What the walk reads of the segments, in the order in which it takes them."""
KINDS = SEGMENT_KINDS | {
    "offset_time": np.int64,
    "time_h": np.float64,
    "first_time": np.int64,
}


def laid(
    timelines: Timeline | Sequence[Timeline],
    parameters: Parameters | Sequence[Parameters],
    times_h: ArrayLike | Sequence[ArrayLike],
    *,
    segments: Sequence[ArrayLike] | None,
    dose_scale: ArrayLike,
) -> dict[str, NDArray[Any]]:
    """Return the arrays of `Many`; see `Many.of`."""
    rows, first_row, count_rows = _parameters(parameters)
    patients = first_row.size
    scale = np.broadcast_to(np.asarray(dose_scale, dtype=np.float64), (patients,))
    if isinstance(timelines, Timeline):
        own = [timelines]
        who = np.zeros(patients, dtype=np.int64)
    else:
        own = list(timelines)
        who = _matching("timelines", len(own), patients)
    columns = _timelines(own, who, first_row, count_rows, scale)
    return columns | {"parameters": rows} | _times(times_h, segments, own, who)


def _matching(name: str, count: int, patients: int) -> NDArray[np.int64]:
    if count != patients:
        raise KineticsError(
            f"There are {count} {name} and {patients} patients.",
            value=count,
            accepted=f"{patients}, one for each patient, or one for all",
            where=name,
        )
    return np.arange(patients)


def _real(name: str, array: ArrayLike) -> NDArray[np.float64]:
    if np.iscomplexobj(array):
        raise KineticsError(
            f"'{name}' is complex: derivatives are taken one patient at a time.",
            accepted="real numbers; for derivatives inotrope.kinetics.concentrations",
            where=name,
        )
    return np.asarray(array, dtype=np.float64)


def _parameters(
    parameters: Parameters | Sequence[Parameters],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return all rows, and of each patient the first row and the number of rows."""
    if isinstance(parameters, Parameters):
        columns = [_real(name, array).reshape(-1) for name, array in parameters.named().items()]
        count = np.full(columns[0].size // parameters.rows, parameters.rows)
        return np.stack(columns, axis=-1), np.arange(count.size) * parameters.rows, count
    kinds = {each.compartments for each in parameters}
    if len(kinds) != 1 or any(each.batch not in ((), (1,)) for each in parameters):
        raise KineticsError(
            f"The patients have '{sorted(kinds)}' compartments, or one of them has leading axes.",
            value=sorted(kinds),
            accepted="one or more patients with the same number of compartments, each (rows,)",
            where="parameters",
        )
    blocks = [
        np.stack([_real(name, array).reshape(-1) for name, array in each.named().items()], axis=-1)
        for each in parameters
    ]
    count = np.array([len(block) for block in blocks])
    return np.concatenate(blocks), np.cumsum(count) - count, count


def _timelines(
    own: list[Timeline],
    who: NDArray[np.int64],
    first_row: NDArray[np.int64],
    count_rows: NDArray[np.int64],
    scale: NDArray[np.float64],
) -> dict[str, NDArray[Any]]:
    """Return the columns of segments and cycles; patient k has the timeline `own[who[k]]`."""
    size = np.array([each.begin_h.size for each in own])
    of_patient, place = _places(size, who)
    columns = {
        name: np.concatenate([getattr(each, name) for each in own])
        for name in ("begin_h", "rate_mcg_per_h", "bolus_mcg", "reset", "steady", "row")
    }
    number = np.array([len(each.cycles) for each in own])
    of_cycle, cycle_place = _places(number, who)
    flat = [cycle for each in own for cycle in each.cycles]
    cycles = np.array([cycle[:4] for cycle in flat], dtype=np.float64).reshape(-1, 4)
    add = np.array([cycle.add for cycle in flat], dtype=np.bool_)
    cycle_row = np.array([cycle.row for cycle in flat], dtype=np.int64)
    before = np.cumsum(number[who]) - number[who]
    steady = columns["steady"][place]
    row, cycle_row = columns["row"][place], cycle_row[cycle_place]
    for asked, patient in ((row, of_patient), (cycle_row, of_cycle)):
        missing = (count_rows[patient] > 1) & ((asked < 0) | (asked >= count_rows[patient]))
        if missing.any():
            found = int(np.argmax(missing))
            raise KineticsError(
                f"The timeline of patient {patient[found]} asks for parameter row '{asked[found]}'.",
                value=int(asked[found]),
                accepted=f"0 to {count_rows[patient[found]] - 1}, or one row for all times",
                where=f"parameters[{patient[found]}]",
            )
    return {
        "offset_segment": _offsets(size[who]),
        "begin_h": columns["begin_h"][place],
        "rate_mcg_per_h": _real("rate_mcg_per_h", columns["rate_mcg_per_h"])[place] * scale[of_patient],
        "bolus_mcg": _real("bolus_mcg", columns["bolus_mcg"])[place] * scale[of_patient],
        "reset": columns["reset"][place],
        "steady": np.where(steady < 0, -1, steady + before[of_patient]),
        "row": first_row[of_patient] + np.where(count_rows[of_patient] > 1, row, 0),
        "cycles": cycles[cycle_place] * np.stack([scale, scale * 0 + 1, scale * 0 + 1, scale], axis=-1)[of_cycle],
        "cycle_add": add[cycle_place],
        "cycle_row": first_row[of_cycle] + np.where(count_rows[of_cycle] > 1, cycle_row, 0),
    }


def _times(
    times_h: Any,
    segments: Sequence[ArrayLike] | None,
    own: list[Timeline],
    who: NDArray[np.int64],
) -> dict[str, NDArray[Any]]:
    patients = who.size
    if _is_one_list(times_h):
        shared = np.atleast_1d(_real("time_h", times_h))
        size, time = np.full(patients, shared.size), np.tile(shared, patients)
    else:
        lists = [_real("time_h", times) for times in times_h]
        _matching("lists of times", len(lists), patients)
        size, time = np.array([times.size for times in lists]), np.concatenate(lists)
    offset = _offsets(size)
    first_time = np.empty(0, dtype=np.int64)
    if segments is not None:
        _matching("lists of segments", len(segments), patients)
        first_time = np.concatenate(
            [
                _first_times(np.asarray(segment), int(offset[patient]), int(size[patient]), own[who[patient]], patient)
                for patient, segment in enumerate(segments)
            ]
        )
    return {"offset_time": offset, "time_h": time, "first_time": first_time}


def shared_times(times_h: ArrayLike | None) -> NDArray[np.float64]:
    """Return times that serve for all patients.

    Raises:
        KineticsError: A time is not finite or before the one in front of it; it names its position.
    """
    times = np.ascontiguousarray(np.atleast_1d(_real("times_h", np.asarray(times_h))))
    wrong = ~np.isfinite(times) if times.ndim == 1 else np.ones(times.shape, dtype=np.bool_)
    wrong[1:] |= ~(times[1:] >= times[:-1])
    if wrong.any():
        place = int(np.argmax(wrong))
        raise KineticsError(
            f"'times_h' is '{times.reshape(-1)[place]}' at position {place}.",
            value=float(times.reshape(-1)[place]),
            accepted="finite hours in order, (times,)",
            where=f"times_h[{place}]",
        )
    return times


def _is_one_list(times_h: Any) -> bool:
    return np.ndim(times_h) <= 1 if isinstance(times_h, np.ndarray) else all(np.ndim(item) == 0 for item in times_h)


def _first_times(segment: NDArray[Any], begin: int, count: int, timeline: Timeline, patient: int) -> NDArray[np.int64]:
    last = timeline.begin_h.size - 1
    if segment.shape != (count,) or (count and not BEFORE <= segment.min() <= segment.max() <= last):
        wrong = f"The segments of patient {patient} have the shape {segment.shape}, or one of them is not there."
    elif (segment[1:] < segment[:-1]).any():
        wrong = f"The segments of patient {patient} go back."
    else:
        return begin + np.searchsorted(segment, np.arange(last + 1))
    raise KineticsError(
        wrong, accepted=f"for each of the {count} times a segment from 0 to {last}", where=f"segments[{patient}]"
    )


def _offsets(size: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(size)])


def _places(size: NDArray[np.int64], who: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return of each item of each patient the patient, and its place among the items that are laid end to end."""
    of_patient = np.repeat(np.arange(who.size), size[who])
    begin = np.cumsum(size) - size
    offset = _offsets(size[who])
    return of_patient, begin[who][of_patient] + np.arange(offset[-1]) - offset[of_patient]


def taken(many: Many, patients: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Return the arrays of these patients of a `Many`, in this order; parameter rows and cycles stay where they are."""
    segments, times = np.diff(many.offset_segment), np.diff(many.offset_time)
    of_segment, segment = _places(segments, patients)
    _, time = _places(times, patients)
    offset = _offsets(times[patients])
    columns = {name: getattr(many, name) for name in KINDS}
    for name in ("begin_h", "rate_mcg_per_h", "bolus_mcg", "reset", "steady", "row"):
        columns[name] = columns[name][segment]
    if many.first_time.size:
        moved = offset[:-1] - many.offset_time[patients]
        columns["first_time"] = many.first_time[segment] + moved[of_segment]
    return columns | {
        "offset_segment": _offsets(segments[patients]),
        "offset_time": offset,
        "time_h": many.time_h[time],
    }
