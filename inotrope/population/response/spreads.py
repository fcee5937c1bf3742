"""How patients differ: spreads of bedside numbers, of what is assumed and of the answer to a drug, as files state it.

Knows the tables `[[spread]]` and `[[correlation]]`: for each number a form in which it is normal, an SD, and how many
SDs away the last patient lies; between two numbers a correlation. Every one is a judgement with its argument. Does not
know what the numbers are the medians of.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.drug import Counted
from inotrope.drug.reading import Section
from inotrope.errors import nearest, shorten

UNBOUNDED = float("inf")
PAIR = 2
OBSERVED = (
    "heart_rate",
    "cardiac_output",
    "mean_arterial_pressure",
    "central_venous_pressure",
    "wedge_pressure",
    "transpulmonary_gradient",
    "left_ejection_fraction",
    "right_ejection_fraction",
)
"""What a bedside spreads in: the mean pulmonary pressure is the wedge pressure and the gradient, so never below it."""
ASSUMED_SPREADS = ("left_v0", "systemic_veins", "reflex")
DRUG_SPREADS = ("force", "arteries", "veins", "rate", "arteries_half", "sensitivity")
"""Of a response; `sensitivity` moves all levels of half effect together."""


class Form(StrEnum):
    """In what a number is normal."""

    LOG = "log"
    LOGIT = "logit"


@dataclass(frozen=True, slots=True)
class Spread:
    """How one number differs between patients.

    Attributes:
        of: Its name.
        form: Its logarithm is normal, or its log odds, which keeps a share between 0 and 1.
        sd: Of that.
        within: No patient lies more SDs away from the median; None where nothing but the form bounds it.
    """

    of: str
    form: Form
    sd: Counted
    within: Counted | None

    @property
    def farthest(self) -> float:
        """The bound in SDs."""
        return UNBOUNDED if self.within is None else float(self.within.value)


@dataclass(frozen=True, slots=True)
class Correlation:
    """That two numbers of a bedside go together."""

    between: tuple[str, str]
    r: Counted


@dataclass(frozen=True, slots=True)
class Spreads:
    """All spreads of a file, in the order of the names asked for; empty where a file states none."""

    spreads: tuple[Spread, ...]
    correlations: tuple[Correlation, ...] = ()

    @property
    def sds(self) -> Array:
        """(names,)."""
        return np.array([float(item.sd.value) for item in self.spreads])

    @property
    def farthest(self) -> Array:
        """(names,), in SDs; infinite where a form alone bounds a number."""
        return np.array([item.farthest for item in self.spreads])

    @property
    def correlation(self) -> Array:
        """(names, names)."""
        places = {item.of: place for place, item in enumerate(self.spreads)}
        found = np.eye(len(places))
        for item in self.correlations:
            one, other = (places[name] for name in item.between)
            found[one, other] = found[other, one] = float(item.r.value)
        return found


def transform(form: Form, value: Array) -> Array:
    """Return a number in the form in which it is normal."""
    return np.asarray(np.log(value) if form is Form.LOG else np.log(value / (1 - value)))


def restore(form: Form, transformed: Array) -> Array:
    """Return the number behind its logarithm or log odds."""
    return np.asarray(np.exp(transformed) if form is Form.LOG else 1 / (1 + np.exp(-transformed)))


def read_spreads(section: Section, names: Collection[str], *, may_lack: bool = False) -> Spreads:
    """Return the tables `[[spread]]` and `[[correlation]]` of a file: each name once, or none where that may be."""
    given = section.sections("spread", at_least=0 if may_lack else 1)
    found: dict[str, Spread] = {}
    for each in given:
        spread = Spread(
            of=each.text("of"),
            form=each.choice("form", Form),
            sd=each.counted("sd"),
            within=each.counted("within") if each.has("within") else None,
        )
        each.done()
        if spread.of not in names or spread.of in found:
            says = "stands here twice" if spread.of in found else f"has no spread; {nearest(spread.of, names)}"
            each.problem(f"'{shorten(spread.of)}' {says}.", "of")
        found[spread.of] = spread
    missing = [name for name in names if name not in found]
    if given and missing:
        section.problem(f"The spread of {', '.join(missing)} is missing.", "spread")
    correlations = _read_correlations(section, found)
    sound = not missing and set(found) <= set(names)
    return Spreads(tuple(found[name] for name in names), correlations) if sound else Spreads(())


def _read_correlations(section: Section, known: Collection[str]) -> tuple[Correlation, ...]:
    found = []
    for each in section.sections("correlation"):
        between, r = each.texts("between"), each.counted("r", positive=False)
        each.done()
        if len(between) != len(set(between)) or len(between) != PAIR or not set(between) <= set(known):
            each.problem("A correlation is between two different names that have a spread.", "between")
        elif abs(r.value) >= Decimal(1):
            each.problem("A correlation lies between -1 and 1.", "r")
        else:
            found.append(Correlation((between[0], between[1]), r))
    if found:
        matrix = Spreads(tuple(Spread(name, Form.LOG, found[0].r, None) for name in known), tuple(found)).correlation
        if float(np.linalg.eigvalsh(matrix)[0]) <= 0:
            section.problem("These correlations cannot all be true: their matrix is not positive definite.")
    return tuple(found)
