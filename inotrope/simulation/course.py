"""The course of levels under doses: of one person, of draws around one person, or of virtual patients.

Knows the order: what the model lacks, covariates, domain, parameters, levels. What a model lacks, or whom it refuses,
ends before any number is computed; a covariate that it needs and nobody gave is an error that names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import RequestError
from inotrope.forecast.predicting import OWN_MACHINES
from inotrope.kinetics import Parameters
from inotrope.population import (
    Answer,
    Domain,
    ExtracorporealClearance,
    Model,
    Population,
    Remark,
    Series,
    Standing,
    boundaries,
    disposition,
    draw_in_blocks,
    draw_individuals,
    judge_domain,
    made_beside_machines,
    spreads,
    standings,
    typical_values,
    values_over_time,
    with_machines,
)
from inotrope.population.effects import WEIGHT
from inotrope.population.forms import Array
from inotrope.population.typical import prove_values
from inotrope.simulation.answer import About, Floats, Simulation, factor, many
from inotrope.simulation.between import Source
from inotrope.simulation.given import Given
from inotrope.simulation.levels import Patients, Told, amounts_of, levels_of, machine_code, quantiles_of, slow
from inotrope.simulation.measured import measured, measured_quantiles, residual_of, says_measured

LONGEST_STEP_H = 6.0
"""h. How long a covariate that grows with the clock, such as an age in weeks, is taken as constant."""
MOST_LEVELS = 250_000_000
"""Levels that are held at once: 2 GB."""
MOST_PATIENTS = 10_000_000
_BLOCK = 65_536
"""Virtual patients in one go; no answer depends on it."""
NO_SPREAD = "The publication does not say how patients differ: they differ by their covariates alone."
NO_SPREAD_DRAWS = "The publication does not say how patients differ: every draw is the typical patient, measured anew."
NO_OCCASIONS = (
    "Not drawn: how a patient differs from himself from one occasion to the next. A table names its occasions: "
    "--column OCC=occasion."
)
NO_ERROR = "Levels are those in the blood; the error of a measurement is not drawn."
ORDER = tuple(Standing)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a model.

    Attributes:
        words: What is given, in words.
        patient: To whom, in words.
        given: What flows.
        times_h: (times,), in order.
        ran_h: For how long it has run at 0 h.
        count: How many patients are drawn; None for the typical one.
        seed: Of the random numbers; None where nothing is drawn.
        amounts: Whether the amounts in every compartment are wanted.
        shares: Quantiles in place of curves, as shares.
        threads: For the machine code.
        told: Is told how much is done.
        machines: Clearances of the drug by machines, as entered.
        entered: Whether that is all that machines clear.
        residual: Whether the error of a measurement is drawn.
    """

    words: str
    patient: str
    given: Given
    times_h: Floats
    ran_h: float
    count: int | None
    seed: int | None
    amounts: bool
    shares: tuple[float, ...]
    threads: int
    told: Told
    machines: tuple[ExtracorporealClearance, ...] = ()
    entered: bool = False
    residual: bool = False

    def __post_init__(self) -> None:
        """Prove that the answer can be held."""
        if self.levels * (1 + 3 * self.amounts + self.residual) > MOST_LEVELS and not self.shares:
            raise RequestError(
                f"{many(self.count or 1, 'patient')} at {many(self.times_h.size, 'time')} are {self.levels:,} levels, "
                "more than are held at once. Ask for quantiles, or for fewer times.",
                value=f"{self.levels:,}",
                accepted=f"at most {MOST_LEVELS:,}",
            )

    @property
    def levels(self) -> int:
        """How many levels are asked for."""
        return (self.count or 1) * self.times_h.size


def of_person(
    model: Model,
    asked: Asked,
    series: Mapping[str, Series],
    says: tuple[str, ...],
    *,
    lacks: RequestError | None = None,
) -> Simulation:
    """Return the levels of one person, or of draws around him.

    Args:
        model: Whose parameters.
        asked: What.
        series: What is known of him over time.
        says: How that was read.
        lacks: What is raised where the model does not refuse: why something that it needs is not known.

    Raises:
        RequestError: A covariate is missing, or the regimen is per kg and the weight is; a parameter comes to zero or
            below; draws are asked for and the publication does not say how patients differ.
    """
    if asked.residual:
        residual_of(model)
    empty = nothing(model, asked, (*says, *_said(model, asked)))
    lacking = model.lacking(Answer.TIME_COURSE)
    if lacking:
        return refused(empty, f"Model {model.name} gives no course over time. It lacks {'; '.join(lacking)}.")
    begin = _begin(model, asked, series)
    values = values_over_time(model, series, begin)
    domain = _domain(model, asked, values)
    beyond = _beyond(model, domain)
    if beyond:
        return refused(replace(empty, remarks=domain.remarks), beyond)
    if lacks is not None:
        raise lacks
    prove_values(model, model.needs, values)
    empty = replace(empty, standing=domain.standing, remarks=domain.remarks)
    with np.errstate(all="ignore"):  # what comes to no number is an error below, and no warning
        typical = {name: np.broadcast_to(value, begin.shape) for name, value in typical_values(model, values).items()}
    drawn: Mapping[str, Array] = {name: value[None] for name, value in typical.items()}
    if asked.count is not None:
        assert asked.seed is not None  # `making` demands it
        if spreads(model) or not asked.residual:
            drawn = draw_individuals(model, typical, patients=np.arange(asked.count), seed=asked.seed)
        else:
            empty = replace(empty, says=(*empty.says, NO_SPREAD_DRAWS))
        drawn = {name: np.broadcast_to(value, (asked.count, begin.size)) for name, value in drawn.items()}
        empty = replace(empty, says=(*empty.says, *not_drawn(model, error=asked.residual)))
    parameters = disposition(model, with_machines(drawn, begin, machines_beside(model, asked)))
    weight = _weight(asked, series, parameters.batch[0])
    return _levels(model, empty, asked, begin, Patients(weight, parameters))


def of_population(model: Model, asked: Asked, population: Population) -> Simulation:
    """Return the levels of virtual patients, each with his own covariates and deviations.

    Raises:
        RequestError: The model needs a covariate that the population does not know, or the regimen is per kg and no
            weight is known.
    """
    assert asked.count is not None  # `making` demands both
    assert asked.seed is not None
    if asked.residual:
        residual_of(model)
    unknown = tuple("Not known of the population: " + text for text in population.unknown)
    empty = nothing(model, asked, (*unknown, *_said(model, asked)))
    lacking = model.lacking(Answer.TIME_COURSE)
    if lacking:
        return refused(empty, f"Model {model.name} gives no course over time. It lacks {'; '.join(lacking)}.")
    parts, weights, codes = [], [], []
    worst = Domain(Standing.INSIDE, ())
    for drawn in draw_in_blocks(population, count=asked.count, seed=asked.seed, block=_BLOCK):
        series = drawn.series()
        begin = _begin(model, asked, series)
        values = values_over_time(model, series, begin)
        domain = _domain(model, asked, values)
        worst = joined(worst, domain)
        beyond = _beyond(model, domain)
        if beyond:
            return refused(replace(empty, remarks=domain.remarks), f"Not for everybody of {population.name}: {beyond}")
        prove_values(model, model.needs, values)
        typical = typical_values(model, values)
        codes.append(np.broadcast_to(standings(model, values), drawn.patients.shape))
        own = draw_individuals(model, typical, patients=drawn.patients, seed=asked.seed) if spreads(model) else typical
        shape = (drawn.patients.size, begin.size)
        whole = {name: np.broadcast_to(value, shape) for name, value in own.items()}
        parts.append(disposition(model, with_machines(whole, begin, machines_beside(model, asked))))
        weights.append(_weight(asked, series, drawn.patients.size))
    counted_says = counted(np.concatenate(codes), "patient")
    says = (
        *empty.says,
        *counted_says,
        *not_drawn(model, error=asked.residual),
        *(() if spreads(model) else (NO_SPREAD,)),
    )
    empty = replace(empty, standing=worst.standing, remarks=worst.remarks, says=says)
    named = {name: np.concatenate([part.named()[name] for part in parts]) for name in parts[0].named()}
    return _levels(model, empty, asked, begin, Patients(np.concatenate(weights), Parameters(**named)))


def refused(empty: Simulation, says: str) -> Simulation:
    """Return an answer that refuses."""
    return replace(empty, standing=Standing.REFUSAL, refused=says)


def refusal_of(domain: Domain) -> str:
    """Return why a model refuses, in words."""
    return " ".join(remark.says for remark in domain.remarks if remark.standing is Standing.REFUSAL)


def _beyond(model: Model, domain: Domain) -> str:
    """Return why a model refuses somebody whatever else becomes known of him; empty where it does not.

    A covariate that it needs and nobody gave is an error, which names it, and no refusal.
    """
    refusing = (remark for remark in domain.remarks if remark.standing is Standing.REFUSAL)
    return " ".join(remark.says for remark in refusing if not remark.says.startswith(f"It needs {remark.of},"))


def nothing(model: Model, asked: Asked, says: tuple[str, ...] = ()) -> Simulation:
    """Return what is told of the model and of what was asked, in any case."""
    return Simulation(
        about=About.of(model),
        given=asked.words,
        patient=asked.patient,
        standing=Standing.INSIDE,
        remarks=(),
        says=says,
        seed=asked.seed,
    )


def _begin(model: Model, asked: Asked, series: Mapping[str, Series]) -> Floats:
    """Return when each stretch of constant rate and covariates begins."""
    until = float(asked.times_h[-1]) if asked.times_h.size else 0.0
    dated = _dated(asked)
    begin = boundaries(model, series, dated, longest_step_h=LONGEST_STEP_H)
    # The first one after the last time stays too: it ends the stretch that is read last, whose middle counts.
    kept = np.arange(begin.size) <= np.searchsorted(begin, until, side="right")
    return begin[kept | np.isin(begin, dated)]


def _dated(asked: Asked) -> Floats:
    """Return when something that flows, or a machine, begins or ends."""
    changes = asked.given.changes
    return np.array([*changes, *(time for machine in asked.machines for time in machine.times_h if time > changes[0])])


def machines_beside(model: Model, asked: Asked) -> tuple[ExtracorporealClearance, ...]:
    """Return the machines to add: none to a model whose patients were on one themselves."""
    return () if made_beside_machines(model) else asked.machines


def _said(model: Model, asked: Asked) -> tuple[str, ...]:
    if asked.machines and made_beside_machines(model):
        return (OWN_MACHINES,)
    return tuple(machine.says for machine in asked.machines)


def _domain(model: Model, asked: Asked, values: Mapping[str, Array]) -> Domain:
    until = float(asked.times_h[-1]) if asked.times_h.size else 0.0
    return judge_domain(
        model, values, answer=Answer.TIME_COURSE, clearance_entered=asked.entered, until_h=asked.ran_h + until
    )


def _weight(asked: Asked, series: Mapping[str, Series], count: int) -> Floats:
    """Return the weight that doses, (patients,) kg; 0 where nothing flows per kg and nobody is weighed."""
    if WEIGHT in series:
        own = series[WEIGHT]
        return np.broadcast_to(own.value[..., 0] * factor(own.unit, "kg"), (count,))
    if asked.given.per_kg:
        raise RequestError(
            "The regimen is per kg, and no weight is known. Give the weight, such as '70 kg'.",
            accepted="weight, such as '70 kg'",
        )
    return np.zeros(count)


def counted(codes: NDArray[np.int64], whom: str) -> tuple[str, ...]:
    """Say how many of them stand where; nothing where all of them were studied."""
    counts = np.bincount(codes, minlength=len(ORDER))
    if counts[0] == codes.size:
        return ()
    words = ("studied", "of whom something is not known", "beyond those who were studied", "refused")
    listed = ", ".join(f"{count:,} {word}" for count, word in zip(counts, words, strict=True) if count)
    return (f"Of {many(codes.size, whom)}: {listed}.",)


def joined(first: Domain, second: Domain) -> Domain:
    """Return where all of them stand: the worst of each limit, in the words of who came first."""
    worst: dict[str, Remark] = {}
    for remark in (*first.remarks, *second.remarks):
        before = worst.get(remark.of)
        if before is None or ORDER.index(remark.standing) > ORDER.index(before.standing):
            worst[remark.of] = remark
    remarks = tuple(sorted(worst.values(), key=lambda remark: -ORDER.index(remark.standing)))
    return Domain(max(first.standing, second.standing, key=ORDER.index), remarks)


def not_drawn(model: Model, *, error: bool = False, occasions: bool = False) -> tuple[str, ...]:
    """Say what draws leave out.

    Args:
        model: Whose.
        error: Whether the error of a measurement is drawn.
        occasions: Whether the deviations of occasions are drawn.
    """
    found = [] if occasions or not model.variability.between_occasions else [NO_OCCASIONS]
    return (*found, *(() if error else (NO_ERROR,)))


def _levels(model: Model, empty: Simulation, asked: Asked, begin: Floats, patients: Patients) -> Simulation:
    """Return the answer with its arrays."""
    patients, row = _few_rows(patients)
    doses = asked.given.doses(begin, np.arange(begin.size) if row else 0)
    times = asked.times_h
    size = asked.levels
    shown = model.residual if asked.residual else None
    source = Source(doses, patients, _dated(asked), asked.threads, shown, asked.seed or 0)
    empty = replace(empty, source=source)
    if asked.shares and asked.residual:
        assert asked.seed is not None  # `making` demands it
        own, fast = residual_of(model), machine_code(size)
        found, low = measured_quantiles(
            own,
            times,
            asked.shares,
            lambda few: levels_of(doses, patients, few, threads=asked.threads, told=asked.told, fast=fast),
            patients=patients.count,
            seed=asked.seed,
        )
        empty = replace(empty, says=(*empty.says, says_measured(own, low, size)), of_measured=True)
        return replace(empty, time_h=times, shares=asked.shares, quantiles_ng_per_ml=found, says=_slow(empty, size))
    if asked.shares:
        found = quantiles_of(doses, patients, times, asked.shares, threads=asked.threads, told=asked.told)
        return replace(empty, time_h=times, shares=asked.shares, quantiles_ng_per_ml=found, says=_slow(empty, size))
    levels = levels_of(doses, patients, times, threads=asked.threads, told=asked.told)
    drawn = None
    if asked.residual:
        assert asked.seed is not None  # `making` demands it
        own = residual_of(model)
        drawn, low = measured(own, levels, seed=asked.seed)
        empty = replace(empty, says=(*empty.says, says_measured(own, low, size)))
    amounts = amounts_of(doses, patients, times) if asked.amounts else None
    one = asked.count is None
    return replace(
        empty,
        says=_slow(empty, size),
        identity=None if one else np.arange(patients.count),
        time_h=times,
        concentration_ng_per_ml=levels[0] if one else levels,
        measured_ng_per_ml=drawn,
        amounts_mcg=amounts[0] if one and amounts is not None else amounts,
    )


def _few_rows(patients: Patients) -> tuple[Patients, bool]:
    """Return them with one row of parameters where nothing changes in time, and whether something does."""
    named = patients.parameters.named()
    if any((array != array[:, :1]).any() for array in named.values()):
        return patients, True
    return replace(patients, parameters=Parameters(**{name: array[:, :1] for name, array in named.items()})), False


def _slow(empty: Simulation, levels: int) -> tuple[str, ...]:
    told = "Computed with NumPy alone; pip install 'inotrope[population]' makes it several times faster."
    return (*empty.says, told) if slow(levels) else empty.says
