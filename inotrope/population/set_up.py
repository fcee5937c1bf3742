"""One model set up for one patient: the stretches of time, the covariates on them, and whether it may answer.

Knows the order: what changes when, the covariates on each stretch, the domain. A forecast and an estimation stand on
the same set-up, so that what is fitted is what is forecast. It computes no level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inotrope.drug import Drug
from inotrope.findings import Truth
from inotrope.kinetics import Timeline
from inotrope.patient import Case, Kidney, assess_kidney
from inotrope.population.domain import Domain, Remark, judge_domain, made_beside_machines
from inotrope.population.extracorporeal import ExtracorporealClearance
from inotrope.population.forms import Array
from inotrope.population.giving import Flow, changes, timeline
from inotrope.population.machines_of_case import (
    EarlierKidneys,
    beside_machines,
    clearances_entered,
    earlier_kidneys,
    lately_replaced,
    machines_of_case,
    not_yet_known,
    replaced,
)
from inotrope.population.model import CLEARANCES, REPLACEMENT, Answer, Model, Standing
from inotrope.population.over_time import Series, boundaries, values_over_time
from inotrope.population.typical import typical_values

LONGEST_STEP_H = 6.0
"""h. How long a covariate that grows with the clock, such as an age in weeks, is taken as constant."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What every model is told of one patient alike.

    Attributes:
        case: The patient.
        kidney: The kidney function of `now`, as models are to take it: nothing beside a machine that replaces it.
        known: The same before a machine took it away.
        flowing: What was given and what is planned.
        ran_h: For how long an infusion has run by now, unbroken.
        machines: Clearances of the drug by machines, as entered.
        entered: Whether that is all that machines clear.
        not_yet: Why nothing is told so soon after a machine; empty where something is.
        lately: Whether a machine replaced the kidneys until lately.
        earlier: The kidneys before a machine took their place; None where none did, or nothing tells of them.
    """

    case: Case
    kidney: Kidney
    known: Kidney
    flowing: tuple[Flow, ...]
    ran_h: float
    machines: tuple[ExtracorporealClearance, ...]
    entered: bool
    not_yet: str
    lately: bool
    earlier: EarlierKidneys | None = None

    @classmethod
    def of_case(
        cls,
        case: Case,
        drug: Drug,
        *,
        flowing: tuple[Flow, ...],
        ran_h: float = 0.0,
        kidney: Kidney | None = None,
        machines: Sequence[ExtracorporealClearance] | None = None,
    ) -> Circumstances:
        """Return the circumstances of a case.

        Args:
            case: The patient.
            drug: Its rules say for how long a machine counts after its end.
            flowing: What was given and what is planned.
            ran_h: For how long an infusion has run by now, unbroken.
            kidney: The kidney function of `now`, such as an assumed one; by default that of the case.
            machines: Clearances of the drug by machines, entered by a person; by default those of the case.
        """
        entered = clearances_entered(case, drug) if machines is None else bool(machines)
        known = assess_kidney(case) if kidney is None else kidney
        own = beside_machines(case, known, drug) if entered else known
        return cls(
            case=case,
            kidney=own,
            known=known,
            flowing=flowing,
            ran_h=ran_h,
            machines=machines_of_case(case) if machines is None else tuple(machines),
            entered=entered,
            not_yet=not_yet_known(case, known, drug, entered=entered),
            lately=lately_replaced(case, drug),
            earlier=None if own is known else earlier_kidneys(case, drug),
        )


@dataclass(frozen=True, slots=True, eq=False)
class SetUp:
    """One model set up for one patient.

    Attributes:
        model: The model.
        begin_h: (stretches,), ascending: when each stretch of constant covariates and rate begins, h from `now`.
        values: By covariate, (stretches,), in the unit that the model declares.
        domain: Where the patient stands to those who were studied.
        machines: What is added to the body's clearance.
        own_machines: Whether a machine's clearance was entered that the model's own patients had too.
        flowing: What flows.
    """

    model: Model
    begin_h: NDArray[np.float64]
    values: Mapping[str, Array]
    domain: Domain
    machines: tuple[ExtracorporealClearance, ...]
    own_machines: bool
    flowing: tuple[Flow, ...]

    def typical(self, values: Mapping[str, Any] | None = None) -> dict[str, Array]:
        """Return the typical parameters on each stretch, (..., stretches).

        Args:
            values: By covariate, (..., stretches), what stands in the place of its own values.

        Raises:
            RequestError: As `typical_values`.
        """
        found = typical_values(self.model, {**self.values, **(values or {})})
        return {
            name: np.broadcast_to(item, np.broadcast_shapes(item.shape, self.begin_h.shape))
            for name, item in found.items()
        }

    def timeline(self, row: object) -> Timeline:
        """Return what flows on each stretch, with the parameter row of each."""
        return timeline(self.flowing, self.begin_h, row)


def knows_kidneys(model: Model) -> bool:
    """Tell whether a creatinine clearance changes what a model says."""
    return any(name in CLEARANCES for name in model.needs)


def set_up(
    model: Model,
    patient: Circumstances,
    series: Mapping[str, Series],
    *,
    answer: Answer = Answer.TIME_COURSE,
    until_h: float,
    cuts_h: Iterable[float] = (),
    moving: Mapping[str, Any] | None = None,
    refused: Iterable[Remark] = (),
) -> SetUp:
    """Return a model set up for a patient.

    Args:
        model: The model.
        patient: What every model is told of him.
        series: By covariate, what is known (`series_of_case`).
        answer: What will be asked.
        until_h: The last time that will be asked for, h from `now`.
        cuts_h: Moments at which a stretch must begin besides those at which a rate, a covariate or a machine changes.
        moving: By covariate, functions of the stretches' beginnings, (stretches,) h to (stretches,) values in the
            model's unit, that stand in the place of the series.
        refused: Remarks that stand before those of the domain.
    """
    own_machines = bool(patient.machines) and made_beside_machines(model)
    machines = () if own_machines else patient.machines
    own = changes(patient.flowing)
    # The end of the curve cuts none of these, for what holds before a change is not what holds after it.
    kept = [*own, *(time for machine in machines for time in machine.times_h if time > own[0])]
    kept += [time for time in cuts_h if time > own[0]]
    begin = boundaries(model, series, kept, longest_step_h=LONGEST_STEP_H)
    # The first one after the last time stays too: it ends the stretch that is read last, whose middle counts.
    inside = np.arange(begin.size) <= np.searchsorted(begin, until_h, side="right")
    wanted = (begin[:, None] == np.array(kept)).any(axis=1)  # `np.isin` of many first loads masked arrays
    begin = begin[inside | wanted]
    values = values_over_time(model, series, begin)
    values |= {name: path(begin) for name, path in (moving or {}).items() if name in model.covariates}
    domain = judge_domain(
        model,
        values,
        answer=answer,
        clearance_entered=patient.entered,
        until_h=patient.ran_h + until_h if answer is Answer.TIME_COURSE else None,
    )
    against = tuple(refused)
    if against:
        domain = Domain(Standing.REFUSAL, (*against, *domain.remarks))
    if patient.not_yet:
        domain = Domain(Standing.REFUSAL, (Remark(REPLACEMENT, Standing.REFUSAL, patient.not_yet), *domain.remarks))
    beside = replaced(patient.case) is Truth.PRESENT or (patient.lately and not patient.kidney.assumed)
    if patient.entered and beside and answer is Answer.TIME_COURSE:
        domain = _beside_machine(model, domain)
    return SetUp(model, begin, values, domain, machines, own_machines, patient.flowing)


def _beside_machine(model: Model, domain: Domain) -> Domain:
    """Return a refusal of a model that would count healthy kidneys beside the machine that replaces them."""
    if knows_kidneys(model) or made_beside_machines(model):
        return domain
    says = "It does not know the kidneys, so that it cannot say what the body clears beside the machine."
    return Domain(Standing.REFUSAL, (Remark(REPLACEMENT, Standing.REFUSAL, says), *domain.remarks))


def few_rows(
    begin_h: NDArray[np.float64], typical: Mapping[str, Array]
) -> tuple[NDArray[np.float64], Array, dict[str, Array]]:
    """Return parameters in as few rows as they have: when each row begins, the row of each stretch, the rows.

    Args:
        begin_h: (stretches,).
        typical: By parameter, (stretches,).
    """
    changed = np.zeros(begin_h.size, dtype=bool)
    for value in typical.values():
        changed[1:] |= value[1:] != value[:-1]
    starts = np.concatenate([[0], np.flatnonzero(changed)])
    return begin_h[starts], np.cumsum(changed), {name: value[starts] for name, value in typical.items()}
