"""The forecast of a case: what every model of its drug says of the levels under a regimen, side by side.

Knows how the models are put beside each other and which one is named the highest. It averages nothing, proposes no
dose and fits nothing to a measured level.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from inotrope.dosing import History, WrittenRegimen, goes_on, history, read_regimen
from inotrope.drug import Drug, StudiedRange, load_drug
from inotrope.errors import RequestError
from inotrope.findings import Refusal, Truth
from inotrope.forecast.course import Asked
from inotrope.forecast.giving import flows
from inotrope.forecast.person import KidneyChange
from inotrope.forecast.predicting import predict
from inotrope.forecast.record import Floats, Forecast, Highest, ModelForecast
from inotrope.patient import AgeGroup, Case, Kidney
from inotrope.population import (
    ENTER,
    NO_OWN_KIDNEYS,
    NO_OWN_KIDNEYS_YET,
    Circumstances,
    Domain,
    ExtracorporealClearance,
    Model,
    Stream,
    default_of,
    load_models,
    replaced,
    says_past_machines,
    standard_normals,
)
from inotrope.units import Quantity, hours_between, read_quantity

if TYPE_CHECKING:
    from inotrope.forecast.kidneys_ahead import KidneysAhead

DRAWS, STEP, UNTIL = 200, "15 min", "24 h"
MOVING_DRAWS = 400
"""Where the kidneys move: with them the levels spread wider, and the ends of 90 % need more draws."""
MOST_DRAWS, MOST_TIMES = 100_000, 10_000
LONGEST_H = 24 * 366
"""h. For so long an age is written down (`series_of_case`); beyond it would stand still without a word."""


def forecast(
    case: Case,
    regimen: WrittenRegimen | str | None,
    *,
    seed: int,
    models: Iterable[Model] | None = None,
    draws: int | None = None,
    step: str | Quantity = STEP,
    until: str | Quantity = UNTIL,
    drug: Drug | None = None,
    kidney: Kidney | None = None,
    kidney_change: KidneyChange | None = None,
    machines: Sequence[ExtracorporealClearance] | None = None,
    bands: Iterable[StudiedRange] | None = None,
    ways_ahead: bool = True,
) -> Forecast:
    """Return what every model says of the levels from `now` on.

    Args:
        case: The patient, and what was given.
        regimen: What is given from `now` on, as text or parts; it takes the place of an infusion that runs. None lets
            that infusion run on.
        seed: Of the random numbers, 0 or more.
        models: By default all models of the drug.
        draws: How many patients are drawn for intervals and chances; by default `DRAWS`, and more where kidneys move.
        step: Between two times of a curve.
        until: How far the curve goes.
        drug: A folder already read; by default the shipped one that the case names.
        kidney: The kidney function of `now`, such as an assumed one; by default that of the case.
        kidney_change: The kidneys come to another clearance, whatever they did before.
        machines: Clearances of the drug by machines, entered by a person; by default those of the case.
        bands: Ranges whose chances are told; by default the studied ranges of the drug.
        ways_ahead: Whether the levels are told for every way in which moving kidneys may go on.

    Returns:
        The forecast; without models and with the reason where the record of what was given contradicts itself.

    Raises:
        RequestError: No draw, no time or too many of them; a seed below 0.
        UnitError: A step, an end or a part of the regimen that has no unit or a wrong one.
    """
    folder = load_drug(case.drug) if drug is None else drug
    asked_models = load_models(folder) if models is None else tuple(models)
    times = _times(step, until)
    ranges = folder.studied_ranges if bands is None else tuple(bands)
    if draws is not None and (isinstance(draws, bool) or not 1 <= draws <= MOST_DRAWS):
        raise RequestError(f"'{draws}' is no number of draws.", value=draws, accepted=f"1 to {MOST_DRAWS}")
    standard_normals(seed, 0, 1, Stream.SUBJECT)  # a wrong seed is an error of the request, and no model's refusal
    past = history(case, drug=folder.name)
    plan = read_regimen(regimen) if isinstance(regimen, str) else regimen or goes_on(past)
    weight = case.patient.weight
    patient = Circumstances.of_case(
        case,
        folder,
        flowing=flows(past, plan, weight),
        ran_h=float(past.running_h),
        kidney=kidney,
        machines=machines,
    )
    moving, still = _kidneys(patient.kidney, case, until_h=float(times[-1]), draws=draws, seed=seed)
    many = draws or (DRAWS if moving is None else MOVING_DRAWS)
    asked = Asked(
        patient=patient,
        change=kidney_change,
        given_known=past.complete,
        last_mcg_per_h=_last(plan, weight),
        times_h=times,
        bands=ranges,
        draws=many,
        seed=seed,
        kidneys=moving,
        ways_ahead=ways_ahead,
    )
    refusals = () if past.conflict is None else (_conflicting(past.conflict),)
    told = [predict(model, asked) for model in asked_models] if not refusals else []
    found = tuple(item for item, _ in told)
    return Forecast(
        drug=folder.name,
        made_for=case.now,
        regimen="" if plan is None else str(plan),
        given=past.given_before,
        draws=many,
        seed=seed,
        step_h=float(times[1] - times[0]),
        until_h=float(times[-1]),
        bands=ranges,
        kidneys=moving,
        models=found,
        first=_first(asked_models, told),
        highest_steady=_highest([(item.model, item.steady.typical) for item in found if item.steady is not None]),
        highest_peak=_highest([(item.model, item.peak.typical) for item in found if item.peak is not None]),
        says=(*_says(asked, past, folder), *still),
        refusals=refusals,
    )


def _kidneys(
    kidney: Kidney, case: Case, *, until_h: float, draws: int | None, seed: int
) -> tuple[KidneysAhead | None, tuple[str, ...]]:
    """Return the moving kidneys, or why they are held although the creatinine changes."""
    child = case.age_group is not AgeGroup.ADULT
    if not kidney.moves or (child and kidney.clearance is None):  # of a child no walk is made, and no value is usual
        return None, ()
    # Only where kidneys move: the estimation would slow the start of every other plan.
    from inotrope.forecast.kidneys_ahead import kidneys_ahead  # noqa: PLC0415

    found = kidneys_ahead(case, ahead_h=until_h, draws=draws or MOVING_DRAWS, seed=seed)
    if not isinstance(found, tuple):
        return found, ()
    if kidney.clearance is None:  # each model that needs one says so
        return None, ()
    return None, tuple(f"The creatinine changes, and the kidneys are held all the same: {says}" for says in found)


def _times(step: str | Quantity, until: str | Quantity) -> Floats:
    hours = []
    for what, written in (("The step", step), ("The end", until)):
        given = read_quantity(written, what=what, dimensions=("time",)) if isinstance(written, str) else written
        hours.append(given.in_unit("h"))
    # Ten minutes are no finite decimal of an hour, and 36 of them are six hours all the same.
    count = int(hours[1] / hours[0] + Decimal("1e-9")) if hours[0] > 0 else 0
    if not 1 <= count <= MOST_TIMES:
        raise RequestError(
            f"A curve up to {until} in steps of {step} has {count} steps.",
            value=str(step),
            accepted=f"1 to {MOST_TIMES}",
        )
    if hours[1] > LONGEST_H:
        raise RequestError(f"A curve up to {until} is more than 366 days long.", value=str(until), accepted="366 day")
    # In decimals, so that 8 h is 8 h however many steps lead there.
    return np.array([float(hours[0] * place) for place in range(count + 1)])


def _last(plan: WrittenRegimen | None, weight: Quantity) -> float | None:
    if plan is None or plan.last_rate is None:
        return None
    return float(plan.parts[-1].mcg_per_h(weight))


def _conflicting(says: str) -> Refusal:
    return Refusal(
        "conflicting-data",
        f"No level is forecast: the record of what was given contradicts itself: {says}. Correct the record.",
        ("administrations",),
    )


def _first(models: Iterable[Model], told: Sequence[tuple[ModelForecast, Domain]]) -> str | None:
    able = [(model, domain) for model, (item, domain) in zip(models, told, strict=False) if item.curve is not None]
    chosen = default_of(able)
    return None if chosen is None else chosen.name


def _highest(levels: Iterable[tuple[str, float]]) -> Highest | None:
    found = max(levels, key=lambda item: item[1], default=None)
    return None if found is None else Highest(*found)


def _says(asked: Asked, past: History, drug: Drug) -> tuple[str, ...]:
    """Return what holds for every model."""
    says = []
    patient, change = asked.patient, asked.change
    case = patient.case
    if replaced(case) is Truth.PRESENT and not patient.entered:
        says.append(f"A machine replaces the kidneys; what it clears of {drug.name} is not known. {ENTER}")
    elif patient.not_yet:
        says.append(patient.not_yet)
    else:
        says += says_past_machines(case, (float(piece.start_h) for piece in past.pieces))
    if patient.known is not patient.kidney:
        says.append(NO_OWN_KIDNEYS_YET if patient.lately else NO_OWN_KIDNEYS)
        says += [] if patient.earlier is None else [patient.earlier.says]
    if past.given_before is Truth.UNKNOWN:
        says.append("The case does not say what was given before: every curve supposes nothing, and may be too low.")
    if change is not None:
        says.append(f"Supposed: {change}.")
    measured = case.latest("concentration", of=drug.name)
    if measured is not None:
        ago = Quantity(hours_between(measured.at, case.now), "h").shown(1)
        fitted = "no curve is fitted to it here: 'inotrope fit' does"
        says.append(f"A level of {measured.as_written} was measured {ago} ago; {fitted}.")
    return tuple(says)
