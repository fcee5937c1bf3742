"""What was found, as one card: the gravest thing in its line, all of it below, and what may be done.

Knows how a card reads. Suggestions are offered and never applied: to take the order back, to start where the plan
starts, to have a level measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from inotrope.fhir.writing import level_request, medication_requests
from inotrope.hooks.cards import Action, Card, Indicator, Link, Reason, Suggestion
from inotrope.hooks.markdown import bullets, escaped, summary
from inotrope.hooks.saying import Said
from inotrope.plan import NOTICE

if TYPE_CHECKING:
    from inotrope.fhir.drafts import Draft
    from inotrope.plan import Plan

MOST_LINES = 12
"""Lines of the details; what is behind them is counted."""
REASONS = (
    Reason("benefit-outweighs", "The benefit outweighs the risk; decided by the responsible physician"),
    Reason("already-known", "Known, and being acted on"),
    Reason("record-is-wrong", "The record is wrong or out of date"),
    Reason("order-will-change", "The order will be changed"),
)
_WORDS = {Indicator.CRITICAL: "STOP", Indicator.WARNING: "WARN", Indicator.INFO: "NOTE"}
_TO_START = frozenset({"rate-above-ceiling", "rate-above-maximum", "delivered-above-ceiling"})
_TO_MEASURE = frozenset({"kidney-replacement", "creatinine-clearance-below-5"})


@dataclass(frozen=True, slots=True)
class Hints:
    """What a card may lead to: the bedside page, and the address at which it is launched as a SMART app."""

    page: str | None = None
    launch: str | None = None


NO_HINTS = Hints()


def card_of(medicine: str, said: Sequence[Said], draft: Draft | None, plan: Plan | None, hints: Hints) -> list[Card]:
    """Return one card of all that was found, or none.

    Args:
        medicine: What is ordered or runs.
        said: What was found.
        draft: The order; None where nothing is ordered.
        plan: Of the patient; None where there is none.
        hints: What the card may lead to.
    """
    each = sorted(dict.fromkeys(said), key=lambda one: -one.indicator)
    seen: dict[str, Said] = {}
    for one in each:
        seen.setdefault(one.says, one)
    lines = list(seen.values())
    if not lines:
        return []
    first = lines[0]
    cited = list(dict.fromkeys(title for one in lines for title in one.sources))[:3]
    made = Card(
        summary(_headline(medicine, first)),
        first.indicator,
        "Inotrope" + (f": {cited[0]}"[:100] if cited else ""),
        _detail(lines, cited),
        tuple(_suggestions(lines, draft, plan)),
        REASONS if first.indicator is not Indicator.INFO else (),
        rules=tuple(dict.fromkeys(one.rule for one in lines)),
    )
    return [_with_links(made, hints)]


def _headline(medicine: str, first: Said) -> str:
    return first.says if medicine.lower() in first.says.lower() else f"{medicine}: {first.says}"


def _detail(lines: Sequence[Said], cited: Sequence[str]) -> str:
    told = [f"**{_WORDS[one.indicator]}** {escaped(f'{one.says} {one.advice}'.strip())}" for one in lines[:MOST_LINES]]
    more = len(lines) - MOST_LINES
    told += [f"and {more} more"] if more > 0 else []
    parts = [bullets(told)]
    parts += [escaped(f"Sources: {'; '.join(cited)}")] if cited else []
    return "\n\n".join((*parts, escaped(NOTICE)))


def _suggestions(lines: Sequence[Said], draft: Draft | None, plan: Plan | None) -> Iterator[Suggestion]:
    rules = {one.rule for one in lines}
    if draft is not None and draft.id is not None and lines[0].indicator is Indicator.CRITICAL:
        label = f"Take the {draft.medicine} order back"
        yield Suggestion(label, (Action("delete", f"{label}.", resource_id=draft.name),))
    if draft is not None and plan is not None and rules & _TO_START:
        yield from _start(draft, plan)
    if draft is not None and draft.patient is not None and plan is not None and rules & _TO_MEASURE:
        because = "The kidneys, or a machine in their place, do not let a rate be told without a level."
        label = f"Ask for a level of {plan.drug}"
        resource = level_request(plan, f"Patient/{draft.patient}", because)
        yield Suggestion(label, (Action("create", f"{label}.", resource),))


def _start(draft: Draft, plan: Plan) -> Iterator[Suggestion]:
    """Yield the order with the dosage of the plan in place of its own, where the plan starts anything."""
    if draft.id is None or draft.patient is None or len(draft.orders) != 1:
        return
    written = medication_requests(plan, f"Patient/{draft.patient}", id_=draft.id)
    if written and plan.maintenance is not None:
        changed: dict[str, Any] = {**draft.resource, "dosageInstruction": written[-1]["dosageInstruction"]}
        label = f"Start at {plan.maintenance.rate.shown(4)}, where the plan starts"
        yield Suggestion(label, (Action("update", f"{label}; nothing else of the order changes.", changed),))


def _with_links(card: Card, hints: Hints) -> Card:
    links = [] if hints.page is None else [Link("Open the bedside page", hints.page)]
    if hints.launch is not None:
        context = json.dumps({"card": card.uuid})
        links.append(Link("Open the bedside page with this patient", hints.launch, smart=True, app_context=context))
    return replace(card, links=tuple(links))
