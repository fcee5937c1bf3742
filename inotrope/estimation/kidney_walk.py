"""From a series of creatinines to a clearance that moves: a Gaussian random walk, its mode, and draws around it.

Knows two kidneys, one that fails or recovers and one that does neither; the creatinines weigh the two, so that a stable
patient is not told that his kidneys may be anywhere. Knows too that what lies after the last creatinine is the walk
alone. It reads no case (`kidney_of_case.py`) and knows no drug; the prior stands in `walk_spread.py`.

The first clearance has no prior of its own; the first creatinine is at its steady state unless said otherwise. The
draws are those of the Gaussians at the two modes, each with the Hessian of Gauss and Newton. Source: Gelman and others,
Bayesian Data Analysis, 3rd edition, section 13.3 (normal approximation at the mode, also of several modes); that two
kidneys are better than one, the project's trial on simulated patients.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from inotrope.errors import RequestError
from inotrope.estimation.creatinine_balance import CLOSEST_H, Balance, Volumes, knots_of
from inotrope.estimation.kidney_path import Walk
from inotrope.estimation.problem import Bools, Floats
from inotrope.estimation.walk_search import WalkMode, WalkSearch
from inotrope.estimation.walk_spread import WalkSpread
from inotrope.population import ExtracorporealClearance, Stream, standard_normals
from inotrope.population.virtual.randoms import whole

_GOLDEN = (math.sqrt(5) - 1) / 2
"""Its multiples leave the most even gaps: the first draws of any count hold their share of quiet kidneys."""


def walk(
    times_h: ArrayLike,
    creatinine_mg_per_dl: ArrayLike,
    *,
    production_mg_per_h: float,
    volumes: Volumes,
    moves_from_h: float,
    now_h: float,
    ahead_h: float,
    draws: int = 4000,
    seed: int = 0,
    knots_h: float = 2.0,
    machines: Sequence[ExtracorporealClearance] = (),
    start_sd: float = 0.0,
    spread: WalkSpread | None = None,
) -> Walk:
    """Return the draws of a clearance that explain a series of creatinines, and go on for some time.

    Args:
        times_h: (creatinines,) h, in any order.
        creatinine_mg_per_dl: mg/dL, as measured.
        production_mg_per_h: mg/h, the usual one of such a patient.
        volumes: L, the usual ones of such a patient.
        moves_from_h: From when on the clearance may move; creatinines before it are baseline values.
        now_h: Not before the last creatinine.
        ahead_h: How long the draws go on after `now`.
        draws: How many.
        seed: Draw k of a seed is the same, up to rounding, however many are asked for.
        knots_h: h between knots; every creatinine, machine, entry of a volume and `now` are knots as well.
        machines: Dated clearances of creatinine by machines, which the walk is not about.
        start_sd: How far the first creatinine may lie from its steady state, as the SD of a logarithm; 0 where the
            patient is taken to be in one.
        spread: How far everything may be from what is usual; None takes the project's judgement.

    Returns:
        See `Walk`; where the search did not end in a minimum, `converged` is False.

    Raises:
        RequestError: No creatinine, one that is not above 0 or lies after `now`; no draw; a production, volume, step or
            SD that is not above 0.
    """
    times, measured = _proved(times_h, creatinine_mg_per_dl, now_h)
    if not (knots_h > 0 and ahead_h >= 0 and start_sd >= 0 and np.isfinite([knots_h, ahead_h, start_sd]).all()):
        raise RequestError(
            "A walk has knots some hours apart, goes on for 0 h or more, and starts with an SD from 0 on."
        )
    if whole("count of draws", draws) == 0:
        raise RequestError("A walk without a draw says nothing. Give 1 or more.", value="0")
    sds, last = WalkSpread.shipped() if spread is None else spread, float(times[-1])
    moves = min(moves_from_h, last)
    cuts = [now_h, *volumes.time_h, *(time for machine in machines for time in machine.times_h)]
    knots = knots_of(times_h=times, moves_from_h=moves, end_h=now_h + ahead_h, step_h=knots_h, cuts_h=cuts)
    balance = Balance.of(knots, production_mg_per_h=production_mg_per_h, volumes=volumes, machines=machines)
    at = np.searchsorted(knots, times - 2 * CLOSEST_H)
    past = int(at[-1]) + 1
    modes = []
    for quiet in (True, False):
        increments = sds.increments(knots, moves_from_h=moves, last_h=last, quiet=quiet)
        search = WalkSearch(balance.first(past), at, np.log(measured), increments[: past - 1], sds, start_sd)
        modes.append(search.mode())
    chance = _chance(sds.quiet_chance, *modes)
    likelier = modes[0] if chance > 1 / 2 else modes[1]
    count = likelier.unknowns.size
    deviates = standard_normals(seed, np.arange(draws), count + knots.size - past, Stream.KIDNEY)
    is_quiet: Bools = (np.arange(1, draws + 1) * _GOLDEN) % 1.0 < chance
    found = np.where(is_quiet[:, None], modes[0].drawn(deviates[:, :count]), modes[1].drawn(deviates[:, :count]))
    onward = np.cumsum(deviates[:, count:] * increments[past - 1 :], axis=1)
    path, usual = found[:, :past], likelier.unknowns[:past]
    return Walk(
        knot_h=knots,
        log_clearance_l_per_h=np.concatenate([path, path[:, -1:] + onward], axis=1),
        log_production=found[:, past],
        log_volume=found[:, past + 1],
        log_start=found[:, past + 2] if start_sd else np.zeros(draws),
        balance=balance,
        now_h=now_h,
        last_h=last,
        mode_log_clearance_l_per_h=np.append(usual, np.full(knots.size - past, usual[-1])),
        quiet_chance=chance,
        converged=all(mode.converged for mode in modes),
        steps=max(mode.steps for mode in modes),
    )


def _proved(times_h: ArrayLike, creatinine_mg_per_dl: ArrayLike, now_h: float) -> tuple[Floats, Floats]:
    """Return times and creatinines in one order, whatever the order given."""
    times = np.atleast_1d(np.asarray(times_h, dtype=np.float64))
    measured = np.atleast_1d(np.asarray(creatinine_mg_per_dl, dtype=np.float64))
    if times.ndim != 1 or not times.size or times.shape != measured.shape:
        raise RequestError(
            f"A walk needs creatinines with one time for each; here are {measured.size} at {times.size} times."
        )
    if not (np.isfinite(measured) & (measured > 0)).all():
        raise RequestError(f"A creatinine is above 0 mg/dL; here they are {measured.tolist()}.")
    if not np.isfinite(times).all() or not times.max() <= now_h < np.inf:
        raise RequestError(f"Creatinines are measured up to now, {now_h:g} h; here the times are {times.tolist()} h.")
    order = np.lexsort((measured, times))
    return times[order], measured[order]


def _chance(prior: float, quiet: WalkMode, moving: WalkMode) -> float:
    """Return how probable the quiet kidney is after the creatinines."""
    higher = max(quiet.log_evidence, moving.log_evidence)
    weights = prior * math.exp(quiet.log_evidence - higher), (1 - prior) * math.exp(moving.log_evidence - higher)
    return weights[0] / sum(weights)
