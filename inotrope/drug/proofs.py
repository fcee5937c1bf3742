"""Proves that the numbers of a drug folder fit together: order, sums, dilutions, tables, ids.

Knows the arithmetic that every dosing entry must obey, whatever the drug. Each number alone was proved when it was read
(`reading.py`); here two or more are held against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from inotrope.drug.entries import Entry
from inotrope.drug.entry_tables import Load, RateLoad, Renal
from inotrope.drug.identity import Product, StandardPreparation, WeightSyringe
from inotrope.drug.numbers import Sourced
from inotrope.drug.reading import Section
from inotrope.units import Quantity, plain_number

TOTAL_TOLERANCE = Decimal("0.005")
"""mg/kg. A label prints its 24 h totals with two decimals (0.59, 0.77, 1.13)."""
DILUTION_TOLERANCE = Decimal("0.005")
"""Share. A label prints concentrations rounded; more than this is another dilution."""


def prove_entry(entry: Entry, section: Section, products: Sequence[Product]) -> None:
    """Prove one dosing entry; problems go into the section's book.

    Args:
        entry: An entry whose every field was read.
        section: Its table, for the place of a problem.
        products: The drug's products; the load must be measured from one of them. Empty when they are not sound.
    """
    rates = entry.maintenance
    _ascending(section, "maintenance", {"minimum": rates.minimum, "standard": rates.standard, "maximum": rates.maximum})
    _prove_steps(entry, section)
    for table, span in (
        ("age", entry.age),
        ("gestational_age", entry.gestational_age),
        ("postmenstrual_age", entry.postmenstrual_age),
    ):
        _ascending(section, table, {"minimum": span.minimum, "maximum": span.maximum, "below": span.below})
    if {"weight.table_minimum", "weight.table_maximum"} <= entry.numbers.keys():
        ends = {key: entry.numbers[f"weight.{key}"] for key in ("table_minimum", "table_maximum")}
        _ascending(section, "weight", ends)
    duration = entry.duration
    _ascending(
        section,
        "duration",
        {"controlled_experience": duration.controlled_experience, "longest": duration.longest},
    )
    if entry.load is not None:
        _prove_load(entry.load, section, products)
    _prove_totals(entry, section)
    if entry.renal is not None:
        _prove_renal(entry.renal, entry, section)
        if entry.kidney is not None:
            section.problem("An entry has a renal table or a limit of an impaired kidney, not both.", "kidney")


def _prove_load(load: Load | RateLoad, section: Section, products: Sequence[Product]) -> None:
    if isinstance(load, RateLoad):
        _ascending(section, "load", {"rate": load.rate, "rate_maximum": load.rate_maximum})
        return
    _ascending(section, "load", {"dose": load.dose, "dose_maximum": load.dose_maximum})
    _ascending(section, "load", {"duration_minimum": load.duration_minimum, "duration": load.duration})
    _ascending(
        section, "load", {"dilute_to_minimum": load.dilute_to_minimum, "dilute_to_maximum": load.dilute_to_maximum}
    )
    strength = load.strength.value
    if products and not any(item.kind == load.product_kind and item.strength.value == strength for item in products):
        section.problem(
            f"The load is measured from a {load.product_kind} of {strength}, which is none of the products.",
            "load",
            "strength",
        )


def _prove_steps(entry: Entry, section: Section) -> None:
    """Prove that printed steps ascend from the minimum to the maximum, which is the last of them.

    A load that is given as a rate is told from the infusion by the fastest of them, which no site lowers.
    """
    rates = entry.maintenance
    if isinstance(entry.load, RateLoad) and not rates.printed:
        says = "The load is a rate: list the rates of the infusion as steps, so that the two can be told apart."
        section.problem(says, "maintenance", "step")
    before = rates.minimum.value
    for index, step in enumerate(rates.printed):
        if step.value < before or (index and step.value == before):
            section.problem(
                f"{step.value} does not lie above {before} of the step before.", "maintenance", "step", index, "rate"
            )
        before = step.value
    if rates.printed and rates.printed[-1].value != rates.maximum.value:
        section.problem(
            f"The last step is {rates.printed[-1].value}, and the maximum {rates.maximum.value}: they are one rate.",
            *("maintenance", "step", len(rates.printed) - 1, "rate"),
        )


def _prove_totals(entry: Entry, section: Section) -> None:
    """Prove the order of the totals; and, where all three are printed, that each is its rate for 24 h and the load.

    A cap that stands alone was taken over from another use and need not multiply out for this one.
    """
    total, standard = entry.total_24_h, entry.maintenance.standard
    if total is None:
        return
    _ascending(section, "total_24_h", {"minimum": total.minimum, "standard": total.standard, "maximum": total.maximum})
    if total.minimum is None or total.standard is None or standard is None:
        return
    load = Decimal(0) if entry.load is None else _load_mg_per_kg(entry.load)
    pairs = {
        "minimum": (total.minimum, entry.maintenance.minimum),
        "standard": (total.standard, standard),
        "maximum": (total.maximum, entry.maintenance.maximum),
    }
    for key, (printed, rate) in pairs.items():
        computed = rate.value.in_unit("mg/kg/h") * 24 + load
        if abs(computed - printed.value.in_unit("mg/kg")) > TOTAL_TOLERANCE:
            section.problem(
                f"{printed.value} is not what 24 h at {rate.value} and the load of {plain_number(load)} mg/kg amount "
                f"to: {plain_number(computed)} mg/kg, give or take {TOTAL_TOLERANCE} mg/kg.",
                "total_24_h",
                key,
            )


def _load_mg_per_kg(load: Load | RateLoad) -> Decimal:
    if isinstance(load, RateLoad):
        return load.rate.value.in_unit("mg/kg/h") * load.duration.value.in_unit("h")
    return load.dose.value.in_unit("mg/kg")


def _prove_renal(renal: Renal, entry: Entry, section: Section) -> None:
    for index, (before, point) in enumerate(pairwise(renal.points), start=1):
        if point.clearance <= before.clearance:
            section.problem(
                f"Clearance {point.clearance} does not lie above {before.clearance} of the row before.",
                *("renal", "point", index, "clearance"),
            )
        if point.rate < before.rate:
            section.problem(
                f"Rate {point.rate} lies below {before.rate} of the row before: a rate never falls as clearance rises.",
                *("renal", "point", index, "rate"),
            )
    for index, point in enumerate(renal.points):
        if not renal.lower.value <= point.clearance <= renal.upper.value:
            section.problem(
                f"Clearance {point.clearance} lies outside {renal.lower.value} to {renal.upper.value}.",
                *("renal", "point", index, "clearance"),
            )
        if point.rate > entry.maintenance.maximum.value:
            section.problem(
                f"Rate {point.rate} lies above the entry's maximum of {entry.maintenance.maximum.value}.",
                *("renal", "point", index, "rate"),
            )
    ends = {"lower": (renal.lower.value, renal.points[0]), "upper": (renal.upper.value, renal.points[-1])}
    for key, (end, point) in ends.items():
        if end != point.clearance:
            section.problem(
                f"{end} is not the clearance of the {'first' if key == 'lower' else 'last'} row, {point.clearance}: "
                "nothing is known beyond the rows.",
                "renal",
                key,
            )


def prove_product(product: Product, section: Section, strengths: dict[str, Sourced]) -> None:
    """Prove that a product's strength lies within the strengths that the drug has."""
    _within(section, "strength", product.strength.value, strengths)


def prove_preparation(
    preparation: StandardPreparation, section: Section, strengths: dict[str, Sourced], products: Iterable[Product]
) -> None:
    """Prove that a standard dilution multiplies out from one of the products."""
    drug, diluent, total = (
        item.value.in_unit("mL")
        for item in (preparation.drug_volume, preparation.diluent_volume, preparation.total_volume)
    )
    if drug + diluent != total:
        section.problem(
            f"{plain_number(drug)} mL and {plain_number(diluent)} mL are {plain_number(drug + diluent)} mL, "
            f"not {preparation.total_volume.value}.",
            "total_volume",
        )
    printed = preparation.concentration.value.in_unit("mg/mL")
    kind = preparation.product_kind
    made = {
        item.strength.value.in_unit("mg/mL") * drug / total: item.strength.value
        for item in products
        if item.kind == kind
    }
    if not any(abs(computed - printed) <= printed * DILUTION_TOLERANCE for computed in made):
        tried = ", ".join(f"{Quantity(computed, 'mg/mL').shown(4)} from {of}" for computed, of in made.items())
        section.problem(
            f"{preparation.concentration.value} does not multiply out: {plain_number(drug)} mL in "
            f"{plain_number(total)} mL gives {tried or f'nothing, since there is no product of kind {kind}'}.",
            "concentration",
        )
    _within(section, "concentration", preparation.concentration.value, strengths)


def prove_syringe(syringe: WeightSyringe, section: Section) -> None:
    """Prove that 1 mL/h of a syringe made up by weight gives what is printed, to half its last digit."""
    per_ml = syringe.amount.value.in_unit("mcg/kg") / syringe.volume.value.in_unit("mL")
    computed, printed = per_ml / 60, syringe.delivers.value.in_unit("mcg/kg/min")
    half_digit = Decimal(5).scaleb(int(printed.normalize().as_tuple().exponent) - 1)
    if abs(computed - printed) > half_digit:
        section.problem(
            f"{syringe.delivers.value} is not what 1 mL/h gives of {syringe.amount.value} in {syringe.volume.value}: "
            f"{Quantity(computed, 'mcg/kg/min').shown(4)}.",
            "delivers",
        )


def prove_unique(rows: Iterable[tuple[str, Section]]) -> None:
    """Prove that no id stands twice."""
    seen: dict[str, Section] = {}
    for name, section in rows:
        if name in seen:
            section.problem(f"Id '{name}' stands twice; the first is {seen[name].where('id')}.", "id")
        seen.setdefault(name, section)


def _ascending(section: Section, table: str, numbers: Mapping[str, Sourced | None]) -> None:
    """Prove that the numbers that are stated do not fall in the order given."""
    items = [(key, number) for key, number in numbers.items() if number is not None]
    for (lower_key, lower), (key, upper) in pairwise(items):
        if upper.value < lower.value:
            section.problem(f"{upper.value} lies below the {lower_key} of {lower.value}.", table, key)


def _within(section: Section, key: str, value: Quantity, strengths: dict[str, Sourced]) -> None:
    lowest, highest = strengths["lowest"].value, strengths["highest"].value
    if not lowest <= value <= highest:
        section.problem(f"{value} lies outside the strengths of this drug, {lowest} to {highest}.", key)
