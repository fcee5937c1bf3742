"""The check of one infusion order, and of an order against the plan of the patient it is meant for.

Knows that the case gives the weight and the entry, and that a plan that refuses answers no order: what else a plan says
against an order stands in `order_beside_plan.py`. It proposes no dose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inotrope.drug import Drug, Entry, Site, load_drug, tighten
from inotrope.errors import RequestError
from inotrope.findings import Refusal, Severity, SourceReference
from inotrope.order import (
    AGES,
    NAMED,
    Judged,
    Kind,
    Lacking,
    OrderFinding,
    OrderForm,
    OrderStatus,
    Pair,
    Piece,
    Slip,
    Statement,
    TextReading,
    asks,
    asks_age,
    asks_case,
    asks_final_volume,
    asks_salt,
    asks_strength,
    bounds_for,
    drug_name,
    judge_order,
    named_drug,
    order_words,
    read_order,
    read_text,
    with_text,
)
from inotrope.patient import Case, vocabulary
from inotrope.patient.vocabulary import Limit
from inotrope.plan.making import make_plan
from inotrope.plan.notice import NOTICE
from inotrope.plan.order_beside_bag import against_bag, what_hangs
from inotrope.plan.order_beside_plan import against_plan, compared_with_plan, step_above_ceiling
from inotrope.plan.order_warnings import PlanWarning, warnings_of
from inotrope.plan.record import Plan, PlanStatus
from inotrope.plan.versions import program_version
from inotrope.units import Quantity

ORDER_EXIT_CODES = {
    OrderStatus.CONSISTENT: 0,
    OrderStatus.WARNED: 0,
    OrderStatus.STOPPED: 3,
    OrderStatus.NOT_COMPARED: 4,
    OrderStatus.REFUSED: 4,
}
"""0 done; 3 the order must not stand; 4 no answer: it cannot be read in one way only, something about the patient has
to be asked, the patient's plan refuses, or nothing in it could be compared."""


@dataclass(frozen=True, slots=True)
class OrderStatement:
    """One quantity that the order states; `high` differs from `value` for a range."""

    what: str
    value: Quantity
    high: Quantity
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class OrderPair:
    """A stated value beside the computed one; `severity` and `limit` are null where they fit.

    `limit` is the difference that was passed, with its sources.
    """

    relation: str
    says: str
    what: str
    stated: str
    where: str
    computed: Quantity
    computed_high: Quantity
    difference: Quantity
    severity: Severity | None
    limit: Quantity | None
    rounded: bool
    sources: tuple[SourceReference, ...]


@dataclass(frozen=True, slots=True)
class OrderDelivered:
    """The rate that a stated pump rate, or amount per time, delivers; `high` differs from `rate` for a range."""

    rate: Quantity
    high: Quantity
    says: str
    where: str


@dataclass(frozen=True, slots=True)
class OrderVersions:
    """What computed this check. `vocabulary` is the one of a plan; `order_words` are the words of an order alone."""

    inotrope: str
    drug_folder: str
    vocabulary: str
    order_words: str
    site: str | None


@dataclass(frozen=True, slots=True)
class OrderPatient:
    """What the order was compared with; the ceiling is null where no rate can be vouched for.

    `compared` names what of the order was held against the plan.
    """

    plan_status: PlanStatus
    entry: str | None
    weight: Quantity
    ceiling: Quantity | None
    compared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderCheck:
    """The check of one order.

    `read` tells every piece of the text in its order and what it was taken for; `delivered` what the pump would give;
    `lacking` what the order would need so that something in it, or its pump rate, could be compared. `refusals` holds
    what the plan of the patient refuses as well, and `plan_warnings` what it warns of, which changes no `status`.
    """

    status: OrderStatus
    drug: str | None
    text: str | None
    read: tuple[Piece, ...]
    statements: tuple[OrderStatement, ...]
    refusals: tuple[Refusal, ...]
    pairs: tuple[OrderPair, ...]
    slips: tuple[Slip, ...]
    findings: tuple[OrderFinding, ...]
    delivered: tuple[OrderDelivered, ...]
    lacking: tuple[Lacking, ...]
    patient: OrderPatient | None
    plan_warnings: tuple[PlanWarning, ...]
    sources: tuple[SourceReference, ...]
    versions: OrderVersions
    notice: str

    @property
    def exit_code(self) -> int:
        """The exit code that a command line gives for this check."""
        return ORDER_EXIT_CODES[self.status]


def check_order(
    order: OrderForm | Mapping[str, Any] | Path | bytes | str,
    *,
    case: Case | None = None,
    site: Site | None = None,
    drug: Drug | None = None,
    plan: Plan | None = None,
) -> OrderCheck:
    """Return the check of one infusion order.

    Args:
        order: Its fields (a table, a JSON file, bytes), or its free text alone.
        case: The patient it is meant for, whose plan the order is held against; a plan that refuses refuses the order.
            Without one, what has to be asked about the patient does. What stops the order goes before both.
        site: The hospital's own file: its limits, bags and loads, and its pump's step where the case has none.
        drug: A drug folder already read; by default the shipped one that the order names.
        plan: Of that case by that site, where it was made before; by default it is made here.

    Returns:
        The check; how it ends is `OrderCheck.status`.

    Raises:
        FileError, CaseError, UnitError: The order has no sound form.
        LibraryError: The site's file loosens a limit, or does not fit the drug.
        RequestError: Its field `drug` names no shipped drug, or the case is about another drug.
    """
    if isinstance(order, str):
        order = {"text": order}
    form = order if isinstance(order, OrderForm) else read_order(order)
    reading = None if form.text is None else read_text(form.text)
    whole = form if reading is None else with_text(form, reading)
    refusals = (*(() if reading is None else reading.problems), *named_drug(whole, reading), *_empty(whole, reading))
    pieces = () if reading is None else reading.pieces
    if refusals:
        return _refused(whole, pieces, refusals, site)
    assert whole.drug is not None  # else it was refused
    library = load_drug(drug_name(whole.drug)) if drug is None else drug
    folder = library if site is None else tighten(library, site)
    final = asks_final_volume(whole.joined, whole.statements, folder)
    if final:
        return _refused(whole, pieces, final, site)
    if case is not None and case.drug != folder.name:
        raise RequestError(f"The order is for {folder.name} and the case for {case.drug}. Check both.", value=case.drug)
    if case is not None and plan is None:
        plan = make_plan(case, forecast=False, site=site, drug=library)
    if plan is not None:
        whole = _with_patient(whole, plan)
    entry = None if plan is None else _entry(folder, plan)
    hanging = None if case is None else what_hangs(case, folder)
    judged = judge_order(whole, drug=folder, entry=entry, pump_step=_pump_step(case, site), site=site, hanging=hanging)
    open_questions = asks(whole.statements) if plan is None else plan.refusals
    open_questions = (*open_questions, *asks_strength(whole.strengths, whole.statements, folder))
    open_questions = (*open_questions, *asks_age(whole.told.ages, whole.statements))
    open_questions = (*open_questions, *asks_salt(whole.statements, folder, is_base=whole.is_base))
    if plan is None:
        open_questions = (
            *open_questions,
            *asks_case(whole.facts, whole.statements, bounds_for(folder, whole.statements)),
        )
    judged = replace(judged, findings=(*judged.findings, *against_bag(judged, hanging)))
    return _written(whole, pieces, judged, open_questions=open_questions, plan=plan, drug=folder, site=site)


def _empty(form: OrderForm, reading: TextReading | None) -> tuple[Refusal, ...]:
    """Return the refusal of a text in which no quantity was found: nothing would be compared."""
    states = any(item.kind not in NAMED | AGES for item in form.statements)
    if reading is None or states or reading.problems:
        return ()
    return (Refusal("nothing-to-compare", "No quantity of an order was found in the text.", ("text",)),)


CASE_WEIGHT = "case: patient.weight"


def _with_patient(form: OrderForm, plan: Plan) -> OrderForm:
    """Add the weight of the case: an order without one is worked out with it, one with another is compared."""
    weight = plan.patient.weight
    return replace(
        form, statements=(*form.statements, Statement(Kind.WEIGHT, weight, weight, str(weight), CASE_WEIGHT))
    )


def _pump_step(case: Case | None, site: Site | None) -> Quantity | None:
    """Return the step of the pump as the case says it, else as the site does; None where nobody says it."""
    own = None if case is None or case.pump is None else case.pump.step
    return own if own is not None or site is None else site.pump_step


def _entry(drug: Drug, plan: Plan) -> Entry | None:
    return None if plan.entry is None else next(item for item in drug.entries if item.id == plan.entry.id)


def _refused(
    form: OrderForm, pieces: tuple[Piece, ...], refusals: tuple[Refusal, ...], site: Site | None
) -> OrderCheck:
    return OrderCheck(
        status=OrderStatus.REFUSED,
        drug=form.drug,
        text=form.text,
        read=pieces,
        statements=tuple(_statement(item) for item in form.statements),
        refusals=refusals,
        pairs=(),
        slips=(),
        findings=(),
        delivered=(),
        lacking=(),
        patient=None,
        plan_warnings=(),
        sources=(),
        versions=_versions(None, site),
        notice=NOTICE,
    )


def _written(
    form: OrderForm,
    pieces: tuple[Piece, ...],
    judged: Judged,
    *,
    open_questions: tuple[Refusal, ...],
    plan: Plan | None,
    drug: Drug,
    site: Site | None,
) -> OrderCheck:
    against = () if plan is None else against_plan(judged, plan)
    against = (
        *against,
        *(() if plan is None else step_above_ceiling(judged, form.told.downward | form.told.unsure, plan)),
    )
    compared = () if plan is None else compared_with_plan(judged, plan)
    findings = tuple(sorted((*judged.findings, *against), key=lambda item: _WEIGHTS.index(item.severity)))
    warned = () if plan is None else warnings_of(plan)
    status = _status(judged, {item.severity for item in findings}, open_questions, compared)
    ceiling = None if plan is None or plan.maintenance is None else plan.maintenance.maximum
    words = vocabulary()
    limits = {weight: words.limit(f"order.parts_disagree_{weight}") for weight in (Severity.WARN, Severity.STOP)}
    each = [item.sources for item in findings] + [item.sources for item in judged.slips]
    each += [item.sources for item in open_questions] + [item.sources for item in warned]
    sources = dict.fromkeys(source for cited in each for source in cited)
    return OrderCheck(
        status=status,
        drug=drug.name,
        text=form.text,
        read=pieces,
        statements=tuple(_statement(item) for item in judged.statements),
        refusals=open_questions,
        pairs=tuple(_pair(pair, severity, limits) for pair, severity in judged.pairs),
        slips=judged.slips,
        findings=findings,
        delivered=tuple(OrderDelivered(item.low, item.high, item.says, item.of.where) for item in judged.delivered),
        lacking=judged.lacking,
        patient=None
        if plan is None
        else OrderPatient(
            plan.status, None if plan.entry is None else plan.entry.id, plan.patient.weight, ceiling, compared
        ),
        plan_warnings=warned,
        sources=tuple(dict.fromkeys((*(limit.source for limit in limits.values()), *sources))),
        versions=_versions(drug, site),
        notice=NOTICE,
    )


def _status(
    judged: Judged, found: set[Severity], open_questions: tuple[Refusal, ...], compared: tuple[str, ...]
) -> OrderStatus:
    """Return how a check ends: a stop goes before a question or a plan's refusal, and these before all else.

    Beside a plan a rate alone is compared, and a pump rate is not taken for checked with it.
    """
    if judged.status is OrderStatus.STOPPED or Severity.STOP in found:
        return OrderStatus.STOPPED
    if open_questions:
        return OrderStatus.REFUSED
    if compared and judged.alone:
        return OrderStatus.NOT_COMPARED
    if judged.status is OrderStatus.WARNED or Severity.WARN in found:
        return OrderStatus.WARNED
    return OrderStatus.CONSISTENT if compared else judged.status


_WEIGHTS = (Severity.STOP, Severity.WARN, Severity.INFORM)


def _statement(item: Statement) -> OrderStatement:
    return OrderStatement(item.kind.value, item.low, item.high, item.text, item.where)


def _pair(pair: Pair, severity: Severity | None, limits: Mapping[Severity, Limit]) -> OrderPair:
    passed = None if severity is None else limits[severity]
    return OrderPair(
        relation=pair.relation,
        says=pair.says,
        what=pair.stated.kind.value,
        stated=pair.stated.shown,
        where=pair.stated.where,
        computed=pair.computed,
        computed_high=pair.computed_high,
        difference=pair.difference,
        severity=severity,
        limit=None if passed is None else passed.value,
        rounded=pair.rounded,
        sources=() if passed is None else (passed.source,),
    )


def _versions(drug: Drug | None, site: Site | None) -> OrderVersions:
    return OrderVersions(
        inotrope=program_version(),
        drug_folder="" if drug is None else drug.digest,
        vocabulary=vocabulary().digest,
        order_words=order_words().digest,
        site=None if site is None else site.digest,
    )
