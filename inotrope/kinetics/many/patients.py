"""Many patients at once: every one with his own doses, parameters and times, one after the other in flat arrays.

Knows how the shapes of one patient (`Timeline`, `Parameters`) are laid end to end without padding, what of it would be
meaningless, and how threads share the work. The answer does not depend on the number of threads nor on the order of
patients: each is computed alone, by the same instructions. Does not know where patients come from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import KineticsError
from inotrope.kinetics.many import laying, proving
from inotrope.kinetics.many.machine import Floats, Integers
from inotrope.kinetics.many.walk import GENERAL, SHARED, kernel_of
from inotrope.kinetics.parameters import Parameters
from inotrope.kinetics.timeline import Timeline

PARTS_PER_THREAD = 8
"""Parts that the patients are cut into for each thread: where one thread is held up, the others take more of them."""
WORK_OF_A_SEGMENT = 32
"""A segment costs about as much as this many times; used only to cut the work into like parts."""


@dataclass(frozen=True, slots=True)
class Many:
    """N patients, end to end; `S` segments, `R` parameter rows, `C` cycles and `T` times of all of them together.

    Build it by `Many.of` from the shapes of one patient, or straight from arrays: both are checked. Arrays are taken as
    they are where kind and layout fit, and must not be changed afterwards.

    Attributes:
        offset_segment: `(N + 1,)`: patient k has the segments from `offset_segment[k]` up to `offset_segment[k + 1]`.
        begin_h: `(S,)` h, as all of a segment's columns; see `Timeline`.
        rate_mcg_per_h: `(S,)` mcg/h.
        bolus_mcg: `(S,)` mcg.
        reset: `(S,)`.
        steady: `(S,)`: -1, or the index into `cycles` of all patients.
        row: `(S,)`: the row of `parameters`, counted over all patients.
        cycles: `(C, 4)`: rate (mcg/h), duration (h), interval (h) and bolus (mcg) of each steady state; see `Cycle`.
        cycle_add: `(C,)`.
        cycle_row: `(C,)`: the row of `parameters`, counted over all patients.
        parameters: `(R, 2 c)` for c compartments: CL, V1, Q2, V2, Q3, V3 (L/h and L).
        offset_time: `(N + 1,)`: the same for times.
        time_h: `(T,)` h; each patient's times do not go back.
        first_time: `(S,)`: for each segment the first of the patient's times, counted over all patients, that reads it
            or a later one; empty where a time reads the last segment that begins no later.
    """

    offset_segment: Integers
    begin_h: Floats
    rate_mcg_per_h: Floats
    bolus_mcg: Floats
    reset: NDArray[np.bool_]
    steady: Integers
    row: Integers
    cycles: Floats
    cycle_add: NDArray[np.bool_]
    cycle_row: Integers
    parameters: Floats
    offset_time: Integers
    time_h: Floats
    first_time: Integers

    def __post_init__(self) -> None:
        """Bring the arrays into the form that kernels read.

        Raises:
            KineticsError: An array has another shape than said above, points to what is not there, goes back in time,
                or holds a number that means nothing; it names the array and the position.
        """
        for name, kind in laying.KINDS.items():
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), dtype=kind))
        proving.check(self)

    @classmethod
    def of(
        cls,
        timelines: Timeline | Sequence[Timeline],
        parameters: Parameters | Sequence[Parameters],
        times_h: ArrayLike | Sequence[ArrayLike] = (),
        *,
        segments: Sequence[ArrayLike] | None = None,
        dose_scale: ArrayLike = 1.0,
    ) -> Many:
        """Return the patients with these doses, parameters and times.

        Args:
            timelines: One for each patient, or one for all of them.
            parameters: One for each patient, without leading axes; or one with the shape `(patients, rows)`.
            times_h: h, one array for each patient, or one for all of them.
            segments: For each patient the segment that each time reads, such as `Expanded.observed_segment`; None: a
                time reads the last segment that begins no later.
            dose_scale: What every rate and bolus of a patient is multiplied by, such as his weight where the timeline
                is that of one kilogram; one, or one for each.

        Raises:
            KineticsError: The numbers of patients differ, a number is complex, or as `Many(...)`.
        """
        return cls(**laying.laid(timelines, parameters, times_h, segments=segments, dose_scale=dose_scale))

    @property
    def patients(self) -> int:
        """Return how many patients there are."""
        return int(self.offset_segment.size - 1)

    @property
    def compartments(self) -> int:
        """Return 1, 2 or 3: the same for all patients."""
        return int(self.parameters.shape[1] // 2)

    def taken(self, patients: ArrayLike) -> Many:
        """Return these patients, in this order."""
        return Many(**laying.taken(self, np.asarray(patients, dtype=np.int64)))


def concentrations_of_many(
    many: Many, times_h: ArrayLike | None = None, *, out: Floats | None = None, threads: int = 1
) -> Floats:
    """Return the concentration of each patient at each of his times.

    Args:
        many: The patients.
        times_h: h, in order: the same times for all, in place of each patient's own.
        out: float64, contiguous, written to and returned; None makes an array. Memory that was written to before is
            faster.
        threads: How many work at once; the answer is the same for any number.

    Returns:
        ng/mL, `(T,)`, in the order of `many.time_h`; `(N, times)` for the same times. 0 before everything.

    Raises:
        KineticsError: `out` does not fit, `threads` is below 1, or times are not finite or not in order.
    """
    shared = times_h is not None
    times = laying.shared_times(times_h) if shared else many.time_h
    shape = (many.patients, times.size) if shared else (times.size,)
    walk = kernel_of(many.compartments, SHARED if shared else GENERAL)
    return walked(many, walk, buffer(out, shape), (many.offset_time, times, many.first_time), threads=threads)


def walked(
    many: Many,
    walk: Callable[..., None],
    out: Floats,
    times: tuple[object, ...],
    *,
    threads: int,
) -> Floats:
    """Let a kernel write the concentrations of all patients, in parts of about the same work.

    Args:
        many: The patients.
        walk: The kernel.
        out: Where to write: `(T,)`, or `(N, times)` where all patients have the same.
        times: What the kernel takes behind the columns: which times are asked for.
        threads: At least 1.

    Raises:
        KineticsError: `threads` is below 1.
    """
    own = out.ndim == 1
    same = 0 if own else out.shape[1]
    columns = [getattr(many, name) for name in laying.SEGMENT_KINDS]
    offset_time = many.offset_time if own else np.arange(many.patients + 1) * same
    flat = out.reshape(-1)

    def part(start: int, stop: int) -> None:
        walk(*columns, *times, same, start, stop, flat)

    in_parts(part, offset_time + WORK_OF_A_SEGMENT * many.offset_segment, threads=threads)
    return out


def in_parts(part: Callable[[int, int], None], work: Integers, *, threads: int) -> None:
    """Do all patients, in parts of about the same work, on so many threads.

    Args:
        part: Does the patients from the first number up to the second.
        work: `(N + 1,)`: the work in front of each patient, not falling.
        threads: At least 1.

    Raises:
        KineticsError: `threads` is below 1.
    """
    if threads < 1:
        raise KineticsError(
            f"'threads' is '{threads}'.", value=threads, accepted="a number of at least 1", where="threads"
        )
    patients = work.size - 1
    if threads == 1 or patients <= 1:
        part(0, patients)
        return
    marks = np.linspace(work[0], work[-1], threads * PARTS_PER_THREAD + 1)
    cuts = np.unique(np.concatenate([[0], np.searchsorted(work, marks[1:-1]), [patients]])).tolist()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(part, cuts[:-1], cuts[1:]))


def buffer(out: Floats | None, shape: tuple[int, ...]) -> Floats:
    """Return the caller's array where it fits, or a new one.

    Raises:
        KineticsError: It does not fit.
    """
    if out is None:
        return np.empty(shape)
    if out.shape != shape or out.dtype != np.float64 or not out.flags.c_contiguous or not out.flags.writeable:
        raise KineticsError(
            f"'out' is an array of {out.dtype} with the shape {out.shape}.",
            value=out.shape,
            accepted=f"float64, {shape}, contiguous and writable",
            where="out",
        )
    return out
