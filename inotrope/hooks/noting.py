"""What is noted of a call: who asked what, of which patient by a hash, and how it ended; never what was sent.

Knows the audit and the log. Without a database there is the log alone, and a patient's hash holds for the life of the
process. What a person typed, a name, a token and a body stand nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inotrope.access.logs import log

if TYPE_CHECKING:
    from inotrope.access.audit import Audit
    from inotrope.hooks.cards import Card
    from inotrope.hooks.feedback import Feedback

_DIGITS = 16
"""Hexadecimal digits of a hash, as in the audit."""
_MOST_RULES = 6


@dataclass(slots=True)
class Noted:
    """One call, as it is noted; filled while it is answered.

    Attributes:
        asked: Which way, such as `POST /cds-services/inotrope`.
        address: From where.
        who: The client's name; empty where nobody is known.
        hook: Which hook.
        instance: Its id.
        patient: The patient's id; it is hashed before it is written.
        digest: SHA-256 of the body.
        versions: What computed the answer.
        cards: What was answered.
        notes: What could not be used, in closed words.
    """

    asked: str
    address: str
    who: str = ""
    hook: str = ""
    instance: str = ""
    patient: str = ""
    digest: str = ""
    versions: str = ""
    cards: tuple[Card, ...] = ()
    notes: tuple[str, ...] = ()


class Notes:
    """Writes them."""

    def __init__(self, audit: Audit | None = None) -> None:
        """Write to an audit as well, where there is one."""
        self._audit = audit
        self._key = secrets.token_bytes(32)

    def write(self, noted: Noted, status: int) -> None:
        """Write one call.

        Args:
            noted: What is known of it.
            status: What it was answered with.
        """
        shown = "; ".join(_shown(card) for card in noted.cards) or "no card"
        log(
            "hook",
            asked=noted.asked,
            status=status,
            who=noted.who,
            hook=noted.hook,
            instance=noted.instance,
            patient=self._hashed(noted.patient),
            digest=noted.digest[:_DIGITS],
            cards=shown,
            notes=", ".join(noted.notes),
            versions=noted.versions,
        )
        if self._audit is not None:
            did = " ".join(filter(None, (noted.asked, noted.hook, noted.instance, noted.digest[:_DIGITS])))
            outcome = f"{status} {shown}" + (f" [{noted.versions}]" if noted.versions else "")
            self._audit.write(noted.who, did, outcome, course=noted.patient, address=noted.address)

    def feedback(self, noted: Noted, told: Feedback) -> None:
        """Write what became of one card."""
        outcome = " ".join(filter(None, (told.outcome, told.reason, "with a comment" if told.commented else "")))
        log("feedback", who=noted.who, card=told.card, outcome=outcome, at=told.at.isoformat())
        if self._audit is not None:
            self._audit.write(noted.who, f"feedback {told.card}", outcome, address=noted.address)

    def _hashed(self, patient: str) -> str:
        if not patient:
            return ""
        if self._audit is not None:
            return self._audit.course(patient)
        return hmac.new(self._key, patient.encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def _shown(card: Card) -> str:
    rules = ",".join(card.rules[:_MOST_RULES])
    return f"{card.indicator.word} {card.uuid} {rules}"
