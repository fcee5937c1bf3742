"""What speaks against an order or against what runs, of all that a plan and a check find: that, and nothing else.

Knows which findings a prescriber must see at the moment of signing. What is unknown, what only informs and what a plan
does more cautiously than its label (it starts at the least rate) does not interrupt anybody: one card that matters, or
none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inotrope.findings import Severity, State
from inotrope.hooks.cards import Indicator
from inotrope.plan import PlanStatus
from inotrope.plan.order_warnings import warnings_of

if TYPE_CHECKING:
    from inotrope.plan import OrderCheck, Plan
    from inotrope.plan.parts_of_orders import PartsApart

WEIGHTS = {
    Severity.STOP: Indicator.CRITICAL,
    Severity.WARN: Indicator.WARNING,
    Severity.INFORM: Indicator.INFO,
}
_SILENT = frozenset(
    {
        "plan-is-incomplete",  # what is unknown is asked at the bedside and not here
        "start-above-plan",  # the label allows it; the plan only starts lower
        "plan-is-refused",  # why it is refused is told instead
        "plan-is-stopped",  # likewise
        "number-written-unsafely",
    }
)
"""Findings of an order that do not speak in a card by themselves."""

_ASKED_OF_A_PATIENT = frozenset({"age-absent", "write-a-case"})
"""What an order alone asks of its patient: that no case could be made is told in its place."""
_NOT_COMPARED = "not-compared"
_CHECK = "Check it before it is signed."


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a card says.

    Attributes:
        indicator: How grave it is.
        rule: Its id.
        says: A sentence.
        advice: What to do; empty where nothing is told.
        sources: Where it comes from, in words.
    """

    indicator: Indicator
    rule: str
    says: str
    advice: str = ""
    sources: tuple[str, ...] = ()


def of_order(check: OrderCheck, plan: Plan | None, *, signing: bool = True) -> Iterator[Said]:
    """Yield what a check says against an order; what its patient's plan says by itself is told by `of_patient`.

    Args:
        check: Of one order, beside its patient where one is known.
        plan: Of that patient; None where there is none.
        signing: Whether the order is whole: one that is only selected may lack its details.
    """
    starts = plan is not None and plan.running is None
    for slip in check.slips:
        of_record = slip.where.startswith("case")
        stated = f"the record has '{slip.value}'" if of_record else f"'{slip.value}' where '{slip.instead}' would fit"
        says = f"It looks like {slip.says}: {stated}."
        yield Said(Indicator.CRITICAL, slip.id, says, _CHECK, _cited(slip.sources))
    for finding in check.findings:
        if finding.severity is not Severity.INFORM and finding.rule not in _SILENT:
            # At a start it says that the plan begins lower and why; the why weighs by itself.
            lighter = starts and finding.rule == "raise-against-plan"
            weight = Indicator.INFO if lighter else WEIGHTS[finding.severity]
            yield Said(weight, finding.rule, finding.says, finding.advice, _cited(finding.sources))
    for pair in check.pairs:
        if pair.severity is not None:
            computed = pair.computed.shown(4)
            says = f"{pair.stated} does not fit the rest of the order, which gives {computed} ({pair.says})."
            yield Said(WEIGHTS[pair.severity], "parts-disagree", says, _CHECK, _cited(pair.sources))
    of_the_plan = {refusal.id for refusal in (() if plan is None else plan.refusals)}
    for refusal in check.refusals:
        asked = plan is None and refusal.id in _ASKED_OF_A_PATIENT
        unwritten = not signing and refusal.id == "nothing-to-compare"
        if refusal.id not in of_the_plan and not asked and not unwritten:
            yield Said(Indicator.WARNING, refusal.id, refusal.says, "", _cited(refusal.sources))
    if signing and _is_not_compared(check):
        asks = dict.fromkeys(question for one in check.lacking for question in one.asks)
        yield Said(Indicator.WARNING, _NOT_COMPARED, "The order's rate was compared with nothing.", " ".join(asks))


def _is_not_compared(check: OrderCheck) -> bool:
    """Tell whether nothing of an order was held against anything, though its patient is known."""
    patient = check.patient
    return patient is not None and not patient.compared and not check.pairs and bool(check.lacking)


def of_patient(plan: Plan) -> Iterator[Said]:
    """Yield what the plan of a patient warns of and why it refuses, whatever is ordered.

    Args:
        plan: Of the patient.
    """
    for warning in warnings_of(plan):
        if not warning.under:
            says = _titled(warning.title, warning.says)
            yield Said(WEIGHTS[warning.severity], warning.rule, says, warning.advice, _cited(warning.sources))
    told = {finding.rule for finding in plan.findings if finding.state is State.FIRES}
    for refusal in plan.refusals if plan.status is PlanStatus.REFUSED else ():
        if refusal.id not in told:
            yield Said(Indicator.WARNING, refusal.id, refusal.says, "", _cited(refusal.sources))


def of_parts(parts: tuple[PartsApart, ...]) -> Iterator[Said]:
    """Yield what does not fit within the order of a drug that the library lacks."""
    for part in parts:
        yield Said(WEIGHTS[part.severity], "parts-disagree", part.says, _CHECK)


def of_what_runs(plan: Plan) -> Iterator[Said]:
    """Yield what speaks against an infusion that runs: of one that does not run, nothing is said.

    Args:
        plan: Of the patient.
    """
    runs = plan.running
    if runs is None:
        return
    if runs.above_allowed:
        says = f"Milrinone runs at {runs.rate.shown(4)}, above what this patient may get now"
        says += f", {_highest(plan)}." if _highest(plan) else "."
        yield Said(Indicator.CRITICAL, "running-above-ceiling", says, runs.says)
    yield from of_patient(plan)


def _titled(title: str, says: str) -> str:
    """Return a sentence under its title, which is left out where the sentence begins with it."""
    return says if says.lower().startswith(title.lower()) else f"{title}: {says}"


def _highest(plan: Plan) -> str:
    rate = plan.maintenance
    return "" if rate is None else f"{rate.maximum.shown(4)}: {rate.maximum_because}"


def _cited(sources: object) -> tuple[str, ...]:
    """Return the titles of sources, each once, without our own choices."""
    listed = sources if isinstance(sources, tuple) else ()
    return tuple(dict.fromkeys(item.title for item in listed if item.id != "inotrope-judgement"))
