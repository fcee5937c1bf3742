"""The models of a drug as plans, fits and searches ask them: the shipped ones are read once in a process.

Knows where the library lies. A folder of one's own is read anew each time, for it may change.
"""

from __future__ import annotations

from functools import cache

from inotrope.drug import Drug, load_drug
from inotrope.drug.folder import LIBRARY
from inotrope.population import Model, load_models


def models_of(drug: Drug) -> tuple[Model, ...]:
    """Return all models of a drug, in the order of their names.

    Raises:
        LibraryError: A file is not sound; the first problem is named with file, line and key.
    """
    return _shipped(drug.name) if drug.folder == LIBRARY / drug.name else load_models(drug)


@cache
def _shipped(drug: str) -> tuple[Model, ...]:
    return load_models(load_drug(drug))
