"""Every error of the command line stands at its field, all at once."""

import json
from pathlib import Path
from typing import Any

import pytest

from inotrope.errors import InotropeError
from inotrope.patient import read_case
from inotrope.web.form import Problem, check, read_fields, write_fields
from inotrope.web.form.checking import field_of

CASES = Path(__file__).parents[3] / "inotrope" / "library" / "cases"
SOUND: dict[str, Any] = json.loads((CASES / "running-since-yesterday.json").read_text("utf-8"))


def problems(changed: dict[str, str]) -> dict[str, str]:
    """Return what is said at which field of the running patient, with some fields typed over."""
    return {item.field: item.says for item in check(read_fields(write_fields(SOUND) | changed))}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("drug", ""),
        ("indication", ""),
        ("now", ""),
        ("now", "this morning"),
        ("patient.sex", ""),
        ("patient.sex", "m"),
        ("patient.weight", ""),
        ("patient.weight", "180 lb"),
        ("patient.weight", "eighty"),
        ("patient.weight", "8200"),
        ("patient.height", "5 ft"),
        ("patient.born", ""),
        ("patient.born", "2.3.1958"),
        ("patient.born", "2058-03-02"),
        ("patient.age", "3"),
        ("patient.gestational_age", "soon"),
        ("conditions.edema", "maybe"),
        ("conditions.broken heart", "present"),
        ("medicines", "none\nfurosemide"),
        ("measurements.0.value", "1,1"),
        ("measurements.0.value", "900"),
        ("measurements.0.at", "yesterday"),
        ("measurements.0.at", "09:00"),
        ("measurements.3.what", "humor"),
        ("measurements.3.of", "milrinone"),
        ("administrations.0.duration", ""),
        ("administrations.1.rate", "10 mL/h"),
        ("administrations.1.rate", "-1"),
        ("administrations.0.end", "2026-11-21T20:20:00+01:00"),
        ("preparation.concentration", "200 mcg"),
        ("preparation.product", "bottle"),
        ("preparation.hung", "09:00"),
        ("pump.step", "fine"),
        ("kept", '{"bed": "7"}'),
    ],
)
def test_one_error_stands_at_its_field_in_the_words_of_the_reader(field: str, typed: str) -> None:
    filled = read_fields(write_fields(SOUND) | {field: typed})
    (found,) = check(filled)
    at = {"administrations.0.end": "administrations.0.duration"}.get(field, field)
    assert found.field == at
    if field != "medicines":  # which only a page can say twice
        with pytest.raises(InotropeError) as told:
            read_case(json.loads(filled.text))
        assert found.says == told.value.says


def test_all_errors_are_told_at_once() -> None:
    found = problems(
        {
            "patient.weight": "",
            "patient.sex": "",
            "patient.born": "1958",
            "measurements.0.value": "a lot",
            "measurements.2.at": "soon",
            "measurements.4.value": "112 kg",
            "administrations.1.rate": "fast",
            "medicines": "none\nfurosemide",
            "pump.step": "0.1",
            "pump.step.unit": "",
        }
    )
    assert set(found) == {
        *("patient.weight", "patient.sex", "patient.born", "measurements.0.value", "measurements.2.at"),
        *("measurements.4.value", "administrations.1.rate", "medicines", "pump.step"),
    }
    assert "has no unit" in found["pump.step"]


def test_a_rate_and_a_dose_in_one_row_are_told_at_the_row() -> None:
    found = problems({"administrations.1.dose": "50", "administrations.1.dose.unit": "mcg/kg"})
    assert list(found) == ["administrations.1.of"]
    assert "both given" in found["administrations.1.of"]


def test_after_a_wrong_time_of_the_plan_no_other_time_is_judged() -> None:
    assert list(problems({"now": "2026-11-22", "measurements.0.at": "soon"})) == ["now"]


def test_a_file_of_any_shape_ends_in_an_error_without_a_field() -> None:
    for document in ({"patient": 5}, {"patient": None}, {"bed": None}, {"lines": [{"with": [None]}]}):
        (first, *_) = check(read_fields(write_fields(SOUND | document)))
        assert isinstance(first, Problem)
        assert first.field == "kept"


def test_a_sound_page_has_no_problem() -> None:
    assert problems({}) == {}


def test_of_a_broken_file_the_first_twenty_errors_are_told() -> None:
    row = {"what": "heart rate", "value": "many", "at": "2026-11-22T07:00:00+01:00"}
    assert len(check(read_fields(write_fields(SOUND | {"measurements": [row] * 30})))) == 20


def test_a_place_that_no_field_has_belongs_to_none() -> None:
    assert field_of("nowhere[3].at", {"drug": "drug"}) == ""


def test_a_drug_that_cannot_be_read_is_told_once() -> None:
    assert [item.field for item in check(read_fields({**write_fields(SOUND), "drug": "mil\u202erinone"}))] == ["drug"]


def test_a_patient_who_is_no_table_ends_the_look() -> None:
    found = check(read_fields(write_fields({**SOUND, "patient": "82 kg"})))
    assert [item.field for item in found] == ["kept"]
