"""The error of a measurement where a publication states none: this project's own, which the vocabulary holds.

Knows no drug: it is a judgement on assays and on the clock times of a ward.
"""

from __future__ import annotations

from inotrope.estimation.problem import ErrorModel
from inotrope.patient import vocabulary
from inotrope.patient.vocabulary import Limit
from inotrope.population import ResidualForm


def default_parts() -> tuple[Limit, Limit]:
    """Return the part that every level has, ng/mL, and the part in proportion to it, %, with their sources."""
    words = vocabulary()
    return words.limit("fit.error_in_every_level"), words.limit("fit.error_in_proportion")


def default_error() -> ErrorModel:
    """Return the error of a measurement that stands in for one that nobody states."""
    a, b = default_parts()
    form = ResidualForm.ROOT_OF_SQUARES
    return ErrorModel(form, float(a.value.in_unit("ng/mL")), float(b.value.in_unit("%")) / 100)
