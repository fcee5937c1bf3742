"""What a level does to patients: index, pressures, resistances, rate and fractions, always as a spread.

Knows how patients of an ensemble are solved at levels, quantiles of what is seen, and what every answer must say: that
the label does not tell force from vessels, and what else nobody knows. Does not know where a level comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from inotrope.circulation import UNCHANGED, Circulation, Drive, act, attempt_to_settle
from inotrope.circulation.arrays import Array, Mask
from inotrope.errors import CirculationError
from inotrope.population.response.ensemble import Ensemble, Patients

SEEN = (
    "cardiac_index_l_per_min_m2",
    "mean_arterial_mmhg",
    "central_venous_mmhg",
    "wedge_mmhg",
    "mean_pulmonary_mmhg",
    "systemic_resistance_dyn_s_per_cm5",
    "pulmonary_resistance_dyn_s_per_cm5",
    "heart_rate_per_min",
    "stroke_volume_ml",
    "left_ejection_fraction",
)
"""What is shown of a circulation."""
SHOWN = ("cardiac_output_l_per_min", *SEEN[1:])
"""What `circulation` calls it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of patients at levels.

    Attributes:
        before: By `SEEN` (patients,), without the drug.
        now: By `SEEN` (times, patients), at the levels; NaN where a patient has no answer.
        answered: (times, patients), where there is one: a steady state with veins that are filled.
        solved: (times, patients), where there is a steady state at all.
        says: What must stand beside every number: that the label does not tell force from vessels.
        unknown: What else nobody knows, of drug and heart.
        studied_to_ng_per_ml: Above it every answer is an extrapolation.
        highest_ng_per_ml: The highest level asked about.
    """

    before: dict[str, Array]
    now: dict[str, Array]
    answered: Mask
    solved: Mask
    says: str
    unknown: tuple[str, ...]
    studied_to_ng_per_ml: float
    highest_ng_per_ml: float

    def quantiles(self, name: str, shares: ArrayLike) -> Array:
        """Return quantiles over patients with an answer, (shares, times); NaN where nobody has one."""
        return _quantiles(self.now[name], shares)

    def change_quantiles(self, name: str, shares: ArrayLike) -> Array:
        """Return the same of the change against each patient's own number without the drug, as a share."""
        return _quantiles(self.now[name] / self.before[name] - 1, shares)

    def chance_below(self, name: str, limit: float) -> Array:
        """Return the share of patients below a limit, (times,); who has no answer counts as below.

        Veins that collapse and a loop without a steady state are worse than what a number could say.
        """
        held = self.now[name] >= limit  # false for NaN
        return np.asarray(1 - held.mean(axis=-1))

    @property
    def unfilled(self) -> Array:
        """(times,), the share of patients who have no answer: too little filling is left for the model."""
        return np.asarray(1 - self.answered.mean(axis=-1))

    @property
    def extrapolates(self) -> bool:
        """Whether a level lies above those that were studied."""
        return self.highest_ng_per_ml > self.studied_to_ng_per_ml


def circulation_at(patients: Patients, level_ng_per_ml: ArrayLike, drive: Drive = UNCHANGED) -> Circulation:
    """Return the steady states of patients at levels at the site of effect.

    Args:
        patients: Of an ensemble.
        level_ng_per_ml: (times, patients), or what broadcasts to it; ng/mL.
        drive: How fast the heart makes cAMP, now and when the bedside was read.

    Raises:
        CirculationError: A level below zero or not finite.
    """
    chain = act(level_ng_per_ml, patients.enzyme, patients.response, drive)
    heart = patients.heart.changed(chain.changes)
    found, _ = attempt_to_settle(heart, patients.reflex, set_point_mmhg=patients.bedside.mean_arterial_mmhg)
    return found


def expect(ensemble: Ensemble, patients: Patients, level_ng_per_ml: ArrayLike, drive: Drive = UNCHANGED) -> Expected:
    """Return what is expected of patients at levels.

    Args:
        ensemble: Where they come from.
        patients: Sound ones.
        level_ng_per_ml: (times, patients) or (times, 1), at the site of effect.
        drive: As `circulation_at`.

    Raises:
        CirculationError: As there; levels that are no rows of times; or a patient who is not sound.
    """
    levels = np.asarray(level_ng_per_ml, dtype=np.float64)
    if levels.shape[1:] not in ((1,), patients.members.shape) or not levels.size:
        raise CirculationError("Levels are given by time and patient.", value=levels.shape, where="level_ng_per_ml")
    if not patients.sound.all():
        raise CirculationError("A patient whose numbers contradict each other has no circulation.", where="patients")
    found = circulation_at(patients, levels, drive)
    shown = {name: getattr(found, name) for name in SHOWN}
    return expected_of(ensemble, patients, shown, solved=found.solved, highest_ng_per_ml=float(levels.max()))


def expected_of(
    ensemble: Ensemble, patients: Patients, shown: Mapping[str, Array], *, solved: Mask, highest_ng_per_ml: float
) -> Expected:
    """Return what is expected of patients, of what they show at levels.

    Args:
        ensemble: Where they come from.
        patients: Sound ones.
        shown: By `SHOWN` (times, patients).
        solved: (times, patients), where that is a steady state.
        highest_ng_per_ml: The highest level.
    """
    filled = (shown["central_venous_mmhg"] > 0) & (shown["wedge_mmhg"] > 0)
    answered = np.asarray(solved & filled)
    bedside, surface = patients.bedside, patients.surface_m2
    before = {name: np.asarray(getattr(bedside, name)) for name in SEEN[1:]}
    now = {name: np.where(answered, shown[name], np.nan) for name in SHOWN}
    output = now.pop("cardiac_output_l_per_min")
    return Expected(
        before={SEEN[0]: bedside.cardiac_output_l_per_min / surface, **before},
        now={SEEN[0]: output / surface, **now},
        answered=answered,
        solved=solved,
        says=ensemble.file.not_identified,
        unknown=(*ensemble.file.unknown, *ensemble.file.heart.unknown),
        studied_to_ng_per_ml=float(ensemble.file.studied_to.value.in_unit("ng/mL")),
        highest_ng_per_ml=highest_ng_per_ml,
    )


def _quantiles(values: Array, shares: ArrayLike) -> Array:
    found = np.full((np.size(shares), len(values)), np.nan)
    for place, row in enumerate(values):
        known = row[np.isfinite(row)]
        if known.size:
            found[:, place] = np.quantile(known, np.atleast_1d(shares))
    return found
