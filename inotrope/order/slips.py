"""Which of the known slips would explain what does not fit in an order, and which of those is the likeliest.

A slip is named when the order, with one value corrected (`corrections.py`), fits together within the warning limit and
keeps every limit. Of several the likeliest are named; which one it was, only the prescriber can say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inotrope.findings import SourceReference
from inotrope.order.corrections import Correction, corrections, other_weight, standard_strengths
from inotrope.order.limits import Bounds, crossed, load_doses, rates_asked, stops
from inotrope.order.pairs import Pair, Steps, pairs_of
from inotrope.order.statements import HANGING, NAMED, Kind, Statement
from inotrope.patient import vocabulary
from inotrope.patient.vocabulary import Limit
from inotrope.units import Quantity

_WEAK = frozenset({"swapped-digits", "salt-for-base", "wrong-weight"})
"""Two digits can be swapped into many a number, 1.4 is near many a ratio, and some weight fits always: a slip with a
factor of its own that fits as well goes before them."""
_BAG = "vial-for-bag"
"""The one slip that what hangs by the case can be part of: the order was worked out for the other product."""
MOST_NAMED = 4
"""Slips that are named; more of them tell a reader nothing."""
_STRENGTHS = frozenset({Kind.CONCENTRATION, Kind.VIAL_STRENGTH, Kind.LOAD_STRENGTH})


@dataclass(frozen=True, slots=True)
class Slip:
    """A known slip that would explain what does not fit.

    Attributes:
        id: Its name, such as `ten-fold`.
        says: What it looks like, in a sentence.
        value: The stated value that it concerns, as written.
        where: The place of that value.
        instead: What the value would be.
        sources: Of the limits by which it was found, and of the drug's own numbers that it rests on.
    """

    id: str
    says: str
    value: str
    where: str
    instead: str
    sources: tuple[SourceReference, ...]


def find_slips(
    statements: Sequence[Statement], bounds: Bounds, steps: Steps, *, fits_within: Limit, looked_for_beyond: Limit
) -> tuple[Slip, ...]:
    """Return the likeliest slips whose correction makes the order fit; none when nothing is far off or known to fit.

    Args:
        statements: What the order states.
        bounds: The limits it is held against.
        steps: By which pump and syringe round.
        fits_within: The difference, in %, up to which a pair fits.
        looked_for_beyond: The difference, in %, above which a slip is looked for.
    """
    within, beyond = fits_within.value, looked_for_beyond.value
    before = pairs_of(statements, steps)
    broken = [pair for pair in before if _off(pair, within)]
    beyond_limits = bool(stops(crossed(statements, bounds)))
    if not any(_off(pair, beyond) for pair in broken) and not beyond_limits:
        return ()
    must_land = not broken  # no pair tells what was meant: a guess must land where the entry allows
    exact = vocabulary().limit("order.fits_exactly")
    rounded = frozenset(_name(pair) for pair in before if pair.rounded and pair.beyond(within))
    trial = _Trial(bounds, steps, within, beyond, exact.value, must_land, rounded)
    tries = tuple(item for item in corrections(statements, bounds) if item.item.where != HANGING or item.id == _BAG)
    fits = [item for item in tries if trial.fits(statements, item)]
    unpumped = tuple(item for item in statements if item.kind is not Kind.PUMP_RATE)
    if not fits and broken:
        # A pump rate worked out from a wrong strength agrees with it, and with nothing else.
        told = [
            item for pair in before if pair.stated.kind is Kind.PUMP_RATE and pair not in broken for item in pair.inputs
        ]
        fits = [item for item in tries if item.item.kind in _STRENGTHS and item.item in told]
        fits = [item for item in fits if trial.fits(unpumped, item)]
    if not fits and beyond_limits:
        # What was worked out from the slip carries it: those values may now disagree, if they agreed before.
        carried = frozenset(_name(pair) for pair in before if not _off(pair, within))
        fits = [item for item in tries if trial.fits(statements, item, carried=carried)]
        if not fits and len(unpumped) < len(statements):
            fits = [item for item in tries if trial.fits(unpumped, item, carried=carried)]
    if broken and {item.id for item in fits} <= _WEAK:
        fits += [item for item in other_weight(statements, broken) if trial.fits(statements, item)]
    limits = tuple(dict.fromkeys((looked_for_beyond.source, fits_within.source, exact.source)))
    return _told(_nearest(_likeliest(fits, statements, trial), statements, bounds, steps), limits)


def _nearest(
    fits: Sequence[Correction], statements: Sequence[Statement], bounds: Bounds, steps: Steps
) -> list[Correction]:
    """Return the nearest fits where there are more than a reader can weigh; else all.

    Nearest is what leaves the smallest difference, and of equal ones what lands nearest to the entry's standard rate.
    """
    if len({(item.id, item.item.where) for item in fits}) <= MOST_NAMED:
        return list(fits)

    maintenance = bounds.highest_entry.maintenance
    usual = (maintenance.standard or maintenance.maximum).value.in_unit("mcg/kg/min")

    def left(item: Correction) -> tuple[Decimal, Decimal]:
        corrected = _replaced(statements, item)
        pairs = (pair for pair in pairs_of(corrected, steps) if pair.stated.kind not in NAMED)
        rates = [rate.high.in_unit("mcg/kg/min") for rate in rates_asked(corrected) if not rate.of_titration]
        away = max((max(rate / usual, usual / rate) for rate in rates), default=Decimal(1))
        return max((abs(pair.difference.value) for pair in pairs), default=Decimal(0)), away

    return sorted(fits, key=left)[:MOST_NAMED]


def _likeliest(fits: Sequence[Correction], statements: Sequence[Statement], trial: _Trial) -> list[Correction]:
    """Return those that no other explains better: slips with a factor of their own that fit exactly go first."""
    ranked = [(_rank(item, trial.is_inexact(statements, item)), item) for item in fits]
    best = min((rank for rank, _ in ranked), default=0)
    chosen = [item for rank, item in ranked if rank == best]
    if {item.id for item in chosen} == {"swapped-digits"}:
        chosen += [item for _, item in ranked if item.id == "wrong-weight"]  # both are guesses
    return chosen


def _rank(item: Correction, inexact: bool) -> int:
    """Return how far back a slip stands: what fits only nearly is behind, and what fits many a number is behind."""
    if item.id not in _WEAK:
        return 2 if inexact else 0
    if inexact:
        return 3
    return 2 if item.id == "wrong-weight" else 1


def _off(pair: Pair, within: Quantity) -> bool:
    """Tell whether a pair does not fit; what ran earlier is no part of the order and explains no slip in it."""
    return pair.beyond(within) and not pair.rounded and pair.stated.kind not in NAMED


def _replaced(statements: Sequence[Statement], candidate: Correction) -> tuple[Statement, ...]:
    also = {id(item): instead for item, instead in candidate.also}
    changed = (candidate.instead if item is candidate.item else also.get(id(item), item) for item in statements)
    return tuple(item for item in changed if item is not None)


@dataclass(frozen=True, slots=True)
class _Trial:
    """What a correction must meet; `rounded` names the pairs whose difference was the pump's step before it."""

    bounds: Bounds
    steps: Steps
    within: Quantity
    beyond: Quantity
    exact: Quantity
    must_land: bool
    rounded: frozenset[tuple[str, str]]

    def fits(
        self,
        statements: Sequence[Statement],
        candidate: Correction,
        *,
        carried: frozenset[tuple[str, str]] = frozenset(),
    ) -> bool:
        """Tell whether the order, corrected, keeps every limit and fits; `carried` pairs may break."""
        corrected = _replaced(statements, candidate)
        if stops(crossed(corrected, self.bounds)):
            return False
        instead = candidate.instead
        guessed = self.must_land or bool(carried)
        if guessed and instead is not None and instead.kind is Kind.RATE and instead.low < self.bounds.rate_minimum:
            return False
        if guessed and instead is not None and not self._lands_in_load(corrected):
            return False
        return all(
            self._holds(pair) or _name(pair) in carried | self.rounded for pair in pairs_of(corrected, self.steps)
        )

    def _lands_in_load(self, corrected: Sequence[Statement]) -> bool:
        """Tell whether every load of a guess is one that an entry gives: a load far below all of them explains none."""
        least = self.bounds.load_least
        loads = [dose for dose, _ in load_doses(corrected)]
        return least is None or all(
            dose.in_unit("mcg/kg") >= least.in_unit("mcg/kg") * (1 - self.within.in_unit("%") / 100) for dose in loads
        )

    def is_inexact(self, statements: Sequence[Statement], candidate: Correction) -> bool:
        """Tell whether a pair that was off stays further apart than a number in a few digits is rounded.

        A strength that no pair tells is exact where it is a product's or a standard preparation's.
        """
        before = [pair for pair in pairs_of(statements, self.steps) if _off(pair, self.within)]
        item, instead = candidate.item, candidate.instead
        if instead is not None and item.kind in _STRENGTHS and not any(item in (p.stated, *p.inputs) for p in before):
            known = [strength.in_unit("mcg/mL") for strength in standard_strengths(self.bounds)]
            return not any(abs(instead.ends[0] / strength - 1) * 100 <= self.exact.in_unit("%") for strength in known)
        names = {_name(pair) for pair in before}
        excused = candidate.id not in _WEAK  # a pump's step excuses a slip with a factor, and no guess
        return any(
            _name(pair) in names and pair.beyond(self.exact) and not (pair.rounded and excused)
            for pair in pairs_of(_replaced(statements, candidate), self.steps)
        )

    def _holds(self, pair: Pair) -> bool:
        return (
            pair.stated.kind in NAMED or not pair.beyond(self.within) or (pair.rounded and not pair.beyond(self.beyond))
        )


def _name(pair: Pair) -> tuple[str, str]:
    return pair.relation, pair.stated.where


def _told(fits: Sequence[Correction], limits: tuple[SourceReference, ...]) -> tuple[Slip, ...]:
    """Return each fit once: one that names the unit goes before the bare thousand-fold of the same value."""
    found: dict[tuple[str, str], Slip] = {}
    for item in fits:
        shown = "nothing" if item.instead is None else _sensible(item.instead)
        sources = tuple(dict.fromkeys((*limits, *item.sources)))
        slip = Slip(item.id, f"{item.says}", item.item.text, item.item.where, shown, sources)
        found.setdefault((slip.id, slip.where), slip)
    return tuple(found.values())


def _sensible(item: Statement) -> str:
    return item.low.shown(4) if not item.is_range else f"{item.low.shown(4)} to {item.high.shown(4)}"
