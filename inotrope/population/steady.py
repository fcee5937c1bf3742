"""The level that a constant rate comes to in the end, as a publication gives it.

Knows two ways: rate over clearance, and levels that were observed at one rate. It never draws a curve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from inotrope.drug import Sourced
from inotrope.errors import RequestError
from inotrope.population.effects import WEIGHT, belongs, effect_values
from inotrope.population.forms import Array
from inotrope.population.model import Answer, Level, Model
from inotrope.population.typical import prove_values, typical_parameter


@dataclass(frozen=True, slots=True)
class SteadyLevel:
    """Levels in ng/mL, how they came about in words, and the spread that was printed beside them, if any."""

    level_ng_per_ml: Array
    says: str
    printed_sd_ng_per_ml: Array | None


def steady_level(model: Model, values: Mapping[str, Any], *, rate_mcg_per_h: Array) -> SteadyLevel:
    """Return the typical level of a constant rate in the end.

    Args:
        model: A model with a clearance, or with levels at a known rate.
        values: By covariate, arrays in the unit that the model declares.
        rate_mcg_per_h: The rate, mcg/h; broadcasts with the covariates.

    Returns:
        ng/mL: rate / clearance (mcg/h over L/h); or the observed level, in proportion to the rate where the rate is
        another one than that of the patients observed, and then the words say so.

    Raises:
        RequestError: The model gives no level; a covariate is missing.
    """
    lacking = model.lacking(Answer.STEADY_LEVEL)
    if lacking:
        raise RequestError(f"Model {model.name} gives no steady level. It lacks {'; '.join(lacking)}.")
    rate = np.asarray(rate_mcg_per_h)
    if model.level is not None:
        return _observed(model, model.level, values, rate)
    clearance = typical_parameter(model, "clearance", values)
    return SteadyLevel(rate / clearance, "rate over the typical clearance", None)


def _observed(model: Model, level: Level, values: Mapping[str, Any], rate: Array) -> SteadyLevel:
    at_rate = level.at_rate.value
    proved = prove_values(model, dict.fromkeys((*level.effect.needs, WEIGHT)), values)
    observed = effect_values(level.effect, model.covariates, proved, "ng/mL")
    own = float(at_rate.in_unit("mcg/kg/h")) * proved[WEIGHT]
    ratio = rate / own
    if not (np.asarray(observed).real > 0).all():
        raise RequestError(f"Model {model.name}: the line gives no level above zero for this patient.")
    same = bool(np.allclose(np.asarray(ratio).real, 1, rtol=1e-6))
    says = f"as observed at {at_rate}" if same else f"as observed at {at_rate}, in proportion to the rate"
    members = [belongs(group, model.covariates, proved) for group in level.effect.groups]
    printed = [
        float(group.sd.value.in_unit("ng/mL")) if isinstance(group.sd, Sourced) else np.nan
        for group in level.effect.groups
    ]
    spread = np.select(list(np.broadcast_arrays(*members)), printed, default=np.nan) * ratio if members else None
    return SteadyLevel(observed * ratio, says, spread)
