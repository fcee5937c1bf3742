"""The kinds of events of a course, and what each of them is: a fact, a decision, a remark, or the frame around them.

Knows names and what holds for all events of a kind. What stands in an event is proved in `bodies.py`.
"""

from __future__ import annotations

OPENED, CASE, PLANNED = "opened", "case", "planned"
OVERRIDDEN, CONFIRMED = "overridden", "confirmed"
RATE, LEVEL, READING, HAPPENED = "rate", "level", "reading", "happened"
CORRECTED, NOTED, CLOSED, REOPENED = "corrected", "noted", "closed", "reopened"

KINDS = (
    *(OPENED, CASE, PLANNED, OVERRIDDEN, CONFIRMED, RATE, LEVEL, READING, HAPPENED),
    *(CORRECTED, NOTED, CLOSED, REOPENED),
)
"""All of them, in the order in which a course usually meets them first."""

FACTS = frozenset({RATE, LEVEL, READING, HAPPENED})
"""What was given, measured or happened: each adds one entry to the case."""
DECISIONS = frozenset({PLANNED, OVERRIDDEN, CONFIRMED})
"""What was shown or decided on the case as it stood then; a closed course takes none."""
CORRECTABLE = FACTS | {NOTED, OVERRIDDEN, CONFIRMED, CORRECTED}
"""What a later event can correct or take back; a case is corrected by a new case, and what was shown was shown."""

SECTIONS = {RATE: "administrations", LEVEL: "measurements", READING: "measurements"}
"""Where the entry of a fact stands in the case; what happened names its own section."""
PREPARATION = "preparation"
"""The bag or syringe on the pump."""
HAPPENINGS = ("events", "support", "lines", "medicines", "conditions", PREPARATION)
"""The sections of the case of which a `happened` may speak."""
ENDING = ("lines", "medicines")
"""Those of them whose entries have no time of their own: `ended` takes one out again."""
