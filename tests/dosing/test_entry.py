"""Which entry serves: by indication, age and authority, never the nearest one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inotrope.dosing import entries_beside, find_entry, shown_weeks
from inotrope.drug import Drug, Entry, Span
from inotrope.findings import Refusal
from inotrope.patient import Case
from tests.dosing.adult import adult_entry, case, milrinone, quantity

ADHF = "adult-acute-decompensated-heart-failure"


def of_age(**ages: str) -> Drug:
    """Return the drug with the adult's entry for other ages, and for everybody of that age."""
    limit = adult_entry().age.minimum
    assert limit is not None
    span = Span(**{key: replace(limit, value=quantity(text)) for key, text in ages.items()})
    return replace(milrinone(), entries=(replace(adult_entry(), group=None, age=span),))


def patient(**changes: Any) -> dict[str, Any]:
    """Return a patient of 6 days, born at 39 weeks; None takes a key away."""
    written = {"born": "2026-11-16", "gestational_age": "39 weeks", "sex": "female", "weight": "3 kg", **changes}
    return {key: value for key, value in written.items() if value is not None}


def baby(indication: str = "low cardiac output", **changes: Any) -> Case:
    return case(indication=indication, patient=patient(**changes))


def refused(found: Entry | Refusal) -> Refusal:
    assert isinstance(found, Refusal)
    return found


def served(found: Entry | Refusal) -> str:
    assert isinstance(found, Entry)
    return found.id


@pytest.mark.parametrize("name", ["acute decompensated heart failure", "ADHF", "Decompensated  Heart failure"])
def test_the_indication_by_any_of_its_names(name: str) -> None:
    assert served(find_entry(milrinone(), case(indication=name))) == ADHF


def test_another_indication_names_what_exists() -> None:
    found = refused(find_entry(milrinone(), case(indication="pulmonary hypertension")))
    assert (found.id, found.needs) == ("no-entry-for-indication", ("indication",))
    assert "'pulmonary hypertension'" in found.says
    assert "Entries exist for: 'acute decompensated heart failure'; 'low cardiac output after" in found.says


@pytest.mark.parametrize(
    ("born", "serves"),
    [("2008-11-22", ADHF), ("2008-11-23", "child-acute-heart-failure-uk")],  # 18 years on the day, and one day younger
)
def test_an_adult_is_18_years_or_more(born: str, serves: str) -> None:
    person = {"born": born, "sex": "male", "weight": "70 kg", "height": "170 cm"}
    assert served(find_entry(milrinone(), case(patient=person))) == serves


def test_what_no_authority_has_for_an_age_is_refused_with_what_there_is() -> None:
    person = {"born": "2008-11-23", "sex": "male", "weight": "70 kg"}
    found = refused(find_entry(milrinone(), case(indication="cardiogenic shock", patient=person)))
    assert (found.id, found.needs) == ("no-entry-for-age", ("indication", "age"))  # other uses have an entry at 17
    assert "at an age of 17.9 years; entries cover 18 years and over." in found.says  # 17.997, and not 18
    assert [source.id for source in found.sources] == ["inotrope-judgement"]


def test_an_adult_hears_that_a_use_is_for_children() -> None:
    found = refused(find_entry(milrinone(), case(indication="septic shock")))
    assert "at an age of 68.7 years; entries cover children." in found.says  # born on 2 March 1958


@pytest.mark.parametrize(
    ("ages", "covers"),
    [
        ({"maximum": "18 year"}, "up to 18 years"),
        ({"minimum": "1 year", "maximum": "18 year"}, "1 years to 18 years"),
        ({"minimum": "1 year", "below": "18 year"}, "1 years and over, below 18 years"),
        ({"below": "6 h"}, "below 6 h"),
    ],
)
def test_an_entry_for_younger_patients_does_not_serve_this_one(ages: dict[str, str], covers: str) -> None:
    found = refused(find_entry(of_age(**ages), case()))
    assert f"entries cover {covers}" in found.says


def test_an_entry_without_ages_serves_everybody() -> None:
    assert isinstance(find_entry(of_age(), case()), Entry)
    assert isinstance(
        find_entry(of_age(), baby(indication="ADHF", gestational_age=None)), Entry
    )  # no group, no question


def test_with_no_authority_asked_the_first_serves_and_the_others_stand_beside_it() -> None:
    entry = find_entry(milrinone(), case())
    assert isinstance(entry, Entry) and entry.id == ADHF
    assert [other.id for other in entries_beside(milrinone(), case(), entry)] == [f"{ADHF}-uk", f"{ADHF}-guideline"]


def test_an_authority_is_compared_without_case() -> None:
    asked = case(authority=" uk  TEXT")
    entry = find_entry(milrinone(), asked)
    assert isinstance(entry, Entry) and entry.id == f"{ADHF}-uk"
    assert [other.id for other in entries_beside(milrinone(), asked, entry)] == [ADHF, f"{ADHF}-guideline"]


def test_an_authority_without_an_entry_is_refused_with_those_that_have_one() -> None:
    found = refused(find_entry(milrinone(), case(authority="DOREMI trial protocol")))
    assert (found.id, found.needs) == ("no-entry-for-authority", ("authority",))
    assert "Entries exist of: 'US label'; 'UK text'; 'ACCF/AHA guideline table'." in found.says


@pytest.mark.hazard("baby-taken-for-a-child")
def test_below_24_weeks_the_gestational_age_is_asked_first() -> None:
    # 6 days: newborn whatever the gestational age, which decides between the regimens; 63 days: newborn or child.
    for born, shown in (("2026-11-16", "6 days after birth"), ("2026-09-20", "63 days after birth")):
        found = refused(find_entry(milrinone(), baby(born=born, gestational_age=None)))
        assert (found.id, found.needs) == ("gestational-age-absent", ("gestational age",))
        assert found.says.startswith(shown)
    unknown = refused(find_entry(milrinone(), baby("hypertension", gestational_age=None)))
    assert unknown.id == "no-entry-for-indication"
    assert served(find_entry(milrinone(), baby(born="2026-06-07", gestational_age=None))) == "child-low-output-practice"


@pytest.mark.parametrize(
    ("gestational_age", "serves"),
    [("29+6", "newborn-below-30-weeks-kemh"), ("30 weeks", "newborn-from-30-weeks-kemh")],
)
@pytest.mark.hazard("baby-taken-for-a-child")
def test_a_newborn_s_regimen_goes_by_the_gestational_age(gestational_age: str, serves: str) -> None:
    assert served(find_entry(milrinone(), baby(gestational_age=gestational_age))) == serves


def test_no_entry_for_a_newborn_says_every_age_that_counts() -> None:
    found = refused(find_entry(milrinone(), baby("after ligation of the ductus arteriosus")))
    assert found.id == "no-entry-for-age"
    # 39 weeks and 6 days are 39.857 weeks
    assert "at 6 days after birth, born at 39 weeks, postmenstrual age 39 weeks 6 days" in found.says
    assert "newborns, 5 days and over, below 28 days, at a postmenstrual age of 24.6 weeks to 30.1 weeks" in found.says
    assert {source.id for source in found.sources} == {"hallik-2019"}


FIRST_DAY = "low systemic blood flow on the first day of life"


@pytest.mark.parametrize(
    ("changes", "serves"),
    [
        ({"born": "2026-11-21T14:01:00+01:00"}, "preterm-first-day-paradisis"),  # 17 h 59 min
        ({"born": "2026-11-21T14:00:00+01:00"}, "no-entry-for-age"),  # 18 h
        ({"born": None, "age": "17 h"}, "preterm-first-day-paradisis"),
        ({"born": "2026-11-22"}, "age-in-hours-absent"),  # 0 to 8 h
        ({"born": "2026-11-21"}, "age-in-hours-absent"),  # 8 to 32 h
        ({"born": "2026-11-20"}, "no-entry-for-age"),  # 32 h at least
        ({"born": "2026-11-21", "gestational_age": "29 weeks"}, "no-entry-for-age"),  # not below 29 weeks either way
    ],
)
def test_a_dose_that_counts_hours_needs_them(changes: dict[str, Any], serves: str) -> None:
    found = find_entry(milrinone(), baby(FIRST_DAY, **{"gestational_age": "26+3", **changes}))
    assert found.id == serves
    if serves == "age-in-hours-absent":
        assert refused(found).needs == ("age",)
        assert "newborns, below 18 h, born at below 29 weeks" in refused(found).says


def test_an_entry_of_hours_for_a_minimum_age_asks_for_them() -> None:
    # 12 h and over: somebody born today may be younger; nobody can tell from the date.
    found = refused(find_entry(of_age(minimum="12 h"), baby(indication="ADHF", born="2026-11-22")))
    assert found.id == "age-in-hours-absent"


@pytest.mark.parametrize(("born", "newborn"), [("2026-10-26", True), ("2026-10-25", False)])
def test_a_newborns_guideline_ends_28_days_after_birth(born: str, newborn: bool) -> None:
    # Born at 25 weeks, 27 and 28 days ago: by postmenstrual age a newborn for months, and no child yet.
    found = find_entry(milrinone(), baby(born=born, gestational_age="25 weeks"))
    if newborn:
        assert served(found) == "newborn-below-30-weeks-kemh"
        return
    said = refused(found)
    assert (said.id, said.needs) == ("no-entry-for-age", ("age",))
    assert "newborns, below 28 days, born at below 30 weeks" in said.says
    # 44 - 25 = 19 weeks after birth, 133 days, a child's entries begin.
    assert (
        "No use has an entry for a patient of this age. The regimens of newborns end at an age of 28 days" in said.says
    )
    assert "the age 28 days: for this baby at an age of 133 days" in said.says
    assert said.says.endswith("the neonatologist and the pediatric cardiologist decide.")


def test_a_refusal_for_an_age_names_the_uses_that_have_an_entry() -> None:
    said = refused(find_entry(milrinone(), baby("septic shock"))).says
    assert "entries cover children." in said
    assert "entries for 'low cardiac output' (KEMH neonatal guideline): whether one of these is meant" in said


def test_an_age_of_hours_is_said_in_hours_and_one_day_in_the_singular() -> None:
    for born, shown in (
        ("2026-11-22T02:00:00+01:00", "6 h after birth"),
        ("2026-11-19T08:00:00+01:00", "3 days after birth"),
        ("2026-11-21", "1 day after birth"),
    ):
        found = refused(find_entry(milrinone(), baby(born=born, gestational_age=None)))
        assert found.says.startswith(f"{shown} the gestational age")


@pytest.mark.parametrize(
    ("weeks", "shown"),
    [
        ("27 week", "27 weeks"),
        ("197 day", "28 weeks 1 day"),
        ("192 day", "27 weeks 3 days"),
        ("197.9 day", "28 weeks 1 day"),  # completed days
        ("1 week", "1 week"),
    ],
)
def test_a_gestational_age_is_said_in_completed_weeks_and_days(weeks: str, shown: str) -> None:
    assert shown_weeks(quantity(weeks)) == shown
