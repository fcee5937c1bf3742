"""The truth of a simulated ward: adults whose kidneys stay, fall, or fall and recover, and what the drug does in them.

Nobody at the bedside sees any of this. Bodies are drawn from the library's population of adults in heart failure,
kinetics and their spread from a model of the library. How kidneys move is section 6 of the project's trial (numerics):
a quarter stable; half fall to 10 to 50 % within 0.5 to 8 h, and a quarter falls so and recovers; they begin to fall
between 0 and 24 h; production of creatinine differs by 20 % from what is expected, the volume that holds it by 12 %,
a creatinine as measured by 4 %. What that section leaves open is as in the test of the kidney walk: a first clearance
of 85 mL/min, 30 % wide, within 35 to 150; 2 to 8 h after the fall it begins to double, every 4 to 12 h, up to 60 to
100 % of the first one.

Levels and creatinine are computed here by their own exact steps on a grid of 5 min, not by the program that is judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inotrope.population import Model, draw_etas, draw_these, individual, load_model, load_population, typical_values

Floats = NDArray[np.float64]
Body = tuple[bool, float, float, float]
"""Female, age in years, kg, cm."""
Etas = dict[str, float]

STABLE, FALLING, RECOVERING = "stable", "falling", "recovering"
KINDS = (STABLE, FALLING, FALLING, RECOVERING)
STEP_H = 1 / 12
FIRST_H, LAST_H = -24.0, 72.0  # the last day is only looked into by who knows everything
MODEL = "milrinone/label_adult"
POPULATION = "adults_in_heart_failure"
FIRST_ML_PER_MIN, FIRST_SD, FIRST_ENDS = 85.0, 0.3, (35.0, 150.0)  # as tests/estimation/kidney_simulation.py
PRODUCTION_SD, VOLUME_SD, CREATININE_SD = 0.2, 0.12, 0.04  # of logarithms: numerics.md, section 6
VOLUME_L_PER_KG = 0.6  # that holds creatinine: numerics.md, section 6
STAGE_D = 2.6  # times slower cleared than the label says: Cox 2013, levels of stage D heart failure above 60 mL/min
ML_PER_MIN = 1000 / 60  # of 1 L/h
MG_PER_L = 10.0  # of 1 mg/dL


@dataclass(frozen=True, eq=False)
class Patient:
    """One patient as he is. Arrays are (steps,), what holds from each grid time on for 5 min."""

    number: int
    kind: str
    female: bool
    age_years: int
    weight_kg: float
    height_cm: int
    grid_h: Floats
    clearance_ml_per_min: Floats  # of creatinine
    creatinine_mg_per_dl: Floats  # at the grid times
    drug_clearance_l_per_h: Floats
    drug_volume_l: float
    creatinine_noise: Floats  # standard normal, for each measurement
    level_noise: Floats
    residual: tuple[float, float]  # a, ng/mL, and b, share: SD = sqrt(a^2 + (b f)^2)

    def levels(self, mcg_per_h: Floats) -> Floats:
        """Return the level at each grid time, ng/mL, of what flows from each grid time on; one compartment, exact."""
        decay, gain = self._steps
        found = np.empty_like(mcg_per_h)
        level = np.zeros(mcg_per_h.shape[:-1])
        for step in range(mcg_per_h.shape[-1]):
            found[..., step] = level
            level = level * decay[step] + mcg_per_h[..., step] * gain[step]
        return found

    def between(self, begin_h: float, end_h: float) -> tuple[float, float]:
        """Return what is left of a level from one hour to another, and what 1 mcg/h adds to it meanwhile, ng/mL."""
        decay, gain = (array[self.at(begin_h) : self.at(end_h)] for array in self._steps)
        later = np.append(np.cumprod(decay[:0:-1])[::-1], 1.0)  # what is left of each step's gain at the end
        return float(np.prod(decay)), float(gain @ later)

    @property
    def _steps(self) -> tuple[Floats, Floats]:
        """Return what is left of a level after a step, and what 1 mcg/h adds to it, ng/mL."""
        decay = np.exp(-self.drug_clearance_l_per_h / self.drug_volume_l * STEP_H)
        return decay, (1 - decay) / self.drug_clearance_l_per_h

    def at(self, hour: float) -> int:
        """Return the place of an hour on the grid."""
        return round((hour - FIRST_H) / STEP_H)

    def measured_creatinine(self, hour: float, number: int) -> float:
        """Return a creatinine as the laboratory reports it, mg/dL."""
        true = self.creatinine_mg_per_dl[self.at(hour)]
        return round(float(true * np.exp(CREATININE_SD * self.creatinine_noise[number])), 2)

    def measured_level(self, level: float, number: int) -> float:
        """Return a level as the laboratory reports it, ng/mL."""
        a, b = self.residual
        return round(max(level + float(np.hypot(a, b * level) * self.level_noise[number]), 0.0), 0)


def draw_patient(number: int, seed: int, *, slower: float = 1.0) -> Patient:
    """Return one patient of a seed, by his number alone.

    Args:
        number: Of the patient, from 0 on.
        seed: Of the random numbers.
        slower: How many times slower the drug is cleared than the model says.
    """
    person = draw_these(load_population(POPULATION), patients=[number], seed=seed)
    model = load_model(MODEL)
    etas = draw_etas(model, patients=[number], seed=seed)
    return _patient(
        model,
        number,
        np.random.default_rng([seed, number]),
        body=(bool(person.female[0]), *(float(person.numbers[name][0]) for name in ("age", "weight", "height"))),
        etas={name: float(value.ravel()[0]) for name, value in etas.items()},
        slower=slower,
    )


def _patient(model: Model, number: int, rng: np.random.Generator, *, body: Body, etas: Etas, slower: float) -> Patient:
    female, age, weight, height = bool(body[0]), int(body[1]), round(float(body[2]), 1), round(float(body[3]))
    kind = KINDS[number % len(KINDS)]
    grid = np.arange(round((LAST_H - FIRST_H) / STEP_H) + 1) * STEP_H + FIRST_H
    # Cockcroft-Gault as production: (140 - age) weight / 72, 15 % less in women, in mL/min x mg/dL.
    usual = (140 - age) * weight / 72 * (0.85 if female else 1.0) / ML_PER_MIN * MG_PER_L
    production = usual * np.exp(PRODUCTION_SD * rng.standard_normal())
    volume = VOLUME_L_PER_KG * weight * np.exp(VOLUME_SD * rng.standard_normal())
    first = np.clip(FIRST_ML_PER_MIN * np.exp(FIRST_SD * rng.standard_normal()), *FIRST_ENDS) / ML_PER_MIN
    clearance = first * np.exp(_course(kind, grid, rng))
    surface = np.sqrt(height * weight / 3600)  # Mosteller, m2
    covariates = {
        "weight": np.array([weight]),
        "age": np.array([float(age)]),
        "creatinine clearance": clearance * ML_PER_MIN * 1.73 / surface,
        "indication": np.array(["acute decompensated heart failure"]),
    }
    own = individual(typical_values(model, covariates), {name: np.array([eta]) for name, eta in etas.items()})
    assert model.residual is not None
    return Patient(
        number=number,
        kind=kind,
        female=female,
        age_years=age,
        weight_kg=weight,
        height_cm=height,
        grid_h=grid,
        clearance_ml_per_min=clearance * ML_PER_MIN,
        creatinine_mg_per_dl=creatinine_course(clearance, production, volume),
        drug_clearance_l_per_h=np.broadcast_to(own["clearance"] / slower, grid.shape).copy(),
        drug_volume_l=float(own["volume"][0]),
        creatinine_noise=rng.standard_normal(20),
        level_noise=rng.standard_normal(20),
        residual=(float(model.residual.a.value.in_unit("ng/mL")), float(model.residual.b.value.in_unit("%")) / 100),
    )


def _course(kind: str, grid_h: Floats, rng: np.random.Generator) -> Floats:
    """Return the logarithm of clearance as a share of the first one: the choices of section 6."""
    onset, lowest, takes = rng.uniform(0, 24), rng.uniform(0.1, 0.5), rng.uniform(0.5, 8)
    turns, doubling, regained = rng.uniform(2, 8), rng.uniform(4, 12), rng.uniform(0.6, 1)
    if kind == STABLE:
        return np.zeros(grid_h.size)
    logs = np.log(lowest) * np.clip((grid_h - onset) / takes, 0, 1)
    if kind == RECOVERING:
        back = np.log(2) / doubling * np.maximum(grid_h - (onset + takes + turns), 0)
        logs = np.minimum(logs + back, np.maximum(logs, np.log(regained)))
    return logs


def creatinine_course(clearance_l_per_h: Floats, production_mg_per_h: float, volume_l: float) -> Floats:
    """Return creatinine at the grid times, mg/dL: V dC/dt = G - CL C from the steady state on, exact on each step."""
    found = np.empty(clearance_l_per_h.size)
    level = production_mg_per_h / clearance_l_per_h[0]
    for step, clearance in enumerate(clearance_l_per_h):
        found[step] = level
        steady = production_mg_per_h / clearance
        level = steady + (level - steady) * np.exp(-clearance / volume_l * STEP_H)
    return found / MG_PER_L
