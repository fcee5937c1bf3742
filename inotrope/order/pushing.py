"""How fast a load goes in where no time of minutes says it: a push, a flow of the pump, or nothing at all.

Knows the words for a push, and that a volume and its flow tell a time. That a stated time is too short stands in
`limits.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from inotrope.drug import Load, Sourced
from inotrope.errors import shorten
from inotrope.findings import Severity, SourceReference, Status
from inotrope.order.limits import TOO_FAST, Bounds, OrderFinding
from inotrope.order.parts import Span, is_drug, is_other_medicine, part_of, pattern_of, sentences
from inotrope.order.statements import LOADS, Kind, Statement, first, of_kind
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words
from inotrope.patient import vocabulary
from inotrope.units import Quantity

Found = tuple[str, str]
"""Words as written, and their place."""
_DOSES = frozenset({"mass", "dose per body weight", "rate per body weight"})
_WORD = re.compile(r"[\w.'-]*\w")


def pushes(text: str, tokens: Sequence[Token]) -> tuple[Found, ...]:
    """Return each word of a text that lets the drug be pushed; not one with a no, and none of another medicine's.

    Args:
        text: As written.
        tokens: Its tokens.
    """
    return tuple(_found(match) for match in _own(text, tokens) if _is_tied(text, tokens, match))


def loose_pushes(text: str, tokens: Sequence[Token]) -> tuple[Found, ...]:
    """Return each word for a push beside which neither the drug nor a load stands: what is pushed is not told.

    Args:
        text: As written.
        tokens: Its tokens.
    """
    return tuple(_found(match) for match in _own(text, tokens) if not _is_tied(text, tokens, match))


def _found(match: re.Match[str]) -> Found:
    return match[0], f"text, characters {match.start() + 1} to {match.end()}"


def _own(text: str, tokens: Sequence[Token]) -> Iterator[re.Match[str]]:
    """Yield each word for a push that is not denied and of which nothing else is pushed."""
    words = order_words()
    for match in pattern_of(words.cues["push"]).finditer(text):
        start, end = part_of(text, match.start())
        behind = re.compile(r"\s*(?:of\s+|the\s+)*").match(text, match.end())
        assert behind is not None  # it may be empty
        other = pattern_of(words.told["pushed_besides"])
        sentence = _sentence_start(text, match.start())
        since = start if _names_ours(tokens, (sentence, end)) else sentence
        besides = other.match(text, behind.end()) or other.search(text, since, match.start())
        if (
            not _is_denied(text, match, (start, end))
            and not besides
            and not _is_of_another(tokens, (start, match.start()))
        ):
            yield match


def _is_denied(text: str, push: re.Match[str], part: Span) -> bool:
    """Tell whether a no speaks of the push: `not as a slow IV push`, `IV push of milrinone is prohibited`."""
    told = order_words().told
    for no in pattern_of(told["denied"]).finditer(text, part[0], push.start()):
        if told["to_push"].issuperset(text[no.end() : push.start()].lower().split()):
            return True
    for no in pattern_of(told["forbidden"]).finditer(text, push.end(), part[1]):
        if told["to_push"].issuperset(text[push.end() : no.start()].lower().split()):
            return True
    return False


def _is_tied(text: str, tokens: Sequence[Token], push: re.Match[str]) -> bool:
    """Tell whether a push is the drug's: with it, a load or a dose in its sentence, or with no other words."""
    start, (_, end) = _sentence_start(text, push.start()), part_of(text, push.start())
    if _names_ours(tokens, (start, end)):
        return True
    rest = text[start : push.start()] + " " + text[push.end() : end]
    return order_words().told["to_push"].issuperset(_WORD.findall(rest.lower()))


def _names_ours(tokens: Sequence[Token], span: Span) -> bool:
    """Tell whether a part names the drug, a load or an amount of a drug; a word for a push is no load here."""
    words = order_words()
    for token in tokens:
        if not span[0] <= token.start < span[1]:
            continue
        load = "load" in words.meanings(token.says) and token.says not in words.cues["push"]
        dosed = token.high is not None and token.high.value.dimension in _DOSES
        if is_drug(token) or load or dosed:
            return True
    return False


def _sentence_start(text: str, place: int) -> int:
    return max(start for start, _ in sentences(text) if start <= place)


def _is_of_another(tokens: Sequence[Token], span: Span) -> bool:
    """Tell whether the last medicine that a part of a sentence names is another one."""
    named = [
        token for token in tokens if span[0] <= token.start < span[1] and (is_drug(token) or is_other_medicine(token))
    ]
    return bool(named) and not is_drug(named[-1])


def is_given_already(text: str, tokens: Sequence[Token]) -> bool:
    """Tell whether the sentence of a load says that it was given: nobody is asked over how long then.

    Args:
        text: As written.
        tokens: Its tokens.
    """
    words = order_words()
    loads = [token for token in tokens if token.sort is Sort.PHRASE and "load" in words.meanings(token.says)]
    spans = [span for span in sentences(text) if any(span[0] <= token.start < span[1] for token in loads)]
    given = (match for span in spans for match in pattern_of(words.told["given_already"]).finditer(text, *span))
    return any(words.told["not_yet"].isdisjoint(text[: match.start()].lower().split()[-1:]) for match in given)


def load_time_implied(statements: Sequence[Statement]) -> Quantity | None:
    """Return the shortest time of a load that its volume and its flow on the pump tell; None where a time is stated.

    Args:
        statements: What the order states, with the strength that its load is drawn from.
    """
    flow = first(statements, Kind.LOAD_PUMP_RATE)
    volume = first(statements, Kind.LOAD_DILUTED) or first(statements, Kind.LOAD_VOLUME)
    if flow is None or first(statements, Kind.LOAD_TIME) is not None:
        return None
    least = _volume_of_dose(statements) if volume is None else volume.ends[0]
    return None if least is None else Quantity(least * 60 / flow.ends[1], "min")


def _volume_of_dose(statements: Sequence[Statement]) -> Decimal | None:
    """Return the volume, in mL, that the amount of a load and the strength it is drawn from make."""
    strength, amount = first(statements, Kind.LOAD_STRENGTH), first(statements, Kind.LOAD_AMOUNT)
    dose, weight = first(statements, Kind.LOAD_DOSE), first(statements, Kind.WEIGHT)
    if strength is None:
        return None
    if amount is not None:
        return amount.ends[0] / strength.ends[1]
    return None if dose is None or weight is None else dose.ends[0] * weight.ends[0] / strength.ends[1]


def how_fast(
    statements: Sequence[Statement],
    pushed: Sequence[Found],
    bounds: Bounds,
    *,
    route: str | None,
    given_already: bool,
    loose: Sequence[Found] = (),
) -> tuple[OrderFinding, ...]:
    """Return what is found about a load that is pushed, runs too fast on the pump, or of which no time is told.

    Args:
        statements: What the order states, with the strength that its load is drawn from.
        pushed: The words for a push.
        bounds: The limits; their entries tell over how long a load goes in.
        route: As written; None where none is.
        given_already: Whether the load was given before.
        loose: The words for a push that stand beside neither the drug nor a load.
    """
    return (*_not_told(loose), *_of_load(statements, (*pushed, *_route(route)), bounds, given_already=given_already))


def _not_told(loose: Sequence[Found]) -> tuple[OrderFinding, ...]:
    """Return a remark on a push of which the text does not tell what is pushed."""
    if not loose:
        return ()
    own = vocabulary().cite("inotrope-judgement", "an infusion is not pushed", Status.JUDGEMENT)
    says = f"'{loose[0][0]}' ({loose[0][1]}) stands beside neither the drug nor a load: what is pushed is not checked."
    return (OrderFinding("push-of-what", Severity.WARN, says, "Ask what is pushed. The infusion is not.", (own,)),)


def _of_load(
    statements: Sequence[Statement], every: Sequence[Found], bounds: Bounds, *, given_already: bool
) -> tuple[OrderFinding, ...]:
    times = of_kind(statements, Kind.LOAD_TIME)
    if not times and every:
        return (_pushed(every[0], bounds),)
    implied, shortest = load_time_implied(statements), bounds.load_shortest
    within = 1 - bounds.parts_disagree.value.in_unit("%") / 100
    if implied is not None and shortest is not None and implied.value < shortest.value.in_unit("min") * within:
        says = f"At its flow the load goes in over {implied.shown(1)}, faster than the entry's {shortest.value}."
        return (OrderFinding("load-too-fast", Severity.STOP, says, TOO_FAST, (shortest.source,)),)
    told = times or implied is not None or given_already
    if told or not any(item.kind in LOADS for item in statements):
        return ()
    says = f"The order names a load and no time for it: over how long? {_over(bounds)}"
    advice = "Ask the prescriber over how long the load goes in. It is not pushed."
    return (OrderFinding("load-without-time", Severity.WARN, says, advice, _sources(bounds)),)


def _route(route: str | None) -> tuple[Found, ...]:
    """Return a route of a field that is a push: `intravenous push`."""
    if route is None or not pattern_of(order_words().cues["push"]).search(route):
        return ()
    return ((shorten(route), "route"),)


def _pushed(found: Found, bounds: Bounds) -> OrderFinding:
    says = f"'{found[0]}' ({found[1]}) is a push: it goes in within seconds or a few minutes. {_over(bounds)}"
    return OrderFinding("pushed", Severity.STOP, says.strip(), TOO_FAST, _sources(bounds))


def _over(bounds: Bounds) -> str:
    """Say over how long the entries that can be meant give a load; empty where none gives one."""
    times = sorted({item.value for item in _times(bounds)})
    if not times:
        return ""
    shown = str(times[0]) if len(times) == 1 else f"{times[0]} to {times[-1]}"
    return f"The dosing entry gives a load over {shown}."


def _times(bounds: Bounds) -> list[Sourced]:
    loads = [entry.load for entry in bounds.entries if entry.load is not None]
    least = [load.duration_minimum for load in loads if isinstance(load, Load) and load.duration_minimum is not None]
    return [*least, *(load.duration for load in loads)]


def _sources(bounds: Bounds) -> tuple[SourceReference, ...]:
    because = "a load that is pushed, or has no time, is not given as any entry says"
    own = vocabulary().cite("inotrope-judgement", because, Status.JUDGEMENT)
    return (*dict.fromkeys(item.source for item in _times(bounds)), own)
