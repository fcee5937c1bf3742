"""When a search may pass the label's renal line: on a measured and fitted level alone, and never otherwise.

Knows what must speak for it and what speaks against it. It passes no other limit: not the entry's maximum, not what the
24 h total leaves, not a hospital's own. The plan itself stays below the line.
"""

from __future__ import annotations

from dataclasses import replace

from inotrope.dosing import Regimen
from inotrope.findings import State, Truth
from inotrope.patient import vocabulary
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


def above_the_line(outcome: Outcome, allowed: Allowed, fitted: Fitted) -> Allowed:
    """Return what may be searched with the renal line open, or as it was where it stays shut.

    It opens where the line, and no other limit, binds; on a level that was measured while the infusion ran or after it,
    is no older than what a level may be to speak of now, could be quantified, tells of the clearance (one that is drawn
    soon after the start does not) and is fitted by a model made in such patients; with a clearance that was neither
    assumed nor changes; and where no finding speaks against a step upward and none was set aside.

    Args:
        outcome: What the plan found.
        allowed: What may be searched below the line.
        fitted: What the levels left.
    """
    level, regimen, entry = _level(outcome, fitted), outcome.regimen, outcome.entry
    assert regimen is not None and entry is not None  # nothing would be allowed
    if level is None or _shut(outcome) or entry.renal is None or outcome.kidney.clearance is None:
        return allowed
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
    settings = tuple(item for item in above.settings if item.rate <= stages[-1].highest)
    way = Way(None, below.load_rate, tuple(stages), settings, below.ends_h)
    if settings[-1].rate <= allowed.highest:
        return allowed
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
    """Return the newest level that may open the line; None where none may."""
    if (
        fitted.status is not FitStatus.FITTED
        or fitted.beyond
        or fitted.kidneys.walk is not None
        or not narrowed(fitted.fits, fitted.weighed)
    ):
        return None
    oldest = -vocabulary().limit("concentration.fresh_for").value.in_unit("h")
    fresh = [item for item in fitted.levels.used if item.hours.value >= oldest and not item.below]
    return fresh[-1] if fresh and outcome.past.given_before is not Truth.UNKNOWN else None


def _shut(outcome: Outcome) -> bool:
    """Tell whether something keeps the line shut whatever was measured."""
    aside = any(item.state is State.OVERRIDDEN for item in outcome.findings)
    changing = outcome.kidney.changing is not Truth.ABSENT
    return aside or changing or outcome.kidney.assumed or held_down(outcome.findings) or must_be_slower(outcome)
