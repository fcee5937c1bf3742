"""What the worked-out parts of an answer stand on: the drug, and for a case its entry, its history and its plan.

Knows words that several parts share: a moment, a number with its source, a form of storage, who reads a medicine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inotrope.dosing import History, find_entry, history
from inotrope.drug import (
    Counted,
    Drug,
    Entry,
    Rule,
    SharesLine,
    Site,
    Sourced,
    TakesClass,
    TakesMedicine,
    tighten,
    walk,
)
from inotrope.findings import SourceReference
from inotrope.patient import Case
from inotrope.plan.at_site import at_site
from inotrope.plan.making import make_plan
from inotrope.plan.record import Plan
from inotrope.units import plain_number

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""By name, whatever language the computer speaks."""


@dataclass(frozen=True, slots=True)
class CaseAtHand:
    """What one case adds: the case and its history, the entry that serves it, and its plan."""

    case: Case
    entry: Entry | None
    past: History
    plan: Plan


@dataclass(frozen=True, slots=True)
class About:
    """What an answer is about: a drug, and a case or none."""

    drug: Drug
    of_case: CaseAtHand | None


def about(case: Case | None, drug: Drug, site: Site | None) -> About:
    """Return what the answers stand on; raises as `make_plan` does."""
    if case is None:
        return About(drug if site is None else tighten(drug, site), None)
    here = at_site(case, drug, site)
    entry = find_entry(here.drug, here.case)
    past = history(here.case, drug=drug.name)
    plan = make_plan(case, forecast=False, site=site, drug=drug)
    return About(here.drug, CaseAtHand(here.case, entry if isinstance(entry, Entry) else None, past, plan))


def clock(when: datetime) -> str:
    """Show a moment to the minute, with its zone."""
    return when.isoformat(sep=" ", timespec="minutes")


def spoken(when: datetime) -> str:
    """Show a moment as families read it, in words of its own day: `02:00 on 21 November 2026`."""
    return f"{when:%H:%M} on {when.day} {_MONTHS[when.month - 1]} {when.year}"


def sourced(number: Sourced | Counted) -> str:
    """Show a number with its source, how sure it is, and its note."""
    value = str(number.value) if isinstance(number, Sourced) else plain_number(number.value)
    note = f" {number.note}" if number.note else ""
    return f"{value} ({cited(number.source)}).{note}"


def cited(source: SourceReference) -> str:
    """Show a source in few words."""
    return f"{source.title}: {source.place}; {source.status}"


def kept(drug: Drug, form: str) -> str:
    """Say how one form of the drug is kept, each number with its source; empty where the folder does not say."""
    found = drug.storage.get(form)
    if found is None:
        return ""
    numbers = (f"{name.replace('_', ' ').capitalize()}: {sourced(number)}" for name, number in found.numbers.items())
    return " ".join((f"{form.capitalize()}: {found.text}", *numbers))


def reads_medicines(rule: Rule) -> bool:
    """Tell whether a rule asks for a medicine that is given beside the drug or runs in its line."""
    return any(isinstance(leaf, TakesMedicine | TakesClass | SharesLine) for leaf in walk(rule.when))
