"""Double checks of a server: a code that nobody guesses, an entry that counts once, and the oldest that go first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from inotrope.errors import RequestError
from inotrope.plan.double_check.items import read_item
from inotrope.plan.double_check.settings import START, ToBeSet
from inotrope.units import Quantity
from inotrope.web.checks import LETTERS, MOST_ENTRIES, Check, Checks, new_form

AMOUNTS = (("82", "kg"), ("200", "mcg/mL"), ("9.2", "mL/h"), ("0.375", "mcg/kg/min"))
MEANT = ToBeSet(START, "milrinone", *(Quantity(Decimal(value), unit) for value, unit in AMOUNTS))


def entry(pump_rate: str = "9.2 mL/h") -> dict[str, Quantity]:
    texts = {"weight": "82 kg", "concentration": "200 mcg/mL", "pump rate": pump_rate, "rate": "0.375 mcg/kg/min"}
    return {item: read_item(item, text) for item, text in texts.items()}


def test_a_code_is_long_read_without_doubt_and_never_the_same() -> None:
    checks = Checks()
    codes = {checks.open(new_form(), MEANT).code for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 14 and set(code) <= {*LETTERS, "-"} for code in codes)
    assert not set("01OIL") & set(LETTERS)


def test_a_code_is_found_however_it_is_typed() -> None:
    checks = Checks()
    check = checks.open("form", MEANT)
    for typed in (check.code, check.code.lower(), check.code.replace("-", ""), f"  {check.code.replace('-', ' ')} "):
        assert checks.find(typed) is check


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA-AAAA", "<script>", "x" * 100_000, "\0", "ÄÖÜ"])
def test_another_code_finds_nothing(typed: str) -> None:
    checks = Checks()
    checks.open("form", MEANT)
    assert checks.find(typed) is None


def test_a_form_sent_twice_opens_one_check_and_another_setting_another() -> None:
    checks = Checks()
    first = checks.open("form", MEANT)
    assert checks.open("form", MEANT) is first
    assert checks.open("form", replace(MEANT, name="step up")) is not first


def test_an_entry_sent_twice_counts_once_and_its_first_answer_stands() -> None:
    check = Check("CODE", MEANT)
    found = check.enter("form", entry("9.3 mL/h"))
    assert found is not None and found.differing == ("pump rate",)
    assert check.enter("form", entry()) is found  # what was changed in the same form was not entered
    assert check.attempts == 1 and not check.agreed and check.last is found


def test_attempts_are_counted_until_both_agree_and_then_it_has_ended() -> None:
    check = Check("CODE", MEANT)
    check.enter("1", entry("92 mL/h"))
    assert check.agreed_at == ""
    agreed = check.enter("2", entry())
    assert agreed is not None and agreed.agrees
    assert (check.attempts, check.agreed, check.closed) == (2, True, True)
    assert datetime.fromisoformat(check.agreed_at) <= datetime.now(UTC)
    assert check.enter("3", entry("92 mL/h")) is None and check.last is agreed


def test_an_entry_that_lacks_something_is_none() -> None:
    check = Check("CODE", MEANT)
    with pytest.raises(RequestError):
        check.enter("1", {})
    assert check.attempts == 0 and check.last is None


def test_nobody_tries_on_and_on() -> None:
    check = Check("CODE", MEANT)
    for place in range(MOST_ENTRIES + 5):
        check.enter(str(place), entry("1 mL/h"))
    assert check.attempts == MOST_ENTRIES and check.closed and check.enter("last", entry()) is None


def test_only_so_many_are_kept_and_the_oldest_goes_first() -> None:
    checks = Checks(most=3)
    opened = [checks.open(str(place), MEANT) for place in range(5)]
    assert [checks.find(item.code) for item in opened] == [None, None, *opened[2:]]
    assert checks.open("0", MEANT).code != opened[0].code  # its form is forgotten with it
