"""Whether levels bear a dose although a model takes them: implausible to its equals, against each other, or too early.

Knows the answers of all models. A model alone judges levels by its own patients (`estimation/plausibility.py`); here it
is asked what those say together that hold for such a patient. It changes no fit, which says a doubt as a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from inotrope.estimation.contradiction import contradict
from inotrope.estimation.models import ModelAverage
from inotrope.estimation.plausibility import EXPLAINED, level_scores
from inotrope.estimation.problem import Levels
from inotrope.findings import Refusal
from inotrope.plan.fitting.of_model import Answer, Fitting
from inotrope.plan.fitting.person import Person
from inotrope.plan.fitting.record import ErrorUsed, MeasuredLevel
from inotrope.population import Standing

Found = tuple[Fitting, Person | None, Answer | tuple[Refusal, ...], ErrorUsed]
NARROWED = 0.5
"""Share of the variance of clearance that levels may leave: a judgement. Where more is left, the prior speaks."""
MOST = 0.5
"""A level that is too high is doubted where more than this share of the models that hold for such a patient call it
impossible, a judgement: it leads downward, so that one of two is heard; one model left over vouches for none alone."""
CLEARANCE, IMPLAUSIBLE = "clearance", ("level-implausible", "fit-on-boundary")
"""By these refusals a model says that nobody has such a level after what was given."""
LEAST = 1e-9
"""ng/mL, so that a level of 0 has a logarithm."""
LOOK_LOW = (
    "Look first whether the pump runs and the line is whole, and whether the sample, its unit and its time are right; "
    "then measure a level again, and change no rate on this one."
)
LOOK_HIGH = (
    "Look first whether the sample was drawn from the infusing line, whether its unit and its time are right, and what "
    "the pump gives and the bag holds; then measure a level again, and change no rate on this one. Where the pump or "
    "the bag is wrong, or the patient shows an overdose, call now."
)
TOO_LOW = (
    "The level of {level} is far lower than {models} would have it. A search would raise the rate on it, so none is "
    "done."
)
TOO_HIGH = (
    "The level of {level} is far higher than {models} would have it. No model left over vouches for it alone, so no "
    "search is done."
)
CONTRADICT = (
    "The levels contradict each other: {levels} cannot all be of this patient after what is recorded as given, so no "
    "rate is searched. Ask which is wrong: check unit, time and place of each, and every dose, pause and change of the "
    "rate; leave the wrong one out, or measure again."
)


def doubts_of(
    fits: Mapping[str, Found], weighed: ModelAverage, used: tuple[MeasuredLevel, ...], levels: Levels
) -> tuple[Refusal, ...]:
    """Return why no rate may stand on the levels of a case; nothing where one may.

    A level that is implausibly low for one model of such patients is no ground to raise a rate by another: a line that
    leaks, a wrong sample or a slip is likelier than such a patient. One that is too high leads downward, and is doubted
    where most such models call it impossible.

    Args:
        fits: By model, every one that was asked.
        weighed: Those of which draws count.
        used: The levels that are fitted.
        levels: The same as arrays.
    """
    if not used:
        return ()
    return _implausible(fits, used) or _contradicting(fits, weighed, used, levels)


def narrowed(fits: Mapping[str, Found], weighed: ModelAverage) -> bool:
    """Tell whether the levels tell of the clearance, over the models that count."""
    models = weighed.models
    left = sum(item.share * _left_open(_answer(fits, name)) for name, item in models.items())
    return bool(models) and left <= NARROWED


def unusually_low(
    fits: Mapping[str, Found], weighed: ModelAverage, used: tuple[MeasuredLevel, ...]
) -> MeasuredLevel | None:
    """Return the newest level that lies lower than nearly all patients of some model that counts would have it."""
    scores = [level_scores(_answer(fits, name).problem) for name in weighed.models]
    low = [item for place, item in enumerate(used) if any(one[place] < -EXPLAINED for one in scores)]
    return low[-1] if low else None


def _left_open(answer: Answer) -> float:
    """Return how much of the variance of clearance the levels left, a share; all of it where a model has none."""
    names, omega = answer.problem.names, answer.problem.omega
    place = names.index(CLEARANCE) if CLEARANCE in names else None
    return 1.0 if place is None else float(answer.posterior.etas[:, place].var() / omega[place, place])


def _implausible(fits: Mapping[str, Found], used: tuple[MeasuredLevel, ...]) -> tuple[Refusal, ...]:
    """Return that models which hold for such a patient call a level impossible, and what the first of them says."""
    measured = np.maximum([float(item.value.in_unit("ng/mL")) for item in used], LEAST)
    hours, holding, against = [float(item.hours.value) for item in used], 0, list[tuple[str, float, int, Refusal]]()
    for name, (fitting, usual, answer, _) in fits.items():
        if usual is None or fitting.setting.domain.standing is Standing.EXTRAPOLATION:
            continue
        holding += 1
        why = () if isinstance(answer, Answer) else [item for item in answer if item.id in IMPLAUSIBLE]
        if why:
            off = np.log(measured / np.maximum(usual.levels(hours)[0], LEAST))
            place = int(np.argmax(np.abs(off)))
            against.append((name.rpartition("/")[2], float(off[place]), place, why[0]))
    low = [item for item in against if item[1] < 0]
    if not low and len(against) <= MOST * holding:
        return ()
    said = low or against
    head, look = (TOO_LOW, LOOK_LOW) if low else (TOO_HIGH, LOOK_HIGH)
    says = head.format(level=_told(used[said[0][2]]), models=" and ".join(item[0] for item in said))
    first = replace(said[0][3], says=f"By {said[0][0]}: {said[0][3].says}")
    return (Refusal("level-doubted", f"{says} {look}", ("concentration", "administrations")), first)


def _contradicting(
    fits: Mapping[str, Found], weighed: ModelAverage, used: tuple[MeasuredLevel, ...], levels: Levels
) -> tuple[Refusal, ...]:
    """Return that levels contradict each other by every model that counts."""
    every = [_answer(fits, name) for name in weighed.models]
    if not every or not all(contradict(levels, item.error, item.seen[:, :-1]) for item in every):
        return ()
    says = CONTRADICT.format(levels=" and ".join(_told(item) for item in used))
    return (Refusal("levels-contradict", says, ("concentration", "administrations")),)


def _answer(fits: Mapping[str, Found], name: str) -> Answer:
    answer = fits[name][2]
    assert isinstance(answer, Answer)  # only those were weighed
    return answer


def _told(level: MeasuredLevel) -> str:
    return f"{level.as_written} at {level.at:%Y-%m-%d %H:%M}"
