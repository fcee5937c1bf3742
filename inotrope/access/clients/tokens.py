"""What proves a call of a client: a JSON Web Token, of which nothing is believed before all of it holds.

Knows CDS Hooks 2.0.1, "Trusting CDS Clients", stricter where it leaves a choice: a key by its name, an audience that is
exactly the address that was asked, a life of minutes. What was wrong is told by its kind; no part of a token is
repeated. What was seen is remembered by this process, for as long as a token holds.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any

from inotrope.errors import AccessError

if TYPE_CHECKING:
    from inotrope.access.clients.settings import Client, Clients
    from inotrope.access.sessions import Clock

ALLOWED = ("ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA", "Ed25519")
"""How a token may be signed: ES384 and RS384 are recommended; `none` and every HMAC are not among them."""
LEEWAY_S = 60
"""s. By which two clocks may differ."""
LONGEST_S = 600
"""s. Between the making and the end of a token; the specification asks for no more than five minutes, so twice that."""
LARGEST = 8_000
"""Characters of a token."""
LONGEST_NAME = 255
"""Characters of a `jti`."""
MOST_SEEN = 200_000
"""Tokens that are remembered: 20 calls a second for the life of the longest token, sixteen times over."""


class Trust:
    """Proves the calls of the clients of one server."""

    def __init__(self, clients: Clients, clock: Clock = time.time) -> None:
        """Believe the clients of the settings; `clock` is in seconds since 1970."""
        self._clients = clients
        self._clock = clock
        self._seen: dict[tuple[str, str], float] = {}
        self._lock = Lock()

    def prove(self, authorization: str | None, audience: str) -> Client:
        """Return whose call it is, once everything about its token holds.

        Args:
            authorization: The header `Authorization`; None where there is none.
            audience: The address that was asked, whole.

        Raises:
            AccessError: Something does not hold.
        """
        kind, _, token = (authorization or "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise _wrong("there is none")
        client, claims = self._signed(token.strip())
        if claims.get("aud") not in (audience, [audience]):
            raise _wrong("it is meant for another address than the one that was asked")
        now = self._clock()
        ends = _times(claims, now)
        self._once(client.issuer, claims.get("jti"), ends, now)
        return client

    def _signed(self, token: str) -> tuple[Client, Mapping[str, Any]]:
        from joserfc import jws, jwt  # noqa: PLC0415 - loaded by a server with hooks, and by no other
        from joserfc.errors import JoseError  # noqa: PLC0415

        if len(token) > LARGEST or token.count(".") != 2:  # noqa: PLR2004 - a JWS's parts
            raise _wrong("there is none")
        try:
            parts = jws.extract_compact(token.encode())
            header, said = parts.headers(), _object(parts.payload)
            issuer = said.get("iss")
            client = self._clients.clients.get(issuer) if isinstance(issuer, str) else None
            if client is None:
                raise _wrong("its issuer may not call this server")
            _prove_header(header, client)
            keys = [key for key in client.keys if key.kid == header["kid"]]
            if len(keys) != 1:
                raise _wrong("its key is not among those of its issuer")
            return client, jwt.decode(token, keys[0], algorithms=list(ALLOWED)).claims
        except (JoseError, ValueError, TypeError, RecursionError) as problem:
            if isinstance(problem, AccessError):
                raise
            raise _wrong("its signature does not hold") from None

    def _once(self, issuer: str, name: object, ends: float, now: float) -> None:
        """Refuse what was seen before; where there is no room to remember it, it is not believed."""
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
            raise _wrong("it has no name of its own (jti)")
        with self._lock:
            if len(self._seen) >= MOST_SEEN:
                self._seen = {key: end for key, end in self._seen.items() if end > now}
            if len(self._seen) >= MOST_SEEN:
                raise _wrong("too many are remembered at the moment")
            if self._seen.get((issuer, name), now) > now:
                raise _wrong("it was used before")
            self._seen[issuer, name] = ends + LEEWAY_S


def _object(payload: bytes) -> Mapping[str, Any]:
    import json  # noqa: PLC0415 - as above

    said = json.loads(payload)
    if not isinstance(said, dict):
        raise _wrong("it says nothing")
    return said


def _prove_header(header: Mapping[str, Any], client: Client) -> None:
    if header.get("alg") not in ALLOWED:
        raise _wrong("it is not signed in a way that is believed")
    if str(header.get("typ", "")).upper() != "JWT":
        raise _wrong("it is no JSON Web Token by its own word")
    if not isinstance(header.get("kid"), str):
        raise _wrong("it does not name its key")
    if "jku" in header and (client.jku is None or header["jku"] != client.jku):
        raise _wrong("it names keys at a place that is not its issuer's")


def _times(claims: Mapping[str, Any], now: float) -> float:
    """Return when a token ends, s since 1970."""
    ends, made = (_seconds(claims.get(name)) for name in ("exp", "iat"))
    begins = _seconds(claims["nbf"]) if "nbf" in claims else made
    if ends is None or made is None or begins is None:
        raise _wrong("it does not say until when it holds")
    if ends + LEEWAY_S <= now:
        raise _wrong("it holds no longer")
    if made > now + LEEWAY_S or begins > now + LEEWAY_S:
        raise _wrong("it does not hold yet: a clock is wrong")
    if ends - made > LONGEST_S:
        raise _wrong(f"it holds for more than {LONGEST_S} s")
    return ends


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _wrong(why: str) -> AccessError:
    return AccessError(f"The token of this call is not believed: {why}.", accepted="Authorization: Bearer TOKEN")
