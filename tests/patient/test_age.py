"""Gestational, postnatal and postmenstrual age, and the group that they make."""

from __future__ import annotations

from decimal import Decimal

import pytest

from inotrope.errors import CaseError, UnitError
from inotrope.patient import AgeGroup
from inotrope.patient.age import read_gestational_age

BABY = {"patient__weight": "1 kg", "patient__height": "38 cm"}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("27 weeks", 189),
        ("27+3", 192),
        ("27+3 weeks", 192),
        ("27 weeks 3 days", 192),
        ("27w 3d", 192),
        ("27 + 0", 189),
        ("27 weeks and 1 day", 190),
        ("20 weeks", 140),
        ("44 wk", 308),
    ],
)
def test_a_gestational_age_is_read_as_it_is_written_on_a_ward(text, days) -> None:
    assert round(read_gestational_age(text).in_unit("week") * 7, 9) == days


@pytest.mark.parametrize(
    "text", ["27", "27+7", "27.5 weeks", "19+6", "44+1", "45 weeks", "27 days", "", 27, None, "2" * 50]
)
def test_what_is_no_gestational_age_is_refused_and_says_what_is(text) -> None:
    with pytest.raises(CaseError, match=r"27\+3|outside 20 to 44 weeks"):
        read_gestational_age(text)


@pytest.mark.parametrize(
    ("born", "gestation", "group"),
    [
        ("2026-10-26", "40 weeks", AgeGroup.NEWBORN),  # 27 days
        ("2026-10-25", "40 weeks", AgeGroup.CHILD),  # 28 days, 44 weeks
        ("2026-10-25", "39+6", AgeGroup.NEWBORN),  # 28 days, 43 weeks 6 days
        ("2026-07-19", "26 weeks", AgeGroup.CHILD),  # 126 days = 18 weeks: 44
        ("2026-07-20", "26 weeks", AgeGroup.NEWBORN),
        ("2026-10-26", None, AgeGroup.NEWBORN),  # 27 days: a newborn, however long the pregnancy was
        ("2026-10-25", None, None),
        ("2026-06-08", None, None),  # 167 days: 20 weeks and these are below 44
        ("2026-06-07", None, AgeGroup.CHILD),  # 168 days = 24 weeks
        ("2008-11-23", None, AgeGroup.CHILD),
        ("2008-11-22", None, AgeGroup.ADULT),
    ],
)
def test_the_group_hangs_on_the_gestational_age_until_nobody_can_be_a_newborn(build, born, gestation, group) -> None:
    more = {} if gestation is None else {"patient__gestational_age": gestation}
    assert build(patient__born=born, **BABY, **more).age_group is group


def test_the_hours_of_life_are_known_from_a_time_of_birth_or_an_age_in_hours(build) -> None:
    timed = build(patient__born="2026-11-22T02:00:00+01:00", patient__gestational_age="28 weeks", **BABY)
    assert timed.postnatal_age.in_unit("h") == 6
    assert timed.postnatal_hours_known
    assert timed.postmenstrual_age.in_unit("week") == 28 + Decimal("0.25") / 7
    dated = build(patient__born="2026-11-21", **BABY)
    assert (dated.postnatal_age.in_unit("day"), dated.postnatal_hours_known) == (1, False)
    assert dated.postmenstrual_age is None
    aged = build(patient__born=..., patient__age="10 h", **BABY)
    assert (round(aged.postnatal_age.in_unit("h"), 9), aged.postnatal_hours_known) == (10, True)
    days = build(patient__born=..., patient__age="10 days", **BABY)
    assert (days.postnatal_age.in_unit("day"), days.postnatal_hours_known) == (10, False)


def test_a_time_of_birth_is_a_moment_before_now_and_its_date_counts_in_the_zone_of_the_case(build) -> None:
    assert build(patient__born="2026-11-21T23:30:00Z", **BABY).patient.born.isoformat() == "2026-11-22"
    with pytest.raises(CaseError, match="after the time of the case"):
        build(patient__born="2026-11-22T08:01:00+01:00", **BABY)
    with pytest.raises(CaseError, match="no time zone"):
        build(patient__born="2026-11-22T02:00:00", **BABY)


def test_an_age_of_zero_years_says_too_little(build) -> None:
    with pytest.raises(CaseError, match="says too little of a newborn"):
        build(patient__born=..., patient__age="0 years", **BABY)
    assert build(patient__born=..., patient__age="0 days", **BABY).postnatal_age.value == 0
    with pytest.raises(UnitError):
        build(patient__born=..., patient__age="10 min", **BABY)


def test_authority_and_the_hanging_of_the_bag_are_read(build) -> None:
    case = build(authority="  UK   text", preparation={"product": "premix", "hung": "2026-11-22T02:00:00+01:00"})
    assert case.authority == "UK text"
    assert case.preparation.hung.hour == 2
    assert (build().authority, build(preparation={"product": "premix"}).preparation.hung) == (None, None)
    with pytest.raises(CaseError, match="after the time of the case"):
        build(preparation={"hung": "2026-11-23T02:00:00+01:00"})
