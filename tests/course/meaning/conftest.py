"""A course whose clock a test sets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.course.meaning.ward import Ward, ward


@pytest.fixture
def bed(tmp_path: Path) -> Iterator[Ward]:
    """A course with the shipped adult in it: opened (1), case (2)."""
    with ward(tmp_path) as made:
        yield made


@pytest.fixture
def empty_bed(tmp_path: Path) -> Iterator[Ward]:
    """A course without a case: opened (1)."""
    with ward(tmp_path, empty=True) as made:
        yield made
