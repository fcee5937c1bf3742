"""A login by the hospital's own: the browser is sent there, comes back with a code, and the code becomes a name.

Knows what ties the way back to the way there: a state that is used once, in the same browser, within some minutes; a
verifier that only this server has (RFC 7636, S256); a nonce that stands in the token. Nothing is kept of a login that
is under way: all of it is made from the state by a key of this process, so that whoever begins logins without end takes
nobody else's away. One that was begun before the server was started anew is begun again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from base64 import urlsafe_b64encode
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlencode

from inotrope.access.oidc.fetching import Fetcher
from inotrope.access.oidc.provider import Provider
from inotrope.access.oidc.tokens import Told, prove
from inotrope.access.tokens import is_token, new_token, same
from inotrope.errors import AccessError

if TYPE_CHECKING:
    from inotrope.access.oidc.settings import OidcSettings
    from inotrope.access.sessions import Clock

LONGEST_S = 600
"""s. From the way there to the way back."""
MOST_USED = 50_000
"""States that came back, kept until they would be too old; that login itself takes no code twice (RFC 6749, 4.1.2)."""
LONGEST_CODE, LONGEST_STATE = 4_000, 300
STRANGE = "This is no login that was begun in this browser a few minutes ago. Log in anew."
ASK_AGAIN = "login"
"""The `prompt` by which that login asks whoever sits there, and does not go by who sat there last."""


class NoWayBack(AccessError):
    """Whoever comes is not on the way back of a login; nobody's name is in it, and anybody can send it."""


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
        self._key = secrets.token_bytes(32)
        self._used: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def begin(self, browser: str) -> str:
        """Return where a browser is sent.

        Args:
            browser: The token of the browser's login that is under way.

        Raises:
            AccessError: That login cannot be reached.
        """
        place = self._provider.place("authorization_endpoint")
        made = f"{new_token()}.{int(self._clock())}"
        state = f"{made}.{self._made('state', made)}.{self._made('browser', made, browser)}"
        challenge = hashlib.sha256(self._made("verifier", state).encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.back,
            "scope": " ".join(self._settings.scopes),
            "state": state,
            "nonce": self._made("nonce", state),
            "code_challenge": _text(challenge),
            "code_challenge_method": "S256",
        }
        if self._settings.ask_again:
            asked["prompt"] = ASK_AGAIN
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"

    def finish(self, code: str, state: str, browser: str, issuer: str | None = None) -> Told:
        """Return what that login says of whoever came back.

        Args:
            code: What it gave the browser.
            state: What this server gave the browser before.
            browser: The token of the browser's login that is under way.
            issuer: Who says that they sent the browser back (RFC 9207); None where that is not said.

        Raises:
            NoWayBack: It was not begun in this browser, is used twice or too late.
            AccessError: Something does not hold.
        """
        self._prove_state(state, browser)
        if not 0 < len(code) <= LONGEST_CODE:
            raise NoWayBack(STRANGE)
        if (issuer is None and self._provider.says_issuer) or issuer not in (None, self._settings.issuer):
            raise NoWayBack(STRANGE)
        said = self._fetcher.post(self._provider.place("token_endpoint"), *self._asked(code, state))
        nonce = self._made("nonce", state)
        return prove(said.get("id_token"), self._provider.keys, self._settings, nonce=nonce, now=self._clock())

    def _prove_state(self, state: str, browser: str) -> None:
        """Prove that a state is ours, of this browser, of the last minutes, and comes back for the first time."""
        parts = state.split(".") if len(state) <= LONGEST_STATE and state.isascii() else []
        if len(parts) != 4 or not parts[1].isdecimal():  # noqa: PLR2004 - as `begin` makes it
            raise NoWayBack(STRANGE)
        made, now = f"{parts[0]}.{parts[1]}", self._clock()
        if not same(parts[2], self._made("state", made)) or abs(now - int(parts[1])) > LONGEST_S:
            raise NoWayBack(STRANGE)
        with self._lock:
            again = made in self._used
            self._used[made] = now
            while self._used and (
                len(self._used) > MOST_USED or abs(now - next(iter(self._used.values()))) > LONGEST_S
            ):
                self._used.popitem(last=False)
        if again or not is_token(browser) or not same(parts[3], self._made("browser", made, browser)):
            raise NoWayBack(STRANGE)

    def _made(self, what: str, *of: str) -> str:
        """Return what only this process can make of a state: 256 bits."""
        return _text(
            hmac.new(self._key, "\0".join((what, *of)).encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        )

    def _asked(self, code: str, state: str) -> tuple[dict[str, str], tuple[str, str] | None]:
        """Return what turns a code into a token, and how this server proves itself (RFC 6749, 2.3.1 and 4.1.3)."""
        named, secret = self._settings.client_id, self._settings.client_secret
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.back,
            "code_verifier": self._made("verifier", state),
        }
        if secret is not None and self._provider.takes_basic:
            return fields, (quote_plus(named), quote_plus(secret))
        fields["client_id"] = named
        return (fields if secret is None else {**fields, "client_secret": secret}), None


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
