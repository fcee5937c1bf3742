"""What is said of a whole search for a dose: on whom it stands, what it supposes, and who decides."""

from __future__ import annotations

from inotrope.findings import State, Truth
from inotrope.plan.fitting.doubts import unusually_low
from inotrope.plan.fitting.making import Fitted, can_be_fitted
from inotrope.plan.fitting.record import FitStatus
from inotrope.plan.fitting.saying import ALL_BEYOND
from inotrope.plan.outcome import Outcome
from inotrope.plan.target.beside_the_running import raises
from inotrope.plan.target.counting import answers_of, extrapolates, near_of
from inotrope.plan.target.search_record import Search, TargetStatus
from inotrope.population import Model

LOWEST = (
    "No level is measured: each model that holds for such patients stands by itself, never averaged, and the lowest "
    "rate that any of them names is named."
)
ONE_VETO = "By {by} none is safe: so none is named."
HELD = "Nothing here lifts a limit of the plan, and the prescriber decides. Measure a level before and after a change."
NONE_NEAR = "No model was made in patients like this one: those that stand here all extrapolate."
MOVING = (
    "The kidneys move: what is named supposes that they go on as they are, each draw by its own path; the named ways "
    "in which they may go on stand beside it and are no forecast of the kidneys."
)
UNKNOWN_PAST = "The case does not say what was given before: nothing is supposed, and every level may be too low."
HELD_KIDNEYS = (
    "This is more than runs now, and the kidneys are taken as they are: that they may fail meanwhile is in none of the "
    "chances. Measure creatinine again, and a level."
)
BY_MODELS = "By {names}."
KIDNEYS_GO_ON = (
    "The kidneys are supposed to go on as they are: if they fail further, the level rises above what stands here."
)
KIDNEYS_UNKNOWN = (
    "Kidneys that change are not in these courses, or not in all of them: if they fail, the level rises above what "
    "stands here."
)
HIGH_LEVEL = "level-above-studied-range"
SECOND_LEVEL = (
    "Measure a second level before any step upward: that of {level} at {at:%Y-%m-%d %H:%M} is lower than nearly all "
    "patients of a model that counts here would have. Look first whether the pump runs and the line is whole."
)
MEASURE_NOW = (
    "Measure a level now: that of {at:%Y-%m-%d %H:%M} still keeps every step upward away, though by the fit it is "
    "{now} by now."
)


def left_out(fitted: Fitted, models: tuple[Model, ...]) -> tuple[str, ...]:
    """Return the models from which no draw counts, and why."""
    found = [
        f"{name}: {' '.join(item.says for item in answer)}"
        for name, (_, _, answer, _) in fitted.fits.items()
        if isinstance(answer, tuple)
    ]
    if fitted.status is FitStatus.FITTED:
        found += [f"{name}: {why}" for name, why in fitted.weighed.left_out.items()]
    else:
        near = near_of(fitted)
        found += [f"{name}: made in other patients than this one" for name in answers_of(fitted) if name not in near]
    unable = ", ".join(model.name for model in models if not can_be_fitted(model))
    return (*found, f"{unable}: draw no curve, or do not say how patients differ") if unable else tuple(found)


def said(
    outcome: Outcome, fitted: Fitted | None, searches: tuple[Search, ...], named: Search | None
) -> tuple[str, ...]:
    """Return what holds for all of it.

    Args:
        outcome: What the plan found.
        fitted: What the levels left; None where no model was asked.
        searches: All of them.
        named: The one that names; None where none does.
    """
    if fitted is None or not searches:
        return ()
    says = []
    if fitted.status is not FitStatus.FITTED:
        says.append(LOWEST)
        says += [ONE_VETO.format(by=item.by) for item in searches if item.status is TargetStatus.NONE_SAFE]
        if all_extrapolate(fitted, searches):
            says.append(NONE_NEAR)
    elif fitted.beyond:
        says.append(ALL_BEYOND)
    if fitted.past.given_before is Truth.UNKNOWN:
        says.append(UNKNOWN_PAST)
    says += [f"{item.as_written}: {item.refused.says}" for item in fitted.levels.every if item.refused is not None]
    machines = dict.fromkeys(machine.says for item in fitted.fits.values() for machine in item[0].setting.machines)
    says += machines
    if fitted.kidneys.walk is not None:
        says.append(MOVING)
    elif raises(outcome, named):
        says.append(HELD_KIDNEYS)
    says.append(f"{outcome.drug.studied_ranges[0].says} {HELD}" if outcome.drug.studied_ranges else HELD)
    return tuple(says)


def all_extrapolate(fitted: Fitted | None, searches: tuple[Search, ...]) -> bool:
    """Tell whether every model that a search stands on was made in other patients than this one."""
    if fitted is None or not searches:
        return False
    if fitted.status is FitStatus.FITTED:
        return fitted.beyond
    return all(extrapolates(fitted.fits[item.by][0]) for item in searches)


def of_courses(fitted: Fitted) -> tuple[str, ...]:
    """Return what courses of fitted levels suppose where no rate is searched."""
    models = [fitted.fits[name][0] for name in fitted.weighed.models]
    names = ", ".join(item.model.name.rpartition("/")[2] for item in models)
    says = [BY_MODELS.format(names=names)]
    if fitted.beyond:
        says.append(ALL_BEYOND)
    moves = [item.moves for item in models]
    return (*says, KIDNEYS_GO_ON if all(moves) else KIDNEYS_UNKNOWN)


def measure_now(
    outcome: Outcome, fitted: Fitted | None, searches: tuple[Search, ...], high: float, named: Search | None
) -> str:
    """Return why a level is wanted at once; empty where none is.

    A high level keeps every step upward away for as long as it counts as fresh, also where what runs was lowered since.
    A low one that hardly any patient would have is to be seen twice before anything is raised on it.
    """
    if fitted is None or not fitted.levels.used:
        return ""
    low = unusually_low(fitted.fits, fitted.weighed, fitted.levels.used) if raises(outcome, named) else None
    if low is not None:
        return SECOND_LEVEL.format(level=low.as_written, at=low.at)
    fires = any(item.rule == HIGH_LEVEL and item.state is State.FIRES for item in outcome.findings)
    now = [item.courses[0].now.median for item in searches if item.courses]
    if not fires or not now or max(value.in_unit("ng/mL") for value in now) > high:
        return ""
    return MEASURE_NOW.format(at=fitted.levels.used[-1].at, now=max(now).shown(0))
