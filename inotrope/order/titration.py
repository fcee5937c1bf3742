"""Where a titration leads: the first step above the maximum, the steps that are counted, and one without an end.

Knows which steps lower the rate. A step that is told as a flow is worked out to a rate by what the pump delivers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inotrope.findings import Severity, Status
from inotrope.order.delivering import delivered
from inotrope.order.limits import Bounds, OrderFinding, whose
from inotrope.order.parts import part_of, pattern_of
from inotrope.order.statements import Kind, Statement, first, of_kind
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words
from inotrope.patient import vocabulary
from inotrope.units import Quantity

_NAMED = (Kind.HIGHEST, Kind.HIGHEST_PUMP_RATE, Kind.DAY_CAP)
_TIMES = re.compile(r"x\s*(\d{1,2})$")


_RATE = "mcg/kg/min"
ASK_STEP = "Do not start it. Ask the prescriber for the step and the highest rate."


@dataclass(frozen=True, slots=True)
class Reached:
    """A rate that steps come to, the words that a finding begins with, and how much it weighs beyond a limit.

    Where the order names a highest rate, a step beyond it is a contradiction that nobody need carry out: a warning.
    """

    rate: Quantity
    says: str
    severity: Severity


def downward(text: str, tokens: Sequence[Token]) -> frozenset[str]:
    """Return the places of the quantities that stand in a part of a text which lowers the rate and never raises it.

    Args:
        text: As written.
        tokens: Its tokens.
    """
    words, found = order_words().told, set()
    for token in tokens:
        if token.sort is not Sort.QUANTITY:
            continue
        start, _ = part_of(text, token.start)
        down, up = (pattern_of(words[way]).search(text, start, token.start) for way in ("downward", "upward"))
        if down and not up:
            found.add(token.place)
    return frozenset(found)


def steps_findings(
    statements: Sequence[Statement], falling: frozenset[str], bounds: Bounds
) -> tuple[OrderFinding, ...]:
    """Return what is found about steps upward: above the maximum at the first or the last, or without an end.

    A range of rates, a highest rate or pump rate, and a cap of a day name the end; a counted step has its own.

    Args:
        statements: What the order states.
        falling: The places of steps that lower the rate.
        bounds: The limits it is held against.
    """
    rising = _rising(statements, falling)
    if not rising:
        return ()
    entry, reached = bounds.highest_entry, highest_reached(statements, falling)
    top = entry.maintenance.maximum
    whole = f"{top.value} ({whose(top, entry.authority)})"
    if reached is not None and reached.rate > top.value:
        says, advice = f"{reached.says}, above the maximum of {whole}.", ASK_STEP
        return (OrderFinding("step-above-maximum", reached.severity, says, advice, (top.source,)),)
    if _is_named(statements) or _times(statements) is not None:
        return ()
    says = f"The order names no highest rate for its steps ({rising[0].shown}): the maximum is {whole}."
    own = vocabulary().cite("inotrope-judgement", "a titration names its highest rate", Status.JUDGEMENT)
    advice = "Ask the prescriber for the highest rate, and write it into the order."
    return (OrderFinding("titration-without-maximum", Severity.WARN, says, advice, (own, top.source)),)


def highest_reached(statements: Sequence[Statement], falling: frozenset[str]) -> Reached | None:
    """Return the highest rate that the first step comes to, or the last one of a counted number; None without a step.

    Args:
        statements: What the order states.
        falling: The places of steps that lower the rate.
    """
    start, times, is_named = _start(statements), _times(statements), _is_named(statements)
    found = []
    for item in _rising(statements, falling):
        step = _as_rate(item, statements)
        if start is None or step is None:
            continue
        count = 1 if is_named or times is None else times
        rate = Quantity(start + step * count, _RATE)
        which = "first step" if count == 1 else f"step number {count}"
        says = f"The {which} of {item.shown} ({item.where}) comes to {rate.shown(4)}"
        found.append(Reached(rate, says, Severity.WARN if is_named else Severity.STOP))
    return max(found, key=lambda item: item.rate, default=None)


def _rising(statements: Sequence[Statement], falling: frozenset[str]) -> list[Statement]:
    steps = (item for kind in (Kind.STEP, Kind.STEP_PUMP_RATE) for item in of_kind(statements, kind))
    return [item for item in steps if item.where not in falling]


def _is_named(statements: Sequence[Statement]) -> bool:
    """Tell whether the order names a highest rate."""
    ranges = any(item.is_range for item in of_kind(statements, Kind.RATE))
    return ranges or any(first(statements, kind) is not None for kind in _NAMED)


def _times(statements: Sequence[Statement]) -> int | None:
    """Return how often the rate is changed where the interval counts it: `q1h x 2`."""
    counted = [match for item in of_kind(statements, Kind.STEP_TIME) if (match := _TIMES.search(item.text)) is not None]
    return int(counted[0][1]) if counted else None


def _start(statements: Sequence[Statement]) -> Decimal | None:
    """Return the rate from which the steps go up, the lower end of a range; as stated, else as the pump delivers it."""
    rate = first(statements, Kind.RATE)
    if rate is not None:
        return rate.ends[0]
    return min((item.low.in_unit(_RATE) for item in delivered(statements)), default=None)


def _as_rate(item: Statement, statements: Sequence[Statement]) -> Decimal | None:
    """Return a step as a rate per weight; None where nothing tells what a mL/h gives."""
    if item.kind is Kind.STEP:
        return item.ends[1]
    pump = first(statements, Kind.PUMP_RATE)
    given = [rate for rate in delivered(statements) if pump is not None and rate.of == pump]
    if pump is None or not given:
        return None
    return given[0].low.in_unit(_RATE) / pump.ends[0] * item.ends[1]
