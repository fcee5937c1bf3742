"""Other medicines that a text names, and what the drug's own rules say of them.

Knows a medicine that is taken from one that was stopped or denied. What the rule of a case says of a medicine alone is
said with the same weight; a rule that asks for more, such as a potassium, needs a case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inotrope.drug import Drug
from inotrope.drug.conditions import Any_, Condition, TakesClass, TakesMedicine
from inotrope.findings import Severity
from inotrope.order.limits import OrderFinding
from inotrope.order.parts import Span, is_other_medicine, part_of, pattern_of, plain
from inotrope.order.tokens import Token
from inotrope.order.words import order_words
from inotrope.patient import vocabulary


def taken(text: str, tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the other medicines that a text names and does not call denied or stopped.

    Args:
        text: As written.
        tokens: Its tokens.
    """
    found = []
    for token in tokens:
        medicine = vocabulary().medicine(plain(token)) if is_other_medicine(token) else None
        if medicine is not None and not _is_untaken(text, token, part_of(text, token.start)):
            found.append(medicine.name)
    return tuple(dict.fromkeys(found))


def _is_untaken(text: str, token: Token, part: Span) -> bool:
    words = order_words().told
    no = pattern_of(words["denied"]).search(text, part[0], token.start)
    return bool(no or pattern_of(words["untaken"]).search(text, *part))


def ruled(medicines: Sequence[str], drug: Drug) -> tuple[OrderFinding, ...]:
    """Return what the rules of the drug's folder that warn say of the medicines, one finding for each rule.

    Args:
        medicines: That the text names as taken, by the vocabulary's names.
        drug: The folder with the rules.
    """
    found = []
    for rule in drug.rules:
        named = [name for name in medicines if rule.severity is not Severity.INFORM and _names(rule.when, name)]
        if named:
            says = f"{', '.join(named).capitalize()} is named. {rule.says}"
            found.append(OrderFinding(rule.id, rule.severity, says, rule.advice, rule.sources))
    return tuple(found)


def _names(condition: Condition, name: str) -> bool:
    """Tell whether a condition holds by a medicine alone."""
    return any(_holds(part, name) for part in _alternatives(condition))


def _alternatives(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, Any_):
        yield from condition.parts
    else:
        yield condition


def _holds(condition: Condition, name: str) -> bool:
    if isinstance(condition, TakesMedicine):
        return condition.name == name
    medicine = vocabulary().medicine(name)
    assert medicine is not None  # the reader took its name from the vocabulary
    return isinstance(condition, TakesClass) and medicine.class_ == condition.class_ and name not in condition.exclude
