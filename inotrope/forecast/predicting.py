"""What one model says of this patient under what flows: a curve, a steady level, or a refusal in words.

Knows the order: covariates, domain, then the levels (`course.py`). The domain is judged before any number is computed,
and a model that refuses gives none. It does not know the other models.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inotrope.errors import RequestError
from inotrope.forecast.course import Asked, course
from inotrope.forecast.person import covariates
from inotrope.forecast.record import KidneysTaken, ModelForecast, Value
from inotrope.population import (
    Answer,
    Domain,
    Model,
    ModelKind,
    Remark,
    SetUp,
    Standing,
    knows_kidneys,
    set_up,
    steady_level,
)

HELD_HERE = "The kidneys change; it draws no patients, and is told for the estimate of now held over time."
BLIND = "It does not know the kidneys, which change here: what they do to its levels is not told."
OWN_MACHINES = (
    "Its patients were on a machine themselves: the clearance entered for the machine is not added once more."
)


def predict(model: Model, asked: Asked) -> tuple[ModelForecast, Domain]:
    """Return what one model says, and where the patient stands to it."""
    answer = _answer_of(model)
    against: list[Remark] = []
    cuts: tuple[float, ...] = ()
    if asked.change is not None:
        cuts = asked.change.times_h
        if not knows_kidneys(model):
            says = f"It does not know the kidneys, so that it cannot say what a {asked.change} does."
            against = [Remark("creatinine clearance", Standing.REFUSAL, says)]
    series = covariates(model, asked.patient.case, asked.patient.kidney, asked.change, asked.patient.earlier)
    until = float(asked.times_h[-1])
    setting = set_up(
        model,
        asked.patient,
        series,
        answer=answer,
        until_h=until,
        cuts_h=(*cuts, *asked.knots_h(model)),
        moving=asked.paths(model),
        refused=against,
    )
    domain = setting.domain
    empty = _nothing(model, domain, asked)
    if setting.own_machines and domain.answers:
        empty = replace(empty, says=(*empty.says, OWN_MACHINES))
    if not domain.answers:
        refused = " ".join(remark.says for remark in domain.remarks if remark.standing is Standing.REFUSAL)
        return replace(empty, refused=refused), domain
    try:
        found = course(setting, asked, empty) if answer is Answer.TIME_COURSE else _level(setting, asked, empty)
    except RequestError as error:  # such as a line that gives no clearance above zero for this patient
        none = replace(empty, refused=error.says, standing=Standing.REFUSAL, says=())
        return none, replace(domain, standing=Standing.REFUSAL)
    return found, domain


def _answer_of(model: Model) -> Answer:
    """Return what to ask: a curve, or only a level where the model gives none."""
    level_alone = bool(model.lacking(Answer.TIME_COURSE)) and not model.lacking(Answer.STEADY_LEVEL)
    return Answer.STEADY_LEVEL if level_alone or model.kind is ModelKind.STEADY_STATE_ONLY else Answer.TIME_COURSE


def _level(setting: SetUp, asked: Asked, empty: ModelForecast) -> ModelForecast:
    """Return the steady level of a model that gives no curve."""
    if asked.last_mcg_per_h is None:
        return empty
    last = {name: value[..., -1:] for name, value in setting.values.items()}
    level = steady_level(setting.model, last, rate_mcg_per_h=np.array([asked.last_mcg_per_h]))
    printed = level.printed_sd_ng_per_ml
    sd = None if printed is None else float(np.ravel(printed)[0])
    return replace(
        empty,
        steady=Value(float(np.ravel(level.level_ng_per_ml)[0]), None),
        steady_says=level.says,
        printed_sd_ng_per_ml=None if sd is None or np.isnan(sd) else sd,
    )


def _nothing(model: Model, domain: Domain, asked: Asked) -> ModelForecast:
    """Return what is told of a model in any case."""
    taken = KidneysTaken.NOT_USED
    if knows_kidneys(model):
        taken = KidneysTaken.HELD if asked.moving(model) is None else KidneysTaken.IN_MOTION
    level_only = model.kind is ModelKind.TIME_COURSE and _answer_of(model) is Answer.STEADY_LEVEL
    moves = asked.kidneys is not None and domain.answers
    of_kidneys = {KidneysTaken.NOT_USED: (BLIND,), KidneysTaken.HELD: (HELD_HERE,)}.get(taken, ()) if moves else ()
    lacks = f"It gives no curve, for it lacks {'; '.join(model.lacking(Answer.TIME_COURSE))}."
    return ModelForecast(
        model=model.name,
        title=model.title,
        kind=model.kind,
        standing=domain.standing,
        remarks=domain.remarks,
        refused="",
        kidneys=taken,
        curve=None,
        chances=(),
        leaving=(),
        ahead=(),
        now=None,
        peak=None,
        peak_at_h=None,
        steady=None,
        steady_says="",
        steady_chances=(),
        printed_sd_ng_per_ml=None,
        time_to_90_h=None,
        says=(*((lacks,) if level_only and domain.answers else ()), *of_kidneys),
        unconfirmed=model.unconfirmed,
        judged=model.judged,
        conflicts=model.conflicts,
        unknown=model.unknown,
        note=model.note,
        sources=model.sources,
        digest=model.digest,
    )
