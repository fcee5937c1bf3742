"""From a model, a dose history and levels to a problem: what a patient with given deviations would have shown.

Knows the way typical value -> individual -> disposition -> level, by the one event engine of `kinetics`. It chooses no
model and reads no case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import RequestError
from inotrope.estimation.etas import Etas, etas_of
from inotrope.estimation.problem import ErrorModel, Levels, Predict, Problem
from inotrope.kinetics import Parameters, Plan, Timeline, concentrations
from inotrope.population import ExtracorporealClearance, Model, disposition, individual, with_machines
from inotrope.population.forms import Array
from inotrope.population.model import DISPOSITION


def problem_of(
    model: Model,
    *,
    timeline: Timeline,
    typical: Mapping[str, Array],
    levels: Levels,
    segment: NDArray[np.int64] | None = None,
    error: ErrorModel | None = None,
    row_of_occasion: ArrayLike | None = None,
    occasion_of_row: NDArray[np.int64] | None = None,
    machines: Sequence[ExtracorporealClearance] = (),
    begin_h: ArrayLike | None = None,
) -> Problem:
    """Return the problem of one patient, or of many patients of one design.

    Args:
        model: Of a course over time; says how patients differ.
        timeline: What was given; one for all patients (doses per kg go with volumes and clearances per kg).
        typical: By parameter (rows,), or (patients, rows), in L/h and L.
        levels: What was measured, (levels,) or (patients, levels).
        segment: (levels,), the segment that each level reads (`kinetics.Expanded`); None finds it by its time.
        error: Of the measurement; None takes the model's own.
        row_of_occasion: (occasions,), ascending: the parameter row with which each occasion begins; None tells no
            occasions apart.
        occasion_of_row: (rows,), in its place where an occasion comes back, or rows do not follow each other in time:
            which occasion each row belongs to, counted from 0.
        machines: Dated clearances of the drug by machines, which no deviation of the patient scales.
        begin_h: (rows,), when each row begins; needed with machines.

    Raises:
        RequestError: The model states no error and none is given, does not say how patients differ, draws no curve;
            machines without `begin_h`; or a level before any dose without an error that every level has.
        KineticsError: The timeline asks for a row that is not there.
    """
    if machines and begin_h is None:
        raise RequestError("A machine's clearance has dates: give `begin_h`, when each row of parameters begins.")
    of_measurement = _error_of(model) if error is None else error
    starts = None if row_of_occasion is None else np.atleast_1d(np.asarray(row_of_occasion, dtype=np.int64))
    occasions = 0 if starts is None else starts.size
    etas = etas_of(model, occasions=occasions if occasion_of_row is None else 1 + int(occasion_of_row.max()))
    rows = 1 + int(timeline.row.max())
    begins = np.zeros(1) if begin_h is None else np.asarray(begin_h, dtype=np.float64)

    def changing(given: Array) -> Array:
        """Return the levels of patients with these etas; see `Problem`."""
        deviations = etas.deviations(
            np.asarray(given), row_of_occasion=starts, rows=rows, occasion_of_row=occasion_of_row
        )
        values = with_machines(individual(typical, deviations), begins, machines)
        return concentrations(timeline, disposition(model, values), levels.time_h, segment)

    predict: Predict = changing
    tells_no_occasions = starts is None and occasion_of_row is None
    if tells_no_occasions and not machines and disposition(model, typical).rows == 1:
        predict = unchanging(model, etas, typical, Plan.of(timeline, levels.time_h, segment))
    problem = Problem(etas.names, etas.omega, levels, of_measurement, predict)
    _prove_levels(problem, predict)
    return problem


def unchanging(model: Model, etas: Etas, typical: Mapping[str, Array], plan: Plan) -> Predict:
    """Return what patients would show whose parameters never change in time; it is asked hundreds of times.

    Args:
        model: As for `problem_of`.
        etas: The model's own.
        typical: By parameter ([patients,] 1), in L/h and L.
        plan: Of one patient or of many.

    Raises:
        RequestError: As `population.disposition`.
    """
    named = disposition(model, typical).named().items()
    places = [etas.of_subject.get(name) for name in DISPOSITION[model.structure]]
    prepared = [(argument, value, place) for (argument, value), place in zip(named, places, strict=True)]

    def predict(given: Array) -> Array:
        """Return the levels of patients with these etas; see `Problem`."""
        factors = np.exp(given)
        return plan.concentrations(
            Parameters.of(
                **{
                    argument: value if place is None else value * factors[..., place, None]
                    for argument, value, place in prepared
                }
            )
        )

    return predict


def _error_of(model: Model) -> ErrorModel:
    if model.residual is None:
        raise RequestError(
            f"Model {model.name} does not state how far a measured level lies from the predicted one. Give an error.",
            value=model.name,
        )
    return ErrorModel.of(model.residual)


def _prove_levels(problem: Problem, predict: Predict) -> None:
    """Prove that the typical patient has the levels' shape, and each of them an error."""
    levels = problem.levels
    typical = predict(np.zeros((*problem.patients, problem.count)))
    if typical.shape != levels.level_ng_per_ml.shape:
        raise RequestError(
            f"The typical patients have levels of the shape {typical.shape}, the measured ones "
            f"{levels.level_ng_per_ml.shape}. Give one row of parameters for each patient."
        )
    surely_none = (problem.error.sd(typical) <= 0) & (levels.weight > 0)
    if surely_none.any():
        time = levels.time_h[np.argwhere(surely_none)[0][-1]]
        raise RequestError(
            f"At {time:g} h nothing had been given yet, and an error in proportion to the level is 0 there. Leave the "
            "level out, or give an error that every level has.",
            value=f"{time:g} h",
        )
