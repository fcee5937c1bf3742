"""The steady state of a dose that was repeated for ever: the geometric sum, not repeated cycles.

Knows boluses, infusions (longer than their interval too) and the infusion without an end. Each mode sums on its own:
what one cycle adds, divided by 1 - exp(-l interval). Nothing converges, so nothing stops early: engines that repeat
doses until two cycles agree are off by 1e-9.
"""

from __future__ import annotations

import math

import numpy as np

from inotrope.errors import KineticsError
from inotrope.kinetics.parameters import Array, Parameters
from inotrope.kinetics.roots import Modes
from inotrope.kinetics.timeline import Cycle
from inotrope.kinetics.transition import filling


def check_elimination(parameters: Parameters, row: int) -> None:
    """Raise where no steady state can be entered, since nothing is eliminated.

    Args:
        parameters: All draws are looked at.
        row: The parameter row of the steady-state record.

    Raises:
        KineticsError: A clearance of that row is 0.
    """
    if not parameters.taken(np.array([row])).clearance_l_per_h.real.all():
        raise KineticsError(
            "'clearance_l_per_h' is '0': nothing is eliminated, so there is no steady state.",
            value=0.0,
            accepted="a clearance above 0 wherever a record asks for a steady state",
            where=f"parameters: clearance_l_per_h, row {row}",
        )


def cycle_amounts(cycle: Cycle, modes: Modes) -> Array:
    """Return the amounts just before the next dose of a cycle, `(to, ..., 1)` mcg.

    Args:
        cycle: The dose and its interval.
        modes: Of the cycle's parameter row alone. Clearance is above 0.
    """
    held = gathered(cycle, modes.roots)
    gained: Array = (modes.projectors[:, :, 0] * held[:, None]).sum(axis=0)
    return gained


def phases(cycle: Cycle) -> list[tuple[float, float]]:
    """Return hours and rate (mcg/h) of the stretches of one cycle, from dose to dose.

    At the beginning of a cycle so many infusions of earlier cycles still run as whole intervals fit into the duration.
    """
    whole, rest = _overlap(cycle)
    rate = cycle.rate_mcg_per_h
    return [(rest, (whole + 1) * rate), (cycle.interval_h - rest, whole * rate)]


def _overlap(cycle: Cycle) -> tuple[int, float]:
    rest = math.fmod(cycle.duration_h, cycle.interval_h)
    return round((cycle.duration_h - rest) / cycle.interval_h), rest


def gathered(cycle: Cycle, roots: Array) -> Array:
    """Return what each mode holds for each share of the central dose that goes to it."""
    # A root of 0 belongs to a compartment that is shut off, and to which no dose goes.
    still = roots == 0
    root = np.where(still, 1.0, roots)
    if math.isinf(cycle.duration_h):
        return np.where(still, 0.0, cycle.rate_mcg_per_h / root)
    interval = np.array(cycle.interval_h)
    kept = -np.expm1(-root * interval)
    held = cycle.bolus_mcg * np.exp(-root * interval) / kept
    if cycle.rate_mcg_per_h:
        whole, rest = _overlap(cycle)
        last = filling(root, np.array(rest)) * np.exp(-root * (interval - rest)) / kept
        held = held + cycle.rate_mcg_per_h * (whole / root + last)
    return np.where(still, 0.0, held)
