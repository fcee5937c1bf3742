"""The eight numbers of a bedside from which a circulation is calibrated, held against each other.

Knows which pairs of them cannot both be true, and says which pair. Does not know what is plausible of one alone (the
vocabulary of `patient` does), nor how to fill in what was not measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from inotrope.circulation.arrays import Array, Mask, first, place, positive, shape_of
from inotrope.circulation.flow import resistance_dyn_s_per_cm5, stroke_volume_ml
from inotrope.errors import CirculationError

ML_PER_S = 1000 / 60
"""mL/s in 1 L/min."""

NAMES = {
    "heart_rate_per_min": "heart rate",
    "cardiac_output_l_per_min": "cardiac output",
    "mean_arterial_mmhg": "mean arterial pressure",
    "central_venous_mmhg": "central venous pressure",
    "wedge_mmhg": "wedge pressure",
    "mean_pulmonary_mmhg": "mean pulmonary artery pressure",
    "left_ejection_fraction": "left ejection fraction",
    "right_ejection_fraction": "right ejection fraction",
    "stroke_volume_ml": "stroke volume",
    "systemic_resistance_dyn_s_per_cm5": "systemic vascular resistance",
    "pulmonary_resistance_dyn_s_per_cm5": "pulmonary vascular resistance",
}
"""What errors call each."""
UNITS = {
    "heart rate": " /min",
    "cardiac output": " L/min",
    "stroke volume": " mL",
    "systemic vascular resistance": " dyn s/cm5",
    "pulmonary vascular resistance": " dyn s/cm5",
} | {name: " mmHg" for name in NAMES.values() if name.endswith("pressure")}
"""In what errors show each, with the space before it; a fraction has none."""
FOLLOWS_OF = {
    "stroke_volume_ml": "cardiac output and heart rate",
    "systemic_resistance_dyn_s_per_cm5": "mean arterial pressure, central venous pressure and cardiac output",
    "pulmonary_resistance_dyn_s_per_cm5": "mean pulmonary artery pressure, wedge pressure and cardiac output",
}
"""Of which other numbers a further one is: any of them may be the wrong one."""


class Contradiction(NamedTuple):
    """Two numbers that cannot both be true, where, and why."""

    pair: tuple[str, str]
    where: Mask
    says: str


@dataclass(frozen=True, slots=True)
class Bedside:
    """What was measured, or drawn, before any drug; arrays broadcast over patients or draws.

    Attributes:
        heart_rate_per_min: Beats per minute.
        cardiac_output_l_per_min: L/min.
        mean_arterial_mmhg: MAP.
        central_venous_mmhg: CVP.
        wedge_mmhg: PCWP.
        mean_pulmonary_mmhg: mPAP.
        left_ejection_fraction: Between 0 and 1.
        right_ejection_fraction: Between 0 and 1.
    """

    heart_rate_per_min: Array
    cardiac_output_l_per_min: Array
    mean_arterial_mmhg: Array
    central_venous_mmhg: Array
    wedge_mmhg: Array
    mean_pulmonary_mmhg: Array
    left_ejection_fraction: Array
    right_ejection_fraction: Array

    @classmethod
    def of(
        cls,
        *,
        heart_rate_per_min: ArrayLike,
        cardiac_output_l_per_min: ArrayLike,
        mean_arterial_mmhg: ArrayLike,
        central_venous_mmhg: ArrayLike,
        wedge_mmhg: ArrayLike,
        mean_pulmonary_mmhg: ArrayLike,
        left_ejection_fraction: ArrayLike,
        right_ejection_fraction: ArrayLike,
    ) -> Bedside:
        """Return numbers that agree with each other.

        Raises:
            CirculationError: A number is not above zero, or two contradict each other; the pair is named.
        """
        given = {name: value for name, value in locals().items() if name != "cls"}
        found = cls(**{name: positive(NAMES[name], value) for name, value in given.items()})
        shape_of({NAMES[name]: getattr(found, name) for name in given})
        for contradiction in found.contradictions():
            _raise_first(contradiction, found.named | {"stroke volume": found.stroke_volume_ml})
        return found

    @classmethod
    def unchecked(cls, **drawn: Array) -> Bedside:
        """Return drawn numbers as they are; `agree` tells which of them can be used."""
        return cls(**drawn)

    @property
    def named(self) -> dict[str, Array]:
        """Every number by the name that errors use."""
        return {NAMES[item.name]: getattr(self, item.name) for item in fields(self)}

    @property
    def flow_ml_per_s(self) -> Array:
        """Cardiac output in mL/s."""
        return self.cardiac_output_l_per_min * ML_PER_S

    @property
    def stroke_volume_ml(self) -> Array:
        """Cardiac output over heart rate."""
        return stroke_volume_ml(
            output_l_per_min=self.cardiac_output_l_per_min, heart_rate_per_min=self.heart_rate_per_min
        )

    @property
    def systemic_resistance_dyn_s_per_cm5(self) -> Array:
        """SVR = 80 (MAP - CVP) / CO."""
        fall = self.mean_arterial_mmhg - self.central_venous_mmhg
        return resistance_dyn_s_per_cm5(fall_mmhg=fall, output_l_per_min=self.cardiac_output_l_per_min)

    @property
    def pulmonary_resistance_dyn_s_per_cm5(self) -> Array:
        """PVR = 80 (mPAP - PCWP) / CO."""
        fall = self.mean_pulmonary_mmhg - self.wedge_mmhg
        return resistance_dyn_s_per_cm5(fall_mmhg=fall, output_l_per_min=self.cardiac_output_l_per_min)

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield every pair that may contradict itself, with the patients in whom it does."""
        yield Contradiction(
            ("mean arterial pressure", "central venous pressure"),
            self.mean_arterial_mmhg <= self.central_venous_mmhg,
            "blood flows from the higher to the lower, so the first is above the second",
        )
        yield Contradiction(
            ("mean pulmonary artery pressure", "wedge pressure"),
            self.mean_pulmonary_mmhg <= self.wedge_mmhg,
            "blood flows from the higher to the lower, so the first is above the second",
        )
        for side in ("left", "right"):
            name = f"{side}_ejection_fraction"
            yield Contradiction(
                (NAMES[name], "stroke volume"),
                getattr(self, name) >= 1,
                "a ventricle cannot throw out all that it holds: the fraction is below 1",
            )

    def agree(self) -> Mask:
        """Tell for each patient whether all numbers are above zero and no pair is contradictory."""
        sound: Mask = np.asarray(True)
        for array in self.named.values():
            sound = sound & np.isfinite(array) & (array > 0)
        for contradiction in self.contradictions():
            sound = sound & ~contradiction.where
        return sound

    def agrees_with(
        self,
        *,
        agreement: float,
        stroke_volume_ml: ArrayLike | None = None,
        systemic_resistance_dyn_s_per_cm5: ArrayLike | None = None,
        pulmonary_resistance_dyn_s_per_cm5: ArrayLike | None = None,
    ) -> None:
        """Hold further numbers against those that these eight imply.

        Args:
            agreement: The share by which a printed number may miss; monitors round, and readings are minutes apart.
            stroke_volume_ml: mL, against cardiac output over heart rate.
            systemic_resistance_dyn_s_per_cm5: Against 80 (MAP - CVP) / CO.
            pulmonary_resistance_dyn_s_per_cm5: Against 80 (mPAP - PCWP) / CO.

        Raises:
            CirculationError: One is further away than `agreement`; it and the cardiac output are named.
        """
        given = {name: value for name, value in locals().items() if name in NAMES and value is not None}
        for name, value in given.items():
            told = positive(NAMES[name], value)
            implied = getattr(self, name)
            apart = np.asarray(np.abs(told - implied) > agreement * implied)
            says = (
                f"the other numbers ({FOLLOWS_OF[name]}) give "
                f"{np.broadcast_to(implied, apart.shape)[first(apart)]:.4g}{UNITS[NAMES[name]]}"
                if apart.any()
                else ""
            )
            both = {NAMES[name]: told, "cardiac output": self.cardiac_output_l_per_min}
            _raise_first(Contradiction((NAMES[name], "cardiac output"), apart, says), self.named | both)


def _raise_first(found: Contradiction, named: dict[str, Array]) -> None:
    """Raise for the first patient of a contradiction; a pair that nobody contradicts raises nothing."""
    if not found.where.any():
        return
    one, other = found.pair
    shape = np.broadcast_shapes(found.where.shape, *(named[name].shape for name in found.pair))
    at = first(np.broadcast_to(found.where, shape))
    told = {name: np.broadcast_to(named[name], shape)[at] for name in found.pair}
    shown = " and ".join(f"{name} '{value:g}{UNITS.get(name, '')}'" for name, value in told.items())
    raise CirculationError(
        f"{shown[0].upper()}{shown[1:]} contradict each other{place(at)}: {found.says}. Read them again.",
        value=", ".join(f"{value:g}" for value in told.values()),
        accepted=found.says,
        where=f"{one} and {other}",
    )
