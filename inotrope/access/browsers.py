"""Browsers in which somebody logged in before: whoever fails elsewhere in their name keeps nobody out of those.

Knows a random token and, of each name that logged in there, a proof that only this server can make. Neither is a
session and neither opens anything: a password is asked for as ever, and tried in that browser as seldom as anywhere.
Who holds the cookie learns no name from it.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from inotrope.access.tokens import new_token, same

MOST_NAMES = 12
"""Of one browser: a machine of the ward; the one that logged in there first of all is forgotten first."""
_FORM = re.compile(rf"[A-Za-z0-9_-]{{43}}(?:\.[0-9a-f]{{32}}){{0,{MOST_NAMES}}}")


class Browsers:
    """The browsers that one database knows, by its key; nothing of them is kept."""

    def __init__(self, key: str) -> None:
        """Take the key of the site."""
        self._key = key.encode()

    def known(self, cookie: str, name: str) -> str:
        """Return the token of a browser in which this name logged in before; empty for none."""
        token, *proofs = cookie.split(".") if _FORM.fullmatch(cookie) else [""]
        wanted = self._proof(token, name)
        return token if any(same(proof, wanted) for proof in proofs) else ""

    def remember(self, cookie: str, name: str) -> str:
        """Return what a browser keeps from now on: what it had, and that this name logged in there."""
        token, *proofs = cookie.split(".") if _FORM.fullmatch(cookie) else [new_token()]
        own = self._proof(token, name)
        kept = [proof for proof in proofs if proof != own][-(MOST_NAMES - 1) :]
        return ".".join((token, *kept, own))

    def _proof(self, token: str, name: str) -> str:
        text = "\0".join(("browser", token, name.strip().lower())).encode("utf-8", "surrogatepass")
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()[:32]
