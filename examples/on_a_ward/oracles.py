"""Two who know everything: kinetics and kidneys of each patient, also tomorrow's. They show what there is to gain.

The one is held by nothing but the pump and the entry's highest rate, and steers the level to the middle of the range
every hour. The other may only do what the plan allows, at the hours at which the fitted dose is decided: what lies
between the two is the price of the limits, and what lies between him and the fitted dose that of not knowing.
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from inotrope import load_drug, read_case
from inotrope.plan.making import work_out
from inotrope.plan.target.allowing.allowed import Allowed, allowed_rates
from inotrope.plan.target.allowing.ways import Way

from .bedside import ENDS_H, MCG_PER_MIN, MCG_PER_ML, Chart, case_of, decision_hours, started
from .patients import STEP_H, Patient

LOW, HIGH = 100.0, 300.0  # ng/mL: the label's studied range; no limit of safety
PENALTY = 2.0  # of time above, as the search counts it
PUMP_STEP = 0.1  # mL/h
AHEAD_H = 24.0


def knows_all(patient: Patient) -> Chart:
    """The level steered to the middle of the range every hour, at rates up to the entry's maximum."""
    chart = started(patient)
    maximum = float(load_drug("milrinone").entries[0].maintenance.maximum.value.in_unit("mcg/kg/min"))
    most = maximum * MCG_PER_MIN * patient.weight_kg / MCG_PER_ML
    start = round(chart.load_h / STEP_H) * STEP_H
    chart.settings = []
    level = float(chart.levels[patient.at(start)])
    hours = [start, *range(1, round(ENDS_H) + 1)]
    for begin, end in itertools.pairwise(hours):
        left, gain = patient.between(begin, end)
        wanted = ((LOW + HIGH) / 2 - left * level) / (gain * MCG_PER_ML)
        rate = math.floor(min(max(wanted, 0.0), most) / PUMP_STEP + 1e-9) * PUMP_STEP
        chart.set(begin, round(rate, 1))
        level = left * level + gain * MCG_PER_ML * round(rate, 1)
    return chart


def knows_all_within_limits(patient: Patient) -> Chart:
    """The best of what the plan allows, for the level as it will really be."""
    chart = started(patient)
    for hour in decision_hours(levels=True):
        outcome = work_out(read_case(case_of(chart, hour, levels=True)), {}, None, None, None)
        allowed = allowed_rates(outcome)
        chart.told.append((hour, *(("found", "") if isinstance(allowed, Allowed) else ("refused", allowed[0].id))))
        if isinstance(allowed, Allowed):
            _take_best(chart, hour, allowed.ways[0])
        else:
            chart.set(hour, 0.0)
    return chart


def _take_best(chart: Chart, hour: float, way: Way) -> None:
    """Set the pump to the allowed rate with the best score over the next 24 h, as they will really be."""
    patient, weight = chart.patient, chart.patient.weight_kg
    begins = [hour + round(float(stage.from_h) / STEP_H) * STEP_H for stage in way.stages]
    highest = [float(stage.highest.value) * MCG_PER_MIN * weight / MCG_PER_ML for stage in way.stages]
    steps = list(itertools.pairwise([*begins, math.inf]))
    grid = patient.grid_h + STEP_H / 2  # no moment lies between two steps of the grid
    until_now = np.where(grid < hour, chart.flow, 0.0)
    on = np.array([np.where((grid >= begin) & (grid < end), MCG_PER_ML, 0.0) for begin, end in steps])
    base, *units = patient.levels(np.vstack([until_now[None], on]))
    inside = slice(patient.at(hour) + 1, patient.at(hour + AHEAD_H) + 1)
    rates, courses = [], []
    for setting in way.settings:
        rate = 0.0 if setting.pump is None else float(setting.pump.value)
        stage = way.stage_of(setting.rate)
        flows = [*highest[:stage], *[rate] * (len(steps) - stage)]
        rates.append(
            (rate, [(begin - hour, flow) for begin, flow in zip(begins[:stage], highest, strict=False)], stage)
        )
        courses.append(base + sum(flow * unit for flow, unit in zip(flows, units, strict=True)))
    levels = np.array(courses)[:, inside]
    scores = ((levels >= LOW) & (levels <= HIGH)).mean(axis=1) - PENALTY * (levels > HIGH).mean(axis=1)
    best = np.flatnonzero(scores >= scores.max() - 1e-9)
    # Of equals the middle one; the highest where every level stays below the range.
    place = best[-1] if levels.max() < LOW else best[best.size // 2]
    rate, before, stage = rates[place]
    chart.set_in_steps(hour, [*((later, round(flow, 1)) for later, flow in before), (begins[stage] - hour, rate)])
