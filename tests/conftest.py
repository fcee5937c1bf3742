"""What holds for the whole suite."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings

from tests.counting import counts, is_counted, load_everything, not_counting

# No test asserts a time: a busy machine is no defect.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.fixture
def uncounted() -> Iterator[None]:
    """Run a test without the counting of covered lines: one that does the same over thousands of cases.

    That every line that the Makefile demands is run stands on the other tests, one by one.
    """
    with not_counting():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count the lines that a test runs, where its folder is counted."""
    if is_counted(item.path):
        return (yield)
    with not_counting():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without counting, and without looking for rubbish: the many objects live to the end."""
    if counts():
        load_everything()
    gc.disable()
    try:
        with not_counting():
            return (yield)
    finally:
        gc.freeze()
        gc.enable()
