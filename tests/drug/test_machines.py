"""For how long after its end a machine makes the creatinine: the drug's own rules say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from inotrope.drug import Drug, Sourced, creatinine_is_a_machine_s, load_drug
from inotrope.patient import Case, read_case
from inotrope.units import Quantity

ADULT: dict[str, Any] = {
    "drug": "milrinone",
    "indication": "acute decompensated heart failure",
    "now": "2026-11-22T08:00:00+01:00",
    "patient": {"born": "1958-03-02", "sex": "male", "weight": "70 kg", "height": "175 cm"},
}


def ended(hours: float | None, what: str = "CRRT") -> Case:
    """Return a case whose machine ended so many hours ago; None for one that runs."""
    now = datetime.fromisoformat(ADULT["now"])
    end = {} if hours is None else {"end": (now - timedelta(hours=hours)).isoformat()}
    return read_case({**ADULT, "support": [{"what": what, "start": "2026-11-12T08:00:00+01:00", **end}]})


@pytest.mark.parametrize("what", ["CRRT", "hemodialysis", "peritoneal dialysis"])
def test_a_machine_counts_for_two_days_after_its_end(what: str) -> None:
    drug = load_drug("milrinone")
    found = [creatinine_is_a_machine_s(drug, ended(hours, what)) for hours in (None, 1, 47.9, 48, 90)]
    assert found == [True, True, True, False, False]


def test_another_machine_and_none_make_no_creatinine() -> None:
    drug = load_drug("milrinone")
    assert not creatinine_is_a_machine_s(drug, ended(None, "ECMO"))
    assert not creatinine_is_a_machine_s(drug, read_case(ADULT))
    assert not creatinine_is_a_machine_s(drug, read_case({**ADULT, "support": []}))


def with_window(drug: Drug, limits: dict[str, Any]) -> Drug:
    rules = tuple(replace(rule, limits=limits) if rule.id == "kidney-replacement" else rule for rule in drug.rules)
    return replace(drug, rules=rules)


def test_the_window_is_the_rule_s_and_without_one_only_a_running_machine_counts() -> None:
    drug = load_drug("milrinone")
    limit = drug.rule("kidney-replacement").limits["ended"]
    assert isinstance(limit, Sourced)
    short = with_window(drug, {"ended": replace(limit, value=Quantity(Decimal(6), "h"))})
    assert [creatinine_is_a_machine_s(short, ended(hours)) for hours in (5, 7)] == [True, False]
    none = with_window(drug, {})
    assert [creatinine_is_a_machine_s(none, ended(hours)) for hours in (None, 1)] == [True, False]
