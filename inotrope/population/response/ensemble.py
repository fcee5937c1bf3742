"""Patients nobody has met, of one kind and on one drug: every fitted member, and around each how patients differ.

Knows how deviates become patients: the first chooses a member, the others spread bedside numbers with their
correlations, what calibration assumes, the reflex and the answer to the drug. A patient whose numbers contradict each
other, or who lies beyond a stated bound, is drawn anew with the next set of his own numbers, so patient k of a seed is
the same alone and among a million. Does not know any level.

The members are equally probable: they fit the label alike, and nothing tells which is true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.circulation import Assumed, Bedside, Enzyme, Heart, Reflex, Response, calibrate, can_calibrate
from inotrope.circulation.arrays import Array, Mask
from inotrope.errors import RequestError
from inotrope.population.response.as_read import AsRead
from inotrope.population.response.responses import ResponseFile
from inotrope.population.response.spreads import (
    ASSUMED_SPREADS,
    DRUG_SPREADS,
    OBSERVED,
    Form,
    restore,
    transform,
)
from inotrope.population.virtual.normal import correlated, normal_of_share
from inotrope.population.virtual.randoms import Stream, prove_patients, standard_normals

NAMES = OBSERVED + ASSUMED_SPREADS + DRUG_SPREADS
"""What the deviates of a patient are, in this order."""
_TURNS = 50
"""How often a patient is drawn anew; about one of forty is drawn a second time."""
_MEASURED = tuple(item.name for item in fields(Bedside))
_WEDGE, _PULMONARY = _MEASURED.index("wedge_mmhg"), _MEASURED.index("mean_pulmonary_mmhg")


@dataclass(frozen=True, slots=True)
class Patients:
    """Patients as `circulation` takes them; arrays (patients,).

    Attributes:
        bedside: Their numbers without the drug.
        heart: Calibrated with them.
        reflex: Their gains.
        response: Their answer to the drug.
        enzyme: How the drug meets PDE3.
        members: By place in the ensemble.
        sound: Whom these numbers can be of; the others stand here as the typical patient, and must not be used.
        surface_m2: Of all of them.
    """

    bedside: Bedside
    heart: Heart
    reflex: Reflex
    response: Response
    enzyme: Enzyme
    members: NDArray[np.int64]
    sound: Mask
    surface_m2: float


@dataclass(frozen=True)  # without slots: what every call needs is kept in the instance
class Ensemble:
    """One drug in one kind of patient.

    Attributes:
        file: The response, with its heart.
        surface_m2: The body surface of the patients asked about.
        read: What was read of the one patient who is asked about; None for anybody of the kind.
    """

    file: ResponseFile
    surface_m2: float
    read: AsRead | None = None

    def as_read(self, readings: Mapping[str, tuple[float, float]]) -> Ensemble:
        """Return the patients of whom some numbers were read without the drug: these as read, the others with them.

        Args:
            readings: By what `circulation.Bedside` calls it the value and the SD of its error, of the logarithm for
                heart rate and cardiac output. A mean pulmonary pressure stands beside a lower wedge pressure.

        Raises:
            RequestError: A mean pulmonary pressure without such a wedge pressure.
        """
        given = {_MEASURED.index(name): pair for name, pair in readings.items()}
        if _PULMONARY in given:
            pulmonary, error = given[_PULMONARY]
            if _WEDGE not in given or given[_WEDGE][0] >= pulmonary:
                raise RequestError(
                    "A mean pulmonary pressure is told with a lower wedge pressure.", value=str(pulmonary)
                )
            given[_PULMONARY] = (pulmonary - given[_WEDGE][0], error)
        return replace(self, read=AsRead.of(given, self.forms) if given else None)

    @property
    def ids(self) -> tuple[str, ...]:
        """The members, in the order of the file."""
        return tuple(self.file.members)

    @property
    def size(self) -> float:
        """The body surface over that of the heart's typical patient: flows, volumes and compliances go with it."""
        return self.surface_m2 / self.file.heart.surface_m2

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """(names,), in what each of `NAMES` is normal."""
        return tuple(item.form for item in (*self.file.heart.spreads.spreads, *self.file.spreads.spreads))

    @cached_property
    def farthest(self) -> Array:
        """(names,), the bound of each deviate in SDs."""
        return np.concatenate([self.file.heart.spreads.farthest, self.file.spreads.farthest])

    @cached_property
    def centers(self) -> Array:
        """(members, names), the medians in their forms; of reflex and sensitivity those of a factor."""
        kind = self._centers_of_kind
        return kind if self.read is None else self.read.centers(kind, self._covariance_of_kind)

    @cached_property
    def covariance(self) -> Array:
        """(names, names), in the forms."""
        kind = self._covariance_of_kind
        return kind if self.read is None else self.read.spread(kind)

    @cached_property
    def _centers_of_kind(self) -> Array:
        heart, bedside = self.file.heart, self.file.heart.bedside
        observed = [float(getattr(bedside, name)) for name in _MEASURED]
        observed[1] *= self.size
        observed[_PULMONARY] -= observed[_WEDGE]
        found = []
        for name in self.ids:
            member, drug = self.file.member(name), self.file.response(name)
            assumed = [member.left_v0_ml, float(heart.assumed().systemic_veins_ml_per_mmhg), 1.0]
            of_drug = [drug.force, drug.arteries, drug.veins, drug.rate, drug.arteries_half_ng_per_ml, 1.0]
            row = zip(self.forms, [*observed, *assumed, *of_drug], strict=True)
            found.append([float(transform(form, np.asarray(value))) for form, value in row])
        return np.array(found)

    @cached_property
    def _covariance_of_kind(self) -> Array:
        count, spreads = len(NAMES), self.file.heart.spreads
        sds = np.concatenate([spreads.sds, self.file.spreads.sds])
        correlation = np.eye(count)
        correlation[: len(spreads.sds), : len(spreads.sds)] = spreads.correlation
        return np.asarray(sds[:, None] * correlation * sds)

    def values(self, deviates: Array, members: NDArray[np.int64]) -> dict[str, Array]:
        """Return what deviates (patients, names) stand for, by name; SDs beyond a bound count as the bound."""
        bounded = np.clip(deviates, -self.farthest, self.farthest)
        moved = correlated(self.covariance, bounded)
        centers = self.centers[members]
        rows = zip(NAMES, self.forms, moved, strict=True)
        return {name: restore(form, centers[:, at] + own) for at, (name, form, own) in enumerate(rows)}

    def patients(self, deviates: ArrayLike, members: ArrayLike) -> Patients:
        """Return the patients of given deviates.

        Args:
            deviates: (patients, names), independent and standard normal, in the order of `NAMES`.
            members: (patients,), each by its place in the ensemble.

        Raises:
            RequestError: Other counts than these.
        """
        given, chosen = np.asarray(deviates, dtype=np.float64), np.asarray(members, dtype=np.int64)
        if given.shape != (chosen.size, len(NAMES)) or chosen.ndim != 1:
            raise RequestError(f"A patient has {len(NAMES)} deviates and one member.", value=str(given.shape))
        sound, values = self._sound(given, chosen)
        if not sound.all():  # whoever cannot be stands here as his member's typical patient, and is marked
            values = self.values(np.where(sound[:, None], given, 0.0), chosen)
        bedside, assumed = self._bedside(values), self._assumed(values)
        return Patients(
            bedside=bedside,
            heart=calibrate(bedside, assumed),
            reflex=self.file.heart.reflex(scale=values["reflex"] * self._with_reflex[chosen]),
            response=self._response(values, chosen),
            enzyme=self.file.enzyme,
            members=chosen,
            sound=sound,
            surface_m2=self.surface_m2,
        )

    def can_be(self, deviates: Array, members: NDArray[np.int64]) -> Mask:
        """Return whose numbers a heart can have, (patients,); beyond a bound the bound counts."""
        values = self.values(deviates, members)
        return can_calibrate(self._bedside(values), self._assumed(values))

    def _sound(self, given: Array, chosen: NDArray[np.int64]) -> tuple[Mask, dict[str, Array]]:
        inside = np.asarray((np.abs(given) <= self.farthest).all(axis=1))
        values = self.values(np.where(inside[:, None], given, 0.0), chosen)
        return inside & can_calibrate(self._bedside(values), self._assumed(values)), values

    @cached_property
    def _with_reflex(self) -> Array:
        return np.array([float(self.file.member(name).reflex) for name in self.ids])

    @cached_property
    def _fitted(self) -> Response:
        return self.file.response(*self.ids)

    def _bedside(self, values: dict[str, Array]) -> Bedside:
        observed = dict(zip(_MEASURED, (values[name] for name in OBSERVED), strict=True))
        observed["mean_pulmonary_mmhg"] = observed["wedge_mmhg"] + values["transpulmonary_gradient"]
        return Bedside.unchecked(**observed)

    def _assumed(self, values: dict[str, Array]) -> Assumed:
        base, size = self.file.heart.assumed(), self.size
        grown = {
            item.name: getattr(base, item.name) * size
            for item in fields(base)
            if item.name.endswith(("_ml_per_mmhg", "_v0_ml"))
        }
        own = {
            "left_v0_ml": values["left_v0"] * size,
            "systemic_veins_ml_per_mmhg": values["systemic_veins"] * size,
            "venous_mmhg_s_per_ml": base.venous_mmhg_s_per_ml / size,
        }
        return replace(base, **{**grown, **own})

    def _response(self, values: dict[str, Array], members: NDArray[np.int64]) -> Response:
        fitted = {
            item.name: np.asarray(array)[members] if np.ndim(array) else array
            for item in fields(Response)
            for array in [getattr(self._fitted, item.name)]
        }
        weaker = 1 / values["sensitivity"]
        own = {name: values[name] for name in ("force", "arteries", "veins", "rate")}
        own["arteries_half_ng_per_ml"] = values["arteries_half"] * weaker
        for name in ("force_half_ng_per_ml", "veins_half_ng_per_ml"):
            own[name] = fitted[name] * weaker
        return Response.of(**{**fitted, **own})


def ensemble_of(file: ResponseFile, *, surface_m2: float | None = None) -> Ensemble:
    """Return the patients of a response and its heart.

    Args:
        file: The response.
        surface_m2: Their body surface, m2; that of the heart's typical patient where it is not known.

    Raises:
        RequestError: A surface that is none, or a heart that does not say how such patients differ.
    """
    if not file.heart.spreads.spreads:
        says = f"The heart '{file.heart.name}' does not say how such patients differ."
        raise RequestError(says, value=file.heart.name)
    surface = file.heart.surface_m2 if surface_m2 is None else float(surface_m2)
    if not 0 < surface < float("inf"):
        raise RequestError(f"'{surface:g}' m2 is no body surface.", value=f"{surface:g}", accepted="above zero")
    return Ensemble(file, surface)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Patients by the deviates that they are made of.

    Attributes:
        deviates: (patients, names).
        members: (patients,).
        patients: The same as `circulation` takes them; all are sound.
    """

    deviates: Array
    members: NDArray[np.int64]
    patients: Patients


def draw(ensemble: Ensemble, *, patients: ArrayLike, seed: int) -> Drawn:
    """Return patients by index and seed.

    Args:
        ensemble: Whom to draw from.
        patients: Indices, 0 or more, in any order.
        seed: 0 or more.

    Raises:
        RequestError: A seed or index that is none; or spreads that hold almost nobody.
    """
    indices = prove_patients(patients)
    edges = np.array([normal_of_share(share) for share in np.arange(1, len(ensemble.ids)) / len(ensemble.ids)])
    deviates, members = np.zeros((indices.size, len(NAMES))), np.zeros(indices.size, np.int64)
    left = np.arange(indices.size)
    for turn in range(_TURNS):
        numbers = standard_normals(seed, indices[left], 1 + len(NAMES), Stream.RESPONSE, turn=turn)
        deviates[left], members[left] = numbers[:, 1:], np.searchsorted(edges, numbers[:, 0])
        left = left[~ensemble.patients(deviates[left], members[left]).sound]
        if left.size == 0:
            return Drawn(deviates, members, ensemble.patients(deviates, members))
    raise RequestError(f"A patient of this kind could not be drawn in {_TURNS} turns. Narrow the spreads of the heart.")
