"""Fields to a case: what is left empty is unknown, what is typed is kept, short times and units are written out."""

import pytest

from inotrope.web.form import read_fields
from inotrope.web.form.quantities import join, part
from inotrope.web.form.reading import is_empty_row, row_numbers
from inotrope.web.form.times import Typed, whole_time

NOW = "2026-11-22T03:00:00+01:00"


def test_an_empty_field_is_a_key_left_out() -> None:
    assert read_fields({"drug": " ", "medicines": "\n", "patient.weight": "", "conditions.edema": ""}).document == {
        "patient": {}
    }


def test_none_is_known_to_be_none() -> None:
    filled = read_fields({"medicines": "None", "support.none": "yes"})
    assert filled.document == {"medicines": [], "support": [], "patient": {}}
    assert filled.problems == []


def test_none_beside_a_name_is_told() -> None:
    filled = read_fields({"allergies": "none\npenicillin"})
    assert filled.document["allergies"] == ["none", "penicillin"]
    assert [item.where for item in filled.problems] == ["allergies"]


def test_rows_keep_their_order_and_a_row_with_nothing_in_it_is_left_out() -> None:
    values = {
        "measurements.10.what": "heart rate",
        "measurements.10.value": "88",
        "measurements.10.value.unit": "1/min",
        "measurements.10.at": "02:10",
        "measurements.2.what": "lactate",
        "measurements.2.asked": "lactate",
        "measurements.2.value": "",
        "measurements.2.value.unit": "mmol/L",
        "measurements.3.what": "lactate",
        "measurements.3.value": "2.1 mmol/L",
        "now": NOW,
    }
    filled = read_fields(values)
    assert row_numbers(values, "measurements") == (2, 3, 10)
    assert is_empty_row(values, "measurements", 2)
    assert filled.document["measurements"] == [
        {"what": "lactate", "value": "2.1 mmol/L"},
        {"what": "heart rate", "value": "88 1/min", "at": "2026-11-22T02:10:00+01:00"},
    ]
    assert filled.places["measurements[1].at"] == "measurements.10.at"


def test_a_name_that_somebody_chose_is_never_dropped() -> None:
    assert read_fields({"measurements.0.what": "lactate"}).document["measurements"] == [{"what": "lactate"}]


def test_what_the_page_wrote_into_a_row_may_be_several_words() -> None:
    values = {"measurements.0.what": "concentration", "measurements.0.of": "milrinone"}
    assert is_empty_row(values | {"measurements.0.asked": "concentration|milrinone"}, "measurements", 0)
    assert not is_empty_row(values, "measurements", 0)


def test_a_line_holds_its_medicines_one_by_one() -> None:
    document = read_fields({"lines.0.with": "furosemide\r\n heparin \n"}).document
    assert document["lines"] == [{"with": ["furosemide", "heparin"]}]


@pytest.mark.parametrize(
    ("typed", "unit", "joined"),
    [
        ("82", "kg", "82 kg"),
        (" 82 ", "kg", "82 kg"),
        ("82 kg", "kg", "82 kg"),
        ("82kg", "kg", "82kg"),
        ("82", "", "82"),
        ("", "kg", ""),
        ("<20", "ng/mL", "<20 ng/mL"),
        ("5 mg", "g", "5 mg g"),  # the reader refuses it: two units
        ("many", "kg", "many kg"),
    ],
)
def test_a_unit_is_put_behind_a_number_that_has_none(typed: str, unit: str, joined: str) -> None:
    assert join(typed, unit) == joined


@pytest.mark.parametrize("text", ["82 kg", "<20 ng/mL", ".5 kg", "1e2 kg"])
def test_a_quantity_is_parted_and_joined(text: str) -> None:
    number, unit = part(text, ("kg", "ng/mL"))
    assert unit in ("kg", "ng/mL")
    assert join(number, unit) == text


@pytest.mark.parametrize("text", ["82kg", "82  kg", "82 lb", "eighty kg", "82", "1,5 kg"])
def test_any_other_text_stays_in_the_box(text: str) -> None:
    assert part(text, ("kg",)) == (text, "")


def test_a_box_with_one_unit_takes_another_one_that_was_typed() -> None:
    """Height in meters; and pounds, which the reader then refuses by their name."""
    values = {
        "patient.height": "1.78 m",
        "patient.height.unit": "cm",
        "patient.weight": "180 lb",
        "patient.weight.unit": "kg",
    }
    assert read_fields(values).document["patient"] == {"height": "1.78 m", "weight": "180 lb"}


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("02:10", "2026-11-22T02:10:00+01:00"),
        ("2:10", "2026-11-22T02:10:00+01:00"),
        ("today 02:10", "2026-11-22T02:10:00+01:00"),
        ("Yesterday  20:00", "2026-11-21T20:00:00+01:00"),
        ("2026-11-21 20:00", "2026-11-21T20:00:00+01:00"),
        ("2026-11-21T20:00:30", "2026-11-21T20:00:30+01:00"),
        ("2026-11-21T20:00:00Z", "2026-11-21T20:00:00Z"),
        ("tomorrow 20:00", "tomorrow 20:00"),
        ("25:00", "25:00"),
        ("20.00", "20.00"),
    ],
)
def test_a_short_time_has_the_day_and_the_zone_of_the_plan(typed: str, whole: str) -> None:
    assert whole_time(typed, NOW) == Typed(whole)


def test_without_a_time_of_the_plan_nothing_is_guessed() -> None:
    assert whole_time("02:10", "") == Typed("02:10")
    assert whole_time("02:10", "2026-11-22T03:00") == Typed("02:10")


def test_yesterday_of_the_first_of_march_is_in_february() -> None:
    assert whole_time("yesterday 23:50", "2028-03-01T03:00:00Z") == Typed("2028-02-29T23:50:00+00:00")
