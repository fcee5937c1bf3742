"""What in a patient's own readings speaks against the model: a failing right heart, a sound one, any that is rare.

Knows signs, and each sentence names the numbers that it stands on; the readings count as they were read all the same.
Whom the model does not hold for at all, the response file says. A reading that no patient of the kind would show is a
refusal, as it is in a course.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import numpy as np

from inotrope.estimation.response import KINDS, BedsideOfCase, Reading, Target, judge_readings, tails
from inotrope.findings import Refusal
from inotrope.plan.forecast_numbers import SEED
from inotrope.population.response import ResponseFile, ensemble_of
from inotrope.units import Quantity, round_half_up

_INDEX = "L/min/m2"
_RARE = (
    "{listed}: beyond {most:.0f} of {of:.0f} readings of the kind of patient that the model was fitted in, {kind} "
    "(judgement). Nothing was fitted to such a patient: every interval and chance is an extrapolation."
)
_RIGHT = (
    "CVP {venous} is not below PCWP {wedge}{when} (as a sign a judgement): a right heart that fails more than the "
    "left, one that cannot fill (tamponade), or a wrong zero. The model has no pericardium and lets the vessels of the "
    "lungs widen as those of the body do: output and pressure may be worse than it says. If the right heart is the "
    "main problem, enter 'predominant right heart failure': then nothing is predicted."
)
_SOUND = (
    "{listed}: the readings of a sound heart (limits recalled: {limits}). Every fit is of failing hearts with a "
    "blunted reflex: none was to such a patient, and neither output nor pressure can be expected to follow it."
)


def doubts(file: ResponseFile, bedside: BedsideOfCase, target: Target) -> tuple[str, ...]:
    """Return a sentence for each sign; none where nothing speaks against the model.

    Args:
        file: Whose patients these would be.
        bedside: The readings.
        target: The same as arrays, of the kind and not drawn as it was read.
    """
    return (*_right_heart(bedside), *_sound_heart(file, bedside, target.ensemble.surface_m2), *_unlike(target, bedside))


def doubts_before(file: ResponseFile, bedside: BedsideOfCase, surface_m2: float | None) -> tuple[str, ...]:
    """Return the same of the readings of the time before the drug alone.

    Args:
        file: As above.
        bedside: As above.
        surface_m2: Of the body; that of the heart's typical patient where it is not known.
    """
    before = _before(bedside)
    return () if before is None else doubts(file, before, _target(file, before, surface_m2))


def far_before(file: ResponseFile, bedside: BedsideOfCase, surface_m2: float | None) -> tuple[Refusal, ...]:
    """Return a refusal for each reading of the time before the drug that no patient of the kind would show.

    Args:
        file: As above.
        bedside: As above.
        surface_m2: As above.
    """
    before = _before(bedside)
    return () if before is None else judge_readings(_target(file, before, surface_m2), seed=SEED)


def _before(bedside: BedsideOfCase) -> BedsideOfCase | None:
    """Return the readings of the time before the drug alone; None where there are none."""
    used = tuple(item for item in bedside.used if item.before)
    return replace(bedside, used=used, moments=(None,)) if used else None


def _target(file: ResponseFile, before: BedsideOfCase, surface_m2: float | None) -> Target:
    return Target.of(ensemble_of(file, surface_m2=surface_m2), before.arrays(file.readings), np.zeros((1, 1)))


def _moments(bedside: BedsideOfCase) -> Iterator[tuple[str, dict[str, Reading]]]:
    """Yield the readings of the time before the drug, and the newest of each kind on it, each with when that is."""
    for before in (True, False):
        found = {KINDS[item.kind]: item for item in bedside.used if item.before is before}
        yield ("" if before else " on the drug"), found


def _right_heart(bedside: BedsideOfCase) -> Iterator[str]:
    for when, found in _moments(bedside):
        venous, wedge = found.get("central_venous_mmhg"), found.get("wedge_mmhg")
        if venous is not None and wedge is not None and venous.value >= wedge.value:
            yield _RIGHT.format(venous=venous.measured.value, wedge=wedge.measured.value, when=when)


def _sound_heart(file: ResponseFile, bedside: BedsideOfCase, surface_m2: float) -> Iterator[str]:
    """Yield a sentence where index, filling pressures and fraction, as far as read, are those of a sound heart.

    An index alone makes no heart sound: a wedge pressure or an ejection fraction stands beside it.
    """
    _, found = next(_moments(bedside))
    limits = file.sound
    output, wedge = found.get("cardiac_output_l_per_min"), found.get("wedge_mmhg")
    venous, fraction = found.get("central_venous_mmhg"), found.get("left_ejection_fraction")
    if output is None or (wedge is None and fraction is None):
        return
    index = Quantity(round_half_up(Decimal(repr(output.value / surface_m2)), 2), _INDEX)
    sound = [index.value >= limits.index.value.in_unit(_INDEX)]
    sound += [item.measured.value <= limits.wedge.value for item in (wedge,) if item is not None]
    sound += [item.measured.value <= limits.venous.value for item in (venous,) if item is not None]
    sound += [item.measured.value >= limits.fraction.value for item in (fraction,) if item is not None]
    if all(sound):
        told = [f"{item.measured.what} {item.measured.value}" for item in (wedge, venous, fraction) if item is not None]
        yield _SOUND.format(
            listed=", ".join([f"Cardiac index {index}", *told]),
            limits=f"index from {limits.index.value}, PCWP to {limits.wedge.value}, CVP to {limits.venous.value}, LVEF "
            f"from {limits.fraction.value}",
        )


def _unlike(target: Target, bedside: BedsideOfCase) -> tuple[str, ...]:
    """Return a sentence that lists what is rare in patients of the fit; none where nothing is."""
    file = target.ensemble.file
    of = 100 / float(file.readings.rare.value.in_unit("%"))
    listed = "; ".join(_rare(target, bedside, 1 / of))
    if not listed:
        return ()
    return (_RARE.format(listed=f"{listed[0].upper()}{listed[1:]}", most=of - 1, of=of, kind=file.heart.title),)


def _rare(target: Target, bedside: BedsideOfCase, rare: float) -> Iterator[str]:
    """Yield the earliest rare reading of each kind."""
    pairs = zip(target.readings.moments, target.readings.kinds, strict=True)  # the arrays have an order of their own
    places = {(int(moment), int(kind)): place for place, (moment, kind) in enumerate(pairs)}
    found, told = tails(target, seed=SEED), set()
    for item in bedside.used:
        at = bedside.moments.index(None if item.before else item.measured.at)
        low, high = found[:, places[at, item.kind]]
        if min(low, high) < rare and item.kind not in told:
            told.add(item.kind)
            on = "" if item.before else f" on the drug at {item.measured.at:%Y-%m-%d %H:%M}"
            yield f"{item.measured.what} {item.measured.value}{on}, {'low' if low < high else 'high'}"
