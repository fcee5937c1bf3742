"""Every member of a fit in one patient: calibrated, and at any level of the drug with its reflex settled.

Knows which assumptions belong to which heart. Arrays end in an axis of members, in the order that was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike

from inotrope.circulation import (
    UNCHANGED,
    Assumed,
    Bedside,
    Chain,
    Circulation,
    Drive,
    Heart,
    Reflex,
    act,
    attempt_to_settle,
    calibrate,
)
from inotrope.circulation.arrays import Array
from inotrope.population.response import HeartFile, ResponseFile


@dataclass(frozen=True, slots=True)
class Members:
    """One patient as every member of a fit sees him, before the drug.

    Attributes:
        file: The fit.
        ids: The members; the default one first.
        kind: Whose assumptions, reflex and chambers these are.
        heart: Calibrated, `(members,)`.
        reflex: Of each.
        set_point_mmhg: The pressure at which the reflex is silent.
        drive: How fast the heart makes cAMP, now and when it was calibrated.
    """

    file: ResponseFile
    ids: tuple[str, ...]
    kind: HeartFile
    heart: Heart
    reflex: Reflex
    set_point_mmhg: Array
    drive: Drive

    def act(self, level_ng_per_ml: ArrayLike) -> Chain:
        """Return the chain at levels `(levels, 1)` or at one level, by every member."""
        return act(level_ng_per_ml, self.file.enzyme, self.file.response(*self.ids), self.drive)

    def at(self, level_ng_per_ml: ArrayLike) -> tuple[Circulation, Heart]:
        """Return the steady state at levels, and the hearts with drug and reflex in them.

        Where none was found `solved` is False, and no number of it may be used.
        """
        drugged = self.heart.changed(self.act(level_ng_per_ml).changes)
        found, signal = attempt_to_settle(drugged, self.reflex, set_point_mmhg=self.set_point_mmhg)
        return found, drugged.changed(self.reflex.changes(signal))


def members_of(
    file: ResponseFile,
    bedside: Bedside,
    *,
    kind: HeartFile | None = None,
    drive: Drive = UNCHANGED,
    surface_m2: float | None = None,
) -> Members:
    """Return every member of a fit in one patient.

    In the kind of heart that the members were fitted in each keeps the left V0 and the reflex of its fit. In another
    kind all of them take that heart's own: the fits say nothing of it.

    Args:
        file: The fit.
        bedside: The patient before the drug.
        kind: Whose assumptions; by default those of the fit.
        drive: Beside other medicines.
        surface_m2: Of the body; volumes and compliances that calibration assumes go with it, as law 22 of the facts has
            it. By default that of the heart's typical patient.

    Raises:
        CirculationError: The numbers contradict each other, or no heart can be told from them.
    """
    heart = file.heart if kind is None else kind
    ids = (file.default, *(name for name in file.members if name != file.default))
    chosen = [file.member(name) for name in ids]
    own = heart.name == file.heart.name
    v0 = np.array([each.left_v0_ml for each in chosen]) if own else None
    scale = np.array([float(each.reflex) if own else 1.0 for each in chosen])
    size = 1.0 if surface_m2 is None else surface_m2 / heart.surface_m2
    calibrated = calibrate(bedside, _sized(heart.assumed(left_v0_ml=v0), size))
    return Members(file, ids, heart, calibrated, heart.reflex(scale=scale), bedside.mean_arterial_mmhg, drive)


def _sized(assumed: Assumed, size: float) -> Assumed:
    """Return what is assumed of a body so many times as large: the same pressures, and flows that go with it."""
    grown = {
        item.name: getattr(assumed, item.name) * size
        for item in fields(assumed)
        if item.name.endswith(("_ml_per_mmhg", "_v0_ml"))
    }
    return replace(assumed, **grown, venous_mmhg_s_per_ml=assumed.venous_mmhg_s_per_ml / size)
