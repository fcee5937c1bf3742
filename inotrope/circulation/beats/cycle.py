"""One heart beat as eight volumes and the flows between them, by Runge-Kutta's fourth-order method at a fixed step.

Knows left atrium, left ventricle, systemic arteries and veins, right atrium, right ventricle, pulmonary arteries and
veins: their pressures, and the flows that the pressures drive. Time 0 is the onset of ventricular contraction. The
parameters are those of the algebraic heart; what it does not have comes beside them. Machine code: arrays by position.

    ventricle  P = (1 - e) a (exp(b (V - Vd)) - 1) + e Ees (V - V0); e rises for r sqrt(T) and falls in a share of that
    atrium     P = (low + (high - low) e) (V - V0), e one wave that begins before the ventricle contracts
    vessel     P = V / C, arteries behind an impedance in series with the valve
    valve      flow = drop / R where the drop is above zero

Rs is everything between aortic root and right atrium, Rp everything between pulmonary root and left atrium; so mean
pressures over a settled beat keep MAP - CVP = CO x SVR.

Source: facts/circulation.md, section 2.3.
"""

from __future__ import annotations

import math

from inotrope.circulation.arrays import Array
from inotrope.circulation.loop import (
    CPA,
    CPV,
    CSA,
    CSV,
    LEFT_A,
    LEFT_B,
    LEFT_EES,
    LEFT_V0,
    LEFT_VD,
    RATE,
    RIGHT_A,
    RIGHT_B,
    RIGHT_EES,
    RIGHT_V0,
    RIGHT_VD,
    RP,
    RS,
    RV,
)
from inotrope.circulation.machine import inlined

# The volumes, and the pressures in the same order; two roots of arteries behind them.
PARTS = 8
LA, LV, SA, SV, RA, RV_, PA, PV = range(PARTS)
AORTA, TRUNK = 8, 9
PRESSURES = 10
ROOM = 7
"""Rows that `step` works in."""
# The flows; each leaves the part of its number: left atrium by the mitral valve, and so on around.
MITRAL, AORTIC, SYSTEMIC, VENOUS, TRICUSPID, PULMONIC, PULMONARY, RETURN = range(PARTS)
# What stands behind the 23 numbers of a heart: `Chambers` in its order.
RISE, FALL, LEAD, WAVE, LA_LOW, LA_HIGH, RA_LOW, RA_HIGH, ATRIAL_V0, VALVE, AORTIC_Z, PULMONARY_Z, RETURN_R, MOST = (
    range(23, 37)
)
HELD = 37
NUMBERS = 38


@inlined
def rise_and_fall(t: float, rise: float, fall: float) -> float:
    """Return the activation of a ventricle: half a cosine up, a shorter one down, 0 else."""
    if t < rise:
        return 0.5 - 0.5 * math.cos(math.pi * t / rise)
    if t < rise + fall:
        return 0.5 + 0.5 * math.cos(math.pi * (t - rise) / fall)
    return 0.0


@inlined
def flows_at(t: float, n: Array, v: Array, p: Array, q: Array) -> None:
    """Write the pressures and flows of these volumes at a time since the onset of the beat."""
    seconds = 60.0 / n[RATE]
    rise = n[RISE] * math.sqrt(seconds)
    e = rise_and_fall(t, rise, n[FALL] * rise)
    since = t + n[LEAD]
    if since >= seconds:
        since -= seconds
    a = rise_and_fall(since, 0.5 * n[WAVE], 0.5 * n[WAVE])
    p[LA] = (n[LA_LOW] + (n[LA_HIGH] - n[LA_LOW]) * a) * (v[LA] - n[ATRIAL_V0])
    p[RA] = (n[RA_LOW] + (n[RA_HIGH] - n[RA_LOW]) * a) * (v[RA] - n[ATRIAL_V0])
    p[LV] = (1 - e) * n[LEFT_A] * math.expm1(n[LEFT_B] * (v[LV] - n[LEFT_VD])) + e * n[LEFT_EES] * (v[LV] - n[LEFT_V0])
    p[RV_] = (1 - e) * n[RIGHT_A] * math.expm1(n[RIGHT_B] * (v[RV_] - n[RIGHT_VD])) + e * n[RIGHT_EES] * (
        v[RV_] - n[RIGHT_V0]
    )
    p[SA], p[SV], p[PA], p[PV] = v[SA] / n[CSA], v[SV] / n[CSV], v[PA] / n[CPA], v[PV] / n[CPV]
    aortic_z, trunk_z = min(n[AORTIC_Z], n[MOST] * n[RS]), min(n[PULMONARY_Z], n[MOST] * n[RP])
    returning = min(n[RETURN_R], n[MOST] * n[RP])
    q[MITRAL] = max(p[LA] - p[LV], 0.0) / n[VALVE]
    q[AORTIC] = max(p[LV] - p[SA], 0.0) / (n[VALVE] + aortic_z)
    q[TRICUSPID] = max(p[RA] - p[RV_], 0.0) / n[VALVE]
    q[PULMONIC] = max(p[RV_] - p[PA], 0.0) / (n[VALVE] + trunk_z)
    q[SYSTEMIC] = (p[SA] - p[SV]) / (n[RS] - aortic_z - n[RV])
    q[VENOUS] = (p[SV] - p[RA]) / n[RV]
    q[PULMONARY] = (p[PA] - p[PV]) / (n[RP] - trunk_z - returning)
    q[RETURN] = (p[PV] - p[LA]) / returning
    p[AORTA], p[TRUNK] = p[SA] + aortic_z * q[AORTIC], p[PA] + trunk_z * q[PULMONIC]


@inlined
def slopes(q: Array, k: Array) -> None:
    """Write what each part gains in a second: what flows in from the part before it, less what flows out."""
    for part in range(PARTS):
        k[part] = q[(part + PARTS - 1) % PARTS] - q[part]


@inlined
def step(t: float, h: float, n: Array, v: Array, p: Array, q: Array, room: Array) -> None:
    """Move the volumes on by h; `p` and `q` hold pressures and flows of the beginning when it returns."""
    k1, k2, k3, k4, between, own_p, own_q = room[0], room[1], room[2], room[3], room[4], room[5], room[6]
    flows_at(t, n, v, p, q)
    slopes(q, k1)
    for part in range(PARTS):
        between[part] = v[part] + 0.5 * h * k1[part]
    flows_at(t + 0.5 * h, n, between, own_p, own_q)
    slopes(own_q, k2)
    for part in range(PARTS):
        between[part] = v[part] + 0.5 * h * k2[part]
    flows_at(t + 0.5 * h, n, between, own_p, own_q)
    slopes(own_q, k3)
    for part in range(PARTS):
        between[part] = v[part] + h * k3[part]
    flows_at(t + h, n, between, own_p, own_q)
    slopes(own_q, k4)
    for part in range(PARTS):
        v[part] += h / 6.0 * (k1[part] + 2.0 * k2[part] + 2.0 * k3[part] + k4[part])
