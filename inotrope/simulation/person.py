"""One person as somebody describes him: covariates by name, each a text with its unit, or a word.

Knows which covariates grow with the clock. A covariate that no model reads is told and not dropped silently; a name
that nothing knows is an error. Nothing is taken for granted where nothing was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import numpy as np

from inotrope.errors import InotropeError, RequestError, nearest, shorten
from inotrope.patient import vocabulary
from inotrope.patient.measuring import possible, prove_possible
from inotrope.patient.reading import OLDEST_YEARS
from inotrope.population import Model, Series
from inotrope.population.bodies import SINCE_BIRTH
from inotrope.population.effects import WEIGHT
from inotrope.population.model import CLEARANCES, REPLACEMENT
from inotrope.population.model_files.reading import DIMENSIONS
from inotrope.units import Quantity, read_quantity, unit

GROWING = ("age", "postnatal age", "postmenstrual age", "time since bypass")
"""Covariates that grow with the clock, an hour in an hour."""
_AGES = ("age", "postnatal age", "postmenstrual age")
_AGE_UNITS = ("year", "month", "week", "day", "h")
"""As a case takes an age; no age is written in minutes."""
SPAN_H = 24.0 * 366
"""h. How far a covariate that grows is written down; no curve is longer."""
WORDS = {"sex": ("female", "male"), "indication": (), REPLACEMENT: ("present", "absent", "unknown")}
"""Words that a person may have for any model, and what they can be; empty for any word."""
_LETTERS = {"sex": {"f": "female", "m": "male"}}

Written = Mapping[str, str | Quantity]


def person(model: Model, written: Written) -> tuple[dict[str, Series], tuple[str, ...]]:
    """Return what was written of a person over time, and sentences on how it was read.

    Args:
        model: Which covariates it reads, and in which kind of unit or words.
        written: By covariate a quantity with its unit, or a word; blanks and `_` are the same.

    Raises:
        RequestError: Nothing knows the name; or it is named twice.
        UnitError: A number without a unit, or with one of another kind.
    """
    found: dict[str, Series] = {}
    says = []
    for raw, value in written.items():
        name = own_name(raw, (*model.covariates, *DIMENSIONS, *WORDS)) or raw
        if name in found:
            raise RequestError(f"'{shorten(name)}' is given twice. Give it once.", value=raw)
        series = _series(model, name, raw, value)
        if name not in model.covariates and name not in (WEIGHT, REPLACEMENT) and not _judges(model, name):
            says.append(f"Not used: {name}. Model {model.name} does not read it.")
        if name in GROWING and name in model.needs:
            says.append(f"{name} grows with the clock from {value} at 0 h on.")
        found[name] = series
    return found, tuple(says)


def _judges(model: Model, name: str) -> bool:
    """Tell whether an age is held against whom the model knows by the other name of an age."""
    return name in SINCE_BIRTH and any(limit.of in SINCE_BIRTH for limit in model.studied.limits)


def own_name(raw: str, known: Iterable[str]) -> str | None:
    """Return the known name that somebody wrote, whatever its case, with `_` for a blank; None where it is none."""
    by_plain = {_plain(name): name for name in known}
    return by_plain.get(_plain(raw))


def known_words(model: Model, name: str) -> tuple[str, ...]:
    """Return what a covariate in words can be for a model; empty where it can be any word."""
    declared = model.covariates.get(name)
    return WORDS.get(name, ()) if declared is None else declared.values


def spelled(name: str, word: str, known: tuple[str, ...]) -> str:
    """Return the known word that somebody wrote, in any case, a sex also by its letter; empty where it is none."""
    if not known or word in known:
        return word
    plain = word.casefold()
    plain = _LETTERS.get(name, {}).get(plain, plain)
    return next((own for own in known if own.casefold() == plain), "")


def _plain(raw: str) -> str:
    return " ".join(raw.replace("_", " ").casefold().split())


def _series(model: Model, name: str, raw: str, value: str | Quantity) -> Series:
    dimension = _dimension(model, name, raw)
    if not dimension:
        if isinstance(value, Quantity):
            raise RequestError(f"'{name}' is a word, and no number: '{value}'.", value=str(value))
        word = " ".join(value.split())
        meant = spelled(name, word, known_words(model, name))
        if not meant:
            listed = ", ".join(known_words(model, name)) or "any word"
            raise RequestError(f"'{shorten(word)}' is not what '{name}' can be: {listed}.", value=word, accepted=listed)
        return Series.of(meant)
    quantity = value
    if not isinstance(quantity, Quantity):
        quantity = _read(name, quantity, dimension)
    if quantity.dimension != dimension or quantity.value < 0:
        raise RequestError(
            f"'{name}' is '{quantity}'; it measures {dimension}, from 0 on.",
            value=str(quantity),
            accepted=f"{dimension}, from 0 on",
        )
    if name == WEIGHT and quantity is value:
        try:
            prove_possible(vocabulary(), "body weight", quantity, "Weight", str(quantity))
        except InotropeError as error:
            raise error.at(f"covariate '{name}'") from None
    _prove_possible(name, quantity)
    if name not in GROWING:
        return Series.of_quantity(quantity)
    start = float(quantity.in_unit("h"))
    return Series.of(np.array([start, start + SPAN_H]), unit="h", time_h=[0.0, SPAN_H], grows=True)


def possible_range(name: str) -> tuple[Quantity | None, Quantity | None]:
    """Return the least and the most that a patient can have of a covariate, as a case is held to; None for no limit."""
    words = vocabulary()
    if name in _AGES:
        return Quantity(Decimal(0), "year"), Quantity(Decimal(OLDEST_YEARS), "year")
    if name == CLEARANCES[0]:
        return None, words.limit("kidney.assumed_highest").value
    if name == "gestational age":
        born = "newborn.gestational_age"
        return words.limit(f"{born}_minimum").value, words.limit(f"{born}_maximum").value
    if name in (WEIGHT, "height"):
        kind = "body weight" if name == WEIGHT else name
        return words.limit(f"{kind}.impossible_below").value, words.limit(f"{kind}.impossible_above").value
    return None, None


def _prove_possible(name: str, quantity: Quantity) -> None:
    """Prove that a patient can have so much: 999 stands for a missing value."""
    least, most = possible_range(name)
    low = least is not None and quantity.in_unit(least.unit) < least.value
    if low or (most is not None and quantity.in_unit(most.unit) > most.value):
        accepted = f"0 or more, and at most {most}" if least is None else f"{least} to {most}"
        says = f"{name} '{quantity}' is impossible; accepted is {accepted}. Check the number."
        raise RequestError(says, value=str(quantity), accepted=accepted, where=f"covariate '{name}'")


def _read(name: str, text: str, dimension: str) -> Quantity:
    try:
        if name == WEIGHT:
            return possible(vocabulary(), "body weight", text, "Weight", ("body weight",))
        units = _AGE_UNITS if name in _AGES else ()
        # No age, no clearance, no albumin is a value; a height of nothing is none.
        return read_quantity(text, what=name, dimensions=(dimension,), positive=dimension == "length", units=units)
    except InotropeError as error:
        raise error.at(f"covariate '{name}'") from None


def _dimension(model: Model, name: str, raw: str) -> str:
    """Return what a covariate measures; empty for a word."""
    if name in model.covariates:
        declared = model.covariates[name]
        return "" if declared.in_words else unit(declared.unit).dimension
    if name in DIMENSIONS:
        return DIMENSIONS[name]
    if name in WORDS:
        return ""
    known = {*model.covariates, *DIMENSIONS, *WORDS}
    listed = ", ".join(model.needs) or "nothing"
    raise RequestError(
        f"'{shorten(raw)}' is no covariate; {nearest(name, known)}. Model {model.name} needs: {listed}.",
        value=raw,
        accepted=", ".join(sorted(known)),
    )
