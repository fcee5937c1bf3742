"""Single doses that went in too fast, each with its arithmetic by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from inotrope.dosing import given_since, history, load_too_fast
from inotrope.drug import load_drug
from tests.dosing.adult import ago, case, entry, infusion, quantity

ADULT = "adult-acute-decompensated-heart-failure"
GUIDELINE = "adult-acute-decompensated-heart-failure-guideline"
CHILD, PREVENTION = "child-acute-heart-failure-uk", "child-low-output-prevention-uk"
BELOW_30 = "newborn-below-30-weeks-kemh"


def dose(start: str, amount: str, duration: str) -> dict[str, str]:
    return {"of": "milrinone", "start": ago(start), "dose": amount, "duration": duration}


@pytest.mark.parametrize(
    ("id_", "given", "since"),
    [
        (ADULT, [], None),
        (ADULT, [infusion("1", "0.5 mcg/kg/min")], None),
        (ADULT, [dose("2", "50 mcg/kg", "10 min")], None),
        (ADULT, [dose("2", "50 mcg/kg", "6 min")], "1.9 h"),
        (ADULT, [dose("2", "50 mcg/kg", "599 s")], None),  # 10 min, as it was written
        (ADULT, [dose("2", "50 mcg/kg", "570 s")], None),  # 5 % less, which is no difference in an order
        (ADULT, [dose("2", "50 mcg/kg", "558 s")], "1.845 h"),
        (ADULT, [dose("2", "25 mcg/kg", "5 min")], None),  # half of it in half the time
        (ADULT, [dose("2", "25 mcg/kg", "3 min")], "1.95 h"),
        (ADULT, [dose("2", "100 mcg/kg", "10 min")], None),  # too much, which another rule says
        (ADULT, [dose("0.05", "50 mcg/kg", "6 min")], "0 h"),  # it still goes in
        (ADULT, [dose("5", "50 mcg/kg", "6 min"), dose("2", "50 mcg/kg", "6 min")], "1.9 h"),
        (GUIDELINE, [dose("2", "50 mcg/kg", "6 min")], "1.9 h"),  # no load of its own: the label's 10 min
        (GUIDELINE, [dose("2", "50 mcg/kg", "10 min")], None),
        (CHILD, [dose("2", "75 mcg/kg", "30 min")], None),
        (CHILD, [dose("2", "75 mcg/kg", "24 min")], "1.6 h"),
        (PREVENTION, [dose("2", "75 mcg/kg", "60 min")], None),  # no shorter time is printed
        (PREVENTION, [dose("2", "75 mcg/kg", "54 min")], "1.1 h"),
        (BELOW_30, [dose("2", "45 mcg/kg", "60 min")], None),  # 0.75 x 60
        (BELOW_30, [dose("2", "45 mcg/kg", "57 min")], None),
        (BELOW_30, [dose("2", "45 mcg/kg", "54 min")], "1.1 h"),
        (BELOW_30, [dose("4", "140 mcg/kg", "3 h")], None),  # more than 0.75 x 180, in the time of the load
    ],
)
def test_a_dose_that_went_in_too_fast(id_: str, given: list[dict[str, str]], since: str | None) -> None:
    drug = load_drug("milrinone")
    group = [each for each in drug.entries if each.group == entry(id_).group]
    found = load_too_fast(entry(id_), history(case(administrations=given), drug="milrinone"), group=group)
    assert (None if found is None else found.since) == (None if since is None else quantity(since))


@pytest.mark.parametrize(
    ("id_", "given", "dose_", "lasted", "least"),
    [
        (ADULT, [dose("2", "50 mcg/kg", "6 min")], "50 mcg/kg", "6 min", "10 min"),
        (ADULT, [dose("2", "20 mcg/kg", "90 s")], "20 mcg/kg", "1.5 min", "4 min"),
        (ADULT, [dose("5", "20 mcg/kg", "1 min"), dose("2", "50 mcg/kg", "6 min")], "50 mcg/kg", "6 min", "10 min"),
        (CHILD, [dose("2", "75 mcg/kg", "24 min")], "75 mcg/kg", "24 min", "30 min"),
        (BELOW_30, [dose("2", "45 mcg/kg", "54 min")], "45 mcg/kg", "54 min", "60 min"),
    ],
)
def test_which_dose_it_was_over_how_long_and_how_long_it_takes(
    id_: str, given: list[dict[str, str]], dose_: str, lasted: str, least: str
) -> None:
    past = history(case(administrations=given), drug="milrinone")
    found = load_too_fast(entry(id_), past, group=[])
    assert found is not None
    assert (found.dose, found.lasted, found.least) == (quantity(dose_), quantity(lasted), quantity(least))


def test_where_no_entry_of_the_group_has_a_load_nothing_is_too_fast() -> None:
    bare = replace(entry(GUIDELINE), load=None)
    past = history(case(administrations=[dose("2", "50 mcg/kg", "1 min")]), drug="milrinone")
    assert load_too_fast(bare, past, group=[bare]) is None


@pytest.mark.parametrize(
    ("given", "since"),
    [
        ([], None),
        ([infusion("10", "0.5 mcg/kg/min")], "10"),
        ([dose("10.5", "50 mcg/kg", "10 min"), infusion("10", "0.5 mcg/kg/min")], "10.5"),
        ([dose("60", "50 mcg/kg", "1 h"), dose("35", "50 mcg/kg", "1 h")], "60"),  # a gap of exactly 24 h
        ([dose("60.1", "50 mcg/kg", "1 h"), dose("35", "50 mcg/kg", "1 h")], "35"),
        (
            [
                {"of": "milrinone", "start": ago("90"), "end": ago("40"), "rate": "0.5 mcg/kg/min"},
                dose("80", "50 mcg/kg", "1 h"),
                infusion("30", "0.5 mcg/kg/min"),
            ],
            "90",
        ),  # a dose within the infusion opens no gap
    ],
)
def test_when_a_course_began(given: list[dict[str, str]], since: str | None) -> None:
    found = given_since(history(case(administrations=given), drug="milrinone"))
    assert found == (None if since is None else Decimal(since))
