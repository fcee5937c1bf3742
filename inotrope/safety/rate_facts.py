"""The facts about rates of the record: the one that runs, those of the last day, a load too fast, an age that is past.

Knows that a load may be given as a rate, and that without a dosing entry nobody can say whether it was one: then these
facts hold only where every entry for the age gives the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inotrope.dosing import (
    History,
    TooFast,
    dose_on_top,
    ended_by_age,
    given_too_fast,
    highest_earlier_rate,
    load_too_fast,
    loading_until,
)
from inotrope.drug import Drug, Entry, Sourced
from inotrope.findings import Truth
from inotrope.patient import Case, vocabulary
from inotrope.safety.situation import Fact
from inotrope.units import Quantity

RUNNING, EARLIER, TOO_FAST = "running rate", "highest earlier rate", "given too fast"
LOAD_TOO_FAST = "time since a load that was too fast"
ON_TOP = "dose on top of an infusion"
PAST_ITS_AGE = "runs past its age"


def rate_facts(
    drug: Drug, case: Case, past: History, entry: Entry | None, possible: tuple[Entry, ...]
) -> tuple[dict[str, Fact], dict[str, tuple[str, ...]]]:
    """Return the facts about rates that are known, and what is needed for those that are not.

    Args:
        drug: Whose entries may end at an age.
        case: The patient.
        past: What was given.
        entry: The dosing entry, or None where none serves.
        possible: Every entry for the patient's age, where none serves.
    """
    ended = () if past.running is not Truth.PRESENT else ended_by_age(drug, case)
    if entry is not None:  # it goes on serving past its own end only where a hospital lets it end earlier
        ended = tuple(each for each in ended if each.id == entry.id)
    ages = (f"{until.value} ({_whose(until, each)})" for each in ended if (until := each.duration.until_age))
    facts: dict[str, Fact] = {PAST_ITS_AGE: tuple(dict.fromkeys(ages))}
    if not past.recorded:
        return facts, dict.fromkeys((RUNNING, EARLIER, TOO_FAST, LOAD_TOO_FAST, ON_TOP), ("administrations",))
    needs: dict[str, tuple[str, ...]] = {}
    on_top = dose_on_top(past, begun=vocabulary().limit("history.load_belongs").value)
    facts[ON_TOP] = () if on_top is None else (str(on_top.shown(1)),)
    ways: dict[str, Callable[[Entry], Quantity | None]] = {
        RUNNING: lambda each: None if loading_until(each, past, case.now) is not None else past.running_rate,
        EARLIER: lambda each: highest_earlier_rate(each, past),
        TOO_FAST: lambda each: given_too_fast(each, past),
        LOAD_TOO_FAST: lambda each: _since(load_too_fast(each, past, group=_same_group(drug, each))),
    }
    if past.running is Truth.UNKNOWN:  # of what is known none runs, and perhaps there is more
        del ways[RUNNING]
        needs[RUNNING] = ("administrations",)
    for name, way in ways.items():
        found = {way(each) for each in ((entry,) if entry is not None else possible)}
        if not found:  # a folder without an entry for this age: there is no limit to hold a rate against
            facts[name] = Truth.ABSENT
        elif len(found) == 1:
            value = found.pop()
            facts[name] = Truth.ABSENT if value is None else value
        else:
            needs[name] = ("indication",)
    return facts, needs


def told_of_rates(
    drug: Drug, past: History, entry: Entry | None, possible: tuple[Entry, ...]
) -> Mapping[str, tuple[str, str]]:
    """Return what a rule says of a fact in place of its value and limit: which dose it was, and how long it takes.

    Args:
        drug: Whose entries give loads.
        past: What was given.
        entry: The dosing entry, or None where none serves.
        possible: Every entry for the patient's age, where none serves; each may give a load over another time.
    """
    every = [load_too_fast(each, past, group=_same_group(drug, each)) for each in ((entry,) if entry else possible)]
    found = [each for each in every if each is not None]
    if not found:
        return {}
    least = dict.fromkeys(each.least.shown(2) for each in found)
    return {LOAD_TOO_FAST: (f"{found[0].dose.shown(1)} in {found[0].lasted.shown(2)}", " or ".join(least))}


def _since(found: TooFast | None) -> Quantity | None:
    return None if found is None else found.since


def _same_group(drug: Drug, entry: Entry) -> tuple[Entry, ...]:
    return tuple(each for each in drug.entries if each.group == entry.group)


def _whose(until: Sourced, entry: Entry) -> str:
    return "this site" if until.source.id == "site" else entry.authority
