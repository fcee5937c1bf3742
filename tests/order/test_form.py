"""The fields of an order: what each accepts, and the error with its key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from inotrope.errors import CaseError, FileError, InotropeError, UnitError
from inotrope.order import Kind, order_schema, read_order
from inotrope.plan import check_order

EVERY: dict[str, Any] = {
    "drug": "milrinone",
    "weight": "70 kg",
    "rate": "0.375-0.5 mcg/kg/min",
    "pump_rate": "0.15 mL/kg/h",
    "amount": "3 mg/kg",
    "volume": "100 mL",
    "concentration": "0.2 mg/mL",
    "duration": "9.5 h",
    "load": {"dose": "3.5 mg", "duration": "10 min", "volume": "3.5 mL"},
    "diluent": "dextrose 5 %",
    "route": "IV",
}


def test_every_field_is_read_by_its_dimension(tmp_path: Path) -> None:
    form = read_order(EVERY)
    assert [item.kind for item in form.statements] == [
        Kind.WEIGHT, Kind.RATE, Kind.PUMP_RATE_PER_WEIGHT, Kind.AMOUNT_PER_WEIGHT, Kind.VOLUME, Kind.CONCENTRATION,
        Kind.COURSE, Kind.LOAD_AMOUNT, Kind.LOAD_TIME, Kind.LOAD_VOLUME,
    ]  # fmt: skip
    assert form.statements[1].shown == "0.375 mcg/kg/min to 0.5 mcg/kg/min"
    assert form.statements[-1].where == "load.volume"
    file = tmp_path / "order.json"
    file.write_text(json.dumps(EVERY), encoding="utf-8")
    assert read_order(file) == form
    assert read_order(json.dumps(EVERY).encode()) == form


def test_a_unit_that_only_an_order_is_read_in_is_kept_as_written() -> None:
    (item,) = read_order({"rate": "0.5 mg/kg/min"}).statements
    assert item.ends == (500, 500)
    assert item.shown == "0.5 mg/kg/min"
    assert item.unit == "mg/kg/min"


@pytest.mark.parametrize(
    ("order", "where", "error"),
    [
        ({"speed": "1"}, "speed", CaseError),
        ({"load": {"speed": "1"}}, "load.speed", CaseError),
        ({"load": "50 mcg/kg"}, None, CaseError),
        ({"drug": "milrinone"}, None, CaseError),
        ({"text": " "}, "text", CaseError),
        ({"text": 5}, "text", CaseError),
        ({"text": "x" * 3000}, "text", CaseError),
        ({"text": "milrinone\u200b 0.5 mcg/kg/min"}, "text", CaseError),
        ({"rate": "0.5"}, "rate", UnitError),
        ({"rate": 0.5}, "rate", UnitError),
        ({"rate": "0,5 mcg/kg/min"}, "rate", UnitError),
        ({"rate": "0 mg/kg/min"}, "rate", UnitError),
        ({"rate": "10 mL/h"}, "rate", UnitError),
        ({"weight": "154 lb"}, "weight", UnitError),
        ({"rate": "0.75 to 0.5 mcg/kg/min"}, "rate", CaseError),
        ({"load": {"duration": "10"}}, "load.duration", UnitError),
        ({"gestational_age": "50 weeks"}, "gestational_age", CaseError),
        ({"gestational_age": 27}, "gestational_age", CaseError),
        ({"age": "58"}, "age", UnitError),
    ],
)
def test_a_wrong_field_is_an_error_with_its_key(
    order: dict[str, Any], where: str | None, error: type[InotropeError]
) -> None:
    with pytest.raises(error) as caught:
        read_order(order)
    assert caught.value.where == where


def test_what_is_no_order_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="An order is an object"):
        read_order(b"[1]")
    with pytest.raises(FileError):
        read_order(tmp_path / "absent.json")
    with pytest.raises(FileError, match="twice"):
        read_order(b'{"drug": "a", "drug": "b"}')


def test_the_schema_accepts_what_is_read_and_no_other_key() -> None:
    jsonschema.validate({**EVERY, "text": "milrinone"}, order_schema())
    for wrong in ({"speed": "1"}, {"load": {"speed": "1"}}, {"rate": 0.5}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, order_schema())


def test_the_example_of_the_document_is_an_order_and_consistent() -> None:
    document = (Path(__file__).parents[2] / "docs" / "orders.md").read_text(encoding="utf-8")
    example = json.loads(document.split("```json\n", 1)[1].split("```", 1)[0])
    jsonschema.validate(example, order_schema())
    assert check_order(example).status == "consistent"
    assert set(example) >= {"drug", "weight", "rate", "pump_rate", "load", "text"}
