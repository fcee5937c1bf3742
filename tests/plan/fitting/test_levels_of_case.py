"""Levels that are not fitted, and why: where and when they were drawn, and what was given before."""

from __future__ import annotations

import pytest

from inotrope.dosing import history
from inotrope.drug import load_drug
from inotrope.patient import Case
from inotrope.plan.fitting.levels import LevelsOfCase, from_the_line, levels_of_case
from tests.forecast.persons import given
from tests.plan.fitting.bedside_levels import bedside, level

LOAD = given(3, dose="50 mcg/kg", duration="10 min")


def levels(case: Case) -> LevelsOfCase:
    drug = load_drug("milrinone")
    return levels_of_case(case, drug, history(case, drug="milrinone"))


def refused(case: Case) -> list[str]:
    return ["" if item.refused is None else item.refused.id for item in levels(case).every]


def with_load(*measured: dict[str, str]) -> Case:
    return bedside(*measured, administrations=[LOAD, given(2.5, rate="0.375 mcg/kg/min")])


def test_a_level_that_is_sound_is_used() -> None:
    found = levels(bedside(level("212 ng/mL", -3.0), level("<20 ng/mL", -19.9)))
    assert [item.below for item in found.used] == [True, False]
    arrays = found.arrays()
    assert arrays.time_h.tolist() == pytest.approx([-19.9, -3.0])
    assert arrays.level_ng_per_ml.tolist() == [20.0, 212.0] and arrays.below.tolist() == [True, False]


def test_a_level_during_a_dose_tells_of_the_dose() -> None:
    assert refused(with_load(level("900 ng/mL", -2.95))) == ["level-drawn-during-a-dose"]
    (found,) = levels(with_load(level("900 ng/mL", -2.95))).every
    assert found.refused is not None
    assert "while a dose went in" in found.refused.says and "30 min" in found.refused.says
    assert found.refused.sources[0].status == "judgement"


def test_a_level_just_after_a_dose_waits_for_the_tissues() -> None:
    # The dose ends 2 h 50 min before now; 20 min later it is too early, and 40 min later it is not.
    (early,) = levels(with_load(level("400 ng/mL", -2.5))).every
    assert early.refused is not None and "20 min after the end of a dose" in early.refused.says
    assert refused(with_load(level("300 ng/mL", -130 / 60))) == [""]


def test_a_level_before_any_dose_says_that_a_dose_is_missing() -> None:
    assert refused(bedside(level("100 ng/mL", -30))) == ["dose-history-incomplete"]


def test_without_a_record_of_doses_nothing_is_fitted() -> None:
    found = levels(bedside(level("200 ng/mL"), administrations=None))
    assert [item.id for item in found.refusals] == ["dose-history-incomplete"] and not found.used
    assert levels(bedside(administrations=None)).refusals == ()


def test_a_record_that_contradicts_itself_is_refused() -> None:
    both = [given(20, rate="0.5 mcg/kg/min"), given(20, rate="0.25 mcg/kg/min")]
    found = levels(bedside(level("200 ng/mL"), administrations=both))
    assert [item.id for item in found.refusals] == ["conflicting-data"]
    assert "two administrations start at the same moment" in found.refusals[0].says


def test_two_levels_of_one_moment() -> None:
    found = levels(bedside(level("200 ng/mL"), level("412 ng/mL")))
    assert [item.id for item in found.refusals] == ["conflicting-data"] and not found.used
    assert "200 ng/mL" in found.refusals[0].says and "412 ng/mL" in found.refusals[0].says
    twice = levels(bedside(level("200 ng/mL"), level("200 ng/mL")))
    assert len(twice.every) == 1 and not twice.refusals  # written twice, measured once


@pytest.mark.parametrize(
    ("site", "infusing"),
    [
        ("infusing line", True),
        ("the same lumen", True),
        ("Milrinone-line, proximal", True),
        ("arterial line", False),
        ("not the infusing line", False),
        ("other arm than the infusion line", False),
        ("central line", False),
        ("", False),
    ],
)
def test_the_line_that_the_drug_runs_through(site: str, *, infusing: bool) -> None:
    assert from_the_line(site) is infusing


def test_a_level_from_the_infusing_line_tells_of_the_bag() -> None:
    found = levels(bedside(level("1500 ng/mL", site="infusing line"), level("212 ng/mL", -4, site="arterial line")))
    assert ["" if item.refused is None else item.refused.id for item in found.every] == [
        "",
        "level-from-the-infusing-line",
    ]
    assert len(found.used) == 1
