"""The head of a plan: how it ended, what runs now, and what must be done before anything is started.

Knows that a plan is called a plan, and nothing more, only when no warning fires and no open question could still stop
it; the record's own status does not change by that. It judges nothing: it counts what the findings say.
"""

from __future__ import annotations

from inotrope.display.findings_sheet import counts, group_of, open_stops, standing_under
from inotrope.display.plan_dose import beside_the_dose, runs_at
from inotrope.display.pressure_chances import headline_row
from inotrope.display.sheet import Card, Mark, Row, Rows, Section
from inotrope.findings import Finding, Severity, State, WhileRunning
from inotrope.plan import Plan, PlanStatus, Screening
from inotrope.plan.running import asked_of_the_rate, waits_for_the_physician

_STARTED = {
    WhileRunning.STOP: "Stop the infusion",
    WhileRunning.HOLD: "Hold the infusion",
    WhileRunning.REDUCE: "Reduce or stop the infusion",
}
"""What a finding asks of an infusion that runs, as the first words of a plan."""


def status_card(plan: Plan) -> Card:
    """Return how the plan ended, and what it stands on."""
    mark, word, title = _headline(plan)
    rows = []
    if plan.status is PlanStatus.STOPPED:
        stops = [item for item in plan.findings if item.severity is Severity.STOP and item.state is State.FIRES]
        rows += [Row("Because", f"{item.title} ({item.rule}). {item.says}", strong=True) for item in stops]
    if plan.status is PlanStatus.REFUSED:
        rows += [Row("Because", item.says, strong=True) for item in plan.refusals]
    rows += beside_the_dose(plan)
    rows.append(Row("", counts(plan.findings)))
    rows += headline_row(plan)
    return Card(mark, title, "", tuple(rows), word)


def _headline(plan: Plan) -> tuple[Mark, str, str]:
    if plan.status is PlanStatus.STOPPED:
        return Mark.STOP, "", "A stop rule fires: no dose is shown"
    if plan.status is PlanStatus.REFUSED:
        return Mark.REFUSED, "", "No rate is proposed"
    warned = bool(_first(plan))
    asked = open_stops(plan.findings, plan.missing)
    aside = any(overridden for _, overridden in _first(plan))
    word = "PLAN WITH A STOP SET ASIDE" if aside else "PLAN WITH WARNINGS" if warned else "PLAN"
    first = _asked_first(plan)
    if asked:
        also = f"; {_going_on(first)}" if first else ""
        return Mark.WARN if warned else Mark.ASK, f"{word}, INCOMPLETE:", f"{asked} could stop it{also}"
    if warned:
        return Mark.WARN, word, first or "A rate is proposed"
    return Mark.PLAN, "", "A rate is proposed"


def _asked_first(plan: Plan) -> str:
    """Return what a finding asks of what runs, or of a start, before any rate is looked at; empty where none does."""
    finding = asked_of_the_rate(plan.findings)
    if finding is None or finding.while_running is None:
        fast = plan.running is not None and plan.running.above_allowed
        return "Lower the infusion: it runs above what is allowed now" if fast else ""
    title = _going_on(finding.title)
    if plan.running is not None:
        above = ", and it runs above what is allowed now" if plan.running.above_allowed else ""
        return f"{_STARTED[finding.while_running]}: {title}{above}. The rate below is for comparison"
    if waits_for_the_physician(plan.findings) is None:
        return ""
    return f"Do not start before the physician has decided: {title}. The rate below is for comparison"


def running_card(plan: Plan) -> tuple[Card, ...]:
    """Return what runs now, or that it is paused, and what the plan means for it, in every status; else nothing."""
    if plan.running is None:
        if plan.given is None:
            return ()
        if plan.given.dose_says:
            return (Card(Mark.WARN, f"{plan.drug.capitalize()}: {plan.given.dose_says}.", "", (), "RUNS NOW"),)
        paused = plan.given.paused
        return () if paused is None else (Card(Mark.WARN, f"{paused.says}.", "", (), "PAUSED"),)
    runs = f"{plan.drug.capitalize()} runs at {runs_at(plan, plan.running)}: {plan.running.says}"
    return (Card(Mark.WARN, f"{runs.rstrip('.')}.", "", (), "RUNS NOW"),)


def first_section(plan: Plan) -> Section:
    """Return what to do first: each stop and warning with its action; without blocks when there is none."""
    rows = tuple(
        Row("", _to_do(plan, item), mark=Mark.OVERRIDDEN if overridden else group_of(item))
        for item, overridden in _first(plan)
    )
    start = "Do not start" if plan.status is PlanStatus.STOPPED else "Before you start"
    title = start if plan.running is None else "Now"
    return Section(title, (Rows(rows),) if rows else ())


def _to_do(plan: Plan, item: Finding) -> str:
    """Return an alert with its action, and the titles of what else speaks of its cause."""
    also = "; ".join(finding.title for finding in standing_under(item, plan.findings))
    return f"{item.title}. {item.advice}{f' Also: {also}.' if also else ''}".strip()


def _first(plan: Plan) -> list[tuple[Finding, bool]]:
    """Return what alerts as a stop or a warning, and what was overridden: a reason does not make it go away."""
    return [(item, item.state is State.OVERRIDDEN) for item in _weighty(plan.findings)]


def _weighty(findings: tuple[Finding, ...]) -> list[Finding]:
    """Return what alerts as a stop or a warning, in the order of the findings."""
    return [item for item in findings if item.alerts and item.severity in (Severity.STOP, Severity.WARN)]


def _going_on(sentence: str) -> str:
    """Return a sentence as it goes on after a colon or a semicolon: its first letter small."""
    return f"{sentence[0].lower()}{sentence[1:]}"


def screening_card(screening: Screening) -> Card:
    """Return how a screening ended."""
    asked = open_stops(screening.findings, screening.missing)
    rows = (Row("", counts(screening.findings)),)
    if screening.status is PlanStatus.STOPPED:
        return Card(Mark.STOP, "A stop rule fires", "", rows)
    first = ""
    finding = asked_of_the_rate(screening.findings)
    if finding is not None and finding.while_running is not None:
        title = _going_on(finding.title)
        first = f"{_STARTED[finding.while_running]} if one runs, and start none: {title}"
    if asked:
        also = f"; {_going_on(first)}" if first else ""
        return Card(
            Mark.WARN if first else Mark.ASK,
            f"No stop rule fires, but {asked} could stop it{also}",
            "",
            rows,
            "INCOMPLETE:",
        )
    if _weighty(screening.findings):
        return Card(Mark.WARN, first or "Warnings: act on them before or during the infusion", "", rows)
    return Card(Mark.INFORM, "No stop rule stands in the way", "", rows)
