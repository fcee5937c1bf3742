"""One order held against itself and its limits: what fits, what does not, which slip it looks like, and the verdict.

Knows the order of things: what could not be read comes first and refuses; then limits, pairs and slips. It proposes no
dose and corrects nothing: an order is sent back to whoever wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from inotrope.drug import Drug, Entry, Site, list_drugs
from inotrope.findings import Refusal, Severity, Status
from inotrope.order.asides import (
    amounts_alone,
    asides,
    flows_alone,
    kept_too_long,
    line_partners,
    totals_alone,
    unknown_words,
    without_rate,
)
from inotrope.order.at_site import as_site_allows, at_site
from inotrope.order.caps import day_caps
from inotrope.order.case_facts import case_findings
from inotrope.order.delivering import Delivered, delivered, strengths_of
from inotrope.order.form import OrderForm
from inotrope.order.lacking import Lacking, lacking
from inotrope.order.limits import Bounds, OrderFinding, bounds_for, crossed, implied_strength
from inotrope.order.loading import ASSUMED, load_below, with_bag_of_load, with_load_stage, with_load_strength, with_vial
from inotrope.order.named_medicines import ruled
from inotrope.order.pairs import Pair, Steps, pairs_of
from inotrope.order.pushing import how_fast
from inotrope.order.route_and_diluent import words_findings
from inotrope.order.slips import Slip, find_slips
from inotrope.order.statements import NAMED, Kind, Statement, of_kind
from inotrope.order.text_reading import TextReading
from inotrope.order.titration import steps_findings
from inotrope.order.weights import weights_findings
from inotrope.patient import vocabulary
from inotrope.units import Quantity


class OrderStatus(StrEnum):
    """How a check ends."""

    CONSISTENT = "consistent"
    NOT_COMPARED = "not-compared"
    WARNED = "warned"
    STOPPED = "stopped"
    REFUSED = "refused"


_OF_A_STAGE = frozenset(
    {Kind.RATE, Kind.MASS_RATE, Kind.PUMP_RATE, Kind.PUMP_RATE_PER_WEIGHT, Kind.BAG_TIME, Kind.COURSE, Kind.STAGE_TIME}
)


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
        lacking: Where nothing was compared, or no pump rate was, what that would need.
        alone: The pump rates that were compared with nothing: such an order is not taken for checked.
    """

    status: OrderStatus
    statements: tuple[Statement, ...]
    pairs: tuple[tuple[Pair, Severity | None], ...]
    findings: tuple[OrderFinding, ...]
    slips: tuple[Slip, ...]
    delivered: tuple[Delivered, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    alone: tuple[Statement, ...] = ()


_NO_LEADING_ZERO = re.compile(r"(?<![\d,])\.\d")
_TRAILING_ZERO = re.compile(r"\.\d*0(?!\d)")


def judge_order(
    form: OrderForm,
    *,
    drug: Drug,
    entry: Entry | None = None,
    pump_step: Quantity | None = None,
    site: Site | None = None,
    hanging: Statement | None = None,
) -> Judged:
    """Return what an order's statements say of each other and of the limits.

    Args:
        form: The order, its text already read into statements.
        drug: The drug's folder.
        entry: The patient's own entry, where a case is at hand.
        pump_step: Of the patient's or the ward's pumps; by default the entry's.
        site: The hospital's own file, which the drug's folder was already tightened with.
        hanging: The strength of what hangs by the patient's case; it stands in for one that the order does not state,
            and a load is not drawn from it.
    """
    bounds = bounds_for(drug, form.statements, entry, premix=form.premix)
    steps = _steps(bounds, pump_step)
    words = vocabulary()
    fits, apart = (words.limit(f"order.parts_disagree_{weight}") for weight in ("warn", "stop"))
    warn, stop = fits.value, apart.value
    whole = with_vial(_with_premix(form, drug), drug)
    stated = with_load_stage(with_bag_of_load(whole, form.load_from, drug), bounds)
    statements, notes = with_load_strength(stated, bounds, steps, warn)
    notes = as_site_allows(notes, statements, drug, site)
    if hanging is not None and not strengths_of(statements):
        statements = (*statements, hanging)
    pairs = dict.fromkeys(pairs_of(statements, steps))
    findings = dict.fromkeys((*crossed(statements, bounds), *notes, *at_site(statements, bounds, site)))
    stages = [(statements, find_slips(statements, bounds, steps, fits_within=fits, looked_for_beyond=apart))]
    rates = dict.fromkeys(delivered(statements))
    for row in (*form.rows, *_highest_alone(statements, pairs)):
        beside = _with_row(statements, row)
        pairs |= dict.fromkeys(pairs_of(beside, steps))
        rates |= dict.fromkeys(delivered(beside))
        findings |= dict.fromkeys((*crossed(beside, bounds), *at_site(beside, bounds, site)))
        stages.append((beside, find_slips(beside, bounds, steps, fits_within=fits, looked_for_beyond=apart)))
    findings |= dict.fromkeys(asides(statements, form.others, bounds))
    findings |= dict.fromkeys(case_findings(form.facts, statements, bounds, with_case=entry is not None))
    findings |= dict.fromkeys(weights_findings(statements, bounds))
    findings |= dict.fromkeys((*day_caps(statements, bounds), *load_below(statements, bounds, warn=fits, stop=apart)))
    findings |= dict.fromkeys((*ruled(form.told.taken, drug), *kept_too_long(statements, bounds)))
    findings |= dict.fromkeys(steps_findings(statements, form.told.downward, bounds, form.told.unsure))
    pushed, given = form.told.pushed, form.told.load_given
    loose = form.told.loose_pushes
    findings |= dict.fromkeys(how_fast(statements, pushed, bounds, route=form.route, given_already=given, loose=loose))
    findings |= dict.fromkeys((*line_partners(form.partners, drug), *unknown_words(form.unknown)))
    findings |= dict.fromkeys(_unsafe_numbers(form.statements))
    findings |= dict.fromkeys(words_findings(form.route, form.diluent, drug))
    weighed = tuple((pair, _severity(pair, warn, stop)) for pair in pairs)
    every = (*statements, *(item for row in form.rows for item in row))
    findings |= dict.fromkeys(
        (*without_rate(every, pairs), *totals_alone(every, pairs), *amounts_alone(every, pairs, drug))
    )
    slips = _of_the_whole(stages)
    alone = flows_alone(every, pairs, rates)
    return Judged(
        status=_status(weighed, tuple(findings), slips, () if pairs and _is_premixed(statements, bounds) else alone),
        statements=every,
        pairs=weighed,
        findings=tuple(findings),
        slips=slips,
        delivered=tuple(rates),
        lacking=() if pairs and not alone else lacking(every),
        alone=alone,
    )


def _highest_alone(statements: Sequence[Statement], pairs: Iterable[Pair]) -> list[tuple[Statement, ...]]:
    """Return a highest or later pump rate without a rate of its own as a stage: what it delivers has limits too."""
    beside = {item for pair in pairs for item in (pair.stated, *pair.inputs)}
    alone = [item for item in of_kind(statements, Kind.HIGHEST_PUMP_RATE) if item not in beside]
    return [(replace(item, kind=Kind.PUMP_RATE),) for item in alone]


def _of_the_whole(stages: Sequence[tuple[Sequence[Statement], tuple[Slip, ...]]]) -> tuple[Slip, ...]:
    """Return the slips of all stages; one in a value that all of them share must explain each, if any explains one."""
    every = list(dict.fromkeys(slip for _, slips in stages for slip in slips))
    shared = set.intersection(*({item.where for item in statements} for statements, _ in stages))
    named = [{(slip.id, slip.where) for slip in slips} for _, slips in stages]
    whole = [slip for slip in every if slip.where not in shared or all((slip.id, slip.where) in each for each in named)]
    return tuple(whole or every)


def _with_row(statements: Sequence[Statement], row: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return a further stage with what holds for all stages: another stage's rates and times are none of its own."""
    own = {item.kind for item in row}
    apart = own | (_OF_A_STAGE if own & _OF_A_STAGE else set())
    return (*(item for item in statements if item.kind not in apart), *row)


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


def _is_premixed(statements: Sequence[Statement], bounds: Bounds) -> bool:
    """Tell whether rate, weight and pump rate imply the premixed bag: without a case, that is what nobody writes."""
    implied = implied_strength(statements)
    premixes = [product.strength.value for product in bounds.drug.products if product.kind == "premix"]
    if implied is None:
        return False
    off = [abs(implied.in_unit("mcg/mL") / premix.in_unit("mcg/mL") - 1) * 100 for premix in premixes]
    return any(share <= bounds.parts_disagree.value.in_unit("%") for share in off)


def _severity(pair: Pair, warn: Quantity, stop: Quantity) -> Severity | None:
    """Return how much a difference weighs; what a pump's step alone makes, or what ran earlier, only warns."""
    if not pair.beyond(warn):
        return None
    only_warns = pair.rounded or pair.stated.kind in NAMED
    return Severity.STOP if pair.beyond(stop) and not only_warns else Severity.WARN


def _status(
    pairs: Sequence[tuple[Pair, Severity | None]],
    findings: Sequence[OrderFinding],
    slips: Sequence[Slip],
    alone: Sequence[Statement],
) -> OrderStatus:
    weights = {weight for _, weight in pairs} | {item.severity for item in findings}
    if slips or Severity.STOP in weights:
        return OrderStatus.STOPPED
    if alone:
        return OrderStatus.NOT_COMPARED
    if Severity.WARN in weights:
        return OrderStatus.WARNED
    return OrderStatus.CONSISTENT if pairs else OrderStatus.NOT_COMPARED


def _steps(bounds: Bounds, pump_step: Quantity | None) -> Steps:
    entry = bounds.entries[0]
    pump = entry.rounding.pump_step.value if pump_step is None else pump_step
    loads = [load.volume_step.value.in_unit("mL") for load in bounds.drawn_loads]
    return Steps(pump.in_unit("mL/h"), max(loads, default=Decimal(0)))


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
        joined=reading.joined,
        facts=reading.facts,
        is_base=reading.is_base,
        load_from=reading.load_from,
        strengths=reading.strengths,
        others=reading.others,
        partners=reading.partners,
        told=reading.told,
        unknown=reading.unknown,
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
