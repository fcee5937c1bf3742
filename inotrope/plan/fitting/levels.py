"""Which levels of a case can be fitted, and why another cannot: asked before any model is.

Knows where and when a level was drawn. Whether a level is one that a patient can have, the models tell
(`estimation/plausibility.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inotrope.dosing import History
from inotrope.drug import Drug
from inotrope.estimation.problem import Levels
from inotrope.estimation.refusal_texts import refusal, texts
from inotrope.findings import Refusal
from inotrope.patient import Case, Measurement, vocabulary
from inotrope.plan.fitting.record import MeasuredLevel
from inotrope.units import Quantity, hours_between, round_half_up

LEVEL = "concentration"
MIXING = "fit.mixing_after_a_dose"
_MINUTES = Decimal(60)


@dataclass(frozen=True, slots=True)
class LevelsOfCase:
    """The levels of a case, oldest first.

    Attributes:
        every: Each of them, with why it is not used.
        used: Those that are fitted.
        refusals: Why none can be, whatever they say.
    """

    every: tuple[MeasuredLevel, ...]
    used: tuple[MeasuredLevel, ...]
    refusals: tuple[Refusal, ...]

    def arrays(self) -> Levels:
        """Return those that are used as arrays."""
        return Levels.of(
            [float(item.hours.value) for item in self.used],
            [float(item.value.in_unit("ng/mL")) for item in self.used],
            below=[item.below for item in self.used],
        )


def levels_of_case(case: Case, drug: Drug, past: History) -> LevelsOfCase:
    """Return the levels of a case.

    Args:
        case: The patient.
        drug: Whose levels.
        past: What was given.
    """
    measured = sorted(case.every(LEVEL, drug.name), key=lambda item: item.at)
    against = _against_all(measured, past)
    found: dict[tuple[datetime, Decimal, bool], MeasuredLevel] = {}
    for item in measured:
        one = MeasuredLevel(
            at=item.at,
            hours=Quantity(hours_between(case.now, item.at), "h"),
            value=item.value,
            below=item.below,
            as_written=item.as_written,
            site=item.site,
            refused=None if against else _against_one(case, item, past),
        )
        found[item.at, item.value.value, item.below] = one  # one that is written twice was measured once
    every = tuple(found.values())
    used = () if against else tuple(item for item in every if item.refused is None)
    return LevelsOfCase(every, used, against)


def _against_all(measured: list[Measurement], past: History) -> tuple[Refusal, ...]:
    """Return why no level can be fitted; a contradiction of what was given counts without a level too."""
    if past.conflict is not None:
        return (refusal("history-contradicts-itself", conflict=past.conflict),)
    if not measured:
        return ()
    if not past.complete:
        return (refusal("history-not-recorded"),)
    of_moment: dict[datetime, Measurement] = {}
    for item in measured:
        first = of_moment.setdefault(item.at, item)
        if (first.value, first.below) != (item.value, item.below):
            at = _moment(item)
            return (refusal("two-levels-at-once", at=at, first=first.as_written, second=item.as_written),)
    return ()


def _against_one(case: Case, item: Measurement, past: History) -> Refusal | None:
    """Return why this level is not fitted; None where it is."""
    at_h = hours_between(case.now, item.at)
    level, at = item.as_written, _moment(item)
    if item.site is not None and from_the_line(item.site):
        return refusal("level-from-the-line", site=item.site, level=level, at=at)
    if not any(piece.start_h < at_h for piece in past.pieces):
        return refusal("level-before-any-dose", level=level, at=at)
    mixing = vocabulary().limit(MIXING)
    wait_h, wait = mixing.value.in_unit("h"), mixing.value.shown(0)
    for dose in past.doses:
        if dose.start_h <= at_h <= dose.end_h:
            return refusal("level-during-a-dose", [mixing.source], wait=wait, level=level, at=at)
        if dose.end_h < at_h < dose.end_h + wait_h:
            after = Quantity(round_half_up((at_h - dose.end_h) * _MINUTES, 0), "min")
            return refusal("level-before-mixing", [mixing.source], after=after, wait=wait, level=level, at=at)
    return None


def from_the_line(site: str) -> bool:
    """Tell whether a place of drawing, as it was written, is the line that the drug runs through."""
    entry, words = texts()["level-from-the-line"], " ".join(re.findall(r"[a-z]+", site.casefold()))
    spoken = f" {words} "
    if any(f" {word} " in spoken for word in entry["sites_unless"]):
        return False
    return any(f" {word} " in spoken for word in entry["sites"])


def _moment(item: Measurement) -> str:
    return f"{item.at:%Y-%m-%d %H:%M}"
