"""A cap of a day that an order states, `max 1.13 mg/kg/day`: no rate, and held against the entry's own and the rates.

Knows the entry's cap of 24 h. A cap as high as that one asks for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from inotrope.findings import Severity
from inotrope.order.limits import Bounds, OrderFinding, rates_asked, whose
from inotrope.order.statements import Kind, Statement, of_kind
from inotrope.units import Quantity

_MIN_PER_DAY = Decimal(24 * 60)


def day_caps(statements: Sequence[Statement], bounds: Bounds) -> tuple[OrderFinding, ...]:
    """Return a stop for a cap above the entry's own cap of 24 h, and for a rate that passes the order's cap.

    Args:
        statements: What the order states.
        bounds: The limits it is held against.
    """
    found = []
    totals = [(entry.total_24_h.maximum, entry.authority) for entry in bounds.entries if entry.total_24_h is not None]
    for cap in of_kind(statements, Kind.DAY_CAP):
        in_a_day = Quantity(cap.ends[1] * _MIN_PER_DAY, "mcg/kg")
        for total, authority in sorted(totals, key=lambda item: item[0].value)[-1:]:
            if in_a_day > total.value:
                says = f"The cap of {cap.shown} is above {total.value} in 24 h ({whose(total, authority)})."
                advice = "Ask the prescriber for the cap: a point may be missing."
                found.append(OrderFinding("day-cap-above-maximum", Severity.STOP, says, advice, (total.source,)))
        found += _rates_above(cap, statements, bounds)
    return tuple(found)


def _rates_above(cap: Statement, statements: Sequence[Statement], bounds: Bounds) -> list[OrderFinding]:
    """Return a finding for each rate that gives more in a day than the order's own cap; by rounding it only warns."""
    found = []
    for rate in rates_asked(statements):
        share = (rate.high.in_unit("mcg/kg/min") / cap.ends[0] - 1) * 100
        if share <= 0:
            continue
        given = Quantity(rate.high.in_unit("mcg/kg/min") * _MIN_PER_DAY / 1000, "mg/kg")
        severity = Severity.STOP if share > bounds.parts_disagree.value.in_unit("%") else Severity.WARN
        says = f"{rate.says} gives {given.shown(2)} in 24 h, more than the order's own cap of {cap.shown}."
        advice = "Ask the prescriber which of the two is meant."
        found.append(OrderFinding("rate-above-day-cap", severity, says, advice, (bounds.parts_disagree.source,)))
    return found
