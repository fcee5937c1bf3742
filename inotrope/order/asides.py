"""What an order says beside its rate: how fast it is titrated, how long it runs, earlier values, other fluids.

Knows the interval and the durations of the dosing entries. What is no part of the order is named, so that nobody takes
it for checked; where the only rate or flow is such a one, that is a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from inotrope.drug import Drug, Entry, Sourced
from inotrope.findings import Severity, Status
from inotrope.order.delivering import Delivered
from inotrope.order.limits import Bounds, OrderFinding, whose
from inotrope.order.pairs import Pair
from inotrope.order.parts import UnknownWord
from inotrope.order.pushing import load_time_implied
from inotrope.order.statements import FLOW_OF, NAMED, TOTALS, Kind, Statement, of_kind
from inotrope.patient import did_you_mean, vocabulary
from inotrope.patient.vocabulary import Limit

_NOW = frozenset(
    {Kind.RATE, Kind.MASS_RATE, Kind.PUMP_RATE, Kind.PUMP_RATE_PER_WEIGHT, Kind.HIGHEST, Kind.HIGHEST_PUMP_RATE}
)
_FLOWS = frozenset({Kind.PUMP_RATE, Kind.PUMP_RATE_PER_WEIGHT, Kind.HIGHEST_PUMP_RATE, Kind.RATE_PER_ML_PER_H})
_DURATIONS = (Kind.COURSE, Kind.LONG_COURSE, Kind.STAGE_TIME, Kind.BAG_TIME, Kind.TOTAL_TIME)
_PUMPED = frozenset({*FLOW_OF.values(), Kind.PUMP_RATE_PER_WEIGHT}) - NAMED
_DOSED = _PUMPED | {Kind.MASS_RATE}
_DOSES = frozenset({Kind.RATE, Kind.MASS_RATE})
_NO_DRUG = _PUMPED | {*_DURATIONS, Kind.VOLUME, Kind.TOTAL_VOLUME, Kind.WEIGHT}
"""Kinds that tell nothing of the drug: a mL/h that fits them may still give any dose."""
_IN_ML = frozenset({Kind.VOLUME, Kind.DRUG_VOLUME, Kind.DILUENT_VOLUME, Kind.TOTAL_VOLUME})
"""Kinds that tell in how many mL an amount is."""
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


def kept_too_long(statements: Sequence[Statement], bounds: Bounds) -> tuple[OrderFinding, ...]:
    """Return a warning for each time that a bag or syringe is to keep beyond its life; a premix was diluted by no one.

    Args:
        statements: What the order states.
        bounds: The limits; their entries hold the life of what was diluted.
    """
    life = min((item.storage.diluted_life for item in bounds.entries), key=lambda item: item.value)
    return tuple(
        OrderFinding(
            "bag-kept-too-long",
            Severity.WARN,
            f"'{item.text}' ({item.where}) is longer than {life.value}, {whose(life, 'its life once diluted')}.",
            "Ask the pharmacist how long this bag or syringe keeps. Some countries allow only 24 hours.",
            (life.source,),
        )
        for item in of_kind(statements, Kind.BAG_LIFE)
        if item.high > life.value and not bounds.premix
    )


def _durations(statements: Sequence[Statement], bounds: Bounds) -> list[OrderFinding]:
    """Return a duration above the longest of the entries that can be meant, or above controlled experience."""
    longest = _of(bounds, lambda item: item.duration.longest, max)
    experience = _of(bounds, lambda item: item.duration.controlled_experience, min)
    found = []
    for item in (item for kind in _DURATIONS for item in of_kind(statements, kind)):
        if longest is not None and item.high > longest.value:
            whole = whose(longest, "the longest of the dosing entries that can be meant")
            says = f"{item.shown} is longer than {longest.value}, {whole}."
            advice = "Ask the prescriber how long it is meant to run, and for what."
            found.append(OrderFinding("longer-than-any-entry", Severity.WARN, says, advice, (longest.source,)))
        elif experience is not None and item.high > experience.value:
            whole = whose(experience, "the controlled experience")
            says = f"{item.shown} is longer than {experience.value}, {whole}."
            advice = "Ask the prescriber how long it is meant to run, and each day whether it is still needed."
            rule = "longer-than-controlled-experience"
            found.append(OrderFinding(rule, Severity.WARN, says, advice, (experience.source,)))
    return found


def _of(
    bounds: Bounds, number: Callable[[Entry], Sourced | None], end: Callable[..., Sourced | None]
) -> Sourced | None:
    """Return the longest or the shortest of a number of the entries that have it; None where none has."""
    known = (found for item in bounds.entries if (found := number(item)) is not None)
    return end(known, key=lambda item: item.value, default=None)


def _earlier(statements: Sequence[Statement], bounds: Bounds) -> list[OrderFinding]:
    entry = bounds.highest_entry
    top = entry.maintenance.maximum
    only = _in_its_place(
        "only-rate-is-earlier",
        [item for item in statements if item.kind in _EARLIER],
        has_own=any(item.kind in _NOW for item in statements),
        says="The only rate, {}, is called an earlier one: no rate is ordered.",
        advice="Ask for the rate that is meant now.",
        because="an earlier rate is no order",
    )
    says = f"The earlier rate, {{}}, is above the maximum of {top.value} ({whose(top, entry.authority)})."
    above = of_kind(statements, Kind.EARLIER_RATE)
    advice = "Ask whether it was given, or is written wrongly."
    return [*only, *_above(top, above, "earlier-rate-above-maximum", says=says, advice=advice)]


def _other_flows(statements: Sequence[Statement]) -> list[OrderFinding]:
    most = vocabulary().limit("order.line_flow_highest")
    only = _in_its_place(
        "only-flow-is-anothers",
        [item for item in statements if item.kind in _OTHERS],
        has_own=any(item.kind in _FLOWS for item in statements),
        says="The only flow, {}, is called that of another fluid.",
        advice="Ask for the pump rate of the drug: the two may be mixed up.",
        because="another fluid's flow is not the drug's",
    )
    says = f"{{}} is above {most.value}: fast for a fluid that carries the drug."
    above = of_kind(statements, Kind.LINE_FLOW)
    advice = "Ask which fluid is meant: a drug's pump rate may stand there."
    return [*only, *_above(most, above, "line-flow-too-fast", says=says, advice=advice)]


def _in_its_place(
    rule: str, beside: Sequence[Statement], *, has_own: bool, says: str, advice: str, because: str
) -> list[OrderFinding]:
    """Return a warning where a value that is no part of the order stands in the place of one that is."""
    if has_own or not beside:
        return []
    own = vocabulary().cite("inotrope-judgement", because, Status.JUDGEMENT)
    return [OrderFinding(rule, Severity.WARN, says.format(_placed(beside[0])), advice, (own,))]


def _above(
    most: Sourced | Limit, items: Sequence[Statement], rule: str, *, says: str, advice: str
) -> list[OrderFinding]:
    return [
        OrderFinding(rule, Severity.WARN, says.format(_placed(item)), advice, (most.source,))
        for item in items
        if item.high > most.value
    ]


def _placed(item: Statement) -> str:
    return f"{item.shown} ({item.where})"


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


def unknown_words(words: Iterable[UnknownWord]) -> tuple[OrderFinding, ...]:
    """Return a warning for each word that is not known and may be a medicine: it is never taken for a known one.

    Args:
        words: With their places and what they are near to; near to nothing are those beside a shared line.
    """
    because = "a name that is not known is asked about where it counts, never corrected and never passed over"
    own = vocabulary().cite("inotrope-judgement", because, Status.JUDGEMENT)
    found = []
    for item in words:
        rule, says = "medicine-misspelled", f"is not known: {did_you_mean(item.near)} It is NOT checked."
        if not item.near:
            rule = "unknown-beside-line"
            says = "is not known and stands beside a shared line: if it is a medicine, it is NOT checked."
        advice = "Ask which medicine is meant, and write it right."
        found.append(OrderFinding(rule, Severity.WARN, f"'{item.text}' ({item.where}) {says}", advice, (own,)))
    return tuple(found)


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
    timed = {Kind.LOAD_PUMP_RATE} if load_time_implied(statements) is not None else set()
    alone = [item for item in flows if item not in beside and item.kind not in timed]
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


def flows_alone(
    statements: Sequence[Statement], pairs: Iterable[Pair], rates: Iterable[Delivered]
) -> tuple[Statement, ...]:
    """Return the pump rates that nothing was compared with; none where one was, and the others are warned of.

    Beside a dose, a time or a volume that fits a pump rate is not enough.

    Args:
        statements: What the order states, with every stage.
        pairs: Everything in it that is compared.
        rates: What the pump rates deliver: that is held against the limits.
    """
    doses = any(item.kind in _DOSES for item in statements)
    joined = [(pair.stated, *pair.inputs) for pair in pairs]
    told = [items for items in joined if not doses or not _NO_DRUG.issuperset(item.kind for item in items)]
    known = {item.where for items in told for item in items} | {item.of.where for item in rates}
    flows = [item for item in statements if item.kind in _PUMPED]
    alone = tuple(item for item in flows if item.where not in known)
    warned = {item.rule for item in without_rate(statements, pairs)}
    return alone if len(alone) == len(flows) or not warned else ()


def totals_alone(statements: Sequence[Statement], pairs: Iterable[Pair]) -> tuple[OrderFinding, ...]:
    """Return a warning for each total over a time that nothing in the order can be compared with.

    Args:
        statements: What the order states, with every stage.
        pairs: Everything in it that is compared.
    """
    own = vocabulary().cite("inotrope-judgement", "a total is checked against the rate or named", Status.JUDGEMENT)
    beside = {pair.stated for pair in pairs}
    return tuple(
        OrderFinding(
            "total-not-compared",
            Severity.WARN,
            f"The {item.kind.value}, {_placed(item)}, stands beside nothing to compare it with.",
            "Ask for the rate and the weight that it was worked out from.",
            (own,),
        )
        for item in statements
        if item.kind in TOTALS and item not in beside
    )


def amounts_alone(statements: Sequence[Statement], pairs: Iterable[Pair], drug: Drug) -> tuple[OrderFinding, ...]:
    """Return a warning for an amount without a volume that nothing is compared with: it may be a load.

    Args:
        statements: What the order states, with every stage.
        pairs: Everything in it that is compared.
        drug: Its folder: what a premixed bag holds is taken for that bag.
    """
    what = "an amount that may be a bag's or a load's is asked about"
    own = vocabulary().cite("inotrope-judgement", what, Status.JUDGEMENT)
    known = {item.where for pair in pairs for item in (pair.stated, *pair.inputs)}
    kinds = {item.kind for item in statements}
    if not kinds.isdisjoint(_IN_ML) or kinds.isdisjoint(_DOSES | _PUMPED):
        return ()
    premixes = [item for item in drug.products if item.kind == "premix"]
    bags = {item.strength.value.in_unit("mcg/mL") * item.volume.value.in_unit("mL") for item in premixes}
    return tuple(
        OrderFinding(
            "amount-not-compared",
            Severity.WARN,
            f"Nobody can tell what {_placed(item)} is: what is in the bag or syringe, or a load.",
            "Ask: in how many mL is it? If it is a load: over how long does it go in?",
            (own,),
        )
        for item in statements
        if item.kind is Kind.AMOUNT and item.where not in known and not bags.issuperset(item.ends)
    )
