"""The names of `inotrope.kinetics` that the laws speak of, in one place, and short ways to build what they take.

A row of parameters is a plain tuple here: (CL, V1), (CL, V1, Q2, V2) or (CL, V1, Q2, V2, Q3, V3), in L/h and L.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from inotrope.kinetics import (
    Parameters,
    Records,
    Timeline,
    amounts,
    at_times,
    auc,
    concentrations,
    constant,
    effect_site,
    expand,
    half_lives,
    last_carried_forward,
    next_carried_backward,
    peak,
    states,
    steady_concentration,
    time_above,
    time_to_steady_share,
    trough,
)

NAMES = ("clearance_l_per_h", "volume_l", "q2_l_per_h", "v2_l", "q3_l_per_h", "v3_l")

__all__ = [
    "NAMES",
    "Parameters",
    "Records",
    "Timeline",
    "amounts",
    "at_times",
    "auc",
    "concentrations",
    "constant",
    "effect_site",
    "expand",
    "half_lives",
    "last_carried_forward",
    "next_carried_backward",
    "parameters",
    "peak",
    "states",
    "steady_concentration",
    "time_above",
    "time_to_steady_share",
    "timeline",
    "trough",
]


def parameters(*rows: Sequence[Any]) -> Parameters:
    """One patient whose parameters stand in these rows, one row for each time."""
    return Parameters.of(
        **{name: np.array(column) for name, column in zip(NAMES, zip(*rows, strict=True), strict=False)}
    )


def timeline(
    begin_h: Sequence[float], rate_mcg_per_h: Sequence[Any], bolus_mcg: Sequence[Any], row: Sequence[int] | None = None
) -> Timeline:
    """A plain regimen; `row` tells which row of parameters holds in each segment."""
    made = Timeline.of_rates(np.array(begin_h), np.array(rate_mcg_per_h), np.array(bolus_mcg))
    return made if row is None else dataclasses.replace(made, row=np.array(row))
