"""The tables of a dosing entry: load, maintenance, limits, kidney, storage, what to know and to watch.

Knows their shape. How they are read stands in `reading_tables.py`, and what an entry is in `entries.py`. It computes
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.drug.numbers import Counted, Sourced
from inotrope.findings import SourceReference
from inotrope.units import Quantity


@dataclass(frozen=True, slots=True)
class Span:
    """From `minimum` on, up to and with `maximum`, or up to and without `below`; None is open."""

    minimum: Sourced | None = None
    maximum: Sourced | None = None
    below: Sourced | None = None

    @property
    def limits(self) -> tuple[Sourced, ...]:
        """Those of the three that are stated."""
        return tuple(limit for limit in (self.minimum, self.maximum, self.below) if limit is not None)

    def holds(self, quantity: Quantity) -> bool:
        """Tell whether a quantity lies inside."""
        return (
            (self.minimum is None or quantity >= self.minimum.value)
            and (self.maximum is None or quantity <= self.maximum.value)
            and (self.below is None or quantity < self.below.value)
        )


@dataclass(frozen=True, slots=True)
class Load:
    """A loading dose drawn up from a product: how much, how long, how its volume is measured and diluted.

    The dose given is `dose` over `duration`: the lowest printed dose over the longest printed time. Where a text prints
    a range, `dose_maximum` and `duration_minimum` are its other ends. A volume below `undiluted_least` is not given as
    it is drawn up.
    """

    dose: Sourced
    dose_maximum: Sourced | None
    duration: Sourced
    duration_minimum: Sourced | None
    product_kind: str
    strength: Sourced
    volume_step: Sourced
    overshoot: Sourced
    dilute_to_minimum: Sourced | None
    dilute_to_maximum: Sourced | None
    undiluted_least: Sourced | None


@dataclass(frozen=True, slots=True)
class RateLoad:
    """A loading dose given as a faster rate of the same bag or syringe; `rate_maximum` ends a printed range."""

    rate: Sourced
    rate_maximum: Sourced | None
    duration: Sourced

    @property
    def highest(self) -> Sourced:
        """The highest rate that the text prints."""
        return self.rate if self.rate_maximum is None else self.rate_maximum


@dataclass(frozen=True, slots=True)
class Maintenance:
    """The maintenance rates, per body weight; `printed` are the steps of titration where the text lists them."""

    minimum: Sourced
    standard: Sourced | None
    maximum: Sourced
    printed: tuple[Sourced, ...] = ()

    @property
    def steps(self) -> tuple[Sourced, ...]:
        """The rates of titration, ascending: those listed, else the standard and the maximum."""
        return self.printed or tuple(rate for rate in (self.standard, self.maximum) if rate is not None)


@dataclass(frozen=True, slots=True)
class Total:
    """What 24 h amount to, loading dose included, per body weight; `maximum` is the cap on any 24 h."""

    minimum: Sourced | None
    standard: Sourced | None
    maximum: Sourced


@dataclass(frozen=True, slots=True)
class Duration:
    """How far controlled experience reaches, how long it may run at most, until which age; None is not said.

    `usual` tells that the text calls `longest` usual, and sets no limit.
    """

    controlled_experience: Sourced | None
    longest: Sourced | None = None
    until_age: Sourced | None = None
    usual: bool = False

    @property
    def up_to(self) -> str:
        """The words that stand before `longest`."""
        return "usually up to" if self.usual else "at most"


@dataclass(frozen=True, slots=True)
class Titration:
    """When a change of rate can be judged, on pressure and on a level, and how long to watch after a stop."""

    interval: Sourced
    level_half_lives: Counted
    watch_half_lives: Counted
    half_life: Sourced


@dataclass(frozen=True, slots=True)
class RenalPoint:
    """One printed row of the renal table."""

    clearance: Quantity
    rate: Quantity
    source: SourceReference


@dataclass(frozen=True, slots=True)
class Renal:
    """The renal table: printed points, valid from `lower` to `upper`, per 1.73 m2 when `indexed`."""

    measure: str
    indexed: bool
    lower: Sourced
    upper: Sourced
    points: tuple[RenalPoint, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence that a reader of the entry must know, with its source."""

    says: str
    source: SourceReference


@dataclass(frozen=True, slots=True)
class ImpairedKidney:
    """Where no renal table exists: below which clearance the kidneys count as impaired, and what others then do."""

    impaired_below: Sourced
    practices: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Storage:
    """How long a diluted preparation may be used; elsewhere, where regional texts differ."""

    diluted_life: Sourced
    diluted_life_elsewhere: Sourced | None


@dataclass(frozen=True, slots=True)
class Rounding:
    """The pump's usual step, and the error of the delivered dose that is worth a warning."""

    pump_step: Sourced
    error_warning: Sourced


@dataclass(frozen=True, slots=True)
class NamedKidney:
    """A kidney function shown as an example when none is known; never an estimate of the patient's."""

    name: str
    clearance: Sourced


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What to watch, how often and why."""

    what: str
    how_often: str
    why: str
    source: SourceReference
