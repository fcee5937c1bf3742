"""What guards every answer: foreign names and pages, bodies beyond all measure, and what goes out with all of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from inotrope.patient.examples import read_example
from inotrope.web import Settings, create_app
from inotrope.web.guard import Guard
from inotrope.web.guard.headers import HEADERS
from inotrope.web.guard.proof import Proof
from tests.web.entering import Ward

OWN = "http://127.0.0.1:8480"
CASE = read_example("sound-adult")


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/plan", "/static/bedside.css", "/static/nothing", "/api/v1/nothing"]
)
@pytest.mark.hazard("patient-read-by-others")
def test_every_answer_says_what_a_page_may_load_and_that_nothing_keeps_it(client: TestClient, path: str) -> None:
    found = client.get(path).headers
    for name, value in HEADERS.items():
        if name == "Cache-Control" and path.startswith("/static/"):
            assert found[name] == "no-cache"
        else:
            assert found[name] == value
    assert "unsafe" not in found["Content-Security-Policy"]
    assert "server" not in found


@pytest.mark.parametrize("host", ["127.0.0.1:8480", "127.0.0.1", "localhost:8480", "LOCALHOST", "[::1]:8480"])
def test_the_names_of_this_machine_are_answered_to(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "127.0.0.1.evil.example", "127.0.0.1:8480@evil", ""])
@pytest.mark.hazard("patient-read-by-others")
def test_a_foreign_name_is_not(client: TestClient, host: str) -> None:
    found = client.get("/api/v1/health", headers={"host": host})
    assert found.status_code == 421
    assert set(found.json()["error"]) == {"kind", "says", "value", "accepted", "where"}


@pytest.mark.parametrize(
    "headers",
    [
        {},  # a program
        {"origin": OWN},
        {"origin": OWN, "sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ],
)
def test_our_own_pages_and_programs_are_computed_for(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/plan", data={"case": CASE}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:8480"},  # another name, another origin
        {"origin": "https://127.0.0.1:8480"},
        {"origin": OWN, "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},  # another port of this machine
    ],
)
@pytest.mark.hazard("patient-read-by-others")
def test_a_foreign_page_computes_nothing(client: TestClient, headers: dict[str, str]) -> None:
    found = client.post("/plan", data={"case": CASE}, headers=headers)
    assert found.status_code == 403
    assert "not ours" in found.text


def test_two_names_are_no_name_and_a_long_address_is_refused(client: TestClient) -> None:
    assert client.get("/", headers=[("host", "localhost"), ("host", "127.0.0.1")]).status_code == 400  # type: ignore[arg-type]
    assert client.get("/" + "a" * 2_001).status_code == 414
    assert client.get("/?" + "a" * 2_001).status_code == 414


@pytest.fixture
def small() -> Iterator[TestClient]:
    """A server that reads 1,000 bytes, within a fifth of a second."""
    settings = Settings(workers=1, largest_body=1_000, slowest_body_s=0.2)
    with TestClient(create_app(settings), base_url=OWN) as found:
        yield found


@pytest.mark.parametrize("size", [1_001, 19_000, 30_000, 10**7])
def test_a_body_beyond_the_limit_is_refused_with_its_length_and_without(small: TestClient, size: int) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(size // 500 + 1):
            yield b"a" * 500

    assert small.post("/plan", content=b"a" * size).status_code == 413
    chunked = small.post("/plan", content=parts())
    assert chunked.status_code == 413
    assert chunked.headers["connection"] == "close"
    assert "larger than anything" in chunked.text


def test_a_body_at_the_limit_is_read(small: TestClient) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert small.post("/plan", content=b"case=".ljust(1_000, b"a"), headers=form).status_code == 422


def test_a_packed_body_is_not_unpacked(small: TestClient) -> None:
    assert small.post("/plan", content=b"\x1f\x8b", headers={"content-encoding": "gzip"}).status_code == 415


@pytest.mark.parametrize("kind", ["chunked", "Chunked, identity", ""])
def test_a_body_of_two_lengths_is_not_read(small: TestClient, kind: str) -> None:
    both = {"content-length": "5", "transfer-encoding": kind}
    answer = small.post("/plan", content=b"case=", headers=both)
    assert (answer.status_code, answer.headers["connection"]) == (400, "close")


def ask(
    app: Any, *messages: Message | None, path: str = "/plan", headers: dict[str, str] | None = None
) -> list[Message]:
    """Send one request by hand, message by message; None is a message that never comes."""
    sent: list[Message] = []
    named = {"host": "127.0.0.1:8480", **(headers or {})}
    scope: Scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": []}
    scope |= {"server": ("127.0.0.1", 8480), "scheme": "http", "root_path": ""}
    scope["headers"] = [(name.encode(), value.encode()) for name, value in named.items()]

    async def come() -> AsyncIterator[Message]:
        for message in messages:
            if message is None:
                await asyncio.sleep(60)
            else:
                yield message

    coming = come()

    async def receive() -> Message:
        return await anext(coming)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("nobody comes here")


def test_a_body_that_stands_still_is_not_waited_for() -> None:
    guard = Guard(nothing, Settings(slowest_body_s=0.05))
    begun: Message = {"type": "http.request", "body": b"ca", "more_body": True}
    assert ask(guard, begun, None)[0]["status"] == 408


def test_whoever_has_gone_is_not_answered() -> None:
    guard = Guard(nothing, Settings())
    begun: Message = {"type": "http.request", "body": b"ca", "more_body": True}
    assert ask(guard, begun, {"type": "http.disconnect"}) == []


@pytest.mark.hazard("patient-read-by-others")
def test_what_fails_is_told_without_what_was_typed(caplog: pytest.LogCaptureFixture) -> None:
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        assert (await receive())["body"] == b"name=Adams"
        raise KeyError("Adams")

    with caplog.at_level(logging.DEBUG):
        sent = ask(Guard(fails, Settings()), {"type": "http.request", "body": b"name=Adams"}, path="/api/v1/plan")
    assert sent[0]["status"] == 500
    assert b'"kind":"server"' in sent[1]["body"]
    assert "failed: KeyError at proof.py:" in caplog.text
    assert "Adams" not in caplog.text + str(sent)


def test_what_fails_after_it_began_says_no_second_thing() -> None:
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    sent = ask(Guard(fails, Settings()), {"type": "http.request", "body": b""})
    assert [message["type"] for message in sent] == ["http.response.start"]


def test_what_answers_is_given_up_where_whoever_asked_has_gone() -> None:
    heard: list[str] = []

    async def waits(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append((await receive())["type"])
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            heard.append("given up")
            raise

    assert ask(Guard(waits, Settings()), {"type": "http.request", "body": b"a"}, {"type": "http.disconnect"}) == []
    assert heard == ["http.request", "given up"]


def test_an_answer_that_has_begun_hears_that_whoever_asked_has_gone_and_ends_itself() -> None:
    heard: list[str] = []

    async def streams(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        heard.extend([(await receive())["type"], (await receive())["type"]])
        await asyncio.sleep(0.01)
        await send({"type": "http.response.body", "body": b"the end"})

    sent = ask(Guard(streams, Settings()), {"type": "http.request", "body": b"a"}, {"type": "http.disconnect"})
    assert heard == ["http.request", "http.disconnect"]
    assert sent[-1]["body"] == b"the end"


def test_what_fails_after_it_began_to_wait_is_told() -> None:
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.01)
        raise RuntimeError

    assert ask(Guard(fails, Settings()), {"type": "http.request", "body": b""}, None)[0]["status"] == 500


def test_what_stands_behind_the_proof_hears_that_whoever_asked_has_gone(ward: Ward) -> None:
    heard: list[Message] = []

    async def waits(scope: Scope, receive: Receive, send: Send) -> None:
        heard.extend([await receive(), await receive()])

    async def with_a_session(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = {"csrf": "a" * 64}
        await Proof(waits, ward.settings, ward.gate)(scope, receive, send)

    sent = {"type": "http.request", "body": b"x"}
    ask(with_a_session, sent, {"type": "http.disconnect"}, headers={"x-csrf-token": "a" * 64})
    assert [message["type"] for message in heard] == ["http.request", "http.disconnect"]
