"""The only list of questions, ordered by what their answers would change.

Knows which rules are open and what each would do. A question stands once, however many rules wait for it, and asks for
its own piece alone: a rule that waits for several pieces words a question that says more than this case lacks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

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
    "height": "How tall is the patient? Without the height the clearance of the kidneys cannot be computed.",
    "indication": "Is the indication right? The refusal says which uses have a dose, and at which age.",
    "age": "Is the age right (the date of birth, on the first days of life with the time of day)? If it is, the "
    "refusal says which uses have a dose at which age.",
    "gestational age": "What was the gestational age at birth? Write weeks and days, such as '27+3'.",
    "authority": "Whose dose is wanted? The refusal lists the authorities that have one for this use and age.",
    "renal impairment": "Are the kidneys impaired? Record the condition 'renal impairment' as present or absent.",
    "oliguria": "How much urine does the patient pass, in mL/kg/h? Or record the condition 'oliguria' (too little "
    "urine) as present or absent: little urine says that the kidneys are changing.",
    "low blood pressure for age": "Is the blood pressure low for this age? Record the condition low blood pressure for "
    "age as present or absent.",
    "diluent": "What is the drug diluted with in this bag or syringe?",
    "preparation": "Which bag or syringe hangs on the pump? Write product and concentration.",
    "preparation volume": "How large is the bag or syringe?",
    "pump": "What is the smallest step of the pump?",
    "administrations": "Is the drug running, or was it given before? Write every dose and rate with its times.",
}

_CREATININE = "serum creatinine"
_EARLIER = (
    "Was the serum creatinine measured before, and what was it? With an earlier one the plan can say whether the "
    "kidneys are changing."
)
_PRESSURES = ("mean arterial pressure", "systolic blood pressure")
_BOTH_PRESSURES = "What are the mean arterial pressure and the systolic blood pressure now?"
_EVENTS = "events"
"""One list answers every rule that waits for it, so that all of the weightiest are asked."""


def missing_questions(
    findings: tuple[Finding, ...],
    refusals: tuple[Refusal, ...],
    *,
    without_pump_rate: bool,
    pump_assumed: bool,
    measured: Collection[str] = (),
) -> tuple[Missing, ...]:
    """Return the questions, those first whose answers would change the dose most.

    Args:
        findings: All findings; those unknown ask.
        refusals: Each names what would change it.
        without_pump_rate: True when a rate stands but no concentration is known.
        pump_assumed: True when the pump's step is the entry's default.
        measured: What the case holds measurements of, however old.
    """
    ranks: dict[str, tuple[int, str]] = {}
    asks: dict[str, str] = {}
    rules: dict[str, list[str]] = {}

    def add(name: str, rank: tuple[int, str], question: str, rule: str | None) -> None:
        ranks[name] = min(ranks.get(name, rank), rank)
        asks[name] = asks.get(name) or _ASKS.get(name) or question
        waiting = rules.setdefault(name, [])
        if rule is not None and rule not in waiting:
            waiting.append(rule)

    for refusal in refusals:
        for name in refusal.needs:
            add(name, _REFUSED, _ASKS.get(name, refusal.says), None)
    for finding in findings:
        if finding.state is State.UNKNOWN:
            for name in finding.needs:
                if name == _CREATININE and name in measured:
                    asks.setdefault(name, _EARLIER)
                rank = _RATE if finding.rule in CHANGING else _WOULD[finding.effect, finding.severity]
                add(name, rank, finding.asks, finding.rule)
    if without_pump_rate:
        add("preparation", _PUMP, "", None)
        ranks["preparation"] = _PUMP  # the rules that wait for it judge the pump's rounding and the bag
    if pump_assumed:
        add("pump", (6, "the rounding of the pump setting"), "", None)
    asks |= _together(findings, asks)
    ordered = sorted(ranks, key=lambda name: (ranks[name][0], -len(rules[name])))
    return tuple(Missing(name, asks[name], ranks[name][1], tuple(rules[name])) for name in ordered)


def _together(findings: tuple[Finding, ...], asks: Mapping[str, str]) -> dict[str, str]:
    """Return the questions that depend on what else is asked: the two pressures, and the events that are waited for."""
    found = {name: _BOTH_PRESSURES for name in _PRESSURES if asks.keys() >= set(_PRESSURES)}
    found |= {name: f"What is the {name} now?" for name in _PRESSURES if name in asks and name not in found}
    waiting = [item for item in findings if item.state is State.UNKNOWN and item.needs == (_EVENTS,)]
    first = min((_WOULD[item.effect, item.severity] for item in waiting), default=None)
    questions = [item.asks for item in waiting if _WOULD[item.effect, item.severity] == first]
    return found | ({_EVENTS: " ".join(dict.fromkeys(questions))} if questions else {})
