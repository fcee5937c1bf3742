"""What this patient was given of the drug, as pieces of constant rate before `now`.

Knows boluses, infusions, changes of rate and pauses, and the amount in any window of time. It proposes nothing. An
infusion without an end runs until the next infusion entry starts, or on past `now`; the part after `now` is not
history and is left out.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from inotrope.findings import Truth
from inotrope.patient import Administration, Case
from inotrope.units import Quantity, hours_between, round_half_up

DAY_H = Decimal(24)
"""The label caps the total "per day"; any window of this length counts, wherever it starts."""
DECIMALS = 12
"""Of an hour, or of a mcg/kg, to which sums are compared: ten minutes are no finite decimal of an hour."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of constant rate; times in hours from `now`, negative before it; rate in mcg/kg/h."""

    start_h: Decimal
    end_h: Decimal
    rate_mcg_per_kg_h: Decimal


@dataclass(frozen=True, slots=True)
class Pause:
    """An infusion that was given and does not run now.

    Attributes:
        since: Hours since it stopped.
        last_rate: At which it ran until then, mcg/kg/min.
    """

    since: Quantity
    last_rate: Quantity


@dataclass(frozen=True, slots=True)
class History:
    """What was given up to `now`.

    Attributes:
        pieces: All that was given, boluses included; empty when nothing was, or nothing is recorded. A dose that is
            still going in stands whole, its rest in the future; what lies ahead of an infusion is not history.
        infused: Those of the pieces that are infusions, from the bag and not from a vial.
        recorded: False when the case does not say what was given of it; then the truths below are unknown.
        complete: False as well when it perhaps does not say all: the amounts and times below are the least.
        running: Whether an infusion or a dose runs at `now`.
        given_before: Whether anything was given at all.
        running_rate: Rate of the infusion that runs, mcg/kg/min.
        running_for: Hours since the first infusion of the unbroken run; a gap of more than 24 h breaks a run.
        unchanged_for: Hours since the rate was last changed, or the run began; None when none runs.
        paused: The pause, when an infusion was given and does not run now.
        flowing_for: Hours since it last began to flow, a pause of any length being an end; None when none runs.
        in_24_h: What was given in the last 24 h, mg/kg.
        largest_dose: The largest single dose in the last 24 h, mcg/kg; None when none is recorded.
        repeated_doses: All single doses of the last 24 h together, mcg/kg; None unless there were two or more.
        worst_24_h: The largest amount in any 24 h window that ends in the last 24 h, mg/kg.
        conflict: What contradicts itself in the record, as a sentence; None when nothing does.
    """

    pieces: tuple[Piece, ...]
    infused: tuple[Piece, ...]
    recorded: bool
    complete: bool
    running: Truth
    given_before: Truth
    running_rate: Quantity | None
    running_for: Quantity | None
    unchanged_for: Quantity | None
    paused: Pause | None
    flowing_for: Quantity | None
    in_24_h: Quantity
    largest_dose: Quantity | None
    repeated_doses: Quantity | None
    worst_24_h: Quantity
    conflict: str | None

    @property
    def running_h(self) -> Decimal:
        """For how long an infusion has run by `now`, h; 0 where none runs."""
        return Decimal(0) if self.running_for is None else self.running_for.in_unit("h")

    def given(self, start_h: Decimal, end_h: Decimal) -> Decimal:
        """Return the mcg/kg given between two moments, in hours from `now`."""
        return amounts(self.pieces)(start_h, end_h)

    @property
    def doses(self) -> tuple[Piece, ...]:
        """The single doses, of a vial or a syringe, in the order of time."""
        infused = {id(piece) for piece in self.infused}  # one that is alike in every number may be a dose
        return tuple(piece for piece in self.pieces if id(piece) not in infused)

    @property
    def last_dose_ends_in_h(self) -> Decimal | None:
        """In how many hours the last single dose has been given, below 0 where it has been; None where none was."""
        return max((piece.end_h for piece in self.doses), default=None)

    @property
    def dose_ends_in_h(self) -> Decimal:
        """In how many hours a dose that is still going in has been given; 0 where none is going in."""
        return max((piece.end_h for piece in self.pieces if piece.end_h > 0), default=Decimal(0))


def amounts(pieces: tuple[Piece, ...]) -> Callable[[Decimal, Decimal], Decimal]:
    """Return the function that gives the mcg/kg between two moments, to `DECIMALS`.

    The cumulative amount is a broken line; it is added up once, so that thousands of windows cost a look-up each.
    Without the rounding, what is exactly a limit could come out a hair above it and stop a plan.
    """
    changes: dict[Decimal, Decimal] = {}
    for piece in pieces:
        changes[piece.start_h] = changes.get(piece.start_h, Decimal(0)) + piece.rate_mcg_per_kg_h
        changes[piece.end_h] = changes.get(piece.end_h, Decimal(0)) - piece.rate_mcg_per_kg_h
    times = sorted(changes)
    totals, slopes = [Decimal(0)], [Decimal(0)]
    for index, time in enumerate(times):
        span = time - times[index - 1] if index else Decimal(0)
        totals.append(totals[-1] + slopes[-1] * span)
        slopes.append(slopes[-1] + changes[time])

    def up_to(time_h: Decimal) -> Decimal:
        place = bisect_right(times, time_h)
        return totals[place] + slopes[place] * (time_h - times[place - 1]) if place else Decimal(0)

    return lambda start_h, end_h: round_half_up(up_to(end_h) - up_to(start_h), DECIMALS)


def history(case: Case, *, drug: str) -> History:
    """Return what the case says was given of `drug`.

    Amounts that are not per body weight are divided by the patient's actual weight, as the label's rates are.
    """
    entries = sorted(
        (entry for entry in case.administrations or () if entry.of.name == drug), key=lambda entry: entry.start
    )
    boluses = [entry for entry in entries if entry.dose is not None]
    infusions = [entry for entry in entries if entry.rate is not None]
    pieces = [_bolus(entry, case) for entry in boluses]
    following = [*infusions[1:], None][: len(infusions)]
    runs = [_infusion(entry, after, case) for entry, after in zip(infusions, following, strict=True)]
    flowing = [piece for piece in runs if piece.rate_mcg_per_kg_h > 0 and piece.end_h > piece.start_h]
    last = infusions[-1] if infusions else None
    is_running = last is not None and _runs_on(last, case) and runs[-1].rate_mcg_per_kg_h > 0
    everything = tuple(sorted((*pieces, *flowing), key=lambda piece: piece.start_h))
    complete = case.holds_all("administrations")
    runs_now = is_running or any(piece.end_h > 0 for piece in pieces)
    given = bool(everything) or is_running
    return History(
        pieces=everything,
        infused=tuple(flowing),
        recorded=complete or bool(entries),
        complete=complete,
        running=Truth.of(True if runs_now else False if complete or infusions else None),
        given_before=Truth.of(True if given else False if complete else None),
        running_rate=Quantity(runs[-1].rate_mcg_per_kg_h / 60, "mcg/kg/min") if is_running else None,
        running_for=_running_for(runs) if is_running else None,
        unchanged_for=_unbroken(runs, same_rate=True) if is_running else None,
        paused=None if is_running else _pause(runs),
        flowing_for=_unbroken(runs, same_rate=False) if is_running else None,
        in_24_h=Quantity(amounts(everything)(-DAY_H, Decimal(0)) / 1000, "mg/kg"),
        largest_dose=_largest(boluses, case),
        repeated_doses=_together(boluses, case),
        worst_24_h=Quantity(_worst_window(everything) / 1000, "mg/kg"),
        conflict=_conflict(boluses) or _conflict(infusions) or _pause_without_infusion(boluses, infusions, case),
    )


def given_since(past: History) -> Decimal | None:
    """Return how many hours ago the course began, the first dose or infusion of it; None where nothing was given.

    Between two courses lies a gap of more than 24 h.
    """
    if not past.pieces:
        return None
    start, last_end = past.pieces[0].start_h, past.pieces[0].end_h
    for piece in past.pieces[1:]:
        if piece.start_h - last_end > DAY_H:
            start = piece.start_h
        last_end = max(last_end, piece.end_h)
    return -start


def _largest(doses: list[Administration], case: Case) -> Quantity | None:
    """Return the largest single dose that ended in the last 24 h or still runs, whole, as written: mcg/kg."""
    recent = _recent(doses, case)
    return Quantity(max(recent), "mcg/kg") if recent else None


def _together(doses: list[Administration], case: Case) -> Quantity | None:
    """Return the sum of these doses where there are two or more: one alone repeats nothing. mcg/kg."""
    recent = _recent(doses, case)
    return Quantity(sum(recent, Decimal(0)), "mcg/kg") if len(recent) > 1 else None


def _recent(doses: list[Administration], case: Case) -> list[Decimal]:
    return [_amount(dose, case) for dose in doses if _hours(case, dose)[1] > -DAY_H]


def _amount(entry: Administration, case: Case) -> Decimal:
    assert entry.dose is not None  # the caller chose entries with a dose
    if entry.dose.dimension == "mass":
        return entry.dose.in_unit("mcg") / case.patient.weight.in_unit("kg")
    return entry.dose.in_unit("mcg/kg")


def _hours(case: Case, entry: Administration) -> tuple[Decimal, Decimal]:
    end = case.now if entry.end is None else min(entry.end, case.now)
    return hours_between(case.now, entry.start), hours_between(case.now, end)


def _bolus(entry: Administration, case: Case) -> Piece:
    assert entry.dose is not None and entry.end is not None  # a dose has a duration; reading a case asks for it
    whole_h = hours_between(entry.start, entry.end)
    start_h = hours_between(case.now, entry.start)
    return Piece(start_h, start_h + whole_h, _amount(entry, case) / whole_h)


def _infusion(entry: Administration, following: Administration | None, case: Case) -> Piece:
    assert entry.rate is not None  # the caller chose entries with a rate
    if entry.rate.dimension == "mass rate":
        rate = entry.rate.in_unit("mcg/h") / case.patient.weight.in_unit("kg")
    else:
        rate = entry.rate.in_unit("mcg/kg/h")
    start_h, end_h = _hours(case, entry)
    if entry.end is None and following is not None:
        end_h = hours_between(case.now, following.start)
    return Piece(start_h, end_h, rate)


def _runs_on(entry: Administration, case: Case) -> bool:
    return entry.end is None or entry.end > case.now


def _running_for(runs: list[Piece]) -> Quantity:
    flowing = [piece for piece in runs if piece.rate_mcg_per_kg_h > 0]
    start = flowing[-1].start_h
    for earlier, later in reversed(list(itertools.pairwise(flowing))):
        if later.start_h - earlier.end_h > DAY_H:
            break
        start = earlier.start_h
    return Quantity(-start, "h")


def _unbroken(runs: list[Piece], *, same_rate: bool) -> Quantity:
    """Return the hours that the last infusion has flowed without a gap, at one rate or at any."""
    start = runs[-1].start_h
    for earlier, later in reversed(list(itertools.pairwise(runs))):
        changed = earlier.rate_mcg_per_kg_h != later.rate_mcg_per_kg_h
        if later.start_h > earlier.end_h or not earlier.rate_mcg_per_kg_h or (same_rate and changed):
            break
        start = earlier.start_h
    return Quantity(-start, "h")


def _pause(runs: list[Piece]) -> Pause | None:
    flowing = [piece for piece in runs if piece.rate_mcg_per_kg_h > 0 and piece.end_h > piece.start_h]
    if not flowing:
        return None
    last = max(flowing, key=lambda piece: piece.end_h)
    return Pause(Quantity(-last.end_h, "h"), Quantity(last.rate_mcg_per_kg_h / 60, "mcg/kg/min"))


def _worst_window(pieces: tuple[Piece, ...]) -> Decimal:
    """Return the largest mcg/kg in a window ending in the last 24 h; the amount is linear between these ends.

    The window that ended exactly 24 h ago stands for those just after it, since the amount has no jumps.
    """
    edges = {edge + shift for piece in pieces for edge in (piece.start_h, piece.end_h) for shift in (Decimal(0), DAY_H)}
    ends = {Decimal(0), -DAY_H} | {edge for edge in edges if -DAY_H < edge < 0}
    given = amounts(pieces)
    return max(given(end - DAY_H, end) for end in ends)


def _conflict(entries: list[Administration]) -> str | None:
    for first, second in itertools.pairwise(entries):
        if first.end is not None and first.end > second.start:
            return (
                f"one administration runs until {first.end.isoformat()} and the next starts before that, "
                f"at {second.start.isoformat()}"
            )
        if first.start == second.start:
            return f"two administrations start at the same moment, {first.start.isoformat()}"
    return None


def _pause_without_infusion(boluses: list[Administration], infusions: list[Administration], case: Case) -> str | None:
    """Say that a pause interrupts nothing, or ended without a word of what runs since; None when neither is so.

    Read as nothing given, the first would be loaded once more; read as still paused, the second would be forgotten by
    every total.
    """
    if not infusions:
        return None
    first, last = infusions[0], infusions[-1]
    if _is_pause(first) and not any(dose.start < first.start for dose in boluses):
        return f"a pause begins at {first.start.isoformat()}, and nothing is written that was given before it"
    if _is_pause(last) and last.end is not None and last.end <= case.now:
        return f"a pause ended at {last.end.isoformat()}, and nothing is written that runs since"
    return None


def _is_pause(entry: Administration) -> bool:
    return entry.rate is not None and entry.rate.value == 0
