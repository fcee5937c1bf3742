"""What a plan holds. Its fields are the keys of the JSON that comes out, in the order in which they are read.

Knows shapes only: it computes nothing and draws nothing. Where dosing's own record is what a reader needs, it stands
here as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inotrope.dosing import LoadingDose, Offered, Total
from inotrope.drug import SiteChange
from inotrope.findings import Finding, Refusal, SourceReference
from inotrope.plan.circulation.course_record import CirculationCourse
from inotrope.plan.forecast_record import LevelForecast
from inotrope.plan.running_record import GivenSoFar, RunningInfusion
from inotrope.units import Quantity


class PlanStatus(StrEnum):
    """How a case ends."""

    PLAN = "plan"
    STOPPED = "stopped"
    REFUSED = "refused"


EXIT_CODES = {PlanStatus.PLAN: 0, PlanStatus.STOPPED: 3, PlanStatus.REFUSED: 4}
"""0 done; 3 done, and what was checked must not stand; 4 refused. (2, bad input, is an error and no plan.)"""


@dataclass(frozen=True, slots=True)
class PatientSummary:
    """Whom the plan is for; no name and no number that would identify a person.

    `weight` is the actual weight and the one that doses; ideal and adjusted stand beside it. `age` is in years, below
    two years in months, weeks or days; gestational and postmenstrual age in weeks, null where not recorded.
    """

    sex: str
    age: Quantity
    weight: Quantity
    height: Quantity | None
    ideal_weight: Quantity | None
    adjusted_weight: Quantity | None
    body_surface_area: Quantity | None
    gestational_age: Quantity | None
    postmenstrual_age: Quantity | None


@dataclass(frozen=True, slots=True)
class EntrySummary:
    """Which authority's dose this is, whether the use is on its label, and what limits it; in words.

    `not_its_own` names the limits that come from somebody else than this authority, and from whom.
    """

    id: str
    indication: str
    authority: str
    on_label: bool
    remarks: tuple[str, ...]
    cap: str
    longest: str
    not_its_own: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What another authority says for the same patient, and where it differs. Data only: no rate comes from it."""

    id: str
    authority: str
    on_label: bool
    says: str
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RateProposal:
    """The infusion. `pump_rate`, `printed_pump_rate` and `delivered_rate` are null without a concentration."""

    rate: Quantity
    because: str
    pump_rate: Quantity | None
    printed_pump_rate: Quantity | None
    delivered_rate: Quantity | None
    delivered_error: Quantity | None
    rounding: str
    minimum: Quantity
    standard: Quantity | None
    maximum: Quantity
    maximum_because: str
    duration: str
    kinetics: str
    arithmetic: tuple[str, ...]
    sources: tuple[SourceReference, ...]


@dataclass(frozen=True, slots=True)
class PreparationProposal:
    """What hangs on the pump, or what is offered.

    `bag_lasts` is for a full bag: at the rate that runs, else at the rate proposed. `left_out` names the standard
    preparations that cannot deliver the rate on this pump, and are not offered.
    """

    concentration: Quantity | None
    volume: Quantity | None
    product: str | None
    recipe: str
    bag_lasts: Quantity | None
    use_within: Quantity | None
    pump_step: Quantity
    pump_step_assumed: bool
    offered: tuple[Offered, ...]
    left_out: str
    sources: tuple[SourceReference, ...]


@dataclass(frozen=True, slots=True)
class TitrationStep:
    """A step upward that every hard limit allows; `delivered_error` is how far the pump's step puts it off.

    `do_not_set` is true where that is more than the share at which a plan stops. `not_before` of the first step counts
    from the end of a load that is given or going in, else from the last change of what runs, else from now.
    """

    rate: Quantity
    pump_rate: Quantity | None
    printed_pump_rate: Quantity | None
    delivered_rate: Quantity | None
    delivered_error: Quantity | None
    do_not_set: bool
    not_before: datetime
    total_24_h: Quantity
    says: str


@dataclass(frozen=True, slots=True)
class KidneyEstimate:
    """One equation's answer."""

    equation: str
    title: str
    value: Quantity
    unindexed: Quantity | None
    arithmetic: str
    citation: str


@dataclass(frozen=True, slots=True)
class KidneySummary:
    """Which kidney function set the rate, and why."""

    clearance: Quantity | None
    equation: str | None
    assumed: bool
    because: str
    changing: str
    kdigo_stage: int | None
    creatinine: Quantity | None
    creatinine_age: Quantity | None
    estimates: tuple[KidneyEstimate, ...]
    arithmetic: tuple[str, ...]
    sources: tuple[SourceReference, ...]


@dataclass(frozen=True, slots=True)
class RateAtKidney:
    """What the rate would be at one named kidney function: shown where the patient's own is not known."""

    name: str
    clearance: Quantity
    rate: Quantity
    pump_rate: Quantity | None
    concentration: Quantity | None


@dataclass(frozen=True, slots=True)
class Missing:
    """One question, and what its answer would change."""

    name: str
    asks: str
    would_change: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """One line of the monitoring schedule."""

    what: str
    how_often: str
    why: str
    source: SourceReference


@dataclass(frozen=True, slots=True)
class WatchedEffect:
    """One adverse effect to watch for: how often it was seen, and which rules read it.

    `part_of` names the wider effect that already counts it, empty where none does; `frequency` is null where the
    sources give none. `noticed` is true when one of its rules fires for this patient.
    """

    effect: str
    plain: str
    part_of: str
    frequency: Quantity | None
    context: str
    rules: tuple[str, ...]
    noticed: bool
    sources: tuple[SourceReference, ...]


@dataclass(frozen=True, slots=True)
class Versions:
    """What computed this plan: the same three give the same plan to the digit."""

    inotrope: str
    drug_folder: str
    vocabulary: str
    site: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The checked plan for one case.

    `this_site` lists what the hospital's own file settled or tightened, each beside what the library says; empty
    without such a file. `forecast` is null where none was asked for, and where nothing is proposed and
    nothing was given. `circulation` is null where no forecast was asked for or no reading of the circulation is
    recorded; where nothing is proposed it holds the readings and why nothing is foreseen.
    """

    status: PlanStatus
    drug: str
    made_for: datetime
    patient: PatientSummary
    entry: EntrySummary | None
    beside: tuple[Beside, ...]
    running: RunningInfusion | None
    given: GivenSoFar | None
    loading_dose: LoadingDose | None
    maintenance: RateProposal | None
    total_24_h: Total | None
    preparation: PreparationProposal | None
    titration: tuple[TitrationStep, ...]
    kidney: KidneySummary
    rate_at_kidney: tuple[RateAtKidney, ...]
    refusals: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    assumptions: tuple[str, ...]
    this_site: tuple[SiteChange, ...]
    monitoring: tuple[Watch, ...]
    watch_list: tuple[WatchedEffect, ...]
    forecast: LevelForecast | None
    circulation: CirculationCourse | None
    sources: tuple[SourceReference, ...]
    versions: Versions
    notice: str

    @property
    def exit_code(self) -> int:
        """The exit code that a command line gives for this plan."""
        return EXIT_CODES[self.status]


@dataclass(frozen=True, slots=True)
class Screening:
    """The safety findings alone."""

    status: PlanStatus
    drug: str
    made_for: datetime
    refusals: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    versions: Versions
    notice: str

    @property
    def exit_code(self) -> int:
        """The exit code that a command line gives for this screening; a refusal concerns a rate, which is not asked."""
        return EXIT_CODES[PlanStatus.STOPPED] if self.status is PlanStatus.STOPPED else 0
