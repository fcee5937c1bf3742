"""A case in, the dose for a target out: what the plan allows, the draws that levels left, and every rate scored.

Knows the order, and which search names the rate: the average where a level is fitted, else the lowest that any model
of such patients names. It lifts nothing that the plan withholds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from inotrope.dosing import goes_on, prepared_concentration
from inotrope.drug import Drug, Site
from inotrope.estimation.even_draws import even_posterior, even_prior
from inotrope.findings import Refusal, Truth
from inotrope.forecast.giving import flows
from inotrope.patient import Case, vocabulary
from inotrope.plan.fitting.making import DRAWS, Fitted, can_be_fitted, fit_models
from inotrope.plan.fitting.numbers import HOUR, PERCENT, number
from inotrope.plan.fitting.of_model import Answer, Fitting
from inotrope.plan.fitting.person import Person
from inotrope.plan.fitting.record import FitStatus
from inotrope.plan.fitting.saying import ALL_BEYOND
from inotrope.plan.forecast_numbers import SEED
from inotrope.plan.forecasting import bands_of
from inotrope.plan.making import questions_of, work_out
from inotrope.plan.notice import NOTICE
from inotrope.plan.outcome import Outcome
from inotrope.plan.person import patient_summary
from inotrope.plan.record import PlanStatus, Versions
from inotrope.plan.target.allowed import Allowed, allowed_rates
from inotrope.plan.target.asking import AHEAD_H, read_hours, read_range, read_result_after, wanted_of
from inotrope.plan.target.counting import Counted, draws_of
from inotrope.plan.target.record import ALL_MODELS, AllowedRates, Course, Search, Target, TargetStatus, WantedRange
from inotrope.plan.target.renal_line import above_the_line
from inotrope.plan.target.scoring import Wanted, formula_of
from inotrope.plan.target.search_record import NextLevel, Pause
from inotrope.plan.target.searching import Asked, search
from inotrope.plan.target.watching import Watched, courses
from inotrope.plan.target.ways import rounded
from inotrope.plan.versions import program_version
from inotrope.plan.writing import assumptions_of, in_order
from inotrope.population import Model, Standing, load_models
from inotrope.units import Quantity

LOWEST = (
    "No level is measured: each model that holds for such patients stands by itself, never averaged, and the lowest "
    "rate that any of them names is named."
)
ONE_VETO = "By {by} none is safe: so none is named."
HELD = "Nothing here lifts a limit of the plan, and the prescriber decides. Measure a level before and after a change."
NONE_NEAR = "No model was made in patients like this one: those that stand here all extrapolate."
MOVING = (
    "The kidneys move: what is named supposes that they go on as they are, each draw by its own path; the named ways "
    "in which they may go on stand beside it and are no forecast of the kidneys."
)
UNKNOWN_PAST = "The case does not say what was given before: nothing is supposed, and every level may be too low."


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
    told = _Telling(outcome, range_, watched.wanted, draws, seed)
    allowed = allowed_rates(outcome)
    stopped = outcome.status is PlanStatus.STOPPED
    if stopped and not isinstance(allowed, Allowed):
        return told.target(TargetStatus.STOPPED, refusals=allowed)
    of_drug = tuple(load_models(outcome.drug) if models is None else models)
    fitted = fit_models(
        outcome.case,
        outcome.drug,
        of_drug,
        draws=draws,
        seed=seed,
        kidney=outcome.kidney,
    )
    if not isinstance(allowed, Allowed):
        going_on = courses_of(fitted, watched, outcome)
        return told.target(TargetStatus.REFUSED, refusals=allowed, fitted=fitted, going_on=going_on)
    against = _against(fitted)
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
    past, weight = outcome.past, outcome.case.patient.weight
    return Watched(
        wanted=wanted,
        past=flows(past, None, weight),
        runs=None if past.running_rate is None else flows(past, goes_on(past), weight),
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
    found = [item for _, _, answer, _ in fitted.fits.values() if isinstance(answer, tuple) for item in answer]
    if not found:
        says = "No model of this drug says both how a level goes over time and how patients differ."
        return (Refusal("no-model", says, ()),)
    return tuple(dict.fromkeys(found))


def _searches(fitted: Fitted, asked: Asked, seed: int) -> tuple[Search, ...]:
    """Return one search over all models that count, or without a level one for each that holds for such patients."""
    answers = _answers(fitted)
    if fitted.status is FitStatus.FITTED:
        return (search(ALL_MODELS, _averaged(fitted, seed), asked),)
    found = []
    for name in _near(fitted):
        fitting, usual, answer = answers[name]
        counted = Counted(fitting, usual, _evenly(answer, seed), len(answer.posterior.etas), None)
        found.append(search(name, (counted,), asked))
    return tuple(found)


def _averaged(fitted: Fitted, seed: int) -> tuple[Counted, ...]:
    """Return the models that levels weighed, each with the draws that it counts for."""
    answers, parts = _answers(fitted), []
    for name, item in fitted.weighed.models.items():
        fitting, usual, answer = answers[name]
        if item.draws:
            share = number(100 * item.share, PERCENT)
            parts.append(Counted(fitting, usual, _evenly(answer, seed), item.draws, share))
    return tuple(parts)


def courses_of(fitted: Fitted, watched: Watched, outcome: Outcome) -> tuple[Course, ...]:
    """Return what becomes of what runs where no rate may be searched: on fitted levels alone, and no proposal."""
    parts = _averaged(fitted, watched.seed) if fitted.status is FitStatus.FITTED else ()
    if not parts:
        return ()
    return courses(draws_of(parts, watched.past, float(outcome.case.patient.weight.in_unit("kg"))), watched)


def _answers(fitted: Fitted) -> dict[str, tuple[Fitting, Person, Answer]]:
    """Return every model that answers."""
    return {
        name: (fitting, usual, answer)
        for name, (fitting, usual, answer, _) in fitted.fits.items()
        if isinstance(answer, Answer) and usual is not None
    }


def _evenly(answer: Answer, seed: int) -> Answer:
    """Return draws of the prior that lie more evenly: what a search names must not hang on the seed."""
    count = len(answer.posterior.etas)
    if answer.posterior.method == "prior":
        etas = even_prior(answer.problem.omega, draws=count, seed=seed)
    elif answer.posterior.method == "importance":
        etas = even_posterior(answer.problem, answer.mode, draws=count, seed=seed).etas
    else:
        return answer
    return replace(answer, posterior=replace(answer.posterior, etas=etas), person=answer.person.with_etas(etas))


def _near(fitted: Fitted) -> tuple[str, ...]:
    """Return the models that were made in such patients; where none was, all that answer."""
    answers = _answers(fitted)
    near = [name for name, (fitting, _, _) in answers.items() if not _extrapolates(fitting)]
    return tuple(near or answers)


def _extrapolates(fitting: Fitting) -> bool:
    return fitting.setting.domain.standing is Standing.EXTRAPOLATION


def _status(searches: tuple[Search, ...]) -> TargetStatus:
    """Return how all searches end: one for which none is safe lets none be named."""
    ended = {item.status for item in searches}
    for status in (TargetStatus.NONE_SAFE, TargetStatus.FOUND):
        if status in ended:
            return status
    return TargetStatus.NONE_REACHES


@dataclass(frozen=True, slots=True)
class _Telling:
    """What stands on every answer."""

    outcome: Outcome
    range_: WantedRange
    wanted: Wanted
    draws: int
    seed: int

    def target(
        self,
        status: TargetStatus,
        *,
        refusals: tuple[Refusal, ...] = (),
        allowed: Allowed | None = None,
        fitted: Fitted | None = None,
        searches: tuple[Search, ...] = (),
        going_on: tuple[Course, ...] = (),
        models: tuple[Model, ...] = (),
    ) -> Target:
        """Return the answer."""
        case, folder, site = self.outcome.case, self.outcome.drug, self.outcome.site
        naming = [item for item in searches if item.named is not None] if status is TargetStatus.FOUND else []
        lowest = min(naming, key=_rate, default=None)
        return Target(
            status=status,
            drug=folder.name,
            made_for=case.now,
            patient=patient_summary(case),
            wanted=self.range_,
            penalty=self.wanted.penalty,
            formula=formula_of(self.wanted.penalty),
            hours=Quantity(Decimal(AHEAD_H), HOUR),
            fitted=fitted is not None and fitted.status is FitStatus.FITTED,
            levels=() if fitted is None else fitted.levels.every,
            allowed=None if allowed is None else _allowed(allowed, prepared_concentration(case, folder)),
            named=None if lowest is None else lowest.named,
            named_by=None if lowest is None else lowest.by,
            pause=_longest_pause(searches) if status is TargetStatus.NONE_SAFE else None,
            next_level=_next_level(searches if lowest is None else (lowest,)),
            searches=searches,
            courses=going_on,
            left_out=() if fitted is None else _left_out(fitted, models),
            kidney=None if fitted is None else fitted.kidneys.told,
            refusals=refusals,
            findings=in_order(self.outcome.findings),
            missing=questions_of(self.outcome),
            assumptions=assumptions_of(self.outcome),
            says=_says(self.outcome, fitted, searches),
            seed=self.seed,
            draws=self.draws,
            versions=Versions(
                program_version(), folder.digest, vocabulary().digest, None if site is None else site.digest
            ),
            notice=NOTICE,
        )


def _longest_pause(searches: tuple[Search, ...]) -> Pause | None:
    """Return the pause that takes longest, where every search by which none is safe is about a level that is high."""
    unsafe = [item.pause for item in searches if item.status is TargetStatus.NONE_SAFE]
    known = [item for item in unsafe if item is not None]
    if len(known) < len(unsafe):
        return None
    return max(known, key=lambda item: (item.after is None, item.measure_after), default=None)


def _next_level(searches: tuple[Search, ...]) -> NextLevel | None:
    return next((item.next_level for item in searches if item.next_level is not None), None)


def _rate(item: Search) -> Quantity:
    assert item.named is not None  # the caller looked
    return item.named.candidate.rate


def _allowed(allowed: Allowed, concentration: Quantity | None) -> AllowedRates:
    first = allowed.ways[0]
    return AllowedRates(
        highest=rounded(allowed.highest),
        because=allowed.because,
        line=None if allowed.line is None else rounded(allowed.line),
        now=rounded(first.stages[0].highest),
        concentration=concentration,
        step=allowed.step,
        load=any(way.load is not None for way in allowed.ways),
        load_says=allowed.load_says,
        load_only_if=allowed.load_only_if,
        says=allowed.says,
    )


def _left_out(fitted: Fitted, models: tuple[Model, ...]) -> tuple[str, ...]:
    """Return the models from which no draw counts, and why."""
    found = [
        f"{name}: {' '.join(item.says for item in answer)}"
        for name, (_, _, answer, _) in fitted.fits.items()
        if isinstance(answer, tuple)
    ]
    if fitted.status is FitStatus.FITTED:
        found += [f"{name}: {why}" for name, why in fitted.weighed.left_out.items()]
    else:
        near = _near(fitted)
        found += [f"{name}: made in other patients than this one" for name in _answers(fitted) if name not in near]
    unable = ", ".join(model.name for model in models if not can_be_fitted(model))
    return (*found, f"{unable}: draw no curve, or do not say how patients differ") if unable else tuple(found)


def _says(outcome: Outcome, fitted: Fitted | None, searches: tuple[Search, ...]) -> tuple[str, ...]:
    """Return what holds for all of it."""
    if fitted is None or not searches:
        return ()
    says = []
    if fitted.status is not FitStatus.FITTED:
        says.append(LOWEST)
        says += [ONE_VETO.format(by=item.by) for item in searches if item.status is TargetStatus.NONE_SAFE]
        if all(_extrapolates(fitted.fits[item.by][0]) for item in searches):
            says.append(NONE_NEAR)
    elif fitted.beyond:
        says.append(ALL_BEYOND)
    if fitted.past.given_before is Truth.UNKNOWN:
        says.append(UNKNOWN_PAST)
    says += [f"{item.as_written}: {item.refused.says}" for item in fitted.levels.every if item.refused is not None]
    machines = dict.fromkeys(machine.says for item in fitted.fits.values() for machine in item[0].setting.machines)
    says += machines
    if fitted.kidneys.walk is not None:
        says.append(MOVING)
    says.append(f"{outcome.drug.studied_ranges[0].says} {HELD}" if outcome.drug.studied_ranges else HELD)
    return tuple(says)
