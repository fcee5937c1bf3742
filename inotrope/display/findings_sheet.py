"""Findings, refusals and questions as blocks: grouped stop, warn, ask, inform.

Knows the order in which a reader needs them and that each shows its evidence, how sure it is and where it comes from.
It judges nothing.
"""

from __future__ import annotations

from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, References, Row, Section
from inotrope.findings import Finding, Refusal, Severity, State, Status
from inotrope.plan.record import Missing

FIRST_QUESTIONS = 5
"""As many questions as somebody at a bedside answers at once; the rest follow under their own heading."""

_MARKS = {Severity.STOP: Mark.STOP, Severity.WARN: Mark.WARN, Severity.INFORM: Mark.INFORM}
_GROUPS = (
    (Mark.STOP, "Stop: the dose is withheld, or was overridden with a reason"),
    (Mark.WARN, "Warn: act on it before or during the infusion"),
    (Mark.ASK, "Ask: could not be judged, because something is not known"),
    (Mark.INFORM, "Inform: to know"),
)


def group_of(finding: Finding) -> Mark:
    """Return the group in which a finding is shown: an unknown is always a question."""
    return Mark.ASK if finding.state is State.UNKNOWN else _MARKS[finding.severity]


def counts(findings: tuple[Finding, ...]) -> str:
    """Return how many findings each group holds, as a line."""
    seen = [group_of(finding) for finding in findings if finding.state is not State.OVERRIDDEN]
    stop, warn, ask, inform = (seen.count(mark) for mark, _ in _GROUPS)
    overridden = len(findings) - len(seen)
    aside = f", {overridden} overridden" if overridden else ""
    return f"Findings: {stop} stop{aside}, {warn} warn, {ask} to ask, {inform} to know."


def findings_section(findings: tuple[Finding, ...], references: References) -> Section:
    """Return every finding, stops first; none is left out."""
    blocks: list[Block] = []
    for mark, title in _GROUPS:
        group = [finding for finding in findings if group_of(finding) is mark]
        if mark is Mark.ASK and group:
            blocks.append(Lines(tuple(f"{mark.sign} {_asked(finding)}" for finding in group), title=title))
        elif group:
            blocks.append(Lines((), title=title))
            blocks += [_card(finding, references) for finding in group]
    return Section("Findings", tuple(blocks) or (Paragraph("No rule fires, and none is left open."),))


def _asked(finding: Finding) -> str:
    wants = f" Needs: {', '.join(finding.needs)}." if finding.needs else ""
    return f"{finding.title} ({finding.rule}, {finding.severity}): {finding.asks}{wants}"


def _card(finding: Finding, references: References) -> Card:
    overridden = finding.state is State.OVERRIDDEN
    rows = [Row("", finding.says)]
    if overridden:
        rows.append(Row("Overridden", f"Reason given: {finding.override_reason}", strong=True))
    if finding.advice:
        rows.append(Row("Do", finding.advice))
    rows.append(Row("Evidence", _evidence(finding)))
    if finding.sources:
        rows.append(Row("Source", references.full(finding.sources)))
    if finding.severity is Severity.STOP and not overridden:
        rows.append(
            Row("Override", f'--override {finding.rule}="reason"' if finding.override_allowed else "not allowed")
        )
    return Card(Mark.OVERRIDDEN if overridden else _MARKS[finding.severity], finding.title, finding.rule, tuple(rows))


def _evidence(finding: Finding) -> str:
    text = finding.evidence.get("evidence", "").strip()
    sure = "judgement of this project" if finding.status is Status.JUDGEMENT else str(finding.status)
    return f"{sure}; {text}" if text else sure


def refusal_section(refusals: tuple[Refusal, ...], references: References) -> Section:
    """Return why no rate is proposed, and what would change that."""
    cards = []
    for refusal in refusals:
        rows = [Row("", refusal.says)]
        if refusal.needs:
            rows.append(Row("Needs", ", ".join(refusal.needs)))
        if refusal.sources:
            rows.append(Row("Source", references.full(refusal.sources)))
        cards.append(Card(Mark.REFUSED, "No rate is proposed", refusal.id, tuple(rows)))
    return Section("Why no rate is proposed", tuple(cards))


def questions_section(missing: tuple[Missing, ...]) -> Section:
    """Return the questions, the first five apart: they would change the dose most."""
    if not missing:
        return Section("Questions", (Paragraph("Nothing is left to ask."),))
    first, rest = missing[:FIRST_QUESTIONS], missing[FIRST_QUESTIONS:]
    blocks: list[Block] = [Lines(tuple(_question(item) for item in first), title="Ask these first", first=1)]
    if rest:
        blocks.append(Lines(tuple(_question(item) for item in rest), title="Then these", first=len(first) + 1))
    return Section("Questions", tuple(blocks))


def _question(item: Missing) -> str:
    waiting = f" (rule: {', '.join(item.rules)})" if item.rules else ""
    return f"{item.name}: {item.asks} It would change {item.would_change}.{waiting}"
