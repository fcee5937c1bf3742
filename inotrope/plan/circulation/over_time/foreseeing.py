"""A plan's case in, its circulation over the next day out: with intervals, chances, a load against none, and rates.

Knows the order, and which regimens are asked of the same draws. It proposes nothing.
"""

from __future__ import annotations

from typing import TypeGuard

from inotrope.dosing import find_entry, history, read_regimen
from inotrope.drug import Entry, load_drug
from inotrope.findings import Refusal
from inotrope.forecast.circulation import Person
from inotrope.patient import Case, assess_kidney
from inotrope.plan.circulation.course_record import CirculationCourse
from inotrope.plan.circulation.levels import OF_THE_FIT
from inotrope.plan.circulation.over_time.asking import Asked
from inotrope.plan.circulation.over_time.kinetics import kinetics_of
from inotrope.plan.circulation.over_time.learning import Readings, person_of
from inotrope.plan.circulation.over_time.present import present_of
from inotrope.plan.circulation.over_time.standing import judge_standing
from inotrope.plan.circulation.over_time.telling import Telling, refused
from inotrope.plan.circulation.readings_needed import incomplete
from inotrope.plan.forecast_record import LevelForecast
from inotrope.plan.given_ahead import given_ahead
from inotrope.plan.outcome import Outcome
from inotrope.population.response import drive_beside, list_responses, load_response

NO_KINETICS = Refusal(
    "no-level",
    "No model of the levels that says how patients differ holds for this patient: no circulation follows.",
    (),
)


def course_of_plan(outcome: Outcome, forecast: LevelForecast | None) -> CirculationCourse | None:
    """Return the circulation ahead of a plan; None for a drug without a known response.

    Where nothing is given there is nothing to foresee: what was read stands there, or whom the model does not hold for.

    Args:
        outcome: What the plan found.
        forecast: Of its levels; None where there is none.
    """
    if outcome.drug.name not in list_responses():
        return None
    meant, file = given_ahead(outcome), load_response(outcome.drug)
    drive, drive_says = drive_beside(file, outcome.case)
    asked = Asked(
        case=outcome.case,
        drug=outcome.drug,
        file=file,
        kidney=outcome.kidney,
        past=outcome.past,
        regimen=None if meant is None else meant.regimen,
        supposes="nothing is given" if meant is None else meant.says,
        given="" if meant is None else meant.text,
        entry=outcome.entry,
        shown_first=None if forecast is None else forecast.first,
        drive=drive,
        drive_says=drive_says,
    )
    if meant is None:
        readings = Readings.of(asked)
        if not readings.held.answers:
            return refused(asked, readings, *readings.held.refusals)
        return present_of(asked, readings, outcome.status)
    return course_of(asked, outcome)


def course_under(case: Case, regimen: str, *, model: str | None = None) -> CirculationCourse:
    """Return the circulation of a case over a day under a regimen that is named, with no load compared and no rate.

    Args:
        case: The patient.
        regimen: From now on, such as `50 mcg/kg over 10 min; 0.5 mcg/kg/min`.
        model: The model whose levels are shown first; by default the label's, as the fit took them.

    Raises:
        InotropeError: The regimen cannot be read.
    """
    drug = load_drug(case.drug)
    file, entry, meant = load_response(drug), find_entry(drug, case), read_regimen(regimen)
    drive, drive_says = drive_beside(file, case)
    asked = Asked(
        case=case,
        drug=drug,
        file=file,
        kidney=assess_kidney(case),
        past=history(case, drug=drug.name),
        regimen=meant,
        supposes="what was asked for is given from now on",
        given=str(meant),
        entry=entry if isinstance(entry, Entry) else None,
        shown_first=model or f"{drug.name}/{OF_THE_FIT}",
        drive=drive,
        drive_says=drive_says,
    )
    return course_of(asked, None)


def course_of(asked: Asked, outcome: Outcome | None) -> CirculationCourse:
    """Return the course, or why there is none.

    Args:
        asked: What is asked.
        outcome: What the plan found, for its load and the rates that it permits; None for neither.
    """
    readings = Readings.of(asked)
    if not readings.held.answers:
        return refused(asked, readings, *readings.held.refusals)
    if readings.bedside.refusals:
        return refused(asked, readings, *readings.bedside.refusals)
    if readings.needs:
        return incomplete(readings.needs, supposes=asked.supposes, left_out=readings.bedside.left_out)
    standing = judge_standing(asked.case, asked.file, readings.bedside)
    if standing:
        return refused(asked, readings, *standing)
    known = kinetics_of(asked.case, asked.drug, asked.kidney, asked.shown_first, ahead=asked.regimen)
    if known.first is None:
        return refused(asked, readings, NO_KINETICS)
    found = person_of(asked, readings, known.first)
    if not _is_person(found):
        return refused(asked, readings, *found)
    person, how = found
    return Telling(asked, outcome, readings, known, known.first, person, how).course()


def _is_person(found: tuple[Person, str] | tuple[Refusal, ...]) -> TypeGuard[tuple[Person, str]]:
    return isinstance(found[0], Person)
