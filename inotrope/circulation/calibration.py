"""From the numbers of a bedside to a circulation that gives them back: in closed form, without a search.

Knows which numbers must be assumed beside the eight that are measured, and refuses a patient whom they do not fit. The
numbers themselves come as arguments. Does not know any drug.

Source: facts/circulation.md, section 2.1; the unloaded left volume after Klotz 2006 (recalled).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from inotrope.circulation.arrays import Array, Mask, first, numbers, place, positive
from inotrope.circulation.bedside import Bedside
from inotrope.circulation.heart import Heart, Ventricle, Vessels
from inotrope.errors import CirculationError

SECONDS_PER_MIN = 60.0


@dataclass(frozen=True, slots=True)
class Assumed:
    """What no bedside measures and calibration must assume; arrays, so that members of an ensemble may differ.

    Attributes:
        left_v0_ml: V0 of the left ventricle, as long as it is below `v0_most` of the end-systolic volume.
        right_v0_ml: V0 of the right ventricle, likewise.
        v0_most: The largest share of the end-systolic volume that V0 may be.
        left_filling_mmhg: a of the left filling curve.
        right_filling_mmhg: a of the right filling curve.
        left_end_systolic_share: End-systolic over mean arterial pressure.
        right_end_systolic_share: End-systolic over mean pulmonary artery pressure.
        left_vd_scale: k in Vd = k EDV (c - d PCWP).
        left_vd_share: c of the same.
        left_vd_per_mmhg: d of the same, 1/mmHg.
        right_vd_share: Vd over EDV of the right ventricle.
        venous_mmhg_s_per_ml: Rv.
        systemic_arteries_ml_per_mmhg: Compliance; the next three too.
        systemic_veins_ml_per_mmhg: Compliance.
        pulmonary_arteries_ml_per_mmhg: Compliance.
        pulmonary_veins_ml_per_mmhg: Compliance.
        least_gap_ml: Below this, ESV - V0 or EDV - Vd is too narrow to say how steep a line is.
    """

    left_v0_ml: Array
    right_v0_ml: Array
    v0_most: Array
    left_filling_mmhg: Array
    right_filling_mmhg: Array
    left_end_systolic_share: Array
    right_end_systolic_share: Array
    left_vd_scale: Array
    left_vd_share: Array
    left_vd_per_mmhg: Array
    right_vd_share: Array
    venous_mmhg_s_per_ml: Array
    systemic_arteries_ml_per_mmhg: Array
    systemic_veins_ml_per_mmhg: Array
    pulmonary_arteries_ml_per_mmhg: Array
    pulmonary_veins_ml_per_mmhg: Array
    least_gap_ml: Array

    @classmethod
    def of(cls, **given: ArrayLike) -> Assumed:
        """Return checked assumptions; every attribute must be given.

        Raises:
            CirculationError: A number is not finite, or not above zero (V0 may be zero or below).
        """
        checked = {
            item.name: (numbers if item.name.endswith("v0_ml") else positive)(item.name, given.pop(item.name))
            for item in fields(cls)
        }
        if given:
            raise TypeError(f"Not assumed: {', '.join(given)}")
        return cls(**checked)


class _Gap(NamedTuple):
    """A difference that must be wide enough, and the pair of bedside numbers that made it narrow."""

    pair: str
    wide: Array
    least: Array
    says: str


def calibrate(bedside: Bedside, assumed: Assumed) -> Heart:
    """Return the circulation whose steady state is exactly these bedside numbers.

    With T = 60/HR, Q = CO, SV = Q T and EDV = SV/EF: Rs = (MAP - CVP)/Q; Rp = (mPAP - PCWP)/Q; Ees = share x pressure /
    (ESV - V0); b = ln(1 + P/a)/(EDV - Vd); the stressed volume is what these pressures hold.

    Raises:
        CirculationError: Two numbers contradict each other, or ESV - V0 or EDV - Vd is too narrow for a patient; the
            pair of numbers behind it is named.
    """
    if not bedside.agree().all():  # drawn, and not looked at since
        Bedside.of(**{item.name: getattr(bedside, item.name) for item in fields(bedside)})
    left, right = _ventricles(bedside, assumed)
    for gap in _gaps(left, right, bedside, assumed):
        narrow = np.asarray(gap.wide < gap.least)
        if narrow.any():
            at = first(narrow)
            value = float(np.broadcast_to(gap.wide, narrow.shape)[at])
            raise CirculationError(
                f"The {gap.pair} leave {gap.says} of {value:.3g} mL{place(at)}, from which no slope can be told.",
                value=f"{value:.3g}",
                accepted=f"at least {float(np.max(gap.least)):g} mL",
                where=gap.pair,
            )
    flow = bedside.flow_ml_per_s
    vessels = Vessels(
        systemic_mmhg_s_per_ml=(bedside.mean_arterial_mmhg - bedside.central_venous_mmhg) / flow,
        pulmonary_mmhg_s_per_ml=(bedside.mean_pulmonary_mmhg - bedside.wedge_mmhg) / flow,
        venous_mmhg_s_per_ml=assumed.venous_mmhg_s_per_ml,
        systemic_arteries_ml_per_mmhg=assumed.systemic_arteries_ml_per_mmhg,
        systemic_veins_ml_per_mmhg=assumed.systemic_veins_ml_per_mmhg,
        pulmonary_arteries_ml_per_mmhg=assumed.pulmonary_arteries_ml_per_mmhg,
        pulmonary_veins_ml_per_mmhg=assumed.pulmonary_veins_ml_per_mmhg,
    )
    stressed = (
        vessels.systemic_arteries_ml_per_mmhg * bedside.mean_arterial_mmhg
        + vessels.systemic_veins_ml_per_mmhg * (bedside.central_venous_mmhg + flow * vessels.venous_mmhg_s_per_ml)
        + vessels.pulmonary_arteries_ml_per_mmhg * bedside.mean_pulmonary_mmhg
        + vessels.pulmonary_veins_ml_per_mmhg * bedside.wedge_mmhg
        + (left.start_ml - left.vd_ml)
        + (right.start_ml - right.vd_ml)
        - bedside.stroke_volume_ml
    )
    rate = bedside.heart_rate_per_min
    return Heart(rate_per_min=rate, stressed_volume_ml=stressed, left=left, right=right, vessels=vessels)


def can_calibrate(bedside: Bedside, assumed: Assumed) -> Mask:
    """Tell for each patient whether the numbers agree and `calibrate` would refuse none of them."""
    sound = bedside.agree()
    with np.errstate(all="ignore"):  # what does not agree may divide by zero; it is False already
        for gap in _gaps(*_ventricles(bedside, assumed), bedside, assumed):
            sound = sound & (gap.wide >= gap.least)
    return sound


def _ventricles(bedside: Bedside, assumed: Assumed) -> tuple[Ventricle, Ventricle]:
    stroke = bedside.stroke_volume_ml
    left_edv, right_edv = stroke / bedside.left_ejection_fraction, stroke / bedside.right_ejection_fraction
    klotz = assumed.left_vd_share - assumed.left_vd_per_mmhg * bedside.wedge_mmhg
    left = _ventricle(
        edv=left_edv,
        esv=left_edv - stroke,
        v0=assumed.left_v0_ml,
        most=assumed.v0_most,
        vd=assumed.left_vd_scale * left_edv * klotz,
        filling=(assumed.left_filling_mmhg, bedside.wedge_mmhg),
        end_systolic=(assumed.left_end_systolic_share, bedside.mean_arterial_mmhg),
    )
    right = _ventricle(
        edv=right_edv,
        esv=right_edv - stroke,
        v0=assumed.right_v0_ml,
        most=assumed.v0_most,
        vd=assumed.right_vd_share * right_edv,
        filling=(assumed.right_filling_mmhg, bedside.central_venous_mmhg),
        end_systolic=(assumed.right_end_systolic_share, bedside.mean_pulmonary_mmhg),
    )
    return left, right


def _ventricle(
    *,
    edv: Array,
    esv: Array,
    v0: Array,
    most: Array,
    vd: Array,
    filling: tuple[Array, Array],
    end_systolic: tuple[Array, Array],
) -> Ventricle:
    share, pressure = end_systolic
    scale, filled = filling
    bounded = np.minimum(v0, most * esv)
    with np.errstate(divide="ignore", invalid="ignore"):  # a gap of zero is refused by its name
        return Ventricle(
            elastance_mmhg_per_ml=share * pressure / (esv - bounded),
            v0_ml=bounded,
            filling_mmhg=scale,
            filling_per_ml=np.log1p(filled / scale) / (edv - vd),
            vd_ml=vd,
            end_systolic_share=share,
            start_ml=edv,
        )


def _gaps(left: Ventricle, right: Ventricle, bedside: Bedside, assumed: Assumed) -> Iterator[_Gap]:
    stroke, least = bedside.stroke_volume_ml, assumed.least_gap_ml
    for side, ventricle, pressure in (("left", left, "wedge pressure"), ("right", right, "central venous pressure")):
        fraction = f"{side} ejection fraction and stroke volume"
        esv = ventricle.start_ml - stroke
        yield _Gap(fraction, esv - ventricle.v0_ml, least, "an end-systolic volume above V0")
        filled = ventricle.start_ml - ventricle.vd_ml
        yield _Gap(f"{fraction} (with the {pressure})", filled, least, "a filling above the unloaded volume")
