"""A call is believed when everything about its token holds, once, and is refused by each thing that does not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from joserfc.jwk import ECKey

from inotrope.access.clients import tokens
from inotrope.access.clients.settings import Clients
from inotrope.access.clients.tokens import LEEWAY_S, LONGEST_S, Trust
from inotrope.errors import AccessError
from tests.access.clients.conftest import ASKED, ISSUER, Ehr
from tests.access.conftest import Clock


def test_a_sound_token_is_its_client_s(trust: Trust, ehr: Ehr) -> None:
    assert trust.prove(ehr.bearer(), ASKED).name == "ward record"
    assert trust.prove(f"bearer {ehr.token()}", ASKED).issuer == ISSUER
    assert trust.prove(ehr.bearer(aud=[ASKED]), ASKED).issuer == ISSUER
    assert trust.prove(ehr.bearer(nbf=int(ehr.clock.now)), ASKED).issuer == ISSUER


def test_a_token_may_name_the_one_place_of_its_keys(trust: Trust, ehr: Ehr) -> None:
    header = ehr.header(jku="https://ehr.example/keys")
    assert trust.prove(f"Bearer {ehr.token(header)}", ASKED).issuer == ISSUER


def refused(trust: Trust, authorization: str | None, says: str, audience: str = ASKED) -> None:
    with pytest.raises(AccessError, match=says) as told:
        trust.prove(authorization, audience)
    token = (authorization or "").partition(" ")[2]
    assert not token or token not in str(told.value)


@pytest.mark.parametrize("sent", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer a.b", "Bearer " + "a" * 9_000])
def test_without_a_token_nothing_is_believed(trust: Trust, sent: str | None) -> None:
    refused(trust, sent, "there is none")


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"iss": None}, "issuer"),
        ({"iss": "https://other.example"}, "issuer"),
        ({"iss": ["https://ehr.example"]}, "issuer"),
        ({"aud": None}, "another address"),
        ({"aud": f"{ASKED}/"}, "another address"),
        ({"aud": f"{ASKED}/feedback"}, "another address"),
        ({"aud": [ASKED, "https://other.example"]}, "another address"),
        ({"jti": None}, "no name"),
        ({"jti": ""}, "no name"),
        ({"jti": 4}, "no name"),
        ({"jti": "j" * 256}, "no name"),
        ({"exp": None}, "until when"),
        ({"iat": None}, "until when"),
        ({"exp": True}, "until when"),
        ({"nbf": "soon"}, "until when"),
    ],
)
def test_a_claim_that_does_not_hold_lets_no_call_in(trust: Trust, ehr: Ehr, claims: Any, says: str) -> None:
    refused(trust, ehr.bearer(**claims), says)


def test_the_times_of_a_token(trust: Trust, ehr: Ehr) -> None:
    now = int(ehr.clock.now)
    refused(trust, ehr.bearer(iat=now - 300, exp=now - LEEWAY_S), "no longer")
    refused(trust, ehr.bearer(iat=now + LEEWAY_S + 1), "a clock is wrong")
    refused(trust, ehr.bearer(nbf=now + LEEWAY_S + 1), "a clock is wrong")
    refused(trust, ehr.bearer(exp=now + LONGEST_S + 1), "more than 600 s")
    trust.prove(ehr.bearer(iat=now - 300, exp=now - LEEWAY_S + 1), ASKED)
    trust.prove(ehr.bearer(iat=now + LEEWAY_S, exp=now + LEEWAY_S + LONGEST_S), ASKED)


def test_a_token_is_used_once(trust: Trust, ehr: Ehr) -> None:
    bearer = ehr.bearer()
    trust.prove(bearer, ASKED)
    refused(trust, bearer, "used before")
    ehr.clock.now += LONGEST_S + LEEWAY_S + 1
    refused(trust, bearer, "no longer")


def test_a_token_for_another_address_uses_up_nothing(trust: Trust, ehr: Ehr) -> None:
    bearer = ehr.bearer()
    refused(trust, bearer, "another address", f"{ASKED}/feedback")
    trust.prove(bearer, ASKED)


def test_where_no_more_can_be_remembered_nothing_is_believed(
    trust: Trust, ehr: Ehr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST_SEEN", 2)
    trust.prove(ehr.bearer(), ASKED)
    trust.prove(ehr.bearer(), ASKED)
    refused(trust, ehr.bearer(), "too many")
    ehr.clock.now += 300 + LEEWAY_S + 1
    trust.prove(ehr.bearer(), ASKED)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ({"typ": None}, "no JSON Web Token"),
        ({"typ": "JOSE"}, "no JSON Web Token"),
        ({"kid": None}, "does not name its key"),
        ({"kid": "two"}, "not among those"),
        ({"jku": "https://evil.example/keys"}, "not its issuer's"),
    ],
)
def test_a_header_that_does_not_hold_lets_no_call_in(trust: Trust, ehr: Ehr, header: Any, says: str) -> None:
    refused(trust, f"Bearer {ehr.token(ehr.header(**header))}", says)


def test_an_issuer_without_a_place_of_keys_names_none(clients: Clients, ehr: Ehr, clock: Clock) -> None:
    from dataclasses import replace

    bare = replace(clients.clients[ISSUER], jku=None)
    trust = Trust(replace(clients, clients={ISSUER: bare}), clock)
    refused(trust, f"Bearer {ehr.token(ehr.header(jku='https://ehr.example/keys'))}", "not its issuer's")


def unsigned(header: dict[str, Any], claims: Any) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims))
    return ".".join((*parts, ""))


def test_a_token_that_nobody_signed_is_none(trust: Trust, ehr: Ehr) -> None:
    for alg in ("none", "None", "NONE"):
        refused(trust, f"Bearer {unsigned(ehr.header(alg=alg), ehr.claims())}", "signed in a way|signature")


def test_the_public_key_is_no_secret_to_sign_with(trust: Trust, ehr: Ehr) -> None:
    whole = unsigned(ehr.header(alg="HS256"), ehr.claims()).removesuffix(".")
    signed = hmac.new(ehr.key.as_pem(private=False), whole.encode(), hashlib.sha256).digest()
    token = f"{whole}.{base64.urlsafe_b64encode(signed).rstrip(b'=').decode()}"
    refused(trust, f"Bearer {token}", "signed in a way")


def test_a_key_of_somebody_else_under_the_same_name_signs_nothing(trust: Trust, ehr: Ehr) -> None:
    ehr.key = ECKey.generate_key("P-384", {"kid": "one"})
    refused(trust, ehr.bearer(), "signature does not hold")


def test_what_is_no_object_says_nothing(trust: Trust, ehr: Ehr) -> None:
    refused(trust, f"Bearer {unsigned(ehr.header(), [1])}", "says nothing")
    refused(trust, "Bearer a.b.c", "signature does not hold")
