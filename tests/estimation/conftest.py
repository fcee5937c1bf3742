from __future__ import annotations

from pathlib import Path

import pytest

from inotrope.population import Model, load_model
from tests.estimation.models import write_model


@pytest.fixture
def model(tmp_path: Path) -> Model:
    """Give the model of `map_estimates`: two compartments, omega 0.3 each, 15 % and 0.5 ng/mL of error."""
    return load_model(write_model(tmp_path))
