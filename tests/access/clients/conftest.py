"""A client for the tests: it makes a sound token, and lies as it is told to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, KeySet

from inotrope.access.clients.settings import Clients, read_clients
from inotrope.access.clients.tokens import Trust
from tests.access.conftest import Clock

ISSUER, HERE = "https://ehr.example", "https://inotrope.ward.example"
ASKED = f"{HERE}/cds-services/inotrope"


@dataclass
class Ehr:
    """A client and its key."""

    clock: Clock
    key: Any = field(default_factory=lambda: ECKey.generate_key("P-384", {"kid": "one", "use": "sig"}))
    made: int = 0

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Return the claims of a sound token; a value of None leaves a claim out."""
        self.made += 1
        now = int(self.clock.now)
        usual = {"iss": ISSUER, "aud": ASKED, "iat": now, "exp": now + 300, "jti": f"token-{self.made}"}
        return {name: value for name, value in (usual | changed).items() if value is not None}

    def header(self, **changed: Any) -> dict[str, Any]:
        usual = {"alg": "ES384", "kid": "one", "typ": "JWT"}
        return {name: value for name, value in (usual | changed).items() if value is not None}

    def token(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        made = header or self.header()
        said = json.dumps(self.claims(**claims)).encode()
        return jws.serialize_compact(made, said, self.key, algorithms=[made["alg"]])

    def bearer(self, **claims: Any) -> str:
        return f"Bearer {self.token(**claims)}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ehr(clock: Clock) -> Ehr:
    return Ehr(clock)


@pytest.fixture
def write(tmp_path: Path, ehr: Ehr) -> Callable[..., Path]:
    """Writes a file of settings, with a line more or less, and a file of keys."""

    def written(text: str | None = None, keys: Any = None) -> Path:
        usual = KeySet([ehr.key]).as_dict(private=False)
        (tmp_path / "keys.json").write_text(json.dumps(usual if keys is None else keys), "utf-8")
        path = tmp_path / "hooks.toml"
        path.write_text(SOUND if text is None else text, "utf-8")
        return path

    return written


SOUND = f"""\
address = "{HERE}/"
page = "{HERE}/case"
origins = ["https://ehr.example"]

[[client]]
name = "ward record"
issuer = "{ISSUER}"
keys = "keys.json"
jku = "https://ehr.example/keys"
fhir = ["https://ehr.example/fhir/"]
launch = "https://inotrope.ward.example/launch"
"""


@pytest.fixture
def clients(write: Callable[..., Path]) -> Clients:
    return read_clients(write())


@pytest.fixture
def trust(clients: Clients, clock: Clock) -> Trust:
    return Trust(clients, clock)
