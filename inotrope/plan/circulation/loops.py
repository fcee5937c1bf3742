"""The loops of both ventricles before and during the drug, by every member of a fit; they alone need Numba.

Knows which points of a beat are kept. Without Numba it says so, and everything else stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from inotrope.circulation import Heart
from inotrope.circulation.arrays import Array
from inotrope.errors import CirculationError
from inotrope.plan.circulation.members import Members
from inotrope.plan.circulation.record import BEFORE, DURING, Loop

if TYPE_CHECKING:
    from inotrope.circulation.beats import Beat

POINTS = 100
"""Of each loop: no eye sees more."""
STEPS = (4 * POINTS, 8 * POINTS, 16 * POINTS)
"""Of a beat: a stiff heart needs shorter ones."""
WITHOUT = (
    "The loops are not shown: they are computed beat by beat, which needs Numba. Run: pip install "
    "'inotrope[population]', or in a clone pip install '.[population]'. Everything else stands without it."
)


def loops_of(members: Members, during: Heart) -> tuple[Loop, ...] | str:
    """Return the loops before and during, the default member's first; or why there are none.

    Args:
        members: The patient before the drug.
        during: The hearts of the same members with drug and reflex in them, `(members,)`.
    """
    try:
        from inotrope.circulation.beats import Chambers, settled_beat  # noqa: PLC0415 - nothing else waits for Numba
    except CirculationError:
        return WITHOUT
    chambers = Chambers.of(members.heart, **members.kind.chambers)
    found: list[Loop] = []
    for when, heart in ((BEFORE, members.heart), (DURING, during)):
        beat, why = None, ""
        for steps in STEPS:
            try:
                beat = settled_beat(heart, chambers, steps=steps)
                break
            except CirculationError as problem:
                why = problem.says
        if beat is None:
            return f"The loops are not shown, for the model finds no beat that repeats itself. {why}"
        found += _of_beat(members.ids, when, heart, beat)
    return tuple(found)


def _of_beat(ids: tuple[str, ...], when: str, heart: Heart, beat: Beat) -> Iterator[Loop]:
    from inotrope.circulation.beats.cycle import LV, RV_  # noqa: PLC0415 - as above

    def each(array: Array, *more: int) -> Array:
        """Return one row for each member, also where no member differs and there is one heart."""
        return np.broadcast_to(array, (len(ids), *more))

    for side, part, work, ventricle in (
        ("left", LV, beat.left_stroke_work_mmhg_ml, heart.left),
        ("right", RV_, beat.right_stroke_work_mmhg_ml, heart.right),
    ):
        every = slice(None, None, beat.volumes_ml.shape[-1] // POINTS)
        volume, pressure = beat.volumes_ml[..., part, every], beat.pressures_mmhg[..., part, every]
        volumes, pressures = each(volume, volume.shape[-1]), each(pressure, pressure.shape[-1])
        for place, name in enumerate(ids):
            yield Loop(
                side=side,
                when=when,
                member=name,
                volume_ml=tuple(np.round(volumes[place], 2).tolist()),
                pressure_mmhg=tuple(np.round(pressures[place], 2).tolist()),
                stroke_work_mmhg_ml=round(float(each(work)[place]), 1),
                end_systolic_mmhg_per_ml=round(float(each(ventricle.elastance_mmhg_per_ml)[place]), 4),
                v0_ml=round(float(each(ventricle.v0_ml)[place]), 2),
            )
