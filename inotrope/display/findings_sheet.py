"""Findings, refusals and questions as blocks: grouped stop, warn, ask, inform, and the notes last.

Knows the order in which a reader needs them, that what speaks of one cause stands on one card, and that each shows its
evidence, how sure it is and where it comes from; a note is one line. It judges nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, References, Row, Section
from inotrope.findings import Effect, Finding, Refusal, Severity, Shown, State, Status
from inotrope.plan.record import Missing

FIRST_QUESTIONS = 5
"""As many questions as somebody at a bedside answers at once; the rest follow under their own heading."""

OTHER_PATIENTS = "out-of-domain"
"""The refusal of a model that was made in other patients."""

_MARKS = {Severity.STOP: Mark.STOP, Severity.WARN: Mark.WARN, Severity.INFORM: Mark.INFORM}
_GROUPS = (
    (Mark.STOP, "Stop: the dose is withheld, or was overridden with a reason"),
    (Mark.WARN, "Warn: act on it before or during the infusion"),
    (Mark.ASK, "Ask: could not be judged, because something is not known"),
    (Mark.INFORM, "Inform: to know"),
)
_NOTES = "Notes: said of most patients; no alert"
_ALLOWED = "allowed, with a reason and who decided: both then stand on everything that is shown"


@dataclass(frozen=True, slots=True)
class Question:
    """One numbered question: everything that one answer settles, so that nobody is asked twice."""

    number: int
    names: tuple[str, ...]
    asks: str
    would_change: str
    rules: tuple[str, ...]


def numbered(missing: tuple[Missing, ...]) -> tuple[Question, ...]:
    """Return the questions in their order, each once; pieces that share a question share its number."""
    groups: dict[str, list[Missing]] = {}
    for item in missing:
        groups.setdefault(item.asks, []).append(item)
    return tuple(
        Question(
            number,
            tuple(item.name for item in group),
            asks,
            group[0].would_change,
            tuple(dict.fromkeys(rule for item in group for rule in item.rules)),
        )
        for number, (asks, group) in enumerate(groups.items(), start=1)
    )


def open_stops(findings: tuple[Finding, ...], missing: tuple[Missing, ...]) -> str:
    """Return how many open questions could stop the plan, in words; empty when none could."""
    waiting = [
        item for item in findings if item.state is State.UNKNOWN and item.effect in (Effect.WITHHOLD, Effect.NO_RATE)
    ]
    questions = numbered(missing)
    asked = {number for item in waiting for number in _numbers(item, questions)}
    count = len(asked) + sum(not _numbers(item, questions) for item in waiting)
    return "" if count == 0 else f"{count} open question{'' if count == 1 else 's'}"


def _numbers(finding: Finding, questions: tuple[Question, ...]) -> list[int]:
    return [item.number for item in questions if set(item.names) & set(finding.needs)]


def group_of(finding: Finding) -> Mark:
    """Return the group in which a finding is shown: an unknown is always a question."""
    return Mark.ASK if finding.state is State.UNKNOWN else _MARKS[finding.severity]


def counts(findings: tuple[Finding, ...]) -> str:
    """Return how many findings each group holds, as a line; what stands under another or is a note is counted apart."""
    alerts = [finding for finding in findings if finding.alerts or finding.state is State.UNKNOWN]
    seen = [group_of(finding) for finding in alerts if finding.state is not State.OVERRIDDEN]
    stop, warn, ask, inform = (seen.count(mark) for mark, _ in _GROUPS)
    overridden = len(alerts) - len(seen)
    aside = f", {overridden} overridden" if overridden else ""
    under = sum(bool(finding.under) for finding in findings)
    notes = len(findings) - len(alerts) - under
    more = [f"{number} {word}" for number, word in ((under, "under these"), (notes, _plural(notes, "note"))) if number]
    quiet = f" Also {', '.join(more)}." if more else ""
    return f"Findings: {stop} stop{aside}, {warn} warn, {ask} to ask, {inform} to know.{quiet}"


def _plural(number: int, word: str) -> str:
    return word if number == 1 else f"{word}s"


def standing_under(finding: Finding, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return what speaks of the same cause as a finding and stands under it."""
    return tuple(item for item in findings if item.under == finding.rule)


def findings_section(
    findings: tuple[Finding, ...], missing: tuple[Missing, ...], references: References, *, override_by: str = ""
) -> Section:
    """Return every finding, stops first; none is left out. What is open refers to its numbered question.

    Args:
        findings: Of a plan or a screening.
        missing: Its questions.
        references: Where sources are numbered.
        override_by: How a stop is set aside at this door, with `{rule}` for its id; by default that it may be.
    """
    questions = numbered(missing)
    blocks: list[Block] = []
    notes = [finding for finding in findings if _is_note(finding)]
    for mark, title in _GROUPS:
        group = [finding for finding in findings if group_of(finding) is mark and not finding.under]
        group = [finding for finding in group if finding not in notes]
        if mark is Mark.ASK and group:
            blocks.append(Lines(tuple(f"{mark.sign} {_asked(finding, questions)}" for finding in group), title=title))
        elif group:
            blocks.append(Lines((), title=title))
            blocks += [_card(finding, standing_under(finding, findings), references, override_by) for finding in group]
    if notes:
        blocks.append(Lines(tuple(_note(finding, references) for finding in notes), title=_NOTES))
    return Section("Findings", tuple(blocks) or (Paragraph("No rule fires, and none is left open."),))


def _is_note(finding: Finding) -> bool:
    return finding.shown is Shown.NOTE and finding.state is not State.UNKNOWN and not finding.under


def _note(finding: Finding, references: References) -> str:
    cited = f" {references.short(finding.sources)}" if finding.sources else ""
    return f"{finding.title} ({finding.rule}): {finding.says} {finding.advice}{cited}"


def _asked(finding: Finding, questions: tuple[Question, ...]) -> str:
    numbers = [str(number) for number in _numbers(finding, questions)]
    see = f"see question{'' if len(numbers) == 1 else 's'} {', '.join(numbers)}" if numbers else finding.asks
    return f"{finding.title} ({finding.rule}, {finding.severity}): {see}"


def _card(finding: Finding, also: tuple[Finding, ...], references: References, override_by: str) -> Card:
    overridden = finding.state is State.OVERRIDDEN
    rows = [Row("", finding.says)]
    if overridden:
        rows.append(Row("Overridden", f"Reason given: {finding.override_reason}", strong=True))
    if finding.advice:
        rows.append(Row("Do", finding.advice))
    rows += _grounds(finding, references)
    if finding.severity is Severity.STOP and not overridden:
        allowed = override_by.format(rule=finding.rule) if override_by else _ALLOWED
        rows.append(Row("Override", allowed if finding.override_allowed else "not allowed"))
    for item in also:
        rows.append(Row("Also", f"{item.title} ({item.rule}): {item.says} {item.advice}".strip()))
        rows += _grounds(item, references)
    return Card(Mark.OVERRIDDEN if overridden else _MARKS[finding.severity], finding.title, finding.rule, tuple(rows))


def _grounds(finding: Finding, references: References) -> list[Row]:
    rows = [Row("Evidence", _evidence(finding))]
    return [*rows, Row("Source", references.full(finding.sources))] if finding.sources else rows


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
    questions = numbered(missing)
    first, rest = questions[:FIRST_QUESTIONS], questions[FIRST_QUESTIONS:]
    blocks: list[Block] = [Lines(tuple(_question(item) for item in first), title="Ask these first", first=1)]
    if rest:
        blocks.append(Lines(tuple(_question(item) for item in rest), title="Then these", first=len(first) + 1))
    return Section("Questions", tuple(blocks))


def _question(item: Question) -> str:
    waiting = f" (rule: {', '.join(item.rules)})" if item.rules else ""
    return f"{', '.join(item.names)}: {item.asks} It would change {item.would_change}.{waiting}"


def why_refused(refusals: Sequence[Refusal], rest: str) -> list[Row]:
    """Return why there is no answer: of reasons of one kind, such as one for each model, the first, and how many more.

    Args:
        refusals: Of a whole answer.
        rest: Where all of them stand.
    """
    kinds = Counter(item.id for item in refusals)
    if len(kinds) > 1:
        del kinds[OTHER_PATIENTS]  # a model of newborns is no reason why an adult's level is not fitted
    first = {item.id: item.says for item in reversed(refusals)}
    more = {
        kind: f" {count - 1} more of this kind, of other models or levels: {rest}." for kind, count in kinds.items()
    }
    return [Row("", f"{first[kind]}{more[kind] if count > 1 else ''}") for kind, count in kinds.items()]
