"""Where a patient stands to those whom a publication studied: inside, not known, outside, or too far outside.

Knows how to hold covariates against a model's limits and says each result in words. A covariate that nobody gave is
unknown, and not inside. Nothing here is a judgement about a dose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inotrope.patient import vocabulary
from inotrope.population.bodies import UNITS, plausible_weights, unit_of, with_ages
from inotrope.population.effects import WEIGHT
from inotrope.population.extracorporeal import ENTER
from inotrope.population.forms import Array
from inotrope.population.model import (
    CLEARANCES,
    IMPAIRED,
    REPLACEMENT,
    Answer,
    Covariate,
    Model,
    Standing,
    Within,
)
from inotrope.population.typical import is_known
from inotrope.units.registry import conversion

_ORDER = tuple(Standing)
_UNKNOWN, _OUTSIDE = _ORDER.index(Standing.UNKNOWN), _ORDER.index(Standing.EXTRAPOLATION)
_KIDNEYS = (CLEARANCES[0], IMPAIRED)
"""Two ways to tell the same of the kidneys."""
_DAYS_OF_YEAR = 365.25
_SINCE_CONCEPTION = "postmenstrual age"
_WHOLE = 1000
"""From here on a number is written without decimals."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What one limit says about one patient."""

    of: str
    standing: Standing
    says: str


@dataclass(frozen=True, slots=True)
class Domain:
    """Where one patient stands to one model, with a sentence for everything that is not inside."""

    standing: Standing
    remarks: tuple[Remark, ...]

    @property
    def answers(self) -> bool:
        """Tell whether the model may answer for this patient at all."""
        return self.standing is not Standing.REFUSAL


def judge_domain(
    model: Model,
    values: Mapping[str, Any],
    *,
    answer: Answer = Answer.TIME_COURSE,
    clearance_entered: bool = False,
    level_measured: bool = False,
    until_h: float | None = None,
) -> Domain:
    """Return where one patient stands to a model.

    Args:
        model: The model.
        values: By covariate, what is known, in the unit that the model declares (age, postnatal age and weight, which
            tell of whom it is asked, in `bodies.UNITS` where it declares none); any shape, of which the worst counts.
        answer: What will be asked.
        clearance_entered: Whether a machine's clearance of the drug was entered.
        level_measured: Whether a level of this patient was measured.
        until_h: How long the curve will be, h; None for none.
    """
    missing = [name for name in model.needs if not is_known(model.covariates[name], values.get(name))]
    values = _with_least_age(model, with_ages(model, values), whole=True)
    remarks = [Remark("", Standing.REFUSAL, f"It lacks {what}.") for what in model.lacking(answer)]
    remarks += [Remark(name, Standing.REFUSAL, f"It needs {name}, which is not known.") for name in missing]
    for limit in model.studied.limits:
        if limit.of not in missing:
            standing, says = _held(limit, model.covariates[limit.of], values.get(limit.of))
            if standing is not Standing.INSIDE:
                remarks.append(Remark(limit.of, standing, says))
    remarks = [*_without_twin(model, remarks), *_weighed(model, values)]
    if not level_measured:
        remarks += _machines(model, values, answer, entered=clearance_entered)
    followed = model.studied.observed_for
    if followed is not None and until_h is not None and until_h > float(followed.value.in_unit("h")):
        says = f"Patients were followed for {followed.value}; the curve goes on to {until_h:g} h."
        remarks.append(Remark("time", Standing.EXTRAPOLATION, says))
    worst = max((remark.standing for remark in remarks), key=_ORDER.index, default=Standing.INSIDE)
    return Domain(worst, tuple(sorted(remarks, key=lambda remark: -_ORDER.index(remark.standing))))


def standings(model: Model, values: Mapping[str, Any]) -> NDArray[np.int64]:
    """Return for each of many patients where they stand, as the place in `Standing`: 0 inside to 3 refusal.

    Args:
        model: The model.
        values: By covariate, arrays (patients, ...) in the unit that the model declares; the worst of a patient's rows
            counts. A covariate that is absent is unknown for everybody.

    Returns:
        (patients,), or one number where every covariate is one number.
    """
    values = _with_least_age(model, with_ages(model, values))
    found: NDArray[np.int64] = np.zeros((), dtype=np.int64)
    kidneys: list[NDArray[np.int64]] = []
    for limit in model.studied.limits:
        given = values.get(limit.of)
        codes = np.array(_UNKNOWN)
        if given is not None:
            codes = _codes(limit, model.covariates[limit.of], np.asarray(given))
        codes = codes.max(axis=tuple(range(1, codes.ndim))) if codes.ndim else codes
        if limit.of in _KIDNEYS:
            kidneys.append(codes)
        else:
            found = np.maximum(found, codes)
    if kidneys:
        # Where one of them tells of the kidneys, it matters not that the other is not known.
        known = [np.where(codes == _UNKNOWN, 0, codes) for codes in kidneys]
        none = np.logical_and.reduce([codes == _UNKNOWN for codes in np.broadcast_arrays(*kidneys)])
        found = np.maximum(found, np.where(none, _UNKNOWN, np.maximum.reduce(np.broadcast_arrays(*known))))
    ends = plausible_weights(model, values)
    if ends is not None:
        weight, low, high = np.broadcast_arrays(*ends)
        out = np.where((weight < low) | (weight > high), _OUTSIDE, 0)
        found = np.maximum(found, out.max(axis=tuple(range(1, out.ndim))) if out.ndim else out)
    return np.asarray(found)


def _weighed(model: Model, values: Mapping[str, Any]) -> list[Remark]:
    """Return a remark where somebody weighs what nobody of this age, or of whom the model holds for, weighs."""
    ends = plausible_weights(model, values)
    if ends is None:
        return []
    weight, low, high = (item.ravel() for item in np.broadcast_arrays(*ends))
    out = (weight < low) | (weight > high)
    if not out.any():
        return []
    place = int(out.argmax())
    whose = "at this age" if any(values.get(name) is not None for name in UNITS if name != WEIGHT) else "in its people"
    says = (
        f"weight is {_written(float(weight[place]), 'kg')}; {float(low[place]):.3g} to {float(high[place]):.3g} kg are "
        f"plausible {whose}, so that weight or age is wrong, or the model does not hold."
    )
    return [Remark(WEIGHT, Standing.EXTRAPOLATION, says)]


def _without_twin(model: Model, remarks: list[Remark]) -> list[Remark]:
    """Return them without the remark that one of clearance and impairment is not known, where the other tells it.

    No equation gives a clearance below one year, and a clearance tells what nobody recorded as impairment.
    """
    of = [limit.of for limit in model.studied.limits if limit.of in _KIDNEYS]
    unknown = [item.of for item in remarks if item.of in _KIDNEYS and item.standing is Standing.UNKNOWN]
    if set(unknown) == set(of):
        return remarks
    return [item for item in remarks if item.of not in unknown]


def _with_least_age(model: Model, values: Mapping[str, Any], *, whole: bool = False) -> Mapping[str, Any]:
    """Return the covariates with the least postmenstrual age that an age comes to, where it lies above every limit.

    Of an older child the gestational age is rarely recorded, and tells nothing more: after the shortest pregnancy that
    the vocabulary knows, the child would be past term too. Nothing is filled in where a parameter reads it.

    Args:
        model: Its limits.
        values: By covariate.
        whole: Whether it is filled in for all of them or for none; else NaN stands where it lies below a limit.
    """
    limits = [limit for limit in model.studied.limits if limit.of == _SINCE_CONCEPTION]
    age = values.get("age")
    if not limits or age is None or _SINCE_CONCEPTION in model.needs or values.get(_SINCE_CONCEPTION) is not None:
        return values
    if any(limit.highest is not None or limit.refuse_above is not None for limit in limits):
        return values
    unit = model.covariates[_SINCE_CONCEPTION].unit
    up, down = conversion(unit_of(model, "age"), unit)
    shortest = vocabulary().limit("newborn.gestational_age_minimum").value.in_unit(unit)
    least = np.asarray(age).real * (float(up) / float(down)) + float(shortest)
    edges = [edge for limit in limits for edge in (limit.lowest, limit.refuse_below) if edge is not None]
    past = least >= max(float(edge.value.in_unit(unit)) for edge in edges)
    if whole and not past.all():
        return values
    return {**values, _SINCE_CONCEPTION: np.where(past, least, np.nan)}


def default_of(judged: Iterable[tuple[Model, Domain]]) -> Model | None:
    """Return the model to show first, or None where none answers.

    A model that fits comes before one that extrapolates; of those that fit (nothing known to lie outside) one without
    an unconfirmed number before one with; then the nearer one; then one that says how patients differ before one whose
    curve stands alone; then the first one given.
    """
    able = [(model, domain) for model, domain in judged if domain.answers]
    if not able:
        return None

    def rank(pair: tuple[Model, Domain]) -> tuple[bool, bool, int, bool]:
        model, domain = pair
        place = _ORDER.index(domain.standing)
        alone = not model.variability.between_subjects
        return domain.standing is Standing.EXTRAPOLATION, bool(model.unconfirmed), place, alone

    return min(able, key=rank)[0]


def _held(limit: Within, covariate: Covariate, value: Any) -> tuple[Standing, str]:
    if value is None:
        return Standing.UNKNOWN, f"{covariate.name} is not known. {limit.says}"
    given = np.asarray(value)
    codes = _codes(limit, covariate, given)
    standing = _ORDER[int(codes.max())]
    shown = given.ravel()[int(codes.argmax())]
    if standing is Standing.UNKNOWN:
        everywhere = bool((codes == _UNKNOWN).all())
        return standing, f"{covariate.name} is not known{'' if everywhere else ' everywhere'}. {limit.says}"
    written = f"'{shown}'" if covariate.in_words else _written(float(shown.real), covariate.unit)
    return standing, f"{covariate.name} is {written}. {limit.says}"


def _written(value: float, unit: str) -> str:
    """Write a value as a ward reads it: an age below one year in days, one far above it in years, no exponent."""
    if unit == "year" and abs(value) < 1:
        value, unit = value * _DAYS_OF_YEAR, "day"
    elif unit == "day" and abs(value) >= _WHOLE:
        value, unit = value / _DAYS_OF_YEAR, "year"
    return f"{value:,.0f} {unit}" if abs(value) >= _WHOLE else f"{value:.4g} {unit}"


def _codes(limit: Within, covariate: Covariate, given: Array) -> NDArray[np.int64]:
    """Return for each value the place in `Standing`."""
    if covariate.in_words:
        inside = np.isin(given, list(limit.is_))
        other = np.where(given == Standing.UNKNOWN.value, Standing.UNKNOWN.value, limit.otherwise.value)
        words = np.where(inside, Standing.INSIDE.value, other)
        return np.select([words == item.value for item in _ORDER], list(range(len(_ORDER))))
    real, outside, beyond = given.real, np.zeros(given.shape, bool), np.zeros(given.shape, bool)
    edges = {
        name: None if number is None else float(number.value.in_unit(covariate.unit))
        for name, number in (
            ("lowest", limit.lowest),
            ("highest", limit.highest),
            ("refuse_below", limit.refuse_below),
            ("refuse_above", limit.refuse_above),
        )
    }
    for name, edge in edges.items():
        if edge is not None:
            crossed = real < edge if name in ("lowest", "refuse_below") else real > edge
            if name in ("lowest", "highest"):
                outside |= crossed
            else:
                beyond |= crossed
    return np.select(
        [beyond, outside, np.isnan(real)],
        [_ORDER.index(Standing.REFUSAL), _ORDER.index(Standing.EXTRAPOLATION), _ORDER.index(Standing.UNKNOWN)],
    )


def made_beside_machines(model: Model) -> bool:
    """Tell whether its patients were on a machine, so that its clearance is already the body's and the machine's."""
    return any(limit.of == REPLACEMENT and "present" in limit.is_ for limit in model.studied.limits)


def _machines(model: Model, values: Mapping[str, Any], answer: Answer, *, entered: bool) -> list[Remark]:
    if any(limit.of == REPLACEMENT for limit in model.studied.limits):
        return []
    adds = answer is Answer.TIME_COURSE
    given = np.asarray(values.get(REPLACEMENT, Standing.UNKNOWN.value))
    if (given == "absent").all():
        return []
    if entered and adds:
        if set(CLEARANCES) & set(model.needs):
            return []
        says = "The model does not know the kidneys: beside a machine in their place its levels come out too low."
        return [Remark(REPLACEMENT, Standing.EXTRAPOLATION, says)]
    if (given == "present").any():
        says = f"A machine replaces the kidneys; what it clears of the drug is not known. {ENTER}"
        if not adds:
            says = "A machine replaces the kidneys; this gives a level and no clearance that a machine's could add to."
        return [Remark(REPLACEMENT, Standing.REFUSAL, says)]
    says = "Whether a machine replaces the kidneys is not recorded; the model holds for patients without one."
    return [Remark(REPLACEMENT, Standing.UNKNOWN, says)]
