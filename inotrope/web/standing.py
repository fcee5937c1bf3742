"""What a case on a page stands on that no record says: a stop that was set aside, an assumed kidney, another time.

Knows that it is said on every screen of such a case. The plan and its print say it themselves, beside the dose.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from inotrope.drug import load_drug
from inotrope.web.clock import away_from_now
from inotrope.web.form.fields import drugs

if TYPE_CHECKING:
    from inotrope.web.options import Options

SAY_IT_THEMSELVES = ("/plan", "/plan/change", "/print")
OF_THEIR_TIME = (
    *("/levels", "/levels/add", "/target", "/circulation", "/what-if", "/order"),
    *("/second-check", "/second-check/open"),
)
"""Screens that answer for the time of the case."""
_NOT_NOW = "The case is of a time {away}, by the clock of this computer: set nothing by what stands here."


@dataclass(frozen=True, slots=True)
class Standing:
    """One such thing: its mark's name, what it is, and the rest of the sentence."""

    mark: str
    head: str
    says: str


def standing_of(options: Options | None, path: str, case: str = "") -> tuple[Standing, ...]:
    """Return what a page of a case must say; nothing where the screen says it itself.

    Args:
        options: What was asked beside the case; None where the page carries none.
        path: Of the screen.
        case: Its text, for the time that it is of; empty for none.
    """
    if options is None or path in SAY_IT_THEMSELVES:
        return ()
    away = _away(case) if path in OF_THEIR_TIME else ""
    found = [Standing("warn", "Not for now", _NOT_NOW.format(away=away))] if away else []
    found += [
        Standing("overridden", "A stop is set aside", f"{_title(rule)} ({rule}). Reason given: {reason}")
        for rule, reason in options.overrides
    ]
    if options.assume_kidney:
        found.append(Standing("assumed", "Kidney function is assumed", f"{options.assume_kidney}, and not measured."))
    return tuple(found)


def _away(case: str) -> str:
    """Return how far the time of a case lies from the clock; empty where it is now, or where it has no such time."""
    with suppress(
        ValueError, TypeError, AttributeError, OverflowError, RecursionError
    ):  # no case, or no time with a zone
        return away_from_now(datetime.fromisoformat(json.loads(case).get("now")))
    return ""


def _title(rule: str) -> str:
    """Return the few words of a rule, of whichever drug it is."""
    known = (item for drug in drugs() for item in load_drug(drug).rules)
    return next((item.title for item in known if item.id == rule), "a rule that is not known here")
