"""A hospital's own login for the tests: it answers as one does, and lies as it is told to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from inotrope.access.oidc.fetching import Fetcher
from inotrope.access.oidc.login import Login
from inotrope.access.oidc.settings import OidcSettings
from inotrope.access.roles import Role
from inotrope.access.tokens import new_token
from tests.access.conftest import Clock

ISSUER, CLIENT, HERE = "https://login.ward.example/realm", "inotrope", "https://inotrope.ward.example"
SETTINGS = OidcSettings(
    ISSUER, CLIENT, HERE, {Role.PLAN: frozenset({"doctors"}), Role.CONFIRM: frozenset({"nurses", "doctors"})}
)


@dataclass
class Hospital:
    """A login.

    Attributes:
        clock: Of it and of the server.
        key: That it signs with.
        claims: What it says beside what it must; a value of None leaves a claim out.
        said: What its description says beside the usual.
        token: Makes the token; by default a sound one.
        asked: What it was asked: method and address, and the fields of a form.
    """

    clock: Clock
    key: Any = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}))
    alg: str = "ES256"
    claims: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=list)
    token: Callable[[dict[str, Any]], str] | None = None
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    nonces: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Callable[[], httpx2.Response]] = field(default_factory=dict)

    def carry(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request."""
        fields = {name: value[0] for name, value in parse_qs(request.content.decode()).items()}
        self.asked.append((request.method, str(request.url), fields))
        self.heads.append(request.headers.get("authorization", ""))
        path = request.url.path
        if path in self.answers:
            return self.answers[path]()
        if path.endswith("/.well-known/openid-configuration"):
            return httpx2.Response(200, json=self.description())
        if path.endswith("/keys"):
            return httpx2.Response(200, json=KeySet([*self.keys, self.key]).as_dict(private=False))
        return httpx2.Response(200, json={"id_token": self.make(fields), "access_token": "x", "token_type": "Bearer"})

    def description(self) -> dict[str, Any]:
        usual = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }
        return {name: value for name, value in (usual | self.said).items() if value is not None}

    def make(self, fields: dict[str, str]) -> str:
        """Return a token for a code."""
        now = int(self.clock.now)
        usual = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "77",
            "exp": now + 300,
            "iat": now,
            "nonce": self.nonces.get(fields.get("code", ""), ""),
            "preferred_username": "Adams",
            "groups": ["doctors", "golf"],
        }
        claims = {name: value for name, value in (usual | self.claims).items() if value is not None}
        if self.token is not None:
            return self.token(claims)
        return jwt.encode({"alg": self.alg, "kid": self.key.kid}, claims, self.key, algorithms=[self.alg])

    def login(self, settings: OidcSettings = SETTINGS) -> Login:
        """Return a server's side of it."""
        return Login(settings, self.clock, Fetcher(settings, httpx2.MockTransport(self.carry)))

    def sends_back(self, to: str) -> tuple[str, str]:
        """Let somebody log in at the address where a browser was sent; return the code and the state."""
        asked = {name: value[0] for name, value in parse_qs(urlsplit(to).query).items()}
        code = new_token()
        self.nonces[code] = asked["nonce"]
        return code, asked["state"]


@pytest.fixture
def hospital(clock: Clock) -> Hospital:
    return Hospital(clock)


def rsa(kid: str = "two") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid})
