"""What the hospital's own login says of somebody: an ID token, of which nothing is believed before all of it is proved.

Knows OpenID Connect Core 1.0, 3.1.3.7, stricter where it leaves a choice: the audience is this server and nobody else,
and a token is signed with a key that comes in a pair, so that whoever can check one can make none. What was wrong is
told by its kind; no part of a token is repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inotrope.access.tokens import same
from inotrope.errors import AccessError

if TYPE_CHECKING:
    from collections.abc import Callable

    from joserfc.jwk import KeySet

    from inotrope.access.oidc.settings import OidcSettings
    from inotrope.access.roles import Role

ALLOWED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""How a token may be signed: `none` and every HMAC are not among them."""
LEEWAY_S = 60
"""s. By which two clocks may differ."""
OLDEST_S = 600
"""s. A token is made for the login that is under way, which takes no longer."""
LONGEST_SUBJECT = 255
"""Characters; OpenID Connect Core 1.0, 2."""
_END_OF_TIME = 1e12
"""s since 1970: some 30,000 years."""
LARGEST = 16_000
"""Characters of a token."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a token says.

    Attributes:
        issuer: Whose word it is.
        subject: What it calls them, for ever.
        name: What they are called.
        roles: Of their groups.
    """

    issuer: str
    subject: str
    name: str
    roles: frozenset[Role]


def prove(
    token: object, keys: Callable[[str | None], KeySet], settings: OidcSettings, *, nonce: str, now: float
) -> Told:
    """Return what a token says, once everything about it holds.

    Args:
        token: As it was received.
        keys: Returns that login's keys, by the name of the one that is wanted.
        settings: Of this server.
        nonce: What this server gave that login for this very login.
        now: Seconds since 1970.

    Raises:
        AccessError: Something does not hold.
    """
    claims = _signed(token, keys)
    if claims.get("iss") != settings.issuer:
        raise _wrong("it is another login's word")
    audience = claims.get("aud")
    if audience not in (settings.client_id, [settings.client_id]):
        raise _wrong("it is meant for somebody else")
    if claims.get("azp", settings.client_id) != settings.client_id:
        raise _wrong("it was made for somebody else")
    _prove_times(claims, now)
    if settings.ask_again and "auth_time" in claims:
        _prove_asked(claims, now)
    given = claims.get("nonce")
    if not isinstance(given, str) or not same(given, nonce):
        raise _wrong("it is of another login than this one")
    subject, name = claims.get("sub"), claims.get(settings.name_claim)
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise _wrong("it says of nobody")
    if not isinstance(name, str):
        raise AccessError(f"The hospital's own login gives no name ('{settings.name_claim}'). Ask whoever keeps it.")
    roles = settings.roles_of(_groups(claims, settings.roles_claim))
    if not roles:
        says = "You are known to the hospital's own login, and none of your groups has a role here."
        raise AccessError(f"{says} Ask whoever keeps it.")
    return Told(settings.issuer, subject, name, roles)


def _signed(token: object, keys: Callable[[str | None], KeySet]) -> Mapping[str, Any]:
    from joserfc import jws, jwt  # noqa: PLC0415 - loaded by a server that has such a login, and by no other
    from joserfc.errors import JoseError  # noqa: PLC0415

    if not isinstance(token, str) or len(token) > LARGEST or token.count(".") != 2:  # noqa: PLR2004 - a JWS's parts
        raise _wrong("there is none")
    try:
        header = jws.extract_compact(token.encode()).headers()
        named = header.get("kid")
        return jwt.decode(token, keys(named if isinstance(named, str) else None), algorithms=list(ALLOWED)).claims
    except (JoseError, ValueError, TypeError, RecursionError) as problem:
        if isinstance(problem, AccessError):
            raise
        raise _wrong("its signature does not hold") from None


def _prove_times(claims: Mapping[str, Any], now: float) -> None:
    ends, made = _seconds(claims, "exp"), _seconds(claims, "iat")
    if ends is None or made is None:
        raise _wrong("it does not say until when it holds")
    begins = _seconds(claims, "nbf") if "nbf" in claims else made
    if begins is None or ends + LEEWAY_S <= now or made + OLDEST_S + LEEWAY_S < now:
        raise _wrong("it holds no longer")
    if made > now + LEEWAY_S or begins > now + LEEWAY_S:
        raise _wrong("it does not hold yet: a clock is wrong")


def _prove_asked(claims: Mapping[str, Any], now: float) -> None:
    """Prove that somebody was asked who they are for this login, where that is said (OpenID Connect Core 1.0, 2)."""
    asked = _seconds(claims, "auth_time")
    if asked is None or asked + OLDEST_S + LEEWAY_S < now:
        raise _wrong("it is of whoever was asked before, and nobody was asked now")


def _seconds(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < _END_OF_TIME:
        return None  # no number, or NaN, which is neither before nor after any time
    return float(value)


def _groups(claims: Mapping[str, Any], path: str) -> list[str]:
    value: Any = claims.get(path)
    if value is None:
        value = claims
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [group for group in listed if isinstance(group, str)]


def _wrong(why: str) -> AccessError:
    return AccessError(f"What the hospital's own login says of you is not believed: {why}. Log in anew.")
