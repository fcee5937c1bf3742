"""A plan with its forecast kept beside it, to be asked what a pause, another rate or failing kidneys would do.

Knows that a question changes nothing of what is kept: two who ask at once get what each would get alone. What a change
is and how it is written stands in `plan/what_if.py`; the moments told are those of `inotrope plan --what-if`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from inotrope.drug import Drug, Site
from inotrope.errors import RequestError
from inotrope.forecast import Forecast
from inotrope.patient import Case
from inotrope.plan.forecast_record import LevelForecast, ModelLevels, WhatIf, failed_forecast
from inotrope.plan.forecasting import Foreseen, foresee, model_levels, told
from inotrope.plan.making import circulation_of, questions_of, work_out
from inotrope.plan.record import Plan, PlanStatus
from inotrope.plan.supposing.record import LevelsThen, RatesToSuppose, Supposition
from inotrope.plan.what_if import SHOWN_DECIMALS, read_changes, then, told_change
from inotrope.plan.writing import write_plan
from inotrope.units import Quantity

RATE = "mcg/kg/min"
STEP = Quantity(Decimal("0.005"), RATE)
"""Between two rates that are looked at: no source and no dose, fine enough that a curve moves under the hand."""
NO_FORECAST = "This plan has no forecast: nothing is proposed, nothing runs and nothing was given."


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPlan:
    """A plan, and what is needed to suppose a change of it."""

    plan: Plan
    _foreseen: Foreseen | None

    @property
    def rates(self) -> RatesToSuppose | None:
        """The rates over which one may look; None where no other rate is supposed."""
        return rates_of(self.plan)

    def what_if(self, text: str) -> Supposition:
        """Return what one change would do to the levels.

        Args:
            text: The change, such as `rate 0.5 mcg/kg/min after 2 h`, `pause 90 min` or `kidney 30 mL/min/1.73 m2`.

        Raises:
            RequestError: The change cannot be read, lies outside the forecast, or there is no forecast to change.
            UnitError: A value without a unit or with a wrong one.
        """
        (change,) = read_changes((text,), now=self.plan.made_for)
        foreseen = self._foreseen
        if foreseen is None:
            refusals = () if self.plan.forecast is None else self.plan.forecast.refusals
            raise RequestError(" ".join(item.says for item in refusals) or NO_FORECAST, value=text)
        after = then(foreseen.outcome, change, foreseen.meant, foreseen.again)
        said = told_change(change, foreseen.answering, after)
        return self._told(foreseen, said, after.forecast)

    def _told(self, foreseen: Foreseen, said: WhatIf, after: Forecast | None) -> Supposition:
        before, hour = foreseen.answering, f"{foreseen.found.until_h:g}"
        levels = self.plan.forecast
        assert levels is not None  # what was foreseen was told
        own = {item.model: item for item in levels.models}
        models = () if after is None else after.models
        return Supposition(
            drug=self.plan.drug,
            made_for=self.plan.made_for,
            supposes=foreseen.meant.says,
            regimen=foreseen.meant.text,
            change=said,
            draws=before.draws,
            seed=before.seed,
            time=levels.time,
            bands=levels.bands,
            first=before.first,
            models=tuple(_then(own[item.model], model_levels(item, hour)) for item in models),
            versions=self.plan.versions,
            notice=self.plan.notice,
        )


def prepare_plan(
    case: Case,
    *,
    overrides: Mapping[str, str] | None = None,
    assume_kidney: Quantity | None = None,
    site: Site | None = None,
    drug: Drug | None = None,
) -> PreparedPlan:
    """Return the plan of a case as `make_plan` makes it, kept so that it can be asked what else would be.

    Args:
        case: The patient.
        overrides: As of `make_plan`; so are the next three.
        assume_kidney: See there.
        site: See there.
        drug: See there.

    Raises:
        RequestError: As `make_plan`.
        LibraryError: As `make_plan`.
    """
    outcome = work_out(case, overrides or {}, assume_kidney, site, drug)
    foreseen: Foreseen | None = None
    levels: LevelForecast | None = None
    try:
        foreseen = foresee(outcome)
        levels = None if foreseen is None else told(foreseen)
    except Exception as problem:  # as `make_plan`: a dose that was checked never hangs on a curve
        foreseen, levels = None, failed_forecast(problem)
    plan = write_plan(outcome, questions_of(outcome), levels, circulation_of(outcome, levels))
    return PreparedPlan(plan, foreseen)


def can_be_asked(plan: Plan) -> bool:
    """Tell whether a change of a plan can be supposed at all: whether any model answers."""
    return plan.forecast is not None and any(not model.refused for model in plan.forecast.models)


def rates_of(plan: Plan) -> RatesToSuppose | None:
    """Return the rates over which one may look; None where no other rate is supposed."""
    rate, running = plan.maintenance, plan.running
    if plan.status is not PlanStatus.PLAN or rate is None or not can_be_asked(plan):
        return None
    loads = running is None or running.loading_until is not None
    now = rate.delivered_rate or rate.rate if running is None or loads else running.rate
    return RatesToSuppose(STEP, rate.maximum.to(RATE), STEP, now.to(RATE), _moves(plan))


def _moves(plan: Plan) -> str:
    """Say which rate of a plan another one stands for: what comes before it stays as it is."""
    load = plan.loading_dose
    if plan.running is not None:
        until = plan.running.loading_until
        return (
            "the rate that runs" if until is None else f"the rate after the load that is going in until {until:%H:%M}"
        )
    if load is None or not load.given:
        return "the rate of this plan"
    if load.rate is None:
        return "the rate after the load, which is given whole"
    return f"the rate after the first {load.duration}, which stay at {load.rate.shown(SHOWN_DECIMALS)}"


def _then(before: ModelLevels, after: ModelLevels) -> LevelsThen:
    return LevelsThen(
        model=before.model,
        title=before.title,
        standing=before.standing,
        recalled=bool(before.unconfirmed),
        curve=after.curve,
        before=before.curve,
        chances=after.chances,
        chances_before=before.chances,
        leaves=after.leaves,
        leaves_before=before.leaves,
        refused=after.refused,
    )
