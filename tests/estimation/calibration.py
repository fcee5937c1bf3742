"""Simulation-based calibration: if patients are drawn from a model, the truth lies anywhere in the draws alike.

Of each patient the share of the draws that lie below the truth is taken, for each eta and for the level at a later
hour. Over many patients these shares are uniform if the draws are the posterior. Three tests of that, each over every
quantity: how often the 90 % interval holds the truth, whether the shares are uniform (Kolmogorov and Smirnov), and how
far they lie from the middle, the surest test of a spread that is wrong.

Source: Talts and others 2018, Validating Bayesian inference algorithms with simulation-based calibration,
arXiv:1804.06788; Cook, Gelman and Rubin 2006, J Comput Graph Stat 15:675.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.stats import kstest

from inotrope.estimation import Mode, Posterior, judge_levels, judge_mode, judge_posterior, sample_posterior
from inotrope.estimation.even_draws import even_posterior
from inotrope.estimation.many.grouped import modes_in_numpy
from inotrope.estimation.many.subjects import Question
from tests.estimation.calibration_design import Design, Patient, Wrong

PATIENTS, DRAWS, STARTS = 5000, 4000, 8
"""Draws and starts are those of a fit."""
TOGETHER = 1000
"""Patients whose modes are searched for in one go."""
INTERVAL = 0.90

# The limits, and the seeds of the designs, were written down before the first run of 5,000 patients. A right posterior
# breaks one of the first three by chance in one of 4,000 quantities; some 40 are looked at, so that one such run in a
# hundred would fail.
FARTHEST_COVERAGE = 4.0
"""Standard errors from 90 %: with 5,000 patients 0.883 to 0.917. A refusal counts as a miss."""
LEAST_P = 1e-4
"""Of the test of Kolmogorov and Smirnov, over the patients that were not refused."""
LARGEST_SPREAD = 4.0
"""The size of z of (2u - 1)^2 with u the share below the truth, mean 1/3 and variance 4/45, over the same patients."""
MOST_REFUSED = 0.005
"""Share of the patients; fewer than this."""

LEVEL = "level later"


@dataclass(frozen=True)
class Ranks:
    """What became of the patients of one design.

    Attributes:
        quantities: Names of the etas and of the level.
        shares: (patients that were not refused, quantities): of the draws that lie below the truth.
        refused: By the words of a refusal, how many patients.
        tempered: How many were answered by degrees from the prior.
    """

    quantities: tuple[str, ...]
    shares: np.ndarray
    refused: dict[str, int]
    tempered: int

    @property
    def patients(self) -> int:
        return len(self.shares) + sum(self.refused.values())


@dataclass(frozen=True)
class Figures:
    """One quantity: share of the truths within the 90 % interval, p of the ranks, z of the spread."""

    quantity: str
    coverage: float
    p: float
    z: float


def rank(design: Design, numbers: range, wrong: Wrong = Wrong.NOTHING, *, evenly: bool = False) -> Ranks:
    """Return what became of some patients of a design, each asked as `asked` says."""
    shares, refused, tempered, names = [], dict[str, int](), 0, ("",)
    for one, mode in with_modes(design, numbers, wrong):
        names = (*one.problem.names, LEVEL)
        posterior, no = asked(one, mode, evenly=evenly)
        if no:
            refused[no] = refused.get(no, 0) + 1
            continue
        assert posterior is not None
        tempered += posterior.method == "tempered"
        shares.append(below_truth(one, posterior.etas))
    return Ranks(names, np.array(shares).reshape(-1, len(names)), refused, tempered)


def with_modes(design: Design, numbers: range, wrong: Wrong) -> Iterator[tuple[Patient, Mode]]:
    """Yield patients with their modes, which are searched for many at once: the same as those found one by one."""
    for first in range(0, len(numbers), TOGETHER):
        patients = list(design.patients(numbers[first : first + TOGETHER], wrong))
        subjects = [one.subject for one in patients]
        modes = dict[int, Mode]()
        question = Question.of(design.model, subjects, design.error)
        for few, found in modes_in_numpy(question, subjects, starts=STARTS, seed=0):
            modes |= {place: _alone(found, row) for row, place in enumerate(few)}
        yield from ((one, modes[place]) for place, one in enumerate(patients))


def _alone(found: Mode, row: int) -> Mode:
    """Return one patient's mode of many."""
    columns = {field.name: getattr(found, field.name) for field in fields(Mode)}
    several = ("minima", "rises")
    return Mode(**{name: own[:, row] if name in several else own[row] for name, own in columns.items()})


def asked(one: Patient, mode: Mode, *, evenly: bool = False) -> tuple[Posterior | None, str]:
    """Return a patient's posterior, or which refusal stands in its place, in the order in which a fit asks.

    With `evenly` the draws are those that a search for a dose takes in place of weighted ones.
    """
    problem = one.problem
    for far in judge_levels(problem):
        return None, far.id
    no = judge_mode(problem, mode)
    if no is None:
        posterior = sample_posterior(problem, mode, draws=DRAWS, seed=one.number)
        no = judge_posterior(posterior)
    if no is not None:
        return None, no.id
    if evenly and posterior.method == "importance":
        etas = even_posterior(problem, mode, draws=DRAWS, seed=one.number).etas
        return replace(posterior, etas=etas), ""
    return posterior, ""


def below_truth(one: Patient, etas: np.ndarray) -> np.ndarray:
    """Return the share of the draws that lie below the truth, for each eta and the level later, (k + 1,)."""
    drawn = np.concatenate([etas, one.later.predict(etas)], axis=-1)
    return (drawn < np.append(one.etas, one.later_level)).mean(axis=0)


def figures(ranks: Ranks) -> list[Figures]:
    """Return the three tests of each quantity."""
    edge, shares = (1 - INTERVAL) / 2, ranks.shares
    covered = ((shares >= edge) & (shares <= 1 - edge)).sum(axis=0) / ranks.patients
    apart = ((2 * shares - 1) ** 2).mean(axis=0) - 1 / 3
    z = apart / math.sqrt(4 / (45 * len(shares)))
    return [
        Figures(name, float(covered[place]), float(kstest(shares[:, place], "uniform").pvalue), float(z[place]))
        for place, name in enumerate(ranks.quantities)
    ]


def broken(ranks: Ranks) -> Iterator[str]:
    """Yield in words which limits of coverage, rank and spread are broken."""
    width = FARTHEST_COVERAGE * math.sqrt(INTERVAL * (1 - INTERVAL) / ranks.patients)
    for one in figures(ranks):
        if abs(one.coverage - INTERVAL) > width:
            yield f"{one.quantity}: the 90 % interval holds {one.coverage:.3f}, allowed {INTERVAL} -+ {width:.3f}"
        if one.p < LEAST_P:
            yield f"{one.quantity}: ranks are not uniform, p {one.p:.1g} (allowed {LEAST_P:g})"
        if abs(one.z) > LARGEST_SPREAD:
            yield f"{one.quantity}: spread z {one.z:.1f} (allowed {LARGEST_SPREAD:g})"


def too_many_refused(ranks: Ranks) -> bool:
    return sum(ranks.refused.values()) >= MOST_REFUSED * ranks.patients
