"""The public names of population: each is there when it is asked for, and no other."""

from __future__ import annotations

from types import ModuleType

import pytest

from inotrope import population
from inotrope.population import virtual


@pytest.mark.parametrize("module", [population, virtual])
def test_every_public_name_is_there(module: ModuleType) -> None:
    assert all(getattr(module, name) is not None for name in module.__all__)


@pytest.mark.parametrize("module", [population, virtual])
def test_no_other_name_is(module: ModuleType) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'draw_patient'"):
        module.draw_patient  # noqa: B018 - a misspelled name
