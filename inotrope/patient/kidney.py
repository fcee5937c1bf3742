"""Which kidney function doses this patient, and why.

Knows which estimate counts for whom, when a creatinine is too old, what to do when it changes or contradicts a reported
eGFR, and what is refused. It does not know the drug: rules and dosing read the value it gives. Nothing is estimated
from a creatinine that is stale or contradicts itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from inotrope.errors import UnitError
from inotrope.findings import Refusal, SourceReference, Truth, any_of
from inotrope.patient import kidney_equations as equations
from inotrope.patient.age import AgeGroup
from inotrope.patient.case import Case, Measurement
from inotrope.patient.creatinine import CREATININE, Course, creatinine_course
from inotrope.patient.kidney_estimates import (
    CKD_EPI,
    COCKCROFT_GAULT,
    INDEXED,
    SCHWARTZ,
    Estimate,
    adult_estimates,
    child_estimates,
    kinetic_of_any_baseline,
)
from inotrope.patient.vocabulary import Limit, vocabulary
from inotrope.units import Quantity, round_half_up

REPORTED, ASSUMED = "reported_egfr", "assumed"
IMPAIRED = "renal impairment"
"""The vocabulary's condition that says of a child what no equation can."""


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
        impaired: Of a child: whether the record itself calls the kidney impaired, or it is changing, or there is too
            little urine; what a clearance says beside it is for the dosing entry. Absent for adults, whom a table
            serves.
        impaired_needs: What would settle whether it is impaired.
        kinetic_if_baseline: What the kinetic estimate would be with any baseline, while creatinine changes and none is
            recorded, mL/min/1.73 m2; None where that is no question.
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
    impaired: Truth = Truth.ABSENT
    impaired_needs: tuple[str, ...] = ()
    kinetic_if_baseline: Quantity | None = None

    @property
    def moves(self) -> bool:
        """Tell whether no one value holds over time: the creatinine changes, or none is fresh enough to give one.

        What somebody assumes is held, whatever the creatinines say.
        """
        return not self.assumed and (self.changing is Truth.PRESENT or self.clearance is None)


def assess_kidney(case: Case, *, assumed: Quantity | None = None) -> Kidney:
    """Return the kidney function that doses this patient, or why there is none.

    Args:
        case: The patient.
        assumed: An explicit assumption in mL/min/1.73 m2. It replaces the value and lifts the refusals for an absent or
            stale creatinine and an absent height; contradictory creatinines stay refused, and so does an infant whose
            record does not say how the kidneys are, since no clearance tells that below one year.

    Raises:
        UnitError: The assumption is not a positive flow per body surface.
    """
    given = None if assumed is None else _checked(assumed)
    course = creatinine_course(case)
    fresh = _fresh_for(course)
    adult = case.age_group is AgeGroup.ADULT
    refusals = _refusals(case, course, fresh, assumed=given is not None)
    usable = course.newest is not None and course.conflict is None and not _stale(course, fresh)
    estimates: tuple[Estimate, ...] = ()
    if usable:
        estimates = adult_estimates(case, course) if adult else child_estimates(case, course)
    reported = case.latest("eGFR", within=fresh.value)
    conflict = None if reported is None or not usable else _difference_from_reported(case, course, reported)
    chosen = _choose(course, estimates, reported, conflict)
    impaired, impaired_needs = (Truth.ABSENT, ()) if adult else _impaired(case, course)
    if given is not None:
        clearance, equation = given, ASSUMED
        record = "the record gives no usable one" if chosen is None else f"the record gives {chosen[0].shown(1)}"
        because = f"{given} was assumed explicitly and sets the rate; {record}."
    elif refusals or chosen is None:
        clearance, equation, because = None, None, refusals[0].says if refusals else _no_equation(impaired)
    else:
        clearance, equation, because = chosen
    by_name = {item.equation: item for item in estimates}
    apart = None
    if COCKCROFT_GAULT in by_name:
        apart = _percent_apart(by_name[CKD_EPI].value, by_name[COCKCROFT_GAULT].value)
    lacks = adult and usable and given is None and course.baseline is None
    asks_baseline = lacks and course.changing is Truth.PRESENT
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
        impaired=impaired,
        impaired_needs=impaired_needs,
        kinetic_if_baseline=kinetic_of_any_baseline(case, course) if asks_baseline else None,
    )


def _no_equation(impaired: Truth) -> str:
    youngest = vocabulary().limit("equations.schwartz_2009_age_minimum").value
    said = {Truth.PRESENT: "calls it impaired", Truth.ABSENT: "calls it sound", Truth.UNKNOWN: "leaves it open"}
    return f"No equation for kidney function holds below {youngest}; the record {said[impaired]}."


def _impaired(case: Case, course: Course) -> tuple[Truth, tuple[str, ...]]:
    """Return whether the record calls a child's kidney impaired, and what would settle it."""
    said = case.condition(IMPAIRED)
    truth = any_of((said, course.changing))
    if truth is not Truth.UNKNOWN:
        return truth, ()
    return truth, ((IMPAIRED,) if said is Truth.UNKNOWN else ()) + course.needs


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


def _refusals(case: Case, course: Course, fresh: Limit, *, assumed: bool) -> tuple[Refusal, ...]:
    found: list[Refusal] = []
    if course.conflict is not None:
        one, other = course.conflict
        says = (
            f"Two creatinines of the same moment, {one.at.isoformat()}, differ: {one.as_written} and "
            f"{other.as_written}. Remove the wrong one, or measure again."
        )
        found.append(Refusal("conflicting-data", says, (CREATININE,)))
    youngest = vocabulary().limit("equations.schwartz_2009_age_minimum")
    if case.age_years < youngest.value.in_unit("year"):
        if case.condition(IMPAIRED) is Truth.UNKNOWN:
            says = (
                f"No equation for kidney function holds below {youngest.value}. Record the condition '{IMPAIRED}' as "
                "present or absent, from creatinine, urine and the child's course."
            )
            found.append(Refusal("kidney-function-unknown", says, (IMPAIRED,), (youngest.source,)))
        return tuple(found)
    return tuple(found) if assumed else (*found, *_values_wanting(case, course, fresh))


def _values_wanting(case: Case, course: Course, fresh: Limit) -> list[Refusal]:
    """Return what an equation needs and does not have."""
    found: list[Refusal] = []
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
    return found


def _choose(
    course: Course, estimates: tuple[Estimate, ...], reported: Measurement | None, conflict: Quantity | None
) -> tuple[Quantity, str, str] | None:
    """Return the dosing value, its name, and the sentence that says why; None when nothing can be indexed."""
    by_name = {item.equation: item for item in estimates}
    if COCKCROFT_GAULT not in by_name and SCHWARTZ not in by_name:
        return None
    if SCHWARTZ in by_name:
        chosen = by_name[SCHWARTZ]
        because = "The bedside Schwartz estimate is the one for 1 to 18 years."
        if course.changing is Truth.PRESENT:
            because += f" The kidney is not in a steady state ({'; '.join(course.because)}): it may be too high."
    elif course.changing is Truth.PRESENT:
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
            f"The reported eGFR, {reported.as_written}, differs by {conflict.shown(0)} from the estimate of the "
            f"creatinine beside it (limit {limit}); it is the lower one and sets the rate."
        )
        return reported.value, REPORTED, because
    return chosen.value, chosen.equation, because


def _difference_from_reported(case: Case, course: Course, reported: Measurement) -> Quantity | None:
    """Compare a reported eGFR with the equation of that age, on the creatinine nearest to it in time."""
    beside = min(case.every(CREATININE), key=lambda item: abs(item.at - reported.at))
    if case.age_group is AgeGroup.ADULT:
        gfr = equations.ckd_epi_2021(age_years=case.age_years, sex=case.patient.sex, creatinine=beside.value)
        return _percent_apart(reported.value, gfr)
    schwartz = child_estimates(case, replace(course, newest=beside))
    return _percent_apart(reported.value, schwartz[0].value) if schwartz else None


def _percent_apart(value: Quantity, reference: Quantity) -> Quantity:
    apart = abs(value.in_unit(INDEXED) - reference.in_unit(INDEXED)) / reference.in_unit(INDEXED) * 100
    return Quantity(round_half_up(apart, 6), "%")
