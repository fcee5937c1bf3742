"""Rules in, findings out, in three-valued logic.

Knows how each question of `drug/conditions.py` is answered for one case, and how answers combine (Kleene): what nobody
recorded is unknown, and an unknown that cannot change the outcome is not asked. Where no dosing entry serves, a value
is held against the limits of every entry for that age. It holds no rule and no limit.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from inotrope.drug import (
    FACTS,
    All,
    AllergicTo,
    Any_,
    Comparison,
    Condition,
    Counted,
    DilutedIn,
    Drug,
    Entry,
    FactCompares,
    FactIs,
    HadEvent,
    HasCondition,
    Limit,
    MeasurementCompares,
    Not,
    OnSupport,
    Rule,
    SexIs,
    SharesLine,
    Sourced,
    TakesClass,
    TakesMedicine,
    walk,
)
from inotrope.drug.directions import FOLLOWS_FROM
from inotrope.findings import Finding, SourceReference, State, Status, Truth, all_of, any_of
from inotrope.patient import vocabulary
from inotrope.safety.least import GIVEN, is_the_least
from inotrope.safety.situation import Situation
from inotrope.units import Quantity, plain_number, round_half_up

WITHOUT_ENTRY = (
    "No dosing entry serves this patient, and the limit of this rule belongs to one. Settle the entry first."
)
"""What is asked where nothing about the patient is missing, but the entries for this age have different limits."""
OF_EVERY_ENTRY = "No dosing entry serves this case. Every entry for this age has such a limit; the widest is named."
"""Stands behind a finding whose limit is not that of an entry in use."""
JUDGEMENT = "inotrope-judgement"
"""The source of what this project chose itself: it is no other entry's text."""
MOST_DECIMALS = 6
"""A shown value gains decimals up to this many until it differs from the limit that it crosses, and is not lost."""
LOST = Decimal("0.1")
"""Share of a value by which rounding may change it: 0.0002 mg/mL is not 0, and an age of 3.4 h is 3 h. A judgement."""


class Answer(NamedTuple):
    """What one question came to.

    Attributes:
        truth: Present, absent or unknown.
        needs: What would settle an unknown.
        shown: Value and limit of the first comparison that holds, as text.
        names: What the record names and the question asked for: medicines, line partners, events, machines.
        limit_from: The reference of the limit in `shown`, and the source of that limit.
    """

    truth: Truth
    needs: tuple[str, ...] = ()
    shown: tuple[str, str] | None = None
    names: tuple[str, ...] = ()
    limit_from: tuple[str, SourceReference] | None = None


def judge(drug: Drug, situation: Situation, *, rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """Return one finding per rule, silent ones included, in the order of the rules.

    A rule without a question stays silent when it is unknown: nobody could be asked.
    """
    found = ((rule, _Judge(drug, situation, rule).answer(rule.when)) for rule in rules)
    return tuple(
        rule.silent if answer.truth is Truth.ABSENT else _finding(drug, rule, answer, situation)
        for rule, answer in found
    )


def _sources(drug: Drug, rule: Rule, answer: Answer, situation: Situation) -> tuple[SourceReference, ...]:
    """Return the sources of a finding: that of an entry's limit first, and none of another entry's same limit.

    A question about a limit cites it as well; a limit of ours that follows from a printed number cites that text too.
    """
    entry = situation.entry
    limit_from = answer.limit_from
    if limit_from is None and answer.truth is Truth.UNKNOWN and entry is not None:
        limit_from = next(_limits_of(rule, entry), None)
    if limit_from is None:
        behind = situation.limits_behind
        holds = [behind[part.fact] for part in walk(rule.when) if isinstance(part, FactIs) and part.fact in behind]
        return tuple(dict.fromkeys((*holds, *rule.sources)))
    reference, own = limit_from
    path = reference.removeprefix("@dosing:")
    each = (entry.numbers.get(path) for entry in drug.entries)
    others = {limit.source.id for limit in each if limit is not None} - {own.id, JUDGEMENT}
    kept = [source for source in rule.sources if source.id not in others]
    if situation.entry is None:
        why = "what is beyond the limit of every entry for an age is beyond it, whatever the use"
        kept.append(vocabulary().cite(JUDGEMENT, why, Status.JUDGEMENT))
    numbers = {} if entry is None else entry.numbers
    printed = [numbers[name].source for name in FOLLOWS_FROM.get(path, ()) if name in numbers]
    return tuple(dict.fromkeys((own, *printed[:1], *kept)))


def _limits_of(rule: Rule, entry: Entry) -> Iterator[tuple[str, SourceReference]]:
    """Yield the limits of an entry that a rule reads, each with its source."""
    for part in walk(rule.when):
        if isinstance(part, FactCompares | MeasurementCompares):
            path = part.limit_reference.removeprefix("@dosing:")
            if path != part.limit_reference and path in entry.numbers:
                yield part.limit_reference, entry.numbers[path].source


def _finding(drug: Drug, rule: Rule, answer: Answer, situation: Situation) -> Finding:
    """Return what a rule says that fires or cannot be judged."""
    state, says, asks = State.SILENT, "", ""
    needs: tuple[str, ...] = ()
    if answer.truth is Truth.PRESENT:
        value, limit = answer.shown or (", ".join(answer.names), "")
        state, says = State.FIRES, rule.says.format(value=value, limit=limit)
        if situation.entry is None and answer.limit_from is not None:
            says = f"{says} {OF_EVERY_ENTRY}"
    else:
        named = (situation.entry_needs if name in _NO_ENTRY.needs else (name,) for name in answer.needs)
        needs = tuple(dict.fromkeys(itertools.chain.from_iterable(named)))
        if rule.asks:
            asks = WITHOUT_ENTRY if answer.needs == _NO_ENTRY.needs else rule.asks
            state, says = State.UNKNOWN, asks
    sources = _sources(drug, rule, answer, situation)
    return rule.finding(state, says=says, asks=asks, needs=needs, sources=sources)


@dataclass(slots=True)  # not frozen, which takes longer to make: each rule of each plan has its own
class _Judge:
    """Answers the questions of one rule for one case."""

    drug: Drug
    situation: Situation
    rule: Rule

    def answer(self, condition: Condition) -> Answer:
        return _ANSWERS[type(condition)](self, condition)

    def all(self, condition: All) -> Answer:
        """The first part that is absent settles it: what does not hold shows no value and no limit of its parts."""
        answers = []
        for part in condition.parts:
            answer = self.answer(part)
            if answer.truth is Truth.ABSENT:
                return Answer(Truth.ABSENT)
            answers.append(answer)
        return _combined(all_of([answer.truth for answer in answers]), answers)

    def any(self, condition: Any_) -> Answer:
        answers = [self.answer(part) for part in condition.parts]
        return _combined(any_of([answer.truth for answer in answers]), answers)

    def not_(self, condition: Not) -> Answer:
        inner = self.answer(condition.part)
        return Answer(inner.truth.negated(), inner.needs)

    # --- what the record says ----------------------------------------------------------------------------------------

    def has_condition(self, condition: HasCondition) -> Answer:
        return _asked(self.situation.case.condition(condition.name), condition.name)

    def takes_medicine(self, condition: TakesMedicine) -> Answer:
        return _asked(self.situation.case.takes(condition.name), "medicines", condition.name)

    def takes_class(self, condition: TakesClass) -> Answer:
        truth, found = self.situation.case.takes_class(condition.class_, condition.exclude)
        return _asked(truth, "medicines", *found)

    def allergic_to(self, condition: AllergicTo) -> Answer:
        return _asked(self.situation.case.allergic_to(condition.name), "allergies")

    def shares_line(self, condition: SharesLine) -> Answer:
        return _asked(self.situation.case.shares_line_with(condition.name), "lines", condition.name)

    def had_event(self, condition: HadEvent) -> Answer:
        within = self._within(condition.within_reference)
        return _asked(self.situation.case.has_event(condition.name, within=within), "events", condition.name)

    def on_support(self, condition: OnSupport) -> Answer:
        slack = self._within(condition.within_reference)
        return _asked(self.situation.case.supported_by(condition.name, ended_within=slack), "support", condition.name)

    def sex_is(self, condition: SexIs) -> Answer:
        return Answer(Truth.of(self.situation.case.patient.sex == condition.sex))

    def diluted_in(self, condition: DilutedIn) -> Answer:
        """A premix has no diluent of ours; otherwise a diluent that nobody recorded is unknown."""
        preparation = self.situation.case.preparation
        if preparation is None:
            return Answer(Truth.UNKNOWN, ("preparation",))
        if preparation.diluent is not None:
            return Answer(Truth.of(preparation.diluent.name == condition.name))
        return _asked(Truth.ABSENT if preparation.product == "premix" else Truth.UNKNOWN, "diluent")

    # --- what is compared --------------------------------------------------------------------------------------------

    def fact_is(self, condition: FactIs) -> Answer:
        fact = self.situation.facts.get(condition.fact)
        if isinstance(fact, tuple):
            return self._or_more(condition.fact, Answer(Truth.of(bool(fact)), (), (", ".join(fact), "")))
        assert fact is None or isinstance(fact, Truth)  # a fact that is a number is never asked for a truth
        return self._of_fact(condition.fact, Truth.UNKNOWN if fact is None else fact)

    def fact_compares(self, condition: FactCompares) -> Answer:
        if self.situation.facts.get(condition.fact) is Truth.ABSENT:  # there is nothing to compare
            return self._or_more(condition.fact, _NO_LIMIT)
        answer = self._against_each(condition, lambda limit: self._fact_against(condition, limit))
        return self._or_more(condition.fact, answer)

    def _or_more(self, fact: str, answer: Answer) -> Answer:
        """Return an answer, unknown where only the least of a fact is known and that crosses nothing."""
        if answer.truth is not Truth.ABSENT or not is_the_least(self.situation.case, fact):
            return answer
        return Answer(Truth.UNKNOWN, self.situation.needs.get(fact, (GIVEN,)))

    def _fact_against(self, condition: FactCompares, limit: Limit) -> Answer:
        fact = self.situation.facts.get(condition.fact)
        if fact is None or isinstance(fact, Truth):
            return self._of_fact(condition.fact, Truth.UNKNOWN)
        assert not isinstance(fact, tuple)  # a list of names is never compared
        form = FACTS[condition.fact]
        answer = _compared(fact, condition.comparison, limit, decimals=form.decimals, as_typed=form.as_typed)
        if answer.truth is Truth.PRESENT:
            answer = answer._replace(shown=self.situation.told.get(condition.fact, answer.shown))
        return _from(condition.limit_reference, limit, answer)

    def measurement_compares(self, condition: MeasurementCompares) -> Answer:
        return self._against_each(condition, lambda limit: self._measurement_against(condition, limit))

    def _measurement_against(self, condition: MeasurementCompares, limit: Limit) -> Answer:
        within = self._within(condition.within_reference)
        if within is None and condition.within_reference is not None:
            return _NO_ENTRY if self.situation.entry is None else _NO_LIMIT
        found = self.situation.case.latest(condition.name, within=within, of=condition.of)
        if found is None:
            return Answer(Truth.UNKNOWN, (condition.name,))
        if found.below:
            return _from(condition.limit_reference, limit, _compared_below(found.value, condition, limit))
        answer = _compared(found.value, condition.comparison, limit, decimals=2)
        return _from(condition.limit_reference, limit, answer)

    def _against_each(
        self, condition: FactCompares | MeasurementCompares, against: Callable[[Limit], Answer]
    ) -> Answer:
        """Hold a value against its limit; where no entry serves, against that of every entry that could.

        Beyond all of them it is beyond its limit, whichever entry will serve; beyond some of them only the entry tells.
        """
        reference = condition.limit_reference
        limit = self._limit(reference)
        if limit is not None:
            return against(limit)
        if self.situation.entry is not None:
            return _NO_LIMIT
        found = [self.drug.references.find(reference, entry) for entry in self.situation.possible]
        upward = _UPWARD[condition.comparison]
        limits = sorted((each for each in found if each is not None), key=_bound, reverse=upward)
        answers = [*map(against, limits), *([_NO_LIMIT] if None in found else [])]
        return next((answer for answer in answers if answer.truth is Truth.UNKNOWN), None) or (
            answers[0] if len({answer.truth for answer in answers}) == 1 else _NO_ENTRY
        )

    def _of_fact(self, fact: str, truth: Truth) -> Answer:
        return Answer(truth, self.situation.needs.get(fact, ()) if truth is Truth.UNKNOWN else ())

    def _within(self, reference: str | None) -> Quantity | None:
        limit = None if reference is None else self._limit(reference)
        return None if limit is None else _quantity(limit)

    def _limit(self, reference: str) -> Limit | None:
        """Return a limit; None where the dosing entry of this patient does not set it, or no entry serves."""
        own = self.rule.limits.get(reference.removeprefix("@"))
        return own if own is not None else self.drug.references.find(reference, self.situation.entry)


def _combined(truth: Truth, answers: list[Answer]) -> Answer:
    """Return one answer for several: what is needed of an unknown, else the first comparison and every name."""
    if truth is Truth.UNKNOWN:
        open_ = (name for answer in answers if answer.truth is Truth.UNKNOWN for name in answer.needs)
        return Answer(truth, tuple(dict.fromkeys(open_)))
    first = next((answer for answer in answers if answer.shown is not None), None)
    shown, limit_from = (None, None) if first is None else (first.shown, first.limit_from)
    named = dict.fromkeys(name for answer in answers if answer.truth is Truth.PRESENT for name in answer.names)
    return Answer(truth, (), shown, tuple(named), limit_from)


_ANSWERS: dict[type, Callable[[_Judge, Any], Answer]] = {
    All: _Judge.all,
    Any_: _Judge.any,
    Not: _Judge.not_,
    HasCondition: _Judge.has_condition,
    TakesMedicine: _Judge.takes_medicine,
    TakesClass: _Judge.takes_class,
    AllergicTo: _Judge.allergic_to,
    SharesLine: _Judge.shares_line,
    HadEvent: _Judge.had_event,
    OnSupport: _Judge.on_support,
    SexIs: _Judge.sex_is,
    DilutedIn: _Judge.diluted_in,
    FactIs: _Judge.fact_is,
    FactCompares: _Judge.fact_compares,
    MeasurementCompares: _Judge.measurement_compares,
}
"""One answer per question of the closed list."""

_HOLDS: dict[Comparison, Callable[[Decimal, Decimal], bool]] = {
    Comparison.ABOVE: lambda value, limit: value > limit,
    Comparison.AT_OR_ABOVE: lambda value, limit: value >= limit,
    Comparison.BELOW: lambda value, limit: value < limit,
    Comparison.AT_OR_BELOW: lambda value, limit: value <= limit,
}

_UPWARD = {item: item in (Comparison.ABOVE, Comparison.AT_OR_ABOVE) for item in Comparison}
"""Whether a value crosses its limit upward, so that the highest of several limits is the widest."""

_NO_ENTRY = Answer(Truth.UNKNOWN, ("indication",))
"""Where no entry serves, and the value lies between the limits of those that could."""

_NO_LIMIT = Answer(Truth.ABSENT)
"""The entry that serves states no such limit, so nothing can be beyond it."""


def _from(reference: str, limit: Limit, answer: Answer) -> Answer:
    """Add where the limit stands, if it is one of the dosing entry's and was crossed."""
    entry_s = reference.startswith("@dosing:") and answer.shown is not None
    return answer._replace(limit_from=(reference, limit.source)) if entry_s else answer


def _asked(truth: Truth, need: str, *names: str) -> Answer:
    return Answer(truth, (need,) if truth is Truth.UNKNOWN else (), None, names if truth is Truth.PRESENT else ())


def _compared(
    value: Quantity | Decimal, comparison: Comparison, limit: Limit, *, decimals: int, as_typed: bool = False
) -> Answer:
    """Hold a value against a limit; the text shows where the two differ, and never a value that is nearly lost.

    Both are told in the limit's unit, or in that which was typed.
    """
    number, bound, unit = _numbers(value, limit)
    if not _HOLDS[comparison](number, bound):
        return Answer(Truth.ABSENT)
    if as_typed and isinstance(value, Quantity) and isinstance(limit, Sourced):
        number, bound, unit = value.value, limit.value.in_unit(value.unit), f" {value.unit}"
    shown = round_half_up(number, decimals)
    while (shown == bound != number or abs(shown - number) > abs(number) * LOST) and decimals < MOST_DECIMALS:
        decimals += 1
        shown = round_half_up(number, decimals)
    shown = shown or number  # what is less than all these decimals is told as it was written
    return Answer(Truth.PRESENT, (), (f"{plain_number(shown)}{unit}", f"{plain_number(bound)}{unit}"))


def _compared_below(value: Quantity, condition: MeasurementCompares, limit: Limit) -> Answer:
    """Hold a level that lies somewhere below `value` against a limit: known only when the limit is not below it."""
    number, bound, unit = _numbers(value, limit)
    if number > bound:
        return Answer(Truth.UNKNOWN, (condition.name,))
    if condition.comparison in (Comparison.ABOVE, Comparison.AT_OR_ABOVE):
        return Answer(Truth.ABSENT)
    return Answer(Truth.PRESENT, (), (f"<{plain_number(number)}{unit}", f"{plain_number(bound)}{unit}"))


def _numbers(value: Quantity | Decimal, limit: Limit) -> tuple[Decimal, Decimal, str]:
    """Return value and limit as numbers of one unit, and the unit as text; their dimensions were proved on reading."""
    if isinstance(limit, Sourced) and isinstance(value, Quantity):
        return value.in_unit(limit.value.unit), limit.value.value, f" {limit.value.unit}"
    assert isinstance(limit, Counted) and isinstance(value, Decimal)  # a ratio has no unit
    return value, limit.value, ""


def _bound(limit: Limit) -> Any:
    """Return what limits of one path are ordered by; their dimension is the same, as was proved on reading."""
    return limit.value


def _quantity(limit: Limit) -> Quantity:
    assert isinstance(limit, Sourced)  # the age of a measurement is a time; proved on reading
    return limit.value
