"""Patients to foresee: simulated ones who were learned, and one made of given deviates."""

from __future__ import annotations

import numpy as np

from inotrope.circulation import UNCHANGED
from inotrope.circulation.arrays import Array
from inotrope.estimation.response import learn
from inotrope.forecast.circulation import Person
from inotrope.population.response import NAMES
from tests.estimation.response.bedsides import HEART_RATE, MAP, OUTPUT, ensemble, simulated

READ = (HEART_RATE, OUTPUT, MAP)


def learned(
    *, before: tuple[int, ...] = READ, after: tuple[int, ...] = (), draws: int = 400, seed: int = 2, patient: int = 3
) -> Person:
    """Return a patient with 500 kinetic draws who was learned from some readings."""
    target = simulated(patient, before=before, after=after).target
    return Person.learned(learn(target, draws=draws, seed=seed), target)


def typical(member: str, *, count: int = 1) -> Person:
    """Return the typical patient of one member, so many times over, with one kinetic draw."""
    one = ensemble()
    deviates, members = np.zeros((count, len(NAMES))), np.full(count, one.ids.index(member))
    patients = one.patients(deviates, members)
    return Person(one, deviates, members, patients, np.zeros(count, dtype=np.int64), 1, UNCHANGED, told=False)


def levels(person: Person, *each: float, spread: float = 0.0) -> Array:
    """Return one level for each time, (kinetic draws, times), each draw by its own factor."""
    factors = np.exp(spread * np.random.default_rng(9).standard_normal(person.of))
    return factors[:, None] * np.array(each)
