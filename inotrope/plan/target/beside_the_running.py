"""What an answer means for what runs now: more, less or the same, and what the plan says of it.

Knows words; whether a rate may be raised, the plan decides. A level alone is no order to change what was titrated by
effect, and an infusion that was stopped is not begun again by a search.
"""

from __future__ import annotations

from inotrope.dosing import prepared_concentration
from inotrope.plan.outcome import Outcome
from inotrope.plan.record import PlanStatus
from inotrope.plan.running import asked_of_the_rate, given_so_far, running_infusion, speaks_against_a_raise
from inotrope.plan.running_record import RunningInfusion
from inotrope.plan.target.scoring import ALIKE
from inotrope.plan.target.search_record import Candidate, Change, Course, Search

MORE = "What is named is MORE: a step upward, only if the patient needs it and on the prescriber's word."
PAUSE = "What is named is a pause and then less: the prescriber decides."
SAME = "What is named is what runs."
LESS = "What is named is less: no order to lower a rate that was titrated by effect; the prescriber decides."
LESS_ASKED = "What is named is less."
UNSEARCHED = (
    "Within what is allowed for this patient now, at most {highest}: what 'inotrope plan' says of it stands, and the "
    "prescriber decides."
)
AS_GOOD = "By the score what runs is as good: that is no reason to change it."


def raises(outcome: Outcome, named: Search | None) -> bool:
    """Tell whether what a search names is more than runs now."""
    running = running_infusion(outcome)
    if running is None or named is None or named.named is None:
        return False
    candidate = named.named.candidate
    return not _same(running, candidate) and candidate.rate > running.rate


def change(outcome: Outcome, named: Search | None, penalty: float) -> Change | None:
    """Return what is named means for what runs or is paused; None where nothing is named.

    Args:
        outcome: What the plan found.
        named: The search that names; None where none does.
        penalty: What time above the range counts.
    """
    if named is None or named.named is None:
        return None
    running, candidate = running_infusion(outcome), named.named.candidate
    if running is None:
        return Change.RESUME if paused(outcome) else Change.START
    if asked_of_the_rate(outcome.findings) is not None:
        return Change.REDUCE
    if candidate.pause.value or not candidate.rate.value:
        return Change.PAUSE
    if candidate.rate > running.rate and not _same(running, candidate):
        return Change.RAISE
    good = not _against(outcome, running) and _as_good(named, penalty)
    return Change.LEAVE if good or _same(running, candidate) else Change.LOWER


def runs_now(outcome: Outcome, named: Search | None, penalty: float) -> str:
    """Return what runs now, what the plan says of it, and how what is named compares; empty where nothing runs.

    Args:
        outcome: What the plan found.
        named: The search that names; None where none does.
        penalty: What time above the range counts.
    """
    running = running_infusion(outcome)
    if running is None:
        return ""
    strength, setting = prepared_concentration(outcome.case, outcome.drug), running.pump_setting
    names = named is not None and setting is not None and strength is not None  # what is withheld shows no mL/h
    parts = [f"{running.rate.shown(4)}{f' ({setting} of {outcome.drug.name} {strength})' if names else ''}."]
    against = _against(outcome, running)
    if outcome.status is not PlanStatus.PLAN or against:
        parts.append(f"{running.says.rstrip('.')}.")
    elif named is None and outcome.regimen is not None:
        parts.append(UNSEARCHED.format(highest=outcome.regimen.maintenance.maximum.shown(4)))
    if named is not None and named.named is not None:
        parts.append(_beside(running, named, penalty, plain=not against))
    return " ".join(parts)


def paused(outcome: Outcome) -> str:
    """Return that an infusion was stopped and what holds before it runs again; empty where none was."""
    given = None if running_infusion(outcome) is not None else given_so_far(outcome)
    return "" if given is None or given.paused is None else f"{given.paused.says.rstrip('.')}."


def _beside(running: RunningInfusion, named: Search, penalty: float, *, plain: bool) -> str:
    """Say how what is named compares; where something asks for less, nothing is said for what runs."""
    assert named.named is not None  # the caller looked
    candidate = named.named.candidate
    if candidate.pause.value:
        return PAUSE
    if _same(running, candidate):
        return SAME
    if candidate.rate > running.rate:
        return MORE
    if not plain:
        return LESS_ASKED
    return f"{LESS} {AS_GOOD}" if _as_good(named, penalty) else LESS


def _against(outcome: Outcome, running: RunningInfusion) -> bool:
    """Tell whether anything speaks against what runs, so that nothing is said for it."""
    held = bool(speaks_against_a_raise(outcome.findings))
    return held or running.above_allowed is True or running.loading_until is not None


def _as_good(named: Search, penalty: float) -> bool:
    assert named.named is not None  # the caller looked
    best = named.named.candidate.score
    return any(_score(course, penalty) >= best - ALIKE for course in named.courses[:1])


def _score(course: Course, penalty: float) -> float:
    return (float(course.inside.value) - penalty * float(course.above.value)) / 100


def _same(running: RunningInfusion, candidate: Candidate) -> bool:
    """Tell whether it is the same rate, or the same setting of the pump; a pause is neither."""
    set_alike = candidate.pump_rate is not None and candidate.pump_rate == running.pump_setting
    return not candidate.pause.value and (set_alike or candidate.rate == running.rate)
