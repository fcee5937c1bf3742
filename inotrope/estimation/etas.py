"""Which deviations a model lets one patient have, and what each does to which parameter on which stretch of time.

Knows that a patient deviates from the typical one, and from himself between occasions. It knows no level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import RequestError
from inotrope.estimation.problem import Floats
from inotrope.population import Model, omega_matrix, on_occasions
from inotrope.population.forms import Array
from inotrope.population.model import DISPOSITION


@dataclass(frozen=True, slots=True, eq=False)
class Etas:
    """The order of the deviations in one vector: those of the patient, then those of his occasions, one by one.

    Attributes:
        names: (k,), the parameter, or `<parameter>, occasion 2`.
        omega: (k, k), their covariance.
        of_subject: By parameter, the place of the patient's own deviation.
        of_occasions: By parameter, (occasions,) the places of the deviations of his occasions.
    """

    names: tuple[str, ...]
    omega: Floats
    of_subject: Mapping[str, int]
    of_occasions: Mapping[str, NDArray[np.int64]]

    def deviations(
        self,
        etas: Array,
        *,
        row_of_occasion: NDArray[np.int64] | None = None,
        rows: int = 1,
        occasion_of_row: NDArray[np.int64] | None = None,
    ) -> dict[str, Array]:
        """Return what `population.individual` multiplies the typical values by, as logarithms.

        Args:
            etas: (..., k), real or complex.
            row_of_occasion: (occasions,), ascending: the parameter row with which each occasion begins; what lies
                before the first belongs to it. Needed where there are deviations of occasions.
            rows: How many parameter rows there are.
            occasion_of_row: (rows,), in place of both, where occasions do not follow each other in the rows: the place
                of the occasion that each row belongs to.

        Returns:
            By parameter (..., 1), or (..., rows) where an occasion's deviation is added.

        Raises:
            RequestError: Other occasions than those of the deviations, or rows that do not ascend.
        """
        starts = np.empty(0, np.int64) if row_of_occasion is None else row_of_occasion
        count = starts.size if occasion_of_row is None else 1 + int(occasion_of_row.max())
        if any(places.size != count for places in self.of_occasions.values()) or (np.diff(starts) <= 0).any():
            raise RequestError(
                f"Each occasion needs the row with which it begins, ascending. Given: {starts.tolist()}.",
                value=str(starts.tolist()),
            )
        found: dict[str, Array] = {name: etas[..., place, None] for name, place in self.of_subject.items()}
        for name, places in self.of_occasions.items():
            own = etas[..., places]
            on_rows = (
                on_occasions(own, starts, np.arange(rows)) if occasion_of_row is None else own[..., occasion_of_row]
            )
            found[name] = found[name] + on_rows if name in found else on_rows
        return found


def etas_of(model: Model, *, occasions: int = 0) -> Etas:
    """Return the deviations that a model knows of, of those parameters that a curve needs.

    Parameters without spread, and those of no curve, are left out; a normal distribution is not changed by that.

    Args:
        model: Its spread between subjects, and between occasions.
        occasions: How many occasions are told apart; 0 tells none apart, and nothing then differs between them.

    Raises:
        RequestError: Occasions for a model that does not know how a patient differs between them; or a model that
            does not say how patients differ at all.
    """
    names, omega = _of_curve(model, between_occasions=False)
    between, kappa = _of_curve(model, between_occasions=True)
    if occasions and not between:
        raise RequestError(f"Model {model.name} does not say how a patient differs between occasions: leave them out.")
    if not names and not occasions:
        raise RequestError(f"Model {model.name} does not say how patients differ: nothing can be estimated with it.")
    first, each = len(names), len(between)
    whole = np.zeros((first + occasions * each,) * 2)
    whole[:first, :first] = omega
    for occasion in range(occasions):
        here = slice(first + occasion * each, first + (occasion + 1) * each)
        whole[here, here] = kappa
    later = tuple(f"{name}, occasion {occasion + 1}" for occasion in range(occasions) for name in between)
    places = {name: first + place + each * np.arange(occasions) for place, name in enumerate(between)}
    return Etas(
        names=(*names, *later),
        omega=whole,
        of_subject={name: place for place, name in enumerate(names)},
        of_occasions=places if occasions else {},
    )


def _of_curve(model: Model, *, between_occasions: bool) -> tuple[tuple[str, ...], Floats]:
    """Return names and covariance of what spreads and is needed for a curve; a model file knows no spread of 0."""
    names, omega = omega_matrix(model, between_occasions=between_occasions)
    wanted = DISPOSITION[model.structure]
    kept = [place for place, name in enumerate(names) if name in wanted]
    return tuple(names[place] for place in kept), omega[np.ix_(kept, kept)]
