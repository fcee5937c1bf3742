"""Rows that stand ready for what the rules read, rows that are added and taken away; an empty one leaves nothing."""

import json
from pathlib import Path

from inotrope.drug import load_drug
from inotrope.patient import vocabulary
from inotrope.web.form import read_fields, write_fields
from inotrope.web.form.fields import BODY, HEART, asked_measurements, condition_names, indications, part_of
from inotrope.web.form.opening import MOST_OPEN, add_row, new_values, remove_row, with_asked
from inotrope.web.form.reading import row_numbers

NOW = "2026-11-22T08:00:00+01:00"
SOUND = json.loads((Path(__file__).parents[3] / "inotrope/library/cases/sound-adult.json").read_text("utf-8"))


def test_a_new_patient_has_a_row_for_whatever_a_rule_reads() -> None:
    values = new_values("milrinone", NOW)
    rows = {values[f"measurements.{number}.what"] for number in row_numbers(values, "measurements")}
    drug = load_drug("milrinone")
    assert rows >= drug.judged_measurements | {name for name, _ in drug.judged_levels}
    assert read_fields(values).document == {"drug": "milrinone", "now": NOW, "patient": {}}


def test_of_a_drug_that_is_not_known_only_the_patient_is_asked() -> None:
    assert {item.what for part in asked_measurements("water").values() for item in part} >= {"serum creatinine"}
    assert indications("water") == ()
    assert set(condition_names("water")) == set(vocabulary().names("condition"))


def test_every_measurement_stands_in_one_part() -> None:
    names = set(vocabulary().names("measurement"))
    assert {*HEART, *BODY} <= names
    assert {part_of(name) for name in names} == {"body", "heart", "labs", "levels"}
    assert part_of("MAP") == "heart"
    assert part_of("humor") == "labs"


def test_a_case_keeps_its_rows_and_gets_only_those_it_lacks() -> None:
    values = with_asked(write_fields(SOUND))
    assert read_fields(values).document == SOUND
    kinds = [values[f"measurements.{number}.what"] for number in row_numbers(values, "measurements")]
    assert kinds.count("serum creatinine") == 2
    assert kinds.count("mean arterial pressure") == 1
    assert "QTc" in kinds


def test_a_row_is_added_for_what_was_chosen() -> None:
    values = add_row({"drug": "milrinone", "events.none": "yes", "add.events": "bleeding"}, "events")
    assert values["events.0.what"] == "bleeding"
    assert "events.none" not in values
    values = add_row({"add.measurements:heart": "heart rate", "measurements.7.what": "lactate"}, "measurements:heart")
    assert values["measurements.8.what"] == "heart rate"
    values = add_row({"drug": "milrinone", "add.measurements:levels": "concentration"}, "measurements:levels")
    assert values["measurements.0.of"] == "milrinone"


def test_a_load_and_an_infusion_are_of_the_drug_and_another_medicine_is_named() -> None:
    values = add_row({"drug": "milrinone"}, "administrations:load")
    values = add_row(values, "administrations:infusion")
    assert [values[f"administrations.{number}.of"] for number in (0, 1)] == ["milrinone"] * 2
    assert "administrations" not in read_fields(values).document
    assert add_row({"drug": "milrinone"}, "administrations:other")["administrations.0.of"] == ""
    assert add_row({}, "administrations:load")["administrations.0.shape"] == "any"


def test_a_line_is_added() -> None:
    assert add_row({}, "lines") == {"lines.0.with": ""}


def test_what_is_no_part_or_not_chosen_adds_nothing() -> None:
    assert add_row({"x": "y"}, "beds") == {"x": "y"}
    assert add_row({"x": "y"}, "support") == {"x": "y"}
    many = {f"lines.{number}.with": "" for number in range(MOST_OPEN)}
    assert add_row(many, "lines") == many


def test_a_row_is_taken_away_whole() -> None:
    values = {"events.1.what": "bleeding", "events.1.at": NOW, "events.10.what": "headache", "drug": "milrinone"}
    assert remove_row(values, "events.1") == {"events.10.what": "headache", "drug": "milrinone"}
    assert remove_row(values, "events") == values
