"""Facts about rates: without an entry they hold only where every entry for the age gives the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from inotrope.dosing import history, possible_entries
from inotrope.drug import Drug
from inotrope.findings import Truth
from inotrope.patient import read_case
from inotrope.safety import Situation, judge
from inotrope.safety.rate_facts import (
    EARLIER,
    LOAD_TOO_FAST,
    ON_TOP,
    PAST_ITS_AGE,
    RUNNING,
    TOO_FAST,
    rate_facts,
    told_of_rates,
)
from inotrope.units import Quantity, read_quantity
from tests.safety.conftest import MakeCase


def rate(text: str) -> Quantity:
    return read_quantity(text, what="Rate", dimensions=("rate per body weight",))


def runs(start: str, of: str) -> list[dict[str, Any]]:
    return [{"of": "milrinone", "start": f"2026-11-22T{start}:00+00:00", "rate": of}]


@pytest.mark.parametrize(
    ("given", "facts", "asks"),
    [
        (None, {}, {RUNNING, EARLIER, TOO_FAST, LOAD_TOO_FAST, ON_TOP}),
        ([], dict.fromkeys((RUNNING, EARLIER, TOO_FAST, LOAD_TOO_FAST), Truth.ABSENT), set()),
        # 0.6 for an hour is too fast by the entry for cardiogenic shock (0.5) and not by the others (0.75).
        (
            runs("07:00", "0.6 mcg/kg/min"),
            {RUNNING: rate("0.6 mcg/kg/min"), EARLIER: Truth.ABSENT, LOAD_TOO_FAST: Truth.ABSENT},
            {TOO_FAST},
        ),
    ],
)
def test_without_an_entry(milrinone: Drug, make_case: MakeCase, given: Any, facts: Any, asks: Any) -> None:
    more = {} if given is None else {"administrations": given}
    case = make_case(indication="gout", **more)
    past = history(case, drug="milrinone")
    found, needs = rate_facts(milrinone, case, past, None, possible_entries(milrinone, case))
    assert found.pop(PAST_ITS_AGE) == found.pop(ON_TOP, ()) == ()
    assert found == facts
    assert {name: needs[name] for name in asks} == dict.fromkeys(
        asks, ("administrations",) if given is None else ("indication",)
    )


def test_of_an_age_that_no_entry_is_for_nothing_is_too_fast(milrinone: Drug, make_case: MakeCase) -> None:
    case = make_case(indication="gout", administrations=runs("07:00", "5 mcg/kg/min"))
    found, _ = rate_facts(milrinone, case, history(case, drug="milrinone"), None, ())
    assert found[RUNNING] is found[EARLIER] is found[TOO_FAST] is Truth.ABSENT


def test_a_baby_of_unknown_gestation_may_have_the_entries_of_two_groups(milrinone: Drug, make_case: MakeCase) -> None:
    case = make_case({"born": "2026-09-20", "weight": "4 kg"})
    groups = {entry.group for entry in possible_entries(milrinone, case)}
    assert len(groups) == 2


@pytest.mark.parametrize(("age", "ended"), [("20 h", True), ("18 h", True), ("17.9 h", False)])
def test_a_regimen_ends_at_its_age(milrinone: Drug, age: str, ended: bool) -> None:
    document: dict[str, Any] = {
        "drug": "milrinone",
        "indication": "low systemic blood flow on the first day of life",
        "now": "2026-11-22T08:00:00+00:00",
        "patient": {"age": age, "gestational_age": "26+4", "sex": "male", "weight": "0.9 kg"},
        "administrations": runs("04:00", "0.2 mcg/kg/min"),
    }
    case = read_case(document)
    found, _ = rate_facts(milrinone, case, history(case, drug="milrinone"), None, possible_entries(milrinone, case))
    assert found[PAST_ITS_AGE] == (("18 h (Paradisis 2007 study protocol)",) if ended else ())


def test_a_load_too_fast_is_told_by_its_dose_its_minutes_and_the_least(milrinone: Drug, make_case: MakeCase) -> None:
    given = [{"of": "milrinone", "start": "2026-11-22T07:30:00+00:00", "dose": "50 mcg/kg", "duration": "569 s"}]
    case = make_case(indication="gout", administrations=given)
    past, possible = history(case, drug="milrinone"), possible_entries(milrinone, case)
    told = {LOAD_TOO_FAST: ("50 mcg/kg in 9.48 min", "10 min")}
    assert told_of_rates(milrinone, past, None, possible) == told
    assert told_of_rates(milrinone, past, possible[0], ()) == told
    by_id = {each.id: each for each in milrinone.entries}
    children = (
        by_id["child-acute-heart-failure-uk"],
        by_id["child-low-output-prevention-uk"],
    )  # 75 in 60 min: 50 in 40
    assert told_of_rates(milrinone, past, None, children) == {
        LOAD_TOO_FAST: ("50 mcg/kg in 9.48 min", "30 min or 40 min")
    }
    assert told_of_rates(milrinone, past, None, ()) == {}
    (found,) = judge(
        milrinone,
        Situation(case, possible[0], {LOAD_TOO_FAST: Quantity(Decimal(0), "h")}, {}, told=told),
        rules=[milrinone.rule("load-given-too-fast")],
    )
    assert "50 mcg/kg in 9.48 min" in found.says and "takes 10 min at least" in found.says
