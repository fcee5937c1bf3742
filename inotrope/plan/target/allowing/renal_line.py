"""When a search may pass the label's renal line: on a measured and fitted level alone, and never otherwise.

Knows what must speak for it and what speaks against it. It passes no other limit: not the entry's maximum, not what the
24 h total leaves, not a hospital's own. The plan itself stays below the line.
"""

from __future__ import annotations

from dataclasses import replace

from inotrope.dosing import Regimen
from inotrope.findings import State, Truth
from inotrope.patient import Case, vocabulary
from inotrope.patient.creatinine import CREATININE
from inotrope.plan.fitting.doubts import narrowed
from inotrope.plan.fitting.making import Fitted
from inotrope.plan.fitting.record import FitStatus, MeasuredLevel
from inotrope.plan.outcome import Outcome
from inotrope.plan.running import held_down
from inotrope.plan.target.allowing.allowed import Allowed, highest_of, must_be_slower, regimen_without_load
from inotrope.plan.target.allowing.ways import Stage, Way, way_of, with_pauses

LINE = "renal line"
ABOVE = (
    "The label's renal line, {line}, may be passed, since the level of {level} at {at:%Y-%m-%d %H:%M} is fitted: up to "
    "{highest}, {because}. The plan itself stays below the line."
)

SHUT = (
    "The label's renal line, {line}, holds: the level of {level} at {at:%Y-%m-%d %H:%M} does not open it, since {why}. "
    "Measure a level now for more."
)
ONE_STEP = "one step upward for each level: measure again before a further one"
"""A level needs about four half-lives to settle (patient.md, titration interval), and a step of half an hour does not
wait for it: how many steps one level bears is a judgement."""
FRESH = "kidney.creatinine_fresh_when_changing"
"""How old a level may be that opens the line: that of a creatinine which may be changing (patient.md, kidney, a
judgement). A finding may stand on an older one; a step above a limit of the kidneys may not."""
RISEN_SDS = 2
"""SDs of a creatinine: more than this the newer one is higher, a judgement."""


def above_the_line(outcome: Outcome, allowed: Allowed, fitted: Fitted) -> Allowed:
    """Return what may be searched with the renal line open, or as it was where it stays shut.

    It opens where the line, and no other limit, binds; on a level that was measured while the infusion ran or after it,
    is as fresh as a creatinine of kidneys that change must be, with no creatinine since that is higher; could be
    quantified, tells of the clearance (one that is drawn soon after the start does not) and is fitted by a model made
    in such patients; with a clearance that was neither assumed nor changes; where no finding speaks against a step
    upward and none was set aside; and not where it was stopped. Where the level alone keeps it shut, that is said.

    Args:
        outcome: What the plan found.
        allowed: What may be searched below the line.
        fitted: What the levels left.
    """
    level, regimen, entry = _level(outcome, fitted), outcome.regimen, outcome.entry
    assert regimen is not None and entry is not None  # nothing would be allowed
    if level is None or _shut(outcome) or entry.renal is None or outcome.kidney.clearance is None:
        return allowed
    why_not = _too_little(outcome, fitted, level)
    line = regimen.maintenance.maximum
    opened = regimen_without_load(outcome, replace(entry, renal=None))
    if not isinstance(opened, Regimen) or outcome.kidney.clearance > entry.renal.upper.value:
        return allowed
    highest, because = highest_of(outcome, opened)
    below, interval_h = allowed.ways[0], entry.titration.interval.value.in_unit("h")
    above = way_of(outcome, opened, None, highest=highest, below=None)
    stages = list(below.stages)
    for stage in above.stages:
        if stage.highest <= stages[-1].highest:
            continue
        if not stage.from_h and outcome.past.running_rate is not None and outcome.past.running_rate > line:
            stages.pop()  # what runs above the line may run on
            stages.append(stage)
        else:
            stages.append(Stage(max(stage.from_h, stages[-1].from_h + interval_h), stage.highest))
            if stage.highest < highest:
                highest, because = stage.highest, ONE_STEP
            break
    settings = tuple(item for item in above.settings if item.rate <= stages[-1].highest)
    way = Way(None, below.load_rate, tuple(stages), settings, below.ends_h)
    if settings[-1].rate <= allowed.highest:
        return allowed
    if why_not:
        says = SHUT.format(line=line.shown(4), level=level.as_written, at=level.at, why=why_not)
        return replace(allowed, says=(says, *allowed.says))
    says = ABOVE.format(
        line=line.shown(4), level=level.as_written, at=level.at, highest=highest.shown(4), because=because
    )
    return replace(
        allowed,
        ways=(way, *with_pauses(outcome, way), *(item for item in allowed.ways if item.load is not None)),
        because=because,
        line=line,
        says=(says, *allowed.says),
    )


def _level(outcome: Outcome, fitted: Fitted) -> MeasuredLevel | None:
    """Return the newest level that was quantified and fitted by models of such patients; None where there is none."""
    if fitted.status is not FitStatus.FITTED or fitted.beyond or fitted.kidneys.walk is not None:
        return None
    known = [item for item in fitted.levels.used if not item.below]
    return known[-1] if known and outcome.past.given_before is not Truth.UNKNOWN else None


def _too_little(outcome: Outcome, fitted: Fitted, level: MeasuredLevel) -> str:
    """Return why a level says too little of what the kidneys clear now; empty where it says enough."""
    fresh = vocabulary().limit(FRESH).value
    if -level.hours.value > fresh.in_unit("h"):
        return f"it is older than {fresh.shown(0)}, and the kidneys may have changed since"
    if _risen_since(outcome.case, level):
        return "the creatinine rose since, or none tells how it was when the level was drawn"
    return "" if narrowed(fitted.fits, fitted.weighed) else "it leaves most of what is not known of the clearance"


def _risen_since(case: Case, level: MeasuredLevel) -> bool:
    """Tell whether a creatinine after a level lies above that of its time by more than its error; none at it is so."""
    every = case.every(CREATININE)
    before = next((item.value.value for item in every if item.at <= level.at), None)
    if before is None:
        return True
    most = before * (1 + RISEN_SDS * vocabulary().ratio("kidney_walk.measurement_sd").value)
    return any(item.value.value > most for item in every if item.at > level.at)


def _shut(outcome: Outcome) -> bool:
    """Tell whether something keeps the line shut whatever was measured."""
    kidney, paused = outcome.kidney, outcome.past.paused is not None
    aside = paused or any(item.state is State.OVERRIDDEN for item in outcome.findings)
    unsure = kidney.assumed or kidney.changing is not Truth.ABSENT
    return aside or unsure or held_down(outcome.findings) or must_be_slower(outcome)
