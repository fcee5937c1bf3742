"""What is shown of a patient's circulation before and during the drug: shapes only.

Every number that a member of the fit answers differently stands with the lowest and the highest of all members. Curves
and loops are plain numbers in the units that their names carry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inotrope.findings import Refusal, SourceReference
from inotrope.plan.circulation.course_record import CirculationCourse, CourseStatus
from inotrope.plan.record import Missing, PatientSummary, Versions
from inotrope.units import Quantity


class CirculationStatus(StrEnum):
    """How a prediction ended."""

    PREDICTED = "predicted"
    REFUSED = "refused"


EXIT_CODES = {CirculationStatus.PREDICTED: 0, CirculationStatus.REFUSED: 4}
BEFORE, DURING = "before", "during"


@dataclass(frozen=True, slots=True)
class Reading:
    """One bedside number that the circulation was calibrated with.

    Attributes:
        what: By the vocabulary's name.
        value: In the vocabulary's unit.
        at: When it was measured; null where it was not.
        derived_from: Of which other readings it was computed; empty where it was measured itself.
        assumed: Whose typical number it is; empty where it is the patient's own.
    """

    what: str
    value: Quantity
    at: datetime | None
    derived_from: str
    assumed: str


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One quantity before and during, by the default member and by all of them.

    Attributes:
        what: Its name.
        before: As calibrated.
        during: By the default member.
        lowest: Of all members.
        highest: Of all members.
        change: During against before, by the default member.
        least_change: The lowest of all members.
        most_change: The highest of all members.
        ninety_from: Change above which 95 % of patients with this bedside are expected, by the spreads of the response,
            all of them judgement; null for another kind of heart, and where hardly anybody has an answer.
        ninety_to: Below which 95 % are.
    """

    what: str
    before: Quantity
    during: Quantity
    lowest: Quantity
    highest: Quantity
    change: Quantity
    least_change: Quantity
    most_change: Quantity
    ninety_from: Quantity | None
    ninety_to: Quantity | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the chain from the level to the heart, by the default member and by all of them."""

    what: str
    value: Quantity
    lowest: Quantity
    highest: Quantity
    says: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment during the infusion.

    Attributes:
        says: Which moment.
        level: Of the drug at the site of effect.
        beyond: Whether the level lies above all that were studied.
        steps: From the level to the factors on heart and vessels.
        foreseen: What becomes of the circulation.
        warnings: What a reader must know of this moment.
    """

    says: str
    level: Quantity
    beyond: bool
    steps: tuple[Step, ...]
    foreseen: tuple[Foreseen, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """How something goes with the level; numbers that no steady state gives are null.

    Attributes:
        what: Its name.
        of: What the percentages are of: `change` against before, or `share`.
        percent: By the default member.
        lowest_percent: Of all members.
        highest_percent: Of all members.
    """

    what: str
    of: str
    percent: tuple[float | None, ...]
    lowest_percent: tuple[float | None, ...]
    highest_percent: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class DoseResponse:
    """Every curve over one axis of levels, ng/mL.

    Attributes:
        level_ng_per_ml: The axis.
        studied_from: The lowest level that the label's rates are taken to give.
        studied_to: The highest of these.
        extrapolated_from: Above it every answer is an extrapolation.
        curves: Over the axis.
    """

    level_ng_per_ml: tuple[float, ...]
    studied_from: Quantity
    studied_to: Quantity
    extrapolated_from: Quantity
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """The pressure-volume loop of one ventricle over one settled beat.

    Attributes:
        side: left or right.
        when: before or during.
        member: Of the fit.
        volume_ml: Around the loop, from the onset of contraction.
        pressure_mmhg: Likewise.
        stroke_work_mmhg_ml: The area of the loop.
        end_systolic_mmhg_per_ml: Ees, the slope of the line that the loop's upper left corner climbs.
        v0_ml: Where that line meets zero pressure.
    """

    side: str
    when: str
    member: str
    volume_ml: tuple[float, ...]
    pressure_mmhg: tuple[float, ...]
    stroke_work_mmhg_ml: float
    end_systolic_mmhg_per_ml: float
    v0_ml: float


@dataclass(frozen=True, slots=True)
class CirculationForecast:
    """The circulation before and during the drug. It explains; it selects no rate.

    Attributes:
        status: How it ended.
        drug: The drug.
        made_for: The case's `now`.
        patient: Whom it is for.
        heart: The kind of heart whose assumptions and reflex stand behind it.
        typical: Whether any number is that of a typical heart and not the patient's own.
        readings: What it was calibrated with.
        missing: What is needed and was not measured.
        given: The regimen in words.
        members: Of the fit, the default one first.
        moments: During the infusion.
        response: Every curve; null where nothing is predicted.
        loops: Of both ventricles before and during; empty where they were not computed.
        loops_of: The moment that they show, or why there are none.
        course: The same patient over a day under the regimen, as a plan has it; null without a regimen, and where the
            readings are too few. It stands on what was measured alone, and needs no typical heart.
        refusals: Why nothing is predicted.
        warnings: What speaks against the model in this patient, and which of his medicines are not in it.
        says: What must be read with it, the first sentence first.
        unknown: What nobody knows.
        sources: Of every number behind it.
        versions: What computed it.
        notice: The notice.
    """

    status: CirculationStatus
    drug: str
    made_for: datetime
    patient: PatientSummary
    heart: str
    typical: bool
    readings: tuple[Reading, ...]
    missing: tuple[Missing, ...]
    given: str
    members: tuple[str, ...]
    moments: tuple[Moment, ...]
    response: DoseResponse | None
    loops: tuple[Loop, ...]
    loops_of: str
    course: CirculationCourse | None
    refusals: tuple[Refusal, ...]
    warnings: tuple[str, ...]
    says: tuple[str, ...]
    unknown: tuple[str, ...]
    sources: tuple[SourceReference, ...]
    versions: Versions
    notice: str

    @property
    def exit_code(self) -> int:
        """The exit code that a command line gives for it; a course that answers is an answer."""
        return EXIT_CODES[CirculationStatus.PREDICTED if self.has_course else self.status]

    @property
    def has_course(self) -> bool:
        """Whether the day under the regimen is foreseen: it draws what was not measured, and needs fewer numbers."""
        return self.course is not None and self.course.status is CourseStatus.EXPECTED
