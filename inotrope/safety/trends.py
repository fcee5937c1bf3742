"""What changed since an earlier value: platelets, systolic and mean pressure, heart rate, urine.

Knows how far back each goes, as `library/vocabulary/measurements.toml` says: the newest value, not older than
`fresh_for`, against the values of the `trend_window` before it; or, for what falls slowly, against the last value of
that window before the course began, else the first since. It holds no limit: whether a fall of 30 mmHg is much, a
rule says. Without an earlier value nothing changed that anybody could see, and the fact is absent.
"""

from __future__ import annotations

from decimal import Decimal

from inotrope.dosing import History, given_since
from inotrope.findings import Truth
from inotrope.patient import Case, vocabulary
from inotrope.safety.situation import Fact
from inotrope.units import Quantity, hours_between

SHARE_FALLS = {
    "platelet fall": "platelets",
    "urine fall": "urine output",
    "mean pressure share lost": "mean arterial pressure",
}
"""Falls counted in % of the highest earlier value."""
FALLS = {"systolic fall": "systolic blood pressure", "mean pressure fall": "mean arterial pressure"}
"""Falls counted in the unit of the measurement."""
CHANGES = {"heart rate change": "heart rate"}
"""Distances from the earlier value that is farthest away, up or down."""


SINCE_START = {"systolic fall since the start": "systolic blood pressure"}
"""Falls below the value with which the course began, in the unit of the measurement."""


def trend_facts(case: Case) -> tuple[dict[str, Fact], dict[str, tuple[str, ...]]]:
    """Return each change that is known, and the measurement that is needed for one that is not.

    A change is unknown only where no fresh value of its measurement is recorded.
    """
    facts: dict[str, Fact] = {}
    named = SHARE_FALLS | FALLS | CHANGES
    for fact, what in named.items():
        values = _newest_and_earlier(case, what)
        if values is None:
            continue
        newest, *earlier = values
        facts[fact] = _change(fact, newest, earlier) if earlier else Truth.ABSENT
    return facts, {fact: (what,) for fact, what in named.items()}


def since_start_facts(case: Case, past: History) -> tuple[dict[str, Fact], dict[str, tuple[str, ...]]]:
    """Return each fall since the course began that is known, and what is needed for one that is not."""
    facts: dict[str, Fact] = {}
    for fact, what in SINCE_START.items():
        newest = case.latest(what, within=_time(what, "fresh_for"))
        if newest is None or not past.recorded:
            continue
        first = _at_the_start(case, what, past)
        facts[fact] = Truth.ABSENT
        if first is not None:
            facts[fact] = Quantity(max(first.value - newest.value.in_unit(first.unit), Decimal(0)), first.unit)
    return facts, {fact: (what, "administrations") for fact, what in SINCE_START.items()}


def _at_the_start(case: Case, what: str, past: History) -> Quantity | None:
    """Return the last value before the course began, of the window before that, else the first since.

    None where nothing was given, or nothing was measured at such a time.
    """
    since = given_since(past)
    if since is None:
        return None
    window = _time(what, "trend_window").in_unit("h")
    newest_first = [(hours_between(item.at, case.now), item.value) for item in case.every(what)]
    before = [value for age, value in newest_first if since <= age <= since + window]
    later = [value for age, value in newest_first if age < since]
    return next(iter(before or later[::-1]), None)


def _change(fact: str, newest: Quantity, earlier: list[Quantity]) -> Fact:
    highest = max(earlier)
    if fact in CHANGES:
        return Quantity(max(abs(newest.value - value.value) for value in earlier), newest.unit)
    fall = max(highest.value - newest.value, Decimal(0))
    if fact in FALLS:
        return Quantity(fall, newest.unit)
    return Truth.ABSENT if not highest.value else Quantity(fall * 100 / highest.value, "%")


def _newest_and_earlier(case: Case, what: str) -> list[Quantity] | None:
    """Return the newest value and those of the window before it; None without a fresh one."""
    newest = case.latest(what, within=_time(what, "fresh_for"))
    if newest is None:
        return None
    window = _time(what, "trend_window").in_unit("h")
    before = [
        item.value for item in case.every(what) if item.at < newest.at and hours_between(item.at, newest.at) <= window
    ]
    return [newest.value, *before]


def _time(what: str, key: str) -> Quantity:
    kind = vocabulary().measurement(what)
    found = None if kind is None else kind.limit(key)
    assert found is not None  # both stand in the vocabulary for what is followed here; the tests prove it
    return found.value
