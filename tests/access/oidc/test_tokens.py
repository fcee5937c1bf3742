"""Tokens that lie: each is refused, and none is repeated."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from inotrope.access.tokens import new_token
from inotrope.errors import AccessError
from tests.access.oidc.conftest import CLIENT, ISSUER, Hospital, rsa

BROWSER = new_token()


def refused(hospital: Hospital) -> str:
    login = hospital.login()
    code, state = hospital.sends_back(login.begin(BROWSER))
    with pytest.raises(AccessError) as told:
        login.finish(code, state, BROWSER)
    assert told.value.value is None
    return told.value.says


def accepted(hospital: Hospital) -> bool:
    login = hospital.login()
    return bool(login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER).roles)


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"iss": "https://evil.example"}, "another login's word"),
        ({"iss": ISSUER + "/"}, "another login's word"),
        ({"iss": None}, "another login's word"),
        ({"aud": "somebody-else"}, "meant for somebody else"),
        ({"aud": [CLIENT, "somebody-else"]}, "meant for somebody else"),
        ({"aud": []}, "meant for somebody else"),
        ({"aud": None}, "meant for somebody else"),
        ({"azp": "somebody-else"}, "made for somebody else"),
        ({"exp": 1_790_000_000 - 61}, "holds no longer"),
        ({"iat": 1_790_000_000 - 700}, "holds no longer"),
        ({"iat": 1_790_000_000 + 61}, "does not hold yet"),
        ({"nbf": 1_790_000_000 + 61}, "does not hold yet"),
        ({"nbf": "soon"}, "holds no longer"),
        ({"exp": None}, "until when"),
        ({"iat": None}, "until when"),
        ({"exp": "never"}, "until when"),
        ({"exp": float("nan")}, "until when"),  # neither before nor after any time
        ({"exp": float("inf")}, "until when"),
        ({"iat": float("nan")}, "until when"),
        ({"nbf": float("nan")}, "holds no longer"),
        ({"exp": 10**400}, "until when"),
        ({"exp": True}, "until when"),
        ({"nonce": None}, "another login than this one"),
        ({"nonce": "another"}, "another login than this one"),
        ({"nonce": 7}, "another login than this one"),
        ({"sub": None}, "says of nobody"),
        ({"sub": ""}, "says of nobody"),
        ({"sub": "a" * 256}, "says of nobody"),
        ({"sub": 77}, "says of nobody"),
        ({"preferred_username": None}, "gives no name"),
        ({"groups": None}, "none of your groups has a role"),
        ({"groups": ["golf", 7, None]}, "none of your groups has a role"),
        ({"groups": {"doctors": True}}, "none of your groups has a role"),
    ],
)
def test_a_claim_that_does_not_hold_lets_nobody_in(hospital: Hospital, claims: dict[str, Any], says: str) -> None:
    hospital.claims = claims
    assert says in refused(hospital)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT]},
        {"azp": CLIENT},
        {"exp": 1_790_000_000 - 59},
        {"iat": 1_790_000_000 + 59},
        {"nbf": 1_790_000_000},
        {"groups": "nurses"},
    ],
)
def test_what_the_standard_allows_beside_the_usual_is_believed(hospital: Hospital, claims: dict[str, Any]) -> None:
    hospital.claims = claims
    assert accepted(hospital)


def packed(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_token_that_nobody_signed_is_none(hospital: Hospital) -> None:
    for alg in ("none", "None", "NONE", "nOnE", ""):
        hospital.token = lambda claims, alg=alg: f"{packed({'alg': alg})}.{packed(claims)}."  # type: ignore[misc]
        assert "signature does not hold" in refused(hospital)
    hospital.token = lambda claims: f"{packed({'kid': 'one'})}.{packed(claims)}."
    assert "signature does not hold" in refused(hospital)


def test_a_public_key_is_no_secret_to_sign_with(hospital: Hospital) -> None:
    """The old confusion of HMAC and RSA: the public key, which everybody has, as a shared secret."""
    hospital.key, hospital.alg = rsa(), "RS256"
    for alg, how in (("HS256", hashlib.sha256), ("HS384", hashlib.sha384), ("HS512", hashlib.sha512)):

        def make(claims: dict[str, Any], alg: str = alg, how: Any = how) -> str:
            head = f"{packed({'alg': alg, 'kid': hospital.key.kid})}.{packed(claims)}"
            signed = hmac.new(hospital.key.as_pem(private=False), head.encode(), how).digest()
            return f"{head}.{urlsafe_b64encode(signed).decode().rstrip('=')}"

        hospital.token = make
        assert "signature does not hold" in refused(hospital)
    hospital.token = None
    assert accepted(hospital)


def test_a_shared_secret_among_the_keys_is_not_believed(hospital: Hospital) -> None:
    secret = OctKey.generate_key(256, {"kid": "shared"})
    listed = [secret.as_dict(private=True), hospital.key.as_dict(private=False)]
    hospital.answers["/realm/keys"] = lambda: __import__("httpx2").Response(200, json={"keys": listed})
    hospital.token = lambda claims: jwt.encode({"alg": "HS256", "kid": "shared"}, claims, secret, algorithms=["HS256"])
    assert "signature does not hold" in refused(hospital)


@pytest.mark.parametrize("trick", ["jwk", "jku", "x5u", "x5c", "kid", "crit"])
def test_a_token_does_not_bring_its_own_key(hospital: Hospital, trick: str) -> None:
    own = ECKey.generate_key("P-256", {"kid": "mine"})
    brings: dict[str, Any] = {
        "jwk": own.as_dict(private=False),
        "jku": "https://evil.example/keys",
        "x5u": "https://evil.example/cert",
        "x5c": ["MIIB"],
        "kid": "../../dev/null",
        "crit": ["exp"],
    }

    def make(claims: dict[str, Any]) -> str:
        head = {"alg": "ES256", "typ": "JWT", "kid": "one", trick: brings[trick]}
        text = f"{packed(head)}.{packed(claims)}"
        signed = jwt.encode({"alg": "ES256"}, claims, own, algorithms=["ES256"]).rsplit(".", 1)[1]
        return f"{text}.{signed}"

    hospital.token = make
    assert "signature does not hold" in refused(hospital)
    assert not [address for _, address, _ in hospital.asked if "evil" in address]


def test_a_token_that_was_changed_on_its_way_is_refused(hospital: Hospital) -> None:
    def make(claims: dict[str, Any]) -> str:
        head, _, signed = jwt.encode(
            {"alg": "ES256", "kid": "one"}, {**claims, "groups": ["golf"]}, hospital.key, algorithms=["ES256"]
        ).split(".")
        return f"{head}.{packed(claims)}.{signed}"

    hospital.token = make
    assert "signature does not hold" in refused(hospital)


@pytest.mark.parametrize(
    "token", ["", "a.b", "a.b.c", "a.b.c.d.e", "x" * 20_000, None, 7, ["a.b.c"], f"{packed([1])}.{packed([1])}.x"]
)
def test_what_is_no_token_is_refused(hospital: Hospital, token: Any) -> None:
    hospital.token = lambda _: token
    assert "not believed" in refused(hospital)


def test_what_a_token_holds_that_is_no_table_is_refused(hospital: Hospital) -> None:
    from joserfc import jws

    hospital.token = lambda _: jws.serialize_compact({"alg": "ES256", "kid": "one"}, b"[1]", hospital.key, ["ES256"])
    assert "signature does not hold" in refused(hospital)


def test_a_group_may_lie_deep_in_a_token(hospital: Hospital) -> None:
    from dataclasses import replace

    from tests.access.oidc.conftest import SETTINGS

    hospital.claims = {"groups": None, "realm_access": {"roles": ["nurses"]}}
    login = hospital.login(replace(SETTINGS, roles_claim="realm_access.roles"))
    assert login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER).roles == {"confirm"}
