"""Random tokens, and what is kept or derived of one.

A token is 256 random bits, so that nothing needs a salt or a slow hash: a digest of it cannot be tried out. What is
kept is the digest, and the proof that a form is ours is made from the token itself, so that neither opens anything for
whoever reads the database.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

BYTES = 32
_FORM = re.compile(r"[A-Za-z0-9_-]{43}")
"""32 bytes as URL-safe base 64, without padding."""


def new_token() -> str:
    """Return a new random token."""
    return secrets.token_urlsafe(BYTES)


def is_token(text: str) -> bool:
    """Tell whether a text has the form of a token; what has not is looked up nowhere."""
    return _FORM.fullmatch(text) is not None


def digest(token: str) -> str:
    """Return what is kept of a token: its SHA-256, as hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_of(token: str) -> str:
    """Return what a form of ours carries to prove that it was made for whoever holds this token."""
    return hmac.new(token.encode(), b"a form of ours", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Tell whether two texts are the same, in a time that does not say where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
