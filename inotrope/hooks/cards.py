"""The cards: what may stand in one, and how it is written as JSON.

Knows the card of CDS Hooks 2.0.1 and refuses what it does not allow: an empty word, suggestions without a way to
choose, a context for a link that is none of SMART. There is no system action: nothing about a dose applies itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any
from uuid import uuid4

from inotrope.hooks.markdown import LONGEST_SUMMARY

REASONS = "urn:inotrope:override-reason"
"""The system of this program's own reasons for setting a card aside."""


class Indicator(IntEnum):
    """How grave a card is, in the order of the specification; there is no word for a hard stop."""

    INFO = 0
    WARNING = 1
    CRITICAL = 2

    @property
    def word(self) -> str:
        """The word of the specification."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Action:
    """One change of a suggestion: `create` and `update` hold a whole resource, `delete` names one."""

    type: str
    description: str
    resource: Mapping[str, Any] | None = None
    resource_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse what the specification does not allow."""
        _need(self.type in ("create", "update", "delete"), "an action creates, updates or deletes")
        _need(bool(self.description.strip()), "an action has a description")
        _need((self.resource is None) == (self.type == "delete"), "what is created or updated is there whole")
        _need((self.resource_id is not None) == (self.type == "delete"), "what is deleted is named")

    def to_plain(self) -> dict[str, Any]:
        """Return it as JSON."""
        made: dict[str, Any] = {"type": self.type, "description": self.description}
        return made | ({"resourceId": self.resource_id} if self.resource is None else {"resource": self.resource})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A set of changes that somebody may choose; all of its actions or none."""

    label: str
    actions: tuple[Action, ...]
    uuid: str = field(default_factory=lambda: str(uuid4()))

    def __post_init__(self) -> None:
        """Refuse what the specification does not allow."""
        _need(bool(self.label.strip()), "a suggestion has a label")
        _need(bool(self.actions), "a suggestion does something")

    def to_plain(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"label": self.label, "uuid": self.uuid, "actions": [one.to_plain() for one in self.actions]}


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page, or to the start of a SMART app with what the card hands it; never followed by itself."""

    label: str
    url: str
    smart: bool = False
    app_context: str | None = None

    def __post_init__(self) -> None:
        """Refuse what the specification does not allow."""
        _need(bool(self.label.strip()) and self.url.startswith(("https://", "http://")), "a link has a label and a URL")
        _need(self.app_context is None or self.smart, "only a SMART app gets a context")

    def to_plain(self) -> dict[str, Any]:
        """Return it as JSON."""
        made: dict[str, Any] = {"label": self.label, "url": self.url, "type": "smart" if self.smart else "absolute"}
        return made | ({} if self.app_context is None else {"appContext": self.app_context})


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that may be chosen for setting a card aside."""

    code: str
    display: str

    def __post_init__(self) -> None:
        """Refuse what the specification does not allow."""
        _need(bool(self.display.strip()), "a reason is told in words")

    def to_plain(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"system": REASONS, "code": self.code, "display": self.display}


@dataclass(frozen=True, slots=True)
class Card:
    """One card.

    Attributes:
        summary: One sentence, plain.
        indicator: How grave it is.
        source: Whose word it is.
        detail: Markdown, everything in it escaped.
        suggestions: Of which one at most may be chosen.
        reasons: That may be chosen for setting it aside.
        links: To look closer.
        rules: The ids of what speaks in it, for the audit; they do not go out.
        uuid: Its own id.
    """

    summary: str
    indicator: Indicator
    source: str
    detail: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    reasons: tuple[Reason, ...] = ()
    links: tuple[Link, ...] = ()
    rules: tuple[str, ...] = ()
    uuid: str = field(default_factory=lambda: str(uuid4()))

    def __post_init__(self) -> None:
        """Refuse what the specification does not allow."""
        _need(bool(self.summary.strip()) and len(self.summary) <= LONGEST_SUMMARY, "a summary has 1 to 139 characters")
        _need(bool(self.source.strip()), "a card says whose word it is")

    def to_plain(self) -> dict[str, Any]:
        """Return it as JSON; what is empty is left out."""
        made: dict[str, Any] = {
            "uuid": self.uuid,
            "summary": self.summary,
            "indicator": self.indicator.word,
            "source": {"label": self.source},
        }
        made |= {"detail": self.detail} if self.detail else {}
        if self.suggestions:
            made |= {"suggestions": [one.to_plain() for one in self.suggestions], "selectionBehavior": "at-most-one"}
        made |= {"overrideReasons": [one.to_plain() for one in self.reasons]} if self.reasons else {}
        return made | ({"links": [one.to_plain() for one in self.links]} if self.links else {})


def response(cards: tuple[Card, ...]) -> dict[str, Any]:
    """Return the answer of a call: its cards, the gravest first; `{"cards": []}` where there is nothing to say."""
    return {"cards": [card.to_plain() for card in sorted(cards, key=lambda card: -card.indicator)]}


def _need(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(f"This is no card of CDS Hooks: {what}.")
