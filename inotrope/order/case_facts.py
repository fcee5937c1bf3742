"""What an order text tells about the patient and only a case is judged for: kidneys, a machine, a valve, a pressure.

Knows the words of `[case]` in `orders.toml` and the names of `conditions.toml`, and tells a fact from a goal, a
condition (`hold if`) and a no. It judges no patient: it finds the facts, and says which of them an order must not pass
with. A value inside the limits of the drug's own entry asks for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from inotrope.dosing.renal import line_applies, renal_line
from inotrope.drug import Entry
from inotrope.findings import Refusal, Severity, Status
from inotrope.order.limits import Bounds, OrderFinding, rates_asked
from inotrope.order.parts import SENTENCE, part_of, pattern_of
from inotrope.order.patterns import goal_pattern
from inotrope.order.rule_limits import MEASURED, is_beyond
from inotrope.order.statements import Statement
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words
from inotrope.patient import AgeGroup, vocabulary
from inotrope.units import Quantity

CONDITION, WARNED = "condition", "warned"
_VALUES = ("clearance", "creatinine", "systolic", "mean", "potassium", *MEASURED)
_NOT_JUDGED = "Write a case: an order text is not judged for it."


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A fact about the patient, as a text tells it.

    Attributes:
        what: `condition`, `warned`, or which value it is, by its key in `[case]`.
        text: As written.
        where: Its place.
        value: The number of a value, as written; None for a condition.
        unit: Behind it; may be empty.
    """

    what: str
    text: str
    where: str
    value: Decimal | None = None
    unit: str = ""


def case_facts(text: str, tokens: Sequence[Token]) -> tuple[CaseFact, ...]:
    """Return what a text tells about the patient.

    Args:
        text: As written.
        tokens: Its tokens.
    """
    found = [*_conditions(text, tokens), *_values(text, tokens)]
    return tuple(dict.fromkeys(found))


@cache
def _named(key: str) -> frozenset[str]:
    """Return every spelling of the conditions, machines and events of a key of `[case]`."""
    words, listed = vocabulary(), order_words().case
    of_kinds = {
        "condition": listed["conditions"],
        "support": listed["machines"] if key == CONDITION else listed["warned"],
        "event": listed["events"],
    }
    kinds = of_kinds if key == CONDITION else {"support": of_kinds["support"]}
    spelled = {
        spelling
        for kind, names in kinds.items()
        for spelling, item in words.conditions[kind].items()
        if item.name in names
    }
    return frozenset(spelled | (listed["also"] | listed["shock"] if key == CONDITION else set()))


def _conditions(text: str, tokens: Sequence[Token]) -> Iterator[CaseFact]:
    passed = [token for token in tokens if token.sort in (Sort.PASSED, Sort.QUANTITY)]
    for key in (CONDITION, WARNED):
        for match in pattern_of(_named(key)).finditer(text):
            counted = any(token.start <= match.start() < token.end for token in passed)  # `HD 3`, a hospital day
            if counted or _is_indication(text, match) or _is_no_fact(text, match, key):
                continue
            where = f"text, characters {match.start() + 1} to {match.end()}"
            yield CaseFact(key, match[0], where)


def _is_indication(text: str, match: re.Match[str]) -> bool:
    """Tell whether a shock is said to come from the heart, which the drug is given for."""
    listed = order_words().case
    start, end = part_of(text, match.start())
    return match[0].lower() in listed["shock"] and bool(pattern_of(listed["indication"]).search(text, start, end))


def _is_no_fact(text: str, match: re.Match[str], key: str) -> bool:
    """Tell whether a condition is one under which something is done, is absent, or only a word of a precaution."""
    listed = order_words().case
    before = text[part_of(text, match.start())[0] : match.start()]
    behind = re.match(r"\s*(?:/\s*)?", text[match.end() :])
    assert behind is not None  # it may be empty
    if pattern_of(listed["behind"]).match(text, match.end() + behind.end()):
        return True
    may_end = match[0].lower() in vocabulary().conditions["support"]
    return _sets_condition(before) or _is_absent(before, key, may_end=may_end) or _goes_on(text, match, key)


def _sets_condition(before: str) -> bool:
    """Tell whether what follows is a condition: `if`, or `call ... for`."""
    listed = order_words().case
    duty = pattern_of(listed["duty"]).search(before)
    return bool(pattern_of(listed["if"]).search(before)) or (
        duty is not None and bool(re.search(r"\b(?:for|if|on|about)\b", before[duty.end() :], re.IGNORECASE))
    )


def _goes_on(text: str, match: re.Match[str], key: str) -> bool:
    """Tell whether a list of conditions goes on across commas: `call for VT, hypotension or bleeding`."""
    stop, end = match.start(), part_of(text, match.start())[1]
    if not _is_list(text[match.end() : end], key) and not re.match(r"\s+(?:or|and)\b", text[match.end() : end]):
        return False  # `monitor for bleeding, VT last night`
    start = max((found.end() for found in SENTENCE.finditer(text, 0, stop)), default=0)
    comma = text.rfind(",", start, stop)
    while comma >= 0 and _is_list(text[comma:stop], key):
        own = text[part_of(text, comma - 1)[0] : comma]
        named = list(pattern_of(_named(key)).finditer(own))
        if not named or not _is_list(own[named[0].start() :], key):
            return False
        if _sets_condition(own[: named[0].start()]):
            return True
        stop, comma = comma - len(own) + named[0].start(), text.rfind(",", start, comma)
    return False


def _is_list(words: str, key: str) -> bool:
    """Tell whether words are nothing but such conditions and small words between them."""
    left = pattern_of(_named(key)).sub(" ", words)
    return not re.search(r"\w", pattern_of(order_words().case["between"]).sub(" ", left))


def _is_absent(before: str, key: str, *, may_end: bool) -> bool:
    """Tell whether a no stands in front, with nothing but small words and other such conditions between.

    What may end, such as a machine, is absent behind `stopped` or `off` as well.
    """
    listed = order_words().case
    absent = listed["absent"] | (listed["ended"] if may_end else set())
    for match in pattern_of(absent).finditer(before):
        if _is_list(pattern_of(absent).sub(" ", before[match.end() :]), key):
            return True
    return False


def _values(text: str, tokens: Sequence[Token]) -> Iterator[CaseFact]:
    """Yield each measured value that is no goal and no condition."""
    listed = order_words().case
    for token in tokens:
        match = goal_pattern().fullmatch(token.text) if token.sort is Sort.PASSED else None
        if match is None:
            continue
        label = " ".join(match["label"].lower().split())
        what = next((key for key in _VALUES if label in listed[key]), None)
        if what is None:
            continue
        before = text[part_of(text, token.start)[0] : token.start]
        if what in ("clearance", "creatinine"):
            is_goal = bool(pattern_of(listed["if"]).search(before))
        else:
            is_goal = _says_goal(before) or _says_goal(match["sign"])
        if not is_goal:
            number = Decimal(match["number"].lstrip("+").replace(",", ""))
            yield CaseFact(what, token.text.strip(), token.place, number, match["unit"].strip().lower())


def _says_goal(words: str) -> bool:
    signs = "<>\u2264\u2265"
    return any(sign in words for sign in signs) or bool(pattern_of(order_words().case["goal"]).search(words))


def asks_case(facts: Sequence[CaseFact], statements: Sequence[Statement], bounds: Bounds) -> tuple[Refusal, ...]:
    """Return the question for each fact that the plan of a case would judge.

    Args:
        facts: What the text tells about the patient.
        statements: What the order states.
        bounds: The limits; their entry holds the renal table, the pressures and the potassium.
    """
    found = []
    for fact in facts:
        if fact.what == WARNED or (fact.value is not None and not _is_judged(fact, statements, bounds)):
            continue
        says = f"'{fact.text}' ({fact.where}) says something of the patient that is not judged here. {_NOT_JUDGED}"
        found.append(Refusal("write-a-case", says, ("case",)))
    return tuple(found)


def case_findings(
    facts: Sequence[CaseFact], statements: Sequence[Statement], bounds: Bounds, *, with_case: bool
) -> tuple[OrderFinding, ...]:
    """Return a warning for each fact that refuses nothing: a machine that the dose does not hang on, and beside a case.

    Args:
        facts: What the text tells about the patient.
        statements: What the order states.
        bounds: The limits it is held against.
        with_case: Whether a case is at hand, which is judged for its own values and not for the text's.
    """
    own = vocabulary().cite(
        "inotrope-judgement", "what a text tells of a patient is judged in a case", Status.JUDGEMENT
    )
    return tuple(
        OrderFinding(
            "not-judged-in-a-text",
            Severity.WARN,
            f"'{fact.text}' ({fact.where}) says something of the patient that is not judged here.",
            "Look whether the case says the same." if with_case else _NOT_JUDGED,
            (own,),
        )
        for fact in facts
        if fact.what == WARNED or (with_case and (fact.value is None or _is_judged(fact, statements, bounds)))
    )


def _is_judged(fact: CaseFact, statements: Sequence[Statement], bounds: Bounds) -> bool:
    """Tell whether a value speaks against the order, or might: a child's, or one outside the entry's limits."""
    entry = bounds.highest_entry
    assert fact.value is not None  # it is a value
    if fact.what in MEASURED:
        return is_beyond(fact.what, fact.value, fact.unit, bounds.drug)
    if entry.group is not AgeGroup.ADULT:
        return True
    if fact.what == "clearance":
        is_below = not {"<", "\u2264"}.isdisjoint(fact.text)
        return _is_reduced(fact.value, entry, statements, is_below=is_below)
    if fact.what == "creatinine":
        return _creatinine(fact) > vocabulary().limit("order.creatinine_told").value.in_unit("mg/dL")
    key, unit = {
        "systolic": ("pressure.systolic", "mmHg"),
        "mean": ("pressure.mean_arterial", "mmHg"),
        "potassium": ("electrolytes.potassium_correct_first", "mmol/L"),
    }[fact.what]
    limit = entry.numbers.get(key)
    return limit is None or fact.value < limit.value.in_unit(unit)


def _is_reduced(clearance: Decimal, entry: Entry, statements: Sequence[Statement], *, is_below: bool) -> bool:
    """Tell whether a rate of the order is above the renal table's at a clearance, or the table has none so low."""
    renal, rates = entry.renal, rates_asked(statements)
    if renal is None:
        return True
    stated = Quantity(clearance, "mL/min/1.73 m2")
    if is_below and stated >= renal.lower.value:
        stated = renal.lower.value  # `CrCl < 30` may be anything below it
    if stated > renal.upper.value:
        return False
    if not rates or not line_applies(renal, stated):
        return True
    return max(rate.high for rate in rates) > renal_line(renal, stated)


def _creatinine(fact: CaseFact) -> Decimal:
    """Return a creatinine in mg/dL; without a unit it is that one, as it is printed in the US."""
    assert fact.value is not None  # it is a value
    if not fact.unit.endswith("mol/l"):
        return fact.value
    micromoles = fact.value * (1000 if fact.unit == "mmol/l" else 1)
    molar_mass = vocabulary().limit("serum creatinine.molar_mass").value.value
    return micromoles * molar_mass / 10_000  # umol/L x g/mol = mcg/L, and 10,000 mcg/L is 1 mg/dL
