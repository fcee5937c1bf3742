"""The slips that people are known to make with an order, each as a change of one stated value that takes it back.

Knows the slips one by one and the drug's own numbers that they rest on. Which of them would explain an order is told in
`slips.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from inotrope.findings import SourceReference
from inotrope.order.limits import Bounds
from inotrope.order.pairs import Pair
from inotrope.order.statements import TOTALS, Kind, Statement, first, of_kind
from inotrope.patient import vocabulary
from inotrope.units import Quantity, registry

POUNDS_PER_KILOGRAM = 1 / Decimal("0.45359237")  # the international pound of 1959
_MIN_PER_H = Decimal(60)
_THOUSAND = Decimal(1000)

Change = Callable[[Decimal], Decimal]


@dataclass(frozen=True, slots=True)
class Correction:
    """One statement corrected: `instead` of `item`; None drops it. `also` is what changes with it."""

    id: str
    says: str
    item: Statement
    instead: Statement | None
    sources: tuple[SourceReference, ...] = ()
    also: tuple[tuple[Statement, Statement], ...] = ()


_MEASURED = (
    Kind.RATE,
    Kind.MASS_RATE,
    Kind.PUMP_RATE,
    Kind.AMOUNT,
    Kind.AMOUNT_PER_WEIGHT,
    Kind.VOLUME,
    Kind.CONCENTRATION,
    Kind.WEIGHT,
    Kind.VIAL_STRENGTH,
    Kind.DRUG_VOLUME,
    Kind.DILUENT_VOLUME,
    Kind.LOAD_DOSE,
    Kind.LOAD_AMOUNT,
    Kind.LOAD_VOLUME,
    Kind.LOAD_STRENGTH,
    Kind.LOAD_PUMP_RATE,
    Kind.LOAD_RATE,
    Kind.HIGHEST,
    Kind.LOWEST,
    Kind.STEP,
    Kind.HIGHEST_PUMP_RATE,
    Kind.LOWEST_PUMP_RATE,
    Kind.STEP_PUMP_RATE,
    Kind.PUMP_RATE_PER_WEIGHT,
    Kind.RATE_PER_ML_PER_H,
    Kind.BAG_TIME,
    *sorted(TOTALS),
)
_FOLDS = {"ten-fold": Decimal(10), "hundred-fold": Decimal(100), "thousand-fold": _THOUSAND}
_RATES = (
    Kind.RATE,
    Kind.MASS_RATE,
    Kind.HIGHEST,
    Kind.LOWEST,
    Kind.STEP,
    Kind.LOAD_RATE,
    Kind.PUMP_RATE,
    *sorted(TOTALS),
)
_BASE = (
    Kind.AMOUNT,
    Kind.CONCENTRATION,
    Kind.VIAL_STRENGTH,
    Kind.LOAD_STRENGTH,
    Kind.LOAD_AMOUNT,
    Kind.LOAD_VOLUME,
    Kind.PUMP_RATE,
    *sorted(TOTALS),
)
_BAG_OR_VIAL = (
    *sorted(TOTALS),
    Kind.CONCENTRATION,
    Kind.LOAD_STRENGTH,
    Kind.PUMP_RATE,
    Kind.LOAD_VOLUME,
    Kind.LOAD_PUMP_RATE,
)


def corrections(statements: Sequence[Statement], bounds: Bounds) -> Iterator[Correction]:
    """Yield every change of one stated value that takes a known slip back, whether it would help or not."""
    for item in statements:
        yield from _units(item)
        yield from _strength_as_amount(item, statements, bounds)
        yield from _folds(item)
        yield from _times(item)
        yield from _pounds(item)
        yield from _salt(item, bounds)
        yield from _vial(item, bounds)
        yield from _digits(item)
    yield from _fields(statements, bounds)
    yield from _per_weight(statements)
    yield from _half_or_double(statements, bounds)


def _times_factor(item: Statement, factor: Decimal) -> Statement:
    return item.changed(lambda value: value * factor)


def _units(item: Statement) -> Iterator[Correction]:
    unit, name = item.unit or item.low.unit, item.kind.value
    if unit.startswith("mg"):
        smaller = _in_unit(item, "mcg" + unit.removeprefix("mg"))
        yield Correction("mg-for-mcg", f"mg written for mcg in the {name}", item, smaller)
    if unit.startswith("mcg"):
        larger = _in_unit(item, "mg" + unit.removeprefix("mcg"), shrink=False)
        in_bag = item.kind in (Kind.AMOUNT, Kind.AMOUNT_PER_WEIGHT)
        id_ = "mcg-for-mg-in-the-bag" if in_bag else "mcg-for-mg"
        yield Correction(id_, f"mcg written for mg in the {name}", item, larger)


def _strength_as_amount(item: Statement, statements: Sequence[Statement], bounds: Bounds) -> Iterator[Correction]:
    """Yield the amount whose number is that of a standard strength: the amount per mL was typed as the bag's."""
    volume = first(statements, Kind.VOLUME)
    if item.kind is not Kind.AMOUNT or volume is None or item.low.unit != "mcg":
        return
    for strength in standard_strengths(bounds):
        if strength.in_unit("mcg/mL") == item.low.value:
            amount = Quantity(item.low.value * volume.ends[0], "mcg").to("mg")
            instead = Statement(item.kind, amount, amount, item.text, item.where)
            yield Correction(
                "mcg-for-mg-in-the-bag", "the amount per mL written as the amount in the bag", item, instead
            )


def standard_strengths(bounds: Bounds) -> set[Quantity]:
    """Return the strengths of the products and of the standard preparations."""
    products = {product.strength.value for product in bounds.drug.products}
    return products | {preparation.concentration.value for preparation in bounds.drug.preparations}


def _in_unit(item: Statement, unit: str, *, shrink: bool = True) -> Statement:
    """Return the same number in the other unit, told in it where the closed list has it."""
    changed = _times_factor(item, 1 / _THOUSAND if shrink else _THOUSAND)
    if unit not in registry().units:
        return changed
    return Statement(item.kind, changed.low.to(unit), changed.high.to(unit), item.text, item.where)


def _folds(item: Statement) -> Iterator[Correction]:
    if item.kind not in _MEASURED:
        return
    for id_, factor in _FOLDS.items():
        for by, much in ((1 / factor, "too much"), (factor, "too little")):
            if id_ == "thousand-fold" and _is_unit_slip(item, by):
                continue
            says = f"{id_.replace('-', ' ')} {much} in the {item.kind.value}: a decimal point or zeros"
            yield Correction(id_, says, item, _times_factor(item, by))


def _is_unit_slip(item: Statement, by: Decimal) -> bool:
    unit = item.unit or item.low.unit
    return unit.startswith("mg") if by < 1 else unit.startswith("mcg")


def _times(item: Statement) -> Iterator[Correction]:
    if item.kind not in _RATES:
        return
    says = f"per hour and per minute mixed up in the {item.kind.value}"
    for by in (_MIN_PER_H, 1 / _MIN_PER_H):
        yield Correction("per-hour-for-per-minute", says, item, _times_factor(item, by))


def _pounds(item: Statement) -> Iterator[Correction]:
    if item.kind is not Kind.WEIGHT:
        return
    for by in (1 / POUNDS_PER_KILOGRAM, POUNDS_PER_KILOGRAM):
        says = "pounds and kilograms mixed up in the weight, or where the weight was used"
        yield Correction("pounds-for-kilograms", says, item, _times_factor(item, by))


def _salt(item: Statement, bounds: Bounds) -> Iterator[Correction]:
    salt = bounds.drug.identity.salt
    if salt is None or item.kind not in _BASE:
        return
    for by in (1 / salt.factor.value, salt.factor.value):
        says = f"{salt.name} and {bounds.drug.name} mixed up in the {item.kind.value}"
        yield Correction("salt-for-base", says, item, _times_factor(item, by), (salt.factor.source,))


def _vial(item: Statement, bounds: Bounds) -> Iterator[Correction]:
    if item.kind not in _BAG_OR_VIAL:
        return
    products = bounds.drug.products
    bags, vials = (
        {product.strength.value: product.strength.source for product in products if product.kind == kind}
        for kind in ("premix", "vial")
    )
    for bag, of_bag in bags.items():
        for vial, of_vial in vials.items():
            ratio = vial.in_unit("mcg/mL") / bag.in_unit("mcg/mL")
            for by in (ratio, 1 / ratio):
                says = f"vial ({vial}) and bag ({bag}) mixed up in the {item.kind.value}"
                yield Correction("vial-for-bag", says, item, _times_factor(item, by), (of_vial, of_bag))


def _digits(item: Statement) -> Iterator[Correction]:
    if item.kind not in _MEASURED or item.is_range:
        return
    written = format(item.low.value, "f")
    places = [index for index, mark in enumerate(written) if mark != "."]
    for one, other in combinations(places, 2):
        marks = list(written)
        marks[one], marks[other] = marks[other], marks[one]
        value = Decimal("".join(marks))
        if value and value != item.low.value:
            says = f"two digits swapped in the {item.kind.value}"
            yield Correction("swapped-digits", says, item, item.changed(lambda _, value=value: value))  # type: ignore[misc]


def _fields(statements: Sequence[Statement], bounds: Bounds) -> Iterator[Correction]:
    """Yield the dose in the rate field and the reverse: the two numbers are equal, or each stands in the other's."""
    pump = first(statements, Kind.PUMP_RATE)
    rates = [item for item in of_kind(statements, Kind.RATE) if not item.is_range]
    says = "the number of the dose stands in the field of the pump rate, or the reverse"
    for rate in [] if _is_one_to_one(statements) else rates:
        for flow in of_kind(statements, Kind.PUMP_RATE):
            if flow.low.value == rate.low.value and not flow.is_range:
                yield Correction("dose-in-rate-field", says, flow, None)
                yield Correction("dose-in-rate-field", says, rate, None)
    strength, weight = first(statements, Kind.CONCENTRATION), first(statements, Kind.WEIGHT)
    if pump is None and strength is not None and weight is not None:
        for rate in rates:
            meant = rate.low.value * strength.ends[0] / (_MIN_PER_H * weight.ends[0])
            value = Quantity(meant, "mcg/kg/min")
            instead = Statement(Kind.RATE, value, value, rate.text, rate.where)
            yield Correction("dose-in-rate-field", says, rate, instead)
    if pump is not None and not rates and not pump.is_range:
        value = Quantity(pump.low.value, "mcg/kg/min")
        if bounds.rate_minimum <= value <= bounds.highest_entry.maintenance.maximum.value:
            instead = Statement(Kind.RATE, value, value, pump.text, pump.where)
            yield Correction("dose-in-rate-field", says, pump, instead)


def _is_one_to_one(statements: Sequence[Statement]) -> bool:
    """Tell whether 1 mL/h gives 1 mcg/kg/min by design, as a syringe of 3 mg/kg in 50 mL does."""
    amount, volume = first(statements, Kind.AMOUNT_PER_WEIGHT), first(statements, Kind.VOLUME)
    return amount is not None and volume is not None and amount.ends[0] / volume.ends[0] == _MIN_PER_H


def _per_weight(statements: Sequence[Statement]) -> Iterator[Correction]:
    weight = first(statements, Kind.WEIGHT)
    if weight is None:
        return
    kilograms = weight.ends[0]
    for kind, per_weight in (
        (Kind.PUMP_RATE, False),
        (Kind.MASS_RATE, False),
        (Kind.RATE, True),
        (Kind.LOAD_DOSE, True),
        (Kind.LOAD_AMOUNT, False),
        (Kind.TOTAL, False),
        (Kind.TOTAL_PER_WEIGHT, True),
    ):
        by = 1 / kilograms if per_weight else kilograms
        says = f"per weight and not per weight mixed up in the {kind.value}"
        for item in of_kind(statements, kind):
            yield Correction("not-per-weight", says, item, _times_factor(item, by))


def other_weight(statements: Sequence[Statement], broken: Sequence[Pair]) -> Iterator[Correction]:
    """Yield the weight that would make the first broken pair exact, inside what is possible."""
    weight = first(statements, Kind.WEIGHT)
    pair = next((pair for pair in broken if weight in pair.inputs and pair.stated.kind is not Kind.WEIGHT), None)
    if weight is None or pair is None:
        return
    ratio = pair.stated.low.value / pair.computed.value
    inverse = pair.stated.kind in (Kind.BAG_TIME, Kind.COURSE, Kind.RATE_PER_ML_PER_H, Kind.PUMP_RATE_PER_WEIGHT)
    meant = _times_factor(weight, 1 / ratio if inverse else ratio)
    kind = vocabulary().measurement("body weight")
    assert kind is not None  # it stands in the vocabulary
    highest = kind.limit("plausible_maximum")
    if highest is None or meant.high <= highest.value:
        says = f"the other values fit a weight of {meant.low.shown(1)}"
        yield Correction("wrong-weight", says, weight, meant)


def _half_or_double(statements: Sequence[Statement], bounds: Bounds) -> Iterator[Correction]:
    """Yield twice or half the drug in the bag where that makes the strength of a standard bag: 10 mL for 20 mL."""
    volume, diluent = first(statements, Kind.VOLUME), first(statements, Kind.DILUENT_VOLUME)
    vial = first(statements, Kind.VIAL_STRENGTH)
    bags = {item.concentration.value: item.concentration.source for item in bounds.drug.preparations}
    if bounds.premix:
        yield from _half_or_double_premix(statements, bounds)
    for item in (*of_kind(statements, Kind.AMOUNT), *of_kind(statements, Kind.DRUG_VOLUME)):
        drawn = item.kind is Kind.DRUG_VOLUME
        if volume is None or item.is_range or (drawn and vial is None):
            continue
        strength = item.ends[0] / volume.ends[0] * (vial.ends[0] if drawn and vial is not None else 1)
        for by, much in ((Decimal(2), "half"), (1 / Decimal(2), "twice")):
            source = next((bags[bag] for bag in bags if bag.in_unit("mcg/mL") == strength * by), None)
            if source is None:
                continue
            meant = _times_factor(item, by)
            says = f"{much} the drug of the standard bag in the {item.kind.value}"
            rest = Quantity(volume.ends[0] - meant.ends[0], "mL")
            filled = diluent if drawn and rest.value > 0 else None
            also = () if filled is None else ((filled, replace(filled, low=rest, high=rest)),)
            yield Correction("half-or-double", says, item, meant, (source,), also)


def _half_or_double_premix(statements: Sequence[Statement], bounds: Bounds) -> Iterator[Correction]:
    """Yield twice or half the strength of what is called a premix, where that is a premix's."""
    real = {item.strength.value: item.strength.source for item in bounds.drug.products if item.kind == "premix"}
    for item in of_kind(statements, Kind.CONCENTRATION):
        for by, much in ((Decimal(2), "half"), (1 / Decimal(2), "twice")):
            meant = _times_factor(item, by)
            if meant.low in real:
                says = f"{much} the strength of the premix in the {item.kind.value}"
                yield Correction("half-or-double", says, item, meant, (real[meant.low],))
