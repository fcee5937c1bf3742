"""The level at the site of effect that a regimen or a rate gives this patient, by one published model.

Knows that the heart follows the blood with a delay of minutes, and whose kidneys a steady level is of. Does not know
what the level does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.dosing import read_regimen
from inotrope.errors import RequestError
from inotrope.kinetics import Timeline, effect_site
from inotrope.patient import Case, assess_kidney
from inotrope.population import Model
from inotrope.population.response import ResponseFile
from inotrope.simulation import Simulation, simulate

OF_THE_FIT = "label_adult"
"""The model of the label's own kinetics: the levels that the members were fitted with come from its clearance."""
POINTS = 2001
"""Of the curve in which the highest level is looked for; beginnings and ends of what flows are added to them."""
AFTER_H = 1.0
"""How long after a regimen's end its highest level at the site of effect is still looked for."""
_MINUTES = 60.0
OWN = (
    "Steady levels of {model} for a creatinine clearance of {clearance}: how clearance follows the kidneys there is a "
    "judgement, and a regimen computes a course of hours."
)
GIVEN = "the label's rates, steady, at a creatinine clearance of {clearance}"
GIVEN_OF_LABEL = "the label's rates, steady, at the levels of the label's own patients"
SHORT_OF_LABEL = "The label's level, not this patient's."
SHORT_MOVING = "The kidneys are changing: the level may be higher."
OF_THE_LABEL = (
    "The levels at the label's rates are those of the label's own patients, not this patient's, who may come to "
    "several times as much: {why}"
)
MOVING = (
    "The kidneys are changing: no level is steady. The levels at the label's rates are those that a clearance held at "
    "{clearance} would come to; a falling one comes to more."
)
SAME = 0.02
"""Two moments whose levels differ by less than this share are told as one."""


@dataclass(frozen=True, slots=True)
class Course:
    """Levels at the site of effect: the highest and the last.

    Attributes:
        model: The answer of the model, or its refusal.
        moments: In words, with the level of each, ng/mL.
    """

    model: Simulation
    moments: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class SteadyLevels:
    """Steady levels at the rates that the label prints changes for.

    Attributes:
        given: In words, with whose levels they are.
        moments: In words, with the level of each, ng/mL.
        remark: Whose kidneys they are of; empty where a warning says it.
        warning: Why they may not be this patient's, for the head; empty where they are.
        short: The same beside each moment.
    """

    given: str
    moments: tuple[tuple[str, float], ...]
    remark: str
    warning: str
    short: str


def steady_levels(case: Case, response: ResponseFile) -> SteadyLevels:
    """Return the steady level at each of the label's rates: rate over this patient's clearance, as the label has it.

    Where no clearance can be told (none is recorded, or a machine replaces the kidneys) the levels are those that the
    fit takes the label's patients to have, and each of them says so.
    """
    rates, model = [item.rate.value for item in response.observed], f"{response.drug}/{OF_THE_FIT}"
    try:
        found = simulate(model, case, regimen=f"{rates[0]} for 1 h")
        why = found.refused
    except RequestError as problem:
        found, why = None, problem.says
    if why or found is None or found.source is None:
        each = tuple((f"at {item.rate.value}, steady", item.level_ng_per_ml) for item in response.observed)
        return SteadyLevels(GIVEN_OF_LABEL, each, "", OF_THE_LABEL.format(why=why), SHORT_OF_LABEL)
    patients, kidney = found.source.patients, assess_kidney(case)
    cleared = float(patients.taken(0, 1).parameters.clearance_l_per_h[0, -1])
    weight = float(patients.weight_kg[0])
    each = tuple(
        (f"at {rate}, steady", float(rate.in_unit("mcg/kg/min")) * _MINUTES * weight / cleared) for rate in rates
    )
    assert kidney.clearance is not None  # the model has no level without it
    clearance = kidney.clearance.shown(0)
    given = GIVEN.format(clearance=clearance)
    if kidney.moves:
        return SteadyLevels(given, each, "", MOVING.format(clearance=clearance), SHORT_MOVING)
    return SteadyLevels(given, each, OWN.format(model=model, clearance=clearance), "", "")


def course_of(case: Case, regimen: str, response: ResponseFile, model: Model | str | None) -> Course:
    """Return the highest level at the site of effect and that at the regimen's end; without one that of a day later.

    Raises:
        InotropeError: The regimen or the model cannot be read; the sentence says what to write.
    """
    read = read_regimen(regimen)
    ends = [each.end_h for each in read.timed()]
    over = None if ends[-1] is None else float(ends[-1])
    until = None if over is None else f"{over + AFTER_H:.6f} h"
    named = f"{response.drug}/{OF_THE_FIT}" if model is None else model
    found = simulate(named, case, regimen=read, until=until)
    if found.refused:
        return Course(found, ())
    source, asked = found.source, found.time_h
    assert source is not None and asked is not None  # a typical patient of a case has both
    turns = source.turns_h[(source.turns_h >= 0) & (source.turns_h <= asked[-1])]
    time = np.unique(np.concatenate([np.linspace(0.0, asked[-1], POINTS), turns, [] if over is None else [over]]))
    parameters = source.patients.taken(0, 1).parameters
    doses = source.doses
    rates = source.patients.weight_kg[0] * doses.per_kg.rate_mcg_per_h + doses.fixed.rate_mcg_per_h
    timeline = Timeline.of_rates(doses.fixed.begin_h, rates, row=doses.fixed.row)
    site: Array = effect_site(timeline, parameters, time, equilibration_per_h=response.equilibration_per_h)
    site = site.reshape(-1, time.size)[0]
    last = time.size - 1 if over is None else int(np.argmin(np.abs(time - over)))
    top = int(np.argmax(site))
    moments = [(f"at the end, after {_hours(time[last])}", float(site[last]))]
    if site[top] > (1 + SAME) * site[last]:
        moments.insert(int(top > last), (f"at the highest level, after {_hours(time[top])}", float(site[top])))
    return Course(found, tuple(moments))


def _hours(hours: float) -> str:
    return f"{60 * hours:.0f} min" if hours < 1 else f"{hours:.3g} h"
