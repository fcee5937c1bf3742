"""The check of one infusion order, and of an order against the plan of the patient it is meant for.

Knows which part of a plan an order is compared with: weight, entry, load and ceiling. It proposes no dose.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inotrope.drug import Drug, Entry, Site, load_drug, tighten
from inotrope.errors import RequestError
from inotrope.findings import Refusal, Severity, SourceReference, Status
from inotrope.order import (
    Judged,
    Kind,
    OrderFinding,
    OrderForm,
    OrderStatus,
    Pair,
    Piece,
    Slip,
    Statement,
    TextReading,
    drug_name,
    judge_order,
    named_drug,
    order_words,
    read_order,
    read_text,
    with_text,
)
from inotrope.patient import Case, vocabulary
from inotrope.plan.making import make_plan
from inotrope.plan.notice import NOTICE
from inotrope.plan.record import Plan, PlanStatus, Versions
from inotrope.plan.writing import program_version
from inotrope.units import Quantity

ORDER_EXIT_CODES = {
    OrderStatus.CONSISTENT: 0,
    OrderStatus.WARNED: 0,
    OrderStatus.STOPPED: 3,
    OrderStatus.REFUSED: 4,
}
"""0 done; 3 the order must not stand; 4 refused: it cannot be read in one way only."""


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
    """A stated value beside the computed one; `severity` is null where they fit."""

    relation: str
    says: str
    what: str
    stated: str
    where: str
    computed: Quantity
    computed_high: Quantity
    difference: Quantity
    severity: Severity | None
    rounded: bool


@dataclass(frozen=True, slots=True)
class OrderPatient:
    """What the order was compared with; the ceiling is null where no rate can be vouched for."""

    plan_status: PlanStatus
    entry: str | None
    weight: Quantity
    ceiling: Quantity | None


@dataclass(frozen=True, slots=True)
class OrderCheck:
    """The check of one order.

    `read` tells every piece of the text in its order and what it was taken for.
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
    patient: OrderPatient | None
    sources: tuple[SourceReference, ...]
    versions: Versions
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
) -> OrderCheck:
    """Return the check of one infusion order.

    Args:
        order: Its fields (a table, a JSON file, bytes), or its free text alone.
        case: The patient it is meant for; weight, entry, load and ceiling are compared with the plan.
        site: The hospital's own file; its pump step counts.
        drug: A drug folder already read; by default the shipped one that the order names.

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
    if case is not None and case.drug != folder.name:
        raise RequestError(f"The order is for {folder.name} and the case for {case.drug}. Check both.", value=case.drug)
    plan = None if case is None else make_plan(case, site=site, drug=library)
    if plan is not None:
        whole = _with_patient(whole, plan)
    entry = None if plan is None else _entry(folder, plan)
    judged = judge_order(whole, drug=folder, entry=entry, pump_step=None if site is None else site.pump_step)
    against = () if plan is None else _against_plan(judged, plan)
    return _written(whole, pieces, judged, against=against, plan=plan, drug=folder, site=site)


def _empty(form: OrderForm, reading: TextReading | None) -> tuple[Refusal, ...]:
    """Return the refusal of a text in which no quantity was found: nothing would be compared."""
    if reading is None or form.statements or reading.problems:
        return ()
    return (Refusal("nothing-to-compare", "No quantity of an order was found in the text.", ("text",)),)


CASE_WEIGHT = "case: patient.weight"


def _with_patient(form: OrderForm, plan: Plan) -> OrderForm:
    """Add the weight of the case: an order without one is worked out with it, one with another is compared."""
    weight = plan.patient.weight
    return replace(
        form, statements=(*form.statements, Statement(Kind.WEIGHT, weight, weight, str(weight), CASE_WEIGHT))
    )


def _entry(drug: Drug, plan: Plan) -> Entry | None:
    return None if plan.entry is None else next(item for item in drug.entries if item.id == plan.entry.id)


def _against_plan(judged: Judged, plan: Plan) -> tuple[OrderFinding, ...]:
    """Return what the patient's plan says against the order."""
    own = vocabulary().cite("inotrope-judgement", "an order is held against the plan of its patient", Status.JUDGEMENT)
    found = []
    if plan.status is PlanStatus.STOPPED:
        says = "The patient's plan is stopped: a stop rule fires."
        found.append(OrderFinding("plan-is-stopped", Severity.STOP, says, "Look at 'inotrope plan' first.", (own,)))
    if plan.status is PlanStatus.REFUSED:
        says = "No rate is proposed for this patient: " + " ".join(item.says for item in plan.refusals)
        found.append(OrderFinding("plan-is-refused", Severity.WARN, says, "Look at 'inotrope plan' first.", (own,)))
    highest = None if plan.maintenance is None else plan.maintenance.maximum
    rates = [item for item in judged.statements if item.kind in (Kind.RATE, Kind.HIGHEST)]
    for item in rates if highest is not None else ():
        if highest is not None and item.high > highest and plan.maintenance is not None:
            says = f"{item.shown} is above what this patient may get, {highest.shown(4)}."
            found.append(
                OrderFinding(
                    "rate-above-ceiling",
                    Severity.STOP,
                    says,
                    f"It is the highest here because {plan.maintenance.maximum_because}. Ask the prescriber.",
                    plan.maintenance.sources or (own,),
                )
            )
    load = plan.loading_dose
    ordered = any(item.kind in (Kind.LOAD_DOSE, Kind.LOAD_AMOUNT, Kind.LOAD_VOLUME) for item in judged.statements)
    if ordered and load is not None and not load.given:
        says = f"A load is ordered, and the plan gives none: {load.because}."
        found.append(
            OrderFinding("load-against-plan", Severity.STOP, says, "Ask the prescriber.", load.sources or (own,))
        )
    return tuple(found)


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
        patient=None,
        sources=(),
        versions=_versions(None, site),
        notice=NOTICE,
    )


def _written(
    form: OrderForm,
    pieces: tuple[Piece, ...],
    judged: Judged,
    *,
    against: tuple[OrderFinding, ...],
    plan: Plan | None,
    drug: Drug,
    site: Site | None,
) -> OrderCheck:
    findings = tuple(sorted((*judged.findings, *against), key=lambda item: _WEIGHTS.index(item.severity)))
    stopped = any(item.severity is Severity.STOP for item in against)
    warned = judged.status is OrderStatus.CONSISTENT and any(item.severity is Severity.WARN for item in against)
    status = OrderStatus.STOPPED if stopped else OrderStatus.WARNED if warned else judged.status
    ceiling = None if plan is None or plan.maintenance is None else plan.maintenance.maximum
    words = vocabulary()
    limits = [words.limit(f"order.parts_disagree_{weight}").source for weight in ("warn", "stop")]
    sources = dict.fromkeys(source for item in findings for source in item.sources)
    return OrderCheck(
        status=status,
        drug=drug.name,
        text=form.text,
        read=pieces,
        statements=tuple(_statement(item) for item in judged.statements),
        refusals=(),
        pairs=tuple(_pair(pair, severity) for pair, severity in judged.pairs),
        slips=judged.slips,
        findings=findings,
        patient=None
        if plan is None
        else OrderPatient(plan.status, None if plan.entry is None else plan.entry.id, plan.patient.weight, ceiling),
        sources=tuple(dict.fromkeys((*limits, *sources))),
        versions=_versions(drug, site),
        notice=NOTICE,
    )


_WEIGHTS = (Severity.STOP, Severity.WARN, Severity.INFORM)


def _statement(item: Statement) -> OrderStatement:
    return OrderStatement(item.kind.value, item.low, item.high, item.text, item.where)


def _pair(pair: Pair, severity: Severity | None) -> OrderPair:
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
        rounded=pair.rounded,
    )


def _versions(drug: Drug | None, site: Site | None) -> Versions:
    """Return what computed the check; the vocabulary's digest covers the words of an order as well."""
    words = hashlib.sha256(f"{vocabulary().digest}{order_words().digest}".encode()).hexdigest()
    return Versions(
        inotrope=program_version(),
        drug_folder="" if drug is None else drug.digest,
        vocabulary=words,
        site=None if site is None else site.digest,
    )
