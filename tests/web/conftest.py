"""The application, asked without a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from inotrope.access import passwords
from inotrope.web import Settings, create_app
from tests.databases import *  # noqa: F403 - its fixtures
from tests.web.entering import Ward, open_ward

ADDRESS = "http://127.0.0.1:8480"
"""Where the application is told that it is asked."""


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(workers=2)), base_url=ADDRESS) as found:
        yield found


@pytest.fixture
def ward(sqlite_form: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ward]:
    """An application with users; passwords are hashed with the least work."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    found = open_ward(sqlite_form, tmp_path)
    with found.client:
        yield found
