"""A login by the hospital's own: the browser is sent there, comes back with a code, and the code becomes a name.

Knows what ties the way back to the way there: a state that is used once, in the same browser, within some minutes; a
verifier that only this server has (RFC 7636, S256); a nonce that stands in the token. What is under way is kept in
memory, and a login that was begun before the server was started anew is begun again.
"""

from __future__ import annotations

import hashlib
import time
from base64 import urlsafe_b64encode
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlencode

from inotrope.access.oidc.fetching import Fetcher
from inotrope.access.oidc.provider import Provider
from inotrope.access.oidc.tokens import Told, prove
from inotrope.access.tokens import digest, is_token, new_token, same
from inotrope.errors import AccessError

if TYPE_CHECKING:
    from inotrope.access.oidc.settings import OidcSettings
    from inotrope.access.sessions import Clock

LONGEST_S = 600
"""s. From the way there to the way back."""
MOST_UNDER_WAY = 1_000
"""Logins; the oldest is forgotten, and begun again by whoever comes back from it."""
LONGEST_CODE = 4_000
STRANGE = "This is no login that was begun in this browser a few minutes ago. Log in anew."


@dataclass(frozen=True, slots=True)
class _Begun:
    browser: str
    nonce: str
    verifier: str
    at: float


class Login:
    """The logins of one server by the hospital's own."""

    def __init__(self, settings: OidcSettings, clock: Clock = time.time, fetcher: Fetcher | None = None) -> None:
        """Begin with none under way, and ask nobody yet.

        Args:
            settings: How that login is reached.
            clock: In seconds since 1970.
            fetcher: What asks it; by default over the network.
        """
        self._settings = settings
        self._clock = clock
        self._fetcher = fetcher or Fetcher(settings)
        self._provider = Provider(settings, self._fetcher, clock)
        self._under_way: OrderedDict[str, _Begun] = OrderedDict()
        self._lock = Lock()

    def begin(self, browser: str) -> str:
        """Return where a browser is sent.

        Args:
            browser: The token of the browser's login that is under way.

        Raises:
            AccessError: That login cannot be reached.
        """
        place = self._provider.place("authorization_endpoint")
        state, begun = new_token(), _Begun(digest(browser), new_token(), new_token(), self._clock())
        with self._lock:
            self._under_way[digest(state)] = begun
            while len(self._under_way) > MOST_UNDER_WAY:
                self._under_way.popitem(last=False)
        challenge = urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.back,
            "scope": " ".join(self._settings.scopes),
            "state": state,
            "nonce": begun.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"

    def finish(self, code: str, state: str, browser: str, issuer: str | None = None) -> Told:
        """Return what that login says of whoever came back.

        Args:
            code: What it gave the browser.
            state: What this server gave the browser before.
            browser: The token of the browser's login that is under way.
            issuer: Who says that they sent the browser back (RFC 9207); None where that is not said.

        Raises:
            AccessError: It was not begun in this browser, is used twice or too late, or something does not hold.
        """
        with self._lock:
            begun = self._under_way.pop(digest(state), None) if is_token(state) else None
        if begun is None or not is_token(browser) or not same(begun.browser, digest(browser)):
            raise AccessError(STRANGE)
        if abs(self._clock() - begun.at) > LONGEST_S or not 0 < len(code) <= LONGEST_CODE:
            raise AccessError(STRANGE)
        if issuer not in (None, self._settings.issuer):
            raise AccessError(STRANGE)
        said = self._fetcher.post(self._provider.place("token_endpoint"), *self._asked(code, begun))
        return prove(said.get("id_token"), self._provider.keys, self._settings, nonce=begun.nonce, now=self._clock())

    def _asked(self, code: str, begun: _Begun) -> tuple[dict[str, str], tuple[str, str] | None]:
        """Return what turns a code into a token, and how this server proves itself (RFC 6749, 2.3.1 and 4.1.3)."""
        named, secret = self._settings.client_id, self._settings.client_secret
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.back,
            "code_verifier": begun.verifier,
        }
        if secret is not None and self._provider.takes_basic:
            return fields, (quote_plus(named), quote_plus(secret))
        fields["client_id"] = named
        return (fields if secret is None else {**fields, "client_secret": secret}), None
