"""Beat by beat, for one patient or many: a settled beat with its loops, and a transient of beats after a change.

Knows how hearts and chambers become the rows of the machine code, and when a step is too long or a beat too short for
them. Does not know any drug: its changes stand in the heart already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from inotrope.circulation import arrays
from inotrope.circulation.arrays import Array, Mask, first, numbers, positive, shape_of
from inotrope.circulation.beats import runs
from inotrope.circulation.beats.beat import Beat
from inotrope.circulation.beats.chambers import Chambers
from inotrope.circulation.beats.cycle import (
    ATRIAL_V0,
    FALL,
    HELD,
    LA_HIGH,
    LA_LOW,
    LEAD,
    NUMBERS,
    PARTS,
    PRESSURES,
    RA_HIGH,
    RA_LOW,
    RISE,
    VALVE,
)
from inotrope.circulation.flow import output_l_per_min
from inotrope.circulation.heart import Heart
from inotrope.circulation.loop import (
    CPA,
    CPV,
    CSA,
    LEFT_EES,
    LEFT_VD,
    RATE,
    RIGHT_EES,
    RIGHT_VD,
    RS,
    RV,
    STRESSED,
    Circulation,
    solve,
)
from inotrope.circulation.reflex import Reflex
from inotrope.errors import CirculationError

STEPS = 400
"""Steps in a beat: 1.7 ms at 88 beats per minute. Half of it moves no mean by 0.01 % (tests)."""
MOST_BEATS = 600
CLOSENESS = 1e-9
"""A beat repeats itself when no volume ends further from where it began, as a share of the left ventricle's."""
STEEPEST = 2.5
"""Step times the fastest rate of change; Runge-Kutta's method of fourth order runs away from 2.78 on."""


@dataclass(frozen=True, slots=True)
class Lags:
    """How slowly each effector of the reflex follows, time constants in s.

    Attributes:
        rate: Of the heart rate.
        resistance: Of the systemic resistance.
        volume: Of the veins.
        force: Of both ventricles.
    """

    rate: Array
    resistance: Array
    volume: Array
    force: Array

    @classmethod
    def of(cls, *, rate: ArrayLike, resistance: ArrayLike, volume: ArrayLike, force: ArrayLike) -> Lags:
        """Return checked lags.

        Raises:
            CirculationError: One is not above zero.
        """
        return cls(**{name: positive(name, value) for name, value in locals().items() if name != "cls"})


@dataclass(frozen=True, slots=True)
class Transient:
    """Beat after beat; arrays `(..., beats)`.

    Attributes:
        begin_s: When each beat began, from the first.
        heart_rate_per_min: Of that beat.
        stroke_volume_ml: Through the aortic valve.
        mean_arterial_mmhg: Mean over the beat; the next two too.
        systolic_mmhg: Highest in the aortic root.
        diastolic_mmhg: Lowest in the aortic root.
        central_venous_mmhg: Mean over the beat, as the next two.
        left_atrial_mmhg: Shown as the wedge pressure.
        mean_pulmonary_mmhg: At the root of the pulmonary artery.
        left_edv_ml: Left ventricle at the onset of contraction.
        signal: What the pressure of this beat called for; the effectors follow it with their lags.
        volumes_ml: `(..., 8)` of the end of the last beat, from which a next one can go on.
    """

    begin_s: Array
    heart_rate_per_min: Array
    stroke_volume_ml: Array
    mean_arterial_mmhg: Array
    systolic_mmhg: Array
    diastolic_mmhg: Array
    central_venous_mmhg: Array
    left_atrial_mmhg: Array
    mean_pulmonary_mmhg: Array
    left_edv_ml: Array
    signal: Array
    volumes_ml: Array

    @property
    def cardiac_output_l_per_min(self) -> Array:
        """Heart rate times stroke volume."""
        return output_l_per_min(stroke_volume_ml=self.stroke_volume_ml, heart_rate_per_min=self.heart_rate_per_min)


def settled_beat(heart: Heart, chambers: Chambers, *, steps: int = STEPS, most_beats: int = MOST_BEATS) -> Beat:
    """Return the beat that repeats itself, of every patient; the search starts at the algebraic steady state.

    Args:
        heart: With a drug's changes already in it, and a reflex's.
        chambers: Those of the same patients, from the heart as it was calibrated.
        steps: Of equal length, in each beat.
        most_beats: After which the search is given up.

    Raises:
        CirculationError: No algebraic steady state; steps too long for the valves; a beat too short for its
            contraction; no beat that repeats itself.
    """
    named = {**heart.arrays, **chambers.arrays}
    shape = shape_of(named)
    laid = _laid(named, shape)
    _prove(laid, shape, steps)
    volumes = _begin(laid, solve(heart), shape)
    count = laid.shape[0]
    ended, kept_v = np.empty((count, 2)), np.empty((count, PARTS, steps))
    kept_p, kept_q = np.empty((count, PRESSURES, steps)), np.empty((count, PARTS, steps))
    runs.repeat(laid, volumes, steps, most_beats, CLOSENESS, ended, kept_v, kept_p, kept_q)
    away = np.asarray(~np.isfinite(kept_p).all(axis=(1, 2))).reshape(
        shape
    )  # compared with what is no number, all repeats
    _refuse(away, "Numbers ran away", "a circulation whose beats can be followed")
    wrong = np.asarray(~(ended[:, 1] <= CLOSENESS)).reshape(shape)
    _refuse(wrong, f"After {most_beats} beats no beat repeats itself", "a circulation that comes to rest")
    return Beat(
        heart_rate_per_min=laid[:, RATE].reshape(shape),
        volumes_ml=kept_v.reshape(*shape, PARTS, steps),
        pressures_mmhg=kept_p.reshape(*shape, PRESSURES, steps),
        flows_ml_per_s=kept_q.reshape(*shape, PARTS, steps),
        beats=ended[:, 0].reshape(shape),
    )


def follow(
    heart: Heart,
    chambers: Chambers,
    *,
    volumes_ml: ArrayLike,
    reflex: Reflex,
    lags: Lags,
    set_point_mmhg: ArrayLike,
    steps: int = STEPS,
) -> Transient:
    """Return beat after beat, each with its own parameters, as the reflex follows with its lags.

    Blood that leaves or joins the stressed volume between two beats does so in the systemic veins. The reflex begins
    silent: at the set point.

    Args:
        heart: Its arrays' last axis is the beats, as many as are to be run; every other array has a last axis of 1.
        chambers: As for `settled_beat`, with that last axis of 1.
        volumes_ml: `(..., 8)` at the onset of the first beat, without the axis of beats: those of a settled beat.
        reflex: The gains, without the axis of beats; as the next two.
        lags: How slowly each effector follows.
        set_point_mmhg: The mean pressure at which the reflex is silent: that of the settled beat.
        steps: Of equal length, in each beat.

    Raises:
        CirculationError: Steps too long for the valves; a beat too short for its contraction; numbers ran away.
    """
    named = {**heart.arrays, **chambers.arrays}
    begun, point = numbers("volumes_ml", volumes_ml), positive("set_point_mmhg", set_point_mmhg)
    told_to = {
        **_by_name(reflex),
        **{f"lag of {name}": lag for name, lag in _by_name(lags).items()},
        "set point": point,
    }
    *_, beats = shape_of(named) or (1,)
    one = {name: array[..., 0] if array.ndim else array for name, array in named.items()}
    lead = shape_of({**one, **told_to, "volumes": begun[..., 0]})
    shape = (*lead, beats)
    laid = _laid(named, shape)
    _prove(laid, shape, steps)
    volumes = np.ascontiguousarray(np.broadcast_to(begun, (*lead, PARTS))).reshape(-1, PARTS).copy()
    gains = [np.broadcast_to(told_to[name], lead).reshape(-1) for name in ("rate", "resistance", "volume", "force")]
    slow = [np.broadcast_to(lag, lead).reshape(-1) for name, lag in told_to.items() if name.startswith("lag")]
    rest = [np.broadcast_to(told_to[name], lead).reshape(-1) for name in ("most", "set point")]
    rows, signals = np.stack([*gains, *slow, *rest], axis=-1), np.zeros((volumes.shape[0], 4))
    out = np.empty((volumes.shape[0], beats, runs.TOLD))
    runs.follow(laid.reshape(-1, beats, NUMBERS), volumes, rows, signals, steps, out)
    wrong = np.asarray(~np.isfinite(out).all(axis=(1, 2))).reshape(lead)
    _refuse(wrong, "Numbers ran away", "a circulation that can be filled and throws out blood")
    names = [item.name for item in fields(Transient)][: runs.TOLD]  # in the order of `runs.py`
    columns = {name: out[..., place].reshape(shape) for place, name in enumerate(names)}
    return Transient(**columns, volumes_ml=volumes.reshape(*lead, PARTS))


def _by_name(item: Reflex | Lags) -> dict[str, Array]:
    return {each.name: getattr(item, each.name) for each in fields(item)}


def _laid(named: dict[str, Array], shape: tuple[int, ...]) -> Array:
    """Return one row of numbers a patient, or a patient and beat."""
    columns: Sequence[Array] = [np.broadcast_to(array, shape).reshape(-1) for array in named.values()]
    return np.ascontiguousarray(np.stack(columns, axis=-1))


def _prove(laid: Array, shape: tuple[int, ...], steps: int) -> None:
    seconds = 60 / laid[:, RATE]
    busy = laid[:, RISE] * np.sqrt(seconds) * (1 + laid[:, FALL])
    short = (busy >= seconds) | (laid[:, LEAD] >= seconds)
    _refuse(short.reshape(shape), "The beat is shorter than its contraction", "a slower heart rate")
    thin = laid[:, RS] <= 2 * laid[:, RV]
    _refuse(thin.reshape(shape), "The veins have half of the systemic resistance", "Rs above twice Rv")
    steepest = np.maximum(laid[:, LEFT_EES] + laid[:, LA_HIGH], laid[:, RIGHT_EES] + laid[:, RA_HIGH]) / laid[:, VALVE]
    needed = np.ceil(seconds * steepest / STEEPEST)
    long = (needed > steps).reshape(shape)
    _refuse(long, f"{steps} steps in a beat are too few for these valves", f"at least {needed.max():g} steps")


def _refuse(wrong: Mask, says: str, accepted: str) -> None:
    if wrong.any():
        raise CirculationError(f"{says}{arrays.place(first(wrong))}; accepted: {accepted}.", accepted=accepted)


def _begin(laid: Array, steady: Circulation, shape: tuple[int, ...]) -> Array:
    """Return the volumes of an algebraic steady state, with all blood that the patients have."""
    at = {item.name: np.broadcast_to(getattr(steady, item.name), shape).reshape(-1) for item in fields(steady)}
    arteries, trunk = laid[:, CSA] * at["mean_arterial_mmhg"], laid[:, CPA] * at["mean_pulmonary_mmhg"]
    left_atrium = laid[:, ATRIAL_V0] + at["wedge_mmhg"] / laid[:, LA_LOW]
    right_atrium = laid[:, ATRIAL_V0] + at["central_venous_mmhg"] / laid[:, RA_LOW]
    parts = [left_atrium, at["left_edv_ml"], arteries, np.zeros_like(trunk), right_atrium, at["right_edv_ml"], trunk]
    parts.append(laid[:, CPV] * at["wedge_mmhg"])
    unstressed = 2 * laid[:, ATRIAL_V0] + laid[:, LEFT_VD] + laid[:, RIGHT_VD]
    parts[3] = laid[:, STRESSED] + laid[:, HELD] + unstressed - sum(parts)
    return np.ascontiguousarray(np.stack(parts, axis=-1))
