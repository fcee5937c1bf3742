"""What follows from a body's traits, for many bodies at once.

Knows the equations of `patient/` that virtual patients need, on arrays; a law of the tests holds both against each
other. Results are never below zero for an adult: the clearance would be for ages above 140 years.
"""

from __future__ import annotations

import numpy as np

from inotrope.patient import vocabulary
from inotrope.population.virtual.normal import Floats
from inotrope.population.virtual.people import KIDNEY

WEEKS_PER_DAY = 1 / 7
DAYS_PER_YEAR = 365.25


def derived(traits: dict[str, Floats], *, female: np.ndarray) -> dict[str, Floats]:
    """Return what follows from the traits that are there, in the units of `people.DERIVED`.

    Args:
        traits: By name, in the units of `people.UNITS`.
        female: Whether a woman or girl.
    """
    found = {"postnatal age": traits["age"] * DAYS_PER_YEAR}
    if "gestational age" in traits:
        found["postmenstrual age"] = traits["gestational age"] + found["postnatal age"] * WEEKS_PER_DAY
    if traits.keys() >= KIDNEY:
        own = cockcroft_gault(
            age_years=traits["age"],
            female=female,
            weight_kg=traits["weight"],
            creatinine_mg_per_dl=traits["serum creatinine"],
        )
        surface = bsa_mosteller(weight_kg=traits["weight"], height_cm=traits["height"])
        reference = float(vocabulary().limit("body.reference_surface").value.in_unit("m2"))
        found["own creatinine clearance"] = own
        found["creatinine clearance"] = own * reference / surface
    return found


def cockcroft_gault(
    *, age_years: Floats, female: np.ndarray, weight_kg: Floats, creatinine_mg_per_dl: Floats
) -> Floats:
    """Return creatinine clearance in mL/min: (140 - completed years) x weight / (72 x SCr), x 0.85 for women.

    Source: Cockcroft and Gault 1976, Nephron 16:31; adults with a stable creatinine; not indexed to body surface.
    """
    clearance = (140 - np.floor(age_years)) * weight_kg / (72 * creatinine_mg_per_dl)  # Nephron 16:31
    return np.where(female, 0.85, 1.0) * clearance  # 0.85: Nephron 16:31


def bsa_mosteller(*, weight_kg: Floats, height_cm: Floats) -> Floats:
    """Return the body surface area in m2: sqrt(height_cm x weight_kg / 3600).

    Source: Mosteller 1987, N Engl J Med 317:1098.
    """
    return np.sqrt(height_cm * weight_kg / 3600)  # cm kg per m4, Mosteller 1987
