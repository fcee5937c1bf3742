"""The visual predictive check: do measured levels lie where a model says that such levels lie?

Knows the plain check and the prediction-corrected one. The whole table is drawn anew many times, with the model's
spread between subjects and its error of a measurement; in every bin of time the percentiles of the measured levels
stand beside the interval that holds 90 % of the same percentiles of the drawn tables. Both sides are treated alike:
what lies below the highest limit of quantification of the table counts as below it, measured or drawn.

Sources: Bergstrand and others 2011, AAPS J 13:143 (prediction correction, its equation 1); Bergstrand and Karlsson
2009, AAPS J 11:371 (levels below quantification).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from inotrope.errors import RequestError
from inotrope.evaluation.bins import IN_ONE, bins_of, percentiles
from inotrope.evaluation.record import Bools, Floats, Ints, TableFit
from inotrope.evaluation.simulated import Anew
from inotrope.population.virtual.randoms import whole

SHARES = np.array([0.05, 0.5, 0.95])
"""Which percentiles are held against each other; the ends and the middle of the intervals are the same shares."""
REPLICATES, FEWEST, MOST_LEVELS = 1000, 200, 20_000_000
"""Tables drawn by default, at the least, and levels that are drawn for more than the least."""
_BLOCK = 4_000_000
"""Levels held at once."""


@dataclass(frozen=True, slots=True, eq=False)
class PredictiveCheck:
    """One check.

    Attributes:
        corrected: Whether every level, measured or drawn, was brought to the median typical prediction of its bin.
        replicates: How many tables were drawn.
        seed: Of the random numbers.
        limit_ng_per_ml: Below it a level counts as below quantification; nan where none was below.
        begin_h: (bins,) h, the first time of each bin.
        end_h: (bins,) h, its last.
        middle_h: (bins,) h, the median of its times.
        counts: (bins,), levels in it.
        observed: (bins, 3) ng/mL, percentiles 5, 50 and 95 of what was measured; nan below the limit.
        simulated: (bins, 3, 3) ng/mL: of each of these percentiles the 5th, 50th and 95th over the drawn tables; nan
            below the limit.
        below: (bins,), the share measured below the limit.
        below_simulated: (bins, 3), the 5th, 50th and 95th percentile of that share over the drawn tables.
        as_few: The share of the drawn tables that have as few percentiles inside as the measured one, or fewer.
        level: (m,), the places of the levels in `TableFit.rows`.
        level_ng_per_ml: (m,) ng/mL, what is shown of them, corrected where that was done; nan below the limit.
        says: What a reader must know beside it.
    """

    corrected: bool
    replicates: int
    seed: int
    limit_ng_per_ml: float
    begin_h: Floats
    end_h: Floats
    middle_h: Floats
    counts: Ints
    observed: Floats
    simulated: Floats
    below: Floats
    below_simulated: Floats
    as_few: float
    level: Ints
    level_ng_per_ml: Floats
    says: tuple[str, ...]

    @property
    def inside(self) -> Bools:
        """(bins, 3), whether each measured percentile lies in its interval; or both are below the limit."""
        return _inside(self.observed, self.simulated)

    @property
    def below_inside(self) -> Bools:
        """(bins,), whether the share below the limit lies in its interval."""
        return (self.below >= self.below_simulated[:, 0]) & (self.below <= self.below_simulated[:, 2])


def predictive_checks(
    fit: TableFit,
    *,
    replicates: int | None = None,
    seed: int = 0,
    told: Callable[[int, int], object] | None = None,
) -> tuple[PredictiveCheck, ...]:
    """Return the plain check and the prediction-corrected one, both from the same drawn tables.

    Where the model expects 0 at every level, nothing having been given before it, the plain one stands alone.

    Args:
        fit: Of the table; the estimates of the subjects do not enter, only the model, the doses and the levels.
        replicates: How many tables are drawn; None takes 1,000, and fewer of a table with very many levels.
        seed: Of the random numbers.
        told: Called with how many tables have been drawn, and how many there will be.

    Raises:
        RequestError: The model refuses the table, no level was measured, or fewer than 20 tables are asked for: of
            these the ends of 90 % are no estimate.
    """
    rows = fit.rows
    if fit.refused or not rows.time_h.size:
        raise RequestError("There is no level to hold against the model.")
    many = max(FEWEST, min(REPLICATES, MOST_LEVELS // rows.time_h.size)) if replicates is None else replicates
    if whole("number of tables", many) < IN_ONE:
        raise RequestError(
            f"{many} tables are too few for the ends of 90 % of them. Draw {IN_ONE} or more.", value=many
        )
    limits = rows.dv_ng_per_ml[rows.below]
    limit = float(limits.max()) if limits.size else float("nan")
    both = [_Gathering(fit, np.arange(rows.time_h.size), np.ones(rows.time_h.size), limit)]
    given = np.flatnonzero(rows.pred > 0)
    if given.size:
        both.append(_Gathering(fit, given, _to_median(rows.pred[given], bins_of(rows.time_h[given])), limit))
    anew, block = Anew(fit, seed=seed), max(1, _BLOCK // rows.time_h.size)
    for start in range(0, many, block):
        few = np.arange(start, min(start + block, many))
        drawn = anew.draw(few)
        for one in both:
            one.add(drawn)
        if told is not None:
            told(int(few[-1]) + 1, many)
    return tuple(one.check(many, seed, corrected=place > 0) for place, one in enumerate(both))


def _inside(found: Floats, simulated: Floats) -> Bools:
    """Return whether percentiles, (..., bins, 3), lie in their intervals, (bins, 3, 3)."""
    low, high = simulated[..., 0], simulated[..., 2]
    reaches_limit = np.isnan(low)
    within = (reaches_limit | (found >= low)) & (found <= high)
    return np.where(np.isnan(found), reaches_limit, within)


def _to_median(pred: Floats, bins: Ints) -> Floats:
    """Return what brings each level to the median typical prediction of its bin."""
    found = np.empty(pred.size)
    for place in range(bins.max() + 1):
        here = bins == place
        found[here] = np.median(pred[here]) / pred[here]
    return found


class _Gathering:
    """The percentiles of one check, measured and drawn, bin by bin."""

    def __init__(self, fit: TableFit, level: Ints, factor: Floats, limit: float) -> None:
        rows = fit.rows
        self.level, self.factor, self.limit = level, factor, limit
        self.left_out = rows.time_h.size - level.size
        self.time_h, self.dv, is_below = rows.time_h[level], rows.dv_ng_per_ml[level], rows.below[level]
        self.below = is_below | (self.dv < limit)
        bins = bins_of(self.time_h)
        self.members = [np.flatnonzero(bins == place) for place in range(bins.max() + 1)]
        self.drawn: list[Floats] = []
        self.shares_below: list[Floats] = []

    def add(self, drawn: Floats) -> None:
        """Take the percentiles of some drawn tables, (tables, all levels)."""
        own = drawn[:, self.level]
        found, shares = self._of_bins(own * self.factor, own < self.limit)
        self.drawn.append(found)
        self.shares_below.append(shares)

    def _of_bins(self, levels: Floats, below: Bools) -> tuple[Floats, Floats]:
        """Return percentiles, (..., bins, 3), and the share below the limit, (..., bins)."""
        each = [percentiles(levels[..., here], below[..., here], SHARES) for here in self.members]
        shares = [below[..., here].mean(axis=-1) for here in self.members]
        return np.stack(each, axis=-2), np.stack(shares, axis=-1)

    def check(self, replicates: int, seed: int, *, corrected: bool) -> PredictiveCheck:
        """Return the check."""
        shown = self.dv * self.factor
        observed, below = self._of_bins(shown, self.below)
        drawn = np.concatenate(self.drawn)
        of_tables = np.moveaxis(drawn, 0, -1)
        simulated = percentiles(of_tables, np.isnan(of_tables), SHARES)
        counts = _inside(drawn, simulated).sum(axis=(-1, -2))
        shares = np.moveaxis(np.concatenate(self.shares_below), 0, -1)
        times = [self.time_h[here] for here in self.members]
        says = [f"{self.left_out} levels at which the model expects 0 cannot be corrected."] if self.left_out else []
        fewest = min(here.size for here in self.members)
        if fewest < IN_ONE:
            text = "of so few the 5th and 95th percentile are nearly the lowest and the highest."
            says.append(f"The smallest bin holds {fewest} of the {self.dv.size} levels: {text}")
        return PredictiveCheck(
            corrected=corrected,
            replicates=replicates,
            seed=seed,
            limit_ng_per_ml=self.limit,
            begin_h=np.array([time.min() for time in times]),
            end_h=np.array([time.max() for time in times]),
            middle_h=np.array([np.median(time) for time in times]),
            counts=np.array([here.size for here in self.members]),
            observed=observed,
            simulated=simulated,
            below=below,
            below_simulated=percentiles(shares, np.zeros(shares.shape, dtype=np.bool_), SHARES),
            as_few=float(np.mean(counts <= _inside(observed, simulated).sum())),
            level=self.level,
            level_ng_per_ml=np.where(self.below, np.nan, shown),
            says=tuple(says),
        )
