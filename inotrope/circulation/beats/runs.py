"""Beats until they repeat, and beats one after the other while parameters change: the loops around `cycle.py`.

Knows when a beat repeats itself, and how to get there sooner: what is left of a transient shrinks by nearly the same
factor from beat to beat, so that its end can be foreseen; no blood is made or lost by that, since the beats before it
made or lost none. Machine code: arrays by position.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.circulation.beats.cycle import (
    AORTA,
    AORTIC,
    ATRIAL_V0,
    HELD,
    LA,
    LV,
    PARTS,
    PRESSURES,
    RA,
    ROOM,
    SV,
    TRUNK,
    step,
)
from inotrope.circulation.loop import LEFT_EES, LEFT_START, LEFT_VD, RATE, RIGHT_EES, RIGHT_VD, RS, STRESSED
from inotrope.circulation.machine import inlined, kernel, sources

HERE = Path(__file__).parent
COMPILED = (HERE / "cycle.py", HERE / "runs.py", HERE.parent / "loop.py")
SOURCES = sources(*COMPILED)

FORESEE = 6
"""Beats between two looks ahead; the first of them forget what the last look stirred up."""
SLOWEST = 0.98
"""A factor from beat to beat above this is no transient that comes to an end."""

# What `follow` writes of each beat.
BEGIN, BEAT_RATE, STROKE, MAP, SYSTOLIC, DIASTOLIC, CVP, ATRIUM, TRUNK_MEAN, FILLED, SIGNAL = range(11)
TOLD = 11
# What `follow` takes of a reflex: four gains, four lags in s, the largest signal, the set point in mmHg.
GAIN, LAG, LARGEST, POINT = 0, 4, 8, 9


@inlined
def one_beat(n: Array, v: Array, steps: int, p: Array, q: Array, room: Array) -> None:
    """Move the volumes on by one beat."""
    h = 60.0 / n[RATE] / steps
    for place in range(steps):
        step(place * h, h, n, v, p, q, room)


@kernel
def repeat(
    numbers: Array,
    volumes: Array,
    steps: int,
    most: int,
    closeness: float,
    ended: Array,
    kept_v: Array,
    kept_p: Array,
    kept_q: Array,
    sources: int = SOURCES,
) -> None:
    """Run each patient until a beat ends as it began, then keep one beat.

    `ended` receives the beats needed, and by how much the last one missed, as a share of the left ventricle's volume.
    """
    p, q, room = np.empty(PRESSURES), np.empty(PARTS), np.empty((ROOM, PRESSURES))
    before, change = np.empty(PARTS), np.empty(PARTS)
    for patient in range(numbers.shape[0]):
        n, v = numbers[patient], volumes[patient]
        missed, count = np.inf, 0
        while count < most and not missed <= closeness:
            before[:] = v
            one_beat(n, v, steps, p, q, room)
            count += 1
            largest, square, product = 0.0, 0.0, 0.0
            for part in range(PARTS):
                now = v[part] - before[part]
                largest = max(largest, abs(now))
                product += now * change[part]
                square += change[part] * change[part]
                change[part] = now
            missed = largest / n[LEFT_START]
            if count % FORESEE == 0 and missed > closeness:
                left = product / square
                if 0.0 < left < SLOWEST:
                    for part in range(PARTS):
                        v[part] += change[part] * left / (1.0 - left)
        ended[patient, 0], ended[patient, 1] = count, missed
        h = 60.0 / n[RATE] / steps
        for place in range(steps):
            kept_v[patient, :, place] = v
            step(place * h, h, n, v, p, q, room)
            kept_p[patient, :, place] = p
            kept_q[patient, :, place] = q


@inlined
def fill(n: Array, v: Array) -> None:
    """Give the systemic veins what of the stressed volume no other part holds."""
    held = 0.0
    for part in range(PARTS):
        if part != SV:
            held += v[part]
    held -= 2.0 * n[ATRIAL_V0] + n[LEFT_VD] + n[RIGHT_VD]
    v[SV] = n[STRESSED] + n[HELD] - held


@kernel
def follow(
    numbers: Array, volumes: Array, reflex: Array, signals: Array, steps: int, told: Array, sources: int = SOURCES
) -> None:
    """Run each patient beat after beat, each beat with its own parameters, the reflex following with its lags.

    `numbers` is (patients, beats, NUMBERS); `signals` holds what the four effectors have been told, and is moved on.
    """
    p, q, room, n = np.empty(PRESSURES), np.empty(PARTS), np.empty((ROOM, PRESSURES)), np.empty(numbers.shape[2])
    for patient in range(numbers.shape[0]):
        v, own, at = volumes[patient], reflex[patient], 0.0
        for beat in range(numbers.shape[1]):
            out = told[patient, beat]
            n[:] = numbers[patient, beat]
            n[RATE] *= 1.0 - own[GAIN] * signals[patient, 0]
            n[RS] *= 1.0 - own[GAIN + 1] * signals[patient, 1]
            n[STRESSED] *= 1.0 - own[GAIN + 2] * signals[patient, 2]
            n[LEFT_EES] *= 1.0 - own[GAIN + 3] * signals[patient, 3]
            n[RIGHT_EES] *= 1.0 - own[GAIN + 3] * signals[patient, 3]
            fill(n, v)
            out[:] = 0.0
            out[BEGIN], out[BEAT_RATE], out[FILLED] = at, n[RATE], v[LV]
            out[SYSTOLIC], out[DIASTOLIC] = -np.inf, np.inf
            h = 60.0 / n[RATE] / steps
            for place in range(steps):
                step(place * h, h, n, v, p, q, room)
                out[STROKE] += q[AORTIC] * h
                out[MAP] += p[AORTA] / steps
                out[CVP] += p[RA] / steps
                out[ATRIUM] += p[LA] / steps
                out[TRUNK_MEAN] += p[TRUNK] / steps
                out[SYSTOLIC] = max(out[SYSTOLIC], p[AORTA])
                out[DIASTOLIC] = min(out[DIASTOLIC], p[AORTA])
            at += h * steps
            wanted = own[LARGEST] * np.tanh((out[MAP] / own[POINT] - 1.0) / own[LARGEST])
            out[SIGNAL] = wanted
            for effector in range(4):
                gone = -np.expm1(-h * steps / own[LAG + effector])
                signals[patient, effector] += (wanted - signals[patient, effector]) * gone
