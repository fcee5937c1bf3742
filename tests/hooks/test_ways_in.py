"""Who is let in, how much and for how long, what a browser may read, and what is noted: nothing of a patient."""

from __future__ import annotations

import asyncio
import copy
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, KeySet

from inotrope.access.audit import Audit
from inotrope.access.clients.settings import Client, Clients
from inotrope.access.clients.tokens import Trust
from inotrope.course.keeping.opening import open_database
from inotrope.hooks import app as hooks_app
from inotrope.hooks.noting import Notes
from tests.databases import *  # noqa: F403 - its fixtures
from tests.hooks.conftest import AT, HERE, Asked, request_of

ISSUER = "https://ehr.example"
KEY = ECKey.generate_key("P-384", {"kid": "one"})
CLIENTS = Clients(
    HERE,
    {ISSUER: Client("ward record", ISSUER, KeySet([KEY]), launch=f"{HERE}/launch")},
    page=f"{HERE}/case",
    origins=("https://ehr.example",),
)


def bearer(audience: str, **changed: Any) -> dict[str, str]:
    claims = {"iss": ISSUER, "aud": f"{HERE}{audience}", "iat": 1_000, "exp": 1_300, "jti": "one"} | changed
    header = {"alg": "ES384", "kid": "one", "typ": "JWT"}
    token = jws.serialize_compact(header, json.dumps(claims).encode(), KEY, algorithms=["ES384"])
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def proved(make: Callable[..., Asked]) -> Asked:
    """An application that believes tokens alone."""
    return make(clients=CLIENTS, settings={"trusting": False}, trust=Trust(CLIENTS, lambda: 1_000.0))


def test_every_way_in_asks_for_a_token(proved: Asked, sound: dict[str, Any]):
    for answer in (proved("GET", "/cds-services"), proved.post(sound), proved.post({}, f"{AT}/feedback")):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["issue"][0]["code"] == "login"


def test_a_token_for_this_very_address_opens_it(proved: Asked, sound: dict[str, Any]):
    assert proved("GET", "/cds-services", headers=bearer("/cds-services")).status_code == 200
    assert proved.post(sound, headers=bearer(AT, jti="two")).json() == {"cards": []}
    wrong = proved.post(sound, headers=bearer("/cds-services", jti="three"))
    assert wrong.status_code == 401
    assert "another address" in wrong.text


def test_a_token_is_not_played_again(proved: Asked, sound: dict[str, Any]):
    headers = bearer(AT)
    assert proved.post(sound, headers=headers).status_code == 200
    assert proved.post(sound, headers=headers).status_code == 401


def test_a_client_s_launch_gets_the_card_and_no_patient(proved: Asked, grave: dict[str, Any]):
    [card] = proved.post(grave, headers=bearer(AT)).json()["cards"]
    smart = next(link for link in card["links"] if link["type"] == "smart")
    assert smart["url"] == f"{HERE}/launch"
    assert json.loads(smart["appContext"]) == {"card": card["uuid"]}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/cds-services/", 200),
        ("GET", "/cds-services/inotrope", 405),
        ("POST", "/cds-services", 405),
        ("PUT", "/cds-services/inotrope", 405),
        ("POST", "/cds-services/other", 404),
        ("POST", "/cds-services/inotrope/feedback/more", 404),
        ("GET", "/cds-services/inotrope/feedback", 405),
        ("GET", "/", 404),
    ],
)
def test_what_is_not_there_is_told_so(ask: Asked, method: str, path: str, status: int):
    answer = ask(method, path)
    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"
    if status != 200:
        assert answer.json()["resourceType"] == "OperationOutcome"


def test_a_foreign_name_is_not_answered_to(ask: Asked):
    assert ask("GET", "/cds-services", headers={"Host": "evil.example"}).status_code == 421


def test_a_page_of_a_listed_origin_may_read_an_answer_and_no_other(make: Callable[..., Asked]):
    ask = make(clients=CLIENTS)
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    listed = ask("OPTIONS", AT, headers={"Origin": "https://ehr.example", **asked})
    assert listed.status_code == 204
    assert listed.headers["access-control-allow-origin"] == "https://ehr.example"
    assert listed.headers["access-control-allow-methods"] == "GET, POST"
    assert listed.headers["access-control-allow-headers"] == "authorization, content-type"
    assert "access-control-allow-credentials" not in listed.headers
    other = ask("OPTIONS", AT, headers={"Origin": "https://evil.example", **asked})
    assert not [name for name in other.headers if name.startswith("access-control")]
    read = ask("GET", "/cds-services", headers={"Origin": "https://ehr.example"})
    assert read.headers["access-control-allow-origin"] == "https://ehr.example"
    assert "origin" in read.headers["vary"].lower()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data"])
def test_a_page_cannot_send_a_call_without_being_asked_first(ask: Asked, kind: str):
    # These kinds a browser sends to another origin without a preflight.
    answer = ask("POST", AT, content=b"{}", headers={"Content-Type": kind})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b"{", "not JSON"),
        (b"\xff", "UTF-8"),
        (b'{"hook": NaN}', "NaN"),
        (b'{"hook": 1, "hook": 2}', "twice"),
        (b"[" * 100 + b"]" * 100, "nested"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "nested"),
        (b'"text"', "JSON object"),
        (b"[]", "JSON object"),
    ],
)
def test_what_is_no_call_is_told_so(ask: Asked, body: bytes, says: str):
    answer = ask("POST", AT, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert says.lower() in answer.text.lower()


def test_a_body_that_is_too_large_is_refused_by_its_word_and_by_its_bytes(make: Callable[..., Asked]):
    ask = make(settings={"largest_body": 1_000})
    kind = {"Content-Type": "application/json"}
    assert ask("POST", AT, content=b"x" * 1_001, headers=kind).status_code == 413
    assert ask("POST", AT, content=b"{}", headers=kind | {"Content-Length": "9" * 30}).status_code == 413

    async def parts() -> Any:
        for _ in range(5):
            yield b"x" * 300

    assert ask("POST", AT, content=parts(), headers=kind).status_code == 413


def test_a_packed_body_is_not_read(ask: Asked):
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert ask("POST", AT, content=b"x", headers=headers).status_code == 415


def raw(app: Any, messages: list[dict[str, Any]], hang: bool = False) -> int:
    """Ask with a body that ends or hangs; return the status."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop(0)
        await asyncio.sleep(60 if hang else 0)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"inotrope.ward.example"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": AT, "headers": headers}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"]


def test_a_body_that_comes_too_slowly_or_breaks_off_is_given_up(make: Callable[..., Asked]):
    app = make(settings={"slowest_body_s": 0.05}).app
    begun = {"type": "http.request", "body": b"{", "more_body": True}
    assert raw(app, [begun], hang=True) == 408
    assert raw(app, [begun]) == 400


@pytest.mark.hazard("card-silent-or-taken-for-a-check")
def test_what_takes_too_long_is_a_card_that_it_was_not_checked(
    make: Callable[..., Asked], monkeypatch: pytest.MonkeyPatch, grave: dict[str, Any]
):
    end = threading.Event()
    ask = make(settings={"longest_answer_s": 0.2})
    monkeypatch.setattr(hooks_app, "answer", lambda _: end.wait(30))
    try:
        [card] = ask.cards(grave)
        assert card["indicator"] == "warning"
        assert "not checked" in card["summary"]
        assert ask.cards(request_of(145)) == []  # who opens a record is told nothing
    finally:
        end.set()


@pytest.mark.hazard("card-silent-or-taken-for-a-check")
def test_what_fails_is_a_card_and_a_line_without_its_message(
    make: Callable[..., Asked], monkeypatch: pytest.MonkeyPatch, grave: dict[str, Any], caplog: Any
):
    caplog.set_level("INFO")

    def fail(_: object) -> None:
        raise KeyError("Testmann")

    monkeypatch.setattr(hooks_app, "answer", fail)
    [card] = make().cards(grave)
    assert "not checked" in card["summary"]
    shown = str([record.__dict__ for record in caplog.records])
    assert "KeyError" in shown
    assert "Testmann" not in shown


def test_what_fails_outside_of_an_answer_is_no_5xx(make: Callable[..., Asked], monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise KeyError("Testmann")

    monkeypatch.setattr(hooks_app, "discovery", fail)
    answer = make()("GET", "/cds-services")
    assert answer.status_code == 400
    assert "Testmann" not in answer.text


def test_too_much_at_once_is_told_to_come_again(
    make: Callable[..., Asked], monkeypatch: pytest.MonkeyPatch, sound: dict[str, Any]
):
    end, ask = threading.Event(), make(settings={"workers": 1, "longest_queue": 0})
    ask.app._pool.submit(end.wait, 30)
    ask.app._under_way = 1
    try:
        answer = ask.post(sound)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
    finally:
        end.set()
        ask.app._under_way = 0


@pytest.fixture
def audit(sqlite_form: Path, tmp_path: Path) -> Any:
    """The audit of an open database."""
    import shutil

    path = tmp_path / "hooks.db"
    shutil.copy(sqlite_form, path)
    opened = open_database(str(path))
    yield Audit(opened)
    opened.close()


def test_each_call_is_a_row_without_its_patient(make: Callable[..., Asked], audit: Audit, grave: dict[str, Any]):
    ask = make(clients=CLIENTS, settings={"trusting": False}, trust=Trust(CLIENTS, lambda: 1_000.0), notes=Notes(audit))
    [card] = ask.post(grave, headers=bearer(AT)).json()["cards"]
    assert ask.post(grave).status_code == 401
    refused, done = audit.rows()
    assert (refused.who, refused.outcome.split()[0]) == ("", "401")
    assert done.who == "ward record"
    assert done.did.startswith(f"POST {AT} order-sign {grave['hookInstance']} ")
    assert done.outcome.startswith(f"200 critical {card['uuid']} hypertrophic-obstruction")
    assert "inotrope 0" in done.outcome
    assert done.course == audit.course("pat-a")
    assert "pat-a" not in str(done)
    assert audit.verify() == (2, ())


def test_feedback_is_a_row_of_its_card(make: Callable[..., Asked], audit: Audit):
    ask = make(notes=Notes(audit))
    card = "f6b95768-b1c8-40dc-8385-bf3504b82ffb"
    entry = {"card": card, "outcome": "overridden", "outcomeTimestamp": "2026-11-22T08:05:31Z",
             "overrideReason": {"reason": {"code": "already-known"}, "userComment": "Testmann"}}  # fmt: skip
    assert ask.post({"feedback": [entry]}, f"{AT}/feedback").status_code == 200
    call, told = audit.rows()
    assert call.did.startswith(f"POST {AT}/feedback")
    assert (told.did, told.outcome) == (f"feedback {card}", "overridden already-known with a comment")


def test_no_word_of_a_record_is_logged(ask: Asked, caplog: Any):
    caplog.set_level("DEBUG")
    for number in (108, 111, 119, 123, 130, 136, 137, 138, 143):
        request = copy.deepcopy(request_of(number))
        request["fhirAuthorization"] = {"access_token": "secret-token", "token_type": "Bearer"}
        ask.post(request)
    shown = str([record.__dict__ for record in caplog.records])
    assert "hypertrophic-obstruction" in shown
    for word in ("Testmann", "pat-a", "secret-token", "1966-11-22", "TEST-", "cardiomyopathy", "mcg/kg/min"):
        assert word not in shown, word


def test_a_server_that_starts_reads_the_library_first(ask: Asked):
    ask.app.warm()
    with ask.app as opened:
        assert opened is ask.app


def test_too_much_at_once_is_told_after_the_body_was_read_as_well(
    make: Callable[..., Asked], monkeypatch: pytest.MonkeyPatch, sound: dict[str, Any]
):
    ask = make()
    whole = hooks_app.read_call

    def filled(document: object) -> Any:
        ask.app._under_way = 1_000
        return whole(document)

    monkeypatch.setattr(hooks_app, "read_call", filled)
    assert ask.post(sound).status_code == 429
