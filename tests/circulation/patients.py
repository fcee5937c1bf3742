"""Adults in heart failure whom nobody has met, for laws that hold in every one of them.

Each bedside number is drawn around the shipped composite, wider than a ward would show, and so is what calibration must
assume; who contradicts himself is drawn again. Nothing of it says how patients are distributed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from inotrope import load_drug
from inotrope.circulation import Assumed, Bedside, Enzyme, Heart, Response, calibrate, can_calibrate
from inotrope.population.response import HeartFile, ResponseFile, load_heart, load_response

CV = {
    "heart_rate_per_min": 0.15,
    "cardiac_output_l_per_min": 0.2,
    "mean_arterial_mmhg": 0.13,
    "central_venous_mmhg": 0.4,
    "wedge_mmhg": 0.25,
    "left_ejection_fraction": 0.3,
    "right_ejection_fraction": 0.25,
}
GRADIENT_MMHG, GRADIENT_CV = 11.0, 0.4  # mean pulmonary pressure less wedge pressure
V0_ML = 80.0, 75.0, 20.0  # of the default member, and how far below and above it
OF_THE_VESSELS = 0.25


@cache
def milrinone() -> ResponseFile:
    return load_response(load_drug("milrinone"))


@cache
def failing() -> HeartFile:
    return load_heart("decompensated_heart_failure")


@cache
def healthy() -> HeartFile:
    return load_heart("healthy_adult")


def member(name: str | None = None) -> tuple[Heart, Enzyme, Response]:
    """Return the composite patient as one member sees him, and that member's drug."""
    own = milrinone().member(name)
    heart = calibrate(failing().bedside, failing().assumed(left_v0_ml=own.left_v0_ml))
    return heart, milrinone().enzyme, milrinone().response(own.id)


def drawn(count: int, seed: int, *, spread: float = 1.0) -> tuple[Bedside, Assumed]:
    """Return so many patients, bedside and assumptions, all of whom can be calibrated; every CV times `spread`."""
    rng = np.random.default_rng(seed)
    bedside, assumed = _drawn(rng, 2 * count, spread)
    chosen = np.flatnonzero(can_calibrate(bedside, assumed))[:count]
    assert chosen.size == count
    return _taken(bedside, chosen), _taken(assumed, chosen)


def _drawn(rng: np.random.Generator, count: int, spread: float) -> tuple[Bedside, Assumed]:
    typical = failing().bedside
    found = {name: getattr(typical, name) * _factor(rng, spread * cv, count) for name, cv in CV.items()}
    found["mean_pulmonary_mmhg"] = found["wedge_mmhg"] + GRADIENT_MMHG * _factor(rng, spread * GRADIENT_CV, count)
    found["heart_rate_per_min"] = np.clip(found["heart_rate_per_min"], 50, 140)
    base = failing().assumed()
    vessels = {
        name: getattr(base, name) * _factor(rng, spread * OF_THE_VESSELS, count)
        for name in Assumed.__dataclass_fields__
        if name.endswith("_ml_per_mmhg")
    }
    middle, below, above = V0_ML
    assumed = replace(base, left_v0_ml=rng.uniform(middle - spread * below, middle + spread * above, count), **vessels)
    return Bedside.unchecked(**found), assumed


def _factor(rng: np.random.Generator, cv: float, count: int) -> np.ndarray:
    sd = np.sqrt(np.log(1 + cv * cv))
    return np.exp(sd * rng.standard_normal(count))


def _taken(item: Bedside | Assumed, chosen: np.ndarray) -> Bedside | Assumed:
    arrays = {name: np.asarray(getattr(item, name)) for name in type(item).__dataclass_fields__}
    return type(item)(**{name: array[chosen] if array.ndim else array for name, array in arrays.items()})
