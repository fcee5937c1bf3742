"""What an order says beside its rate: how fast it is titrated, how long it runs, earlier values, other fluids.

Knows the interval and the durations of the dosing entries. What is no part of the order is named, so that nobody takes
it for checked; where the only rate or flow is such a one, that is a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inotrope.drug import Drug, Sourced
from inotrope.findings import Severity, Status
from inotrope.order.limits import Bounds, OrderFinding
from inotrope.order.pairs import Pair
from inotrope.order.statements import FLOW_OF, NAMED, Kind, Statement, of_kind
from inotrope.patient import vocabulary
from inotrope.units import Quantity

_NOW = frozenset(
    {Kind.RATE, Kind.MASS_RATE, Kind.PUMP_RATE, Kind.PUMP_RATE_PER_WEIGHT, Kind.HIGHEST, Kind.HIGHEST_PUMP_RATE}
)
_FLOWS = frozenset({Kind.PUMP_RATE, Kind.PUMP_RATE_PER_WEIGHT, Kind.HIGHEST_PUMP_RATE, Kind.RATE_PER_ML_PER_H})
_DURATIONS = (Kind.COURSE, Kind.LONG_COURSE, Kind.STAGE_TIME, Kind.BAG_TIME)
_DOSED = frozenset({*FLOW_OF.values(), Kind.MASS_RATE, Kind.PUMP_RATE_PER_WEIGHT}) - NAMED
_EARLIER = frozenset({Kind.EARLIER_RATE, Kind.EARLIER_FLOW})
_OTHERS = frozenset({Kind.LINE_FLOW, Kind.OTHER_FLOW})


def asides(statements: Sequence[Statement], medicines: Sequence[str], bounds: Bounds) -> tuple[OrderFinding, ...]:
    """Return what is worth a look beside the rate.

    Args:
        statements: What the order states.
        medicines: Other medicines that it names.
        bounds: The limits it is held against.
    """
    return (
        *_titration(statements, bounds),
        *_durations(statements, bounds),
        *_earlier(statements, bounds),
        *_other_flows(statements),
        *_medicines(medicines),
    )


def _titration(statements: Sequence[Statement], bounds: Bounds) -> list[OrderFinding]:
    interval = min((item.titration.interval for item in bounds.entries), key=lambda item: item.value)
    return [
        OrderFinding(
            "titration-too-fast",
            Severity.WARN,
            f"The rate is to be changed '{item.text}' ({item.where}), sooner than {interval.value} after a change.",
            "Ask the prescriber for the interval: a change cannot be judged before.",
            (interval.source,),
        )
        for item in of_kind(statements, Kind.STEP_TIME)
        if item.low < interval.value
    ]


def _durations(statements: Sequence[Statement], bounds: Bounds) -> list[OrderFinding]:
    """Return a duration above the longest of the entries that can be meant, or above controlled experience."""
    durations = [item.duration for item in bounds.entries]
    longest = max((item.longest for item in durations if item.longest is not None), key=_value, default=None)
    studied = [item.controlled_experience for item in durations if item.controlled_experience is not None]
    experience = min(studied, key=_value, default=None)
    found = []
    for item in (item for kind in _DURATIONS for item in of_kind(statements, kind)):
        if longest is not None and item.high > longest.value:
            says = f"{item.shown} is longer than {longest.value}, the longest of the dosing entries that can be meant."
            advice = "Ask the prescriber how long it is meant to run, and for what."
            found.append(OrderFinding("longer-than-any-entry", Severity.WARN, says, advice, (longest.source,)))
        elif experience is not None and item.high > experience.value:
            says = f"{item.shown} is longer than the controlled experience of {experience.value}."
            advice = "Ask the prescriber how long it is meant to run, and each day whether it is still needed."
            rule = "longer-than-controlled-experience"
            found.append(OrderFinding(rule, Severity.WARN, says, advice, (experience.source,)))
    return found


def _value(number: Sourced) -> Quantity:
    return number.value


def _earlier(statements: Sequence[Statement], bounds: Bounds) -> list[OrderFinding]:
    own = vocabulary().cite("inotrope-judgement", "an earlier rate is no order", Status.JUDGEMENT)
    earlier = [item for item in statements if item.kind in _EARLIER]
    top = bounds.highest_entry.maintenance.maximum
    found = []
    if earlier and not any(item.kind in _NOW for item in statements):
        says = f"The only rate, {earlier[0].shown} ({earlier[0].where}), is called an earlier one: no rate is ordered."
        found.append(
            OrderFinding("only-rate-is-earlier", Severity.WARN, says, "Ask for the rate that is meant now.", (own,))
        )
    for item in of_kind(earlier, Kind.EARLIER_RATE):
        if item.high > top.value:
            says = f"The earlier rate, {item.shown} ({item.where}), is above the maximum of {top.value}."
            advice = "Ask whether it was given, or is written wrongly."
            found.append(OrderFinding("earlier-rate-above-maximum", Severity.WARN, says, advice, (top.source,)))
    return found


def _other_flows(statements: Sequence[Statement]) -> list[OrderFinding]:
    own = vocabulary().cite("inotrope-judgement", "another fluid's flow is not the drug's", Status.JUDGEMENT)
    most = vocabulary().limit("order.line_flow_highest")
    others = [item for item in statements if item.kind in _OTHERS]
    found = []
    if others and not any(item.kind in _FLOWS for item in statements):
        says = f"The only flow, {others[0].shown} ({others[0].where}), is called that of another fluid."
        advice = "Ask for the pump rate of the drug: the two may be mixed up."
        found.append(OrderFinding("only-flow-is-anothers", Severity.WARN, says, advice, (own,)))
    for item in of_kind(others, Kind.LINE_FLOW):
        if item.high > most.value:
            says = f"{item.shown} ({item.where}) is above {most.value}: fast for a fluid that carries the drug."
            advice = "Ask which fluid is meant: a drug's pump rate may stand there."
            found.append(OrderFinding("line-flow-too-fast", Severity.WARN, says, advice, (most.source,)))
    return found


def _medicines(medicines: Sequence[str]) -> list[OrderFinding]:
    own = vocabulary().cite("inotrope-judgement", "an order is checked for its own drug only", Status.JUDGEMENT)
    return [
        OrderFinding(
            "another-medicine-named",
            Severity.INFORM,
            f"{name[0].upper()}{name[1:]} is named: present, not checked.",
            "Look at 'inotrope plan' for what goes together.",
            (own,),
        )
        for name in medicines
    ]


def line_partners(fluids: Sequence[str], drug: Drug) -> tuple[OrderFinding, ...]:
    """Return a warning for each fluid that runs in the same line and is none of the drug's diluents.

    Args:
        fluids: By their names.
        drug: Its folder, whose preparations name the diluents.
    """
    diluents = {name for item in drug.preparations for name in item.diluents}
    own = vocabulary().cite("inotrope-judgement", "an order is checked for its own drug only", Status.JUDGEMENT)
    return tuple(
        OrderFinding(
            "line-partner-not-checked",
            Severity.WARN,
            f"{name[0].upper()}{name[1:]} is said to run in the same line: no fact says whether the two go together.",
            "Ask the pharmacist, or give the drug a lumen of its own.",
            (own,),
        )
        for name in fluids
        if name not in diluents
    )


def without_rate(statements: Sequence[Statement], pairs: Iterable[Pair]) -> tuple[OrderFinding, ...]:
    """Return a warning for each pump rate or amount per time of an order with several that stands beside nothing.

    Args:
        statements: What the order states, with every stage.
        pairs: Everything in it that is compared.
    """
    own = vocabulary().cite("inotrope-judgement", "each stage of an order states its rate", Status.JUDGEMENT)
    beside = {item for pair in pairs for item in (pair.stated, *pair.inputs)}
    flows = [item for item in statements if item.kind in _DOSED]
    alone = [item for item in flows if item not in beside]
    several = len([item for item in flows if item.kind in FLOW_OF.values()]) > 1 or len({*flows}) > len(
        {item.kind for item in flows}
    )
    return tuple(
        OrderFinding(
            "pump-rate-without-rate",
            Severity.WARN,
            f"The {item.kind.value}, {item.shown} ({item.where}), stands beside nothing to compare it with.",
            "Ask for the rate that it is to give, and for what is in the bag.",
            (own,),
        )
        for item in alone
        if several and beside
    )
