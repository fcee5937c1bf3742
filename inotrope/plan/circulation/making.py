"""A case in, its circulation before and during the drug out.

Knows the order: whom the model holds for, what was measured, whether that still shows the patient of now, which levels,
what every member of the fit makes of them. Whom and which readings, the files say that a course asks. It proposes no
rate.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from inotrope.dosing import find_entry
from inotrope.drug import Entry, load_drug
from inotrope.errors import CirculationError, RequestError
from inotrope.estimation.response import bedside_of_case
from inotrope.findings import Refusal
from inotrope.patient import Case, vocabulary
from inotrope.plan.circulation.bedside import Found, as_bedside, read_bedside
from inotrope.plan.circulation.beyond_entry import above_the_line, beyond_entry
from inotrope.plan.circulation.course_record import CirculationCourse, course_refused, failed_course
from inotrope.plan.circulation.curves import response_of, top_of
from inotrope.plan.circulation.doubts import doubts_before, far_before
from inotrope.plan.circulation.levels import course_of, steady_levels
from inotrope.plan.circulation.limits import lowest_pressure
from inotrope.plan.circulation.loops import loops_of
from inotrope.plan.circulation.members import Members, members_of
from inotrope.plan.circulation.moments import About, moment_of
from inotrope.plan.circulation.over_time.standing import judge_standing
from inotrope.plan.circulation.patients import answers_of
from inotrope.plan.circulation.readings_needed import incomplete, lacking
from inotrope.plan.circulation.record import CirculationForecast, CirculationStatus, Loop
from inotrope.plan.circulation.saying import said
from inotrope.plan.circulation.size import surface_m2
from inotrope.plan.circulation.sources import sources_of
from inotrope.plan.models import models_of
from inotrope.plan.notice import NOTICE
from inotrope.plan.person import patient_summary
from inotrope.plan.record import Versions
from inotrope.plan.versions import program_version
from inotrope.population import Model
from inotrope.population.response import (
    HeartFile,
    ResponseFile,
    drive_beside,
    judge_whom,
    load_heart,
    load_response,
    not_counted,
)

MIDDLE = 1
"""Of the label's three rates the one whose loops are drawn where no regimen is given."""

NOT_SHIPPED = (
    "No day is foreseen: it is by models that are shipped and say how patients differ, and another one is named."
)
NO_STATE = "{says}, {level:.0f} ng/mL, the model has no steady state for this patient."


def predict_circulation(
    case: Case,
    *,
    regimen: str | None = None,
    typical: str | None = None,
    model: Model | str | None = None,
) -> CirculationForecast:
    """Return this patient's circulation before and during the drug, by every member of the fit.

    Args:
        case: The patient, with the bedside numbers of the time before the drug.
        regimen: What is given from `now` on, such as `50 mcg/kg over 10 min; 0.5 mcg/kg/min for 24 h`; by default the
            levels that the label's rates are taken to give.
        typical: A heart of the library, such as `decompensated_heart_failure`, whose number stands in for each that
            was not measured; without it a number that is missing is a refusal that asks for it.
        model: The kinetics of a regimen; by default those of the label, as the members were fitted with.

    Raises:
        CirculationError: Two bedside numbers contradict each other; the pair is named.
        RequestError: The drug has no known response, a heart is unknown, or a model is named without a regimen: the
            label's rates have levels of their own.
        InotropeError: A regimen or a model cannot be read.
    """
    if regimen is None and model is not None:
        says = f"The model '{model}' is read with a regimen alone, and none is named. Name one, or leave the model out."
        raise RequestError(says, value=str(model), accepted="a regimen beside it")
    found = _predicted(case, regimen, typical, model)
    return found if regimen is None else replace(found, course=_course(case, regimen, model))


def _course(case: Case, regimen: str, model: Model | str | None) -> CirculationCourse:
    """Return the course over a day, or why there is none."""
    needs = lacking({item.what for item in case.measurements})
    if needs:
        return incomplete(needs)
    shipped = {item.name for item in models_of(load_drug(case.drug))}
    if model is not None and model not in shipped:
        return course_refused(Refusal("no-level", NOT_SHIPPED, ()), headline=NOT_SHIPPED)
    from inotrope.plan.circulation.over_time.foreseeing import course_under  # noqa: PLC0415 - few ask for a course

    try:
        return course_under(case, regimen, model=None if model is None else str(model))
    except CirculationError as problem:
        return failed_course(problem)


def _predicted(case: Case, regimen: str | None, typical: str | None, model: Model | str | None) -> CirculationForecast:
    """Return the prediction at moments, without a course."""
    drug = load_drug(case.drug)
    file = load_response(drug)
    kind = file.heart if typical is None else load_heart(typical)
    told = _Telling(case, file, kind)
    told.warnings = () if regimen is None else beyond_entry(case, regimen)
    held = judge_whom(file.refuses, case)
    if not held.answers:
        return told.refused(*held.refusals)
    counted = bedside_of_case(case, file.readings)
    found = read_bedside(case, counted, file.readings, None if typical is None else kind)
    if found.missing:
        return told.refused(_incomplete(found, file), *counted.refusals, found=found)
    bedside = as_bedside(case, found.readings, counted, file.readings, agreement=kind.agreement)
    of_the_fit = kind.name == file.heart.name
    stale = counted.refusals or judge_standing(case, file, counted)
    stale = stale or (far_before(file, counted, surface_m2(case)) if of_the_fit else ())
    if stale:
        return told.refused(*stale, found=found)
    drive, beside = drive_beside(file, case)
    try:
        members = members_of(file, bedside, kind=kind, drive=drive, surface_m2=surface_m2(case))
    except CirculationError as problem:
        return told.refused(Refusal("no-heart-from-these-numbers", problem.says, ()), found=found)
    told.warnings += (
        *doubts_before(file, counted, surface_m2(case)),
        *filter(None, [not_counted(file, case)]),
    )
    remarks: tuple[str, ...] = (*beside, *held.unknown)
    if regimen is None:
        steady = steady_levels(case, file)
        moments, without = _answered(members, steady.moments)
        asked = _Asked(steady.given, moments, min(MIDDLE, len(moments) - 1), steady.short)
        above = above_the_line(case, (item.rate.value for item in file.observed))
        told.warnings = (*filter(None, [steady.warning]), *above, *told.warnings, *without)
        remarks += tuple(filter(None, [steady.remark]))
    else:
        course = course_of(case, regimen, file, model)
        if course.model.refused:
            says = f"No level is computed: {course.model.refused}"
            return told.refused(Refusal("no-level", says, ()), found=found)
        asked = _Asked(course.model.given, course.moments, len(course.moments) - 1, "")
        about = course.model.about
        remarks += (f"Levels by {about.model}: {about.title}; at the site of effect, some minutes behind the blood.",)
        remarks += tuple(f"{item.standing.value}: {item.says}" for item in course.model.remarks)
    return told.predicted(found, members, asked, remarks)


def _incomplete(found: Found, file: ResponseFile) -> Refusal:
    """Return that numbers are missing, and which readings of them do not count."""
    listed = ", ".join(item.name for item in found.missing)
    says = f"The circulation is calibrated with eight bedside numbers of the time before the drug. Missing: {listed}."
    says += "".join(f" Left out: {line}" for line in found.left_out)
    if found.during:
        during = ", ".join(found.during)
        says += (
            f" Read since the drug was first given, and so left out here: {during}. A plan, and the day of a "
            "regimen here, learn from readings on the drug."
        )
    typical = f"or the numbers of a typical heart ({file.heart.title}), which are not this patient's"
    return Refusal("bedside-incomplete", says, (*(item.asks for item in found.missing), typical))


class _Asked(NamedTuple):
    """What is given in words, each moment with its level in ng/mL, and the moment whose loops are drawn.

    Beside them what is said of the level with every moment; empty for nothing.
    """

    given: str
    moments: tuple[tuple[str, float], ...]
    drawn: int
    of_level: str


def _answered(
    members: Members, moments: tuple[tuple[str, float], ...]
) -> tuple[tuple[tuple[str, float], ...], tuple[str, ...]]:
    """Return the moments at which every member has a steady state, and a sentence for each other.

    Where there is no such moment all of them come back, and nothing is predicted.
    """
    solved = [bool(members.at(level)[0].solved.all()) for _, level in moments]
    if not any(solved):
        return moments, ()
    kept = tuple(item for item, one in zip(moments, solved, strict=True) if one)
    return kept, tuple(_no_state(*item) for item, one in zip(moments, solved, strict=True) if not one)


def _no_state(says: str, level: float) -> str:
    return NO_STATE.format(says=f"{says[0].upper()}{says[1:]}", level=level)


class _Telling:
    """What every prediction of one case says alike."""

    def __init__(self, case: Case, file: ResponseFile, kind: HeartFile) -> None:
        """Keep them."""
        self._case, self._file, self._kind = case, file, kind
        self.warnings: tuple[str, ...] = ()

    def refused(self, *refusals: Refusal, found: Found | None = None) -> CirculationForecast:
        """Return a prediction without numbers."""
        return self._record(CirculationStatus.REFUSED, found, refusals=refusals)

    def predicted(self, found: Found, members: Members, asked: _Asked, remarks: tuple[str, ...]) -> CirculationForecast:
        """Return it with every number."""
        entry = find_entry(load_drug(self._case.drug), self._case)
        limit = lowest_pressure(entry if isinstance(entry, Entry) else None)
        assumed = sum(bool(item.assumed) for item in found.readings.values())
        about = About(surface_m2(self._case), limit, answers_of(members), assumed, asked.of_level)
        moments = []
        for says, level in asked.moments:
            answer, _ = members.at(level)
            if not answer.solved.all():
                return self.refused(Refusal("no-steady-state", _no_state(says, level), ()), found=found)
            moments.append(moment_of(members, says, level, answer, about))
        says, level = asked.moments[asked.drawn]
        drawn = loops_of(members, members.at(level)[1])
        loops: tuple[Loop, ...] = () if isinstance(drawn, str) else drawn
        loops_say = drawn if isinstance(drawn, str) else f"{says}, {level:.0f} ng/mL"
        return self._record(
            CirculationStatus.PREDICTED,
            found,
            given=asked.given,
            members=members,
            moments=tuple(moments),
            response=response_of(members, top_of(self._file, [level for _, level in asked.moments])),
            loops=loops,
            loops_of=loops_say,
            remarks=remarks,
        )

    def _record(
        self,
        status: CirculationStatus,
        found: Found | None,
        *,
        members: Members | None = None,
        refusals: tuple[Refusal, ...] = (),
        remarks: tuple[str, ...] = (),
        **more: object,
    ) -> CirculationForecast:
        readings = () if found is None else tuple(found.readings.values())
        drug = load_drug(self._case.drug)
        filled = {"given": "", "moments": (), "response": None, "loops": (), "loops_of": "", "course": None} | more
        return CirculationForecast(
            status=status,
            drug=self._case.drug,
            made_for=self._case.now,
            patient=patient_summary(self._case),
            heart=self._kind.title,
            typical=any(item.assumed for item in readings),
            readings=readings,
            missing=() if found is None else found.missing,
            members=() if members is None else tuple(f"{name}: {_says(self._file, name)}" for name in members.ids),
            refusals=refusals,
            warnings=self.warnings,
            says=said(found, members, remarks),
            unknown=(*self._file.unknown, *self._kind.unknown),
            sources=sources_of(self._file, self._kind),
            versions=Versions(program_version(), drug.digest, vocabulary().digest, None),
            notice=NOTICE,
            **filled,  # type: ignore[arg-type] # the names of the record, with their kinds
        )


def _says(file: ResponseFile, name: str) -> str:
    return file.member(name).says
