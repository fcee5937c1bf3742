"""Which authority's dose a plan is made by, and what the others say for the same patient.

Knows how a dosing entry is put into words: its cap, its longest time, its remarks, and where another entry differs. It
computes no dose: what other authorities say stands beside the plan and is proposed to nobody.
"""

from __future__ import annotations

from inotrope.dosing import shown_time
from inotrope.drug import Entry, RateLoad, Remark, Sourced
from inotrope.findings import SourceReference, Status
from inotrope.plan.record import Beside, EntrySummary
from inotrope.units import plain_number

NO_CAP = "none: no cap is sourced for this use"
NO_LONGEST = "none: no longest duration is sourced for this use"


def entry_summary(entry: Entry, *, doses: bool) -> EntrySummary:
    """Return what a plan says about the entry it is made by; a stop shows no dose, so then no remark either."""
    return EntrySummary(
        id=entry.id,
        indication=entry.indication,
        authority=entry.authority,
        on_label=entry.on_label,
        remarks=tuple(_with_source(remark.says, remark.source) for remark in _remarks(entry)) if doses else (),
        cap=cap(entry),
        longest=longest(entry),
        not_its_own=not_its_own(entry),
    )


def entry_sources(entry: Entry) -> tuple[SourceReference, ...]:
    """Return where the words about an entry come from."""
    duration = entry.duration
    times = [number for number in (duration.controlled_experience, duration.longest, duration.until_age) if number]
    return (*(remark.source for remark in _remarks(entry)), *(number.source for number in times))


def beside(entry: Entry, others: tuple[Entry, ...]) -> tuple[Beside, ...]:
    """Return what other authorities say for the same patient, and where each differs from the entry in use."""
    return tuple(
        Beside(other.id, other.authority, other.on_label, _says(other), _differences(entry, other)) for other in others
    )


def cap(entry: Entry) -> str:
    """Say the cap on any 24 h, or that no text gives one."""
    total = entry.total_24_h
    return NO_CAP if total is None else f"{total.maximum.value} in any 24 h, the load counted"


def longest(entry: Entry) -> str:
    """Say for how long it may run, or that no text says."""
    duration = entry.duration
    parts = []
    if duration.longest is not None:
        parts.append(f"{duration.up_to} {shown_time(duration.longest)}")
    if duration.until_age is not None:
        parts.append(f"until the age of {duration.until_age.value}")
    if duration.controlled_experience is not None:
        parts.append(f"no controlled experience beyond {duration.controlled_experience.value}")
    return "; ".join(parts) or NO_LONGEST


def not_its_own(entry: Entry) -> tuple[str, ...]:
    """Say which limits of an entry are not its authority's own: taken from a label, or a choice of ours."""
    told = []
    total, known = entry.total_24_h, entry.duration.controlled_experience
    if total is not None and total.maximum.source.status is Status.JUDGEMENT:
        told.append(f"the cap is none of {entry.authority}: {total.maximum.source.place} (judgement)")
    if known is not None and not entry.on_label:
        told.append(f"the {known.value} are none of {entry.authority}, but of: {known.source.title}")
    return tuple(told)


def _remarks(entry: Entry) -> tuple[Remark, ...]:
    """Return what must be known of an entry; the practices in impaired kidneys stand side by side after it."""
    impaired = () if entry.kidney is None else entry.kidney.practices
    return (*entry.remarks, *(Remark(f"Impaired kidneys: {item.says}", item.source) for item in impaired))


def _with_source(says: str, source: SourceReference) -> str:
    unsure = f", {source.status}" if source.status in (Status.UNCONFIRMED, Status.JUDGEMENT) else ""
    return f"{says} ({source.title}{unsure})"


def _says(entry: Entry) -> str:
    """Say a whole entry in one line."""
    return "; ".join(f"{what} {words}" for what, words in {**_parts(entry), "duration": longest(entry)}.items())


def in_short(entry: Entry) -> str:
    """Say load, rates, cap and time of an entry in a few words."""
    rates, time = entry.maintenance, entry.duration
    low, high = rates.minimum.value, rates.maximum.value
    total = "no 24 h cap sourced"
    if entry.total_24_h is not None:
        most = entry.total_24_h.maximum
        ours = " (judgement)" if most.source.status is Status.JUDGEMENT else ""
        total = f"24 h at most {most.value}{ours}"
    load = "no load" if entry.load is None else f"load {_load(entry)}"
    parts = [load, str(high) if low == high else f"{plain_number(low.in_unit(high.unit))} to {high}", total]
    if time.longest is not None:
        parts.append(f"{time.up_to} {shown_time(time.longest)}")
    elif time.controlled_experience is not None:
        parts.append(f"controlled experience to {time.controlled_experience.value}")
    return "; ".join(parts)


def on_whose_label(authority: str) -> str:
    """Say on whose label a use stands, such as `on the UK label`, of an authority that is a label or a label's text."""
    whose, _, kind = authority.rpartition(" ")
    return f"on the {whose} label" if whose and kind in ("label", "text") else f"on the label of: {authority}"


def _differences(entry: Entry, other: Entry) -> tuple[str, ...]:
    """Return where another entry differs from the one in use, part by part."""
    own, theirs = _parts(entry) | _times(entry), _parts(other) | _times(other)
    return tuple(f"{what}: {theirs[what]}, here {own[what]}" for what in own if own[what] != theirs[what])


def _parts(entry: Entry) -> dict[str, str]:
    rates = entry.maintenance
    only = rates.minimum.value == rates.maximum.value
    return {
        "load": _load(entry),
        "start": f"{rates.minimum.value}",
        "highest rate": "the same, the only one" if only else f"{rates.maximum.value}",
        "24 h cap": cap(entry),
    }


def _times(entry: Entry) -> dict[str, str]:
    """Say each time of an entry by itself, so that only what differs is told."""
    duration = entry.duration
    known, end, until = duration.controlled_experience, duration.longest, duration.until_age
    return {
        "may run": "no longest time" if end is None else f"{duration.up_to} {shown_time(end)}",
        "ends": "at no age" if until is None else f"at the age of {until.value}",
        "controlled experience": "none is stated" if known is None else f"up to {known.value}",
    }


def _load(entry: Entry) -> str:
    load = entry.load
    if load is None:
        return "none"
    if isinstance(load, RateLoad):
        return f"{_to(load.rate, load.rate_maximum)} for {load.duration.value}"
    return f"{_to(load.dose, load.dose_maximum)} over {_to(load.duration_minimum, load.duration)}"


def _to(low: Sourced | None, high: Sourced | None) -> str:
    """Say a range, or the one end that is printed."""
    one = low or high
    assert one is not None  # a load has a dose or a rate, and a duration; the other end is a range's
    if low is None or high is None:
        return str(one.value)
    return f"{plain_number(low.value.in_unit(high.value.unit))} to {high.value}"
