"""What a case on a page stands on that no record says: a stop that was set aside with its reason, an assumed kidney.

Knows that it is said on every screen of such a case. The plan and its print say it themselves, beside the dose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inotrope.drug import load_drug
from inotrope.web.form.fields import drugs

if TYPE_CHECKING:
    from inotrope.web.options import Options

SAY_IT_THEMSELVES = ("/plan", "/plan/change", "/print")


@dataclass(frozen=True, slots=True)
class Standing:
    """One such thing: its mark's name, what it is, and the rest of the sentence."""

    mark: str
    head: str
    says: str


def standing_of(options: Options | None, path: str) -> tuple[Standing, ...]:
    """Return what a page of a case must say; nothing where the screen says it itself.

    Args:
        options: What was asked beside the case; None where the page carries none.
        path: Of the screen.
    """
    if options is None or path in SAY_IT_THEMSELVES:
        return ()
    found = [
        Standing("overridden", "A stop is set aside", f"{_title(rule)} ({rule}). Reason given: {reason}")
        for rule, reason in options.overrides
    ]
    if options.assume_kidney:
        found.append(Standing("assumed", "Kidney function is assumed", f"{options.assume_kidney}, and not measured."))
    return tuple(found)


def _title(rule: str) -> str:
    """Return the few words of a rule, of whichever drug it is."""
    known = (item for drug in drugs() for item in load_drug(drug).rules)
    return next((item.title for item in known if item.id == rule), "a rule that is not known here")
