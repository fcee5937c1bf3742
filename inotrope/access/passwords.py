"""Passwords: what may be one, what is kept of it, and whether one that is given is the one.

Knows Argon2id by argon2-cffi, with the parameters that RFC 9106 recommends where memory is short (64 MiB, 3 passes),
which that library takes by default. A password is as long as NIST SP 800-63B-4 (3.1.1.2) asks where it stands alone;
no other form is asked of it. It does not know whose password it is, nor how often one was tried.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from inotrope.access.tokens import new_token
from inotrope.errors import AccessError

LEAST, MOST = 15, 256
"""Characters of a password."""
_FEWEST_DIFFERENT = 6
"""Different characters: a judgement against `aaaaaaaaaaaaaaa` and `123123123123123`."""
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm")
_WORDS = ("password", "passwort", "passw0rd", "welcome", "letmein", "changeme", "iloveyou", "hospital", "milrinone")
"""What everybody tries first, and no list of what was stolen somewhere: a judgement. NIST SP 800-63B-4 (3.1.1.2)."""
_SHORTEST_RUN = 4
"""Keys side by side that count as a row."""
_HASHER = PasswordHasher()


def prove_password(given: str, name: str) -> str:
    """Return a password that may be set.

    Args:
        given: As it was typed.
        name: Of the user, which it may not hold.

    Raises:
        AccessError: It is too short or too long, or can be guessed from the name; it is not repeated.
    """
    accepted = f"{LEAST} to {MOST} characters, such as four or five words"
    if not LEAST <= len(given) <= MOST:
        says = f"A password has {LEAST} to {MOST} characters; this one has {len(given)}. Take four or five words."
        raise AccessError(says, accepted=accepted)
    folded = given.casefold()
    if _is_guessed(folded) or name.casefold() in folded or "inotrope" in folded:
        says = (
            "This password is guessed easily: it repeats itself, is a row of keys or a word of everybody, or holds "
            "the user's or the program's name. "
        )
        raise AccessError(says + "Take four or five words that have nothing to do with each other.", accepted=accepted)
    return given


def hash_of(given: str) -> str:
    """Return what is kept of a password: its salted hash, with how it was made."""
    return _HASHER.hash(_plain(given))


def is_password(given: str, kept: str | None) -> bool:
    """Tell whether a password is the one of which a hash is kept.

    The same work is done where none is kept, so that the time of the answer does not say whether there is such a user.

    Args:
        given: As it was typed.
        kept: What `hash_of` returned; None where there is no such user, or one without a password.
    """
    try:
        _HASHER.verify(_nobodys() if kept is None else kept, _plain(given[: MOST * 4]))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with less work than one is today."""
    return _HASHER.check_needs_rehash(kept)


def _is_guessed(folded: str) -> bool:
    """Tell whether a password is one block again and again, or little beside rows of keys and words of everybody."""
    if folded in (folded + folded)[1:-1]:
        return True
    left = _runs().sub("", folded)
    return len(set(left)) < _FEWEST_DIFFERENT


@cache
def _runs() -> re.Pattern[str]:
    """Return what finds those words, and four or more keys of a row side by side, forward or backward."""
    rows = [way for row in _ROWS for way in (row, row[::-1])]
    parts = {
        row[start:end]
        for row in rows
        for start in range(len(row))
        for end in range(start + _SHORTEST_RUN, len(row) + 1)
    }
    return re.compile("|".join(sorted({*parts, *_WORDS}, key=len, reverse=True)))


@cache
def _nobodys() -> str:
    """Return the hash of a password that nobody has."""
    return hash_of(new_token())


def _plain(given: str) -> bytes:
    """Return the bytes of a password, the same whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", given).encode("utf-8", "surrogatepass")
