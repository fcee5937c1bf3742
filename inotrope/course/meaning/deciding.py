"""What was shown and decided, recorded: a plan, a stop that was set aside, an order that two people confirmed.

Knows that a plan is recorded with everything that it was made from, and that a decision holds for one state of the
case. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from inotrope.course.chain import canonical, name_of
from inotrope.course.meaning.as_of import Knowing, PlanOptions, SiteFile
from inotrope.course.meaning.bodies import confirmation_body, read_override
from inotrope.course.meaning.folding import fold
from inotrope.course.meaning.headline import headline_of
from inotrope.course.meaning.kinds import CONFIRMED, OVERRIDDEN, PLANNED
from inotrope.course.meaning.replaying import versions_of
from inotrope.course.meaning.writing import Proved, State, Writer, prove_open, prove_unchanged, write
from inotrope.drug import load_drug
from inotrope.plan import to_plain

if TYPE_CHECKING:
    from inotrope.course.record import Appended
    from inotrope.plan import Plan
    from inotrope.plan.double_check.settings import ToBeSet
    from inotrope.units import Quantity


def record_plan(
    writer: Writer,
    plan: Plan,
    *,
    case: str,
    options: PlanOptions | None = None,
    site: SiteFile | None = None,
    knowing: Knowing | None = None,
) -> Appended:
    """Record a plan as it was shown, with everything that it was made from.

    Args:
        writer: To whom it was shown, and where it is kept; `seen` is the last event that the case holds.
        plan: As it was shown.
        case: The text of the case that it was made from.
        options: What was asked beside the case.
        site: The hospital's own file that it was made with.
        knowing: None for a plan of now; else what counted for a moment that had passed.

    Raises:
        CourseError: The course is closed.
    """
    text = canonical(to_plain(plan))
    texts = (case, text, *(() if site is None else (site.text,)))
    body = {
        "case": name_of(case),
        "plan": name_of(text),
        "site": None if site is None else name_of(site.text),
        "site_file": None if site is None else site.name,
        "options": (options or PlanOptions()).to_plain(),
        "now": plan.made_for.isoformat(),
        "status": plan.status.value,
        "headline": headline_of(plan),
        "versions": versions_of(plan),
        "knowing": None if knowing is None else knowing.value,
        "seen": writer.seen,
    }

    def prove(state: State) -> Proved:
        prove_open(state)
        return Proved(writer.clock, body, texts)

    return write(writer, PLANNED, prove)


def record_override(writer: Writer, rule: str, reason: str) -> Appended:
    """Record that a stop is set aside for the case as the writer had last seen it.

    Raises:
        CourseError: No such rule, one that allows no override, no reason; or the course is closed.
        Overtaken: The case has changed since: look at the plan again.
    """

    def prove(state: State) -> Proved:
        prove_open(state)
        prove_unchanged(state, "This stop was set aside")
        drug = load_drug(fold(state.events, state.document)["drug"])
        rules = {item.id: item.override for item in drug.rules}
        return Proved(writer.clock, read_override(rule, reason, rules=rules))

    return write(writer, OVERRIDDEN, prove)


def record_confirmation(
    writer: Writer,
    meant: ToBeSet,
    entered: Mapping[str, Quantity],
    *,
    how: str = "",
    first: str,
    second: str,
    code: str,
) -> Appended:
    """Record that a second person entered what the first one meant, without seeing it, and that both agree.

    Args:
        writer: Who says so, as a rule the second person; `seen` is the last event of the plan that the first one had.
        meant: What the first one meant to set.
        entered: By item what the second one entered.
        how: What goes in before a start, as the second one said it; empty where the drug runs.
        first: Who meant it.
        second: Who entered; another person.
        code: Of the check.

    Raises:
        CourseError: Both are one person, an item differs, or the course is closed.
        RequestError: An item is missing, or is none that is checked.
        Overtaken: The case has changed since: look at the plan again.
    """
    body = confirmation_body(meant, entered, how=how, first=first, second=second, code=code)

    def prove(state: State) -> Proved:
        prove_open(state)
        prove_unchanged(state, "This order was confirmed")
        return Proved(writer.clock, body)

    return write(writer, CONFIRMED, prove)
