"""One moment of an infusion as numbers with units: every step of the chain, and the circulation before and then.

Knows which quantities are shown, in which unit. Of several members the default one comes first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from inotrope.circulation import Bedside, Circulation
from inotrope.circulation.arrays import Array
from inotrope.drug import Sourced
from inotrope.plan.circulation.bedside import NEEDED
from inotrope.plan.circulation.members import Members
from inotrope.plan.circulation.patients import Answers, ninety
from inotrope.plan.circulation.readings_needed import INDEX, OUTPUT
from inotrope.plan.circulation.record import Foreseen, Moment, Step
from inotrope.plan.fitting.numbers import number
from inotrope.plan.forecast_numbers import LEVEL, PERCENT
from inotrope.units import Quantity

OF_CIRCULATION: tuple[tuple[str, str, Callable[[Bedside | Circulation], Array], float], ...] = (
    ("heart rate", "/min", lambda it: it.heart_rate_per_min, 1.0),
    ("stroke volume", "mL", lambda it: it.stroke_volume_ml, 1.0),
    ("cardiac output", "L/min", lambda it: it.cardiac_output_l_per_min, 1.0),
    ("mean arterial pressure", "mmHg", lambda it: it.mean_arterial_mmhg, 1.0),
    ("central venous pressure", "mmHg", lambda it: it.central_venous_mmhg, 1.0),
    ("wedge pressure", "mmHg", lambda it: it.wedge_mmhg, 1.0),
    ("mean pulmonary artery pressure", "mmHg", lambda it: it.mean_pulmonary_mmhg, 1.0),
    ("systemic vascular resistance", "dyn s/cm5", lambda it: it.systemic_resistance_dyn_s_per_cm5, 1.0),
    ("pulmonary vascular resistance", "dyn s/cm5", lambda it: it.pulmonary_resistance_dyn_s_per_cm5, 1.0),
    ("left ejection fraction", "%", lambda it: it.left_ejection_fraction, 100.0),
    ("right ejection fraction", "%", lambda it: it.right_ejection_fraction, 100.0),
)
"""What is told of a circulation, with its unit and what a fraction is multiplied by."""
SOME = 0.05
"""Share of patients; what befalls fewer is not told as a warning."""
COLLAPSE = (
    "A filling pressure falls below zero by one of the fits: veins would collapse, which the model does not know. "
    "Its numbers do not hold there."
)

BELOW_IT = "Below that limit no load is given, and a running infusion is reduced or stopped."


class About(NamedTuple):
    """What a moment needs of the patient.

    Attributes:
        surface_m2: Of the body; None where it is not known.
        lowest_pressure: Below which the rules withhold a load; None where no entry has one.
        answers: Patients with the same bedside; None for a kind of heart that nobody spread.
        assumed: How many of the eight numbers are those of a typical heart. Of such a patient no share is told: what
            was not measured would count as known.
        of_level: What is said of the level with every moment; empty for nothing.
    """

    surface_m2: float | None
    lowest_pressure: Sourced | None
    answers: Answers | None
    assumed: int = 0
    of_level: str = ""


def before_and_then(
    members: Members, answer: Circulation, surface_m2: float | None
) -> dict[str, tuple[str, Array, Array]]:
    """Return each quantity with its unit, before and then, as arrays `(members,)`.

    The output over the body's surface stands beside it where height and weight are known.
    """
    before, _ = members.at(0.0)
    found: dict[str, tuple[str, Array, Array]] = {}
    for name, unit, read, scale in OF_CIRCULATION:
        found[name] = (unit, scale * read(before), scale * read(answer))
        if name == OUTPUT and surface_m2 is not None:
            _, own, then = found[name]
            found[INDEX] = ("L/min/m2", own / surface_m2, then / surface_m2)
    return found


def moment_of(members: Members, says: str, level_ng_per_ml: float, answer: Circulation, about: About) -> Moment:
    """Return one moment.

    Args:
        members: The patient before the drug.
        says: Which moment.
        level_ng_per_ml: At the site of effect.
        answer: The steady state there, `(members,)`.
        about: The patient.
    """
    foreseen, spread = [], _ninety(None if about.assumed else about.answers, level_ng_per_ml)
    for name, (unit, before, then) in before_and_then(members, answer, about.surface_m2).items():
        change, ends = 100 * (then / before - 1), spread[name]
        foreseen.append(
            Foreseen(
                what=name,
                before=_shown(before[0], unit),
                during=_shown(then[0], unit),
                lowest=_shown(then.min(), unit),
                highest=_shown(then.max(), unit),
                change=number(float(change[0]), PERCENT),
                least_change=number(float(change.min()), PERCENT),
                most_change=number(float(change.max()), PERCENT),
                ninety_from=None if ends is None else number(ends[0], PERCENT),
                ninety_to=None if ends is None else number(ends[1], PERCENT),
            )
        )
    studied = float(members.file.studied_to.value.in_unit(LEVEL))
    beyond = level_ng_per_ml > studied
    warnings = [about.of_level] if about.of_level else []
    warnings += [f"Above {members.file.studied_to.value} every answer is an extrapolation."] if beyond else []
    warnings += [] if answer.filled.all() else [COLLAPSE]
    before_mmhg = float(members.at(0.0)[0].mean_arterial_mmhg[0])
    warnings += _low_pressure(answer, about, level_ng_per_ml, before_mmhg)
    return Moment(
        says=says,
        level=number(level_ng_per_ml, LEVEL),
        beyond=beyond,
        steps=_steps(members, level_ng_per_ml),
        foreseen=tuple(foreseen),
        warnings=tuple(warnings),
    )


def _ninety(answers: Answers | None, level_ng_per_ml: float) -> dict[str, tuple[float, float] | None]:
    """Return where 90 % of patients with this bedside change to, in percent, by quantity."""
    found: dict[str, tuple[float, float] | None] = {name: None for name, *_ in OF_CIRCULATION}
    if answers is not None:
        before, _ = answers.at(0.0)
        now, answered = answers.at(level_ng_per_ml)
        for name, _, read, _ in OF_CIRCULATION:
            found[name] = ninety(100 * (read(now) / read(before) - 1), answered)
    found[INDEX] = found[OUTPUT]
    return found


def _low_pressure(answer: Circulation, about: About, level_ng_per_ml: float, before_mmhg: float) -> list[str]:
    """Return the warning of a pressure below which the rules withhold a load: by a member, or in some patients.

    What such a pressure means is a sentence of its own, which is told once where several moments have it.
    """
    limit = about.lowest_pressure
    if limit is None:
        return []
    mmhg, share = float(limit.value.in_unit("mmHg")), 0.0
    lowest = float(answer.mean_arterial_mmhg.min())
    if about.answers is not None:
        now, answered = about.answers.at(level_ng_per_ml)
        share = 1 - float((answered & (now.mean_arterial_mmhg >= mmhg)).mean())  # who has no answer is worse off
    if lowest >= mmhg and share < SOME:
        return []
    who, sure = "", "expected"
    if about.assumed:
        sure = "expected" if lowest < mmhg else "possible"
        who = f" (how often is not told: {about.assumed} of {len(NEEDED)} numbers are a typical heart's)"
    elif about.answers:
        who = f" in {100 * share:.0f} % of patients with these numbers before (judgement)"
    highest = float(answer.mean_arterial_mmhg.max())
    near = min(abs(lowest - mmhg), abs(highest - mmhg)) < 1  # then a whole number might look as if it lay on the limit
    ends = dict.fromkeys(f"{end:.{1 if near else 0}f}" for end in (lowest, highest))
    already = f" It is below {limit.value} now." if before_mmhg < mmhg else ""
    return [
        f"MAP below {limit.value} is {sure}{who}; the fits themselves expect {' to '.join(ends)} mmHg.{already}",
        BELOW_IT,
    ]


def _steps(members: Members, level_ng_per_ml: float) -> tuple[Step, ...]:
    chain = members.act(level_ng_per_ml)
    factors = chain.changes
    told = (
        ("unbound drug", chain.unbound_umol_per_l, "umol/L", "what can reach the enzyme"),
        ("PDE3 occupied", 100 * chain.occupied, "%", "of the enzyme in heart and vessels"),
        ("cAMP of the heart", 100 * (chain.camp / chain.camp_calibrated - 1), "%", "against before"),
        ("force of the left ventricle", 100 * (factors.left_elastance - 1), "%", "its Ees, against before"),
        ("force of the right ventricle", 100 * (factors.right_elastance - 1), "%", "its Ees, against before"),
        ("resistance of the arteries", 100 * (factors.systemic_resistance - 1), "%", "before the reflex answers"),
        ("stressed blood volume", 100 * (factors.stressed_volume - 1), "%", "the veins widen and hold more unstressed"),
        ("heart rate", 100 * (factors.rate - 1), "%", "before the reflex answers"),
    )
    count = len(members.ids)
    found = []
    for what, array, unit, says in told:
        each = np.broadcast_to(np.asarray(array, dtype=np.float64), (count,))
        found.append(Step(what, _shown(each[0], unit), _shown(each.min(), unit), _shown(each.max(), unit), says))
    return tuple(found)


def _shown(value: float, unit: str) -> Quantity:
    return number(float(value), unit)
