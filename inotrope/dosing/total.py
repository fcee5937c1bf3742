"""The amount of the worst 24 h window from now on: what was given, a load, the rate, and an entry that ends before.

Knows which windows can hold the most. It proposes no rate (`regimen.py`), and a cap is held by `ceiling.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inotrope.dosing.ceiling import window_ends
from inotrope.dosing.entry import shown_time
from inotrope.dosing.history import DAY_H, History, amounts
from inotrope.dosing.load import LoadingDose
from inotrope.dosing.load_as_rate import rest_of_load
from inotrope.drug import Entry
from inotrope.findings import SourceReference
from inotrope.patient import Case
from inotrope.units import Quantity, plain_number, round_half_up


@dataclass(frozen=True, slots=True)
class Total:
    """The amount of the worst 24 h window from now on, with what was given counted.

    `says` tells where fewer hours than 24 are counted, because the entry ends before; else it is empty.
    """

    amount: Quantity
    per_weight: Quantity
    maximum: Quantity | None
    arithmetic: tuple[str, ...]
    sources: tuple[SourceReference, ...]
    says: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the next 24 h hold beside the rate: a load that is given or still going in, and the end of the entry.

    Attributes:
        load_mcg_per_kg: Of the load that is to be given, or of the rest of one that is going in as a rate.
        load_h: For how long that load keeps the rate from running; 0 for one that is drawn up.
        stop_h: After how many hours the entry ends, where that is before 24 h; else None.
        says: Why it ends then.
    """

    load_mcg_per_kg: Decimal = Decimal(0)
    load_h: Decimal = Decimal(0)
    stop_h: Decimal | None = None
    says: str = ""


def worst_total(rate: Quantity, past: History, ahead: Ahead) -> Quantity:
    """Return the largest amount in any 24 h window that holds some of the future at this rate, mg/kg.

    Between the ends named here the amount is a straight line in time, so its largest value stands at one. A load that
    is drawn up counts beside 24 h of the rate, as the label counts it; one that runs on the same pump takes its own
    time, and the rate follows it. After the entry's end nothing flows.
    """
    per_h, load, load_h = rate.in_unit("mcg/kg/h"), ahead.load_mcg_per_kg, ahead.load_h
    given = amounts(past.pieces)
    stops = {DAY_H + load_h} if ahead.stop_h is None else {ahead.stop_h}
    last = max(stops)

    def amount(end: Decimal) -> Decimal:
        start = end - DAY_H
        flowed = per_h * max(min(end, last) - max(start, load_h), Decimal(0))
        if load_h:
            loaded = load * max(min(end, load_h) - max(start, Decimal(0)), Decimal(0)) / load_h
        else:
            loaded = load if end <= DAY_H else Decimal(0)
        return given(start, end) + flowed + loaded

    ends = {*window_ends(past), *stops, load_h, DAY_H + load_h}
    return Quantity(max(amount(end) for end in ends) / 1000, "mg/kg")


def look_ahead(entry: Entry, case: Case, past: History, load: LoadingDose) -> Ahead:
    """Return the load that is due or still going in, and the end of an entry that ends before 24 h are over."""
    rest, rest_h = rest_of_load(entry, past, case.now)
    mcg, hours = (rest, rest_h) if rest_h else (load.mcg_per_kg, load.hours_on_the_pump)
    until, longest = entry.duration.until_age, entry.duration.longest
    found = []
    if until is not None:
        left_h = until.value.in_unit("h") - case.postnatal_age.in_unit("h")
        found.append((left_h, f"at {until.value} of age"))
    if longest is not None and longest.value.in_unit("h") < DAY_H:
        found.append((longest.value.in_unit("h") - past.running_h, f"after {shown_time(longest)} in all"))
    # Past its end an infusion that goes on is counted for the whole day: nothing says that it stops now.
    ends = min((item for item in found if 0 < item[0] < DAY_H), default=None)
    if ends is None:
        return Ahead(mcg, hours)
    left = Quantity(ends[0], "h").shown(1)
    says = f"{entry.authority} ends {ends[1]}: only its own hours are counted, {left} from now and not 24 h"
    within = min(hours, ends[0])
    return Ahead(mcg * within / hours if hours else mcg, within, ends[0], says)


def total_ahead(entry: Entry, delivered: Quantity, ahead: Ahead, past: History, case: Case) -> Total:
    """Return the total of the worst 24 h window at the rate that is delivered, with its arithmetic and its cap."""
    per_weight = worst_total(delivered, past, ahead)
    weight_kg = case.patient.weight.in_unit("kg")
    hours = (DAY_H if ahead.stop_h is None else ahead.stop_h) - ahead.load_h
    infused = delivered.in_unit("mg/kg/h") * hours
    new_mg_per_kg = ahead.load_mcg_per_kg / 1000 + infused
    load = "load" if past.running_rate is None or not ahead.load_h else "rest of the load"
    lines = [
        f"{load} {plain_number(round_half_up(ahead.load_mcg_per_kg / 1000, 4))} mg/kg + "
        f"{plain_number(round_half_up(hours, 2))} h x {delivered.shown(4)} "
        f"({plain_number(round_half_up(infused, 4))} mg/kg) = {plain_number(round_half_up(new_mg_per_kg, 4))} mg/kg"
    ]
    lines += [ahead.says] if ahead.says else []
    if past.pieces:
        lines.append(f"the worst 24 h window, with what was given before now counted, holds {per_weight.shown(4)}")
    cap = entry.total_24_h
    return Total(
        amount=Quantity(per_weight.value * weight_kg, "mg"),
        per_weight=per_weight,
        maximum=None if cap is None else cap.maximum.value,
        arithmetic=tuple(lines),
        sources=() if cap is None else (cap.maximum.source,),
        says=ahead.says,
    )
