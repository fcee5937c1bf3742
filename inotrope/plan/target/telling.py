"""What was searched becomes the answer: what is named, by which search, and what a reader must know of all of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inotrope.dosing import prepared_concentration
from inotrope.findings import Refusal
from inotrope.patient import vocabulary
from inotrope.plan.fitting.making import Fitted
from inotrope.plan.fitting.record import FitStatus
from inotrope.plan.forecast_numbers import HOUR
from inotrope.plan.making import questions_of
from inotrope.plan.notice import NOTICE
from inotrope.plan.outcome import Outcome
from inotrope.plan.person import patient_summary
from inotrope.plan.record import Versions
from inotrope.plan.target.allowing.allowed import Allowed
from inotrope.plan.target.allowing.ways import rounded
from inotrope.plan.target.asking import AHEAD_H
from inotrope.plan.target.beside_the_running import change, paused, raises, runs_now
from inotrope.plan.target.counting import answers_of
from inotrope.plan.target.record import AllowedRates, Target, WantedRange
from inotrope.plan.target.saying import all_extrapolate, left_out, measure_now, of_courses, said
from inotrope.plan.target.scoring import Wanted, formula_of
from inotrope.plan.target.search_record import Course, NextLevel, Pause, Search, TargetStatus
from inotrope.plan.target.searching import mostly_outside
from inotrope.plan.target.to_do import to_do
from inotrope.plan.versions import program_version
from inotrope.plan.writing import assumptions_of, in_order
from inotrope.population import Model
from inotrope.units import Quantity


@dataclass(frozen=True, slots=True)
class Telling:
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
            status=TargetStatus.MOSTLY_OUTSIDE if lowest is not None and mostly_outside(lowest) else status,
            drug=folder.name,
            made_for=case.now,
            patient=patient_summary(case),
            wanted=self.range_,
            penalty=self.wanted.penalty,
            formula=formula_of(self.wanted.penalty),
            hours=Quantity(Decimal(AHEAD_H), HOUR),
            fitted=fitted is not None and fitted.status is FitStatus.FITTED and bool(answers_of(fitted)),
            levels=() if fitted is None else fitted.levels.every,
            allowed=None if allowed is None else _allowed(allowed, prepared_concentration(case, folder)),
            named=None if lowest is None else lowest.named,
            named_by=None if lowest is None else lowest.by,
            pause=_longest_pause(searches) if status is TargetStatus.NONE_SAFE else None,
            next_level=_next_level(searches if lowest is None else (lowest,)),
            runs_now=runs_now(self.outcome, lowest, self.wanted.penalty),
            paused=paused(self.outcome),
            raises=raises(self.outcome, lowest),
            change=change(self.outcome, lowest, self.wanted.penalty),
            extrapolates=all_extrapolate(fitted, searches),
            measure_now=measure_now(self.outcome, fitted, searches, self.wanted.high, lowest),
            searches=searches,
            courses=going_on,
            left_out=() if fitted is None else left_out(fitted, models),
            kidney=None if fitted is None else fitted.kidneys.told,
            refusals=refusals,
            to_do=to_do(refusals, fitted, going_on),
            findings=in_order(self.outcome.findings),
            missing=questions_of(self.outcome),
            assumptions=assumptions_of(self.outcome),
            says=of_courses(fitted)
            if going_on and fitted is not None
            else said(self.outcome, fitted, searches, lowest),
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
