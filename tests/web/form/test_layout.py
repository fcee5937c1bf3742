"""What is drawn: every field that holds something is shown or carried, and every error stands at what is shown."""

import json
from pathlib import Path
from typing import Any

import pytest

from inotrope.web.form import Problem, read_fields, write_fields
from inotrope.web.form.fields import Kind
from inotrope.web.form.layout import Box, Layout, RowView, identity
from inotrope.web.form.opening import add_row, with_asked

CASES = sorted((Path(__file__).parents[3] / "inotrope" / "library" / "cases").glob("*.json"))
ROWS = ("administrations", "support", "events", "lines")


def drawn(layout: Layout) -> tuple[list[Box], list[RowView]]:
    rows = [row for part in ("body", "labs", "heart", "levels") for row in layout.measurements(part)]
    rows += [*layout.administrations(), *(row for part in ROWS[1:] for row in layout.rows(part))]
    boxes = [*layout.head(), *layout.person(), *layout.preparation(), *layout.pump()]
    boxes += [layout.names("medicines", "Medicines"), layout.names("allergies", "Allergies")]
    boxes += [view.box for view in layout.conditions()]
    return boxes + [box for row in rows for box in row.boxes], rows


def sent(layout: Layout) -> dict[str, str]:
    """Return what a browser sends of what is drawn, untouched."""
    boxes, rows = drawn(layout)
    found = {box.name: box.value for box in boxes}
    found |= {f"{box.name}.unit": box.fixed_unit or box.unit for box in boxes if box.kind is Kind.QUANTITY}
    found |= {name: value for row in rows for name, value in row.hidden}
    return found | {f"{part}.none": "yes" for part in ROWS if layout.none(part)}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_page_that_is_sent_as_it_came_is_the_same_case(path: Path) -> None:
    document = json.loads(path.read_text("utf-8"))
    layout = Layout(with_asked(write_fields(document)))
    assert read_fields(sent(layout)).document == document


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_no_two_elements_have_one_id(path: Path) -> None:
    boxes, rows = drawn(Layout(with_asked(write_fields(json.loads(path.read_text("utf-8"))))))
    ids = [box.id for box in boxes] + [row.id for row in rows]
    assert len(ids) == len(set(ids))


def test_an_odd_case_is_sent_as_it_came() -> None:
    document: dict[str, Any] = {
        "drug": "milrinone",
        "indication": "sleep",
        "now": "2026-11-22T08:00:00+01:00",
        "authority": "my own",
        "patient": {"sex": "Male", "weight": "180 lb", "height": "1.78 m", "age": "68 years"},
        "conditions": {"edema": "unknown", "broken heart": "present", "oliguria": "absent"},
        "measurements": [
            {"what": "humor", "value": "good"},
            {"what": "MAP", "of": "milrinone", "value": "74 mmHg", "at": "soon", "site": "arm"},
            {"what": "concentration", "of": "milrinone", "value": "<20 ng/mL", "at": "2026-11-22T07:00:00+01:00"},
        ],
        "administrations": [
            {"of": "milrinone", "rate": "1 mg/h", "dose": "50 mcg/kg", "start": "2026-11-22T07:00:00+01:00"},
            {"of": "milrinone", "start": "2026-11-22T07:00:00+01:00", "duration": "2 h", "rate": "0.5 mcg/kg/min"},
            {"of": "milrinone", "start": "2026-11-22T07:00:00+01:00", "dose": "50 mcg/kg"},
            {"of": "norepinephrine", "start": "2026-11-22T07:00:00+01:00", "rate": "0.05 mcg/kg/min"},
            {"start": "2026-11-22T07:00:00+01:00"},
        ],
        "support": [{"what": "ECMO", "start": "2026-11-22T07:00:00+01:00", "effluent": "3 L/h"}, {"what": "a fan"}],
        "events": [{"what": "bleeding"}, {"at": "2026-11-22T07:00:00+01:00"}],
        "lines": [{"with": ["furosemide", "heparin"]}, {"with": ["insulin"]}],
    }
    layout = Layout(write_fields(document))
    assert read_fields(sent(layout)).document == document


def test_a_number_that_came_without_its_unit_is_asked_for_it() -> None:
    (box,) = [
        item
        for item in Layout({"patient.weight": "82", "patient.weight.unit": ""}).person()
        if item.id == "f-patient-weight"
    ]
    assert box.fixed_unit == ""
    assert box.units == ("kg",)
    (box,) = [item for item in Layout({}).person() if item.id == "f-patient-weight"]
    assert box.fixed_unit == "kg"


def test_an_error_of_a_field_that_is_not_drawn_stands_at_its_row() -> None:
    values = add_row({"drug": "milrinone"}, "administrations:load")
    layout = Layout(values, [Problem("administrations.0.of", "both given"), Problem("administrations.0.of", "later")])
    (row,) = layout.administrations()
    assert row.problem == "both given"
    assert row.title == "Load of milrinone"


def test_an_error_of_a_field_draws_it() -> None:
    values = {"events.0.what": "bleeding", "measurements.0.what": "heart rate"}
    layout = Layout(values, [Problem("measurements.0.of", "leave it out")])
    (row,) = layout.measurements("heart")
    assert [box.problem for box in row.boxes if box.name.endswith(".of")] == ["leave it out"]


@pytest.mark.parametrize("name", ["medicines", "allergies", "indication", "authority", "pump.step", "patient.born"])
def test_one_box_is_found_by_its_name(name: str) -> None:
    assert Layout({}).single(name).name == name


def test_what_a_condition_means_stands_beside_it() -> None:
    views = {view.box.label: view for view in Layout({"conditions.broken heart": "present"}).conditions()}
    assert "muscle" in views["hypertrophic obstructive cardiomyopathy"].says
    assert views["broken heart"].says == ""
    assert [word for word, _ in views["edema"].box.choices] == ["", "present", "absent"]


def test_an_id_is_letters_digits_and_hyphens() -> None:
    assert identity("conditions.<b>Über</b> 2") == "f-conditions-b-ber-b-2"


def test_a_unit_that_is_not_in_the_list_stands_there_as_it_was_sent() -> None:
    boxes = {box.name: box for box in Layout({"patient.weight": "180", "patient.weight.unit": "lb"}).person()}
    assert boxes["patient.weight"].units == ("kg", "lb")
    assert boxes["patient.weight"].fixed_unit == ""
