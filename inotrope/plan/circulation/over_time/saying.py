"""What is said beside a course of the circulation: what it is for, what nobody knows, and what it supposes."""

from __future__ import annotations

from inotrope.forecast.circulation import Foreseen
from inotrope.plan.circulation.course_record import PressureBelow, QuantityCourse, chance
from inotrope.plan.circulation.over_time.asking import UNTIL_H, Asked
from inotrope.plan.circulation.over_time.kinetics import Kinetics
from inotrope.plan.circulation.over_time.learning import Readings
from inotrope.plan.circulation.saying import misses_say

FIRST = "It informs and warns; it selects no rate, and no dose comes from it."
JUDGEMENT = (
    "How patients differ, in heart, vessels and answer to the drug, is judgement: the label prints means of groups."
)
MISSES_TOLD = "Readings on the drug tell which way, and every interval and chance has it in it."
STEADY = (
    "Each moment is a settled one, with every other medicine, the filling and the course of the disease as they were "
    "when the readings were taken."
)
BELOW = (
    "Who has no answer of the model (veins that collapse, or no steady state) counts as below the limit and is left "
    "out of every interval."
)
KIDNEYS = (
    "The kidneys move: each draw has its own path of them, which goes on unchanged from now on; other ways "
    "stand beside the models."
)
RATES = (
    "Information; it selects no rate. What is permitted now, each rate as the pump gives it and without a load; a step "
    "upward waits for its time, at what is permitted until then. Extrapolated: the share of the draws above every "
    "studied level. The patient is judged at the bedside."
)
NO_RATES = "No rate is listed, for none may be chosen now: {why}"
LOAD = (
    "The same draws both ways, over the next hour: what differs is the load. At first the model lets the pressure rise "
    "a little, since force acts before the vessels in it: no study showed that rise, and a load can drop the pressure "
    "within minutes."
)
LOAD_UNFILLED = (
    "The load is not compared with none: within the hour {share:.0%} of the draws have no answer of the model."
)


def headline(below: PressureBelow | None, pressure: QuantityCourse, *, unlike: bool) -> str:
    """Return the one line that is read first; who is unlike the patients of the model has it in that line."""
    sure = "judgement; unlike the patients of the model" if unlike else "judgement"
    if below is not None:
        return f"MAP below {below.limit} within {UNTIL_H} h: {chance(below.ever)} ({sure})"
    ends = (pressure.curve.median, pressure.curve.lowest, pressure.curve.highest)
    median, low, high = (f"{end.values[-1]:.0f}" for end in ends)
    return f"MAP after {UNTIL_H} h: {median} mmHg, 90 % from {low} to {high} ({sure})"


def said(asked: Asked, kinetics: Kinetics, found: Foreseen) -> tuple[str, ...]:
    """Return the sentences, the first one first."""
    misses = f"{misses_say(asked.file.readings)} {MISSES_TOLD}"
    told = [FIRST, found.expected.says, JUDGEMENT, misses, STEADY]
    told += [BELOW] if found.unfilled.any() else []
    most = float(found.extrapolated.max())
    if most > 0:
        told.append(
            f"Above {asked.file.studied_to.value} every answer is an extrapolation: up to {100 * most:.0f} % of the "
            "draws lie there."
        )
    if asked.surface_m2 is None:
        told.append(f"Without a height the body is taken to have {asked.file.heart.surface_m2:g} m2; no index is told.")
    told += [KIDNEYS] if kinetics.moving else []
    return (*told, *asked.drive_says)


def learned_from(readings: Readings, how: str) -> str:
    """Return how the draws of the patient were found."""
    before = sum(not item.on_the_drug for item in readings.told)
    on = len(readings.told) - before
    parts = [f"{before} readings of the time before the drug"] if before else []
    parts += [f"{on} readings on the drug, with its level then"] if on else []
    return f"From {' and '.join(parts)}: {how}. What was not measured is drawn as it goes with what was."
