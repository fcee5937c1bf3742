"""What became of a card: accepted, or set aside with a reason, as a client tells it afterwards.

Knows the feedback of CDS Hooks 2.0.1. What a person typed beside a reason may name a patient: that there is something
is noted, and the text is kept nowhere. Feedback may come twice, late, or of a card that this process does not know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inotrope.errors import RequestError
from inotrope.hooks.cards import REASONS

OUTCOMES = ACCEPTED, OVERRIDDEN = "accepted", "overridden"
MOST = 100
"""Cards in one call."""
_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")
_CODE = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Feedback:
    """What became of one card.

    Attributes:
        card: Its id.
        outcome: `accepted` or `overridden`.
        suggestions: The ids of what was chosen.
        reason: The code of one of our own reasons; `other` for another system's, empty where none is given.
        commented: Whether something was typed beside it.
        at: When.
    """

    card: str
    outcome: str
    suggestions: tuple[str, ...]
    reason: str
    commented: bool
    at: datetime


def read_feedback(document: object) -> tuple[Feedback, ...]:
    """Return what became of some cards.

    Args:
        document: The body of a request, as JSON was read.

    Raises:
        RequestError: It is none, or lacks what the specification demands of it.
    """
    listed = document.get("feedback") if isinstance(document, Mapping) else None
    if not isinstance(listed, list) or not listed or len(listed) > MOST:
        raise RequestError(f"'feedback' is a list of 1 to {MOST} entries.", where="feedback")
    return tuple(_one(entry, f"feedback[{place}]") for place, entry in enumerate(listed))


def _one(entry: object, where: str) -> Feedback:
    if not isinstance(entry, Mapping):
        raise RequestError("An entry is an object with card, outcome and outcomeTimestamp.", where=where)
    outcome = entry.get("outcome")
    if outcome not in OUTCOMES:
        raise RequestError(
            "'outcome' is accepted or overridden.", accepted=", ".join(OUTCOMES), where=f"{where}.outcome"
        )
    chosen = entry.get("acceptedSuggestions")
    if outcome == ACCEPTED and not (isinstance(chosen, list) and chosen):
        says = "Where a card was accepted, 'acceptedSuggestions' says which of its suggestions."
        raise RequestError(says, where=f"{where}.acceptedSuggestions")
    ids = tuple(_uuid(one.get("id") if isinstance(one, Mapping) else None, f"{where}.acceptedSuggestions")
                for one in (chosen if isinstance(chosen, list) else ()))  # fmt: skip
    reason, commented = _reason(entry.get("overrideReason"), f"{where}.overrideReason")
    return Feedback(_uuid(entry.get("card"), f"{where}.card"), outcome, ids, reason, commented, _at(entry, where))


def _uuid(value: object, where: str) -> str:
    match = _UUID.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise RequestError("A card and a suggestion are named by their UUID.", where=where)
    return match[1].lower()


def _reason(value: object, where: str) -> tuple[str, bool]:
    """Return the code of a reason, and whether something was typed."""
    if value is None:
        return "", False
    told: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
    reason, comment = told.get("reason"), told.get("userComment")
    if reason is None and comment is None:
        raise RequestError("An override reason has a reason, a comment, or both.", where=where)
    if not isinstance(reason, Mapping):
        return "", comment is not None
    code = reason.get("code")
    own = reason.get("system") in (None, REASONS) and isinstance(code, str) and _CODE.fullmatch(code)
    return str(code) if own else "other", comment is not None


def _at(entry: Mapping[str, Any], where: str) -> datetime:
    written = entry.get("outcomeTimestamp")
    try:
        at = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise RequestError("'outcomeTimestamp' is a moment in UTC, such as 2026-11-22T08:00:00Z.",
                           where=f"{where}.outcomeTimestamp")  # fmt: skip
    return at
