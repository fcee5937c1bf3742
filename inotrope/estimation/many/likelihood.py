"""The objective of one subject at eight sets of etas at once, each with a derivative, in machine code.

Knows the equations of `inotrope.estimation.objective`, and the walk through a subject's segments as
`inotrope.kinetics.many.walk` goes it. Does not know what the eight sets are for (`search.py`). Loads Numba.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation.many.eights import eight_of, product, quotient, square_root
from inotrope.estimation.many.modes import FACTOR, HELD, PROJECTOR, ROOT, STATE, VALUE, at, put, solve_eight
from inotrope.estimation.many.tail import log_share
from inotrope.estimation.objective import LEAST_VARIANCE
from inotrope.kinetics.many.exponential import left_and_gone
from inotrope.kinetics.many.machine import LANES, Floats, Integers, called, eight_at, greater, inlined, put_eight
from inotrope.kinetics.many.walk import first_not_before

ROOT_OF_SQUARES, SUM = 0, 1
"""Forms of a residual error, for kernels."""


@inlined
def decayed(root: Any, droot: Any, hours: float) -> tuple[Any, Any, Any, Any]:
    """Return what is left of a mode after some hours, and what a rate of 1 per hour leaves of it, with derivatives."""
    left, gone = left_and_gone(root * hours)
    dleft = left * droot * -hours
    filled, dfilled = quotient(gone, dleft * -1.0, root, droot)
    return left, dleft, filled, dfilled


@inlined
def scale_rows(
    compartments: int, place_of_eta: Integers, etas: Floats, detas: Floats, room: Floats, droom: Floats
) -> None:
    """Write exp(eta) of each parameter, and 1 where it has none."""
    for name in range(2 * compartments):
        place = place_of_eta[name]
        if place < 0:
            put(room, droom, FACTOR + name, eight_of(1.0), eight_of(0.0))
        else:
            eta, deta = at(etas, detas, place)
            factor, _ = left_and_gone(eta * -1.0)
            put(room, droom, FACTOR + name, factor, factor * deta)


@inlined
def enter_row(compartments: int, typical: Floats, row: int, room: Floats, droom: Floats, three: Floats) -> None:
    """Write the parameters of a row, and their modes."""
    for name in range(2 * compartments):
        factor, dfactor = at(room, droom, FACTOR + name)
        put(room, droom, VALUE + name, factor * typical[row, name], dfactor * typical[row, name])
    solve_eight(compartments, room, droom, three)


@called
def gather_eight(compartments: int, room: Floats, droom: Floats) -> None:
    """Write the amounts that the modes hold together."""
    for to in range(compartments):
        total, dtotal = eight_of(0.0), eight_of(0.0)
        for mode in range(compartments):
            held, dheld = at(room, droom, HELD + compartments * mode + to)
            total, dtotal = total + held, dtotal + dheld
        put(room, droom, STATE + to, total, dtotal)


@called
def project_eight(compartments: int, room: Floats, droom: Floats) -> None:
    """Write what of the amounts falls with each mode."""
    for mode in range(compartments):
        for to in range(compartments):
            total, dtotal = eight_of(0.0), eight_of(0.0)
            for source in range(compartments):
                state, dstate = at(room, droom, STATE + source)
                share, dshare = at(room, droom, PROJECTOR + (compartments * mode + to) * compartments + source)
                part, dpart = product(share, dshare, state, dstate)
                total, dtotal = total + part, dtotal + dpart
            put(room, droom, HELD + compartments * mode + to, total, dtotal)


@called
def enter_steady_eight(compartments: int, cycles: Floats, cycle: int, add: bool, room: Floats, droom: Floats) -> None:
    """Write, or add, the amounts just before the next dose of a cycle; see `kinetics.many.disposition`."""
    if not add:
        for to in range(compartments):
            put(room, droom, STATE + to, eight_of(0.0), eight_of(0.0))
    rate, duration, interval, bolus = cycles[cycle, 0], cycles[cycle, 1], cycles[cycle, 2], cycles[cycle, 3]
    for mode in range(compartments):
        root, droot = at(room, droom, ROOT + mode)
        if math.isinf(duration):
            gathered, dgathered = quotient(eight_of(rate), eight_of(0.0), root, droot)
        else:
            left, kept = left_and_gone(root * interval)
            dleft = left * droot * -interval
            dkept = dleft * -1.0
            gathered, dgathered = quotient(left * bolus, dleft * bolus, kept, dkept)
            if rate != 0.0:
                rest = np.fmod(duration, interval)
                whole = np.rint((duration - rest) / interval)
                _, _, filled, dfilled = decayed(root, droot, rest)
                since, dsince, _, _ = decayed(root, droot, interval - rest)
                last, dlast = product(filled, dfilled, since, dsince)
                last, dlast = quotient(last, dlast, kept, dkept)
                full, dfull = quotient(eight_of(whole), eight_of(0.0), root, droot)
                gathered, dgathered = gathered + (full + last) * rate, dgathered + (dfull + dlast) * rate
        for to in range(compartments):
            state, dstate = at(room, droom, STATE + to)
            share, dshare = at(room, droom, PROJECTOR + (compartments * mode + to) * compartments)
            part, dpart = product(share, dshare, gathered, dgathered)
            put(room, droom, STATE + to, state + part, dstate + dpart)


@inlined
def prior(count: int, whitening: Floats, etas: Floats, detas: Floats, found: Floats, dfound: Floats) -> None:
    """Write eta' Omega^-1 eta."""
    total, dtotal = eight_of(0.0), eight_of(0.0)
    for to in range(count):
        white, dwhite = eight_of(0.0), eight_of(0.0)
        for source in range(to + 1):
            eta, deta = at(etas, detas, source)
            white, dwhite = white + eta * whitening[to, source], dwhite + deta * whitening[to, source]
        total, dtotal = total + white * white, dtotal + white * dwhite * 2.0
    put(found, dfound, 0, total, dtotal)


@called
def add_level(
    predicted: Any,
    dpredicted: Any,
    level: float,
    below: bool,
    weight: float,
    form: int,
    a: float,
    b: float,
    room: Floats,
    found: Floats,
    dfound: Floats,
) -> None:
    """Add what one level brings to the objective; `room` is for sixteen numbers."""
    if form == SUM:
        sd = predicted * b + a
        variance, dvariance = sd * sd, sd * dpredicted * (2.0 * b)
    else:
        share = predicted * b
        variance, dvariance = share * share + a * a, share * dpredicted * (2.0 * b)
    dvariance = greater(variance, LEAST_VARIANCE, dvariance, 0.0)
    variance = greater(variance, LEAST_VARIANCE, variance, LEAST_VARIANCE)
    total, dtotal = at(found, dfound, 0)
    residual, dresidual = eight_of(level) - predicted, dpredicted * -1.0
    if below:
        sd, dsd = square_root(variance, dvariance)
        z, dz = quotient(residual, dresidual, sd, dsd)
        put_eight(room, 0, z)
        for lane in range(LANES):
            room[lane], room[LANES + lane] = log_share(room[lane])
        share, slope = eight_at(room, 0), eight_at(room, LANES)
        put(found, dfound, 0, total - share * (2.0 * weight), dtotal - slope * dz * (2.0 * weight))
        return
    square, dsquare = product(residual, dresidual, residual, dresidual)
    part, dpart = quotient(square, dsquare, variance, dvariance)
    put_eight(room, 0, variance)
    for lane in range(LANES):
        room[lane] = math.log(room[lane])
    part, dpart = part + eight_at(room, 0), dpart + dvariance / variance
    put(found, dfound, 0, total + part * weight, dtotal + dpart * weight)


@called
def objective_of_eight(
    compartments: int,
    subject: int,
    offset: Integers,
    begin_h: Floats,
    rate: Floats,
    bolus: Floats,
    reset: NDArray[np.bool_],
    steady: Integers,
    row: Integers,
    cycles: Floats,
    cycle_add: NDArray[np.bool_],
    cycle_row: Integers,
    typical: Floats,
    offset_time: Integers,
    time_h: Floats,
    first_time: Integers,
    level: Floats,
    below: NDArray[np.bool_],
    weight: Floats,
    place_of_eta: Integers,
    whitening: Floats,
    form: int,
    a: float,
    b: float,
    etas: Floats,
    detas: Floats,
    room: Floats,
    droom: Floats,
    numbers: Floats,
    found: Floats,
    dfound: Floats,
) -> None:
    """Write the objective of one subject at eight sets of etas, and its derivative along eight directions.

    From `offset` to `first_time` stand the arrays of `kinetics.many.Many`, with typical parameters; then what `Levels`
    holds, end to end. `place_of_eta` (2 c,) names the eta of each parameter, or -1. `etas` and `detas` are k slots of
    eight, places and directions; `room` and `droom` are as `modes.py` says; `numbers` has 16, `found` and `dfound` 8.
    """
    prior(whitening.shape[0], whitening, etas, detas, found, dfound)
    scale_rows(compartments, place_of_eta, etas, detas, room, droom)
    start, count = offset_time[subject], offset_time[subject + 1]
    first, end = offset[subject], offset[subject + 1]
    solved = -1
    for place in range(first - 1, end):
        if start == count:
            break
        stop = count
        if place + 1 < end:
            stop = (
                first_time[place + 1] if first_time.size else first_not_before(time_h, start, count, begin_h[place + 1])
            )
        if place < first:
            for early in range(start, stop):
                none = eight_of(0.0)
                add_level(none, none, level[early], below[early], weight[early], form, a, b, numbers, found, dfound)
            start = stop
            continue
        if place > first:
            hours = begin_h[place] - begin_h[place - 1]
            if hours > 0:
                for mode in range(compartments):
                    root, droot = at(room, droom, ROOT + mode)
                    left, dleft, filled, dfilled = decayed(root, droot, hours)
                    for to in range(compartments):
                        slot = HELD + compartments * mode + to
                        held, dheld = at(room, droom, slot)
                        held, dheld = product(held, dheld, left, dleft)
                        if rate[place - 1] != 0.0:
                            share, dshare = at(room, droom, PROJECTOR + (compartments * mode + to) * compartments)
                            fed, dfed = product(share, dshare, filled, dfilled)
                            held, dheld = held + fed * rate[place - 1], dheld + dfed * rate[place - 1]
                        put(room, droom, slot, held, dheld)
        if place == first or reset[place]:
            for slot in range(HELD, HELD + compartments * compartments):
                put(room, droom, slot, eight_of(0.0), eight_of(0.0))
        cycle = steady[place]
        if cycle >= 0 or row[place] != solved:
            gather_eight(compartments, room, droom)
            if cycle >= 0:
                enter_row(compartments, typical, cycle_row[cycle], room, droom, numbers)
                enter_steady_eight(compartments, cycles, cycle, cycle_add[cycle], room, droom)
            solved = row[place]
            enter_row(compartments, typical, solved, room, droom, numbers)
            project_eight(compartments, room, droom)
        if bolus[place] != 0.0:
            for mode in range(compartments):
                for to in range(compartments):
                    slot = HELD + compartments * mode + to
                    held, dheld = at(room, droom, slot)
                    share, dshare = at(room, droom, PROJECTOR + (compartments * mode + to) * compartments)
                    put(room, droom, slot, held + share * bolus[place], dheld + dshare * bolus[place])
        for now in range(start, stop):
            hours = max(time_h[now] - begin_h[place], 0.0)
            amount, damount = eight_of(0.0), eight_of(0.0)
            for mode in range(compartments):
                root, droot = at(room, droom, ROOT + mode)
                left, dleft, filled, dfilled = decayed(root, droot, hours)
                held, dheld = at(room, droom, HELD + compartments * mode)
                part, dpart = product(held, dheld, left, dleft)
                share, dshare = at(room, droom, PROJECTOR + compartments * compartments * mode)
                fed, dfed = product(share, dshare, filled, dfilled)
                amount, damount = amount + part + fed * rate[place], damount + dpart + dfed * rate[place]
            volume, dvolume = at(room, droom, VALUE + 1)
            predicted, dpredicted = quotient(amount, damount, volume, dvolume)
            add_level(predicted, dpredicted, level[now], below[now], weight[now], form, a, b, numbers, found, dfound)
        start = stop
