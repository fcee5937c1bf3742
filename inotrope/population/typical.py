"""The typical parameters of a model for one patient or for many: covariates in, parameters out.

Knows the internal unit of each parameter and that a covariate which the model needs and nobody gave is an error. It
does not know when a covariate was measured (`over_time.py`) or how patients spread (`spread.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from inotrope.errors import RequestError, nearest, shorten
from inotrope.kinetics import Parameters
from inotrope.population.effects import effect_values
from inotrope.population.forms import Array
from inotrope.population.model import DISPOSITION, Answer, Covariate, Model, Parameter, Standing

FLOWS, VOLUMES, TIMES = ("clearance", "q2", "q3", "renal_clearance"), ("volume", "v2", "v3"), ("half_life",)
INTERNAL = {**dict.fromkeys(FLOWS, "L/h"), **dict.fromkeys(VOLUMES, "L"), **dict.fromkeys(TIMES, "h")}
"""Every parameter that a model may have, and the unit in which it comes out."""
PER_KG = {"L/h": "L/kg/h", "L": "L/kg"}
"""The internal unit of a value that is printed per kg, before the weight."""


def typical_values(model: Model, values: Mapping[str, Any]) -> dict[str, Array]:
    """Return every parameter of a model, by name, in L/h, L or h.

    Args:
        model: A model, also one that lacks something: what is known of it can be looked at.
        values: For each covariate of `model.needs` an array (..., rows) in the unit that the model declares for it, or
            of words; they broadcast to one shape. Covariates that no parameter reads are ignored.

    Returns:
        Arrays of the broadcast shape of the covariates that the parameter reads.

    Raises:
        RequestError: A covariate is missing (all of them are named, with unit and parameter), is not a number, is a
            word that the model does not know; or a parameter comes out at or below zero.
    """
    proved = prove_values(model, model.needs, values)
    return {name: _parameter(model, parameter, proved) for name, parameter in model.parameters.items()}


def typical_parameter(model: Model, name: str, values: Mapping[str, Any]) -> Array:
    """Return one parameter of a model, in L/h, L or h; see `typical_values`.

    Raises:
        RequestError: As there; or the model has no such parameter.
    """
    if name not in model.parameters:
        raise RequestError(
            f"Model {model.name} has no parameter '{shorten(name)}'; {nearest(name, model.parameters)}.", value=name
        )
    parameter = model.parameters[name]
    return _parameter(model, parameter, prove_values(model, parameter.needs, values))


def disposition(model: Model, values: Mapping[str, Array]) -> Parameters:
    """Return what the kinetics needs, from the parameters by name.

    Args:
        model: A model of a course over time.
        values: By parameter, arrays in L/h and L: typical ones, or those of individuals.

    Raises:
        RequestError: The model draws no curve, or lacks what a curve needs; what is missing is named.
    """
    lacking = model.lacking(Answer.TIME_COURSE)
    if lacking:
        raise RequestError(f"Model {model.name} gives no course over time. It lacks {'; '.join(lacking)}.")
    names = {"clearance": "clearance_l_per_h", "volume": "volume_l"}
    named = {
        names.get(name, f"{name}_l" + "_per_h" * name.startswith("q")): name for name in DISPOSITION[model.structure]
    }
    return Parameters.of(**{argument: values[name] for argument, name in named.items()})


def prove_values(model: Model, names: Iterable[str], values: Mapping[str, Any]) -> dict[str, Array]:
    """Return the named covariates as arrays, each proved to be there and to be what the model declares.

    Raises:
        RequestError: As `typical_values` says.
    """
    needed = tuple(names)
    missing = [name for name in needed if not is_known(model.covariates[name], values.get(name))]
    if missing:
        listed = ", ".join(_described(model.covariates[name]) for name in missing)
        raise RequestError(f"Model {model.name} needs {listed}. Give it, or take a model that does without.")
    return {name: _proved(model, model.covariates[name], values[name]) for name in needed}


def is_known(covariate: Covariate, value: Any) -> bool:
    """Tell whether a covariate is given; the word `unknown` gives nothing, unless the model has a place for it."""
    if value is None:
        return False
    unknown = Standing.UNKNOWN.value
    return not covariate.in_words or unknown in covariate.values or not (np.asarray(value) == unknown).any()


def _parameter(model: Model, parameter: Parameter, values: Mapping[str, Array]) -> Array:
    unit = INTERNAL[parameter.name]
    inner = PER_KG[unit] if any(effect.form == "per_kg" for effect in parameter.effects) else unit
    found: Any = 1.0 if parameter.typical is None else float(parameter.typical.value.in_unit(inner))
    for effect in parameter.effects:
        found = found * effect_values(effect, model.covariates, values, inner)
    result = np.asarray(found)
    if not (result.real > 0).all():
        raise RequestError(
            f"Model {model.name}: {parameter.name} comes to {result.real.min():.4g} {unit}, which no body has. "
            f"It depends on {', '.join(parameter.needs)}."
        )
    return result


def _proved(model: Model, covariate: Covariate, value: Any) -> Array:
    given = np.asarray(value)
    if covariate.in_words:
        words = sorted(set(given.astype(str).ravel().tolist()))
        strange = [word for word in words if covariate.values and word not in covariate.values]
        if strange:
            raise RequestError(
                f"'{shorten(str(strange[0]))}' is not what model {model.name} knows of {covariate.name}. "
                f"It knows: {', '.join(covariate.values)}.",
                value=strange[0],
            )
        return given
    wrong = np.isnan(given) if given.dtype.kind in "fc" else np.full(given.shape, given.dtype.kind not in "iu")
    if wrong.any():
        place = np.argwhere(np.atleast_1d(wrong))[0]
        raise RequestError(
            f"Model {model.name}: {_described(covariate)} is not a number in row {int(place[-1])}.", value=str(value)
        )
    return given


def _described(covariate: Covariate) -> str:
    of = f"in {covariate.unit}" if covariate.unit else f"one of: {', '.join(covariate.values) or 'any word'}"
    return f"'{covariate.name}' ({of})"
