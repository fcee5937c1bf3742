"""The two hearts of the library, and their settled beats."""

from __future__ import annotations

from functools import cache

import pytest

from inotrope.circulation import Heart, calibrate
from inotrope.circulation.beats import Beat, Chambers, settled_beat
from inotrope.population.response import HeartFile

from ..patients import failing, healthy


@cache
def of_file(name: str, left_v0_ml: float | None = None) -> tuple[Heart, Chambers]:
    file: HeartFile = {"failing": failing, "healthy": healthy}[name]()
    heart = calibrate(file.bedside, file.assumed(left_v0_ml=left_v0_ml))
    return heart, Chambers.of(heart, **file.chambers)


@cache
def beat_of(name: str, left_v0_ml: float | None = None) -> Beat:
    return settled_beat(*of_file(name, left_v0_ml))


@pytest.fixture(params=["failing", "healthy"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)
