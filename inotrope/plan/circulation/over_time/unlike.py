"""Readings that hardly any patient of the fit shows: whatever follows from them is an extrapolation.

Knows how often patients of the kind are read so low or so high, as their spreads have it. The reading counts as it was
read all the same; where it is too far, the readings' own rules refuse.
"""

from __future__ import annotations

from collections.abc import Iterator

from inotrope.estimation.response import BedsideOfCase, Target, tails
from inotrope.plan.forecast_numbers import SEED

_SAYS = (
    "{listed}: beyond {most:.0f} of {of:.0f} readings of the kind of patient that the model was fitted in, {kind} "
    "(judgement). Nothing was fitted to such a patient: every interval and chance is an extrapolation."
)


def unlike(target: Target, bedside: BedsideOfCase) -> tuple[str, ...]:
    """Return a sentence that lists what is rare in patients of the fit; none where nothing is.

    Args:
        target: What is asked, of the kind.
        bedside: The same readings, as the case has them.
    """
    file = target.ensemble.file
    of = 100 / float(file.readings.rare.value.in_unit("%"))
    listed = "; ".join(_rare(target, bedside, 1 / of))
    if not listed:
        return ()
    says = _SAYS.format(listed=f"{listed[0].upper()}{listed[1:]}", most=of - 1, of=of, kind=file.heart.title)
    return (says,)


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
