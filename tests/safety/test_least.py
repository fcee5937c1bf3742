"""A list that perhaps does not hold all there is leaves open what is not in it, and hides nothing that is."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope.findings import State
from inotrope.patient import read_case
from inotrope.plan import make_plan
from tests.course.meaning.ward import adult, rate, written

ENTRIES: dict[str, Any] = {
    "medicines": ["furosemide"],
    "administrations": [{"of": "norepinephrine", "start": written(-1), "rate": "0.05 mcg/kg/min"}],
    "support": [{"what": "ECMO", "start": written(-1)}],
    "events": [{"what": "ventricular ectopy", "at": written(-1)}],
    "lines": [{"with": ["insulin"]}],
}
LOAD = {"of": "milrinone", "duration": "10 min", "dose": "50 mcg/kg"}


def states(**members: Any) -> dict[str, State]:
    """Return the state of every rule, of the shipped adult with other members; None takes one out."""
    case = {key: value for key, value in adult(now=written(0), **members).items() if value is not None}
    return {item.rule: item.state for item in make_plan(read_case(case), forecast=False).findings}


def unknown(found: dict[str, State]) -> set[str]:
    return {rule for rule, state in found.items() if state is State.UNKNOWN}


@pytest.mark.hazard("unknown-taken-for-absent")
@pytest.mark.parametrize("part", ENTRIES)
def test_what_was_open_without_a_list_is_open_or_fires_with_a_list_that_is_perhaps_not_all(part: str) -> None:
    beside = {"medicines": ["furosemide"]} if part == "lines" else {}  # else nothing is given that could share one
    without = states(**beside, **{part: None})
    perhaps = states(**beside, **{part: ENTRIES[part], "incomplete": [part]})
    whole = states(**beside, **{part: ENTRIES[part]})
    firing = {rule for rule, state in perhaps.items() if state is State.FIRES}
    assert unknown(without) <= unknown(perhaps) | firing
    assert {rule for rule, state in whole.items() if state is State.FIRES} <= firing | unknown(perhaps)
    assert unknown(whole) < unknown(perhaps)  # and a list that is all there is settles it


@pytest.mark.hazard("unknown-taken-for-absent")
@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ([rate("0.9 mcg/kg/min", -1)], "running-rate-above-maximum"),
        ([{**LOAD, "start": written(-3)}, {**LOAD, "start": written(-2)}], "repeated-load"),
        ([rate("0.375 mcg/kg/min", -50)], "beyond-48-h"),
        ([rate("0.9 mcg/kg/min", -2), rate("0.375 mcg/kg/min", -1)], "earlier-rate-above-maximum"),
    ],
)
def test_what_the_known_entries_cross_fires_whatever_else_was_given(given: list[dict[str, Any]], rule: str) -> None:
    assert states(administrations=given)[rule] is State.FIRES
    assert states(administrations=given, incomplete=["administrations"])[rule] is State.FIRES


def test_what_they_do_not_cross_stays_open() -> None:
    given = [rate("0.375 mcg/kg/min", -1)]
    perhaps = states(administrations=given, incomplete=["administrations"])
    for rule in ("beyond-48-h", "given-24-h-above-maximum", "earlier-rate-above-maximum", "load-on-top"):
        assert perhaps[rule] is State.UNKNOWN, rule
    assert "running-rate-above-maximum" not in unknown(perhaps)  # what runs is known
    assert unknown(states(administrations=given)).isdisjoint({"beyond-48-h", "given-24-h-above-maximum"})


def test_an_infusion_is_known_to_run_or_to_be_paused_and_its_amounts_are_the_least() -> None:
    given = [rate("0.375 mcg/kg/min", -2), rate("0 mcg/kg/min", -1)]
    case = adult(now=written(0), administrations=given, incomplete=["administrations"])
    plan = make_plan(read_case(case), forecast=False)
    assert plan.given is not None and plan.given.paused is not None
    assert not plan.given.complete and plan.given.left_24_h is None
    whole = make_plan(read_case(adult(now=written(0), administrations=given)), forecast=False)
    assert whole.given is not None and whole.given.complete and whole.given.left_24_h is not None
