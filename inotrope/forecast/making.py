"""The forecast of a case: what every model of its drug says of the levels under a regimen, side by side.

Knows how the models are put beside each other and which one is named the highest. It averages nothing, proposes no
dose and fits nothing to a measured level.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np

from inotrope.dosing import History, WrittenRegimen, history, read_regimen
from inotrope.drug import Drug, StudiedRange, load_drug
from inotrope.errors import RequestError
from inotrope.findings import Refusal, Truth
from inotrope.forecast.giving import flows, goes_on
from inotrope.forecast.person import KidneyChange
from inotrope.forecast.predicting import Asked, predict
from inotrope.forecast.record import Floats, Forecast, Highest, ModelForecast
from inotrope.patient import Case, Kidney
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

DRAWS, STEP, UNTIL = 200, "15 min", "24 h"
MOST_DRAWS, MOST_TIMES = 100_000, 10_000
LONGEST_H = 24 * 366
"""h. For so long an age is written down (`series_of_case`); beyond it would stand still without a word."""


def forecast(
    case: Case,
    regimen: WrittenRegimen | str | None,
    *,
    seed: int,
    models: Iterable[Model] | None = None,
    draws: int = DRAWS,
    step: str | Quantity = STEP,
    until: str | Quantity = UNTIL,
    drug: Drug | None = None,
    kidney: Kidney | None = None,
    kidney_change: KidneyChange | None = None,
    machines: Sequence[ExtracorporealClearance] | None = None,
    bands: Iterable[StudiedRange] | None = None,
) -> Forecast:
    """Return what every model says of the levels from `now` on.

    Args:
        case: The patient, and what was given.
        regimen: What is given from `now` on, as text or parts; it takes the place of an infusion that runs. None lets
            that infusion run on.
        seed: Of the random numbers, 0 or more.
        models: By default all models of the drug.
        draws: How many patients are drawn for intervals and chances.
        step: Between two times of a curve.
        until: How far the curve goes.
        drug: A folder already read; by default the shipped one that the case names.
        kidney: The kidney function of `now`, such as an assumed one; by default that of the case.
        kidney_change: The kidneys come to another clearance.
        machines: Clearances of the drug by machines, entered by a person; by default those of the case.
        bands: Ranges whose chances are told; by default the studied ranges of the drug.

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
    if isinstance(draws, bool) or not 1 <= draws <= MOST_DRAWS:
        raise RequestError(f"'{draws}' is no number of draws.", value=draws, accepted=f"1 to {MOST_DRAWS}")
    standard_normals(seed, 0, 1, Stream.SUBJECT)  # a wrong seed is an error of the request, and no model's refusal
    past = history(case, drug=folder.name)
    plan = read_regimen(regimen) if isinstance(regimen, str) else regimen or goes_on(past)
    weight = case.patient.weight
    patient = Circumstances.of_case(
        case,
        folder,
        flowing=flows(past, plan, weight),
        ran_h=0.0 if past.running_for is None else float(past.running_for.in_unit("h")),
        kidney=kidney,
        machines=machines,
    )
    asked = Asked(
        patient=patient,
        change=kidney_change,
        given_known=past.recorded,
        last_mcg_per_h=_last(plan, weight),
        times_h=times,
        bands=ranges,
        draws=draws,
        seed=seed,
    )
    refusals = () if past.conflict is None else (_conflicting(past.conflict),)
    told = [predict(model, asked) for model in asked_models] if not refusals else []
    found = tuple(item for item, _ in told)
    return Forecast(
        drug=folder.name,
        made_for=case.now,
        regimen="" if plan is None else str(plan),
        given=past.given_before,
        draws=draws,
        seed=seed,
        step_h=float(times[1] - times[0]),
        until_h=float(times[-1]),
        bands=ranges,
        models=found,
        first=_first(asked_models, told),
        highest_steady=_highest([(item.model, item.steady.typical) for item in found if item.steady is not None]),
        highest_peak=_highest([(item.model, item.peak.typical) for item in found if item.peak is not None]),
        says=_says(asked, past, folder),
        refusals=refusals,
    )


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
