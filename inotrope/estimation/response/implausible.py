"""Readings that no patient of this kind would show: asked before anything is learned from them.

Knows how far each reading lies from what the ensemble expects, drug and kinetics included, in SDs of patients and
errors together. A slip of a decimal point is caught here, and so is a patient of another kind; of neither may be
learned.
"""

from __future__ import annotations

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.circulation.bedside import NAMES
from inotrope.estimation.refusal_texts import refusal
from inotrope.estimation.response.readings import IN_LOGARITHMS, KINDS
from inotrope.estimation.response.target import Target
from inotrope.findings import Refusal
from inotrope.population.response import draw

DRAWS = 1000
"""From the prior: an SD is then known to 2 %."""
_SHOWN = ("/min", "L/min", "mmHg", "mmHg", "mmHg", "mmHg", "", "")


def distances(target: Target, *, seed: int = 0) -> Array:
    """Return how far each reading lies from what is expected, (readings,), in SDs, with its sign.

    Args:
        target: What is asked.
        seed: Of the random numbers.
    """
    drawn = draw(target.ensemble, patients=np.arange(DRAWS), seed=seed)
    levels = target.levels[np.arange(DRAWS) % len(target.levels)]
    shown, sound = target.shown(drawn.deviates, drawn.members, levels)
    readings = target.readings
    expected = shown[readings.moments, readings.kinds][:, sound]
    errors = (readings.root * readings.root).sum(axis=1)
    return np.asarray((readings.values - expected.mean(axis=1)) / np.sqrt(expected.var(axis=1) + errors))


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
                value=f"{value:.4g} {_SHOWN[kind]}".strip(),
                sds=f"{abs(away):.1f}",
                side="above" if away > 0 else "below",
                kind=target.ensemble.file.heart.title,
                most=most.value,
            )
        )
    return tuple(found)
