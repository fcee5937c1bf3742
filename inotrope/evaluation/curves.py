"""The curves of a few subjects: each with his own deviations beside the typical patient of his doses and covariates.

Knows which subjects are shown, from the one that is described best to the one that is described worst, so that no good
picture is picked; and that a curve is asked for at every turn of what flows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inotrope.evaluation.levels import Deviating
from inotrope.evaluation.record import Floats, Ints, TableFit
from inotrope.evaluation.simulated import levels_at

MOST = 6
_POINTS = 181
"""Even points of a curve; more lie closer than a pixel of a small figure."""


@dataclass(frozen=True, slots=True, eq=False)
class SubjectCurve:
    """One subject.

    Attributes:
        subject: His place in `TableFit.ids`.
        rms: The root of the mean square of his weighted residuals: how many SDs of a measurement he lies off.
        time_h: (times,) h, in order; two of one time where the level jumps.
        typical_ng_per_ml: (times,) ng/mL, of the typical patient with his doses and covariates.
        own_ng_per_ml: (times,) ng/mL, with his most probable deviations.
        level: The places of his levels in `TableFit.rows`.
    """

    subject: int
    rms: float
    time_h: Floats
    typical_ng_per_ml: Floats
    own_ng_per_ml: Floats
    level: Ints


def some_curves(fit: TableFit, *, most: int = MOST) -> tuple[SubjectCurve, ...]:
    """Return the curves of some subjects, evenly chosen between the best described and the worst described.

    Subjects without a level above quantification, and those whose search failed, are not among them.
    """
    weighted, count = fit.rows.weighted, len(fit.ids)
    seen = np.isfinite(weighted)
    squares = np.bincount(fit.rows.subject[seen], weights=weighted[seen] ** 2, minlength=count)
    levels = np.bincount(fit.rows.subject[seen], minlength=count)
    shown = np.flatnonzero(fit.modes.converged & (levels > 0))
    rms = np.sqrt(squares[shown] / levels[shown])
    order = np.argsort(rms, kind="stable")
    chosen = np.unique(np.linspace(0, shown.size - 1, min(most, shown.size)).round().astype(np.int64))
    return tuple(_curve(fit, float(rms[place]), int(shown[place])) for place in order[chosen])


def _curve(fit: TableFit, rms: float, subject: int) -> SubjectCurve:
    level = np.flatnonzero(fit.rows.subject == subject)
    begin = fit.subjects[subject].timeline.begin_h
    seen = fit.rows.time_h[level]
    first, last = min(begin[0], seen.min()), seen.max()
    last += 0.04 * (last - first) or 1.0  # h; one level with the first dose has no length of its own
    turns = begin[(begin > first) & (begin < last)]
    times = np.sort(np.concatenate([np.linspace(first, last, _POINTS), turns, np.nextafter(turns, -np.inf)]))
    etas = fit.modes.etas[subject]
    deviating, own = Deviating(fit.model, fit.occasions), fit.subjects[subject]
    both = levels_at(deviating, own, subject, etas=np.stack([np.zeros_like(etas), etas]), time_h=times)
    return SubjectCurve(subject, rms, times, both[0], both[1], level)
