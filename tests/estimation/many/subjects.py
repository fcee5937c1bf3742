"""Subjects for the tests of many: of every kind of dose and level, and what each gets alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inotrope.estimation import ErrorModel, Levels, Mode, find_mode, problem_of
from inotrope.estimation.many import Subject
from inotrope.kinetics import Records, Timeline, constant, expand, last_carried_forward
from inotrope.population import Model, ResidualForm, typical_values
from tests.estimation.reference import BEGIN_H, RATE_PER_KG, Reference

SUM = ErrorModel(ResidualForm.SUM, 2.0, 0.1)
SHARE = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 0.5, 0.15)
ONE = {"clearance": 8.0, "volume": 12.0}
TWO = {**ONE, "q2": 20.0, "v2": 20.0}
THREE = {**TWO, "q3": 3.0, "v3": 90.0}


def of_reference(model: Model, reference: Reference, patient: int) -> Subject:
    """Return one patient of `map_estimates`."""
    weight = reference.weight_kg[patient]
    return Subject(
        Timeline.of_rates(BEGIN_H, RATE_PER_KG * weight),
        typical_values(model, {"weight": np.array([weight])}),
        Levels.of(reference.levels.time_h, reference.levels.level_ng_per_ml[patient]),
    )


def recorded(model: Model, *, weights: Sequence[float], factor: float = 1.0) -> Subject:
    """Return one with steady states of every kind, a reset, and a level on both sides of a dose.

    His weight changes at records where several are given.
    """
    records = Records.of(
        time_h=[1.0, 2.0, 3.0, 9.0, 9.0, 14.0, 20.0, 21.0, 30.0, 41.0],
        evid=[1, 0, 1, 4, 0, 1, 1, 0, 1, 0],
        amount_mcg=[4000, 0, 3500, 500, 0, 2000, 0, 0, 700, 0],
        rate_mcg_per_h=[0, 0, 700, 0, 0, 400, 300, 0, 90, 0],
        interval_h=[6, 0, 0, 0, 0, 4, 0, 0, 8, 0],
        additional=[3, 0, 0, 0, 0, 2, 0, 0, 0, 0],
        steady=[1, 0, 0, 0, 0, 2, 1, 0, 1, 0],
    )
    changes = len(weights) > 1
    expanded = expand(records, rows=last_carried_forward if changes else constant)
    weight = np.resize(np.array(weights), 10) if changes else np.array(weights)
    levels = Levels.of(expanded.observed_h, factor * np.array([300.0, 60.0, 210.0, 20.0]), below=[False] * 3 + [True])
    return Subject(expanded.timeline, typical_values(model, {"weight": weight}), levels, expanded.observed_segment)


def plain(model: Model, *, levels: Levels, weight: float = 70.0) -> Subject:
    """Return one with a load, an infusion and a pause, from 0.5 h on."""
    timeline = Timeline.of_rates([0.5, 0.5, 6.0], [0.0, 1500.0, 0.0], [3500.0, 0.0, 0.0])
    return Subject(timeline, typical_values(model, {"weight": np.array([weight])}), levels)


def varied(model: Model) -> list[Subject]:
    """Return subjects of many kinds; their levels suit an error that every level has."""
    times = [0.25, 1.0, 5.0, 9.0, 12.0]
    first = Levels.of(times, [1.0, 280.0, 160.0, 30.0, 20.0], below=[True, False, False, False, True])
    return [
        plain(model, levels=first),
        recorded(model, weights=[70.0]),
        plain(model, levels=Levels.of([], [])),
        recorded(model, weights=[60.0, 66.0, 72.0], factor=0.8),
        plain(model, levels=Levels.of([2.0, 8.0], [500.0, 20.0], weight=[1.0, 0.25]), weight=55.0),
        recorded(model, weights=[82.0], factor=1.4),
        plain(model, levels=Levels.of(times, [0.0, 240.0, 190.0, 60.0, 25.0]), weight=90.0),
    ]


def alone(model: Model, subject: Subject, *, error: ErrorModel | None = None, starts: int = 8) -> Mode:
    """Return the mode of one subject, as one patient."""
    problem = problem_of(
        model,
        timeline=subject.timeline,
        typical=subject.typical,
        levels=subject.levels,
        segment=subject.segment,
        error=error,
    )
    return find_mode(problem, starts=starts)
