"""One order held against itself and its limits: what fits, what does not, which slip it looks like, and the verdict.

Knows the order of things: what could not be read comes first and refuses; then limits, pairs and slips. It proposes no
dose and corrects nothing: an order is sent back to whoever wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from inotrope.drug import Drug, Entry, list_drugs
from inotrope.findings import Refusal, Severity, Status
from inotrope.order.asides import asides
from inotrope.order.delivering import Delivered, delivered
from inotrope.order.form import OrderForm
from inotrope.order.lacking import Lacking, lacking
from inotrope.order.limits import Bounds, OrderFinding, bounds_for, crossed, words_findings
from inotrope.order.pairs import Pair, Steps, pairs_of
from inotrope.order.reading import TextReading
from inotrope.order.slips import Slip, find_slips
from inotrope.order.statements import Kind, Statement, first
from inotrope.patient import vocabulary
from inotrope.units import Quantity


class OrderStatus(StrEnum):
    """How a check ends."""

    CONSISTENT = "consistent"
    NOT_COMPARED = "not-compared"
    WARNED = "warned"
    STOPPED = "stopped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found about one order.

    Attributes:
        status: The verdict.
        statements: What it states, with what was assumed.
        pairs: Each stated value beside the computed one, with its weight.
        findings: Limits crossed and remarks.
        slips: The likeliest of the known slips that would explain what does not fit.
        delivered: The rates that the stated pump rates deliver.
        lacking: Where nothing was compared, what that would need.
    """

    status: OrderStatus
    statements: tuple[Statement, ...]
    pairs: tuple[tuple[Pair, Severity | None], ...]
    findings: tuple[OrderFinding, ...]
    slips: tuple[Slip, ...]
    delivered: tuple[Delivered, ...] = ()
    lacking: tuple[Lacking, ...] = ()


_NO_LEADING_ZERO = re.compile(r"(?<![\d,])\.\d")
_TRAILING_ZERO = re.compile(r"\.\d*0(?!\d)")
ASSUMED = "not stated"
"""The place of a statement that the check adds, such as the strength of the vial."""


def judge_order(
    form: OrderForm, *, drug: Drug, entry: Entry | None = None, pump_step: Quantity | None = None
) -> Judged:
    """Return what an order's statements say of each other and of the limits.

    Args:
        form: The order, its text already read into statements.
        drug: The drug's folder.
        entry: The patient's own entry, where a case is at hand.
        pump_step: Of the ward's pumps; by default the entry's.
    """
    bounds = bounds_for(drug, form.statements, entry)
    steps = _steps(bounds, pump_step)
    words = vocabulary()
    fits, apart = (words.limit(f"order.parts_disagree_{weight}") for weight in ("warn", "stop"))
    warn, stop = fits.value, apart.value
    stated = _with_premix(form, drug)
    statements, notes = _with_load_strength(stated, bounds, steps, warn)
    pairs = dict.fromkeys(pairs_of(statements, steps))
    findings = dict.fromkeys((*crossed(statements, bounds), *notes))
    slips = dict.fromkeys(find_slips(statements, bounds, steps, fits_within=fits, looked_for_beyond=apart))
    rates = dict.fromkeys(delivered(statements))
    for row in form.rows:
        beside = (*(item for item in statements if item.kind not in (Kind.RATE, Kind.PUMP_RATE)), *row)
        pairs |= dict.fromkeys(pairs_of(beside, steps))
        rates |= dict.fromkeys(delivered(beside))
        findings |= dict.fromkeys(crossed(beside, bounds))
        slips |= dict.fromkeys(find_slips(beside, bounds, steps, fits_within=fits, looked_for_beyond=apart))
    findings |= dict.fromkeys(asides(statements, form.others, bounds))
    findings |= dict.fromkeys(_unsafe_numbers(form.statements))
    findings |= dict.fromkeys(words_findings(form.route, form.diluent, drug))
    weighed = tuple((pair, _severity(pair, warn, stop)) for pair in pairs)
    every = (*statements, *(item for row in form.rows for item in row))
    return Judged(
        status=_status(weighed, tuple(findings), tuple(slips)),
        statements=every,
        pairs=weighed,
        findings=tuple(findings),
        slips=tuple(slips),
        delivered=tuple(rates),
        lacking=() if pairs else lacking(every),
    )


def _unsafe_numbers(statements: Sequence[Statement]) -> list[OrderFinding]:
    """Return a remark on each number without a leading zero, or with a trailing one: both have been misread."""
    own = vocabulary().cite("inotrope-judgement", "how a number is written safely", Status.JUDGEMENT)
    found = []
    for item in statements:
        if _NO_LEADING_ZERO.search(item.text) or _TRAILING_ZERO.search(item.text):
            says = f"'{item.text}' ({item.where}) is read as {item.shown}: a point can be overlooked."
            advice = "Write a leading zero and no trailing zero: 0.5, 5."
            found.append(OrderFinding("number-written-unsafely", Severity.INFORM, says, advice, (own,)))
    return found


def _with_premix(form: OrderForm, drug: Drug) -> tuple[Statement, ...]:
    """Add the strength of the premixed bag where the text names one and no strength."""
    kinds = {item.kind for item in form.statements}
    strengths = {product.strength.value for product in drug.products if product.kind == "premix"}
    told = {Kind.CONCENTRATION, Kind.AMOUNT, Kind.AMOUNT_PER_WEIGHT, Kind.DRUG_VOLUME}
    if not form.premix or len(strengths) != 1 or not kinds.isdisjoint(told):
        return form.statements
    strength = strengths.pop()
    return (*form.statements, Statement(Kind.CONCENTRATION, strength, strength, "premix", ASSUMED))


def _severity(pair: Pair, warn: Quantity, stop: Quantity) -> Severity | None:
    """Return how much a difference weighs; what a pump's step alone makes is never more than a warning."""
    if not pair.beyond(warn):
        return None
    return Severity.STOP if pair.beyond(stop) and not pair.rounded else Severity.WARN


def _status(
    pairs: Sequence[tuple[Pair, Severity | None]], findings: Sequence[OrderFinding], slips: Sequence[Slip]
) -> OrderStatus:
    weights = {weight for _, weight in pairs} | {item.severity for item in findings}
    if slips or Severity.STOP in weights:
        return OrderStatus.STOPPED
    if Severity.WARN in weights:
        return OrderStatus.WARNED
    return OrderStatus.CONSISTENT if pairs else OrderStatus.NOT_COMPARED


def _steps(bounds: Bounds, pump_step: Quantity | None) -> Steps:
    entry = bounds.entries[0]
    pump = entry.rounding.pump_step.value if pump_step is None else pump_step
    loads = [load.volume_step.value.in_unit("mL") for load in bounds.drawn_loads]
    return Steps(pump.in_unit("mL/h"), max(loads, default=Decimal(0)))


def _with_load_strength(
    statements: tuple[Statement, ...], bounds: Bounds, steps: Steps, warn: Quantity
) -> tuple[tuple[Statement, ...], tuple[OrderFinding, ...]]:
    """Add the strength a load is drawn from where the order does not say it: the vial, or the bag if only that fits."""
    kinds = {item.kind for item in statements}
    needed = kinds & {Kind.LOAD_VOLUME, Kind.LOAD_PUMP_RATE}
    if Kind.LOAD_STRENGTH in kinds or not needed or not bounds.drawn_loads:
        return statements, ()
    vial = bounds.drawn_loads[0].strength
    drawn = (*statements, Statement(Kind.LOAD_STRENGTH, vial.value, vial.value, str(vial.value), ASSUMED))
    if not _load_is_off(drawn, steps, warn):
        return drawn, ()
    bag = first(statements, Kind.CONCENTRATION)
    if bag is not None:
        pumped = (*statements, replace(bag, kind=Kind.LOAD_STRENGTH, where=ASSUMED))
        if not _load_is_off(pumped, steps, warn):
            says = f"The load fits only when it is drawn from the bag ({bag.shown}), not from the vial ({vial.value})."
            advice = "The dosing entry draws the load from the vial. Follow the ward's own rule."
            return pumped, (OrderFinding("load-from-bag", Severity.INFORM, says, advice, (vial.source,)),)
    return drawn, ()


def _load_is_off(statements: Sequence[Statement], steps: Steps, warn: Quantity) -> bool:
    drawn = {Kind.LOAD_VOLUME, Kind.LOAD_PUMP_RATE}
    return any(
        pair.stated.kind in drawn and pair.beyond(warn) and not pair.rounded for pair in pairs_of(statements, steps)
    )


def with_text(form: OrderForm, reading: TextReading) -> OrderForm:
    """Return the fields of an order with what its text states behind them; words of the fields go before."""
    return replace(
        form,
        drug=form.drug or (reading.drugs[0] if reading.drugs else None),
        statements=(*form.statements, *reading.statements),
        diluent=form.diluent or reading.diluent,
        route=form.route or reading.route,
        rows=reading.rows,
        premix=reading.premix,
        others=reading.others,
    )


def named_drug(form: OrderForm, reading: TextReading | None) -> tuple[Refusal, ...]:
    """Return why the order names no one drug; nothing when it does."""
    if form.drug is None:
        says = "No drug is named that this program knows: " + ", ".join(list_drugs()) + "."
        return (Refusal("drug-absent", says, ("drug",)),)
    name = drug_name(form.drug)
    others = [] if reading is None else [item for item in reading.drugs if item != name]
    if others:
        says = f"The field says '{form.drug}' and the text says '{others[0]}'. One order is for one drug."
        return (Refusal("two-drugs", says, ("drug",)),)
    return ()


def drug_name(written: str) -> str:
    """Return a drug by the vocabulary's name: a brand or a salt is the drug it stands for."""
    known = vocabulary().medicine(written)
    return written if known is None else known.name
