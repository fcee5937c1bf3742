"""Numbers that are sound alone and wrong together."""

from __future__ import annotations

import pytest

from inotrope.drug import check_drug_folder

ENTRY = "entry[0]"


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        (
            'standard = { value = "0.5 mcg/kg/min"',
            'standard = { value = "0.2 mcg/kg/min"',
            "maintenance.standard",
            "0.2 mcg/kg/min lies below the minimum of 0.25 mcg/kg/min",
        ),
        (
            'maximum = { value = "1 mcg/kg/min"',
            'maximum = { value = "24 mcg/kg/h"',
            "maintenance.maximum",
            "24 mcg/kg/h lies below the standard of 0.5 mcg/kg/min",
        ),
        (
            'standard = { value = "0.77 mg/kg"',
            'standard = { value = "1.77 mg/kg"',
            "total_24_h.maximum",
            "1.49 mg/kg lies below the standard of 1.77 mg/kg",
        ),
        (
            'maximum = { value = "110 years"',
            'maximum = { value = "17 years"',
            "age.maximum",
            "17 year lies below the minimum of 18 year",
        ),
        (
            'table_maximum = { value = "120 kg"',
            'table_maximum = { value = "12 kg"',
            "weight.table_maximum",
            "12 kg lies below the table_minimum of 30 kg",
        ),
        (
            'dilute_to_maximum = { value = "20 mL"',
            'dilute_to_maximum = { value = "2 mL"',
            "load.dilute_to_maximum",
            "2 mL lies below the dilute_to_minimum of 10 mL",
        ),
    ],
)
def test_minimum_standard_and_maximum_stand_in_order(proves, old: str, new: str, key: str, says: str) -> None:
    at = None if key.split(".")[1] in new else key.split(".")[1] + ' = { value = "1.49'
    proves("dosing.toml", old, new, key=f"{ENTRY}.{key}", says=says, at=at, alone=False)


def test_a_total_is_24_hours_of_the_rate_and_the_load(proves) -> None:
    # 0.5 mcg/kg/min x 1,440 min = 0.72 mg/kg; with the load of 0.05 mg/kg 0.77. 0.776 is more than 0.005 off.
    says = "0.776 mg/kg is not what 24 h at 0.5 mcg/kg/min and the load of 0.05 mg/kg amount to: 0.77 mg/kg"
    new = 'standard = { value = "0.776 mg/kg"'
    proves("dosing.toml", 'standard = { value = "0.77 mg/kg"', new, key=f"{ENTRY}.total_24_h.standard", says=says)


def test_a_total_may_be_rounded_as_printed(plant) -> None:
    assert not check_drug_folder(plant("dosing.toml", 'value = "0.77 mg/kg"', 'value = "0.775 mg/kg"'))


def test_a_total_without_a_load_is_24_hours_of_the_rate(folder, plant) -> None:
    text = (folder / "dosing.toml").read_text()
    start, end = text.index("[entry.load]"), text.index("[entry.maintenance]")
    plant("dosing.toml", text[start:end], "")
    problems = check_drug_folder(folder)
    assert [problem.where.split(": ")[1] for problem in problems] == [
        f"{ENTRY}.total_24_h.{key}" for key in ("minimum", "standard", "maximum")
    ]
    assert "the load of 0 mg/kg amount to: 0.36 mg/kg" in problems[0].says


def test_the_load_is_measured_from_a_product(proves) -> None:
    old = 'strength = { value = "1 mg/mL", source = "label:dose"'
    new = old.replace("1 mg/mL", "2 mg/mL")
    says = "The load is measured from a vial of 2 mg/mL, which is none of the products"
    proves("dosing.toml", old, new, key=f"{ENTRY}.load.strength", says=says)


POINT = """[[entry.renal.point]]
clearance = "{clearance} mL/min/1.73 m2"
rate = "{rate} mcg/kg/min"
source = "label:kidney"
status = "confirmed"

"""
LAST = '[[entry.renal.point]]\nclearance = "50 mL/min/1.73 m2"'


@pytest.mark.parametrize(
    ("clearance", "rate", "key", "says"),
    [
        ("5", "0.3", "clearance", "5 mL/min/1.73 m2 does not lie above 5 mL/min/1.73 m2 of the row before"),
        ("20", "0.1", "rate", "a rate never falls as clearance rises"),
        ("20", "1.1", "rate", "Rate 1.1 mcg/kg/min lies above the entry's maximum of 1 mcg/kg/min"),
    ],
)
def test_the_renal_table_ascends_below_the_maximum(proves, clearance: str, rate: str, key: str, says: str) -> None:
    new = POINT.format(clearance=clearance, rate=rate) + LAST
    at = f'{key} = "{clearance if key == "clearance" else rate} m'
    proves("dosing.toml", LAST, new, key=f"{ENTRY}.renal.point[1].{key}", says=says, at=at, alone=False)


def test_the_renal_table_stays_within_its_ends(proves) -> None:
    new = LAST.replace("50", "60")
    says = "Clearance 60 mL/min/1.73 m2 lies outside 5 mL/min/1.73 m2 to 50 mL/min/1.73 m2"
    at = 'clearance = "60 mL'
    proves("dosing.toml", LAST, new, key=f"{ENTRY}.renal.point[1].clearance", says=says, at=at, alone=False)


@pytest.mark.parametrize(("end", "number", "row"), [("lower", "5", "first"), ("upper", "50", "last")])
def test_the_ends_of_the_renal_table_are_rows(proves, end: str, number: str, row: str) -> None:
    # Beyond the rows nothing is known, so an end that reaches further would make up a line.
    new = f'{end} = {{ value = "{"4" if end == "lower" else "51"} mL/min/1.73 m2"'
    old = f'{end} = {{ value = "{number} mL/min/1.73 m2"'
    proves("dosing.toml", old, new, key=f"{ENTRY}.renal.{end}", says=f"is not the clearance of the {row} row")


def test_a_renal_table_has_two_rows(proves) -> None:
    text = POINT.format(clearance="5", rate="0.2")
    says = "is not a list of tables, at least 2"
    proves("dosing.toml", text, "", key=f"{ENTRY}.renal.point", says=says, at="[[entry.renal.point]]", alone=False)


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        (
            'diluent_volume = { value = "40 mL"',
            'diluent_volume = { value = "45 mL"',
            "total_volume",
            "10 mL and 45 mL are 55 mL, not 50 mL",
        ),
        (
            'concentration = { value = "200 mcg/mL"',
            'concentration = { value = "250 mcg/mL"',
            "concentration",
            "250 mcg/mL does not multiply out: 10 mL in 50 mL gives 0.2 mg/mL from 1 mg/mL",
        ),
        (
            'concentration = { value = "200 mcg/mL"',
            'concentration = { value = "50 mcg/mL"',
            "concentration",
            "50 mcg/mL lies outside the strengths of this drug, 0.1 mg/mL to 1 mg/mL",
        ),
        ('product_kind = "vial"', 'product_kind = "premix"', "concentration", "gives 0.04 mg/mL from 0.2 mg/mL"),
    ],
)
def test_a_dilution_multiplies_out(proves, old: str, new: str, key: str, says: str) -> None:
    proves("drug.toml", old, new, key=f"preparation[0].{key}", says=says, at=f"{key} = ", alone=False)


def test_a_dilution_of_a_product_that_is_not_there(folder, plant) -> None:
    text = (folder / "drug.toml").read_text()
    plant("drug.toml", text[text.index('[[product]]\nid = "vial') : text.index("[[preparation]]")], "")
    says = [problem.says for problem in check_drug_folder(folder)]
    assert any("gives nothing, since there is no product of kind vial" in item for item in says)


def test_a_product_lies_within_the_strengths(proves) -> None:
    old = 'strength = { value = "0.2 mg/mL"'
    says = "2 mg/mL lies outside the strengths of this drug, 0.1 mg/mL to 1 mg/mL"
    proves("drug.toml", old, old.replace("0.2", "2"), key="product[0].strength", says=says)


def test_an_unsound_strength_is_one_problem(proves) -> None:
    proves(
        "drug.toml",
        'lowest = { value = "0.1 mg/mL"',
        'lowest = { value = "0.1 mg"',
        key="strengths.lowest.value",
        says="which measures mass",
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("drug.toml", 'id = "vial-10-mL"', 'id = "bag-100-mL"', "product[1].id"),
        ("safety.toml", 'id = "potassium"', 'id = "allergy"', "rule[1].id"),
    ],
)
def test_an_id_stands_once(proves, file: str, old: str, new: str, key: str) -> None:
    proves(file, old, new, key=key, says="stands twice; the first is dobutamine/" + file)
