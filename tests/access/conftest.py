"""What the tests of who may stand on: an open database of each kind, and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from inotrope.access.gate import Gate
from inotrope.course.keeping.opening import Database, open_database
from tests.databases import *  # noqa: F403 - its fixtures

GOOD = "four words for a ward"
"""A password that may be one."""


@dataclass
class Clock:
    """Seconds since 1970, moved by hand."""

    now: float = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(database: str) -> Iterator[Database]:
    """An open database of each kind."""
    found = open_database(database)
    yield found
    found.close()


@pytest.fixture
def gate(opened: Database, clock: Clock) -> Gate:
    return Gate(opened, clock=clock)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with the least work: that the real work is done has its own test."""
    from argon2 import PasswordHasher

    from inotrope.access import passwords

    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
