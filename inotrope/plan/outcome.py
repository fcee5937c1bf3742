"""What was found for one case, before it is written out as a plan.

Knows shapes only: `making.py` fills it, `writing.py` lays it out.
"""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.dosing import History, Regimen
from inotrope.drug import Drug, Entry, Site
from inotrope.findings import Finding, Refusal
from inotrope.patient import Case, Kidney
from inotrope.plan.at_site import AtSite
from inotrope.plan.record import PlanStatus


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that was found for one case, before it is written out."""

    case: Case
    drug: Drug
    here: AtSite
    entry: Entry | None
    beside: tuple[Entry, ...]
    kidney: Kidney
    past: History
    regimen: Regimen | None
    findings: tuple[Finding, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...]
    status: PlanStatus

    @property
    def site(self) -> Site | None:
        """The hospital's own file, where there is one."""
        return self.here.site
