"""Which readings of a case tell of this patient's answer, at which moments, and what forbids to learn from them.

Knows that the newest readings before the first dose are the time without the drug, that on the drug each moment counts
for itself, that a monitor's chart is no crowd of witnesses, and that a reading of days ago tells nothing of now. Where
another medicine, fluid, a machine or an event changed between the readings, nothing is learned, and the change is
named. Levels at these moments come from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from inotrope.estimation.refusal_texts import refusal
from inotrope.estimation.response.changed import change_between
from inotrope.estimation.response.readings import KINDS, UNITS, Readings
from inotrope.findings import Refusal
from inotrope.patient import Case, Measurement, body_size
from inotrope.population.response import ReadingRules
from inotrope.units import hours_between

_OUTPUT = KINDS.index("cardiac_output_l_per_min")
_INDEX = "cardiac index"
_PAIRS = ((2, 3), (5, 4))
"""Of each the first is the higher pressure: mean arterial and central venous, mean pulmonary and wedge."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading that counts.

    Attributes:
        kind: By place in `KINDS`.
        value: As `circulation.Bedside` has it.
        measured: As the case says it.
        before: Whether it was read before the first dose.
    """

    kind: int
    value: float
    measured: Measurement
    before: bool


@dataclass(frozen=True, slots=True)
class BedsideOfCase:
    """The bedside of a case.

    Attributes:
        used: Readings that count, oldest first.
        moments: What they are of: None for the time without the drug, then each time on it.
        now: Of the case.
        started: When the drug was first given; None where it never was.
        refusals: Why nothing is learned; the readings stand here all the same.
        left_out: Of what was read and does not count, why, each as a sentence.
    """

    used: tuple[Reading, ...]
    moments: tuple[datetime | None, ...]
    now: datetime
    started: datetime | None
    refusals: tuple[Refusal, ...]
    left_out: tuple[str, ...]

    @property
    def hours(self) -> tuple[float | None, ...]:
        """The moments in hours from now, for whoever computes levels; None where there is no drug."""
        return tuple(None if at is None else float(hours_between(self.now, at)) for at in self.moments)

    def arrays(self, rules: ReadingRules) -> Readings:
        """Return the readings as arrays."""
        places = {at: place for place, at in enumerate(self.moments)}
        return Readings.of(
            moments=[places[None if item.before else item.measured.at] for item in self.used],
            kinds=[item.kind for item in self.used],
            values=[item.value for item in self.used],
            on_drug=[at is not None for at in self.moments],
            errors=rules.errors,
            misfits=rules.misfits,
        )


def bedside_of_case(case: Case, rules: ReadingRules) -> BedsideOfCase:
    """Return what the readings of a case tell.

    Args:
        case: The patient.
        rules: Of the response.
    """
    started = _first_dose(case)
    left_out: list[str] = []
    used = [item for kind in range(len(KINDS)) for item in _of_kind(case, rules, kind, started, left_out)]
    used.sort(key=lambda item: item.measured.at)
    on_drug = sorted({item.measured.at for item in used if not item.before})
    moments = (*([None] if any(item.before for item in used) else []), *on_drug)
    refusals = tuple(_refused(case, rules, used))
    return BedsideOfCase(tuple(used), moments, case.now, started, refusals, tuple(left_out))


def _first_dose(case: Case) -> datetime | None:
    """Return when the drug was first given; None where it never was."""
    own = [item for item in case.administrations or () if item.of.name == case.drug]
    given = [item.start for item in own if item.dose is not None or (item.rate is not None and item.rate.value > 0)]
    return min(given, default=None)


def _of_kind(
    case: Case, rules: ReadingRules, kind: int, started: datetime | None, left_out: list[str]
) -> Iterator[Reading]:
    """Yield the readings of one kind that count."""
    rule, newest_first = rules.rules[kind], _measured(case, rules, kind, left_out)
    apart = timedelta(hours=float(rules.apart.value.in_unit("h")))
    keeps = timedelta(hours=float(rule.keeps.value.in_unit("h")))
    holds = timedelta(hours=float(rules.holds.value.in_unit("h")))
    last: datetime | None = None
    for value, item in newest_first:
        if case.now - item.at > holds and not rule.slow:
            left_out.append(
                f"{item.what} of {_moment(item.at)}: older than {rules.holds.value}, and tells nothing of now."
            )
            return
        if started is not None and item.at > started:
            if last is None or last - item.at >= apart:
                last = item.at
                yield Reading(kind, value, item, before=False)
            continue
        # The newest one before the drug ends the search: older ones tell of another time.
        if (started or case.now) - item.at <= keeps:
            yield Reading(kind, value, item, before=True)
        else:
            until = "now" if started is None else "the drug"
            left_out.append(f"{item.what} of {_moment(item.at)}: read more than {rule.keeps.value} before {until}.")
        return


def _measured(case: Case, rules: ReadingRules, kind: int, left_out: list[str]) -> list[tuple[float, Measurement]]:
    """Return what was measured, newest first; an index stands for the output where that was not written beside it."""
    unit, scale = (UNITS[kind], 1.0) if UNITS[kind] else ("%", 0.01)
    found = [(float(item.value.in_unit(unit)) * scale, item) for item in case.every(rules.rules[kind].measurement)]
    if kind == _OUTPUT:
        surface, at = body_size(case).bsa_mosteller, {item.at for _, item in found}
        for item in case.every(_INDEX):
            if surface is None:
                left_out.append(f"{item.what} of {_moment(item.at)}: no output follows without a height.")
            elif item.at not in at:
                value = float(item.value.in_unit("L/min/m2") * surface.in_unit("m2"))
                found.append((value, item))
        found.sort(key=lambda pair: pair[1].at, reverse=True)
    impossible = [item for value, item in found if value <= 0]
    left_out += [f"{item.what} of {_moment(item.at)}: '{item.as_written}' is not above zero." for item in impossible]
    return [(value, item) for value, item in found if value > 0]


def _refused(case: Case, rules: ReadingRules, used: list[Reading]) -> Iterator[Refusal]:
    """Yield why nothing is learned."""
    if not used:
        return
    if not case.holds_all("administrations"):
        yield refusal("bedside-not-recorded")
        return
    for high, low in _PAIRS:
        yield from _contradiction(used, high, low)
    times = sorted({item.measured.at for item in used if not rules.rules[item.kind].slow})
    if len(times) > 1:
        first, last = times[0], times[-1]
        span = (_moment(first), _moment(last))
        change = change_between(case, rules, first, last)
        if change is not None and change.known:
            yield refusal("bedside-changed", what=change.says, drug=case.drug, first=span[0], last=span[1])
        elif change is not None:
            yield refusal("bedside-change-not-known", what=change.says, first=span[0], last=span[1])


def _contradiction(used: list[Reading], high: int, low: int) -> Iterator[Refusal]:
    """Yield a refusal where a pressure of one moment does not lie above the one that blood flows to."""
    both = {(item.kind, item.measured.at): item for item in used}
    for (kind, at), item in both.items():
        other = both.get((low, at))
        if kind == high and other is not None and item.value <= other.value:
            yield refusal(
                "bedside-contradicts-itself",
                one=item.measured.what,
                first=item.measured.as_written,
                other=other.measured.what,
                second=other.measured.as_written,
                at=_moment(at),
            )


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
