"""What a load is drawn from, and which stage is a load: what an order leaves open about its load, with the findings.

Knows that the label draws a load from the vial, that a newborn's runs from the syringe as a faster rate, and that the
strength of a load is often not said. It compares nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inotrope.drug import Drug, RateLoad
from inotrope.findings import Severity
from inotrope.order.delivering import strengths_of
from inotrope.order.limits import TOO_FAST, Bounds, OrderFinding, load_doses
from inotrope.order.pairs import Steps, pairs_of
from inotrope.order.statements import Kind, Statement, first
from inotrope.order.words import order_words
from inotrope.patient.vocabulary import Limit
from inotrope.units import Quantity

ASSUMED = "not stated"
"""The place of a statement that the check adds, such as the strength of the vial."""
_FROM_SYRINGE = {Kind.LOAD_VOLUME, Kind.LOAD_PUMP_RATE}
_AS_LOAD = {
    Kind.RATE: Kind.LOAD_RATE,
    Kind.PUMP_RATE: Kind.LOAD_PUMP_RATE,
    Kind.STAGE_TIME: Kind.LOAD_TIME,
}


def with_load_stage(statements: tuple[Statement, ...], bounds: Bounds) -> tuple[Statement, ...]:
    """Return the statements with a first stage as the load, where an entry gives its load as that faster rate.

    Args:
        statements: Of the first stage and what holds for all of them.
        bounds: The limits; their entries tell whether a load is given as a rate, how fast and for how long.
    """
    rate, time = first(statements, Kind.RATE), first(statements, Kind.STAGE_TIME)
    top = bounds.highest_entry.maintenance.maximum.value
    if rate is None or time is None or rate.high <= top or first(statements, Kind.LOAD_RATE) is not None:
        return statements
    loads = [entry.load for entry in bounds.entries if isinstance(entry.load, RateLoad)]
    if not any(rate.high <= load.highest.value and time.high <= load.duration.value for load in loads):
        return statements
    return tuple(replace(item, kind=_AS_LOAD.get(item.kind, item.kind)) for item in statements)


def with_bag_of_load(
    statements: tuple[Statement, ...], load_from: tuple[str, str] | None, drug: Drug
) -> tuple[Statement, ...]:
    """Return the statements with the strength of the bag that the text draws the load from.

    Args:
        statements: What the order states.
        load_from: The bag as written, and its place; None where the text names none.
        drug: Its folder: a premix has its own strength, any other bag the order's.
    """
    if load_from is None or first(statements, Kind.LOAD_STRENGTH) is not None:
        return statements
    text, where = load_from
    premixes = {product.strength.value for product in drug.products if product.kind == "premix"}
    if "premix" in order_words().meanings(" ".join(text.lower().replace("-", " ").split())):
        ends = [(value, value) for value in premixes]
    else:
        ends = [(Quantity(low, "mcg/mL"), Quantity(high, "mcg/mL")) for (low, high), _ in strengths_of(statements)]
    return (*statements, *(Statement(Kind.LOAD_STRENGTH, *pair, text, where) for pair in ends[:1]))


def with_vial(statements: tuple[Statement, ...], drug: Drug) -> tuple[Statement, ...]:
    """Return the statements with the vial's strength where a text tells only volumes: `20 mL + 80 mL`.

    Args:
        statements: What the order states.
        drug: Its folder.
    """
    kinds = {item.kind for item in statements}
    strengths = {product.strength.value for product in drug.products if product.kind == "vial"}
    told = {Kind.VIAL_STRENGTH, Kind.AMOUNT, Kind.AMOUNT_PER_WEIGHT, Kind.CONCENTRATION}
    if Kind.DRUG_VOLUME not in kinds or len(strengths) != 1 or not kinds.isdisjoint(told):
        return statements
    vial = strengths.pop()
    return (*statements, Statement(Kind.VIAL_STRENGTH, vial, vial, str(vial), ASSUMED))


def load_below(
    statements: Sequence[Statement], bounds: Bounds, *, warn: Limit, stop: Limit
) -> tuple[OrderFinding, ...]:
    """Return a finding for a load of which only the volume is told, where that is less than any entry's load.

    A load that states its dose may be meant to be smaller; a volume alone may be that of another product.

    Args:
        statements: What the order states, with the strength that its load is drawn from.
        bounds: The limits it is held against.
        warn: The difference, in %, above which a load warns.
        stop: The difference, in %, above which it stops.
    """
    least, volume = bounds.load_least, first(statements, Kind.LOAD_VOLUME)
    told = any(first(statements, kind) is not None for kind in (Kind.LOAD_DOSE, Kind.LOAD_AMOUNT, Kind.LOAD_RATE))
    if least is None or volume is None or told:
        return ()
    found = []
    for dose, shown in load_doses(statements):
        share = (1 - dose.in_unit("mcg/kg") / least.in_unit("mcg/kg")) * 100
        if share <= warn.value.in_unit("%"):
            continue
        severity, limit = (Severity.STOP, stop) if share > stop.value.in_unit("%") else (Severity.WARN, warn)
        says = f"The load of {shown} is {share:.0f} % below {least}, the least that an entry gives."
        advice = "Ask the prescriber for the dose of the load, and from which product its volume was counted."
        sources = (bounds.drawn_loads[0].dose.source, limit.source)
        found.append(OrderFinding("load-below-entry", severity, says, advice, sources))
    return tuple(found)


def faster_than_its_rate(statements: Sequence[Statement], bounds: Bounds) -> tuple[OrderFinding, ...]:
    """Return a stop for a load that is told as a dose and a time, where every load of the entries is a rate.

    Args:
        statements: What the order states.
        bounds: The limits it is held against.
    """
    rates = [entry.load.highest for entry in bounds.entries if isinstance(entry.load, RateLoad)]
    time = first(statements, Kind.LOAD_TIME)
    if bounds.drawn_loads or not rates or time is None:
        return ()
    highest = max(rates, key=lambda item: item.value)
    found = []
    for dose, shown in load_doses(statements):
        rate = Quantity(dose.in_unit("mcg/kg") / time.ends[0], "mcg/kg/min")
        if rate > highest.value:
            says = (
                f"The load of {shown} goes in over {time.shown} at {rate.shown(4)}, faster than the {highest.value} of "
            )
            says += "the dosing entry."
            found.append(OrderFinding("load-too-fast", Severity.STOP, says, TOO_FAST, (highest.source,)))
    return tuple(found)


def with_load_strength(
    statements: tuple[Statement, ...], bounds: Bounds, steps: Steps, warn: Quantity
) -> tuple[tuple[Statement, ...], tuple[OrderFinding, ...]]:
    """Add the strength a load is drawn from where the order does not say it: the vial, or the bag if only that fits.

    Args:
        statements: What the order states.
        bounds: The limits it is held against.
        steps: By which pump and syringe round.
        warn: The difference, in %, up to which a load fits.
    """
    kinds = {item.kind for item in statements}
    if Kind.LOAD_STRENGTH in kinds:
        return statements, _for_infusion_only(statements, bounds)
    if not kinds & _FROM_SYRINGE or not bounds.drawn_loads:
        return statements, ()
    vial = bounds.drawn_loads[0].strength
    by_rate = any(isinstance(entry.load, RateLoad) for entry in bounds.entries)
    if Kind.LOAD_RATE in kinds:  # a faster rate of the bag: its flow is compared with what is in the bag
        known = [shown for ends, shown in strengths_of(statements) if ends[1] < vial.value.in_unit("mcg/mL")]
        return statements, tuple(_from_bag(shown, by_rate, bounds) for shown in known[:1])
    drawn = (*statements, Statement(Kind.LOAD_STRENGTH, vial.value, vial.value, str(vial.value), ASSUMED))
    if not _is_off(drawn, steps, warn):
        return drawn, ()
    bags = []
    for (low, high), shown in strengths_of(statements):
        ends = (Quantity(low, "mcg/mL"), Quantity(high, "mcg/mL"))
        bags.append((*statements, Statement(Kind.LOAD_STRENGTH, *ends, shown, ASSUMED)))
        if not _is_off(bags[-1], steps, warn):
            return bags[-1], (_from_bag(shown, by_rate, bounds),)
    on_pump = by_rate and Kind.LOAD_PUMP_RATE in kinds and Kind.LOAD_VOLUME not in kinds
    return (bags[0] if bags and on_pump else drawn), ()


def _is_off(statements: Sequence[Statement], steps: Steps, warn: Quantity) -> bool:
    return any(
        pair.stated.kind in _FROM_SYRINGE and pair.beyond(warn) and not pair.rounded
        for pair in pairs_of(statements, steps)
    )


def _from_bag(shown: str, by_rate: bool, bounds: Bounds) -> OrderFinding:
    """Return what a load from the bag is: no remark where an entry runs its load from the syringe, else a warning."""
    vial = bounds.drawn_loads[0].strength
    says = f"The load fits only when it comes from the bag ({shown}), not from the vial ({vial.value})."
    advice = "The dosing entry draws the load from the vial. Follow the ward's own rule: a site may load from the bag."
    return OrderFinding("load-from-bag", Severity.INFORM if by_rate else Severity.WARN, says, advice, (vial.source,))


def _for_infusion_only(statements: Sequence[Statement], bounds: Bounds) -> tuple[OrderFinding, ...]:
    """Return a warning where the load is said to come from a strength that only products for the infusion have."""
    stated = first(statements, Kind.LOAD_STRENGTH)
    products = bounds.drug.products
    for_loads = {product.strength.value for product in products if "load" in product.use}
    others = {product.strength.value: product for product in products if "load" not in product.use}
    product = None if stated is None else others.get(stated.low)
    if stated is None or product is None or stated.low in for_loads:
        return ()
    vials = tuple(load.strength.source for load in bounds.drawn_loads[:1])
    says = f"The load is drawn from {stated.shown}, the strength of the {product.kind}, which is for the infusion only."
    advice = "Draw the load from the vial, unless the ward's own rule loads from the bag."
    sources = tuple(dict.fromkeys((*vials, product.strength.source)))
    return (OrderFinding("load-from-premix", Severity.WARN, says, advice, sources),)
