"""Levels of many patients under one plan of doses: NumPy for few of them, machine code for many.

Knows that a plan has a part for each kilogram and a part for the whole patient, and that levels are linear in what
flows. Numba is loaded only where there is so much to compute that waiting for it is worth while; without it NumPy goes
on alone. The two differ in the last digits of a level: up to 1.4e-15 was seen, and the tests allow 1e-13.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from inotrope.kinetics import Parameters, Timeline, amounts, concentrations
from inotrope.simulation.answer import Floats

if TYPE_CHECKING:
    from inotrope.kinetics.many import Many

MUCH = 4_000_000
"""Levels; below it NumPy is done before Numba is loaded."""
BLOCK = 1_000_000
"""Levels in one go where NumPy works alone: 8 MB for each array on the way."""
Told = Callable[[int, int], None]
"""Is told how much of how much is done, for a progress bar."""


@dataclass(frozen=True, slots=True)
class Doses:
    """What flows into patients: a part for each kilogram and a part for everybody, in the same segments."""

    per_kg: Timeline
    fixed: Timeline


@dataclass(frozen=True, slots=True)
class Patients:
    """Many patients: what each weighs, (patients,), and their parameters, (patients, rows)."""

    weight_kg: Floats
    parameters: Parameters

    @property
    def count(self) -> int:
        """How many."""
        return self.weight_kg.size

    def taken(self, start: int, stop: int) -> Patients:
        """Return some of them."""
        named = {name: array[start:stop] for name, array in self.parameters.named().items()}
        return Patients(self.weight_kg[start:stop], Parameters(**named))


def machine_code(levels: int) -> bool:
    """Tell whether so many levels are computed by the kernel of many patients."""
    return levels >= MUCH and find_spec("numba") is not None


def slow(levels: int) -> bool:
    """Tell whether so many levels would be computed faster if the extra were there."""
    return levels >= MUCH and not machine_code(levels)


def levels_of(
    doses: Doses, patients: Patients, times_h: Floats, *, threads: int, told: Told, fast: bool | None = None
) -> Floats:
    """Return the levels of each patient at each time, (patients, times) ng/mL.

    Args:
        doses: What flows.
        patients: Into whom.
        times_h: (times,), in order.
        threads: For the machine code; the answer is the same for any number.
        told: Is told how many patients are done.
        fast: Whether by machine code; by default where there is much to compute.
    """
    found = np.empty((patients.count, times_h.size))
    size = max(1, BLOCK // max(times_h.size, 1))
    by_machine = machine_code(found.size) if fast is None else fast
    for start in range(0, patients.count, size):
        few = patients.taken(start, start + size)
        out = found[start : start + size]
        if by_machine:
            from inotrope.kinetics.many import Many, concentrations_of_many  # noqa: PLC0415 - it loads Numba

            many = Many.of(doses.per_kg, few.parameters, dose_scale=few.weight_kg)
            concentrations_of_many(_with_fixed(many, doses.fixed), times_h, out=out, threads=threads)
        else:
            out[:] = _by_numpy(concentrations, doses, few, times_h, few.weight_kg[:, None])
        told(min(start + size, patients.count), patients.count)
    return found


def amounts_of(doses: Doses, patients: Patients, times_h: Floats) -> Floats:
    """Return the amounts in each compartment, (patients, times, compartments) mcg."""
    return _by_numpy(amounts, doses, patients, times_h, patients.weight_kg[:, None, None])


def quantiles_of(
    doses: Doses, patients: Patients, times_h: Floats, shares: tuple[float, ...], *, threads: int, told: Told
) -> Floats:
    """Return quantiles over all patients at each time, (times, shares) ng/mL; all their curves are never held at once.

    Interpolated linearly between patients, as `numpy.quantile` does.
    """
    found = np.empty((times_h.size, len(shares)))
    size = max(1, min(times_h.size, 16 * BLOCK // patients.count))
    fast = machine_code(patients.count * times_h.size)
    for start in range(0, times_h.size, size):
        few = times_h[start : start + size]
        if fast:
            from inotrope.kinetics.many import Many, quantiles_of_many  # noqa: PLC0415 - it loads Numba

            if start == 0:
                many = _with_fixed(
                    Many.of(doses.per_kg, patients.parameters, dose_scale=patients.weight_kg), doses.fixed
                )
            found[start : start + size] = quantiles_of_many(many, few, shares, threads=threads)
        else:
            levels = np.empty((patients.count, few.size))
            step = max(1, BLOCK // few.size)
            for first in range(0, patients.count, step):
                some = patients.taken(first, first + step)
                levels[first : first + step] = _by_numpy(concentrations, doses, some, few, some.weight_kg[:, None])
            found[start : start + size] = np.quantile(levels, shares, axis=0).T
        told(min(start + size, times_h.size), times_h.size)
    return found


def _by_numpy(
    read: Callable[[Timeline, Parameters, Floats], Floats],
    doses: Doses,
    patients: Patients,
    times_h: Floats,
    weight_kg: Floats,
) -> Floats:
    found = weight_kg * read(doses.per_kg, patients.parameters, times_h) if _flows(doses.per_kg) else 0.0
    if _flows(doses.fixed) or not _flows(doses.per_kg):
        found = found + read(doses.fixed, patients.parameters, times_h)
    return np.asarray(found)


def _with_fixed(many: Many, fixed: Timeline) -> Many:
    """Return the patients with what flows into everybody alike added to what flows for each kilogram."""
    if not _flows(fixed):
        return many
    patients = many.offset_segment.size - 1
    return replace(many, rate_mcg_per_h=many.rate_mcg_per_h + np.tile(fixed.rate_mcg_per_h, patients))


def _flows(timeline: Timeline) -> bool:
    return bool(timeline.rate_mcg_per_h.any() or timeline.bolus_mcg.any())
