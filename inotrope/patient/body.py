"""Body size: the actual weight beside ideal and adjusted weight, and body surface area.

Knows the equations and where they hold. It chooses no weight to dose by: that is the actual one, as the label's tables
use it (a judgement), and the others are shown beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inotrope.errors import EquationError
from inotrope.patient.case import Case
from inotrope.patient.vocabulary import vocabulary
from inotrope.units import Quantity, round_half_up


@dataclass(frozen=True, slots=True)
class BodySize:
    """What weight and height say.

    Attributes:
        actual: The weight of the case, kg.
        ideal: Devine, kg; None without a height, below 60 in or below 18 years.
        adjusted: Between ideal and actual, kg; None where ideal is.
        bsa_mosteller: m2; None without a height.
        bsa_du_bois: m2; None without a height.
    """

    actual: Quantity
    ideal: Quantity | None
    adjusted: Quantity | None
    bsa_mosteller: Quantity | None
    bsa_du_bois: Quantity | None


def body_size(case: Case) -> BodySize:
    """Return weight, ideal and adjusted weight and surface area of the patient of a case."""
    weight, height = case.patient.weight.to("kg"), case.height
    if height is None:
        return BodySize(weight, None, None, None, None)
    ideal = adjusted = None
    words = vocabulary()
    adult = case.age_years >= words.limit("age.adult").value.in_unit("year")
    if adult and height >= words.limit("body.ideal_weight_height_minimum").value:
        ideal = ideal_weight(sex=case.patient.sex, height=height)
        adjusted = adjusted_weight(actual=weight, ideal=ideal)
    return BodySize(
        weight,
        ideal,
        adjusted,
        bsa_mosteller(weight=weight, height=height),
        bsa_du_bois(weight=weight, height=height),
    )


def bsa_mosteller(*, weight: Quantity, height: Quantity) -> Quantity:
    """Return the body surface area in m2: sqrt(height_cm x weight_kg / 3600).

    Source: Mosteller 1987, N Engl J Med 317:1098.
    """
    square = height.in_unit("cm") * weight.in_unit("kg") / 3600  # cm kg per m4, Mosteller 1987
    return Quantity(round_half_up(square.sqrt(), 6), "m2")


def bsa_du_bois(*, weight: Quantity, height: Quantity) -> Quantity:
    """Return the body surface area in m2: 0.007184 x weight_kg^0.425 x height_cm^0.725.

    Source: Du Bois 1916.
    """
    # Binary floats: a power of decimals takes a tenth of a whole plan, and six digits are kept.
    area = 0.007184 * float(weight.in_unit("kg")) ** 0.425 * float(height.in_unit("cm")) ** 0.725  # Du Bois 1916
    return Quantity(round_half_up(Decimal(area), 6), "m2")


def ideal_weight(*, sex: str, height: Quantity) -> Quantity:
    """Return the ideal body weight in kg: 50 (men) or 45.5 (women) + 2.3 per inch above 60 in.

    Raises:
        EquationError: A height below 60 in (152.4 cm), for which the equation was not made.

    Source: Devine 1974.
    """
    shortest = vocabulary().limit("body.ideal_weight_height_minimum").value
    if height < shortest:
        raise EquationError(
            f"Devine's ideal weight holds from {shortest}; a height of '{height}' is below.",
            value=height,
            accepted=f"a height of {shortest} or more",
        )
    start = Decimal("50") if sex == "male" else Decimal("45.5")  # kg at 60 in, Devine 1974
    above = height.in_unit("cm") / Decimal("2.54") - 60  # inches above 60 in; 1 in = 2.54 cm exactly
    return Quantity(round_half_up(start + Decimal("2.3") * above, 6), "kg")  # 2.3 kg per inch, Devine 1974


def adjusted_weight(*, actual: Quantity, ideal: Quantity) -> Quantity:
    """Return ideal + 0.4 x (actual - ideal) in kg, a convention."""
    low = ideal.in_unit("kg")
    return Quantity(low + Decimal("0.4") * (actual.in_unit("kg") - low), "kg")
