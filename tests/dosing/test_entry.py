"""Which entry serves: by indication and age, never the nearest one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inotrope.dosing import find_entry
from inotrope.drug import Drug, Entry
from inotrope.findings import Refusal
from tests.dosing.adult import adult_entry, case, milrinone, quantity


def of_age(**ages: str) -> Drug:
    """Return the drug with the adult's entry for other ages."""
    limit = adult_entry().age_minimum
    assert limit is not None
    found = {key: replace(limit, value=quantity(text)) for key, text in ages.items()}
    entry = replace(adult_entry(), **{"age_minimum": None, "age_maximum": None, **found})
    return replace(milrinone(), entries=(entry,))


@pytest.mark.parametrize("name", ["acute decompensated heart failure", "ADHF", "Decompensated  Heart failure"])
def test_the_indication_by_any_of_its_names(name: str) -> None:
    found = find_entry(milrinone(), case(indication=name))
    assert isinstance(found, Entry)
    assert found.id == "adult-acute-decompensated-heart-failure"


def test_another_indication_names_what_exists() -> None:
    found = find_entry(milrinone(), case(indication="septic shock"))
    assert isinstance(found, Refusal)
    assert (found.id, found.needs) == ("no-entry-for-indication", ("indication",))
    assert "'septic shock'" in found.says
    assert "Entries exist for: 'acute decompensated heart failure'." in found.says


@pytest.mark.parametrize(
    ("born", "serves"),
    [("2008-11-22", True), ("2008-11-23", False)],  # 18 years on the day, and one day too young
)
def test_an_adult_is_18_years_or_more(born: str, serves: bool) -> None:
    patient = {"born": born, "sex": "male", "weight": "70 kg", "height": "170 cm"}
    found = find_entry(milrinone(), case(patient=patient))
    assert isinstance(found, Entry) is serves
    if isinstance(found, Refusal):
        assert (found.id, found.needs) == ("no-entry-for-age", ("age",))
        assert "entries cover 18 years and over" in found.says
        assert [source.id for source in found.sources] == ["inotrope-judgement"]


@pytest.mark.parametrize(
    ("ages", "covers"),
    [
        ({"age_maximum": "18 year"}, "up to 18 years"),
        ({"age_minimum": "1 year", "age_maximum": "18 year"}, "1 years to 18 years"),
    ],
)
def test_an_entry_for_younger_patients_does_not_serve_this_one(ages: dict[str, str], covers: str) -> None:
    found = find_entry(of_age(**ages), case())
    assert isinstance(found, Refusal)
    assert f"entries cover {covers}" in found.says


def test_an_entry_without_ages_serves_everybody() -> None:
    assert isinstance(find_entry(of_age(), case()), Entry)
