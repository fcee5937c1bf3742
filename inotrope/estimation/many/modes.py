"""Roots and projectors of eight sets of parameters at once, each with a derivative, for kernels.

Knows the equations of `inotrope.kinetics.roots` for one, two and three compartments that are all open. Does not know
time, and takes what it is given for checked. Loads Numba.

One array has room for all of one block of eight: slots of eight numbers, from `VALUE` on to `STATE`; another one of the
same shape holds the derivatives, and is called by the same name with a d in front.
"""

from __future__ import annotations

from typing import Any

from inotrope.estimation.many.eights import eight_of, product, quotient, square_root
from inotrope.kinetics.many.disposition import cubic
from inotrope.kinetics.many.machine import LANES, Floats, called, eight_at, fused, greater, inlined, put_eight

VALUE, FACTOR, RATE, ROOT, PROJECTOR, HELD, STATE, SLOTS = 0, 6, 12, 17, 20, 47, 56, 59
"""The first slot of: CL, V1, Q2, V2, Q3, V3; what each of them is multiplied by; k10, k12, k21, k13, k31; the roots of
the modes; their projectors, one slot for each `(mode, to, from)`; what they hold, `(mode, to)`; the amounts. And how
many slots there are."""
K10, K12, K21, K13, K31 = range(LANES * RATE, LANES * (RATE + 5), LANES)


@inlined
def put(values: Floats, slopes: Floats, slot: int, value: Any, slope: Any) -> None:
    """Write an `Eight` and its derivative to a slot."""
    put_eight(values, LANES * slot, value)
    put_eight(slopes, LANES * slot, slope)


@inlined
def at(values: Floats, slopes: Floats, slot: int) -> tuple[Any, Any]:
    """Return the `Eight` of a slot, and its derivative."""
    return eight_at(values, LANES * slot), eight_at(slopes, LANES * slot)


@called
def solve_eight(compartments: int, room: Floats, droom: Floats, three: Floats) -> None:
    """Write roots and projectors, from the values; `three` is room for numbers."""
    flow, dflow = at(room, droom, VALUE)
    volume, dvolume = at(room, droom, VALUE + 1)
    k10, dk10 = quotient(flow, dflow, volume, dvolume)
    put(room, droom, RATE, k10, dk10)
    for other in range(1, compartments):
        flow, dflow = at(room, droom, VALUE + 2 * other)
        own, down = at(room, droom, VALUE + 2 * other + 1)
        there, dthere = quotient(flow, dflow, volume, dvolume)
        back, dback = quotient(flow, dflow, own, down)
        put(room, droom, RATE + 2 * other - 1, there, dthere)
        put(room, droom, RATE + 2 * other, back, dback)
    if compartments == 1:
        put(room, droom, ROOT, k10, dk10)
        put(room, droom, PROJECTOR, eight_of(1.0), eight_of(0.0))
    elif compartments == 2:  # noqa: PLR2004 - there are three numbers of compartments
        two_eight(room, droom)
    else:
        three_eight(room, droom, three)


@inlined
def two_eight(room: Floats, droom: Floats) -> None:
    """Write those of two compartments."""
    k10, dk10 = at(room, droom, RATE)
    k12, dk12 = at(room, droom, RATE + 1)
    k21, dk21 = at(room, droom, RATE + 2)
    difference, ddifference = k10 + k12 - k21, dk10 + dk12 - dk21
    both, dboth = product(k12, dk12, k21, dk21)
    inside = fused(difference, difference, both * 4.0)
    spread, dspread = square_root(inside, (difference * ddifference + dboth * 2.0) * 2.0)
    fast, dfast = (k10 + k12 + k21 + spread) * 0.5, (dk10 + dk12 + dk21 + dspread) * 0.5
    through, dthrough = product(k10, dk10, k21, dk21)
    slow, dslow = quotient(through, dthrough, fast, dfast)
    put(room, droom, ROOT, fast, dfast)
    put(room, droom, ROOT + 1, slow, dslow)
    size = greater(difference, 0.0, difference, difference * -1.0)
    dsize = greater(difference, 0.0, ddifference, ddifference * -1.0)
    larger, dlarger = (spread + size) * 0.5, (dspread + dsize) * 0.5
    smaller, dsmaller = quotient(both, dboth, larger, dlarger)
    more, dmore = quotient(larger, dlarger, spread, dspread)
    less, dless = quotient(smaller, dsmaller, spread, dspread)
    above, dabove = greater(difference, 0.0, more, less), greater(difference, 0.0, dmore, dless)
    below, dbelow = greater(difference, 0.0, less, more), greater(difference, 0.0, dless, dmore)
    there, dthere = quotient(k12, dk12, spread, dspread)
    back, dback = quotient(k21, dk21, spread, dspread)
    put(room, droom, PROJECTOR, above, dabove)
    put(room, droom, PROJECTOR + 1, back * -1.0, dback * -1.0)
    put(room, droom, PROJECTOR + 2, there * -1.0, dthere * -1.0)
    put(room, droom, PROJECTOR + 3, below, dbelow)
    put(room, droom, PROJECTOR + 4, below, dbelow)
    put(room, droom, PROJECTOR + 5, back, dback)
    put(room, droom, PROJECTOR + 6, there, dthere)
    put(room, droom, PROJECTOR + 7, above, dabove)


@called
def three_eight(room: Floats, droom: Floats, three: Floats) -> None:
    """Write those of three compartments: the roots number by number, and their derivatives by the projectors."""
    for lane in range(LANES):
        cubic(room[K10 + lane], room[K12 + lane], room[K21 + lane], room[K13 + lane], room[K31 + lane], three)
        for mode in range(3):
            room[LANES * (ROOT + mode) + lane] = three[mode]
    k10, dk10 = at(room, droom, RATE)
    k12, dk12 = at(room, droom, RATE + 1)
    k21, dk21 = at(room, droom, RATE + 2)
    k13, dk13 = at(room, droom, RATE + 3)
    k31, dk31 = at(room, droom, RATE + 4)
    none = eight_of(0.0)
    for turn in range(2):  # first without derivatives of the roots, which give these; then with them
        for mode in range(3):
            own, down = at(room, droom, ROOT + mode)
            other, dother = at(room, droom, ROOT + (mode + 1) % 3)
            last, dlast = at(room, droom, ROOT + (mode + 2) % 3)
            if turn == 0:
                down, dother, dlast = none, none, none
            b, db = k21 - own, dk21 - down
            c, dc = k31 - own, dk31 - down
            apart, dapart = product(other - own, dother - down, last - own, dlast - down)
            scale, dscale = quotient(eight_of(1.0), none, apart, dapart)
            bs, dbs = product(b, db, scale, dscale)
            cs, dcs = product(c, dc, scale, dscale)
            first = PROJECTOR + 9 * mode
            value, slope = product(b, db, cs, dcs)
            put(room, droom, first, value, slope)
            value, slope = product(k21, dk21, cs, dcs)
            put(room, droom, first + 1, value, slope)
            value, slope = product(k31, dk31, bs, dbs)
            put(room, droom, first + 2, value, slope)
            value, slope = product(k12, dk12, cs, dcs)
            put(room, droom, first + 3, value, slope)
            value, slope = product(k10 + k12 - own, dk10 + dk12 - down, cs, dcs)
            less, dless = product(k13, dk13, own, down)
            less, dless = product(less, dless, scale, dscale)
            put(room, droom, first + 4, value - less, slope - dless)
            value, slope = product(k12, dk12, k31, dk31)
            value, slope = product(value, slope, scale, dscale)
            put(room, droom, first + 5, value, slope)
            value, slope = product(k13, dk13, bs, dbs)
            put(room, droom, first + 6, value, slope)
            value, slope = product(k13, dk13, k21, dk21)
            value, slope = product(value, slope, scale, dscale)
            put(room, droom, first + 7, value, slope)
            value, slope = product(k10 + k13 - own, dk10 + dk13 - down, bs, dbs)
            less, dless = product(k12, dk12, own, down)
            less, dless = product(less, dless, scale, dscale)
            put(room, droom, first + 8, value - less, slope - dless)
        if turn == 0:
            for mode in range(3):
                first = LANES * (PROJECTOR + 9 * mode)
                # The derivative of a root is that of the matrix seen through its projector.
                down = eight_at(room, first) * (dk10 + dk12 + dk13)
                down = down - eight_at(room, first + LANES) * dk12 - eight_at(room, first + 2 * LANES) * dk13
                down = down + (eight_at(room, first + 4 * LANES) - eight_at(room, first + 3 * LANES)) * dk21
                down = down + (eight_at(room, first + 8 * LANES) - eight_at(room, first + 6 * LANES)) * dk31
                put_eight(droom, LANES * (ROOT + mode), down)
