"""The form: keys and shapes, and a published schema that accepts and refuses the same texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from inotrope.errors import CaseError
from inotrope.patient import case_schema, read_case
from inotrope.patient.form import PARTS, known_keys

NOW = "2026-11-22T08:00:00+01:00"
AT = "2026-11-22T06:00:00+01:00"


def wrong(document: Any) -> CaseError:
    with pytest.raises(CaseError) as caught:
        read_case(json.dumps(document).encode(), name="case.json")
    return caught.value


@pytest.mark.parametrize(
    ("key", "nearest", "where"),
    [
        ("measurments", "'measurements'", "measurments"),
        ("patient__wieght", "'weight'", "patient.wieght"),
        ("pump__steps", "'step'", "pump.steps"),
        ("preparation__dilutent", "'diluent'", "preparation.dilutent"),
    ],
)
def test_unknown_keys(document, key: str, nearest: str, where: str) -> None:
    last = key.rpartition("__")[2]
    error = wrong(document(**{key: "82 kg"}))
    assert error.says.startswith(f"Key '{last}' is not known here; the nearest known: {nearest}")
    assert (error.value, error.where) == (last, f"case.json: {where}")
    assert error.accepted is not None and nearest.strip("'") in error.accepted.split(", ")


def test_an_unknown_key_is_named_before_the_one_it_hides(document) -> None:
    error = wrong(document(patient__weight=..., patient__wieght="82 kg"))
    assert "'wieght'" in error.says


def test_unknown_keys_in_lists(document) -> None:
    error = wrong(document(lines=[{"with": []}, {"width": ["furosemide"]}]))
    assert error.says == "Key 'width' is not known here; the nearest known: 'with'."
    assert error.where == "case.json: lines[1].width"


@pytest.mark.parametrize(
    ("key", "item", "missing"),
    [
        ("measurements", {"what": "lactate", "at": AT}, "value"),
        ("measurements", {"what": "lactate", "value": "2 mmol/L"}, "at"),
        ("measurements", {"value": "2 mmol/L", "at": AT}, "what"),
        ("administrations", {"start": AT, "rate": "1 mg/h"}, "of"),
        ("administrations", {"of": "milrinone", "rate": "1 mg/h"}, "start"),
        ("lines", {}, "with"),
    ],
)
def test_missing_keys_in_lists(document, key: str, item: dict[str, Any], missing: str) -> None:
    error = wrong(document(**{key: [item]}))
    assert " is missing. Write " in error.says and (error.where or "").endswith(missing)
    assert error.where == f"case.json: {key}[0].{missing}"


@pytest.mark.parametrize(
    ("key", "value", "accepted"),
    [
        ("drug", 5, "text"),
        ("drug", "", "text that is not empty"),
        ("drug", "  ", "text that is not empty"),
        ("drug", "x" * 201, "text of at most 200 characters"),
        ("medicines", "furosemide", "a list"),
        ("medicines", [1], "text"),
        ("patient", "a man", "an object"),
        ("conditions", ["edema"], "an object"),
        ("conditions", {" ": "present"}, "text that is not empty"),
        ("pump", [], "an object"),
        ("preparation__product", "bag", "premix, vial"),
    ],
)
def test_wrong_shapes(document, key: str, value: Any, accepted: str) -> None:
    error = wrong(document(**{key: value}))
    assert error.says.endswith(f"is not accepted here. Accepted: {accepted}.")
    assert error.accepted == accepted
    assert error.where is not None and error.where.startswith(f"case.json: {key.replace('__', '.')}")


def test_a_key_that_is_no_text_is_refused(document) -> None:
    with pytest.raises(CaseError, match="Keys should be strings"):
        read_case(document(patient__weight="82 kg") | {1: 2})  # type: ignore[dict-item]


@pytest.mark.parametrize(("key", "where"), [("medicines", "medicines"), ("patient__height", "patient.height")])
def test_null_is_refused(document, key: str, where: str) -> None:
    error = wrong(document(**{key: None}))
    assert error.says == f"'{where}' is null. Leave a key out when it is not known."
    assert (error.value, error.where) == ("null", f"case.json: {where}")


@pytest.mark.parametrize("whole", [[], "milrinone", 3])
def test_a_case_is_an_object(whole: Any) -> None:
    error = wrong(whole)
    assert error.says.startswith("A case is one JSON object")
    assert error.accepted == "an object"


def test_nothing_at_all_is_refused() -> None:
    assert wrong(None).says == "'The case' is null. Leave a key out when it is not known."


def test_a_table_in_hand_is_not_followed_for_ever(document) -> None:
    table = document()
    table["medicines"] = table
    with pytest.raises(CaseError, match="more than 40 levels deep"):
        read_case(table)


def test_known_keys_are_those_written() -> None:
    assert known_keys("lines") == ("with",)
    assert set(PARTS) <= set(known_keys(None))


# --- the schema


def accepts(document: Any) -> bool:
    schema = case_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return bool(jsonschema.Draft202012Validator(schema).is_valid(document))


def test_the_schema_names_its_draft_and_holds_no_null() -> None:
    schema = case_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert '"null"' not in json.dumps(schema)
    assert "severe aortic stenosis" in schema["properties"]["conditions"]["examples"][0]


FULL = {
    "patient__age": "60 years",
    "conditions": {"AF": "present"},
    "medicines": ["furosemide"],
    "allergies": [],
    "measurements": [
        {"what": "level", "of": "milrinone", "value": "<20 ng/mL", "at": "2026-11-22T07:00Z", "site": "line"},
        {"what": "heart rate", "value": "88 1/min", "at": AT},
        {"what": "heart rate", "value": "88/min", "at": "2026-11-22T06:00:00.5+0100"},
        {"what": "platelets", "value": "150 10^9/L", "at": AT},
        {"what": "eGFR", "value": " 6e1 mL/min/1.73 m2", "at": AT},
    ],
    "administrations": [
        {"of": "milrinone", "start": AT, "duration": "10min", "dose": "50µg/kg"},
        {"of": "milrinone", "start": AT, "end": NOW, "dose": ".5 mg"},
        {"of": "milrinone", "start": AT, "rate": "0.5 mcg/kg/min"},
    ],
    "support": [{"what": "CRRT", "start": AT, "effluent": "2000 mL/h", "clearance": "1.2 L/h"}],
    "events": [{"what": "VT", "at": AT}],
    "lines": [{"with": ["furosemide"]}],
    "preparation": {"product": "premix", "concentration": "200 mcg/mL"},
    "pump": {"step": "0.1 mL/h"},
}


def test_what_is_read_is_valid(document) -> None:
    for table in (document(), document(**FULL)):
        read_case(table)
        assert accepts(table)


@pytest.mark.parametrize(
    "changes",
    [
        {"patient__born": ...},
        {"patient__sex": ...},
        {"patient__weight": ...},
        {"patient__weight": "82"},
        {"patient__weight": 82},
        {"patient__height": None},
        {"patient__born": "1966"},
        {"now": "2026-11-22T08:00:00"},
        {"now": "2026-11-22"},
        {"drug": " "},
        {"novel": 1},
        {"conditions": {"edema": "yes"}},
        {"administrations": [{"of": "milrinone", "start": AT}]},
        {"administrations": [{"of": "milrinone", "start": AT, "dose": "1 mg", "rate": "1 mg/h", "end": NOW}]},
        {"administrations": [{"of": "milrinone", "start": AT, "rate": "1 mg/h", "end": NOW, "duration": "1 h"}]},
        {"lines": [{"with_": []}]},
        {"support": [{"what": "CRRT", "start": AT, "clearance": 1.2}]},
        {"support": [{"what": "CRRT", "start": AT, "clearence": "1.2 L/h"}]},
    ],
)
def test_what_is_invalid_is_not_read(document, changes: dict[str, Any]) -> None:
    table = document(**changes)
    assert not accepts(table)
    with pytest.raises(ValueError):  # any error of ours; the sentences are tested elsewhere
        read_case(table)


def test_pydantic_is_not_loaded_before_a_case_is_read() -> None:
    import subprocess
    import sys

    program = "import sys; import inotrope.patient; print('pydantic' in sys.modules)"
    root = Path(__file__).parents[2]
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert shown.stdout.strip() == "False"


@pytest.mark.parametrize(("key", "most"), [("medicines", 5_000), ("administrations", 1_000)])
def test_an_endless_list_is_refused_at_sight(document, key: str, most: int) -> None:
    error = wrong({**document(), key: [1] * (most + 1)})
    assert f"'{key}' has {most + 1:,} entries; at most {most:,} are read" in error.says


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("indication", "acute\u200b decompensated heart failure"),
        ("medicines", ["furosemide\u202e"]),
        ("drug", "milrinone\x00"),
        ("allergies", ["\u3164"]),
        ("conditions", {"edema\x1b[31m": "present"}),
    ],
)
def test_a_character_that_nobody_sees_is_refused(document, key: str, value) -> None:
    assert "holds a character that cannot be seen" in wrong({**document(), key: value}).says


def test_blanks_of_any_width_are_seen(document) -> None:
    content = {**document(), "indication": "acute\u00a0decompensated\u2009heart failure"}
    assert read_case(content).indication == "acute decompensated heart failure"


def test_endless_lines_are_counted_together(document) -> None:
    """Thousands of short lists would each pass alone."""
    lines = [{"with": ["heparin"] * 51}, *({"with": ["heparin"] * 50} for _ in range(99))]
    assert "'lines' has 5,001 entries; at most 5,000 are read" in wrong({**document(), "lines": lines}).says
    assert len(read_case({**document(), "lines": [{"with": ["heparin"] * 50}] * 100}).lines or ()) == 100
    assert "'heparin' is not accepted here" in wrong({**document(), "lines": [{"with": "heparin"}]}).says
    assert "'heparin' is not accepted here" in wrong({**document(), "lines": ["heparin"]}).says
