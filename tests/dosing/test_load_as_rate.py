"""What of the record is a load that was given, or is going in, as a rate: one definition for all who ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from inotrope.dosing import given_too_fast, highest_earlier_rate, history, load_cut_short, loading_until
from inotrope.dosing.load_as_rate import load_pieces, newest_run
from inotrope.drug import Entry
from tests.dosing.adult import NOW, ago, case, entry, infusion, quantity

ADULT = "adult-acute-decompensated-heart-failure"
BELOW_30 = "newborn-below-30-weeks-kemh"  # a load of 0.75 for 3 h, then 0.2
FROM_30 = "newborn-from-30-weeks-kemh"  # a load of 0.4 to 1.25 for 1 h, then 0.25 to 0.75

Given = list[dict[str, str]]


def run(start: str, end: str, rate: str) -> dict[str, str]:
    return {"of": "milrinone", "start": ago(start), "end": ago(end), "rate": f"{rate} mcg/kg/min"}


def runs(start: str, rate: str) -> dict[str, str]:
    return infusion(start, f"{rate} mcg/kg/min")


def site_lowers_the_maximum(id_: str, rate: str) -> Entry:
    found = entry(id_)
    maximum = replace(found.maintenance.maximum, value=quantity(f"{rate} mcg/kg/min"))
    return replace(found, maintenance=replace(found.maintenance, maximum=maximum))


def drawn_up(start: str, dose: str, minutes: str = "60") -> dict[str, str]:
    return {"of": "milrinone", "start": ago(start), "dose": f"{dose} mcg/kg", "duration": f"{minutes} min"}


CASES = [
    # adult: a load that is drawn up is no rate
    (ADULT, [runs("0.1", "0.75")], 0),
    (BELOW_30, [], 0),
    # below 30 weeks every rate above 0.2 is the load's, up to 0.75 and for 3 h
    (BELOW_30, [runs("1", "0.75")], 1),
    (BELOW_30, [runs("1", "0.2")], 0),
    (BELOW_30, [run("4", "1", "0.75"), runs("1", "0.2")], 1),
    (BELOW_30, [run("4.5", "1", "0.75"), runs("1", "0.2")], 0),  # half an hour too long
    (BELOW_30, [run("3", "2", "0.5"), run("2", "0", "0.75")], 2),  # in two rates, 3 h
    (BELOW_30, [run("3", "2", "0.75"), run("2", "1", "0.8")], 0),  # raised beyond it
    (BELOW_30, [run("5", "3", "0.2"), run("3", "2", "0.75")], 0),  # not at the start of the run
    (BELOW_30, [run("5", "4", "0.75"), run("3", "2", "0.75")], 1),  # the second one is another load
    (BELOW_30, [run("50", "40", "0.2"), run("2", "1", "0.75")], 1),  # a run of its own after 38 h
    # from 30 weeks a rate of the load may be one of an infusion too
    (FROM_30, [runs("0.5", "1.25")], 1),
    (FROM_30, [runs("0.5", "0.4")], 1),
    (FROM_30, [run("1", "0", "0.4")], 1),
    (FROM_30, [runs("2", "0.4")], 0),
    (FROM_30, [runs("0.5", "0.25")], 0),
    (FROM_30, [run("6", "5.5", "1"), runs("5.5", "0.5")], 1),  # lowered to what an infusion may have: over
    (FROM_30, [run("0.5", "0.25", "0.4"), runs("0.25", "0.5")], 2),
    (FROM_30, [run("1", "0.5", "0.5"), run("0.5", "0", "1")], 0),  # an infusion that was raised too high
    # one load is given: with what is drawn up it comes to at most 82.5 (148.5 below 30 weeks)
    (FROM_30, [drawn_up("3", "75"), run("2", "1", "1"), runs("1", "0.25")], 0),  # 75 + 60
    (FROM_30, [drawn_up("3", "22.5"), run("2", "1", "1"), runs("1", "0.25")], 1),  # 22.5 + 60 = 82.5
    (FROM_30, [run("3", "2", "1"), runs("2", "0.25"), drawn_up("1", "22.6", "10")], 0),  # afterwards: 82.6
    (FROM_30, [drawn_up("1", "22.6", "10"), runs("0.5", "1")], 0),  # 22.6 + 30 now, and 30 to come
    (FROM_30, [drawn_up("1", "22.6", "10"), run("0.5", "0", "1"), runs("0", "0.25")], 1),  # ended at 52.6
    (FROM_30, [drawn_up("0.5", "75", "10"), runs("0", "1")], 0),  # begun this minute, behind a whole load
    (FROM_30, [drawn_up("28", "75"), run("3", "2", "1"), runs("2", "0.25")], 1),  # ended 24 h before it began
    (FROM_30, [drawn_up("27.9", "75"), run("3", "2", "1"), runs("2", "0.25")], 0),  # 23.9 h before
    (BELOW_30, [drawn_up("6", "130"), run("3", "0.5", "0.75"), runs("0.5", "0.2")], 0),  # 130 + 112.5
]


@pytest.mark.parametrize(("id_", "given", "pieces"), CASES)
def test_what_of_the_record_is_the_load(id_: str, given: Given, pieces: int) -> None:
    past = history(case(administrations=given), drug="milrinone")
    assert load_pieces(entry(id_), past) == newest_run(past.infused)[:pieces]


@pytest.mark.parametrize(("id_", "given", "pieces"), CASES)
def test_a_hospital_that_lowers_the_maximum_makes_nothing_a_load(id_: str, given: Given, pieces: int) -> None:
    past = history(case(administrations=given), drug="milrinone")
    for rate in ("0.05", "0.45", "0.19"):
        assert load_pieces(site_lowers_the_maximum(id_, rate), past) == load_pieces(entry(id_), past)


@pytest.mark.hazard("a-site-file-that-loosens")
def test_an_overdose_stays_one_where_a_hospital_lowers_the_maximum() -> None:
    # 0.5 for 20 min, then 1 for 40 min: above 0.75 by 0.25 x 40 = 10 mcg/kg; above 0.45 by 0.05 x 20 + 0.55 x 40 = 23.
    given = [run("2", "1.6667", "0.5"), run("1.6667", "1", "1"), runs("1", "0.25")]
    past = history(case(administrations=given), drug="milrinone")
    for place, beyond in ((entry(FROM_30), "10 mcg/kg"), (site_lowers_the_maximum(FROM_30, "0.45"), "23 mcg/kg")):
        assert highest_earlier_rate(place, past) == quantity("1 mcg/kg/min")
        assert given_too_fast(place, past) == quantity(beyond)


def test_what_runs_is_a_load_only_where_the_record_says_one() -> None:
    def until(*given: dict[str, str], id_: str = BELOW_30) -> float | None:
        found = loading_until(entry(id_), history(case(administrations=list(given)), drug="milrinone"), NOW)
        return None if found is None else (found - NOW) / timedelta(hours=1)

    assert until(runs("0", "0.75")) == 3  # started this minute
    assert until(run("1", "0", "0.75"), runs("0", "0.7")) == 2  # lowered this minute, and still the load's
    assert until(run("1", "0", "0.75"), runs("0", "0.2")) is None  # lowered to the infusion this minute
    assert until(run("1", "0", "0.75"), runs("0", "0.8")) is None  # raised beyond it this minute
    assert until(run("2", "1.5", "0.75"), runs("1", "0.75")) is None  # taken up again
    assert until(run("0.5", "0.25", "0.5"), runs("0.25", "1"), id_=FROM_30) is None  # raised above an infusion
    assert until(run("0.5", "0.25", "1"), runs("0.25", "0.5"), id_=FROM_30) is None  # lowered to one
    assert until(runs("0.5", "0.4"), id_=FROM_30) == 0.5


@pytest.mark.parametrize("minutes", range(1, 60))
def test_a_load_ends_at_its_minute_however_long_ago_it_began(minutes: int) -> None:
    begun = NOW - timedelta(minutes=minutes)
    given = {"of": "milrinone", "start": begun.isoformat(), "rate": "1 mcg/kg/min"}
    found = loading_until(entry(FROM_30), history(case(administrations=[given]), drug="milrinone"), NOW)
    assert found == begun + timedelta(hours=1)


def test_without_a_largest_dose_nobody_says_what_is_too_much() -> None:
    given = [drawn_up("3", "75"), run("2", "1", "1"), runs("1", "0.25")]
    past = history(case(administrations=given), drug="milrinone")
    assert load_pieces(replace(entry(FROM_30), numbers={}), past) == past.infused[:1]


def test_what_is_lowered_to_an_infusion_was_not_broken_off() -> None:
    past = history(case(administrations=[run("1", "0.75", "1"), run("0.75", "0.5", "0.5")]), drug="milrinone")
    assert load_cut_short(entry(FROM_30), past) is None
