"""The bag or syringe: which concentration, how it is made, how long it lasts.

Knows the standard preparations of the drug folder, the syringes that are made up by the body weight of a child or a
newborn, and what the case says hangs on the pump. It never assumes a concentration: where none is given there is no
mL/h, and the standard ones are offered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from inotrope.dosing.pump import to_pump
from inotrope.drug import Drug, Entry, SiteBag, WeightSyringe
from inotrope.findings import SourceReference, Status
from inotrope.patient import AgeGroup, Case, vocabulary
from inotrope.units import Quantity, plain_number, round_half_up

SAME = Decimal("0.005")
"""Share. Labels print concentrations rounded; more than this is another dilution (so the folder's proof)."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A standard preparation that a ward can choose: ready to use, or made from vials.

    `amount` is what a syringe made up by weight holds for this patient; None where the concentration says it.
    """

    id: str
    concentration: Quantity
    volume: Quantity
    recipe: str
    ready: bool
    source: SourceReference
    amount: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an offered preparation must be able to deliver: the rate, on a pump with this step."""

    rate: Quantity
    step: Quantity


@dataclass(frozen=True, slots=True)
class Prepared:
    """What hangs on the pump, or what is offered instead.

    Attributes:
        concentration: None where the case does not say it; then there is no mL/h.
        volume: Of the bag or syringe, None where it is not said.
        product: `premix` or `vial`, as the case says; None where it does not.
        recipe: How a standard preparation of this concentration and volume is made; empty where none matches.
        lasts: Hours until a full one is empty at the pump rate; None without a volume or a rate.
        use_within: Storage life once diluted; None for a premix.
        offered: The standard preparations, when the case names no concentration; only those that can deliver the rate.
        left_out: Which standard preparations cannot, and why, as a sentence; empty where all can.
        sources: Where recipe and storage come from.
    """

    concentration: Quantity | None
    volume: Quantity | None
    product: str | None
    recipe: str
    lasts: Quantity | None
    use_within: Quantity | None
    offered: tuple[Offered, ...]
    sources: tuple[SourceReference, ...]
    left_out: str = ""


def standard_preparations(drug: Drug) -> tuple[Offered, ...]:
    """Return every standard preparation for infusion: premixed bags first, then the label's dilutions.

    Where a site has its own list, only what stands there.
    """
    ready = [
        Offered(
            item.id,
            item.strength.value,
            item.volume.value,
            f"{item.name}, ready to use, not diluted",
            True,
            item.strength.source,
        )
        for item in drug.products
        if item.kind == "premix"
    ]
    made = [
        Offered(
            item.id,
            item.concentration.value,
            item.total_volume.value,
            f"{item.drug_volume.value} of {vial_strength(drug)} vial + {item.diluent_volume.value} diluent "
            f"({', '.join(item.diluents)}) = {item.total_volume.value}",
            False,
            item.concentration.source,
        )
        for item in drug.preparations
    ]
    library = (*ready, *made)
    return site_preparations(drug, library) if drug.site_bags else library


def weight_syringes(drug: Drug, case: Case) -> tuple[Offered, ...]:
    """Return the syringes made up by body weight, worked out for one child or newborn; none for an adult.

    One that would be weaker or stronger than the drug's syringes can be at this weight is left out; where a site has
    its own list, so is one that does not stand there.
    """
    if case.age_group not in (AgeGroup.CHILD, AgeGroup.NEWBORN):
        return ()
    weakest = drug.strengths["lowest"]
    if case.age_group is AgeGroup.NEWBORN:
        weakest = drug.strengths.get("lowest_newborn", weakest)
    listed = {bag.id for bag in drug.site_bags} or {item.id for item in drug.syringes}
    made = [_syringe(item, drug, case.patient.weight) for item in drug.syringes if item.id in listed]
    return tuple(item for item in made if weakest.value <= item.concentration <= drug.strengths["highest"].value)


def _syringe(item: WeightSyringe, drug: Drug, weight: Quantity) -> Offered:
    volume, vial = item.volume.value, vial_strength(drug)
    amount = Quantity(item.amount.value.in_unit("mg/kg") * weight.in_unit("kg"), "mg")
    drawn = Quantity(amount.value / vial.in_unit("mg/mL"), "mL")
    rest = Quantity(volume.in_unit("mL") - drawn.value, "mL")
    return Offered(
        item.id,
        Quantity(amount.value / volume.in_unit("mL"), "mg/mL").to("mcg/mL"),
        volume,
        f"{item.amount.value} = {amount.shown(3)}: {drawn.shown(3)} of {vial} vial + {rest.shown(3)} diluent "
        f"({', '.join(item.diluents)}) = {volume}; 1 mL/h gives {item.delivers.value}",
        False,
        item.amount.source,
        amount,
    )


def vial_strength(drug: Drug) -> Quantity:
    """Return the strength of the drug's vials; the drug folder has one strength for them."""
    return next(item.strength.value for item in drug.products if item.kind == "vial")


def prepared_concentration(case: Case, drug: Drug) -> Quantity | None:
    """Return the concentration on the pump, or None where the case does not say it.

    A premix without a stated concentration has its product's strength, when all premixed bags share one. A vial does
    not: it may be diluted, and how is not ours to assume.
    """
    if case.preparation is None:
        return None
    stated = case.preparation.effective_concentration
    if stated is not None or case.preparation.product != "premix":
        return stated
    strengths = {item.strength.value for item in drug.products if item.kind == "premix"}
    return strengths.pop() if len(strengths) == 1 else None


def prepare(
    case: Case, drug: Drug, entry: Entry, *, pump_rate: Quantity | None, wanted: Wanted | None = None
) -> Prepared:
    """Return what hangs on the pump, and how long a full one lasts at the pump rate.

    Where the case names no concentration, the standard preparations are offered: with `wanted`, only those of which
    the pump can deliver that rate, so that nobody is offered what the next plan refuses.
    """
    concentration = prepared_concentration(case, drug)
    standard = (*weight_syringes(drug, case), *standard_preparations(drug))
    preparation = case.preparation
    if concentration is None or preparation is None:
        offered, left_out = (standard, "") if wanted is None else _deliverable(standard, case, wanted)
        sources = tuple(item.source for item in offered[:1])
        return Prepared(None, None, None, "", None, None, offered, sources, left_out)
    volume = preparation.volume
    matching = [
        item
        for item in standard
        if item.concentration == concentration
        and (volume is None or item.volume == volume)
        and preparation.product == ("premix" if item.ready else "vial")
    ]
    lasts = None
    if volume is not None and pump_rate is not None:
        lasts = Quantity(volume.in_unit("mL") / pump_rate.in_unit("mL/h"), "h")
    diluted = preparation.product == "vial" and concentration < vial_strength(drug)
    life = entry.storage.diluted_life
    return Prepared(
        concentration=concentration.to("mcg/mL"),
        volume=volume,
        product=preparation.product,
        recipe=matching[0].recipe if matching else "",
        lasts=lasts,
        use_within=life.value if diluted else None,
        offered=(),
        sources=(*(item.source for item in matching[:1]), *((life.source,) if diluted else ())),
    )


def _deliverable(items: tuple[Offered, ...], case: Case, wanted: Wanted) -> tuple[tuple[Offered, ...], str]:
    """Return those of which this pump can deliver the rate, and which cannot, as a sentence."""
    slowest = None if case.pump is None else case.pump.minimum
    farthest = vocabulary().limit("pump.delivered_error_stop").value

    def can(item: Offered) -> bool:
        pump = to_pump(
            wanted.rate, weight=case.patient.weight, concentration=item.concentration, step=wanted.step, ceiling=None
        )
        runs = pump.rate.value > 0 and (slowest is None or pump.rate >= slowest)
        return runs and abs(pump.error.value) <= farthest.in_unit("%")

    fit = tuple(item for item in items if can(item))
    lost = dict.fromkeys(str(item.concentration.to("mcg/mL")) for item in items if item not in fit)
    if not lost:
        return fit, ""
    return fit, (
        f"Not offered, since a pump with steps of {wanted.step} cannot deliver {wanted.rate.shown(4)} to "
        f"{case.patient.weight} from it: {', '.join(lost)}"
    )


def site_preparations(drug: Drug, library: tuple[Offered, ...]) -> tuple[Offered, ...]:
    """Return what a site offers, in its order: its own bags, and those of the library that it names by id."""
    known = {item.id: item for item in library}
    own = (known.get(bag.id) if bag.concentration is None else _made_from_vials(bag, drug) for bag in drug.site_bags)
    return tuple(item for item in own if item is not None)


def usual_preparations(drug: Drug, case: Case) -> tuple[Offered, ...]:
    """Return every standard preparation and every syringe by weight, the library's and a site's own.

    What another ward hangs is no stranger at a site with a shorter list: a suspicion does not end with that list.
    """
    every = (drug, replace(drug, site_bags=())) if drug.site_bags else (drug,)
    return tuple(item for each in every for item in (*standard_preparations(each), *weight_syringes(each, case)))


def counted_as_salt(concentration: Quantity | None, offered: Iterable[Offered], drug: Drug) -> tuple[str, ...]:
    """Return in words of which preparations a concentration is the one that counts the salt, within a vocabulary share.

    Args:
        concentration: On the pump; None where nobody says it.
        offered: Standard preparations, and syringes made up by weight.
        drug: Says by which factor the salt weighs more.
    """
    if drug.identity.salt is None or concentration is None:
        return ()
    factor, number = drug.identity.salt.factor.value, concentration.in_unit("mcg/mL")
    within = vocabulary().limit("preparation.salt_within").value.in_unit("%") / 100
    standard = {item.concentration.in_unit("mcg/mL"): item.concentration for item in offered}
    return tuple(
        f"{concentration.to('mcg/mL').shown(1)} is about {factor} times {of}"
        for base, of in standard.items()
        if abs(number - base * factor) <= base * factor * within
    )


def off_site_list(case: Case, drug: Drug) -> tuple[str, ...]:
    """Return what hangs on the pump beside the site's list; nothing where the site has none, or nobody says it."""
    concentration = prepared_concentration(case, drug)
    if not drug.site_bags_only or concentration is None:
        return ()
    number = concentration.in_unit("mcg/mL")
    offered = (*standard_preparations(drug), *weight_syringes(drug, case))
    listed = {item.concentration.in_unit("mcg/mL"): item.concentration.to("mcg/mL") for item in offered}
    if any(abs(number - other) <= other * SAME for other in listed):
        return ()
    known = ", ".join(listed[other].shown(2) for other in sorted(listed))
    return (f"{concentration.to('mcg/mL')} is not on this hospital's list: {known or 'nothing for this age'}",)


def _made_from_vials(bag: SiteBag, drug: Drug) -> Offered:
    assert bag.concentration is not None and bag.amount is not None and bag.volume is not None  # proved with the file
    strength = vial_strength(drug)
    drawn_ml = bag.amount.in_unit("mg") / strength.in_unit("mg/mL")
    rest_ml = bag.volume.in_unit("mL") - drawn_ml
    parts = [f"{_ml(drawn_ml)} of {strength} vial"] + ([f"{_ml(rest_ml)} diluent ({bag.diluent})"] if rest_ml else [])
    return Offered(
        id=bag.id,
        concentration=bag.concentration.to("mcg/mL"),
        volume=bag.volume,
        recipe=f"{' + '.join(parts)} = {bag.volume}",
        ready=False,
        source=SourceReference("site", f"bags.list, {bag.id}", "this site's own file", "site.toml", Status.JUDGEMENT),
    )


def _ml(volume: Decimal) -> str:
    return f"{plain_number(round_half_up(volume, 2))} mL"
