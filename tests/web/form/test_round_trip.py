"""A case to the fields of a page and back is the same case; what no field can hold is kept."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inotrope.patient import read_case
from inotrope.patient.form import CaseForm, known_keys
from inotrope.web.form import check, read_fields, write_fields
from inotrope.web.form.fields import INCOMPLETE, LISTS, MOST_ROWS, ROWS, SINGLE, TABLES

CASES = sorted((Path(__file__).parents[3] / "inotrope" / "library" / "cases").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_shipped_case_comes_back_as_it_was(path: Path) -> None:
    document = json.loads(path.read_text("utf-8"))
    filled = read_fields(write_fields(document))
    assert filled.document == document
    assert check(filled) == ()
    assert read_case(json.loads(filled.text)) == read_case(document)


def test_the_fields_are_the_keys_of_a_case() -> None:
    keys = {"conditions", INCOMPLETE, *SINGLE, *LISTS, *TABLES, *ROWS}
    assert keys == {field.alias or name for name, field in CaseForm.model_fields.items()}
    for part, fields in (*TABLES.items(), *ROWS.items()):
        assert {item.key for item in fields} == set(known_keys(part)), part


@pytest.mark.parametrize(
    "document",
    [
        {"whatever": {"deep": [1, 2]}},
        {"patient": "82 kg"},
        {"patient": {"weight": ["82 kg"]}},
        {"patient": {"weight": " 82 kg"}},
        {"patient": {"sex": "Male", "shoe size": "44"}},
        {"preparation": {}},
        {"conditions": {}},
        {"conditions": {"edema": "perhaps"}},
        {"conditions": ["edema"]},
        {"conditions": {"": "present"}},
        {"medicines": "furosemide"},
        {"medicines": ["none"]},
        {"medicines": ["two\nlines"]},
        {"lines": [{"with": []}]},
        {"lines": [{"with": "furosemide"}]},
        {"support": [{}]},
        {"support": ["CRRT"]},
        {"support": {"what": "CRRT"}},
        {"incomplete": "medicines"},
        {"incomplete": ["measurement"]},
        {"incomplete": ["medicines", "medicines"]},
        {"incomplete": [["medicines"]]},
        {"now": True},
        {"now": ""},
    ],
    ids=str,
)
def test_what_no_field_can_hold_is_kept_whole(document: dict[str, Any]) -> None:
    values = write_fields(document)
    assert list(values) == ["kept"]
    assert read_fields(values).document == {"patient": {}} | document


def test_a_long_list_is_kept_as_it_came() -> None:
    row = {"what": "heart rate", "value": "80 1/min", "at": "2026-11-22T07:00:00+01:00"}
    assert "kept" not in write_fields({"measurements": [row] * MOST_ROWS})
    document = {"measurements": [row] * (MOST_ROWS + 1)}
    values = write_fields(document)
    assert list(values) == ["kept"]
    assert read_fields(values).document["measurements"] == document["measurements"]


def test_a_number_without_a_unit_gets_none() -> None:
    """From a file: somebody must choose the unit, even where only one is read here."""
    values = write_fields({"patient": {"weight": Decimal(82)}})
    assert values == {"patient.weight": "82", "patient.weight.unit": ""}
    assert read_fields(values).document == {"patient": {"weight": "82"}}


def test_a_word_that_no_choice_has_stands_there_as_it_was_written() -> None:
    document = {"patient": {"sex": "Male"}}
    assert write_fields(document) == {"patient.sex": "Male"}


def test_what_was_kept_and_changed_on_its_way_is_told() -> None:
    for kept in ("{", "[1]"):
        (problem,) = read_fields({"kept": kept}).problems
        assert problem.where == "kept"
        assert "Open the file again" in problem.says


def test_what_is_typed_takes_the_place_of_what_was_kept() -> None:
    values = write_fields({"patient": "82 kg", "conditions": {}, "support": ["CRRT"]})
    values |= {"patient.weight": "82", "patient.weight.unit": "kg", "conditions.edema": "absent", "support.none": "yes"}
    document = read_fields(values).document
    assert document == {"patient": {"weight": "82 kg"}, "conditions": {"edema": "absent"}, "support": []}


_TEXT = st.text(max_size=12)
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(sorted({"conditions", "other", *SINGLE, *LISTS, *TABLES, *ROWS}))


@given(st.dictionaries(_KEYS, _ANYTHING, max_size=4))
def test_whatever_a_file_holds_nothing_of_it_is_lost(document: dict[str, Any]) -> None:
    filled = read_fields(write_fields(document))
    back = json.loads(filled.text)
    assert {key: value for key, value in back.items() if key != "patient" or "patient" in document} == _texts(document)


@given(
    st.dictionaries(
        st.sampled_from(["patient.weight", "kept", "now", "measurements.0.value", "lines.7.with", "x"]), _TEXT
    )
)
def test_whatever_is_posted_is_read_and_checked(values: dict[str, str]) -> None:
    assert isinstance(check(read_fields(values)), tuple)


def _texts(document: dict[str, Any]) -> dict[str, Any]:
    """Return a case in which a bare number in a box is the text of it, which the reader refuses alike."""
    values = write_fields(document)
    kept = json.loads(values.get("kept", "{}"))

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    return {key: value if key in kept else plain(value) for key, value in document.items()}


def test_a_tick_says_that_a_list_is_perhaps_not_all_and_without_it_it_is() -> None:
    document = json.loads(CASES[0].read_text("utf-8")) | {"medicines": ["furosemide"], "incomplete": ["medicines"]}
    values = write_fields(document)
    assert values["incomplete.medicines"] == "yes" and read_fields(values).document == document
    del values["incomplete.medicines"]
    assert "incomplete" not in read_fields(values).document
