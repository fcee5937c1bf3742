"""What holds for the whole suite."""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings

# No test asserts a time: a busy machine is no defect.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.fixture
def uncounted() -> Iterator[None]:
    """Run a test without the counting of covered lines, which makes it three times slower.

    For tests that do the same over thousands of cases: that every line of units, patient, dosing, safety, order,
    population, forecast, kinetics, circulation, simulation and estimation is run stands on the tests that mirror them,
    one by one.
    """
    counting = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(counting)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for rubbish: the many objects live to the end, and no later look goes through them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
