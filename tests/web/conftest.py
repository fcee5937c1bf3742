"""The application, asked without a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from inotrope.web import Settings, create_app

ADDRESS = "http://127.0.0.1:8480"
"""Where the application is told that it is asked."""


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(workers=2)), base_url=ADDRESS) as found:
        yield found
