"""Virtual patients: drawn from a population, each by its index alone, and handed to a model as covariates.

Knows how deviates become people: sex by its share, traits by correlated deviates, and whoever falls outside a limit is
drawn anew with the next set of his own numbers. So patient k of a seed is the same alone and among a million.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import RequestError
from inotrope.population.forms import Array
from inotrope.population.model import Model
from inotrope.population.over_time import Series
from inotrope.population.virtual.body import derived
from inotrope.population.virtual.normal import Floats, correlated, normal_of_share
from inotrope.population.virtual.people import DERIVED, SEXES, UNITS, Population, between
from inotrope.population.virtual.randoms import Stream, prove_patients, standard_normals, whole
from inotrope.units.registry import conversion

_TURNS = 200
"""How often a patient is drawn anew before the population is said to hold nobody."""
_BLOCK = 2**15
"""Patients at a time: their numbers stay near the cache. No answer depends on it."""
_GROWING = ("age", "postnatal age", "postmenstrual age")
_SPAN_H = 24.0 * 366
"""h. How far after time 0 an age is written down: it grows on a straight line with the clock."""


@dataclass(frozen=True)
class VirtualPatients:
    """Patients at time 0.

    Attributes:
        population: Whom they were drawn from.
        seed: Of their random numbers.
        patients: (patients,), their indices.
        female: (patients,), whether a woman or girl.
        numbers: By covariate (patients,), in the units of `units`; what the population does not know is absent.
    """

    population: Population
    seed: int
    patients: NDArray[np.int64]
    female: NDArray[np.bool_]
    numbers: Mapping[str, Floats]

    @property
    def units(self) -> dict[str, str]:
        """The unit of each of `numbers`."""
        return {name: {**UNITS, **DERIVED}[name] for name in self.numbers}

    @property
    def sex(self) -> NDArray[np.str_]:
        """(patients,), `female` or `male`."""
        return np.where(self.female, *SEXES)

    def covariates(self, model: Model) -> dict[str, Array]:
        """Return what a model asks for and the population knows, in the model's units.

        Returns:
            By covariate (patients, 1), for `typical_values`, which names what is missing; a word that holds for all of
            them as (1, 1).
        """
        return {
            name: series.in_unit_of(model.covariates[name])[..., :1]
            for name, series in self.series().items()
            if name in model.covariates
        }

    def series(self) -> dict[str, Series]:
        """Return everything that is known of them over time, for `values_over_time`: ages grow, the rest holds."""
        found = {}
        for name, value in self.numbers.items():
            unit = self.units[name]
            if name in _GROWING:
                up, down = conversion("h", unit)
                later = value + _SPAN_H * (float(up) / float(down))
                found[name] = Series.of(np.stack([value, later], axis=-1), unit=unit, time_h=[0.0, _SPAN_H])
            else:
                found[name] = Series.of(value[:, None], unit=unit)
        found["sex"] = Series.of(self.sex[:, None])
        for name, word in self.population.holds.items():
            found[name] = Series.of(np.array([[word]]))
        return found


def draw_patients(population: Population, *, count: int, seed: int, first: int = 0) -> VirtualPatients:
    """Return patients `first` to `first + count - 1` of a seed; see `draw_these`.

    Raises:
        RequestError: A count, seed or first index that is no whole number of 0 or more.
    """
    start = whole("first index", first)
    return draw_these(population, patients=np.arange(start, start + whole("count of patients", count)), seed=seed)


def draw_in_blocks(
    population: Population, *, count: int, seed: int, block: int, first: int = 0
) -> Iterator[VirtualPatients]:
    """Yield patients block by block, for whom memory does not hold all; they are those of `draw_patients`.

    Raises:
        RequestError: As there; or a block of nobody.
    """
    if whole("block", block) == 0:
        raise RequestError("A block of 0 patients never ends. Write 1 or more.", value="0")
    end = whole("first index", first) + whole("count of patients", count)
    for start in range(first, end, block):
        yield draw_patients(population, count=min(block, end - start), seed=seed, first=start)


def draw_these(population: Population, *, patients: ArrayLike, seed: int) -> VirtualPatients:
    """Return the patients with these indices.

    Each is a function of population, seed and index alone. Sex keeps its share exactly; the traits have the stated
    correlated distributions within their limits: who falls outside one is drawn anew as a whole.

    Args:
        population: Whom to draw from.
        patients: Indices, 0 or more, in any order.
        seed: 0 or more.

    Raises:
        RequestError: A seed or index that is none; or limits that hold almost nobody.
    """
    indices = prove_patients(patients)
    parts = [
        _drawn(population, indices[begin : begin + _BLOCK], seed) for begin in range(0, max(indices.size, 1), _BLOCK)
    ]
    numbers = {name: np.concatenate([part[name] for _, part in parts]) for name in parts[0][1]}
    return VirtualPatients(population, seed, indices, np.concatenate([female for female, _ in parts]), numbers)


def _drawn(
    population: Population, indices: NDArray[np.int64], seed: int
) -> tuple[NDArray[np.bool_], dict[str, Floats]]:
    """Return sex and numbers of some patients."""
    share = float(population.female.value.in_unit("%")) / 100
    edge = normal_of_share(share)
    female = np.empty(indices.size, np.bool_)
    numbers: dict[str, Floats] = {}
    left = np.arange(indices.size)
    for turn in range(_TURNS):
        deviates = standard_normals(seed, indices[left], 1 + len(population.traits), Stream.PERSON, turn=turn)
        if turn == 0:
            female[:] = deviates[:, 0] < edge
        with np.errstate(all="ignore"):  # what cannot be computed lies outside, as a comparison with NaN is false
            drawn, inside = _people(population, correlated(population.correlation, deviates[:, 1:]), female[left])
        for name, values in drawn.items():
            numbers.setdefault(name, np.empty(indices.size))[left] = values
        left = left[~inside]
        if left.size == 0:
            return female, numbers
    raise RequestError(
        f"Of population {population.name}, a patient lay outside its limits {_TURNS} times. Widen the limits, or move "
        "the centers into them."
    )


def _people(
    population: Population, deviates: tuple[Floats, ...], female: NDArray[np.bool_]
) -> tuple[dict[str, Floats], NDArray[np.bool_]]:
    """Return traits and what follows from them, and who lies inside every limit."""
    inside = np.full(female.shape, True)
    found: dict[str, Floats] = {}
    for own, trait in zip(deviates, population.traits.values(), strict=True):
        found[trait.name] = trait.values(own, female=female, age_years=found.get("age"))
        inside &= trait.inside(found[trait.name], age_years=found["age"])
    found |= derived(found, female=female)
    bound = population.clearance
    if bound is not None:
        inside &= between(found["creatinine clearance"], bound.lowest, bound.highest, DERIVED["creatinine clearance"])
    return found, inside
