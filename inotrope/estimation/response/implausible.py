"""Readings that no patient of this kind would show: asked before anything is learned from them.

Knows how far each reading lies from what the ensemble expects, drug and kinetics included, in SDs of patients and
errors together. A slip of a decimal point is caught here, and so is a patient of another kind; of neither may be
learned.
"""

from __future__ import annotations

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.circulation.bedside import NAMES
from inotrope.estimation.normal_tail import log_normal_share
from inotrope.estimation.refusal_texts import refusal
from inotrope.estimation.response.readings import IN_LOGARITHMS, KINDS, UNITS
from inotrope.estimation.response.target import Target
from inotrope.findings import Refusal
from inotrope.population import Stream, standard_normals
from inotrope.population.response import draw

DRAWS = 1000
"""From the prior: an SD is then known to 2 %."""


def distances(target: Target, *, seed: int = 0) -> Array:
    """Return how far each reading lies from what is expected, (readings,), in SDs, with its sign.

    Args:
        target: What is asked.
        seed: Of the random numbers.
    """
    expected, variances = _expected(target, seed)
    spread = np.sqrt(expected.var(axis=1) + variances)
    return np.asarray((target.readings.values - expected.mean(axis=1)) / spread)


def tails(target: Target, *, seed: int = 0) -> Array:
    """Return how often patients of the kind are read so low, and so high, (2, readings), as shares.

    Args:
        target: What is asked, of the kind and not drawn as it was read.
        seed: Of the random numbers.
    """
    expected, variances = _expected(target, seed)
    away = (target.readings.values[:, None] - expected) / np.sqrt(variances)[:, None]
    below = np.exp(log_normal_share(away)).mean(axis=1)
    return np.stack([below, 1 - below])


def _expected(target: Target, seed: int) -> tuple[Array, Array]:
    """Return what patients of the kind show, (readings, patients), and the variance of each reading around them."""
    drawn = draw(target.ensemble, patients=np.arange(DRAWS), seed=seed)
    levels = target.levels[np.arange(DRAWS) % len(target.levels)]
    shown, sound = target.shown(drawn.deviates, drawn.members, levels)
    readings = target.readings
    return shown[readings.moments, readings.kinds][:, sound], (readings.root * readings.root).sum(axis=1)


def judge_hearts(target: Target, *, seed: int = 0) -> Refusal | None:
    """Return why what was read is of no heart of the model; None where it is of one.

    Whoever is drawn as he was read must have a heart. Where many have none, those who are left are not the patient:
    they are the ones whose readings missed in one direction.

    Args:
        target: What is asked, drawn as it was read.
        seed: Of the random numbers.
    """
    numbers = standard_normals(seed, np.arange(DRAWS), len(target.ensemble.farthest), Stream.RESPONSE)
    found = target.ensemble.can_be(numbers, np.arange(DRAWS) % len(target.ensemble.ids))
    most = target.ensemble.file.most_unfilled
    without = 1 - float(found.mean())
    if without * 100 <= float(most.value.in_unit("%")):
        return None
    return refusal("bedside-without-a-heart", [most.source], share=f"{without:.0%}", most=most.value)


def judge_readings(target: Target, *, seed: int = 0) -> tuple[Refusal, ...]:
    """Return a refusal for each reading that no patient of this kind would show.

    Args:
        target: What is asked.
        seed: Of the random numbers.
    """
    if not target.readings.count:
        return ()
    most = target.ensemble.file.readings.implausible
    readings, found = target.readings, []
    for place, away in enumerate(distances(target, seed=seed)):
        if abs(away) <= float(most.value):
            continue
        kind = int(readings.kinds[place])
        value = float(np.exp(readings.values[place]) if kind < IN_LOGARITHMS else readings.values[place])
        found.append(
            refusal(
                "reading-implausible",
                [most.source],
                name=NAMES[KINDS[kind]],
                value=f"{value:.4g} {UNITS[kind]}".strip(),
                sds=f"{abs(away):.1f}",
                side="above" if away > 0 else "below",
                kind=target.ensemble.file.heart.title,
                most=most.value,
            )
        )
    return tuple(found)
