"""The kernels: a steady state for every patient, and one in which the reflex agrees, block after block.

Knows how patients come into a block and what is written of them; the last block is filled up with its first patient.
The search for the signal is that of `reflex.py`, pass for pass. Machine code: arrays by position.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.circulation.loop import (
    LEFT_EES,
    LEFT_START,
    RATE,
    RIGHT_EES,
    RIGHT_START,
    RP,
    RS,
    RV,
    STRESSED,
)
from inotrope.circulation.machine import inlined, kernel, sources
from inotrope.circulation.many.block import (
    LEFT,
    LEFT_SV,
    MOVING,
    RIGHT,
    RIGHT_SV,
    ROWS,
    VENOUS,
    VOLUME,
    WEDGE,
    WIDTH,
    expm1,
    search,
)
from inotrope.circulation.reflex import (
    MOST,
    OF_FORCE,
    OF_RATE,
    OF_RESISTANCE,
    OF_VOLUME,
    PASSES,
    SET_POINT,
    SETTLED,
)

HERE = Path(__file__).parent
COMPILED = (
    *(HERE / name for name in ("block.py", "kernels.py")),
    *(HERE.parent / name for name in ("machine.py", "loop.py", "reflex.py")),
)
SOURCES = sources(*COMPILED)

# Behind the rows of `block.py`: the five numbers that the reflex moves, as they were, and the search for its signal.
OWN_RATE, OWN_RS, OWN_STRESSED, OWN_LEFT, OWN_RIGHT = (WIDTH * row for row in range(ROWS, ROWS + 5))
SIGNAL, GAP, TRIAL, LOW, HIGH, OPEN = (WIDTH * row for row in range(ROWS + 5, ROWS + 11))
ALL_ROWS = ROWS + 11


@inlined
def take(numbers: Array, begin: int, size: int, w: Array) -> None:
    """Fill a block, and put its patients at their calibrated volumes."""
    for row in range(numbers.shape[0]):
        for j in range(size):
            w[row * WIDTH + j] = numbers[row, begin + j]
        for j in range(size, WIDTH):
            w[row * WIDTH + j] = numbers[row, begin]
    for j in range(WIDTH):
        w[LEFT + j], w[RIGHT + j] = w[LEFT_START * WIDTH + j], w[RIGHT_START * WIDTH + j]
        w[MOVING + j] = 1.0


@inlined
def mean_arterial(w: Array, j: int) -> float:
    """Return the mean arterial pressure of a patient of a block."""
    pressure: float = w[VENOUS + j] + w[LEFT_SV + j] * w[RATE * WIDTH + j] / 60.0 * w[RS * WIDTH + j]
    return pressure


@inlined
def tell(w: Array, at: int, size: int, told: Array) -> None:
    """Write the fields of a `Circulation`, as `loop.told` has them."""
    for j in range(size):
        per_s = w[RATE * WIDTH + j] / 60.0
        flow = w[LEFT_SV + j] * per_s
        told[0, at + j] = w[RATE * WIDTH + j]
        told[1, at + j] = w[LEFT + j]
        told[2, at + j] = w[RIGHT + j]
        told[3, at + j] = w[LEFT_SV + j]
        told[4, at + j] = mean_arterial(w, j)
        told[5, at + j] = w[VENOUS + j]
        told[6, at + j] = w[WEDGE + j]
        told[7, at + j] = w[WEDGE + j] + w[RIGHT_SV + j] * per_s * w[RP * WIDTH + j]
        told[8, at + j] = w[VENOUS + j] + flow * w[RV * WIDTH + j]
        apart, missing = abs(w[LEFT_SV + j] - w[RIGHT_SV + j]), abs(w[VOLUME + j])
        told[9, at + j] = (apart + missing + abs(apart - missing)) / 2.0 / abs(w[STRESSED * WIDTH + j])


@kernel
def solve(numbers: Array, told: Array, at: int, sources: int = SOURCES) -> None:
    """Write the steady state of each patient from column `at` on.

    `numbers` are rows as `loop.py` has them, `told` those of `loop.FIELDS`.
    """
    w = np.empty(ALL_ROWS * WIDTH)
    for begin in range(0, numbers.shape[1], WIDTH):
        size = min(WIDTH, numbers.shape[1] - begin)
        take(numbers, begin, size, w)
        search(w)
        tell(w, at + begin, size, told)


@inlined
def keep(w: Array) -> None:
    """Remember the five numbers as they are without a signal."""
    for j in range(WIDTH):
        w[OWN_RATE + j], w[OWN_RS + j] = w[RATE * WIDTH + j], w[RS * WIDTH + j]
        w[OWN_STRESSED + j] = w[STRESSED * WIDTH + j]
        w[OWN_LEFT + j], w[OWN_RIGHT + j] = w[LEFT_EES * WIDTH + j], w[RIGHT_EES * WIDTH + j]


@inlined
def obey(w: Array) -> None:
    """Let those who have not agreed yet obey their next signal."""
    for j in range(WIDTH):
        signal = w[SIGNAL + j]
        w[RATE * WIDTH + j] = w[OWN_RATE + j] * (1.0 - w[OF_RATE * WIDTH + j] * signal)
        w[RS * WIDTH + j] = w[OWN_RS + j] * (1.0 - w[OF_RESISTANCE * WIDTH + j] * signal)
        w[STRESSED * WIDTH + j] = w[OWN_STRESSED + j] * (1.0 - w[OF_VOLUME * WIDTH + j] * signal)
        force = 1.0 - w[OF_FORCE * WIDTH + j] * signal
        w[LEFT_EES * WIDTH + j], w[RIGHT_EES * WIDTH + j] = w[OWN_LEFT + j] * force, w[OWN_RIGHT + j] * force
        w[MOVING + j] = w[OPEN + j]


@inlined
def answer(w: Array, j: int) -> float:
    """Return the signal that the present pressure calls for: m tanh(x / m), by tanh(y) = (e^2y - 1) / (e^2y + 1)."""
    most = w[MOST * WIDTH + j]
    raised = expm1(2.0 * (mean_arterial(w, j) / w[SET_POINT * WIDTH + j] - 1.0) / most)
    signal: float = most * raised / (raised + 2.0)
    return signal


@inlined
def begin_to_listen(w: Array) -> None:
    """Set the bracket and the first trial, from the steady state without a signal."""
    for j in range(WIDTH):
        gap = answer(w, j)
        w[SIGNAL + j], w[GAP + j] = 0.0, gap
        w[LOW + j], w[HIGH + j] = -w[MOST * WIDTH + j], w[MOST * WIDTH + j]
        of_rate, of_volume = w[OF_RATE * WIDTH + j], w[OF_VOLUME * WIDTH + j]
        steepness = 1.0 + 0.4 * (of_rate + w[OF_RESISTANCE * WIDTH + j]) + of_volume + 0.3 * w[OF_FORCE * WIDTH + j]
        w[TRIAL + j] = gap / steepness


@inlined
def choose(w: Array) -> float:
    """Narrow the bracket, put the next signal inside of it, and return how many have not agreed yet."""
    count = 0.0
    for j in range(WIDTH):
        gap, before, trial = w[GAP + j], w[SIGNAL + j], w[TRIAL + j]
        low = before if gap > 0.0 else w[LOW + j]
        high = before if gap < 0.0 else w[HIGH + j]
        middle = 0.5 * (low + high)
        above = 1.0 if trial > low else 0.0
        within = above if trial < high else 0.0
        trial = trial if within > 0.0 else middle
        is_open = 1.0 if abs(gap) > SETTLED else 0.0
        w[LOW + j], w[HIGH + j], w[OPEN + j] = low, high, is_open
        w[TRIAL + j] = before  # the place of the last signal, from here on
        w[SIGNAL + j] = trial if is_open > 0.0 else before
        count += is_open
    return count


@inlined
def listen(w: Array) -> None:
    """Find the new gap of those who are open, and the next trial by the secant."""
    for j in range(WIDTH):
        before, signal, gap = w[TRIAL + j], w[SIGNAL + j], w[GAP + j]
        after = answer(w, j) - signal
        w[TRIAL + j] = signal - after * (signal - before) / (after - gap)
        w[GAP + j] = after if w[OPEN + j] > 0.0 else gap


@kernel
def settle(numbers: Array, told: Array, at: int, sources: int = SOURCES) -> None:
    """Write the steady state in which pressure and reflex agree, and the signal as a last row."""
    w = np.empty(ALL_ROWS * WIDTH)
    for begin in range(0, numbers.shape[1], WIDTH):
        size = min(WIDTH, numbers.shape[1] - begin)
        take(numbers, begin, size, w)
        keep(w)
        search(w)
        begin_to_listen(w)
        for _ in range(PASSES):
            if choose(w) == 0.0:
                break
            obey(w)
            search(w)
            listen(w)
        tell(w, at + begin, size, told)
        for j in range(size):
            told[10, at + begin + j] = w[SIGNAL + j]
            if abs(w[GAP + j]) > SETTLED:  # the bracket never closed: no answer
                told[9, at + begin + j] = np.nan
