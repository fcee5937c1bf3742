"""What an order's weight gives rise to beside its arithmetic: another weight far from it, and the end of the tables.

Knows the factors that a slip makes of a weight: pounds for kilograms, a decimal point. An ideal weight differs by
design: only a decimal point is looked for in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from inotrope.findings import Severity
from inotrope.order.corrections import POUNDS_PER_KILOGRAM
from inotrope.order.limits import Bounds, OrderFinding
from inotrope.order.statements import Kind, Statement, first, of_kind
from inotrope.patient import vocabulary

_POINT = (Decimal(10), "near 10: a decimal point or a zero in one of them")
_FACTORS = ((POUNDS_PER_KILOGRAM, "near 2.2: pounds for kilograms in one of them"), _POINT)


def weights_findings(statements: Sequence[Statement], bounds: Bounds) -> tuple[OrderFinding, ...]:
    """Return what the weight gives rise to.

    Args:
        statements: What the order states.
        bounds: The limits it is held against.
    """
    weight = first(statements, Kind.WEIGHT)
    if weight is None:
        return ()
    kinds = (Kind.EARLIER_WEIGHT, Kind.OTHER_WEIGHT, Kind.IDEAL_WEIGHT)
    others = (item for kind in kinds for item in of_kind(statements, kind))
    found = [finding for item in others if (finding := _apart(weight, item)) is not None]
    return (*found, *_above_table(weight, bounds))


def _apart(weight: Statement, other: Statement) -> OrderFinding | None:
    words = vocabulary()
    lighter, heavier = sorted((weight.ends[0], other.ends[0]))
    ratio = heavier / lighter
    within, differ = words.limit("order.weight_slip_within"), words.limit("order.weights_differ")
    says = f"The weight is {weight.shown}, and the {other.kind.value} is {other.shown} ({other.where})"
    is_ideal = other.kind is Kind.IDEAL_WEIGHT
    for factor, looks_like in (_POINT,) if is_ideal else _FACTORS:
        if abs(ratio / factor - 1) * 100 <= within.value.in_unit("%"):
            says = f"{says}: a factor of {ratio:.2f}, {looks_like}."
            advice = "Weigh the patient again, in kg, before anything is given."
            return OrderFinding("weight-slip", Severity.STOP, says, advice, (within.source,))
    if is_ideal or (ratio - 1) * 100 <= differ.value.in_unit("%"):
        return None
    says = f"{says}, {(ratio - 1) * 100:.0f} % apart: more than {differ.value}."
    advice = "Ask which of the two is right and which one the rate is meant for."
    return OrderFinding("weights-differ", Severity.WARN, says, advice, (differ.source,))


def _above_table(weight: Statement, bounds: Bounds) -> list[OrderFinding]:
    """Return the plan's warning for a weight above the label's tables."""
    ends = [
        entry.numbers["weight.table_maximum"] for entry in bounds.entries if "weight.table_maximum" in entry.numbers
    ]
    end = max(ends, key=lambda item: item.value, default=None)
    if end is None or weight.high <= end.value:
        return []
    says = f"The weight is {weight.shown}. The label's tables end at {end.value}."
    advice = (
        "Check the weight, and ask which weight is meant: the label does not say which one to use above its tables."
    )
    return [OrderFinding("weight-above-table", Severity.WARN, says, advice, (end.source,))]
