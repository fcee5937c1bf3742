"""What hangs by the patient's case, beside an order: the strength that an order leaves open, or another than its own.

Knows the preparation of a case and how far two strengths may be apart (`order.parts_disagree`). It takes a bag for the
one that the case names, and chooses none: an order for another one needs that one hung, and the case written anew.
"""

from __future__ import annotations

from decimal import Decimal

from inotrope.dosing import prepared_concentration
from inotrope.drug import Drug
from inotrope.findings import Severity, Status
from inotrope.order import HANGING, Judged, Kind, OrderFinding, Statement, strengths_of
from inotrope.patient import Case, vocabulary
from inotrope.units import Quantity

_PUMPED = frozenset({Kind.PUMP_RATE, Kind.PUMP_RATE_PER_WEIGHT})
_FLOWS = _PUMPED | {Kind.HIGHEST_PUMP_RATE, Kind.LOWEST_PUMP_RATE, Kind.STEP_PUMP_RATE}
_NEW = "If it does, a new bag is needed: hang it, write it into the case (preparation), and check the order again."


def what_hangs(case: Case, drug: Drug) -> Statement | None:
    """Return the strength of what hangs by the case, as it is written there; None where the case does not say it.

    Args:
        case: The patient.
        drug: The folder, whose premix has one strength.
    """
    strength, preparation = prepared_concentration(case, drug), case.preparation
    if strength is None or preparation is None:
        return None
    parts = preparation.amount is not None and preparation.volume is not None
    text = f"{preparation.amount} / {preparation.volume}" if parts else str(strength)
    return Statement(Kind.CONCENTRATION, strength, strength, text, HANGING)


def against_bag(judged: Judged, hanging: Statement | None) -> tuple[OrderFinding, ...]:
    """Return that the order is for another strength than what hangs; a stop where a pump would be set by it.

    Args:
        judged: What was found about the order by itself.
        hanging: The strength of what hangs, as `what_hangs` returns it.
    """
    own = [] if hanging is None else strengths_of([item for item in judged.statements if item.where != HANGING])
    if hanging is None or not own:
        return ()
    words = vocabulary()
    warn, stop = (words.limit(f"order.parts_disagree_{weight}") for weight in ("warn", "stop"))
    strength = hanging.ends[0]
    apart, shown = max((_apart(strength, ends), shown) for ends, shown in own)
    if apart <= warn.value.in_unit("%"):
        return ()
    flows = [item for item in judged.statements if item.kind in _FLOWS or _is_load_from_it(item, judged)]
    weight = Severity.STOP if flows and apart > stop.value.in_unit("%") else Severity.WARN
    told, hangs = _readable(hanging.low), hanging.text
    hangs = hangs if hangs == told else f"{hangs}, which is {told},"
    says = f"The order is for {shown}, and by the case {hangs} hangs."
    says += _given(judged, strength)
    advice = f"Does the order mean another bag or syringe than the one that hangs? {_NEW}"
    own_choice = words.cite("inotrope-judgement", "an order is held against what hangs on the pump", Status.JUDGEMENT)
    passed = stop if weight is Severity.STOP else warn
    return (OrderFinding("another-strength-hangs", weight, says, advice, (passed.source, own_choice)),)


def _apart(hanging: Decimal, ends: tuple[Decimal, Decimal]) -> Decimal:
    """Return by how many percent of the order's strength the hanging one is stronger or weaker; in a range, none."""
    nearest = min(max(hanging, ends[0]), ends[1])
    return abs(hanging / nearest - 1) * 100


def _is_load_from_it(item: Statement, judged: Judged) -> bool:
    """Tell whether a statement is the flow of a load that runs from the bag, as a faster rate."""
    by_rate = any(other.kind is Kind.LOAD_RATE for other in judged.statements)
    return by_rate and item.kind is Kind.LOAD_PUMP_RATE


def _given(judged: Judged, strength: Decimal) -> str:
    """Return what the first pump rate would deliver from what hangs; nothing where the order states none."""
    pump = next((item.of for item in judged.delivered if item.of.kind in _PUMPED), None)
    weight = next(item for item in judged.statements if item.kind is Kind.WEIGHT)
    if pump is None:
        return ""
    per_weight = Decimal(1) if pump.kind is Kind.PUMP_RATE_PER_WEIGHT else weight.ends[0]
    rate = Quantity(pump.ends[1] * strength / 60 / per_weight, "mcg/kg/min")
    return f" From what hangs, {pump.shown} would deliver {rate.shown(4)}."


def _readable(strength: Quantity) -> str:
    """Return a strength in the unit in which it is told."""
    mg = strength.to("mg/mL")
    return (mg if mg.value >= 1 else strength.to("mcg/mL")).shown(2)
