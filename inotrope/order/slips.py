"""The slips that people are known to make with an infusion order, and which of them would explain what does not fit.

Knows each slip as a change of one stated value that takes it back. A slip is named when the order, with that one value
corrected, fits together within the warning limit and keeps every limit. Several may; which one it was, only the
prescriber can say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from inotrope.order.limits import Bounds, crossed, stops
from inotrope.order.pairs import Pair, Steps, pairs_of
from inotrope.order.statements import Kind, Statement, first, of_kind
from inotrope.patient import vocabulary
from inotrope.units import Quantity, registry

_POUNDS_PER_KILOGRAM = 1 / Decimal("0.45359237")  # the international pound of 1959
_MIN_PER_H = Decimal(60)
_THOUSAND = Decimal(1000)

_WEAK = frozenset({"swapped-digits", "salt-for-base"})
"""Two digits can be swapped into many a number, and 1.4 is near many a ratio: where nothing else fits, another weight
is named beside it."""

Change = Callable[[Decimal], Decimal]


@dataclass(frozen=True, slots=True)
class Slip:
    """A known slip that would explain what does not fit.

    Attributes:
        id: Its name, such as `ten-fold`.
        says: What it looks like, in a sentence.
        value: The stated value that it concerns, as written.
        where: The place of that value.
        instead: What the value would be.
    """

    id: str
    says: str
    value: str
    where: str
    instead: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One statement corrected: `instead` of `item`; None drops it."""

    id: str
    says: str
    item: Statement
    instead: Statement | None


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
    Kind.PUMP_RATE_PER_WEIGHT,
    Kind.RATE_PER_ML_PER_H,
    Kind.BAG_TIME,
)
_FOLDS = {"ten-fold": Decimal(10), "hundred-fold": Decimal(100), "thousand-fold": _THOUSAND}
_RATES = (Kind.RATE, Kind.MASS_RATE, Kind.HIGHEST, Kind.LOWEST, Kind.STEP, Kind.LOAD_RATE, Kind.PUMP_RATE)
_BASE = (
    Kind.AMOUNT,
    Kind.CONCENTRATION,
    Kind.VIAL_STRENGTH,
    Kind.LOAD_STRENGTH,
    Kind.LOAD_AMOUNT,
    Kind.LOAD_VOLUME,
    Kind.PUMP_RATE,
)
_BAG_OR_VIAL = (Kind.CONCENTRATION, Kind.LOAD_STRENGTH, Kind.PUMP_RATE, Kind.LOAD_VOLUME, Kind.LOAD_PUMP_RATE)


def find_slips(
    statements: Sequence[Statement], bounds: Bounds, steps: Steps, *, within: Quantity, beyond: Quantity
) -> tuple[Slip, ...]:
    """Return the slips whose correction makes the order fit; none when nothing is far off, or nothing known fits.

    Args:
        statements: What the order states.
        bounds: The limits it is held against.
        steps: By which pump and syringe round.
        within: The difference, in %, up to which a pair fits.
        beyond: The difference, in %, above which a slip is looked for.
    """
    before = pairs_of(statements, steps)
    broken = [pair for pair in before if _off(pair, within)]
    beyond_limits = bool(stops(crossed(statements, bounds)))
    if not any(_off(pair, beyond) for pair in broken) and not beyond_limits:
        return ()
    must_land = not broken  # no pair tells what was meant: a guess must land where the entry allows
    trial = _Trial(bounds, steps, within, beyond, must_land, frozenset(_name(pair) for pair in before if pair.rounded))
    tries = tuple(_candidates(statements, bounds))
    fits = [item for item in tries if trial.fits(statements, item)]
    if not fits and beyond_limits:
        # What was worked out from the slip carries it: those values may now disagree, if they agreed before.
        carried = frozenset(_name(pair) for pair in before if not _off(pair, within))
        fits = [item for item in tries if trial.fits(statements, item, carried=carried)]
        unpumped = tuple(item for item in statements if item.kind is not Kind.PUMP_RATE)
        if not fits and len(unpumped) < len(statements):
            fits = [item for item in tries if trial.fits(unpumped, item, carried=carried)]
    if broken and {item.id for item in fits} <= _WEAK:
        fits += [item for item in _other_weight(statements, broken) if trial.fits(statements, item)]
    return _told(fits)


def _off(pair: Pair, within: Quantity) -> bool:
    return pair.beyond(within) and not pair.rounded


def _replaced(statements: Sequence[Statement], candidate: _Candidate) -> tuple[Statement, ...]:
    changed = (candidate.instead if item is candidate.item else item for item in statements)
    return tuple(item for item in changed if item is not None)


@dataclass(frozen=True, slots=True)
class _Trial:
    """What a correction must meet; `rounded` names the pairs whose difference was the pump's step before it."""

    bounds: Bounds
    steps: Steps
    within: Quantity
    beyond: Quantity
    must_land: bool
    rounded: frozenset[tuple[str, str]]

    def fits(
        self,
        statements: Sequence[Statement],
        candidate: _Candidate,
        *,
        carried: frozenset[tuple[str, str]] = frozenset(),
    ) -> bool:
        """Tell whether the order, corrected, keeps every limit and fits; `carried` pairs may break."""
        corrected = _replaced(statements, candidate)
        if stops(crossed(corrected, self.bounds)):
            return False
        instead = candidate.instead
        guessed = self.must_land or bool(carried)
        if guessed and instead is not None and instead.kind is Kind.RATE and instead.low < self.bounds.rate_minimum:
            return False
        return all(
            self._holds(pair) or _name(pair) in carried | self.rounded for pair in pairs_of(corrected, self.steps)
        )

    def _holds(self, pair: Pair) -> bool:
        return not pair.beyond(self.within) or (pair.rounded and not pair.beyond(self.beyond))


def _name(pair: Pair) -> tuple[str, str]:
    return pair.relation, pair.stated.where


def _told(fits: Sequence[_Candidate]) -> tuple[Slip, ...]:
    """Return each fit once: one that names the unit goes before the bare thousand-fold of the same value."""
    found: dict[tuple[str, str], Slip] = {}
    for item in fits:
        shown = "nothing" if item.instead is None else _sensible(item.instead)
        slip = Slip(item.id, f"{item.says}", item.item.text, item.item.where, shown)
        found.setdefault((slip.id, slip.where), slip)
    return tuple(found.values())


def _sensible(item: Statement) -> str:
    return item.low.shown(4) if not item.is_range else f"{item.low.shown(4)} to {item.high.shown(4)}"


def _candidates(statements: Sequence[Statement], bounds: Bounds) -> Iterator[_Candidate]:
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


def _times_factor(item: Statement, factor: Decimal) -> Statement:
    return item.changed(lambda value: value * factor)


def _units(item: Statement) -> Iterator[_Candidate]:
    unit, name = item.unit or item.low.unit, item.kind.value
    if unit.startswith("mg"):
        smaller = _in_unit(item, "mcg" + unit.removeprefix("mg"))
        yield _Candidate("mg-for-mcg", f"mg written for mcg in the {name}", item, smaller)
    if unit.startswith("mcg"):
        larger = _in_unit(item, "mg" + unit.removeprefix("mcg"), shrink=False)
        in_bag = item.kind in (Kind.AMOUNT, Kind.AMOUNT_PER_WEIGHT)
        id_ = "mcg-for-mg-in-the-bag" if in_bag else "mcg-for-mg"
        yield _Candidate(id_, f"mcg written for mg in the {name}", item, larger)


def _strength_as_amount(item: Statement, statements: Sequence[Statement], bounds: Bounds) -> Iterator[_Candidate]:
    """Yield the amount whose number is that of a standard strength: the amount per mL was typed as the bag's."""
    volume = first(statements, Kind.VOLUME)
    if item.kind is not Kind.AMOUNT or volume is None or item.low.unit != "mcg":
        return
    standard = {product.strength.value for product in bounds.drug.products}
    standard |= {preparation.concentration.value for preparation in bounds.drug.preparations}
    for strength in standard:
        if strength.in_unit("mcg/mL") == item.low.value:
            amount = Quantity(item.low.value * volume.ends[0], "mcg").to("mg")
            instead = Statement(item.kind, amount, amount, item.text, item.where)
            yield _Candidate(
                "mcg-for-mg-in-the-bag", "the amount per mL written as the amount in the bag", item, instead
            )


def _in_unit(item: Statement, unit: str, *, shrink: bool = True) -> Statement:
    """Return the same number in the other unit, told in it where the closed list has it."""
    changed = _times_factor(item, 1 / _THOUSAND if shrink else _THOUSAND)
    if unit not in registry().units:
        return changed
    return Statement(item.kind, changed.low.to(unit), changed.high.to(unit), item.text, item.where)


def _folds(item: Statement) -> Iterator[_Candidate]:
    if item.kind not in _MEASURED:
        return
    for id_, factor in _FOLDS.items():
        for by, much in ((1 / factor, "too much"), (factor, "too little")):
            if id_ == "thousand-fold" and _is_unit_slip(item, by):
                continue
            says = f"{id_.replace('-', ' ')} {much} in the {item.kind.value}: a decimal point or zeros"
            yield _Candidate(id_, says, item, _times_factor(item, by))


def _is_unit_slip(item: Statement, by: Decimal) -> bool:
    unit = item.unit or item.low.unit
    return unit.startswith("mg") if by < 1 else unit.startswith("mcg")


def _times(item: Statement) -> Iterator[_Candidate]:
    if item.kind not in _RATES:
        return
    says = f"per hour and per minute mixed up in the {item.kind.value}"
    for by in (_MIN_PER_H, 1 / _MIN_PER_H):
        yield _Candidate("per-hour-for-per-minute", says, item, _times_factor(item, by))


def _pounds(item: Statement) -> Iterator[_Candidate]:
    if item.kind is not Kind.WEIGHT:
        return
    for by in (1 / _POUNDS_PER_KILOGRAM, _POUNDS_PER_KILOGRAM):
        says = "pounds and kilograms mixed up in the weight, or where the weight was used"
        yield _Candidate("pounds-for-kilograms", says, item, _times_factor(item, by))


def _salt(item: Statement, bounds: Bounds) -> Iterator[_Candidate]:
    salt = bounds.drug.identity.salt
    if salt is None or item.kind not in _BASE:
        return
    for by in (1 / salt.factor.value, salt.factor.value):
        says = f"{salt.name} and {bounds.drug.name} mixed up in the {item.kind.value}"
        yield _Candidate("salt-for-base", says, item, _times_factor(item, by))


def _vial(item: Statement, bounds: Bounds) -> Iterator[_Candidate]:
    if item.kind not in _BAG_OR_VIAL:
        return
    bags = {product.strength.value for product in bounds.drug.products if product.kind == "premix"}
    vials = {product.strength.value for product in bounds.drug.products if product.kind == "vial"}
    for bag in bags:
        for vial in vials:
            ratio = vial.in_unit("mcg/mL") / bag.in_unit("mcg/mL")
            for by in (ratio, 1 / ratio):
                says = f"vial ({vial}) and bag ({bag}) mixed up in the {item.kind.value}"
                yield _Candidate("vial-for-bag", says, item, _times_factor(item, by))


def _digits(item: Statement) -> Iterator[_Candidate]:
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
            yield _Candidate("swapped-digits", says, item, item.changed(lambda _, value=value: value))  # type: ignore[misc]


def _fields(statements: Sequence[Statement], bounds: Bounds) -> Iterator[_Candidate]:
    """Yield the dose in the rate field and the reverse: the two numbers are equal, or each stands in the other's."""
    pump = first(statements, Kind.PUMP_RATE)
    rates = [item for item in of_kind(statements, Kind.RATE) if not item.is_range]
    says = "the number of the dose stands in the field of the pump rate, or the reverse"
    for rate in rates:
        for flow in of_kind(statements, Kind.PUMP_RATE):
            if flow.low.value == rate.low.value and not flow.is_range:
                yield _Candidate("dose-in-rate-field", says, flow, None)
                yield _Candidate("dose-in-rate-field", says, rate, None)
    strength, weight = first(statements, Kind.CONCENTRATION), first(statements, Kind.WEIGHT)
    if pump is None and strength is not None and weight is not None:
        for rate in rates:
            meant = rate.low.value * strength.ends[0] / (_MIN_PER_H * weight.ends[0])
            value = Quantity(meant, "mcg/kg/min")
            instead = Statement(Kind.RATE, value, value, rate.text, rate.where)
            yield _Candidate("dose-in-rate-field", says, rate, instead)
    if pump is not None and not rates and not pump.is_range:
        value = Quantity(pump.low.value, "mcg/kg/min")
        if bounds.rate_minimum <= value <= bounds.highest_entry.maintenance.maximum.value:
            instead = Statement(Kind.RATE, value, value, pump.text, pump.where)
            yield _Candidate("dose-in-rate-field", says, pump, instead)


def _per_weight(statements: Sequence[Statement]) -> Iterator[_Candidate]:
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
    ):
        by = 1 / kilograms if per_weight else kilograms
        says = f"per weight and not per weight mixed up in the {kind.value}"
        for item in of_kind(statements, kind):
            yield _Candidate("not-per-weight", says, item, _times_factor(item, by))


def _other_weight(statements: Sequence[Statement], broken: Sequence[Pair]) -> Iterator[_Candidate]:
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
        yield _Candidate("wrong-weight", says, weight, meant)
