"""What the tests of kept courses stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inotrope.course import Courses, open_store
from tests.databases import *  # noqa: F403 - its fixtures


@pytest.fixture
def store(database: str) -> Iterator[Courses]:
    """An open store on each kind of database."""
    with open_store(database) as found:
        yield found
