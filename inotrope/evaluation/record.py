"""What a model came to beside a table of measured levels: arrays in internal units, one place a subject or level.

Knows shapes and the residuals that follow from them. It fits nothing, and it knows no column of a file (`writing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation import ErrorModel
from inotrope.estimation.many import Modes, Subject
from inotrope.population import Model

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class LevelRows:
    """Every measured level, in the order of the table.

    Attributes:
        subject: (n,), the place of its subject in `TableFit.ids`.
        time_h: (n,) h.
        dv_ng_per_ml: (n,) ng/mL, as measured; where `below`, the limit of quantification.
        below: (n,), only known to lie below that limit.
        pred: (n,) ng/mL, of the typical patient with the subject's covariates.
        ipred: (n,) ng/mL, with the subject's most probable deviations; nan where his search failed.
        sd: (n,) ng/mL, of the measurement, at `ipred`; nan where that is.
        early: (n,), measured before anything had been given. Nothing is estimated from such a level, and no error is
            counted of it: what it shows is the record of doses, and not the model.
    """

    subject: Ints
    time_h: Floats
    dv_ng_per_ml: Floats
    below: Bools
    pred: Floats
    ipred: Floats
    sd: Floats
    early: Bools

    @property
    def has_error(self) -> Bools:
        """(n,), whether a prediction can be wrong by a share of it: not below quantification, of 0, or early."""
        found: Bools = ~self.below & ~self.early & (self.dv_ng_per_ml > 0)
        return found

    @property
    def residual(self) -> Floats:
        """(n,) ng/mL, measured less individual; nan below quantification."""
        return np.where(self.below, np.nan, self.dv_ng_per_ml - self.ipred)

    @property
    def weighted(self) -> Floats:
        """(n,), that in SDs of the measurement; nan where the measurement has none, and of an early level."""
        where = (self.sd > 0) & ~self.early
        found: Floats = np.divide(self.residual, self.sd, out=np.full(self.sd.shape, np.nan), where=where)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class TableFit:
    """One model and every subject of a table.

    Where the model refuses, `refused` says why, and there are no subjects and no levels.

    Attributes:
        model: Whose parameters; `model.data` has the units of the table.
        title: The table's name.
        ids: (N,), the subjects as the table names them, in its order.
        modes: The most probable etas of each; `converged` tells whose search failed. Where occasions are told apart
            there are as many as the subject with the most has, and nan for those that another does not have.
        parameters: By parameter (N,), L/h and L: of each subject with his etas, at his first row and on his first
            occasion; nan where his search failed.
        rows: The levels.
        shrinkage: By eta, 1 - SD(eta) / omega over the subjects with a level and an answer; nan of fewer than two.
        residual_shrinkage: 1 - SD of the weighted residuals; nan of fewer than two. Savic and Karlsson 2009.
        subjects: (N,), for simulating anew.
        occasions: (N,), of each subject the place of the occasion that each of his parameter rows belongs to, (rows,);
            empty where none are told apart.
        error: Of the measurement.
        error_is_own: Whether the model states it.
        says: What a reader must know beside the numbers.
        refused: Why there is no answer; empty where there is one.
        seed: Of the further places where searches begin.
    """

    model: Model
    title: str
    ids: tuple[str, ...]
    modes: Modes
    parameters: Mapping[str, Floats]
    rows: LevelRows
    shrinkage: Mapping[str, float]
    residual_shrinkage: float
    subjects: tuple[Subject, ...]
    occasions: tuple[Ints, ...]
    error: ErrorModel
    error_is_own: bool
    says: tuple[str, ...]
    refused: str
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class LaterRows:
    """Levels that were foreseen from earlier ones, each as often as there are numbers of earlier ones.

    Attributes:
        used: (m,), how many of the subject's earlier levels were known.
        level: (m,), the place of the foreseen level in `TableFit.rows`.
        predicted_ng_per_ml: (m,) ng/mL, with the etas that were most probable then; nan where that search failed.
        low_ng_per_ml: (m,) ng/mL, where 90 % of such levels, measured, were expected to begin.
        high_ng_per_ml: (m,) ng/mL, where they were expected to end.
    """

    used: Ints
    level: Ints
    predicted_ng_per_ml: Floats
    low_ng_per_ml: Floats
    high_ng_per_ml: Floats


@dataclass(frozen=True, slots=True)
class Foresight:
    """How well later levels were foreseen from the first so many; errors are (predicted - measured) / measured.

    Attributes:
        used: How many levels were known.
        subjects: How many subjects have a level after those.
        levels: How many later levels were counted; neither below quantification, nor measured as 0, nor of a search
            that failed.
        left_out: How many were not.
        median_error: A share.
        mean_error: A share.
        rms_error: A share, the root of the mean square.
        median_absolute_error: A share.
        within_20: The share of levels foreseen within 20 % of what was measured.
        within_30: The same within 30 %.
        within_interval: The share of levels inside the interval that was to hold 90 % of them.
    """

    used: int
    subjects: int
    levels: int
    left_out: int
    median_error: float
    mean_error: float
    rms_error: float
    median_absolute_error: float
    within_20: float
    within_30: float
    within_interval: float


@dataclass(frozen=True, slots=True, eq=False)
class Prospective:
    """A table foreseen from the first levels of each subject.

    Attributes:
        by_used: One for each number of levels that were known, 0 first.
        rows: What was foreseen.
        says: What a reader must know beside the numbers.
    """

    by_used: tuple[Foresight, ...]
    rows: LaterRows
    says: tuple[str, ...]
