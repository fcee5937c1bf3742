"""What a fit holds: numbers with their units, per model and over all models, and everything that was refused.

Knows shapes only. Levels are those in the blood, without the error of a measurement; hours count from `now`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inotrope.findings import Refusal, SourceReference
from inotrope.plan.forecast_record import Band, Intervals, RangeLeft, Values
from inotrope.plan.record import PatientSummary, Versions
from inotrope.units import Quantity


class FitStatus(StrEnum):
    """How a fit ended."""

    FITTED = "fitted"
    NOTHING_TO_FIT = "nothing to fit"
    REFUSED = "refused"


EXIT_CODES = {FitStatus.FITTED: 0, FitStatus.NOTHING_TO_FIT: 0, FitStatus.REFUSED: 4}


@dataclass(frozen=True, slots=True)
class FittedValue:
    """One number of the patient.

    Attributes:
        name: What it is: a parameter, `half-life`, `level now`, `steady level`, `creatinine clearance`.
        typical: Of the typical patient with these covariates.
        most_probable: Of the most probable patient, given the levels; null without a level, and in an average.
        median: Of the draws that the levels left.
        ninety_from: 90 % of the draws lie from here ...
        ninety_to: ... to here.
        left: What the levels left of the variance of this parameter, at most all; null for what is no parameter.
    """

    name: str
    typical: Quantity | None
    most_probable: Quantity | None
    median: Quantity
    ninety_from: Quantity
    ninety_to: Quantity
    left: Quantity | None = None


@dataclass(frozen=True, slots=True)
class MeasuredLevel:
    """One level of the case; `refused` is null where it was used."""

    at: datetime
    hours: Quantity
    value: Quantity
    below: bool
    as_written: str
    site: str | None
    refused: Refusal | None


@dataclass(frozen=True, slots=True)
class LevelFit:
    """One level against a model.

    `sd` is that of a measurement of the most probable level; `residual_sds` counts them, null below quantification.
    """

    at: datetime
    hours: Quantity
    measured: Quantity
    below: bool
    typical: Quantity
    most_probable: Quantity
    ninety_from: Quantity
    ninety_to: Quantity
    sd: Quantity
    residual_sds: float | None


@dataclass(frozen=True, slots=True)
class ErrorUsed:
    """How far a measured level lies from the true one: one SD of `form`; the model's own, or the project's default."""

    form: str
    a: Quantity
    b: Quantity
    own: bool
    says: str
    sources: tuple[SourceReference, ...]


@dataclass(frozen=True, slots=True)
class AtError:
    """The same answer with the error of a measurement times `times`; `refused` where there is none."""

    times: float
    values: tuple[FittedValue, ...]
    refused: str


@dataclass(frozen=True, slots=True)
class FitCurve:
    """Levels over time: the typical patient, the most probable one (null without a level), and the draws."""

    time: Values
    typical: Values
    most_probable: Values | None
    intervals: Intervals


@dataclass(frozen=True, slots=True)
class FittedEtas:
    """How far the patient lies from the typical one: parameter = typical x exp(eta), without units.

    Every list is in the order of `of`, every matrix a list of rows.

    Attributes:
        of: The parameters.
        omega: SD of each eta before any level.
        most_probable: Each eta of the most probable patient.
        covariance: Of the etas around it, the inverse of half the Hessian of -2 log posterior; with moving kidneys it
            holds for their most probable path alone.
        correlation: The same covariance with every SD at 1.
        draws_mean: Of the draws that the levels left, all kidneys among them.
        draws_covariance: Of the same.
        draws_correlation: The same with every SD at 1.
    """

    of: tuple[str, ...]
    omega: tuple[float, ...]
    most_probable: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    correlation: tuple[tuple[float, ...], ...]
    draws_mean: tuple[float, ...]
    draws_covariance: tuple[tuple[float, ...], ...]
    draws_correlation: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class WayAhead:
    """The levels from now on if the kidneys go on in a named way: no forecast of the kidneys.

    Attributes:
        kidneys: The way.
        at: The end of the curve.
        level: The level there.
        time: From now to there.
        intervals: How the draws lie.
        leaves: When each range is left.
    """

    kidneys: str
    at: Quantity
    level: FittedValue
    time: Values
    intervals: Intervals
    leaves: tuple[RangeLeft, ...]


@dataclass(frozen=True, slots=True)
class ModelFit:
    """What one model makes of the levels.

    Attributes:
        model: Its name.
        title: Its publication.
        standing: Where the patient stands to those who were studied.
        remarks: A sentence for everything that is not inside.
        refusals: Why it has no answer; everything below is then empty.
        kidneys: How it took them: `held` at the value of now, `in motion`, or `not used`.
        error: Of a measured level.
        method: How the draws were found: `prior`, `importance`, `tempered` or `joint draws`.
        draws_worth: How many independent draws they are worth.
        minima: How many distinct most probable patients the search found.
        share: Its probability among the models weighed; null where none is weighed.
        share_error: The standard error of the share.
        values: The parameters now, and what follows from them.
        etas: How far he lies from the typical patient, with the covariance; null without a level.
        levels: Each level against it: typical and individual prediction.
        curve: Over time.
        at_errors: The same at half and at double the error.
        leaves: When each range is left from now on, as moving kidneys go on unchanged.
        ahead: Ways in which moving kidneys may go on.
        says: What a reader must know.
        judged: The places of numbers that are this project's choice.
        unconfirmed: The places of numbers that were recalled and never read.
        conflicts: Known conflicts.
        unknown: What is not known.
        sources: Where the model stands.
        digest: SHA-256 of its file.
    """

    model: str
    title: str
    standing: str
    remarks: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    kidneys: str
    error: ErrorUsed | None
    method: str
    draws_worth: int | None
    minima: int | None
    share: Quantity | None
    share_error: Quantity | None
    values: tuple[FittedValue, ...]
    etas: FittedEtas | None
    levels: tuple[LevelFit, ...]
    curve: FitCurve | None
    at_errors: tuple[AtError, ...]
    leaves: tuple[RangeLeft, ...]
    ahead: tuple[WayAhead, ...]
    says: tuple[str, ...]
    judged: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    conflicts: tuple[str, ...]
    unknown: tuple[str, ...]
    sources: tuple[SourceReference, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class AverageFit:
    """All models in proportion to how well each foresaw the levels; refused without a level.

    Attributes:
        values: Clearance, level now and steady level over all models.
        models: Which models were averaged.
        left_out: Which were not, and why.
        refused: Why there is no average.
    """

    values: tuple[FittedValue, ...]
    models: tuple[str, ...]
    left_out: tuple[str, ...]
    refused: Refusal | None


@dataclass(frozen=True, slots=True)
class KidneyFit:
    """How the kidneys were taken: by a walk through the creatinines, or held at the value of now.

    Attributes:
        moving: Whether they were taken as moving.
        because: Why.
        now: The clearance of creatinine now, before any level was seen; null where no walk was made.
        creatinines: Those that the walk stands on, as written.
        refusals: Why no walk was made where one was wanted.
        says: What a reader must know.
    """

    moving: bool
    because: tuple[str, ...]
    now: FittedValue | None
    creatinines: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """What the levels of a case say of the patient. No dose is proposed here, and none follows from it by itself.

    Attributes:
        status: Fitted, nothing to fit, or refused.
        drug: The drug.
        made_for: The case's `now`.
        patient: Whom it is for.
        given: What was given, in words.
        levels: Every level of the case, used or not.
        refusals: Why nothing is fitted.
        assumptions: What was assumed and not measured; shown with every answer.
        kidney: How the kidneys were taken.
        models: Every model that knows how patients differ.
        not_fitted: Models that do not, by name.
        average: All of them together.
        bands: Studied ranges, before them the hospital's own band; none is a limit of safety.
        seed: Of the random numbers.
        draws: How many were drawn.
        says: What holds for all of it.
        versions: What computed it.
        notice: The notice.
    """

    status: FitStatus
    drug: str
    made_for: datetime
    patient: PatientSummary
    given: tuple[str, ...]
    levels: tuple[MeasuredLevel, ...]
    refusals: tuple[Refusal, ...]
    assumptions: tuple[str, ...]
    kidney: KidneyFit
    models: tuple[ModelFit, ...]
    not_fitted: tuple[str, ...]
    average: AverageFit
    bands: tuple[Band, ...]
    seed: int
    draws: int
    says: tuple[str, ...]
    versions: Versions
    notice: str

    @property
    def exit_code(self) -> int:
        """The exit code that a command line gives for this fit."""
        return EXIT_CODES[self.status]
