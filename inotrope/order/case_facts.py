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
from inotrope.order.parts import part_of, pattern_of
from inotrope.order.patterns import goal_pattern
from inotrope.order.statements import Statement
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words
from inotrope.patient import AgeGroup, vocabulary
from inotrope.units import Quantity

CONDITION, WARNED = "condition", "warned"
_VALUES = ("clearance", "creatinine", "systolic", "mean", "potassium")
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
    """Return every spelling of the conditions and machines of a key of `[case]`."""
    words, listed = vocabulary(), order_words().case
    names = listed["conditions"] | listed["machines"] if key == CONDITION else listed["warned"]
    every = {**words.conditions["support"], **words.conditions["condition"]}
    spelled = {spelling for spelling, item in every.items() if item.name in names}
    return frozenset(spelled | (listed["also"] if key == CONDITION else set()))


def _conditions(text: str, tokens: Sequence[Token]) -> Iterator[CaseFact]:
    passed = [token for token in tokens if token.sort in (Sort.PASSED, Sort.QUANTITY)]
    for key in (CONDITION, WARNED):
        for match in pattern_of(_named(key)).finditer(text):
            counted = any(token.start <= match.start() < token.end for token in passed)  # `HD 3`, a hospital day
            before = text[part_of(text, match.start())[0] : match.start()]
            if counted or pattern_of(order_words().case["if"]).search(before) or _is_absent(before, key):
                continue
            where = f"text, characters {match.start() + 1} to {match.end()}"
            yield CaseFact(key, match[0], where)


def _is_absent(before: str, key: str) -> bool:
    """Tell whether a no stands in front, with nothing but small words and other such conditions between."""
    listed = order_words().case
    for match in pattern_of(listed["absent"]).finditer(before):
        between = pattern_of(_named(key)).sub(" ", before[match.end() :])
        if not re.search(r"\w", pattern_of(listed["between"] | listed["absent"]).sub(" ", between)):
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
            number = Decimal(match["number"].lstrip("+"))
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
