from __future__ import annotations

from pathlib import Path

import pytest

from inotrope.population import Model, load_model

from .models import write_model


@pytest.fixture
def one(tmp_path: Path) -> Model:
    """Give a model of one compartment with the covariates CL and V1."""
    return load_model(write_model(tmp_path, compartments=1))


@pytest.fixture
def two(tmp_path: Path) -> Model:
    """Give a model of two compartments with the covariates CL, V1, Q and V2."""
    return load_model(write_model(tmp_path))
