"""The only list of questions, ordered by what their answers would change.

Knows which rules are open and what each would do. A question stands once, however many rules wait for it.
"""

from __future__ import annotations

from inotrope.findings import Effect, Finding, Refusal, Severity, State
from inotrope.plan.record import Missing

_WOULD = {
    (Effect.NO_RATE, Severity.WARN): (1, "whether a rate can be given"),
    (Effect.WITHHOLD, Severity.STOP): (2, "whether the drug may be given"),
    (Effect.NO_LOAD, Severity.WARN): (3, "whether the load is given, or the rate may go up"),
    (Effect.NONE, Severity.WARN): (5, "a warning"),
    (Effect.NONE, Severity.INFORM): (6, "a note"),
}
_REFUSED = (0, "whether a rate can be given: none is proposed without it")
CHANGING = ("creatinine-changing", "kinetic-estimate-lowest")
"""The rules without an effect of their own that move the rate: a changing kidney takes the lowest estimate."""
_RATE = (4, "the rate: a changing kidney takes the lowest of all estimates")
_PUMP = (4, "the pump setting: there is no mL/h without it")

_ASKS = {
    "serum creatinine": "What is the serum creatinine now? Write value, unit and time.",
    "height": "How tall is the patient? The renal table is per 1.73 m2 of body surface.",
    "indication": "Is the indication right? The refusal says which uses have a dose, and at which age.",
    "age": "Is the age right (the date of birth, on the first days of life with the time of day)? If it is, the "
    "refusal says which uses have a dose at which age.",
    "gestational age": "What was the gestational age at birth? Write weeks and days, such as '27+3'.",
    "authority": "Whose dose is wanted? The refusal lists the authorities that have one for this use and age.",
    "renal impairment": "Are the kidneys impaired? Record the condition 'renal impairment' as present or absent.",
    "preparation": "Which bag or syringe hangs on the pump? Write product and concentration.",
    "preparation volume": "How large is the bag or syringe?",
    "pump": "What is the smallest step of the pump?",
    "administrations": "Is the drug running, or was it given before? Write every dose and rate with its times.",
}

_OF_THE_ENTRY = ("indication", "authority", "age", "gestational age")
"""What decides which entry serves; many rules wait for one, and none of them has the right question."""


def missing_questions(
    findings: tuple[Finding, ...], refusals: tuple[Refusal, ...], *, without_pump_rate: bool, pump_assumed: bool
) -> tuple[Missing, ...]:
    """Return the questions, those first whose answers would change the dose most.

    Args:
        findings: All findings; those unknown ask.
        refusals: Each names what would change it.
        without_pump_rate: True when a rate stands but no concentration is known.
        pump_assumed: True when the pump's step is the entry's default.
    """
    ranks: dict[str, tuple[int, str]] = {}
    asks: dict[str, str] = {}
    rules: dict[str, list[str]] = {}

    def add(name: str, rank: tuple[int, str], question: str, rule: str | None) -> None:
        ranks[name] = min(ranks.get(name, rank), rank)
        asks[name] = asks.get(name) or (_ASKS[name] if name in _OF_THE_ENTRY else question or _ASKS[name])
        waiting = rules.setdefault(name, [])
        if rule is not None and rule not in waiting:
            waiting.append(rule)

    for refusal in refusals:
        for name in refusal.needs:
            add(name, _REFUSED, _ASKS.get(name, refusal.says), None)
    for finding in findings:
        if finding.state is State.UNKNOWN:
            for name in finding.needs:
                rank = _RATE if finding.rule in CHANGING else _WOULD[finding.effect, finding.severity]
                add(name, rank, finding.asks, finding.rule)
    if without_pump_rate:
        add("preparation", _PUMP, "", None)
        ranks["preparation"] = _PUMP  # the rules that wait for it judge the pump's rounding and the bag
    if pump_assumed:
        add("pump", (6, "the rounding of the pump setting"), "", None)
    ordered = sorted(ranks, key=lambda name: (ranks[name][0], -len(rules[name])))
    return tuple(Missing(name, asks[name], ranks[name][1], tuple(rules[name])) for name in ordered)
