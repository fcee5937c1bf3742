"""Of whom a model is asked: adults are not mistaken for newborns, and what is not known of them stands on top."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inotrope.cli.cases import find_case
from inotrope.display.simulation_sheet import simulation_sheet
from inotrope.errors import InotropeError, RequestError
from inotrope.population import Standing
from inotrope.simulation import simulate

RATE = "0.5 mcg/kg/min for 24 h"
ADULT = {"weight": "70 kg", "age": "60 year"}


def head(found: Any) -> tuple[str, str]:
    card = simulation_sheet(found, notice="").status
    assert card is not None
    return card.head, " ".join(f"{row.label} {row.text}" for row in card.rows)


@pytest.mark.parametrize("name", ["paradisis_2007", "mcnamara_2013"])
def test_a_study_of_newborns_refuses_an_adult(name: str) -> None:
    found = simulate(f"milrinone/{name}", RATE, covariates={**ADULT, "kidney replacement": "absent"})
    assert found.concentration_ng_per_ml is None and found.refused.startswith("postnatal age is 60 year.")
    assert not any(says.startswith("Not used: age") for says in found.says)
    table = {"ID": [1, 1], "TIME": [0, 24], "AMT": [5000, 0], "WT": [70, 70], "AGE": [60, 60]}
    of_table = simulate(f"milrinone/{name}", table)
    assert of_table.concentration_ng_per_ml is None and "postnatal age is 60 year" in of_table.refused
    young = simulate(f"milrinone/{name}", {**table, "WT": [1, 1], "AGE": [0.5 / 365.25] * 2})
    assert young.standing is Standing.UNKNOWN  # the gestational age is not there
    assert any(says.startswith("Column AGE is age, taken in years: it tells of whom") for says in young.says)


def test_adults_of_a_population_are_refused_too() -> None:
    found = simulate("milrinone/paradisis_2007", RATE, population="adults_in_heart_failure", patients=3, seed=1)
    assert "Not for everybody of adults_in_heart_failure: postnatal age is" in found.refused


@pytest.mark.parametrize("name", ["prielipp_1996", "label_adult"])
def test_a_study_of_adults_refuses_a_newborn(name: str) -> None:
    found = simulate(f"milrinone/{name}", RATE, covariates={"weight": "3 kg", "postnatal age": "2 day"})
    assert found.concentration_ng_per_ml is None and "age is" in found.refused and "those of adults" in found.refused


def test_a_weight_that_nobody_of_them_has_and_an_age_that_nobody_gave_stand_on_top() -> None:
    light = {"weight": "1 kg", "creatinine clearance": "80 mL/min/1.73 m2"}
    word, says = head(simulate("milrinone/label_adult", RATE, covariates=light))
    assert word == "EXTRAPOLATION" and "weight is 1 kg." in says and "Not known age is not known." in says
    word, says = head(simulate("milrinone/prielipp_1996", RATE, covariates={"weight": "3 kg"}))
    assert word == "EXTRAPOLATION" and "weight is 3 kg; 35 to 200 kg are plausible in its people" in says
    word, says = head(simulate("milrinone/prielipp_1996", RATE, covariates={"weight": "70 kg"}))
    assert word == "AGE NOT KNOWN" and "age is not known. The numbers are those of adults." in says
    whole = simulate("milrinone/prielipp_1996", RATE, covariates=ADULT)
    assert whole.standing is Standing.UNKNOWN  # of the kidneys nothing is known, and that is no question of whom
    assert simulation_sheet(whole, notice="").status is None


def test_who_is_too_far_from_those_studied_is_refused_before_anything_is_asked_for() -> None:
    baby = find_case("preterm-baby")
    found = simulate("milrinone/label_adult", baby, regimen=RATE)
    assert "those of adults" in found.refused and "It needs" not in found.refused
    child = find_case("child-after-surgery")
    assert "those of adults" in simulate("milrinone/label_adult", child, regimen=RATE).refused
    with pytest.raises(RequestError, match="needs a creatinine clearance, and the case gives none"):
        simulate("milrinone/label_adult", find_case("no-creatinine"), regimen=RATE)
    with pytest.raises(RequestError, match="needs 'creatinine clearance'"):
        simulate("milrinone/label_adult", RATE, covariates=ADULT)


def test_no_drug_is_named_that_nobody_asked_for(tmp_path: Path) -> None:
    for written in ("5 units over 1 h", "5 IU over 1 h"):
        with pytest.raises(InotropeError) as caught:
            simulate("milrinone/label_adult", written, covariates=ADULT)
        assert "milrinone" not in str(caught.value) and "no mass" in str(caught.value)
