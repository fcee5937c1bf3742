"""Findings, refusals, and truth in three values.

Knows the words in which every folder reports what it saw about a patient. It does not know any rule. A finding is
clinically worrying but meaningful: it is returned, never raised and never dropped. A refusal says what will not be
answered and what would change that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Truth(StrEnum):
    """What is known of a statement: an unrecorded condition is unknown, not absent (Kleene's strong logic)."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, statement: bool | None) -> Truth:
        """Return the truth of a plain statement; None is unknown."""
        if statement is None:
            return cls.UNKNOWN
        return cls.PRESENT if statement else cls.ABSENT

    def negated(self) -> Truth:
        """Return the opposite; the opposite of unknown is unknown."""
        if self is Truth.UNKNOWN:
            return self
        return Truth.ABSENT if self is Truth.PRESENT else Truth.PRESENT


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return absent if any is absent, else unknown if any is unknown, else present (also for none at all)."""
    seen = set(truths)
    if Truth.ABSENT in seen:
        return Truth.ABSENT
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.PRESENT


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return present if any is present, else unknown if any is unknown, else absent (also for none at all)."""
    seen = set(truths)
    if Truth.PRESENT in seen:
        return Truth.PRESENT
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.ABSENT


class Severity(StrEnum):
    """How much a finding weighs: a stop withholds the dose."""

    STOP = "stop"
    WARN = "warn"
    INFORM = "inform"


class State(StrEnum):
    """What a rule says about this case; `silent` is kept for decks and never shown."""

    FIRES = "fires"
    SILENT = "silent"
    UNKNOWN = "unknown"
    OVERRIDDEN = "overridden"


class Status(StrEnum):
    """How sure a number or a rule is, as the source table of the drug folder says."""

    CONFIRMED = "confirmed"
    DERIVED = "derived"
    JUDGEMENT = "judgement"
    UNCONFIRMED = "unconfirmed"


class Effect(StrEnum):
    """What a firing rule does to the plan beside being shown."""

    WITHHOLD = "withhold"
    NO_RATE = "no rate"
    NO_LOAD = "no load"
    NONE = "none"


class WhileRunning(StrEnum):
    """What a firing rule asks for an infusion that runs, from the weightiest to the lightest."""

    STOP = "stop"
    HOLD = "hold"
    REDUCE = "reduce or stop"
    KEEP = "do not raise"


class Overridden(StrEnum):
    """What a stop still withholds once a person set it aside with a reason."""

    NO_LOAD = "no load"
    NOTHING = "nothing"


class Shown(StrEnum):
    """Where a rule speaks: as an alert, as one line among the notes, or only in the answers to questions."""

    ALERT = "alert"
    NOTE = "note"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class SourceReference:
    """One line of evidence: which source, where in it, and how sure.

    `title` and `where` are filled from the folder's source table, so that whoever reads a finding needs no second file.
    """

    id: str
    place: str
    title: str
    where: str
    status: Status


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one case.

    Attributes:
        rule: The rule's id in `safety.toml`.
        severity: stop, warn or inform.
        state: fires, unknown or overridden.
        title: A few words to head the line.
        says: A sentence for the reader, with the patient's own values.
        advice: What to do.
        asks: The question that would settle an unknown; empty when it fires.
        needs: Names of the missing pieces, as `Plan.missing` lists them; also of a rule that asks nothing and is silent
            because it could not be judged.
        effect: What it does to the plan.
        override_allowed: Whether a person may set a stop aside with a reason.
        override_reason: The reason given, where it was overridden.
        evidence: The ten items of an interaction rule, by name.
        sources: Where it comes from.
        status: How sure the rule is.
        shown: An alert, or a note that stands in one line; what only answers questions is no finding of a plan.
        under: The rule that speaks of the same cause and weighs more, or is named first; empty where this one speaks
            for itself. A stop never stands under another. What a rule does to the plan holds all the same.
        while_running: What it asks for an infusion that runs; None where it asks nothing of the rate.
        overridden: What a stop still withholds once it is set aside: `no load` withholds every step upward as well;
            None where it cannot be set aside.
    """

    rule: str
    severity: Severity
    state: State
    title: str
    says: str
    advice: str
    asks: str
    needs: tuple[str, ...]
    effect: Effect
    override_allowed: bool
    override_reason: str | None
    evidence: dict[str, str]
    sources: tuple[SourceReference, ...]
    status: Status
    shown: Shown = Shown.ALERT
    under: str = ""
    while_running: WhileRunning | None = None
    overridden: Overridden | None = None

    @property
    def keeps_the_load_away(self) -> bool:
        """Whether no load may be given: it fires and says so, or it was set aside and withholds the load all the same.

        Whoever must not get a load must not be titrated upward either.
        """
        aside = self.state is State.OVERRIDDEN and self.overridden is Overridden.NO_LOAD
        return aside or (self.state is State.FIRES and self.effect is Effect.NO_LOAD)

    @property
    def alerts(self) -> bool:
        """Whether it asks for attention by itself: it fires or was overridden, is no note, and stands under nothing."""
        loud = self.state in (State.FIRES, State.OVERRIDDEN)
        return loud and self.shown is Shown.ALERT and not self.under


@dataclass(frozen=True, slots=True)
class Refusal:
    """What will not be answered, why, and what would change that."""

    id: str
    says: str
    needs: tuple[str, ...]
    sources: tuple[SourceReference, ...] = ()
