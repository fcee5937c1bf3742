"""A case with levels in, a fit out: every model with a known spread, side by side, and weighed once a level exists.

Knows the order and which models are averaged. It proposes no dose; without a level it says that there is nothing to fit
and shows what each model expects, never an average.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inotrope.dosing import History, WrittenRegimen, history
from inotrope.drug import Drug, Site, load_drug
from inotrope.errors import RequestError, shorten
from inotrope.estimation.models import ModelAverage, average_models
from inotrope.estimation.refusal_texts import refusal
from inotrope.findings import Refusal
from inotrope.forecast.giving import flows
from inotrope.patient import Case, Kidney, assess_kidney, vocabulary
from inotrope.plan.at_site import at_site
from inotrope.plan.bands import band_told, bands_at
from inotrope.plan.fitting.doubts import Found, doubts_of
from inotrope.plan.fitting.kidneys import Kidneys, kidneys_of
from inotrope.plan.fitting.levels import LevelsOfCase, levels_of_case
from inotrope.plan.fitting.numbers import CLEARANCE, of_draws
from inotrope.plan.fitting.of_model import UNTIL_H, Answer, Asked, fit_model
from inotrope.plan.fitting.person import averaged
from inotrope.plan.fitting.record import AverageFit, Fit, FitStatus, FittedValue, ModelFit
from inotrope.plan.fitting.saying import WARNS, assumed_in_words, given_in_words, said
from inotrope.plan.fitting.telling import CLEARED, NOW, STEADY, error_of, told
from inotrope.plan.forecast_numbers import LEVEL, SEED
from inotrope.plan.given_ahead import what_runs
from inotrope.plan.making import work_out
from inotrope.plan.models import models_of
from inotrope.plan.notice import NOTICE
from inotrope.plan.person import patient_summary
from inotrope.plan.record import Versions
from inotrope.plan.versions import program_version
from inotrope.population import Answer as Question
from inotrope.population import Circumstances, Model, Standing
from inotrope.population.model import DISPOSITION
from inotrope.units import Quantity

DRAWS = 4000
NONE_FITS = Refusal(
    "no-model", "None of the models that were asked draws a curve and says how patients differ: no level is fitted.", ()
)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What the levels of a case left of every model's draws.

    Attributes:
        past: What was given.
        levels: The levels, used or not.
        status: How it ended, before the models were asked.
        refusals: Why nothing is fitted.
        kidneys: How they were taken.
        fits: By model.
        weighed: How much each model counts; refused without a level.
        beyond: Whether all that count extrapolate.
        doubts: Why no rate may stand on the levels, although a model may take them.
        mcg_per_h: At which rate what runs ends up; None where nothing runs, or nobody can say.
    """

    past: History
    levels: LevelsOfCase
    status: FitStatus
    refusals: tuple[Refusal, ...]
    kidneys: Kidneys
    fits: Mapping[str, Found]
    weighed: ModelAverage
    beyond: bool
    doubts: tuple[Refusal, ...]
    mcg_per_h: float | None


def fit_case(
    case: Case,
    *,
    drug: Drug | None = None,
    models: Iterable[Model] | None = None,
    assume_kidney: Quantity | None = None,
    site: Site | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Fit:
    """Return what the levels of a case say of the patient, by every model that knows how patients differ.

    Args:
        case: The patient, what was given and the levels of the drug (`concentration`).
        drug: A folder already read; by default the shipped one that the case names.
        models: By default all models of the drug.
        assume_kidney: A creatinine clearance in mL/min/1.73 m2 to hold instead of the patient's own; it stands on
            everything shown.
        site: The hospital's own file.
        draws: How many patients are drawn for each model.
        seed: Of the random numbers.

    Raises:
        RequestError: The drug is unknown; a model is of another drug; no draw; a seed below 0.
        UnitError: The assumed clearance is none.
        LibraryError: The site's file loosens a limit, or does not fit the drug.
    """
    library = load_drug(case.drug) if drug is None else drug
    here = at_site(case, library, site)
    as_asked, case, folder = case, here.case, here.drug
    asked_models = models_of(folder) if models is None else _of_drug(tuple(models), folder)
    kidney = None if assume_kidney is None else assess_kidney(case, assumed=assume_kidney)
    runs = what_runs(work_out(as_asked, {}, assume_kidney, site, library))
    found = fit_models(
        case,
        folder,
        asked_models,
        ahead=None if runs is None else runs.regimen,
        draws=draws,
        seed=seed,
        kidney=kidney,
    )
    fits, found_levels, status, refusals = found.fits, found.levels, found.status, found.refusals
    bands = bands_at(folder, site)
    shown = tuple(
        told(
            fitting,
            usual,
            answer,
            used,
            levels_of_case=found_levels,
            average=found.weighed,
            mcg_per_h=found.mcg_per_h,
            bands=bands,
        )
        for fitting, usual, answer, used in fits.values()
    )
    if found_levels.used and all(item.refusals for item in shown):
        status = FitStatus.REFUSED
        refusals = tuple(dict.fromkeys(item for one in shown for item in one.refusals)) or refusals or (NONE_FITS,)
    return Fit(
        status=status,
        drug=folder.name,
        made_for=case.now,
        patient=patient_summary(case),
        given=given_in_words(found.past),
        levels=found_levels.every,
        refusals=refusals,
        assumptions=assumed_in_words(kidney),
        kidney=found.kidneys.told,
        models=_ordered(shown),
        not_fitted=tuple(model.name for model in asked_models if not can_be_fitted(model)),
        average=_average(fits, found.weighed, found.mcg_per_h),
        bands=tuple(band_told(item) for item in bands),
        seed=seed,
        draws=draws,
        says=(
            *(WARNS.format(says=item.says) for item in found.doubts[:1]),
            *said(
                found.past, found_levels, folder, site, runs=None if runs is None else runs.says, beyond=found.beyond
            ),
        ),
        versions=Versions(program_version(), folder.digest, vocabulary().digest, None if site is None else site.digest),
        notice=NOTICE,
    )


def fit_models(
    case: Case,
    folder: Drug,
    models: Iterable[Model],
    *,
    ahead: WrittenRegimen | None = None,
    draws: int,
    seed: int,
    kidney: Kidney | None = None,
) -> Fitted:
    """Return every model that can be fitted with its draws, before anything is told of them.

    Args:
        case: The patient.
        folder: The drug.
        models: Those that are asked.
        ahead: What is given from now on; None for nothing more.
        draws: How many patients are drawn for each model.
        seed: Of the random numbers.
        kidney: The kidney function of now, such as an assumed one; by default that of the case.

    Raises:
        RequestError: No draw; a seed below 0.
    """
    past = history(case, drug=folder.name)
    found_levels = levels_of_case(case, folder, past)
    measured = bool(found_levels.every)
    status = FitStatus.FITTED if found_levels.used else FitStatus.REFUSED if measured else FitStatus.NOTHING_TO_FIT
    if found_levels.refusals:
        status = FitStatus.REFUSED
    refusals = found_levels.refusals
    if status is FitStatus.REFUSED and not refusals:
        refusals = tuple(item.refused for item in found_levels.every if item.refused is not None)
    weight = case.patient.weight
    able = [model for model in models if can_be_fitted(model)]
    patient = Circumstances.of_case(
        case,
        folder,
        flowing=flows(past, ahead, weight),
        ran_h=float(past.running_h),
        kidney=kidney,
    )
    kidneys = kidneys_of(case, patient.kidney, ahead_h=UNTIL_H, draws=draws, seed=seed)
    molar_mass = float(folder.identity.molar_mass.value.in_unit("g/mol"))
    mcg_per_h = None
    if ahead is not None and ahead.last_rate is not None:
        mcg_per_h = float(ahead.parts[-1].mcg_per_h(weight))
    fits: dict[str, Found] = {}
    if status is not FitStatus.REFUSED:
        asked = Asked(patient, kidneys, found_levels.arrays(), molar_mass, draws, seed)
        for model in able:
            error, used = error_of(model)
            fits[model.name] = (*fit_model(model, asked, error), used)
    weighed, beyond = weigh(fits)
    doubts = doubts_of(fits, weighed, found_levels.used, found_levels.arrays())
    return Fitted(past, found_levels, status, refusals, kidneys, fits, weighed, beyond, doubts, mcg_per_h)


def can_be_fitted(model: Model) -> bool:
    """Tell whether a model draws a curve and says how patients differ in what the curve needs."""
    spread = model.variability.between_subjects
    return not model.lacking(Question.TIME_COURSE) and any(name in spread for name in DISPOSITION[model.structure])


def weigh(fits: Mapping[str, Found]) -> tuple[ModelAverage, bool]:
    """Return how much each model counts, and whether all that count extrapolate.

    A model made in other patients counts only where none was made in such patients: its prior is not his.
    """
    good = {name: (fitting, answer) for name, (fitting, _, answer, _) in fits.items() if isinstance(answer, Answer)}
    near = {
        name: (answer.problem, answer.posterior)
        for name, (fitting, answer) in good.items()
        if fitting.setting.domain.standing is not Standing.EXTRAPOLATION
    }
    beyond = bool(good) and not near
    chosen = near or {name: (answer.problem, answer.posterior) for name, (_, answer) in good.items()}
    if not chosen:
        return ModelAverage({}, {}, refusal("not-averaged-without-a-posterior")), False
    found = average_models(chosen)
    if found.refused is not None:
        return found, beyond
    left_out = {name: "made in other patients than this one" for name in good if name not in chosen}
    return ModelAverage(found.models, {**found.left_out, **left_out}, found.refused), beyond


def _of_drug(models: tuple[Model, ...], drug: Drug) -> tuple[Model, ...]:
    for model in models:
        if model.drug != drug.name:
            says = (
                f"Model {shorten(model.name)} is of {shorten(model.drug)}, and the case of {drug.name}. Name another."
            )
            raise RequestError(says, value=model.name, accepted=f"a model of {drug.name}")
    return models


def _average(fits: Mapping[str, Found], weighed: ModelAverage, mcg_per_h: float | None) -> AverageFit:
    """Return clearance, level now and steady level over all models that count."""
    values: list[FittedValue] = []
    parts = []
    for name, item in weighed.models.items():
        answer = fits[name][2]
        assert isinstance(answer, Answer)  # only those were weighed
        parts.append((answer, item))
    if parts:
        values.append(
            of_draws(CLEARED, averaged([(answer.person.now(CLEARED), item) for answer, item in parts]), CLEARANCE)
        )
        now = averaged([(answer.seen[:, -1], item) for answer, item in parts])
        values.append(of_draws(NOW, now, LEVEL))
        if mcg_per_h is not None:
            steady = averaged([(answer.person.steady(mcg_per_h), item) for answer, item in parts])
            values.append(of_draws(STEADY, steady, LEVEL))
    left_out = tuple(f"{name}: {why}" for name, why in weighed.left_out.items())
    return AverageFit(tuple(values), tuple(weighed.models), left_out, weighed.refused)


def _ordered(shown: tuple[ModelFit, ...]) -> tuple[ModelFit, ...]:
    """Return the models with the largest share first, then those that fit best, and last those that refuse."""
    order = [item.value for item in Standing]

    def place(item: ModelFit) -> tuple[bool, float, int]:
        share = 0.0 if item.share is None else -float(item.share.value)
        return bool(item.refusals), share, order.index(item.standing)

    return tuple(sorted(shown, key=place))
