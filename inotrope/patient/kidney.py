"""Which estimate of kidney function doses this patient, and why.

Knows when each equation applies, when a creatinine is too old, what to do when it changes or contradicts a reported
eGFR, and what is refused. It does not know the drug: rules and dosing read the value it gives. Nothing is estimated
from a creatinine that is stale or contradicts itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inotrope.errors import UnitError
from inotrope.findings import Refusal, SourceReference, Status, Truth
from inotrope.patient import kidney_equations as equations
from inotrope.patient.body import body_size
from inotrope.patient.case import Case, Measurement
from inotrope.patient.creatinine import CREATININE, Course, creatinine_course
from inotrope.patient.vocabulary import Limit, vocabulary
from inotrope.units import Quantity, hours_between, plain_number, round_half_up

INDEXED = equations.INDEXED
COCKCROFT_GAULT, CKD_EPI, SCHWARTZ = "cockcroft_gault", "ckd_epi_2021", "schwartz_2009"
JELLIFFE, KINETIC = "jelliffe_2002", "kinetic_gfr"
REPORTED, ASSUMED = "reported_egfr", "assumed"

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


@dataclass(frozen=True, slots=True)
class Kidney:
    """What is known of the kidneys, and the value that doses.

    Attributes:
        clearance: The dosing value, mL/min/1.73 m2; None when it is refused.
        equation: Which estimate it is: an equation's name, `reported_egfr` or `assumed`.
        assumed: Whether it was assumed and not measured.
        measured: The dosing value that the record itself gives, also where an assumption stands in for it; None where
            the record gives none.
        estimates: All that could be computed.
        creatinine: The newest one on record, however old.
        creatinine_age: Hours since then.
        changing: Whether the creatinine is changing or urine is low; unknown when the record does not settle it.
        changing_because: What speaks for it.
        kdigo_stage: 0 to 3, None when there is nothing to compare.
        difference_between_estimates: Cockcroft-Gault against CKD-EPI, % of Cockcroft-Gault.
        reported_egfr: A reported eGFR that is as fresh as a creatinine must be.
        difference_from_reported: The reported eGFR against CKD-EPI of the creatinine beside it, % of CKD-EPI.
        refusals: Why there is no dosing value; may stand beside an assumed one.
        arithmetic: Lines that a second person can follow.
        because: One sentence: which estimate, and why.
        sources: Where equations and limits come from.
        changing_needs: What would settle whether it is changing: `serum creatinine`, `oliguria`.
    """

    clearance: Quantity | None
    equation: str | None
    assumed: bool
    measured: Quantity | None
    estimates: tuple[Estimate, ...]
    creatinine: Measurement | None
    creatinine_age: Quantity | None
    changing: Truth
    changing_because: tuple[str, ...]
    kdigo_stage: int | None
    difference_between_estimates: Quantity | None
    reported_egfr: Measurement | None
    difference_from_reported: Quantity | None
    refusals: tuple[Refusal, ...]
    arithmetic: tuple[str, ...]
    because: str
    sources: tuple[SourceReference, ...]
    changing_needs: tuple[str, ...] = ()


def assess_kidney(case: Case, *, assumed: Quantity | None = None) -> Kidney:
    """Return the kidney function that doses this patient, or why there is none.

    Args:
        case: The patient.
        assumed: An explicit assumption in mL/min/1.73 m2. It replaces the value and lifts the refusals for an absent or
            stale creatinine and an absent height; contradictory creatinines stay refused.

    Raises:
        UnitError: The assumption is not a positive flow per body surface.
    """
    given = None if assumed is None else _checked(assumed)
    course = creatinine_course(case)
    fresh = _fresh_for(course)
    adult = case.age_years >= vocabulary().limit("age.adult").value.in_unit("year")
    refusals = _refusals(case, course, fresh, adult=adult, assumed=given is not None)
    usable = course.newest is not None and course.conflict is None and not _stale(course, fresh)
    estimates: tuple[Estimate, ...] = ()
    if usable:
        estimates = _adult_estimates(case, course) if adult else _child_estimates(case, course)
    reported = case.latest("eGFR", within=fresh.value)
    conflict = None if reported is None or not (usable and adult) else _difference_from_reported(case, reported)
    chosen = _choose(course, estimates, reported, conflict) if adult else None
    if given is not None:
        clearance, equation = given, ASSUMED
        record = "the record gives no usable one" if chosen is None else f"the record gives {chosen[0].shown(1)}"
        because = f"{given} was assumed explicitly and sets the rate; {record}."
    elif refusals or chosen is None:
        clearance, equation, because = None, None, refusals[0].says
    else:
        clearance, equation, because = chosen
    by_name = {item.equation: item for item in estimates}
    apart = None
    if COCKCROFT_GAULT in by_name:
        apart = _percent_apart(by_name[CKD_EPI].value, by_name[COCKCROFT_GAULT].value)
    limits = [fresh, *(() if conflict is None else (vocabulary().limit("kidney.egfr_conflict"),))]
    return Kidney(
        clearance=clearance,
        equation=equation,
        assumed=given is not None,
        measured=chosen[0] if chosen is not None and course.conflict is None else None,
        estimates=estimates,
        creatinine=course.newest,
        creatinine_age=course.age,
        changing=course.changing,
        changing_because=course.because,
        kdigo_stage=course.kdigo_stage,
        difference_between_estimates=apart,
        reported_egfr=reported,
        difference_from_reported=conflict,
        refusals=refusals,
        arithmetic=tuple(f"{item.title}: {item.arithmetic}" for item in estimates),
        because=because,
        sources=(*(item.source for item in estimates), *(limit.source for limit in limits)),
        changing_needs=course.needs if course.changing is Truth.UNKNOWN else (),
    )


def _checked(assumed: Quantity) -> Quantity:
    highest = vocabulary().limit("kidney.assumed_highest").value
    accepted = f"a value above zero and at most {highest}"
    if assumed.dimension != "flow per body surface area" or not 0 < assumed.in_unit(INDEXED) <= highest.in_unit(
        INDEXED
    ):
        raise UnitError(
            f"Assumed kidney function '{assumed}' is not accepted. Write {accepted}.", value=assumed, accepted=accepted
        )
    return assumed.to(INDEXED)


def _fresh_for(course: Course) -> Limit:
    changing = course.changing is Truth.PRESENT
    return vocabulary().limit("kidney.creatinine_fresh_when_changing" if changing else "kidney.creatinine_fresh")


def _stale(course: Course, fresh: Limit) -> bool:
    return course.age is not None and course.age > fresh.value


def _refusals(case: Case, course: Course, fresh: Limit, *, adult: bool, assumed: bool) -> tuple[Refusal, ...]:
    found: list[Refusal] = []
    if not adult:
        limit = vocabulary().limit("age.adult")
        says = (
            f"The equations that dose by kidney function hold from {plain_number(limit.value.in_unit('year'))} years; "
            f"the patient is {case.age_years} years old."
        )
        found.append(Refusal("no-entry-for-age", says, (), (limit.source,)))
    if course.conflict is not None:
        one, other = course.conflict
        says = (
            f"Two creatinines of the same moment, {one.at.isoformat()}, differ: {one.as_written} and "
            f"{other.as_written}. Remove the wrong one, or measure again."
        )
        found.append(Refusal("conflicting-data", says, (CREATININE,)))
    if assumed or not adult:
        return tuple(found)
    if course.newest is None:
        says = f"No creatinine is recorded. One that is not older than {fresh.value} sets the rate."
        found.append(Refusal("creatinine-absent", says, (CREATININE,), (fresh.source,)))
    elif course.age is not None and _stale(course, fresh):
        changing = " while it is changing" if course.changing is Truth.PRESENT else ""
        says = (
            f"The newest creatinine, {course.newest.as_written}, is {course.age.shown(1)} old; "
            f"at most {fresh.value} are accepted{changing}. Measure it again."
        )
        found.append(Refusal("creatinine-stale", says, (CREATININE,), (fresh.source,)))
    if case.height is None:
        surface = vocabulary().limit("body.reference_surface")
        says = f"Without a height the clearance cannot be indexed to {surface.value}. Add the height."
        found.append(Refusal("height-absent", says, ("height",), (surface.source,)))
    return tuple(found)


def _adult_estimates(case: Case, course: Course) -> tuple[Estimate, ...]:
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


def _child_estimates(case: Case, course: Course) -> tuple[Estimate, ...]:
    """Show the bedside Schwartz estimate where it holds; nothing doses a child by it."""
    assert course.newest is not None  # the caller asks only with a usable creatinine
    youngest = vocabulary().limit("equations.schwartz_2009_age_minimum").value
    if case.height is None or case.age_years < youngest.in_unit("year"):
        return ()
    newest, bsa = course.newest.value, body_size(case).bsa_mosteller
    gfr = equations.schwartz_2009(age_years=case.age_years, height=case.height, creatinine=newest)
    scr = _number(newest.in_unit("mg/dL"), 3)
    lines = f"0.413 x {case.height.to('cm')} / {scr} mg/dL = {gfr.shown(1)}"
    return (_estimate(SCHWARTZ, gfr, None if bsa is None else equations.deindex_by_bsa(gfr, bsa), lines),)


def _choose(
    course: Course, estimates: tuple[Estimate, ...], reported: Measurement | None, conflict: Quantity | None
) -> tuple[Quantity, str, str] | None:
    """Return the dosing value, its name, and the sentence that says why; None when nothing can be indexed."""
    by_name = {item.equation: item for item in estimates}
    if COCKCROFT_GAULT not in by_name:
        return None
    if course.changing is Truth.PRESENT:
        chosen = min(estimates, key=lambda item: item.value)
        because = (
            f"The kidney is not in a steady state ({'; '.join(course.because)}), so the lowest of {len(estimates)} "
            f"estimates sets the rate: {chosen.title}."
        )
    else:
        chosen = by_name[COCKCROFT_GAULT]
        steady = (
            "nothing speaks for a changing kidney"
            if course.changing is Truth.ABSENT
            else "whether the kidney is changing is not known"
        )
        because = (
            "Cockcroft-Gault on the actual weight, indexed to 1.73 m2, sets the rate: renal tables speak of creatinine "
            f"clearance, and {steady}."
        )
    limit = vocabulary().limit("kidney.egfr_conflict").value
    if conflict is not None and reported is not None and conflict > limit and reported.value < chosen.value:
        because = (
            f"The reported eGFR, {reported.as_written}, differs by {conflict.shown(0)} from CKD-EPI of the creatinine "
            f"beside it (limit {limit}); it is the lower one and sets the rate."
        )
        return reported.value, REPORTED, because
    return chosen.value, chosen.equation, because


def _difference_from_reported(case: Case, reported: Measurement) -> Quantity:
    """Compare a reported eGFR with CKD-EPI of the creatinine nearest to it in time."""
    beside = min(case.every(CREATININE), key=lambda item: abs(item.at - reported.at))
    gfr = equations.ckd_epi_2021(age_years=case.age_years, sex=case.patient.sex, creatinine=beside.value)
    return _percent_apart(reported.value, gfr)


def _percent_apart(value: Quantity, reference: Quantity) -> Quantity:
    apart = abs(value.in_unit(INDEXED) - reference.in_unit(INDEXED)) / reference.in_unit(INDEXED) * 100
    return Quantity(round_half_up(apart, 6), "%")


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
