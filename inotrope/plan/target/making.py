"""A case in, the dose for a target out: what the plan allows, the draws that levels left, and every rate scored.

Knows the order, and which search names the rate: the average where a level is fitted, else the lowest that any model
of such patients names. It lifts nothing that the plan withholds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from inotrope.drug import Drug, Site
from inotrope.findings import Refusal
from inotrope.forecast.giving import flows
from inotrope.patient import Case
from inotrope.plan.fitting.making import DRAWS, Fitted, fit_models
from inotrope.plan.fitting.of_model import Answer
from inotrope.plan.fitting.record import FitStatus
from inotrope.plan.forecast_numbers import SEED
from inotrope.plan.forecasting import bands_of
from inotrope.plan.given_ahead import given_ahead, what_runs
from inotrope.plan.making import work_out
from inotrope.plan.models import models_of
from inotrope.plan.outcome import Outcome
from inotrope.plan.record import PlanStatus
from inotrope.plan.target.ahead.courses import AS_IT_RUNS, THEN_THE_PLAN, Watched, courses
from inotrope.plan.target.allowing.allowed import Allowed, allowed_rates
from inotrope.plan.target.allowing.renal_line import above_the_line
from inotrope.plan.target.asking import read_hours, read_range, read_result_after, wanted_of
from inotrope.plan.target.counting import Counted, answers_of, averaged_of, draws_of, evenly, near_of
from inotrope.plan.target.record import ALL_MODELS, Course, Search, Target, TargetStatus
from inotrope.plan.target.scoring import Wanted
from inotrope.plan.target.searching import Asked, search
from inotrope.plan.target.telling import Telling
from inotrope.population import Model
from inotrope.units import Quantity

OUTSIDE = "out-of-domain"
NO_MODEL_HOLDS = Refusal(
    "no-model-holds",
    "No model that says how patients differ holds for this patient: no rate is searched, and what the plan says stands "
    "('inotrope plan').",
    (),
)


def find_dose(
    case: Case,
    *,
    wanted: str | None = None,
    penalty: float | None = None,
    hours: str | None = None,
    result_after: str | None = None,
    overrides: Mapping[str, str] | None = None,
    assume_kidney: Quantity | None = None,
    site: Site | None = None,
    drug: Drug | None = None,
    models: Iterable[Model] | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Target:
    """Return the rate that most probably keeps this patient in a range of levels, among those that the plan allows.

    Args:
        case: The patient, what was given, and the levels where some were measured.
        wanted: The range, such as `100-300 ng/mL`; by default the hospital's own band, else the first studied range.
        penalty: What time above the range counts against time in it, from 0 to 100; by default 2.
        hours: When the ward could draw a level, such as `2 h, 6 h`; by default every full hour ahead.
        result_after: How long after it is drawn a level's result is there, such as `1 h`; by default at once.
        overrides: Reason by rule id, as `make_plan` takes them: what a stop that was set aside still withholds, a load
            and every step upward, is not searched.
        assume_kidney: A creatinine clearance in mL/min/1.73 m2 to use instead of the patient's own, for the limits and
            for every model; it is held over time and stands on everything shown.
        site: The hospital's own file.
        drug: A drug folder already read; by default the shipped one that the case names.
        models: By default all models of the drug.
        draws: How many patients are drawn for each model.
        seed: Of the random numbers.

    Returns:
        The search. A stop or a refusal of the plan searches nothing; that none is safe is an answer.

    Raises:
        RequestError: The drug is unknown; a range, a penalty or an hour that is none; no draw; a seed below 0; an
            override or an assumed clearance that `make_plan` would not take.
        UnitError: A range or an hour without a unit, or with a wrong one.
        LibraryError: The site's file loosens a limit, or does not fit the drug.
    """
    outcome = work_out(case, overrides or {}, assume_kidney, site, drug)
    range_, when = read_range(wanted, bands_of(outcome)), read_hours(hours)
    watched = _watched(outcome, wanted_of(range_, penalty, when), when, read_result_after(result_after), seed)
    told = Telling(outcome, range_, watched.wanted, draws, seed)
    allowed = allowed_rates(outcome)
    stopped = outcome.status is PlanStatus.STOPPED
    if stopped and not isinstance(allowed, Allowed):
        return told.target(TargetStatus.STOPPED, refusals=allowed)
    ahead = given_ahead(outcome)
    of_drug = tuple(models_of(outcome.drug) if models is None else models)
    fitted = fit_models(
        outcome.case,
        outcome.drug,
        of_drug,
        ahead=None if ahead is None else ahead.regimen,
        draws=draws,
        seed=seed,
        kidney=outcome.kidney,
    )
    if not isinstance(allowed, Allowed):
        going_on = courses_of(fitted, watched, outcome)
        refusals = (*allowed, *fitted.doubts)
        return told.target(TargetStatus.REFUSED, refusals=refusals, fitted=fitted, going_on=going_on)
    against = fitted.doubts or _against(fitted)
    if against:
        return told.target(TargetStatus.REFUSED, refusals=against, allowed=allowed, fitted=fitted)
    allowed = above_the_line(outcome, allowed, fitted)
    asked = Asked(allowed, watched, float(outcome.case.patient.weight.in_unit("kg")))
    searches = _searches(fitted, asked, seed)
    return told.target(_status(searches), allowed=allowed, fitted=fitted, searches=searches, models=of_drug)


def _watched(
    outcome: Outcome, wanted: Wanted, hours: tuple[Quantity, ...], result_after_h: float, seed: int
) -> Watched:
    """Return what every search is watched by."""
    past, weight, runs = outcome.past, outcome.case.patient.weight, what_runs(outcome)
    return Watched(
        wanted=wanted,
        past=flows(past, None, weight),
        runs=None if runs is None or past.running_rate is None else flows(past, runs.regimen, weight),
        runs_as=THEN_THE_PLAN if runs is not None and runs.going_in else AS_IT_RUNS,
        running=past.running_rate,
        hours=hours,
        result_after_h=result_after_h,
        now=outcome.case.now,
        seed=seed,
    )


def _against(fitted: Fitted) -> tuple[Refusal, ...]:
    """Return why no model has draws of this patient."""
    if fitted.status is FitStatus.REFUSED:
        return fitted.refusals
    if any(isinstance(answer, Answer) for _, _, answer, _ in fitted.fits.values()):
        return ()
    found = [
        replace(item, says=f"By {name.rpartition('/')[2]}: {item.says}")
        for name, (_, _, answer, _) in fitted.fits.items()
        if isinstance(answer, tuple)
        for item in answer
    ]
    if not found:
        says = "No model of this drug says both how a level goes over time and how patients differ."
        return (Refusal("no-model", says, ()),)
    # Where a level is what stands against it, models of other patients say nothing to the point.
    return tuple(item for item in found if item.id != OUTSIDE) or (NO_MODEL_HOLDS, *found)


def _searches(fitted: Fitted, asked: Asked, seed: int) -> tuple[Search, ...]:
    """Return one search over all models that count, or without a level one for each that holds for such patients."""
    answers = answers_of(fitted)
    if fitted.status is FitStatus.FITTED:
        return (search(ALL_MODELS, averaged_of(fitted, seed), asked),)
    found = []
    for name in near_of(fitted):
        fitting, usual, answer = answers[name]
        counted = Counted(fitting, usual, evenly(answer, seed), len(answer.posterior.etas), None)
        found.append(search(name, (counted,), asked))
    return tuple(found)


def courses_of(fitted: Fitted, watched: Watched, outcome: Outcome) -> tuple[Course, ...]:
    """Return what becomes of what runs where no rate may be searched: on fitted levels alone, and no proposal.

    Levels that are doubted lead to none: they would tell of a sample or a pump as if it were the patient.
    """
    bearing = fitted.status is FitStatus.FITTED and not fitted.doubts
    parts = averaged_of(fitted, watched.seed) if bearing else ()
    if not parts:
        return ()
    return courses(draws_of(parts, watched.past, float(outcome.case.patient.weight.in_unit("kg"))), watched)


def _status(searches: tuple[Search, ...]) -> TargetStatus:
    """Return how all searches end: one for which none is safe lets none be named."""
    ended = {item.status for item in searches}
    for status in (TargetStatus.NONE_SAFE, TargetStatus.FOUND):
        if status in ended:
            return status
    return TargetStatus.NONE_REACHES
