"""The published equations of kidney function, one function each, on quantities.

Knows each equation, its coefficients beside their citation, and the population it was made for: outside it, it is
refused. It does not know which equation to use for whom (`kidney.py` does). A creatinine may come in mg/dL or umol/L.
Every equation here is general knowledge of the cited paper; results are rounded to six decimals.
"""

from __future__ import annotations

from decimal import Decimal

from inotrope.errors import EquationError
from inotrope.patient.vocabulary import vocabulary
from inotrope.units import Quantity, convert_substance, plain_number, round_half_up

INDEXED = "mL/min/1.73 m2"


def cockcroft_gault(*, age_years: int, sex: str, weight: Quantity, creatinine: Quantity) -> Quantity:
    """Return creatinine clearance in mL/min: (140 - age) x weight / (72 x SCr), x 0.85 for women.

    Raises:
        EquationError: Below 18 years.

    Source: Cockcroft and Gault 1976, Nephron 16:31; adults with a stable creatinine; not indexed to body surface.
    """
    _check_age("cockcroft_gault", "Cockcroft-Gault 1976", age_years)
    clearance = (140 - age_years) * weight.in_unit("kg") / (72 * mg_per_dl(creatinine))  # Nephron 16:31
    if sex == "female":
        clearance *= Decimal("0.85")  # Nephron 16:31
    return _result(clearance, "mL/min")


def ckd_epi_2021(*, age_years: int, sex: str, creatinine: Quantity) -> Quantity:
    """Return GFR in mL/min/1.73 m2: 142 x min(SCr/k, 1)^a x max(SCr/k, 1)^-1.200 x 0.9938^age, x 1.012 for women.

    Raises:
        EquationError: Below 18 years.

    Source: Inker and others 2021, N Engl J Med 385:1737; adults with a stable creatinine.
    """
    _check_age("ckd_epi_2021", "CKD-EPI 2021", age_years)
    k, a = CKD_EPI_K_AND_A[sex]
    ratio = mg_per_dl(creatinine) / k
    gfr = 142 * min(ratio, Decimal(1)) ** a * max(ratio, Decimal(1)) ** Decimal("-1.2")  # N Engl J Med 385:1737
    gfr *= Decimal("0.9938") ** age_years  # N Engl J Med 385:1737
    if sex == "female":
        gfr *= Decimal("1.012")  # N Engl J Med 385:1737
    return _result(gfr, INDEXED)


CKD_EPI_K_AND_A = {"female": (Decimal("0.7"), Decimal("-0.241")), "male": (Decimal("0.9"), Decimal("-0.302"))}
"""k in mg/dL and the exponent a, N Engl J Med 385:1737."""


def schwartz_2009(*, age_years: int, height: Quantity, creatinine: Quantity) -> Quantity:
    """Return GFR in mL/min/1.73 m2: 0.413 x height_cm / SCr.

    Raises:
        EquationError: Below 1 year, or 18 years and above.

    Source: Schwartz and others 2009 ("bedside"), J Am Soc Nephrol 20:629; stable creatinine, enzymatic assay.
    """
    _check_age("schwartz_2009", "Bedside Schwartz 2009", age_years)
    gfr = Decimal("0.413") * height.in_unit("cm") / mg_per_dl(creatinine)  # J Am Soc Nephrol 20:629
    return _result(gfr, INDEXED)


def jelliffe_2002(
    *, age_years: int, sex: str, weight: Quantity, earlier: Quantity, later: Quantity, interval: Quantity
) -> Quantity:
    """Return creatinine clearance in mL/min from two creatinines; never below zero.

    Production P = (29.3 - 0.203 age) W for men, (25.3 - 0.175 age) W for women, in mg/day;
    x (1.035 - 0.0337 mean SCr); minus 4 W (SCr2 - SCr1) / days; clearance = P / (14.4 mean SCr).

    Args:
        age_years: Completed years.
        sex: male or female.
        weight: W, kg.
        earlier: SCr1.
        later: SCr2.
        interval: Time between the two.

    Raises:
        EquationError: Below 18 years, or no time between the two.

    Source: Jelliffe 2002, Am J Nephrol 22:320; adults whose creatinine is changing.
    """
    _check_age("jelliffe_2002", "Jelliffe 2002", age_years)
    days = _positive_interval("Jelliffe 2002", interval).in_unit("day")
    first, second, weight_kg = mg_per_dl(earlier), mg_per_dl(later), weight.in_unit("kg")
    mean = (first + second) / 2
    start, slope = JELLIFFE_PRODUCTION[sex]
    production = (start - slope * age_years) * weight_kg * (Decimal("1.035") - Decimal("0.0337") * mean)  # 22:320
    production -= 4 * weight_kg * (second - first) / days  # 4 dL/kg = 0.4 L/kg holds the creatinine, 22:320
    return _result(max(production / (Decimal("14.4") * mean), Decimal(0)), "mL/min")  # 1440 min/day / 100 mL/dL


JELLIFFE_PRODUCTION = {"male": (Decimal("29.3"), Decimal("0.203")), "female": (Decimal("25.3"), Decimal("0.175"))}
"""mg/kg/day and mg/kg/day per year of age, Am J Nephrol 22:320."""


def kinetic_gfr(
    *,
    age_years: int,
    baseline_creatinine: Quantity,
    baseline_clearance: Quantity,
    earlier: Quantity,
    later: Quantity,
    interval: Quantity,
    highest_daily_rise: Quantity | None = None,
) -> Quantity:
    """Return the clearance that explains how fast the creatinine moves, in the unit of the baseline clearance.

    (baseline SCr x baseline clearance / mean SCr) x (1 - 24 x change / (hours x highest daily rise)); never below zero.

    Args:
        age_years: Completed years.
        baseline_creatinine: Of before the illness.
        baseline_clearance: What the kidneys cleared then, in any unit of a clearance.
        earlier: SCr1.
        later: SCr2.
        interval: Time between the two.
        highest_daily_rise: Of the creatinine of a patient without kidneys, where his own is known; None takes the
            paper's.

    Raises:
        EquationError: Below 18 years, no time between the two, or a highest rise of zero or less.

    Source: Chen 2013, J Am Soc Nephrol 24:877; the highest daily rise, 1.5 mg/dL, stands in the vocabulary.
    """
    _check_age("kinetic_gfr", "Kinetic GFR 2013", age_years)
    hours = _positive_interval("Kinetic GFR 2013", interval).in_unit("h")
    first, second = mg_per_dl(earlier), mg_per_dl(later)
    rise = vocabulary().limit("equations.kinetic_gfr_maximum_daily_rise").value
    highest = mg_per_dl(rise if highest_daily_rise is None else highest_daily_rise)
    if highest <= 0:
        raise EquationError(
            f"Kinetic GFR 2013 needs a highest daily rise above zero; '{highest_daily_rise}' is none.",
            value=highest_daily_rise,
            accepted="a rise above zero, such as 1.5 mg/dL",
        )
    steady = mg_per_dl(baseline_creatinine) * baseline_clearance.value / ((first + second) / 2)
    return _result(max(steady * (1 - 24 * (second - first) / (hours * highest)), Decimal(0)), baseline_clearance.unit)


def index_by_bsa(clearance: Quantity, bsa: Quantity) -> Quantity:
    """Return a clearance in mL/min as mL/min/1.73 m2: x 1.73 / BSA."""
    return _result(clearance.in_unit("mL/min") * reference_surface() / bsa.in_unit("m2"), INDEXED)


def deindex_by_bsa(clearance: Quantity, bsa: Quantity) -> Quantity:
    """Return a clearance in mL/min/1.73 m2 as the person's own mL/min: x BSA / 1.73."""
    return _result(clearance.in_unit(INDEXED) * bsa.in_unit("m2") / reference_surface(), "mL/min")


def reference_surface() -> Decimal:
    """Return the surface in m2 to which clearances are indexed."""
    return vocabulary().limit("body.reference_surface").value.in_unit("m2")


def mg_per_dl(creatinine: Quantity) -> Decimal:
    """Return a creatinine in mg/dL, through its molar mass where it came in moles."""
    if creatinine.unit == "mg/dL":
        return creatinine.value
    molar_mass = vocabulary().limit("serum creatinine.molar_mass").value
    return convert_substance(creatinine, "mg/dL", molar_mass=molar_mass).value


def _check_age(equation: str, title: str, age_years: int) -> None:
    words = vocabulary()
    lowest = words.limit(f"equations.{equation}_age_minimum").value.in_unit("year")
    accepted, too_old = f"an age of {plain_number(lowest)} years or more", False
    if f"equations.{equation}_age_maximum" in words.limits:
        highest = words.limit(f"equations.{equation}_age_maximum").value.in_unit("year")
        accepted = f"an age from {plain_number(lowest)} to below {plain_number(highest)} years"
        too_old = age_years >= highest
    if age_years < lowest or too_old:
        raise EquationError(
            f"{title} was made for {accepted}; '{age_years} years' is outside.",
            value=f"{age_years} years",
            accepted=accepted,
        )


def _positive_interval(title: str, interval: Quantity) -> Quantity:
    if interval.value <= 0:
        raise EquationError(
            f"{title} needs two creatinines at different times; '{interval}' lies between these.",
            value=interval,
            accepted="a later and an earlier creatinine",
        )
    return interval


def _result(value: Decimal, unit: str) -> Quantity:
    return Quantity(round_half_up(value, 6), unit)
