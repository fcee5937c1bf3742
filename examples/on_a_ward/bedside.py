"""What the bedside knows: a case as a hospital would write it, and three ways to a rate through the program's doors.

Every decision goes through `make_plan` and `find_dose`, with nothing but the case; the truth (`patients.py`) stays
outside. Rules of this ward, all of them judgements:

- A creatinine is drawn 1 h before the start and at 9, 21 and 33 h, and known 1 h later; a level is drawn at 6 and 24 h,
  and known 4 h later. Pressure, rhythm and electrolytes are sound throughout.
- A plan's rate is the one that it proposes; a higher one than runs is taken only where the plan shows a step upward.
- Where a plan gives no rate (a stop, a refusal), the pump is paused until a later one gives a rate again. After a pause
  the prescriber resumes at the rate that is given then, without a load.
- Where the search fits no model, the pump is paused if the last level was above the range; else the plan's rate is
  taken, but none above what runs. Where no rate is safe, the one with the best score is given, a pause among them;
  where none reaches the range, the highest that is allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np

from inotrope import Case, Quantity, load_drug, make_plan, read_case
from inotrope.plan import find_dose
from inotrope.plan.record import Plan, PlanStatus
from inotrope.plan.target.record import Target, TargetStatus
from inotrope.population import Model, load_models

from .patients import STEP_H, Floats, Patient

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
ENDS_H = 48.0
BEFORE_H = -24.0  # when the baseline creatinine was drawn
CREATININES_H = (-1.0, 9.0, 21.0, 33.0)
CREATININE_TAKES_H = 1.0
LEVELS_H = (6.0, 24.0)
LEVEL_TAKES_H = 4.0
DRAWS = 2000  # of each model; the command draws 4,000, which takes twice as long
LEAST_LEVEL = 5.0  # ng/mL that the laboratory reports; the constant part of a level's error
MCG_PER_ML = 200.0
MCG_PER_MIN = 60.0
SOUND = (
    "severe aortic stenosis",
    "severe pulmonic stenosis",
    "hypertrophic obstructive cardiomyopathy",
    "severe hypovolemia",
    "recent vigorous diuresis",
    "atrial fibrillation",
    "atrial flutter",
    "ventricular rate control",
    "acute myocardial infarction",
    "pregnancy",
    "breastfeeding",
    "edema",
    "oliguria",
)
VITAL = {"mean arterial pressure": "74 mmHg", "systolic blood pressure": "112 mmHg", "heart rate": "88 /min"}
BLOOD = {"serum potassium": "4.3 mmol/L", "serum magnesium": "0.9 mmol/L", "platelets": "210 10^9/L"}


@dataclass
class Chart:
    """What one patient was given on one way, and every decision that was made.

    Attributes:
        patient: Who.
        load_mcg_per_kg: At the start, over `load_h`.
        load_h: h.
        settings: Hour and mL/h of each change of the pump, ascending.
        told: Hour, how the decision ended, and what rules say of it.
    """

    patient: Patient
    load_mcg_per_kg: float = 0.0
    load_h: float = 0.0
    settings: list[tuple[float, float]] = field(default_factory=list)
    told: list[tuple[float, str, str]] = field(default_factory=list)

    def running(self, hour: float) -> float:
        """Return what runs at an hour, mL/h."""
        return next((rate for begin, rate in reversed(self.settings) if begin <= hour), 0.0)

    def set(self, hour: float, rate: float) -> None:
        """Set the pump, if it does not run so."""
        self.settings = [item for item in self.settings if item[0] < hour]  # what was meant for later is off
        if rate != self.running(hour) or (not self.settings and rate):
            self.settings.append((hour, rate))

    def set_in_steps(self, hour: float, steps: list[tuple[float, float]]) -> None:
        """Set the pump now and plan its later settings: hours from now and mL/h, ascending; the last one goes on."""
        moments = {hour + round(later / STEP_H) * STEP_H: rate for later, rate in steps}
        self.set(hour, moments.pop(hour, self.running(hour)))
        self.settings += sorted(moments.items())

    @property
    def flow(self) -> Floats:
        """What flows from each grid time on, mcg/h."""
        grid = self.patient.grid_h
        found = np.zeros(grid.size)
        for hour, rate in self.settings:
            found[self.patient.at(hour) :] = rate * MCG_PER_ML
        first, last = self.patient.at(0.0), self.patient.at(self.load_h)
        if self.load_mcg_per_kg:
            found[first:last] += self.load_mcg_per_kg * self.patient.weight_kg / self.load_h
        return found

    @property
    def levels(self) -> Floats:
        """The true level at each grid time, ng/mL."""
        return self.patient.levels(self.flow)


def case_of(chart: Chart, now_h: float, *, levels: bool) -> dict[str, Any]:
    """Return the case as a hospital would write it at an hour: nothing that is not known then."""
    patient, true = chart.patient, chart.levels
    drawn = [hour for hour in CREATININES_H if hour + CREATININE_TAKES_H <= now_h]
    measured = [_measured("baseline creatinine", f"{patient.measured_creatinine(BEFORE_H, 0)} mg/dL", BEFORE_H)]
    for number, hour in enumerate(drawn, start=1):
        measured.append(_measured("serum creatinine", f"{patient.measured_creatinine(hour, number)} mg/dL", hour))
    for what, value in BLOOD.items():
        measured.append(_measured(what, value, drawn[-1]))
    for what, value in VITAL.items():
        measured.append(_measured(what, value, now_h - 1 / 6))
    for number, hour in enumerate(LEVELS_H):
        if levels and hour + LEVEL_TAKES_H <= now_h:
            value = patient.measured_level(float(true[patient.at(hour)]), number)
            text = f"{value:g} ng/mL" if value >= LEAST_LEVEL else f"<{LEAST_LEVEL:g} ng/mL"
            measured.append(_measured("concentration", text, hour) | {"of": "milrinone", "site": "arterial line"})
    return {
        "drug": "milrinone",
        "indication": "acute decompensated heart failure",
        "now": _clock(now_h),
        "patient": {
            "born": f"{START.year - patient.age_years}-01-15",
            "sex": "female" if patient.female else "male",
            "weight": f"{patient.weight_kg} kg",
            "height": f"{patient.height_cm} cm",
        },
        "conditions": dict.fromkeys(SOUND, "absent"),
        "medicines": [],
        "allergies": [],
        "measurements": measured,
        "administrations": _given(chart, now_h),
        "support": [],
        "events": [],
        "lines": [],
        "preparation": {"product": "premix", "concentration": f"{MCG_PER_ML:g} mcg/mL"},
        "pump": {"step": "0.1 mL/h"},
    }


def _clock(hour: float) -> str:
    return (START + timedelta(minutes=round(hour * 60))).isoformat()


def _measured(what: str, value: str, hour: float) -> dict[str, str]:
    return {"what": what, "value": value, "at": _clock(hour)}


def _given(chart: Chart, now_h: float) -> list[dict[str, str]]:
    found = []
    if chart.load_mcg_per_kg and now_h > 0:
        minutes = round(chart.load_h * 60)
        dose = f"{chart.load_mcg_per_kg:.6f} mcg/kg"
        found.append({"of": "milrinone", "start": _clock(0), "duration": f"{minutes} min", "dose": dose})
    for hour, rate in chart.settings:
        if hour < now_h:
            per_kg = rate * MCG_PER_ML / MCG_PER_MIN / chart.patient.weight_kg
            found.append({"of": "milrinone", "start": _clock(hour), "rate": f"{per_kg:.6f} mcg/kg/min"})
    return found


def decision_hours(*, levels: bool) -> list[float]:
    """Return the hours after the start at which something new is known."""
    found = {hour + CREATININE_TAKES_H for hour in CREATININES_H}
    if levels:
        found |= {hour + LEVEL_TAKES_H for hour in LEVELS_H}
    return sorted(hour for hour in found if 0 < hour < ENDS_H)


def started(patient: Patient) -> Chart:
    """Return a chart with the plan of the first creatinine on it: the same start for everybody."""
    chart = Chart(patient)
    plan = make_plan(_case(chart, 0.0, levels=False), forecast=False)
    load = plan.loading_dose
    if plan.status is PlanStatus.PLAN and load is not None and load.given:
        chart.load_mcg_per_kg, chart.load_h = float(load.mcg_per_kg), float(load.hours)
    chart.told.append((0.0, *_ended(plan)))
    chart.set(round(chart.load_h / STEP_H) * STEP_H, _planned(plan, None))
    return chart


def label_table(patient: Patient) -> Chart:
    """The label's table at the first creatinine, and never again."""
    return started(patient)


def last_creatinine(patient: Patient) -> Chart:
    """The plan anew at every creatinine."""
    chart = started(patient)
    for hour in decision_hours(levels=False):
        _follow_plan(chart, hour, levels=False)
    return chart


def fitted_dose(patient: Patient, keep: Callable[[dict[str, Any], Target], None] | None = None) -> Chart:
    """The plan at every creatinine until a level is known; from then on the search, at every level and creatinine."""
    chart = started(patient)
    for hour in decision_hours(levels=True):
        if hour < LEVELS_H[0] + LEVEL_TAKES_H:
            _follow_plan(chart, hour, levels=True)
            continue
        document = case_of(chart, hour, levels=True)
        target = find_dose(read_case(document), models=every_model(), draws=DRAWS)
        if keep is not None:
            keep(document, target)
        _follow_search(chart, hour, target)
    return chart


@cache
def every_model() -> tuple[Model, ...]:
    """Return every model of the drug, as the search would read them each time anew."""
    return load_models(load_drug("milrinone"))


def _case(chart: Chart, hour: float, *, levels: bool) -> Case:
    return read_case(case_of(chart, hour, levels=levels))


def _follow_plan(chart: Chart, hour: float, *, levels: bool) -> None:
    plan = make_plan(_case(chart, hour, levels=levels), forecast=False)
    chart.told.append((hour, *_ended(plan)))
    chart.set(hour, _planned(plan, chart.running(hour) or None))


def _ended(plan: Plan) -> tuple[str, str]:
    rules = [item.id for item in plan.refusals]
    if plan.status is PlanStatus.STOPPED:
        rules += [item.rule for item in plan.findings if item.severity.value == "stop" and item.state.value == "fires"]
    return plan.status.value, ", ".join(dict.fromkeys(rules))


def _planned(plan: Plan, running: float | None) -> float:
    """Return the setting that a plan comes to, mL/h."""
    if plan.status is not PlanStatus.PLAN or plan.maintenance is None or plan.maintenance.pump_rate is None:
        return 0.0
    wanted = float(plan.maintenance.pump_rate.value)
    if running is None or wanted <= running:
        return wanted
    may_rise = plan.running is not None and plan.running.next_up is not None
    return wanted if may_rise else running


def _follow_search(chart: Chart, hour: float, target: Target) -> None:
    chart.told.append((hour, target.status.value, ", ".join(dict.fromkeys(item.id for item in target.refusals))))
    if target.allowed is None:
        chart.set(hour, 0.0)
        return
    if target.status is TargetStatus.REFUSED:
        newest = max(target.levels, key=lambda item: item.at)
        planned = 0.0
        if newest.value is None or newest.value.in_unit("ng/mL") <= target.wanted.high.in_unit("ng/mL"):
            planned = _planned(make_plan(_case(chart, hour, levels=True), forecast=False), chart.running(hour))
        chart.set(hour, min(planned, chart.running(hour)))
        return
    if target.status is TargetStatus.NONE_REACHES:
        at_once = [item for item in target.searches[0].candidates if not item.load and not item.pause.value]
        highest = max(at_once, key=lambda item: item.rate)
        now = float(target.allowed.now.value) * MCG_PER_MIN * chart.patient.weight_kg / MCG_PER_ML
        chart.set_in_steps(hour, [(0.0, round(now, 1)), (float(highest.starts.value), _setting(highest.pump_rate))])
        return
    best = target.named or target.searches[0].best[0]
    chart.set_in_steps(hour, [(float(step.after.in_unit("h")), _setting(step.pump_rate)) for step in best.steps])


def _setting(pump_rate: Quantity | None) -> float:
    """Return mL/h; a pause has no setting."""
    return 0.0 if pump_rate is None else float(pump_rate.value)
