"""Kill -9 at any moment under writers who write at once: what was acknowledged is there, and the chain holds."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from inotrope.course import open_store
from inotrope.errors import CourseError
from tests.course.keeping.killing import kill_writers

if TYPE_CHECKING:
    from tests.databases import Server


@pytest.mark.hazard("record-lost-or-changed")
def test_twenty_kills_lose_nothing_that_was_acknowledged(database: str, uncounted: None) -> None:
    acknowledged, kept = kill_writers(database, rounds=20, seed=8)
    assert acknowledged > 20
    assert acknowledged <= kept <= acknowledged + 20 * 3


@pytest.mark.slow
def test_two_hundred_kills_lose_nothing_that_was_acknowledged(database: str) -> None:
    acknowledged, kept = kill_writers(database, rounds=200, seed=88)
    assert acknowledged > 200
    assert acknowledged <= kept <= acknowledged + 200 * 3


@pytest.mark.slow
def test_a_server_that_loses_its_power_loses_nothing_that_was_acknowledged(postgresql: Server) -> None:
    where = postgresql.url(postgresql.new())
    open_store(where, create=True).close()

    def power_cut() -> None:
        postgresql.stop("immediate")
        postgresql.start()
        for _ in range(100):
            with suppress(CourseError), open_store(where):
                return
            time.sleep(0.1)

    acknowledged, kept = kill_writers(where, rounds=5, seed=888, between=power_cut)
    assert acknowledged > 5
    assert acknowledged <= kept <= acknowledged + 5 * 3
