"""Whether levels bear what a search would do with them: asked once they are fitted, before any rate is searched.

Knows three ways in which a fit is a fit and yet no ground for a dose: a level that most models call impossible, levels
that no patient can have together, and a level that came too early to tell of the clearance. It changes no fit.
"""

from __future__ import annotations

import numpy as np

from inotrope.estimation.plausibility import IMPLAUSIBLE
from inotrope.findings import Refusal
from inotrope.plan.fitting.making import Fitted
from inotrope.plan.fitting.of_model import Answer
from inotrope.plan.fitting.record import FitStatus, MeasuredLevel
from inotrope.population import Standing

NARROWED = 0.5
"""Share of the variance of clearance that levels may leave: a judgement. Where more is left, the prior speaks."""
CLEARANCE, IMPLAUSIBLE_ID = "clearance", "level-implausible"
LEAST = 1e-9
"""ng/mL, so that a level of 0 has a logarithm."""
TOO_LOW = (
    "The level of {level} is far lower than {models} would have it. A search would raise the rate on it, so none is "
    "done. Look first whether the pump runs and the line is whole, and whether the sample, its unit and its time are "
    "right; then measure a level again."
)
CONTRADICT = (
    "The levels contradict each other: {levels} cannot all be of this patient after what is recorded as given, so no "
    "rate is searched. Check unit, time and place of each, and every dose; leave the wrong one out, or measure again."
)


def doubts(fitted: Fitted) -> tuple[Refusal, ...]:
    """Return why no rate may be searched on levels that were fitted; nothing where none was.

    A level that is implausibly low for one model of such patients is no ground to raise a rate by another: a line that
    leaks, a wrong sample or a slip is likelier than such a patient. One that
    is too high leads downward, and is searched.
    """
    if fitted.status is not FitStatus.FITTED:
        return ()
    return _far_too_low(fitted) or _contradicting(fitted)


def narrowed(fitted: Fitted) -> bool:
    """Tell whether the levels tell of the clearance, over the models that count."""
    models = fitted.weighed.models
    left = sum(item.share * _left_open(_answer(fitted, name)) for name, item in models.items())
    return bool(models) and left <= NARROWED


def _left_open(answer: Answer) -> float:
    """Return how much of the variance of clearance the levels left, a share; all of it where a model has none."""
    names, omega = answer.problem.names, answer.problem.omega
    place = names.index(CLEARANCE) if CLEARANCE in names else None
    return 1.0 if place is None else float(answer.posterior.etas[:, place].var() / omega[place, place])


def _far_too_low(fitted: Fitted) -> tuple[Refusal, ...]:
    used, found = fitted.levels.used, list[tuple[str, MeasuredLevel, Refusal]]()
    measured = np.maximum([float(item.value.in_unit("ng/mL")) for item in used], LEAST)
    for name, (fitting, usual, answer, _) in fitted.fits.items():
        near = fitting.setting.domain.standing is not Standing.EXTRAPOLATION
        why = () if isinstance(answer, Answer) or not near else [item for item in answer if item.id == IMPLAUSIBLE_ID]
        if usual is not None and why:
            typical = usual.levels([float(item.hours.value) for item in used])[0]
            off = np.log(measured / np.maximum(typical, LEAST))
            place = int(np.argmax(np.abs(off)))
            found += [(name.rpartition("/")[2], used[place], why[0])] if off[place] < 0 else []
    if not found:
        return ()
    says = TOO_LOW.format(level=_told(found[0][1]), models=" and ".join(name for name, _, _ in found))
    return (Refusal("level-doubted", says, ("concentration", "administrations")), found[0][2])


def _contradicting(fitted: Fitted) -> tuple[Refusal, ...]:
    """Return that a level lies far off every patient who is left, by each model that counts; one contradicts none."""
    used, models = fitted.levels.used, fitted.weighed.models
    if len(used) == 1 or not models or not all(_one_is_off(_answer(fitted, name), used) for name in models):
        return ()
    says = CONTRADICT.format(levels=" and ".join(_told(item) for item in used))
    return (Refusal("levels-contradict", says, ("concentration", "administrations")),)


def _one_is_off(answer: Answer, used: tuple[MeasuredLevel, ...]) -> bool:
    measured = np.array([float(item.value.in_unit("ng/mL")) for item in used])
    known, seen = np.array([not item.below for item in used]), answer.seen[:, :-1]
    off = np.median((measured - seen) / answer.error.sd(seen), axis=0)
    # Of a level below a limit only that is known: draws far above the limit contradict it, draws below it do not.
    return bool((np.where(known, np.abs(off), -off) > IMPLAUSIBLE).any())


def _answer(fitted: Fitted, name: str) -> Answer:
    answer = fitted.fits[name][2]
    assert isinstance(answer, Answer)  # only those were weighed
    return answer


def _told(level: MeasuredLevel) -> str:
    return f"{level.as_written} at {level.at:%Y-%m-%d %H:%M}"
