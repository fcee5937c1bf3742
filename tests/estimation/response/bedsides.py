"""Simulated patients with simulated readings: the truth is known, and drawn as the ensemble says."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from inotrope import load_drug
from inotrope.estimation.response.readings import Readings, coordinates
from inotrope.estimation.response.target import Target
from inotrope.population.response import Drawn, Ensemble, ResponseFile, circulation_at, draw, ensemble_of, load_response

HEART_RATE, OUTPUT, MAP, CVP, WEDGE, PULMONARY, LEFT, RIGHT = range(8)
KINETIC_CV = 0.25


@cache
def shipped() -> ResponseFile:
    return load_response(load_drug("milrinone"))


@cache
def ensemble() -> Ensemble:
    return ensemble_of(shipped())


class Simulated(NamedTuple):
    """One patient: who he is, his levels, what is asked, and by how much he misses the model on the drug."""

    truth: Drawn
    levels: np.ndarray
    target: Target
    missed: np.ndarray


def readings(rows: list[tuple[int, int, float]], on_drug: list[bool], *, scale: float = 1.0) -> Readings:
    """Return readings (moment, kind, value), their errors times `scale`."""
    rules = shipped().readings
    moments, kinds, values = np.array(rows).reshape(-1, 3).T if rows else np.empty((3, 0))
    return Readings.of(
        moments=moments.astype(int),
        kinds=kinds.astype(int),
        values=values,
        on_drug=on_drug,
        errors=rules.errors * scale,
        misfits=rules.misfits * scale,
    )


def simulated(
    patient: int,
    *,
    before: tuple[int, ...],
    after: tuple[int, ...],
    levels: tuple[float, ...] = (217.0,),
    draws: int = 500,
) -> Simulated:
    """Return patient k of a fixed seed: readings without the drug at moment 0, and at each level after."""
    rng, truth = np.random.default_rng(patient), draw(ensemble(), patients=[patient], seed=31)
    typical = np.array([0.0, *levels])
    every = typical * np.exp(KINETIC_CV * rng.standard_normal((draws + 1, 1)))
    kinds = [(0, kind) for kind in before] + [(1 + at, kind) for at in range(len(levels)) for kind in after]
    rules, misfit = shipped().readings, rng.standard_normal(8)
    rows = []
    for moment, kind in kinds:
        shown = float(coordinates(circulation_at(truth.patients, every[0, moment]))[kind, 0])
        missed = rules.errors[kind] * rng.standard_normal() + bool(moment) * rules.misfits[kind] * misfit[kind]
        value = np.exp(shown + missed) if kind <= OUTPUT else shown + missed
        if value > 0:  # nobody writes down a wedge pressure below zero
            rows.append((moment, kind, value))
    on_drug = [False] + [True] * len(levels)
    return Simulated(truth, every[0], Target.of(ensemble(), readings(rows, on_drug), every[1:]), rules.misfits * misfit)
