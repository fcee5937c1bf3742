"""What each equation makes of this patient's values: the estimates that stand beside each other.

Knows which equation can be computed from what the case holds, and writes its arithmetic line by line. Which of them
doses, and whether any may, is decided in `kidney.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inotrope.findings import SourceReference, Status
from inotrope.patient import kidney_equations as equations
from inotrope.patient.body import body_size
from inotrope.patient.case import Case
from inotrope.patient.creatinine import Course
from inotrope.patient.vocabulary import vocabulary
from inotrope.units import Quantity, hours_between, plain_number, round_half_up

INDEXED = equations.INDEXED
COCKCROFT_GAULT, CKD_EPI, SCHWARTZ = "cockcroft_gault", "ckd_epi_2021", "schwartz_2009"
JELLIFFE, KINETIC = "jelliffe_2002", "kinetic_gfr"

_TITLES = {
    COCKCROFT_GAULT: ("Cockcroft-Gault, indexed", "cockcroft-gault-1976"),
    CKD_EPI: ("CKD-EPI 2021", "ckd-epi-2021"),
    SCHWARTZ: ("Bedside Schwartz", "schwartz-2009"),
    JELLIFFE: ("Jelliffe, indexed", "jelliffe-2002"),
    KINETIC: ("Kinetic GFR", "chen-2013"),
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """One equation's answer.

    Attributes:
        equation: Its name in the code, such as `cockcroft_gault`.
        title: Its name for a reader.
        citation: Where it was published.
        value: mL/min/1.73 m2.
        unindexed: The person's own mL/min; None without a height.
        arithmetic: The equation with this patient's numbers.
        source: The same citation as a reference.
    """

    equation: str
    title: str
    citation: str
    value: Quantity
    unindexed: Quantity | None
    arithmetic: str
    source: SourceReference


def adult_estimates(case: Case, course: Course) -> tuple[Estimate, ...]:
    """Return every estimate that an adult's newest creatinine, earlier ones, baseline and height allow."""
    assert course.newest is not None  # the caller asks only with a usable creatinine
    person, age, newest = case.patient, case.age_years, course.newest.value
    sex, weight, bsa = person.sex, person.weight, body_size(case).bsa_mosteller
    scr, woman = _number(newest.in_unit("mg/dL"), 3), sex == "female"
    found: list[Estimate] = []
    if bsa is not None:
        own = equations.cockcroft_gault(age_years=age, sex=sex, weight=weight, creatinine=newest)
        lines = f"(140 - {age}) x {weight} / (72 x {scr} mg/dL){' x 0.85' if woman else ''} = {own.shown(1)}"
        found.append(_indexed(COCKCROFT_GAULT, own, bsa, lines))
    gfr = equations.ckd_epi_2021(age_years=age, sex=sex, creatinine=newest)
    k, a = equations.CKD_EPI_K_AND_A[sex]
    lines = (
        f"142 x min({scr} / {k}, 1)^{a} x max({scr} / {k}, 1)^-1.2 x 0.9938^{age}"
        f"{' x 1.012' if woman else ''} = {gfr.shown(1)}"
    )
    found.append(_estimate(CKD_EPI, gfr, None if bsa is None else equations.deindex_by_bsa(gfr, bsa), lines))
    if bsa is None or not course.earlier:
        return tuple(found)
    earlier = course.earlier[0]
    interval = Quantity(hours_between(earlier.at, course.newest.at), "h")
    own = equations.jelliffe_2002(
        age_years=age, sex=sex, weight=weight, earlier=earlier.value, later=newest, interval=interval
    )
    before, mean = _number(earlier.value.in_unit("mg/dL"), 3), _mean(earlier.value, newest)
    start, slope = equations.JELLIFFE_PRODUCTION[sex]
    lines = (
        f"(({start} - {slope} x {age}) x {weight} x (1.035 - 0.0337 x {mean}) - 4 x {weight} x ({scr} - {before}) / "
        f"{_number(interval.in_unit('day'), 3)} days) / (14.4 x {mean}) = {own.shown(1)}"
    )
    found.append(_indexed(JELLIFFE, own, bsa, lines))
    if course.baseline is not None:
        found.append(
            _kinetic(
                case,
                baseline=course.baseline.value,
                earlier=earlier.value,
                newest=newest,
                interval=interval,
                bsa=bsa,
            )
        )
    return tuple(found)


def _kinetic(
    case: Case, *, baseline: Quantity, earlier: Quantity, newest: Quantity, interval: Quantity, bsa: Quantity
) -> Estimate:
    """Estimate from the baseline's own Cockcroft-Gault clearance, so that it stands beside the other clearances."""
    person, age = case.patient, case.age_years
    own = equations.cockcroft_gault(age_years=age, sex=person.sex, weight=person.weight, creatinine=baseline)
    start = equations.index_by_bsa(own, bsa)
    gfr = equations.kinetic_gfr(
        age_years=age,
        baseline_creatinine=baseline,
        baseline_clearance=start,
        earlier=earlier,
        later=newest,
        interval=interval,
    )
    highest = vocabulary().limit("equations.kinetic_gfr_maximum_daily_rise").value
    change = _number(newest.in_unit("mg/dL") - earlier.in_unit("mg/dL"), 3)
    lines = (
        f"({_number(baseline.in_unit('mg/dL'), 3)} mg/dL x {start.shown(1)} / {_mean(earlier, newest)} mg/dL) x "
        f"(1 - 24 x {change} / ({_number(interval.in_unit('h'), 2)} x {_number(highest.in_unit('mg/dL'), 2)})) "
        f"= {gfr.shown(1)}"
    )
    return _estimate(KINETIC, gfr, equations.deindex_by_bsa(gfr, bsa), lines)


def kinetic_of_any_baseline(case: Case, course: Course) -> Quantity | None:
    """Return what the kinetic estimate would be if a baseline were recorded, mL/min/1.73 m2; None where it cannot be.

    Cockcroft-Gault makes baseline creatinine times baseline clearance the same number for every baseline. That is why
    the newest creatinine can stand in to see what the answer would be; it is no estimate of this patient.
    """
    bsa = body_size(case).bsa_mosteller
    if course.newest is None or not course.earlier or bsa is None:
        return None
    newest, earlier = course.newest, course.earlier[0]
    interval = Quantity(hours_between(earlier.at, newest.at), "h")
    return _kinetic(
        case, baseline=newest.value, earlier=earlier.value, newest=newest.value, interval=interval, bsa=bsa
    ).value


def child_estimates(case: Case, course: Course) -> tuple[Estimate, ...]:
    """Return the bedside Schwartz estimate where it holds: 1 to 18 years, with a height."""
    assert course.newest is not None  # the caller asks only with a usable creatinine
    youngest = vocabulary().limit("equations.schwartz_2009_age_minimum").value
    if case.height is None or case.age_years < youngest.in_unit("year"):
        return ()
    newest, bsa = course.newest.value, body_size(case).bsa_mosteller
    gfr = equations.schwartz_2009(age_years=case.age_years, height=case.height, creatinine=newest)
    scr = _number(newest.in_unit("mg/dL"), 3)
    lines = f"0.413 x {case.height.to('cm')} / {scr} mg/dL = {gfr.shown(1)}"
    return (_estimate(SCHWARTZ, gfr, None if bsa is None else equations.deindex_by_bsa(gfr, bsa), lines),)


def _indexed(equation: str, own: Quantity, bsa: Quantity, lines: str) -> Estimate:
    value = equations.index_by_bsa(own, bsa)
    lines += f"; x 1.73 / {bsa.shown(2)} = {value.shown(1)}"
    return _estimate(equation, value, own, lines)


def _estimate(equation: str, value: Quantity, own: Quantity | None, lines: str) -> Estimate:
    title, source = _TITLES[equation]
    cited = vocabulary().cite(source, "equation", Status.UNCONFIRMED)
    return Estimate(equation, title, cited.where, value, own, lines, cited)


def _mean(first: Quantity, second: Quantity) -> str:
    return _number((first.in_unit("mg/dL") + second.in_unit("mg/dL")) / 2, 3)


def _number(value: Decimal, decimals: int) -> str:
    return plain_number(round_half_up(value, decimals))
