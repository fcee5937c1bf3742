"""What is fetched of the hospital's own login: from it alone, within limits, and again when its keys have changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from inotrope.access.oidc import fetching
from inotrope.access.oidc.fetching import LARGEST, Fetcher
from inotrope.access.oidc.provider import FAILED_S
from inotrope.access.tokens import new_token
from inotrope.errors import AccessError
from tests.access.conftest import Clock
from tests.access.oidc.conftest import ISSUER, SETTINGS, Hospital

BROWSER = new_token()
DESCRIPTION, KEYS = "/realm/.well-known/openid-configuration", "/realm/keys"


def fails() -> httpx2.Response:
    raise httpx2.ConnectError("no line")


@pytest.mark.parametrize(
    "answer",
    [
        lambda: httpx2.Response(500),
        lambda: httpx2.Response(302, headers={"location": "http://169.254.169.254/latest/meta-data"}),
        lambda: httpx2.Response(200, text="<html>"),
        lambda: httpx2.Response(200, json=[1]),
        lambda: httpx2.Response(200, content=b"{" + b" " * LARGEST + b"}"),
        lambda: httpx2.Response(200, content=b"[" * 100_000),
        lambda: httpx2.Response(200, content=b"\x1f\x8b nothing", headers={"content-encoding": "gzip"}),
        fails,
    ],
)
@pytest.mark.parametrize("path", [DESCRIPTION, KEYS, "/realm/token"])
def test_a_login_that_does_not_answer_as_it_should_lets_nobody_in(
    hospital: Hospital, answer: Callable[[], httpx2.Response], path: str
) -> None:
    hospital.answers[path] = answer
    login = hospital.login()
    with pytest.raises(AccessError, match="cannot be reached at the moment, or does not answer as it should"):
        login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER)
    assert {httpx2.URL(address).host for _, address, _ in hospital.asked} == {"login.ward.example"}


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": "https://evil.example/token"},
        {"jwks_uri": "http://login.ward.example/realm/keys"},
        {"jwks_uri": "https://login.ward.example:8443/realm/keys"},
        {"jwks_uri": "https://login.ward.example@evil.example/keys"},
        {"authorization_endpoint": "https://evil.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
        {"token_endpoint": 7},
        {"token_endpoint": "https://[::1"},
    ],
)
def test_a_description_leads_nowhere_else(hospital: Hospital, said: dict[str, Any]) -> None:
    hospital.said = said
    with pytest.raises(AccessError, match="Look at"):
        hospital.login().begin(BROWSER)
    assert len(hospital.asked) == 1


def test_another_place_of_the_same_login_is_named_in_the_settings(hospital: Hospital) -> None:
    hospital.said = {"jwks_uri": "https://keys.ward.example/realm/keys"}
    login = hospital.login(replace(SETTINGS, also_at=("https://keys.ward.example",)))
    assert login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER).name == "Adams"


@pytest.mark.parametrize("keys", [None, 7, [], [7], [{"kty": "RSA"}], [{"kty": "EC", "crv": "P-256", "x": "!"}]])
def test_keys_that_cannot_be_read_let_nobody_in(hospital: Hospital, keys: Any) -> None:
    hospital.answers[KEYS] = lambda: httpx2.Response(200, json={"keys": keys})
    login = hospital.login()
    with pytest.raises(AccessError, match="its keys cannot be read"):
        login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER)


def test_a_key_for_something_else_signs_nothing(hospital: Hospital) -> None:
    signs = hospital.key
    hospital.key = ECKey.import_key({**signs.as_dict(private=True), "use": "enc"})
    hospital.token = lambda claims: jwt.encode({"alg": "ES256", "kid": "one"}, claims, signs, algorithms=["ES256"])
    login = hospital.login()
    with pytest.raises(AccessError, match="its keys cannot be read"):
        login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER)


def test_description_and_keys_are_kept_for_an_hour(hospital: Hospital, clock: Clock) -> None:
    login = hospital.login()

    def enter() -> int:
        before = len(hospital.asked)
        login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER)
        return len(hospital.asked) - before

    assert [enter(), enter()] == [3, 1]
    clock.now += 3_601
    assert [enter(), enter()] == [3, 1]


def test_a_new_key_is_asked_for_but_not_with_every_token(hospital: Hospital, clock: Clock) -> None:
    login = hospital.login()
    login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER)
    hospital.key = ECKey.generate_key("P-256", {"kid": "new"})
    for _ in range(3):
        with pytest.raises(AccessError, match="signature does not hold"):
            login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER)
    assert len([1 for _, address, _ in hospital.asked if address.endswith("/keys")]) == 1
    clock.now += 61
    assert login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER).name == "Adams"
    assert len([1 for _, address, _ in hospital.asked if address.endswith("/keys")]) == 2


def test_a_fetcher_asks_no_other_place() -> None:
    def carry(_: httpx2.Request) -> httpx2.Response:
        raise AssertionError("nobody is asked")

    fetcher = Fetcher(SETTINGS, httpx2.MockTransport(carry))
    for address in ("https://evil.example/", "http://login.ward.example/", "file:///etc/passwd", f"{ISSUER[:-6]}:444/"):
        with pytest.raises(AccessError, match="names a place that is not its own"):
            fetcher.get(address)


def test_a_login_that_does_not_answer_is_not_waited_for_again_at_once(hospital: Hospital, clock: Clock) -> None:
    """Else whoever asks without end holds every place of those who log in, each until nothing came once more."""
    hospital.answers[DESCRIPTION] = fails
    login = hospital.login()
    for _ in range(5):
        with pytest.raises(AccessError, match="cannot be reached"):
            login.begin(BROWSER)
    assert len(hospital.asked) == 1
    clock.now += FAILED_S
    del hospital.answers[DESCRIPTION]
    assert login.begin(BROWSER)


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter(range(0, 1_000, 2))
    monkeypatch.setattr(fetching.time, "monotonic", lambda: float(next(now)))
    assert fetching._whole([b"x"] * 5) == b"xxxxx"
    assert fetching._whole([b"x"] * 100) is None
