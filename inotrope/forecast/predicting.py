"""What one model says of this patient under what flows: a curve, a steady level, or a refusal in words.

Knows the order: covariates, domain, typical parameters, draws, levels. The domain is judged before any number is
computed, and a model that refuses gives none. It does not know the other models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from inotrope.drug import StudiedRange
from inotrope.errors import RequestError
from inotrope.findings import Truth
from inotrope.forecast.draws import chances_of, spread_of
from inotrope.forecast.giving import Flow, changes, timeline
from inotrope.forecast.person import KidneyChange, covariates, knows_kidneys
from inotrope.forecast.record import Curve, Floats, ModelForecast, Value
from inotrope.kinetics import Parameters, concentrations, peak, steady_concentration, time_to_steady_share
from inotrope.patient import Case, Kidney
from inotrope.population import (
    Answer,
    Domain,
    ExtracorporealClearance,
    Model,
    ModelKind,
    Remark,
    Standing,
    boundaries,
    disposition,
    draw_individuals,
    judge_domain,
    made_beside_machines,
    replaced,
    spreads,
    steady_level,
    typical_values,
    values_over_time,
    with_machines,
)
from inotrope.population.forms import Array
from inotrope.population.model import REPLACEMENT

LONGEST_STEP_H = 6.0
"""h. How long a covariate that grows with the clock, such as an age in weeks, is taken as constant."""
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
        case: The patient.
        kidney: The kidney function of `now`.
        change: What happens to it.
        flowing: What was given and what is planned.
        given_known: Whether the record says what was given.
        last_mcg_per_h: The rate in the end; None where the regimen ends in a pause.
        ran_h: For how long an infusion has run by now, unbroken.
        times_h: Of the curve.
        bands: The studied ranges.
        draws: How many.
        seed: Of the random numbers.
        machines: Clearances of the drug by machines, as entered.
        entered: Whether that is all that machines clear.
        not_yet: Why nothing is told so soon after a machine; empty where something is.
        lately: Whether a machine replaced the kidneys until lately.
    """

    case: Case
    kidney: Kidney
    change: KidneyChange | None
    flowing: tuple[Flow, ...]
    given_known: bool
    last_mcg_per_h: float | None
    ran_h: float
    times_h: Floats
    bands: tuple[StudiedRange, ...]
    draws: int
    seed: int
    machines: tuple[ExtracorporealClearance, ...]
    entered: bool
    not_yet: str = ""
    lately: bool = False


def predict(model: Model, asked: Asked) -> tuple[ModelForecast, Domain]:
    """Return what one model says, and where the patient stands to it."""
    answer = _answer_of(model)
    own_machines = bool(asked.machines) and made_beside_machines(model)
    if own_machines:
        asked = replace(asked, machines=())
    series = covariates(model, asked.case, asked.kidney, asked.change)
    own = changes(asked.flowing)
    until = float(asked.times_h[-1])
    # The end of the curve cuts none of these, for what holds before a change is not what holds after it.
    kept = [*own, *_of_machines(asked, own[0]), *(() if asked.change is None else asked.change.times_h)]
    begin = boundaries(model, series, kept, longest_step_h=LONGEST_STEP_H)
    # The first one after the last time stays too: it ends the stretch that is read last, whose middle counts.
    inside = np.arange(begin.size) <= np.searchsorted(begin, until, side="right")
    begin = begin[inside | np.isin(begin, kept)]
    values = values_over_time(model, series, begin)
    domain = judge_domain(
        model,
        values,
        answer=answer,
        clearance_entered=asked.entered,
        until_h=asked.ran_h + until if answer is Answer.TIME_COURSE else None,
    )
    if asked.change is not None and not knows_kidneys(model):
        says = f"It does not know the kidneys, so that it cannot say what a {asked.change} does."
        domain = Domain(Standing.REFUSAL, (Remark("creatinine clearance", Standing.REFUSAL, says), *domain.remarks))
    if asked.not_yet:
        domain = Domain(Standing.REFUSAL, (Remark(REPLACEMENT, Standing.REFUSAL, asked.not_yet), *domain.remarks))
    beside = replaced(asked.case) is Truth.PRESENT or (asked.lately and not asked.kidney.assumed)
    if asked.entered and beside and answer is Answer.TIME_COURSE:
        domain = _beside_machine(model, domain)
    empty = _nothing(model, domain)
    if own_machines and domain.answers:
        empty = replace(empty, says=(*empty.says, OWN_MACHINES))
    if not domain.answers:
        refused = " ".join(remark.says for remark in domain.remarks if remark.standing is Standing.REFUSAL)
        return replace(empty, refused=refused), domain
    try:
        found = (
            _course(model, asked, empty, values, begin)
            if answer is Answer.TIME_COURSE
            else _level(model, asked, empty, values)
        )
    except RequestError as error:  # such as a line that gives no clearance above zero for this patient
        none = replace(empty, refused=error.says, standing=Standing.REFUSAL, says=())
        return none, replace(domain, standing=Standing.REFUSAL)
    return found, domain


def _beside_machine(model: Model, domain: Domain) -> Domain:
    """Return a refusal of a model that would count healthy kidneys beside the machine that replaces them."""
    if knows_kidneys(model) or made_beside_machines(model):
        return domain
    says = "It does not know the kidneys, so that it cannot say what the body clears beside the machine."
    return Domain(Standing.REFUSAL, (Remark(REPLACEMENT, Standing.REFUSAL, says), *domain.remarks))


def _answer_of(model: Model) -> Answer:
    """Return what to ask: a curve, or only a level where the model gives none."""
    level_alone = bool(model.lacking(Answer.TIME_COURSE)) and not model.lacking(Answer.STEADY_LEVEL)
    return Answer.STEADY_LEVEL if level_alone or model.kind is ModelKind.STEADY_STATE_ONLY else Answer.TIME_COURSE


def _of_machines(asked: Asked, start_h: float) -> list[float]:
    return [time for machine in asked.machines for time in machine.times_h if time > start_h]


def _course(
    model: Model, asked: Asked, empty: ModelForecast, values: Mapping[str, Array], begin: Floats
) -> ModelForecast:
    machines = asked.machines
    typical = {name: np.broadcast_to(value, begin.shape) for name, value in typical_values(model, values).items()}
    begin_rows, row, rows = _few_rows(begin, typical) if not machines else (begin, np.arange(begin.size), typical)
    flow = timeline(asked.flowing, begin, row)
    typically = disposition(model, with_machines(rows, begin_rows, machines))
    curve = concentrations(flow, typically, asked.times_h)
    drawn: Parameters | None = None
    many = tops = None
    if spreads(model):
        own = draw_individuals(model, rows, patients=np.arange(asked.draws), seed=asked.seed)
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


def _level(model: Model, asked: Asked, empty: ModelForecast, values: Mapping[str, Array]) -> ModelForecast:
    """Return the steady level of a model that gives no curve."""
    if asked.last_mcg_per_h is None:
        return empty
    last = {name: value[..., -1:] for name, value in values.items()}
    level = steady_level(model, last, rate_mcg_per_h=np.array([asked.last_mcg_per_h]))
    printed = level.printed_sd_ng_per_ml
    sd = None if printed is None else float(np.ravel(printed)[0])
    return replace(
        empty,
        steady=_value(np.ravel(level.level_ng_per_ml), None),
        steady_says=level.says,
        printed_sd_ng_per_ml=None if sd is None or np.isnan(sd) else sd,
    )


def _few_rows(begin: Floats, typical: Mapping[str, Array]) -> tuple[Floats, Array, dict[str, Array]]:
    """Return the parameters in as few rows as they have: when each row begins, the row of each segment, the rows."""
    changed = np.zeros(begin.size, dtype=bool)
    for value in typical.values():
        changed[1:] |= value[1:] != value[:-1]
    starts = np.concatenate([[0], np.flatnonzero(changed)])
    return begin[starts], np.cumsum(changed), {name: value[starts] for name, value in typical.items()}


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
