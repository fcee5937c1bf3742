"""How well later levels are foreseen: each subject fitted to his first levels alone, and all later ones predicted.

Knows the errors and intervals of those predictions, by how many levels were known; with none known it is the typical
patient who foresees. A level below quantification is known as such, but as a later one it is not counted: it has no
value to be wrong about.

Source: Sheiner and Beal 1981, J Pharmacokinet Biopharm 9:503: bias and precision; within 20 % and 30 % as the field
counts them, median and 90 % interval beside the means, which one wild level moves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import lru_cache

import numpy as np

from inotrope.estimation import Levels
from inotrope.estimation.even_draws import even_words
from inotrope.estimation.many import Modes, Subject
from inotrope.evaluation.levels import Deviating
from inotrope.evaluation.record import Bools, Floats, Foresight, Ints, LaterRows, Prospective, TableFit
from inotrope.evaluation.searching import searched
from inotrope.evaluation.simulated import levels_at
from inotrope.evaluation.tables.reading import Told
from inotrope.population.virtual.normal import normal_of_words

DRAWS = 400
"""Of each subject's deviations and errors of measurement, evenly spread, for one interval."""
_ENDS = (0.05, 0.95)
LAPLACE = (
    "Intervals are of 90 %: deviations spread around the most probable ones by their covariance, and the error of a "
    "measurement around each level."
)
COUNTED = (
    "Levels below quantification, measured as 0, or measured before any dose are known where they come first, and not "
    "counted where later."
)
CENSORED = (
    "Of levels near the limit of quantification the lower ones are not counted: by a right model too the errors then "
    "lie below 0, and fewer than 90 % inside the interval."
)


def foresee(
    fit: TableFit, *, starts: int = 8, draws: int = DRAWS, threads: int = 1, told: Told | None = None
) -> Prospective:
    """Return how well each subject's later levels are foreseen from none, one, two and more of his first levels.

    Args:
        fit: Of the table; one that refused, or has no level, gives nothing to foresee.
        starts: Of each search, as for `find_mode`.
        draws: For each interval.
        threads: For many subjects in machine code.
        told: Is told how much of how much is done.
    """
    counts = np.array([subject.levels.count for subject in fit.subjects], dtype=np.int64)
    total = 2 * int(counts.sum())  # one search, and one foresight, for each level
    done = [0]

    def progress(more: int) -> None:
        done[0] += more
        if told is not None:
            told(done[0], total)

    parts, by_used = [], []
    for used in range(int(counts.max(initial=0))):
        places = np.flatnonzero(counts > used)
        modes = _known(fit, places, used, starts=starts, threads=threads, progress=progress)
        found = _later(fit, places, modes, used=used, draws=draws, progress=progress)
        parts.append(found)
        by_used.append(_judged(fit, found, used, places.size))
    none, whole = np.empty(0), np.empty(0, dtype=np.int64)
    parts.append(LaterRows(whole, whole, none, none, none))
    names = [field.name for field in fields(LaterRows)]
    columns = (np.concatenate([getattr(part, name) for part in parts]) for name in names)
    says = (LAPLACE, COUNTED, *((CENSORED,) if fit.rows.below[parts[0].level].any() else ())) if by_used else ()
    return Prospective(tuple(by_used), LaterRows(*columns), says)


def _known(
    fit: TableFit, places: Ints, used: int, *, starts: int, threads: int, progress: Callable[[int], object]
) -> Modes:
    """Return the modes of some subjects with their first levels alone."""
    first = [_cut(fit.subjects[place], used) for place in places.tolist()]
    occasions = [fit.occasions[place] for place in places.tolist()] if fit.occasions else []
    return searched(
        fit.model,
        first,
        occasions,
        fit.error,
        starts=starts if used else 1,
        seed=fit.seed,
        threads=threads,
        progress=progress,
    )


def _cut(subject: Subject, used: int) -> Subject:
    """Return a subject with his first levels alone."""
    own = subject.levels
    levels = Levels(own.time_h[:used], own.level_ng_per_ml[:used], own.below[:used], own.weight[:used])
    return replace(subject, levels=levels, segment=None if subject.segment is None else subject.segment[:used])


def _later(
    fit: TableFit, places: Ints, modes: Modes, *, used: int, draws: int, progress: Callable[[int], object]
) -> LaterRows:
    """Return what was foreseen of the later levels of some subjects."""
    deviating = Deviating(fit.model, fit.occasions)
    begins = np.searchsorted(fit.rows.subject, places)
    level, found = [], []
    for index, place in enumerate(places.tolist()):
        progress(1)
        subject = fit.subjects[place]
        later = slice(used, subject.levels.count)
        level.append(begins[index] + np.arange(used, subject.levels.count))
        if not modes.converged[index]:
            found.append(np.full((3, later.stop - used), np.nan))
            continue
        count = len(deviating.etas_of(place).names)
        deviates = _deviates(fit.seed, draws, count + 1)
        root = np.linalg.cholesky(modes.covariance[index, :count, :count])
        etas = modes.etas[index, :count] + np.concatenate([np.zeros((1, count)), deviates[:, :count] @ root.T])
        with np.errstate(all="ignore"):  # see `SeenLevels`
            segment = None if subject.segment is None else subject.segment[later]
            levels = levels_at(
                deviating, subject, place, etas=etas, time_h=subject.levels.time_h[later], segment=segment
            )
            measured = levels[1:] + fit.error.sd(levels[1:]) * deviates[:, count:]
            low, high = np.quantile(np.maximum(measured, 0.0), _ENDS, axis=0)
        found.append(np.stack([levels[0], low, high]))
    places_of = np.concatenate(level)
    return LaterRows(np.full(places_of.size, used), places_of, *np.concatenate(found, axis=1))


@lru_cache(maxsize=8)
def _deviates(seed: int, draws: int, count: int) -> Floats:
    """Return even deviates: the same ones serve every subject."""
    return np.asarray(normal_of_words(even_words(draws, count, seed=seed)))


def _judged(fit: TableFit, found: LaterRows, used: int, subjects: int) -> Foresight:
    """Return the errors of what was foreseen."""
    measured = fit.rows.dv_ng_per_ml[found.level]
    counted = np.isfinite(found.predicted_ng_per_ml) & fit.rows.has_error[found.level]
    predicted, seen = found.predicted_ng_per_ml[counted], measured[counted]
    inside = (found.low_ng_per_ml[counted] <= seen) & (seen <= found.high_ng_per_ml[counted])
    errors = predicted / seen - 1
    return Foresight(
        used=used,
        subjects=subjects,
        levels=int(seen.size),
        left_out=int(measured.size - seen.size),
        median_error=_middle(errors),
        mean_error=_mean(errors),
        rms_error=float(np.sqrt(_mean(errors * errors))),
        median_absolute_error=_middle(np.abs(errors)),
        within_20=_mean(np.abs(errors) <= 0.2),  # noqa: PLR2004 - as its name says
        within_30=_mean(np.abs(errors) <= 0.3),  # noqa: PLR2004
        within_interval=_mean(inside),
    )


def _mean(values: Floats | Bools) -> float:
    return float(values.mean()) if values.size else np.nan


def _middle(values: Floats) -> float:
    return float(np.median(values)) if values.size else np.nan
