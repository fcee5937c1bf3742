"""What a bag holds in the end: a drug added to a bag makes it larger, unless as much was withdrawn first.

Knows the volumes that a text joins to the drug (`+ 100 mL`, `added to 100 mL`) and the salt's factor. It chooses no
reading: where the two differ by more than rounding, it asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from inotrope.drug import Drug
from inotrope.findings import Refusal
from inotrope.order.delivering import strengths_of
from inotrope.order.statements import Kind, Statement, first
from inotrope.patient import vocabulary

_Way: TypeAlias = tuple[tuple[Decimal, Decimal], str, str, set[Decimal]]
"""What an order states of its bag, from and to, as written, its unit, and what is listed in that unit."""


def asks_final_volume(joined: Sequence[Statement], statements: Sequence[Statement], drug: Drug) -> tuple[Refusal, ...]:
    """Return the question for a bag whose final volume the order leaves open.

    Args:
        joined: The volumes that the drug is added to, where the text tells no final one.
        statements: What the order states.
        drug: Its folder: the vial's strength, and the standard preparations, whose sums are what is meant.
    """
    vials = [item.strength for item in drug.products if item.kind == "vial"]
    if not joined or not vials:
        return ()
    strength, bag = vials[0].value.in_unit("mcg/mL"), joined[0].ends[0]
    told = first(statements, Kind.CONCENTRATION)
    drawn = _drawn(statements, strength)
    if drawn is None or (told is not None and told.ends[0] != strength):
        return ()
    limit = vocabulary().limit("order.parts_disagree_warn")
    if drawn / bag * 100 <= limit.value.in_unit("%"):
        return ()
    # A volume that no bag has is one that was measured for the sum: 20 mL + 80 mL, 24 mL + 36 mL.
    smallest = min((item.total_volume.value.in_unit("mL") for item in drug.preparations), default=bag)
    by_volume = first(statements, Kind.DRUG_VOLUME) is not None
    if by_volume and bag % smallest:
        return ()
    says = (
        f"The drug is added to '{joined[0].text}' ({joined[0].where}): the bag then holds {bag:f} mL where as much was "
        f"withdrawn first, and {(drawn + bag).normalize():f} mL where not. "
        "Write the final volume, or the strength in mg/mL, or what is withdrawn first."
    )
    sources = tuple(dict.fromkeys((limit.source, vials[0].source)))
    return (Refusal("final-volume-open", says, ("volume", "concentration"), sources),)


def _drawn(statements: Sequence[Statement], vial: Decimal) -> Decimal | None:
    """Return how many mL of the vial go in: as stated, or as the amount makes them; None where nothing tells it."""
    volume, amount = first(statements, Kind.DRUG_VOLUME), first(statements, Kind.AMOUNT)
    per_weight, weight = first(statements, Kind.AMOUNT_PER_WEIGHT), first(statements, Kind.WEIGHT)
    if volume is not None:
        return volume.ends[0]
    if amount is not None:
        return amount.ends[0] / vial
    if per_weight is not None and weight is not None:
        return per_weight.ends[0] * weight.ends[0] / vial
    return None


def asks_salt(statements: Sequence[Statement], drug: Drug, *, is_base: bool) -> tuple[Refusal, ...]:
    """Return the question for a bag that holds a listed one's drug, weighed as the salt.

    Args:
        statements: What the order states.
        drug: Its folder: the salt's factor, the products and the standard preparations.
        is_base: Whether the order says that its amounts are the base.
    """
    salt = drug.identity.salt
    if salt is None or is_base:
        return ()
    within = vocabulary().limit("order.fits_exactly")
    factor = salt.factor.value
    by_weight = _by_weight(statements, drug)
    ways = by_weight if first(statements, Kind.AMOUNT_PER_WEIGHT) is not None else _listed(statements, drug)
    if any(low in listed and low == high for (low, high), _, _, listed in ways):
        return ()
    for (low, high), shown, unit, listed in (*ways, *(way for way in by_weight if way not in ways)):
        for base in sorted(listed):
            near = all(abs(end / (base * factor) - 1) * 100 <= within.value.in_unit("%") for end in (low, high))
            if near and not any(low <= other <= high for other in listed):
                says = (
                    f"The order states {shown}: that is {factor} times {base.normalize():f} {unit}, a listed one, and "
                    f"so it would be {salt.name} where the label counts {drug.name} (base). "
                    "Write the amount of the base, and that it is the base."
                )
                return (Refusal("salt-or-base", says, ("amount",), (salt.factor.source, within.source)),)
    return ()


def _by_weight(statements: Sequence[Statement], drug: Drug) -> list[_Way]:
    """Return what a syringe holds per weight beside the listed ones of its volume."""
    volume, weight = first(statements, Kind.VOLUME), first(statements, Kind.WEIGHT)
    stated, amount = first(statements, Kind.AMOUNT_PER_WEIGHT), first(statements, Kind.AMOUNT)
    if volume is None:
        return []
    listed = {item.amount.value.in_unit("mg/kg") for item in drug.syringes if item.volume.value == volume.low}
    if stated is not None:
        return [((stated.low.in_unit("mg/kg"), stated.high.in_unit("mg/kg")), stated.shown, "mg/kg", listed)]
    if amount is None or weight is None:
        return []
    ends = (amount.low.in_unit("mg") / weight.ends[1], amount.high.in_unit("mg") / weight.ends[0])
    return [(ends, f"{amount.shown} / {weight.shown}", "mg/kg", listed)]


def _listed(statements: Sequence[Statement], drug: Drug) -> list[_Way]:
    """Return what the order says of its bag beside what is listed: strengths, or amounts where no strength is known."""
    strengths = {item.strength.value.in_unit("mcg/mL") for item in drug.products}
    strengths |= {item.concentration.value.in_unit("mcg/mL") for item in drug.preparations}
    known = strengths_of(statements)
    if known:
        return [(ends, shown, "mcg/mL", strengths) for ends, shown in known]
    amount = first(statements, Kind.AMOUNT)
    if amount is None:
        return []
    amounts = {item.strength.value.in_unit("mg/mL") * item.volume.value.in_unit("mL") for item in drug.products}
    in_mg = (amount.low.in_unit("mg"), amount.high.in_unit("mg"))
    return [(in_mg, amount.shown, "mg", amounts)]
