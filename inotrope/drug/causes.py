"""Which rules speak of one cause, so that a reader gets one alert for it and not five.

Knows the form of `[[cause]]` in `safety.toml` and proves that nothing grave can disappear: the rules of a cause stand
in the order of their weight, and a stop stands under nothing. Which of them fires is found out in `safety/`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from inotrope.drug.proofs import prove_unique
from inotrope.drug.reading import Section
from inotrope.drug.rules import Rule
from inotrope.errors import nearest, shorten
from inotrope.findings import Severity, Shown

_WEIGHT = {Severity.STOP: 0, Severity.WARN: 1, Severity.INFORM: 2}


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that several rules speak of.

    Attributes:
        id: A word for it.
        speaks: Rules from the weightiest to the lightest: the first that fires is the alert, the others stand under it.
        joins: Rules that stand under whichever speaks and never speak for it, such as a medicine that adds to it.
    """

    id: str
    speaks: tuple[str, ...]
    joins: tuple[str, ...]


def read_causes(file: Section, rules: Sequence[Rule]) -> tuple[Cause, ...]:
    """Return the causes of `safety.toml`; none where it has none, or no rule is sound. Problems go into the book.

    A rule speaks for one cause only and may join several, so no rule can stand under one that itself stands under
    another.
    """
    known = {rule.id: rule for rule in rules}
    sections = file.sections("cause")
    if not rules:
        return ()
    found = []
    for section in sections:
        cause = Cause(section.text("id"), section.texts("speaks"), section.texts("joins"))
        section.done()
        if _prove(cause, section, known):
            found.append(cause)
    prove_unique((str(section.table.get("id")), section) for section in sections)
    times = Counter(name for cause in found for name in cause.speaks)
    joining = {name for cause in found for name in cause.joins}
    for name, count in times.items():
        if count > 1 or name in joining:
            file.problem(f"Rule '{name}' speaks for one cause and stands in another as well.", "cause")
    return tuple(found)


def _prove(cause: Cause, section: Section, known: dict[str, Rule]) -> bool:
    """Prove what holds within one cause; tell whether its rules exist, without which nothing else can be proved."""
    unknown = [(key, name) for key in ("speaks", "joins") for name in getattr(cause, key) if name not in known]
    for key, name in unknown:
        section.problem(f"'{shorten(name)}' is no rule of this folder; {nearest(name, known)}.", key)
    if unknown:
        return False
    if not cause.speaks:
        section.problem("A cause needs a rule that speaks.", "speaks")
        return False
    weights = [_WEIGHT[known[name].severity] for name in cause.speaks]
    if weights != sorted(weights):
        section.problem(
            "The rules that speak stand from stop over warn to inform: nothing hides what weighs more.", "speaks"
        )
    if any(_WEIGHT[known[name].severity] < max(weights) for name in cause.joins):
        section.problem("A rule that joins weighs no more than any that speaks.", "joins")
    if any(known[name].shown is not Shown.ALERT for name in cause.speaks):
        section.problem("A rule that speaks is an alert, no note and no answer.", "speaks")
    return True
