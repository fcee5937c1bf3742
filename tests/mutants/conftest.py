"""The mutants run without the counting of covered lines: they cover nothing new."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def of_every_test(uncounted: None) -> None:
    """Every test of this folder is one of thousands of cases."""
