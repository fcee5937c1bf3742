"""The newest value of each kind that was measured, with its age, the one before it and what it moved between in a day.

Knows which of them a hand-over must never crowd out. It judges none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from inotrope.patient import Case, Measurement
from inotrope.units import Quantity, hours_between

LOOKED_BACK = timedelta(hours=24)
"""What was given and what happened in this time stands on the page; decisions stand there whenever they were made. A
judgement: one day holds the shifts that know of each other."""
FIRST_VALUES = (
    *("concentration", "serum creatinine", "mean arterial pressure", "systolic blood pressure", "heart rate"),
    *("serum potassium", "serum magnesium", "platelets", "urine output", "body weight", "cardiac index"),
)
"""What doses, stops or warns, in this order: never crowded out by what was measured later. A judgement."""
_PAIR = 2


@dataclass(frozen=True, slots=True)
class LastValue:
    """The newest value of one kind, how old it is, the one before it, and between what it lay in the last day.

    Attributes:
        what: The vocabulary's name, and of which drug.
        as_written: As the record says it.
        at: When it was taken.
        age: By the moment of the page.
        before: The one before it; empty where there is none.
        lowest: Of the last day, as written; empty where fewer than two were taken.
        highest: Likewise.
    """

    what: str
    as_written: str
    at: datetime
    age: Quantity
    before: str
    lowest: str = ""
    highest: str = ""


def last_values(case: Case) -> tuple[LastValue, ...]:
    """Return the newest value of each kind: first those that dose or stop, then those of the shortest age."""
    kinds = dict.fromkeys((item.what, item.of) for item in case.measurements)
    found = [_last(case, what, of) for what, of in kinds]
    return tuple(sorted(found, key=lambda item: (_place(item.what), item.age.value)))


def _place(name: str) -> int:
    return next((place for place, what in enumerate(FIRST_VALUES) if name.startswith(what)), len(FIRST_VALUES))


def _last(case: Case, what: str, of: str | None) -> LastValue:
    newest, *older = case.every(what, of)
    name = what if of is None else f"{what} of {of}"
    age = Quantity(hours_between(newest.at, case.now), "h")
    lately = [item for item in (newest, *older) if case.now - item.at <= LOOKED_BACK]
    spread = _spread(lately)
    return LastValue(name, newest.as_written, newest.at, age, older[0].as_written if older else "", *spread)


def _spread(lately: list[Measurement]) -> tuple[str, str]:
    if len(lately) < _PAIR:
        return "", ""
    inorder = sorted(lately, key=lambda item: item.value.value)
    return inorder[0].as_written, inorder[-1].as_written
