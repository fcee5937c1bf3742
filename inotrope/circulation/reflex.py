"""The static baroreflex: how the nerves answer when mean arterial pressure leaves its set point, at rest.

Knows one signal, s = m tanh((MAP/set - 1)/m), below zero when the pressure falls, and four gains: heart rate, systemic
resistance, stressed volume and force of both ventricles are each multiplied by 1 - gain x s. Fast parts of the reflex
have settled; slow ones (hormones, kidneys) are not in it. Does not know any drug.

The signal is found by a secant outside of Newton's method, inside a bracket: what the loop gives back falls as the
signal rises, so there is one answer.

Source: facts/circulation.md, section 2.2; the gains are assumptions and come as arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from inotrope.circulation.arrays import Array, chunks, numbers, positive, shape_of
from inotrope.circulation.heart import Changes, Heart
from inotrope.circulation.loop import (
    CPV,
    FIELDS,
    LEFT_EES,
    LEFT_START,
    RATE,
    RIGHT_EES,
    RIGHT_START,
    RS,
    STRESSED,
    Circulation,
    gathered,
    search,
    told,
)
from inotrope.errors import CirculationError

PASSES = 40
"""The secant needs 3 to 6; halving the bracket alone would need 34."""
SETTLED = 1e-10
"""Of the signal: a hundred-millionth of a mmHg."""
_MAP, _LEFT, _RIGHT, _RESIDUAL = map(
    FIELDS.index, ("mean_arterial_mmhg", "left_edv_ml", "right_edv_ml", "residual_share")
)


@dataclass(frozen=True, slots=True)
class Reflex:
    """Gains of the baroreflex; arrays that broadcast over patients. All zero: no reflex.

    Attributes:
        rate: On the heart rate.
        resistance: On the systemic resistance.
        volume: On the stressed volume.
        force: On Ees of both ventricles.
        most: The largest signal, either way.
    """

    rate: Array
    resistance: Array
    volume: Array
    force: Array
    most: Array

    @classmethod
    def of(
        cls, *, rate: ArrayLike, resistance: ArrayLike, volume: ArrayLike, force: ArrayLike, most: ArrayLike
    ) -> Reflex:
        """Return checked gains.

        Raises:
            CirculationError: A gain is below zero, or so large that the full signal would turn a factor negative.
        """
        given = {name: numbers(name, value) for name, value in locals().items() if name != "cls"}
        limit = positive("most", given["most"])
        for name in ("rate", "resistance", "volume", "force"):
            if (given[name] < 0).any() or (given[name] * limit >= 1).any():
                raise CirculationError(
                    f"A gain of '{given[name]}' is no gain of a reflex.",
                    value=given[name],
                    accepted=f"at least 0 and below {1 / float(limit.max()):.3g}",
                    where=name,
                )
        return cls(**given)

    def changes(self, signal: Array) -> Changes:
        """Return the factors of a signal."""
        force = 1 - self.force * signal
        return Changes.of(
            rate=1 - self.rate * signal,
            systemic_resistance=1 - self.resistance * signal,
            stressed_volume=1 - self.volume * signal,
            left_elastance=force,
            right_elastance=force,
        )


def settle(heart: Heart, reflex: Reflex, *, set_point_mmhg: ArrayLike) -> tuple[Circulation, Array]:
    """Return the steady state in which pressure and reflex agree, and the signal of the reflex.

    Args:
        heart: With a drug's changes already in it.
        reflex: The gains.
        set_point_mmhg: The pressure at which the reflex is silent: that of the same patient before the drug.

    Raises:
        CirculationError: For some patient no steady state was found.
    """
    found, signal = attempt_to_settle(heart, reflex, set_point_mmhg=set_point_mmhg)
    return found.proven(), signal


def attempt_to_settle(heart: Heart, reflex: Reflex, *, set_point_mmhg: ArrayLike) -> tuple[Circulation, Array]:
    """Return the same, and in `solved` for whom it is a steady state; `settle` says the rest."""
    arrays, shape = named_rows(heart, reflex, set_point_mmhg)
    found = np.empty((len(FIELDS) + 1, int(np.prod(shape, dtype=np.int64))))
    for part, rows in chunks(arrays, shape):
        found[:, part] = _settle(rows)
    return gathered(found[:-1], shape), found[-1].reshape(shape)


def named_rows(heart: Heart, reflex: Reflex, set_point_mmhg: ArrayLike) -> tuple[list[Array], tuple[int, ...]]:
    """Return the numbers of heart, reflex and set point in the order of the rows below, and their common shape.

    Raises:
        CirculationError: A set point is not above zero; shapes do not fit.
    """
    point = positive("set_point_mmhg", set_point_mmhg)
    gains = {item.name: getattr(reflex, item.name) for item in fields(reflex)}
    named = {**heart.arrays, **gains, "set_point_mmhg": point}
    return list(named.values()), shape_of(named)


def _settle(rows: Array) -> Array:
    """Return the fields of every patient of a chunk, and the signal as a last row; a patient who has settled rests."""
    left, right = search(rows, rows[LEFT_START], rows[RIGHT_START])
    found = np.vstack([told(rows, left, right), np.zeros(left.size)])
    at, own, here = np.arange(left.size), rows, found  # those still looked at, and how they stand
    gap = _answer(own, here[_MAP])  # falls strictly as the signal rises: one answer, inside the bracket
    low, high = -own[MOST], own[MOST].copy()
    trial = gap / _steepness(own)
    for _ in range(PASSES):
        open_ = np.abs(gap) > SETTLED
        count = int(np.count_nonzero(open_))
        if count <= open_.size // 2:  # fewer rows are worth a copy of them
            found[:, at] = here
            if count == 0:
                return found
            kept = np.flatnonzero(open_)
            at, own, here, open_ = at[kept], own[:, kept], here[:, kept], open_[kept]
            gap, trial, low, high = gap[kept], trial[kept], low[kept], high[kept]
        before = here[-1]
        low, high = np.where(gap > 0, before, low), np.where(gap < 0, before, high)
        trial = np.where((trial > low) & (trial < high), trial, (low + high) / 2)
        trial = np.where(open_, trial, before)
        moved = _with_signal(own, trial)
        left, right = search(moved, here[_LEFT], here[_RIGHT])
        after = np.vstack([told(moved, left, right), trial])
        gap_after = _answer(own, after[_MAP]) - trial
        with np.errstate(divide="ignore", invalid="ignore"):  # a flat secant gives no number, and the bracket is halved
            following = trial - gap_after * (trial - before) / (gap_after - gap)
        here, gap, trial = np.where(open_, after, here), np.where(open_, gap_after, gap), following
    found[:, at] = here
    found[_RESIDUAL, at[np.abs(gap) > SETTLED]] = np.nan  # the bracket never closed: no answer
    return found


def _steepness(rows: Array) -> Array:
    """Return about how much faster the gap closes than the signal rises; it only spares a pass."""
    found: Array = 1 + 0.4 * (rows[OF_RATE] + rows[OF_RESISTANCE]) + rows[OF_VOLUME] + 0.3 * rows[OF_FORCE]
    return found


# The rows of a chunk behind those of the heart.
OF_RATE, OF_RESISTANCE, OF_VOLUME, OF_FORCE, MOST, SET_POINT = range(CPV + 1, CPV + 7)


def _answer(rows: Array, mean_arterial: Array) -> Array:
    """Return the signal that a pressure calls for."""
    found: Array = rows[MOST] * np.tanh((mean_arterial / rows[SET_POINT] - 1) / rows[MOST])
    return found


def _with_signal(rows: Array, signal: Array) -> Array:
    """Return the rows of hearts that obey the signal."""
    moved = rows.copy()
    moved[RATE] *= 1 - rows[OF_RATE] * signal
    moved[RS] *= 1 - rows[OF_RESISTANCE] * signal
    moved[STRESSED] *= 1 - rows[OF_VOLUME] * signal
    moved[LEFT_EES] *= 1 - rows[OF_FORCE] * signal
    moved[RIGHT_EES] *= 1 - rows[OF_FORCE] * signal
    return moved
