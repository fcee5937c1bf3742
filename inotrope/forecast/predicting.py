"""What one model says of this patient under what flows: a curve, a steady level, or a refusal in words.

Knows the order: covariates, domain, typical parameters, draws, levels. The domain is judged before any number is
computed, and a model that refuses gives none. It does not know the other models.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from inotrope.drug import StudiedRange
from inotrope.errors import RequestError
from inotrope.forecast.draws import chances_of, spread_of
from inotrope.forecast.person import KidneyChange, covariates
from inotrope.forecast.record import Curve, Floats, ModelForecast, Value
from inotrope.kinetics import Parameters, concentrations, peak, steady_concentration, time_to_steady_share
from inotrope.population import (
    Answer,
    Circumstances,
    Domain,
    Model,
    ModelKind,
    Remark,
    SetUp,
    Standing,
    disposition,
    draw_even_individuals,
    few_rows,
    knows_kidneys,
    set_up,
    spreads,
    steady_level,
    with_machines,
)

STEADY_SHARE = 0.9
NO_SPREAD = (
    "The publication does not say how patients differ: the typical curve stands alone, without interval or chance."
)

OWN_MACHINES = (
    "Its patients were on a machine themselves: the clearance entered for the machine is not added once more."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every model alike.

    Attributes:
        patient: What every model is told of the patient, and what flows.
        change: What happens to the kidneys.
        given_known: Whether the record says what was given.
        last_mcg_per_h: The rate in the end; None where the regimen ends in a pause.
        times_h: Of the curve.
        bands: The studied ranges.
        draws: How many.
        seed: Of the random numbers.
    """

    patient: Circumstances
    change: KidneyChange | None
    given_known: bool
    last_mcg_per_h: float | None
    times_h: Floats
    bands: tuple[StudiedRange, ...]
    draws: int
    seed: int


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
    setting = set_up(model, asked.patient, series, answer=answer, until_h=until, cuts_h=cuts, refused=against)
    domain = setting.domain
    empty = _nothing(model, domain)
    if setting.own_machines and domain.answers:
        empty = replace(empty, says=(*empty.says, OWN_MACHINES))
    if not domain.answers:
        refused = " ".join(remark.says for remark in domain.remarks if remark.standing is Standing.REFUSAL)
        return replace(empty, refused=refused), domain
    try:
        found = _course(setting, asked, empty) if answer is Answer.TIME_COURSE else _level(setting, asked, empty)
    except RequestError as error:  # such as a line that gives no clearance above zero for this patient
        none = replace(empty, refused=error.says, standing=Standing.REFUSAL, says=())
        return none, replace(domain, standing=Standing.REFUSAL)
    return found, domain


def _answer_of(model: Model) -> Answer:
    """Return what to ask: a curve, or only a level where the model gives none."""
    level_alone = bool(model.lacking(Answer.TIME_COURSE)) and not model.lacking(Answer.STEADY_LEVEL)
    return Answer.STEADY_LEVEL if level_alone or model.kind is ModelKind.STEADY_STATE_ONLY else Answer.TIME_COURSE


def _course(setting: SetUp, asked: Asked, empty: ModelForecast) -> ModelForecast:
    model, machines, begin, typical = setting.model, setting.machines, setting.begin_h, setting.typical()
    begin_rows, row, rows = few_rows(begin, typical) if not machines else (begin, np.arange(begin.size), typical)
    flow = setting.timeline(row)
    typically = disposition(model, with_machines(rows, begin_rows, machines))
    curve = concentrations(flow, typically, asked.times_h)
    drawn: Parameters | None = None
    many = tops = None
    if spreads(model):
        own = draw_even_individuals(model, rows, draws=asked.draws, seed=asked.seed)
        drawn = disposition(model, with_machines(own, begin_rows, machines))
        # Also where a rate changes: a load over 10 min is at its height between two times of the curve.
        steps = begin[(begin > asked.times_h[0]) & (begin < asked.times_h[-1])]
        many = concentrations(flow, drawn, np.concatenate([asked.times_h, steps]))
        tops, many = many.max(axis=1), many[:, : asked.times_h.size]
    top = peak(flow, typically, float(asked.times_h[0]), float(asked.times_h[-1]))
    found = replace(
        empty,
        curve=Curve(asked.times_h, curve, None if many is None else spread_of(many)),
        chances=() if many is None else chances_of(many, asked.bands),
        now=_value(curve[:1], None if many is None else many[:, 0]) if asked.given_known else None,
        peak=_value(np.atleast_1d(top.value), tops),
        peak_at_h=float(top.at_h),
        says=(*empty.says, *(() if many is not None else (NO_SPREAD,)), *(machine.says for machine in machines)),
    )
    return _in_the_end(asked, found, typically, drawn, int(row[-1]))


def _in_the_end(
    asked: Asked, found: ModelForecast, typically: Parameters, drawn: Parameters | None, last: int
) -> ModelForecast:
    """Return it with the steady level and the time to it, by the parameters of the last stretch."""
    share = time_to_steady_share(typically, STEADY_SHARE)[..., last]
    shares = None if drawn is None else time_to_steady_share(drawn, STEADY_SHARE)[..., last]
    found = replace(found, time_to_90_h=_value(share[None], shares))
    if asked.last_mcg_per_h is None:
        return found
    level = steady_concentration(typically, asked.last_mcg_per_h)[..., last]
    many = None if drawn is None else steady_concentration(drawn, asked.last_mcg_per_h)[..., last]
    return replace(
        found,
        steady=_value(level[None], many),
        steady_says="rate over clearance, when nothing changes any more",
        steady_chances=() if many is None else chances_of(many, asked.bands),
    )


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
        steady=_value(np.ravel(level.level_ng_per_ml), None),
        steady_says=level.says,
        printed_sd_ng_per_ml=None if sd is None or np.isnan(sd) else sd,
    )


def _value(typical: Floats, many: Floats | None) -> Value:
    return Value(float(typical[0]), None if many is None else spread_of(many))


def _nothing(model: Model, domain: Domain) -> ModelForecast:
    """Return what is told of a model in any case."""
    level_only = model.kind is ModelKind.TIME_COURSE and _answer_of(model) is Answer.STEADY_LEVEL
    lacks = f"It gives no curve, for it lacks {'; '.join(model.lacking(Answer.TIME_COURSE))}."
    return ModelForecast(
        model=model.name,
        title=model.title,
        kind=model.kind,
        standing=domain.standing,
        remarks=domain.remarks,
        refused="",
        curve=None,
        chances=(),
        now=None,
        peak=None,
        peak_at_h=None,
        steady=None,
        steady_says="",
        steady_chances=(),
        printed_sd_ng_per_ml=None,
        time_to_90_h=None,
        says=(lacks,) if level_only and domain.answers else (),
        unconfirmed=model.unconfirmed,
        judged=model.judged,
        conflicts=model.conflicts,
        unknown=model.unknown,
        note=model.note,
        sources=model.sources,
        digest=model.digest,
    )
