"""What the hospital's own login says of itself: where it is asked, and the keys that its tokens are signed with.

Knows OpenID Connect Discovery 1.0 and sets of keys (RFC 7517), and that both are asked for anew after some time, and
the keys once more where a token names one that is not known: keys are changed now and then.
"""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING, Any

from inotrope.access.oidc.fetching import UNREACHABLE
from inotrope.errors import AccessError

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

    from inotrope.access.oidc.fetching import Fetcher
    from inotrope.access.oidc.settings import OidcSettings
    from inotrope.access.sessions import Clock

KEPT_S = 3600
"""s. After which what it said is asked for anew."""
NOT_SOONER_S = 60
"""s. That lie between two times that keys are asked for, however many tokens name one that is not known."""
FAILED_S = 10
"""s. For which a description that could not be had is not asked for again."""
DISCOVERY = "/.well-known/openid-configuration"
_PLACES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_KINDS = ("RSA", "EC", "OKP")
"""Of keys that come in pairs; a secret that both sides share is no key that a token of a login is believed by."""


class Provider:
    """The hospital's own login, as it describes itself."""

    def __init__(self, settings: OidcSettings, fetcher: Fetcher, clock: Clock = time.time) -> None:
        """Ask when it is needed, and not before."""
        self._issuer = settings.issuer
        self._fetcher = fetcher
        self._clock = clock
        self._lock = Lock()
        self._said: dict[str, Any] | None = None
        self._said_at = 0.0
        self._failed_at: float | None = None
        self._keys: KeySet | None = None
        self._keys_at = 0.0

    def place(self, name: str) -> str:
        """Return where one thing is asked: `authorization_endpoint`, `token_endpoint` or `jwks_uri`."""
        return str(self._discovered()[name])

    @property
    def takes_basic(self) -> bool:
        """Whether this server proves itself in the head of a request, as is so where nothing is said."""
        return "client_secret_basic" in self._discovered().get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        )

    @property
    def says_issuer(self) -> bool:
        """Whether it says who sent a browser back: a way back that does not say so is not its own (RFC 9207)."""
        return self._discovered().get("authorization_response_iss_parameter_supported") is True

    def keys(self, known: str | None) -> KeySet:
        """Return the keys that its tokens are signed with.

        Args:
            known: The name of the key that is wanted; where the keys that are kept have none of it, they are asked for.

        Raises:
            AccessError: They cannot be had.
        """
        place = self.place("jwks_uri")
        with self._lock:
            age = abs(self._clock() - self._keys_at)
            lacks = self._keys is not None and known not in {key.kid for key in self._keys} and age >= NOT_SOONER_S
            if self._keys is None or age >= KEPT_S or lacks:
                self._keys, self._keys_at = _read(self._fetcher.get(place)), self._clock()
            return self._keys

    def _discovered(self) -> dict[str, Any]:
        with self._lock:
            if self._said is None or abs(self._clock() - self._said_at) >= KEPT_S:
                said = self._described()
                if said.get("issuer") != self._issuer:
                    says = (
                        f"{UNREACHABLE}: it calls itself by another name than the server's settings. Look at 'issuer'."
                    )
                    raise AccessError(says)
                for name in _PLACES:
                    self._fetcher.prove(said.get(name))
                self._said, self._said_at = said, self._clock()
            return self._said

    def _described(self) -> dict[str, Any]:
        """Return its description; where it failed a moment ago, nobody waits for the same once more."""
        if self._failed_at is not None and abs(self._clock() - self._failed_at) < FAILED_S:
            raise AccessError(f"{UNREACHABLE}. Try again in a minute.")
        try:
            said = self._fetcher.get(self._issuer.rstrip("/") + DISCOVERY)
        except AccessError:
            self._failed_at = self._clock()
            raise
        self._failed_at = None
        return said


def _read(said: dict[str, Any]) -> KeySet:
    from joserfc.errors import JoseError  # noqa: PLC0415 - as is what fetches
    from joserfc.jwk import KeySet  # noqa: PLC0415

    keys = said.get("keys")
    listed = keys if isinstance(keys, list) else []
    usable = [key for key in listed if isinstance(key, dict) and key.get("kty") in _KINDS]
    usable = [key for key in usable if key.get("use", "sig") == "sig"]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, TypeError, KeyError):
        raise AccessError(f"{UNREACHABLE}: its keys cannot be read. Try again.") from None
