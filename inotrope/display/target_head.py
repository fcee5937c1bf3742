"""The head of a search for a dose: what to ask the prescriber for, what runs now, and what must be known before.

Knows one voice: nothing here is an order, so every change is asked of the prescriber, and its first word says whether
it raises, lowers or leaves what runs. It computes nothing.
"""

from __future__ import annotations

from inotrope.display.findings_sheet import open_stops, why_refused
from inotrope.display.plan_dose import stands_on
from inotrope.display.sheet import Card, Mark, Row, moment, rate
from inotrope.display.target_parts import given, range_of, set_to, short
from inotrope.findings import Finding, Severity, State
from inotrope.plan.running import asked_of_the_rate
from inotrope.plan.target.record import BestCandidate, Change, Target, TargetStatus
from inotrope.units import later

_WORDS = {
    TargetStatus.NONE_SAFE: (Mark.WARN, "NONE IS SAFE"),
    TargetStatus.NONE_REACHES: (Mark.ASK, "NONE REACHES THE RANGE"),
    TargetStatus.STOPPED: (Mark.STOP, "STOPPED"),
    TargetStatus.REFUSED: (Mark.REFUSED, "REFUSED"),
}
_CALM = (Change.RAISE, Change.LOWER, Change.LEAVE, Change.START)
_PAUSE, _STARTS_NOTHING = "Ask the prescriber to pause the infusion", "Give nothing for now"
_MEASURE_AROUND = "Measure a level before this change and after it."
_MEASURE = {
    None: "Measure a level.",
    Change.LEAVE: "Measure a level before any change and after it.",
    Change.START: "Measure a level once it runs, and before every change and after it.",
    Change.RESUME: "Measure a level before it runs again and after.",
    Change.LOWER: "Draw a level before this change and after it. No step downward waits for its result.",
    Change.PAUSE: "Draw a level now and before it runs again. The pause does not wait for its result.",
    Change.REDUCE: "Draw a level now and after the change. Nothing that is reduced or stopped waits for its result.",
}
_STRICTEST = (
    "{count} stop rules fire. Where they ask for different things, do what goes farthest (stop before lower), and call "
    "the prescriber now."
)
_LIGHTLY = (
    "Time above the range counts {penalty:g} times time in it, as asked for: a rate with much time above it can be "
    "named."
)
_ELSEWHERE = "Every model that answers was made in other patients than this one: the plan's own rates come first."


def target_card(target: Target) -> Card:
    """Return the answer in a line, and what a reader must know who reads no further."""
    mark, word = _marked(target)
    return Card(mark, _title(target), "", tuple(_in_short(target)), word)


def target_alerts(target: Target) -> tuple[Card, ...]:
    """Return what runs now, and what the plan warns of and asks: a rate that is named is no plan."""
    told = (("RUNS NOW", target.runs_now), ("PAUSED", target.paused))
    found = [Card(Mark.WARN, says, "", (), word) for word, says in told if says]
    weighty = [
        item
        for item in target.findings
        if item.alerts
        and item.state in (State.FIRES, State.OVERRIDDEN)
        and item.severity in (Severity.STOP, Severity.WARN)
    ]
    if weighty and target.status is not TargetStatus.STOPPED:
        first, *others = (_warned(target, item) for item in weighty)
        found.append(Card(Mark.WARN, first, "", tuple(Row("", text, strong=True) for text in others), "THE PLAN WARNS"))
    asked = open_stops(target.findings, target.missing)
    if asked and target.searches:
        title = f"{asked} could stop it: answer them first ('inotrope plan' asks them)"
        found.append(Card(Mark.ASK, title, "", (), "INCOMPLETE:"))
    return tuple(found)


def _warned(target: Target, item: Finding) -> str:
    """Return a warning of the plan with what it asks for, unless the page says that already."""
    said = [refusal.says for refusal in target.refusals] + [target.runs_now]
    if any(item.advice in text for text in said):
        return f"{item.title}."
    return f"{item.title}. {item.advice}".strip()


def _marked(target: Target) -> tuple[Mark, str]:
    """Return the sign and the first word: only what is asked without a doubt has the sign of a plan."""
    if target.change is None:
        return _WORDS[target.status]
    hardly = target.status is TargetStatus.MOSTLY_OUTSIDE
    aside = any(item.state is State.OVERRIDDEN for item in target.findings)
    doubted = target.extrapolates or aside or hardly or (target.raises and bool(target.measure_now))
    calm = target.change in _CALM and not doubted
    # Where a finding asks to reduce, no range is the aim, and nothing beside the word may speak against it.
    beside = " (EVEN SO MOSTLY OUT OF THE RANGE)" if hardly and target.change is not Change.REDUCE else ""
    word = f"{target.change.upper()}{beside}"
    return Mark.PLAN if calm else Mark.WARN, word


def _title(target: Target) -> str:
    """Return the answer in a line: asked of the prescriber, in one voice."""
    if target.named is not None:
        return _asked(target, target.named)
    return {
        TargetStatus.NONE_SAFE: _pause_title(target) if target.pause else "No rate is named",
        TargetStatus.NONE_REACHES: "Every allowed rate stays below it",
        TargetStatus.STOPPED: "A stop rule fires: no rate is searched",
    }.get(target.status, "No rate is searched")


def _asked(target: Target, named: BestCandidate) -> str:
    """Return what to ask the prescriber for."""
    one, what, change = named.candidate, given(named.candidate, target), target.change
    if change in (Change.START, Change.RESUME) and not one.rate.value:
        return _STARTS_NOTHING
    if change is Change.RESUME:
        return f"On the prescriber's word, and with no load: at most {what}{_first_step(target, named)}"
    if change is Change.START:
        return f"Ask the prescriber for {'the ' if one.load else ''}{what}{_first_step(target, named)}"
    if change is Change.REDUCE:
        asking = asked_of_the_rate(target.findings)
        assert asking is not None  # the change says so
        return f"{asking.title}: call the prescriber now. The rate below is for comparison"
    if change is Change.PAUSE:
        then = what.partition(", then ")[2]
        return f"{_PAUSE} for {short(one.pause)}, then to run {then}" if then else _PAUSE
    if change is Change.LEAVE:
        return "Of what is allowed no rate is better by the score than what runs: no reason to change it"
    return f"Ask the prescriber to {change} it to {what}{_first_step(target, named)}"


def _first_step(target: Target, named: BestCandidate) -> str:
    """Return which rate comes first where the one that is named waits for the plan's steps; empty where it does not."""
    if len(named.steps) == 1 or named.candidate.load or named.candidate.pause.value:
        return ""
    first, then = named.steps[:2]
    return f". In steps: first {set_to(first)}, no more before {later(target.made_for, then.after):%H:%M}"


def _pause_title(target: Target) -> str:
    return _PAUSE if target.runs_now else _STARTS_NOTHING


def _in_short(target: Target) -> list[Row]:
    """Return what a reader must know who reads no further, and what all of it stands on."""
    several = target.status is TargetStatus.STOPPED and len(target.refusals) > 1
    rows = [Row("", _STRICTEST.format(count=len(target.refusals)), strong=True)] if several else []
    rows += why_refused(target.refusals, "'inotrope fit' shows all")
    rows += [Row("To do next", text, strong=True) for text in target.to_do]
    if target.named is not None:
        if target.extrapolates:
            rows.append(Row("", _ELSEWHERE, strong=True))
        if target.change in (Change.REDUCE, Change.LEAVE):
            rows.append(Row("", _for_comparison(target, target.named)))
        item = target.named.candidate
        text = f"{item.inside.shown(0)} of the next 24 h at {range_of(target)}, {item.above.shown(0)} above, "
        rows.append(Row("", f"{text}{item.below.shown(0)} below. {_as_it_runs(target)}".strip(), strong=True))
    elif target.pause is not None:
        rows += [Row("", text, strong=True) for text in _pause(target)]
    elif target.searches:
        rows += [Row("", text) for text in dict.fromkeys(text for item in target.searches for text in item.says)]
        if target.status is TargetStatus.NONE_REACHES and target.allowed is not None:
            held = [text for text in target.allowed.says if text.startswith("No step upward")]
            most = f"At most {rate(target.allowed.highest)} may be searched: {target.allowed.because}."
            rows.append(Row("", " ".join([most, *held])))
    if target.searches and target.pause is None:
        rows.append(Row("", _next_level(target)))
    if target.searches and target.penalty < 1:
        rows.append(Row("", _LIGHTLY.format(penalty=target.penalty), strong=True))
    return rows + stands_on(target.assumptions)


def _for_comparison(target: Target, named: BestCandidate) -> str:
    """Return what the level alone would have where it is not what to do."""
    if target.change is Change.REDUCE:
        return f"Of what is slower than it runs, by the level alone: {given(named.candidate, target)}."
    alike = next(item.alike_from for item in target.searches if item.by == target.named_by)
    return f"Lowest rate that is as good, by the level alone: {rate(alike)}."


def _as_it_runs(target: Target) -> str:
    """Return how the time lies if what runs goes on, by the search that names; empty where nothing runs."""
    courses = next((item.courses for item in target.searches if item.by == target.named_by), ())
    if not courses:
        return ""
    runs = courses[0]
    return f"As it runs now: {runs.inside.shown(0)}, {runs.above.shown(0)} above, {runs.below.shown(0)} below."


def _pause(target: Target) -> list[str]:
    """Return what to do where the level is above the range and falls slowly."""
    pause = target.pause
    assert pause is not None  # the caller looked
    if pause.after is None or pause.ninety_from is None:
        falls = f"Paused, it stays above the range for 24 h in most draws ({pause.comes_down.shown(0)} come down)."
    else:
        late = "later than 24 h" if pause.ninety_to is None else pause.ninety_to.shown(1)
        falls = (
            f"Paused, it is no longer above {target.wanted.high} after {pause.after.shown(1)} (90 %: "
            f"{pause.ninety_from.shown(1)} to {late})."
        )
    measure = f"Measure a level in {pause.measure_after.shown(1)}, at {moment(pause.measure_at)}, and search again."
    return [f"The level is above the range, and every rate leaves it there for too long. {falls}", measure]


def _next_level(target: Target) -> str:
    """Return what the rules ask of levels, whatever one is worth by the draws, and when the next one is worth most."""
    if target.measure_now:
        return target.measure_now
    level, asks = target.next_level, _MEASURE.get(target.change, _MEASURE_AROUND)
    if level is None:
        return asks
    return (
        f"{asks} Draw the next level in {short(level.after)}, at {moment(level.at)}, and choose the rate anew on it: "
        f"worth {short(level.worth)} of the 24 h."
    )
