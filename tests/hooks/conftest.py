"""The hooks for the tests: an application whose clock stands at the deck's moment, asked without a server."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from inotrope.access.clients.settings import Clients
from inotrope.hooks.app import Hooks
from inotrope.hooks.settings import HooksSettings

DECK = Path(__file__).parents[1] / "fhir" / "deck"
REQUESTS = sorted(folder for folder in DECK.iterdir() if (folder / "request.json").exists())
HERE = "https://inotrope.ward.example"
HOST = "inotrope.ward.example"
AT = "/cds-services/inotrope"
NOW = datetime.fromisoformat("2026-11-22T08:00:00+01:00")


def request_of(number: int) -> dict[str, Any]:
    """A request of the deck, by its number."""
    folder = next(folder for folder in REQUESTS if folder.name.startswith(f"{number:03}-"))
    return json.loads((folder / "request.json").read_text("utf-8"))


@dataclass
class Asked:
    """Asks an application, without a server."""

    app: Hooks

    def __call__(self, method: str, path: str, **more: Any) -> httpx2.Response:
        async def ask() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app)
            async with httpx2.AsyncClient(transport=transport, base_url=HERE) as client:
                return await client.request(method, path, **more)

        return asyncio.run(ask())

    def post(self, document: Any, path: str = AT, **more: Any) -> httpx2.Response:
        return self("POST", path, json=document, **more)

    def cards(self, document: Any) -> list[dict[str, Any]]:
        answer = self.post(document)
        assert answer.status_code == 200, answer.text
        return answer.json()["cards"]


@pytest.fixture
def make() -> Iterator[Callable[..., Asked]]:
    """Makes an application that believes everybody, or as it is set."""
    made: list[Hooks] = []

    def one(
        *,
        clients: Clients | None = None,
        now: datetime = NOW,
        settings: dict[str, Any] | None = None,
        **more: Any,
    ) -> Asked:
        chosen = {"trusting": True, "workers": 2, "longest_answer_s": 120.0} | (settings or {})
        app = Hooks(HooksSettings(clients or Clients(HERE), (HOST,), **chosen), clock=lambda: now, **more)
        made.append(app)
        return Asked(app)

    yield one
    for app in made:
        app.close()


@pytest.fixture
def ask(make: Callable[..., Asked]) -> Asked:
    return make()


@pytest.fixture
def sound() -> dict[str, Any]:
    """A request that gets no card: the label's standard rate for a sound adult."""
    return copy.deepcopy(request_of(158))


@pytest.fixture
def grave() -> dict[str, Any]:
    """A request that gets one critical card: milrinone with an obstruction."""
    return copy.deepcopy(request_of(108))
