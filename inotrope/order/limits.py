"""The limits that an order must keep whatever its parts say of each other: rate, load, strength, weight, route.

Knows the drug's entries and strengths and the limits of the vocabulary; it holds no number. An order names no
patient, so the widest limit of the entries that can be meant is used; a patient's own is compared in `plan/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from inotrope.dosing import from_pump, highest_load_mcg_per_kg
from inotrope.dosing.conversion import why_no_product
from inotrope.drug import Drug, Entry, Load, Sourced
from inotrope.findings import Severity, SourceReference
from inotrope.order.delivering import delivered, strengths_of
from inotrope.order.persons import entries_meant
from inotrope.order.statements import HANGING, Kind, Statement, first, of_kind
from inotrope.patient import vocabulary
from inotrope.patient.vocabulary import Limit
from inotrope.units import Quantity, round_half_up

TOO_FAST = "Do not give it so fast: the pressure drops. Ask the prescriber for the time."
"""What to do about a load that goes in too fast, however the order tells it."""


@dataclass(frozen=True, slots=True)
class OrderFinding:
    """What is worrying about an order: its rule, how much it weighs, what it says and what to do."""

    rule: str
    severity: Severity
    says: str
    advice: str
    sources: tuple[SourceReference, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits that an order is held against.

    Attributes:
        drug: The drug's folder.
        entries: The dosing entries that can be meant.
        rate_lowest: Below it an infusion rate is a slip.
        undiluted: The strength of a vial that is infused as it is.
        parts_disagree: A difference up to this is rounding.
        newborn_weight: Up to this weight the weaker syringes of newborns are possible.
        premix: Whether the order calls its bag a premix.
    """

    drug: Drug
    entries: tuple[Entry, ...]
    rate_lowest: Limit
    undiluted: Limit
    newborn_weight: Limit
    parts_disagree: Limit
    premix: bool = False

    @property
    def rate_minimum(self) -> Quantity:
        """The lowest maintenance rate of the entries."""
        return min(entry.maintenance.minimum.value for entry in self.entries)

    @property
    def highest_entry(self) -> Entry:
        """The entry with the highest maintenance rate; the first of several."""
        return max(self.entries, key=lambda entry: entry.maintenance.maximum.value)

    def load_limit(self, *, by_rate: bool) -> tuple[Quantity, Entry] | None:
        """Return the highest load of the entries with its entry; None where no entry has one.

        Args:
            by_rate: Whether loads that are given as a faster rate count as well.
        """
        found = [
            (load_most(entry), entry)
            for entry in self.entries
            if isinstance(entry.load, Load) or (by_rate and entry.load is not None)
        ]
        return max(found, key=lambda item: item[0], default=None)

    @property
    def load_least(self) -> Quantity | None:
        """The lowest load that is drawn up from a product, per weight; None where no entry has one."""
        return min((load.dose.value for load in self.drawn_loads), default=None)

    @property
    def load_shortest(self) -> Sourced | None:
        """The shortest time of a load that is drawn up from a product; None where no entry has one."""
        times = [load.duration_minimum or load.duration for load in self.drawn_loads]
        return min(times, key=lambda item: item.value, default=None)

    @property
    def drawn_loads(self) -> tuple[Load, ...]:
        """The loads that are drawn up from a product."""
        return tuple(entry.load for entry in self.entries if isinstance(entry.load, Load))


def load_most(entry: Entry) -> Quantity:
    """Return the highest load of an entry that has one, with what the rounding of a syringe may add."""
    assert entry.load is not None  # the caller chose the entry by it
    over = 1 + entry.load.overshoot.value.in_unit("%") / 100 if isinstance(entry.load, Load) else Decimal(1)
    return Quantity(highest_load_mcg_per_kg(entry.load) * over, "mcg/kg")


def bounds_for(
    drug: Drug, statements: Sequence[Statement], entry: Entry | None = None, *, premix: bool = False
) -> Bounds:
    """Return the limits for an order.

    Args:
        drug: The drug's folder.
        statements: What the order states; its age and weight tell which entries can be meant.
        entry: The patient's own entry, where a case is at hand.
        premix: Whether the order calls its bag a premix.
    """
    words = vocabulary()
    chosen = (entry,) if entry is not None else entries_meant(drug, statements)
    rate_lowest, undiluted, newborn_weight, parts_disagree = (
        words.limit(f"order.{key}") for key in ("rate_lowest", "undiluted", "newborn_weight", "parts_disagree_warn")
    )
    return Bounds(drug, chosen, rate_lowest, undiluted, newborn_weight, parts_disagree, premix)


def crossed(statements: Sequence[Statement], bounds: Bounds) -> tuple[OrderFinding, ...]:
    """Return every limit that the stated quantities cross, and what is only worth a look."""
    found = [
        *_weights(statements),
        *(item for rate in rates_asked(statements) for item in _rate(rate, bounds)),
        *_delivers_above(statements, bounds),
        *_loads(statements, bounds),
        *_strengths(statements, bounds),
        *_premix(statements, bounds),
    ]
    unique: dict[tuple[str, str], OrderFinding] = {}
    for item in found:
        unique.setdefault((item.rule, item.says), item)
    return tuple(unique.values())


def whose(number: Sourced, authority: str) -> str:
    """Return whose limit a number is: the authority's, or the site's own where its file set it.

    Args:
        number: The limit.
        authority: Whose it is where no site set it.
    """
    return f"this site's own limit, {number.source.where}" if number.source.id == "site" else authority


def stops(findings: Iterable[OrderFinding]) -> tuple[OrderFinding, ...]:
    """Return those that stop an order."""
    return tuple(item for item in findings if item.severity is Severity.STOP)


def _weights(statements: Sequence[Statement]) -> list[OrderFinding]:
    kind = vocabulary().measurement("body weight")
    assert kind is not None  # it stands in the vocabulary
    lowest, highest = kind.limits["impossible_below"], kind.limits["impossible_above"]
    assert isinstance(lowest, Limit)
    assert isinstance(highest, Limit)
    found = []
    implied = _implied_weight(statements)
    if implied is not None and not lowest.value <= implied <= highest.value:
        says = f"Rate, strength and pump rate imply a weight of {implied.shown(2)}, which is impossible."
        found.append(_stop("weight-impossible", says, "Ask for the weight, the rate and the strength.", lowest.source))
    for item in of_kind(statements, Kind.WEIGHT):
        if item.low < lowest.value or item.high > highest.value:
            says = f"A weight of {item.shown} is impossible: {lowest.value} to {highest.value} is accepted."
            found.append(_stop("weight-impossible", says, "Weigh the patient, in kg.", lowest.source))
    return found


def _implied_weight(statements: Sequence[Statement]) -> Quantity | None:
    """Return the weight that rate, strength and pump rate imply where the order states none; ranges imply none."""
    rate, pump, strength = first(statements, Kind.RATE), first(statements, Kind.PUMP_RATE), _concentration(statements)
    if first(statements, Kind.WEIGHT) is not None or rate is None or pump is None or strength is None:
        return None
    if rate.is_range or pump.is_range:
        return None
    return Quantity(pump.ends[0] * strength.in_unit("mcg/mL") / (60 * rate.ends[0]), "kg")


@dataclass(frozen=True, slots=True)
class AskedRate:
    """A rate per weight that an order asks for, with the words that a finding begins with."""

    low: Quantity
    high: Quantity
    says: str
    of_titration: bool = False


def rates_asked(statements: Sequence[Statement]) -> list[AskedRate]:
    """Return the rates per weight that the order asks for: as stated, or as its other parts give them.

    Args:
        statements: What the order states.
    """
    found = []
    for kind in (Kind.RATE, Kind.HIGHEST, Kind.LOWEST, Kind.STEP):
        for item in of_kind(statements, kind):
            low, high = (end.to("mcg/kg/min") for end in (item.low, item.high))
            found.append(AskedRate(low, high, f"The {kind.value}, {item.shown},", kind is not Kind.RATE))
    if first(statements, Kind.RATE) is None:
        found += [
            AskedRate(item.low, item.high, f"{item.shown} delivers {item.high.shown(4)} and")
            for item in delivered(statements)
        ]
    return found


def _concentration(statements: Sequence[Statement]) -> Quantity | None:
    stated = first(statements, Kind.CONCENTRATION)
    if stated is not None:
        return stated.low
    amount, volume = first(statements, Kind.AMOUNT), first(statements, Kind.VOLUME)
    if amount is None or volume is None:
        return None
    return Quantity(amount.ends[0] / volume.ends[0], "mcg/mL")


def _rate(rate: AskedRate, bounds: Bounds) -> list[OrderFinding]:
    entry = bounds.highest_entry
    top = entry.maintenance.maximum
    if rate.high > top.value:
        says = f"{rate.says} is above the maximum of {top.value} ({whose(top, entry.authority)})."
        return [_stop("rate-above-maximum", says, "Do not start it. Ask the prescriber for the rate.", top.source)]
    if rate.of_titration:
        return []
    if rate.low < bounds.rate_lowest.value:
        says = f"{rate.says} is below {bounds.rate_lowest.value}, lower than any start in use."
        advice = "Do not start it. Ask the prescriber for the rate and its unit."
        return [_stop("rate-below-lowest", says, advice, bounds.rate_lowest.source)]
    if rate.low < bounds.rate_minimum:
        says = f"{rate.says} is below {bounds.rate_minimum}, the lowest maintenance rate of the dosing entry."
        least = min(bounds.entries, key=lambda item: item.maintenance.minimum.value).maintenance.minimum
        advice = "It may be meant, as in renal failure. Ask if nothing says why."
        return [OrderFinding("rate-below-minimum", Severity.INFORM, says, advice, (least.source,))]
    return []


def _delivers_above(statements: Sequence[Statement], bounds: Bounds) -> list[OrderFinding]:
    """Return what a pump rate does that delivers more than the maximum, while the rate asked for keeps it."""
    rate, pump = first(statements, Kind.RATE), first(statements, Kind.PUMP_RATE)
    weight, strength = first(statements, Kind.WEIGHT), _concentration(statements)
    entry = bounds.highest_entry
    top = entry.maintenance.maximum
    if rate is None or pump is None or weight is None or strength is None or rate.high > top.value:
        return []
    given = from_pump(pump.high, weight=weight.low, concentration=strength)
    if given <= top.value:
        return []
    asked, most = rate.high.in_unit("mcg/kg/min"), f"{top.value} ({whose(top, entry.authority)})"
    if given.value - asked > asked * bounds.parts_disagree.value.in_unit("%") / 100:
        says = f"The pump at {pump.high} delivers {given.shown(4)}, above the maximum of {most}."
        return [_stop("delivered-rate-above-maximum", says, "Do not start it. Check the pump rate.", top.source)]
    says = f"{pump.high} delivers {given.shown(4)}, above the maximum of {most}; {rate.shown} is asked for."
    advice = "Set the pump to the next lower step: rounding must not cross a limit."
    return [OrderFinding("rounding-crosses-maximum", Severity.WARN, says, advice, (top.source,))]


def _loads(statements: Sequence[Statement], bounds: Bounds) -> list[OrderFinding]:
    found = []
    limit = bounds.load_limit(by_rate=first(statements, Kind.LOAD_RATE) is not None)
    for dose, shown in load_doses(statements) if limit is not None else ():
        assert limit is not None  # else nothing is looped over
        most, entry = limit
        assert entry.load is not None  # it has the highest load
        if dose > most:
            highest = Quantity(highest_load_mcg_per_kg(entry.load), "mcg/kg")
            number = entry.load.dose if isinstance(entry.load, Load) else entry.load.highest
            says, source = f"The load of {shown} is above {highest} ({whose(number, entry.authority)}).", number.source
            found.append(_stop("load-above-entry", says, "Do not give it. Ask the prescriber for the load.", source))
    shortest = bounds.load_shortest
    for item in of_kind(statements, Kind.LOAD_TIME) if shortest is not None else ():
        if shortest is not None and item.low < shortest.value:
            says = f"The load goes in over {item.shown}, faster than the {shortest.value} of the dosing entry."
            found.append(_stop("load-too-fast", says, TOO_FAST, shortest.source))
    return found


def load_doses(statements: Sequence[Statement]) -> list[tuple[Quantity, str]]:
    """Return each load per weight that the order asks for: as stated, or as an amount and the weight give it.

    Args:
        statements: What the order states.
    """
    stated = of_kind(statements, Kind.LOAD_DOSE)
    if stated:
        return [(item.high, item.shown) for item in stated]
    rate, time = first(statements, Kind.LOAD_RATE), first(statements, Kind.LOAD_TIME)
    if rate is not None and time is not None:
        by_rate = Quantity(rate.ends[1] * time.ends[1], "mcg/kg")
        return [(by_rate, f"{rate.shown} for {time.shown}, which is {by_rate.shown(1)},")]
    weight = first(statements, Kind.WEIGHT)
    amount, volume = first(statements, Kind.LOAD_AMOUNT), first(statements, Kind.LOAD_VOLUME)
    strength = first(statements, Kind.LOAD_STRENGTH)
    if weight is None:
        return []
    if amount is not None:
        mass, shown = amount.ends[1], amount.shown
    elif volume is not None and strength is not None:
        mass, shown = volume.ends[1] * strength.ends[1], f"{volume.shown} of {strength.shown}"
    else:
        return []
    dose = Quantity(mass / weight.ends[0], "mcg/kg")
    return [(dose, f"{shown}, which is {dose.shown(1)},")]


def _strengths(statements: Sequence[Statement], bounds: Bounds) -> list[OrderFinding]:
    """Return what the order's strengths give rise to; what hangs by the case is the plan's to judge."""
    found: list[OrderFinding] = []
    strength = _concentration(statements) or implied_strength(statements)
    known = of_kind(statements, Kind.CONCENTRATION)
    infused = [item.low for item in known if item.where != HANGING]
    infused += [strength] if strength is not None and not known else []
    others = [item.low for kind in (Kind.VIAL_STRENGTH, Kind.LOAD_STRENGTH) for item in of_kind(statements, kind)]
    strengths = bounds.drug.strengths
    for value in [*infused, *others]:
        says = why_no_product(value.to(_readable(value)), bounds.drug)
        if says and not _for_newborn(value, statements, bounds):
            least = _least_strength(statements, bounds)
            sources = (strengths[least].source, strengths["highest"].source)
            if least != "lowest" and value < strengths[least].value:
                says = f"{value.to(_readable(value))} is weaker than {strengths[least].value}, the least for a newborn."
            advice = "Do not hang it. Read the label again."
            found.append(OrderFinding("impossible-strength", Severity.STOP, says, advice, sources))
    for value in infused:
        if value == bounds.undiluted.value:
            says = f"{value.to('mg/mL')} is the strength of the vial, undiluted."
            source = (bounds.undiluted.source,)
            advice = "Check that an undiluted syringe is meant, and that the pump is set to it."
            found.append(OrderFinding("undiluted", Severity.WARN, says, advice, source))
    return found


def _premix(statements: Sequence[Statement], bounds: Bounds) -> list[OrderFinding]:
    """Return a stop for a premix of a strength that no premix has; the rule is the plan's `premix-strength`."""
    real = {item.strength.value: item.strength.source for item in bounds.drug.products if item.kind == "premix"}
    shown = [str(value) for value in real]
    if not bounds.premix or not real:
        return []
    found = []
    for (low, high), stated in strengths_of(statements):
        within = bounds.parts_disagree.value.in_unit("%")
        near = [value.in_unit("mcg/mL") for value in real]
        if any(abs(end / value - 1) * 100 <= within for end in (low, high) for value in near):
            continue
        says = f"The order speaks of a premix and of {stated}: a premix has {' or '.join(shown)} and nothing else."
        advice = "Read the label of the bag again. If it was made from vials, call it so."
        found.append(OrderFinding("premix-strength", Severity.STOP, says, advice, tuple(real.values())))
    return found


def _for_newborn(value: Quantity, statements: Sequence[Statement], bounds: Bounds) -> bool:
    """Tell whether a strength too weak for others is one that a newborn's syringe can have."""
    least = bounds.drug.strengths[_least_strength(statements, bounds)].value
    return least <= value < bounds.drug.strengths["lowest"].value


def _least_strength(statements: Sequence[Statement], bounds: Bounds) -> str:
    """Return which of the drug's lowest strengths holds: a newborn's where the weight is one's."""
    weight, newborn = first(statements, Kind.WEIGHT), "lowest_newborn"
    light = weight is not None and weight.high <= bounds.newborn_weight.value
    return newborn if light and newborn in bounds.drug.strengths else "lowest"


def implied_strength(statements: Sequence[Statement]) -> Quantity | None:
    """Return the strength that rate, weight and pump rate imply where the order states none; ranges imply none.

    Args:
        statements: What the order states.
    """
    parts = [first(statements, kind) for kind in (Kind.RATE, Kind.WEIGHT, Kind.PUMP_RATE)]
    rate, weight, pump = parts
    if rate is None or weight is None or pump is None or any(item is not None and item.is_range for item in parts):
        return None
    if any(first(statements, kind) is not None for kind in (Kind.AMOUNT_PER_WEIGHT, Kind.DRUG_VOLUME)):
        return None
    return Quantity(round_half_up(rate.ends[0] * weight.ends[0] * 60 / pump.ends[0], 4), "mcg/mL")


def _readable(value: Quantity) -> str:
    """Return the unit in which a strength is told."""
    return "mg/mL" if value.in_unit("mg/mL") >= 1 else "mcg/mL"


def _stop(rule: str, says: str, advice: str, source: SourceReference) -> OrderFinding:
    return OrderFinding(rule, Severity.STOP, says, advice, (source,))
