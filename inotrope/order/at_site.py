"""What a hospital's own file says of an order beside its limits: a soft limit, the bags that it has, no loads.

Knows the list of bags and the soft limit of a folder that a site has tightened. The site's stricter limits stand in the
folder itself and stop an order as the library's do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from inotrope.dosing import standard_preparations
from inotrope.dosing.preparation import SAME
from inotrope.drug import Drug, Site
from inotrope.drug.tightening import SOFT_MAXIMUM
from inotrope.findings import Severity, SourceReference, Status
from inotrope.order.delivering import strengths_of
from inotrope.order.limits import Bounds, OrderFinding, rates_asked
from inotrope.order.statements import HANGING, LOADS, Kind, Statement, first
from inotrope.units import Quantity

_Listed = tuple[str, Quantity | None, Quantity | None]
"""A bag of the site's list by its id, with its strength and volume; a syringe by weight without a weight has none."""


def at_site(statements: Sequence[Statement], bounds: Bounds, site: Site | None) -> tuple[OrderFinding, ...]:
    """Return what a site's own file says of an order, beside the limits that it tightened.

    Args:
        statements: What the order states.
        bounds: The limits it is held against; the folder in them was tightened with this file.
        site: The file; without one nothing is said.
    """
    if site is None:
        return ()
    return (*_soft(statements, bounds, site), *_bags(statements, bounds.drug, site), *_load(statements, site))


def as_site_allows(
    notes: Sequence[OrderFinding], statements: Sequence[Statement], drug: Drug, site: Site | None
) -> tuple[OrderFinding, ...]:
    """Return remarks on a load; where a site draws it from the premixed bag, that is told and not warned of.

    Args:
        notes: What was remarked on the load of an order.
        statements: What the order states, with the strength that its load is drawn from.
        drug: Its folder.
        site: The hospital's own file; None where there is none.
    """
    strength = first(statements, Kind.LOAD_STRENGTH)
    premixed = {item.strength.value for item in drug.products if item.kind == "premix"}
    if site is None or not site.load_from_premix or strength is None or strength.low not in premixed:
        return tuple(notes)
    own = _source(site, "load.from_premix")
    allowed = f"This site's own file ({site.file}) lets the load come from the premixed bag."
    return tuple(
        replace(item, severity=Severity.INFORM, advice=allowed, sources=(*item.sources, own)) for item in notes
    )


def _soft(statements: Sequence[Statement], bounds: Bounds, site: Site) -> list[OrderFinding]:
    """Return a warning for each rate above the soft limit; one above the hard limit is stopped and told there."""
    soft, top = bounds.drug.references.numbers.get(SOFT_MAXIMUM), bounds.highest_entry.maintenance.maximum
    if soft is None:
        return []
    assert isinstance(soft.value, Quantity)  # a rate, as proved with the file
    return [
        OrderFinding(
            "above-site-soft-limit",
            Severity.WARN,
            f"{rate.says} is above {soft.value}, this site's own soft limit ({site.file}).",
            "Check the order, the pump and the weight with a second person. Go on only if this rate is meant.",
            (soft.source,),
        )
        for rate in rates_asked(statements)
        if soft.value < rate.high <= top.value
    ]


def _bags(statements: Sequence[Statement], drug: Drug, site: Site) -> list[OrderFinding]:
    """Return that a strength, or else a size, is not on the site's list: a warning where it has no other bags.

    What hangs by the case was not ordered.
    """
    listed = _listed(statements, drug)
    own = [item for item in statements if item.where != HANGING]
    ordered = [(low, shown) for (low, high), shown in strengths_of(own) if low == high]
    if not listed or not ordered:
        return []
    known = ", ".join(id_ if strength is None else f"{id_} ({strength.shown(2)})" for id_, strength, _ in listed)
    for number, shown in ordered:
        same = [item for item in listed if item[1] is not None and _is_same(number, item[1])]
        if not same:
            says = f"{shown} is no strength of this site's own list of bags ({site.file}): {known}."
            weight = Severity.WARN if drug.site_bags_only else Severity.INFORM
            advice = (
                "Read the label of the bag again, and ask the pharmacy. Set the pump only for what really hangs there."
            )
            return [OrderFinding("bag-not-on-site-list", weight, says, advice, (_source(site, "bags.list"),))]
    volume = first(statements, Kind.VOLUME)
    if volume is not None and not any(item[2] is not None and item[2] == volume.low for item in same):
        says = f"A bag of {volume.shown} is no size of this site's own list of bags ({site.file}): {known}."
        advice = "The strength is on the list. Ask the pharmacy which bag will hang."
        return [OrderFinding("bag-size-not-on-site-list", Severity.INFORM, says, advice, (_source(site, "bags.list"),))]
    return []


def _listed(statements: Sequence[Statement], drug: Drug) -> list[_Listed]:
    """Return the site's bags; a syringe made up by weight has a strength where the order states a weight for it."""
    if not drug.site_bags:
        return []
    weight = first(statements, Kind.WEIGHT)
    ready: list[_Listed] = [
        (item.id, item.concentration.to("mcg/mL"), item.volume) for item in standard_preparations(drug)
    ]
    ids, highest = {bag.id for bag in drug.site_bags}, drug.strengths["highest"].value
    for item in (item for item in drug.syringes if item.id in ids):
        volume, strength = item.volume.value, None
        if weight is not None:
            per_ml = item.amount.value.in_unit("mcg/kg") * weight.ends[0] / volume.in_unit("mL")
            strength = Quantity(per_ml, "mcg/mL")
        ready.append((item.id, strength if strength is None or strength <= highest else None, volume))
    return ready


def _is_same(number: Decimal, strength: Quantity) -> bool:
    other = strength.in_unit("mcg/mL")
    return abs(number - other) <= other * SAME


def _load(statements: Sequence[Statement], site: Site) -> list[OrderFinding]:
    load = next((item for item in statements if item.kind in LOADS), None)
    if site.load_given or load is None:
        return []
    says = f"A load is ordered, {load.shown} ({load.where}), and this site gives no loading dose ({site.file})."
    advice = "Do not give it. Ask the prescriber."
    return [OrderFinding("load-not-given-here", Severity.STOP, says, advice, (_source(site, "load.given"),))]


def _source(site: Site, place: str) -> SourceReference:
    return SourceReference("site", place, "this site's own file", site.file, Status.JUDGEMENT)
