"""Numbers that are sound alone and wrong together."""

from __future__ import annotations

import pytest

from inotrope.drug import check_drug_folder, load_drug

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


# --- steps, ranges, loads as rates, syringes -------------------------------------------------------------------------

STEPS = """
[[entry.maintenance.step]]
rate = "{first}"
source = "label:dose"
status = "confirmed"

[[entry.maintenance.step]]
rate = "{second}"
source = "label:dose"
status = "confirmed"

[entry.total_24_h]"""


@pytest.mark.parametrize(
    ("first", "second", "index", "says"),
    [
        ("0.2 mcg/kg/min", "1 mcg/kg/min", 0, "0.2 mcg/kg/min does not lie above 0.25 mcg/kg/min of the step before"),
        ("1 mcg/kg/min", "1 mcg/kg/min", 1, "1 mcg/kg/min does not lie above 1 mcg/kg/min of the step before"),
        ("0.25 mcg/kg/min", "0.9 mcg/kg/min", 1, "The last step is 0.9 mcg/kg/min, and the maximum 1 mcg/kg/min"),
    ],
)
def test_steps_ascend_from_the_minimum_to_the_maximum(proves, first: str, second: str, index: int, says: str) -> None:
    key = f"{ENTRY}.maintenance.step[{index}].rate"
    new = STEPS.format(first=first, second=second)
    at = f'rate = "{(first, second)[index]}"'
    proves("dosing.toml", "[entry.total_24_h]", new, key=key, says=says, at=at)


def test_sound_steps_are_read(plant) -> None:
    folder = plant("dosing.toml", "[entry.total_24_h]", STEPS.format(first="0.25 mcg/kg/min", second="1 mcg/kg/min"))
    (entry,) = load_drug(folder).entries
    assert [str(step.value) for step in entry.maintenance.steps] == ["0.25 mcg/kg/min", "1 mcg/kg/min"]


NUMBER = 'source = "label:dose", status = "confirmed" }'


@pytest.mark.parametrize(
    ("old", "more", "key", "says", "at"),
    [
        (
            "[entry.load]",
            f'dose_maximum = {{ value = "40 mcg/kg", {NUMBER}',
            "load.dose_maximum",
            "below the dose of",
            "",
        ),
        (
            "[entry.load]",
            f'duration_minimum = {{ value = "20 min", {NUMBER}',
            "load.duration",
            "10 min lies below the duration_minimum of 20 min",
            'duration = { value = "10 min"',
        ),
        ("[entry.duration]", f'longest = {{ value = "24 h", {NUMBER}', "duration.longest", "below the controlled", ""),
        ("[entry.age]", f'below = {{ value = "100 years", {NUMBER}', "age.below", "below the maximum of 110 year", ""),
    ],
)
def test_ranges_stand_in_order(proves, old: str, more: str, *, key: str, says: str, at: str) -> None:
    proves("dosing.toml", old, f"{old}\n{more}", key=f"{ENTRY}.{key}", says=says, at=at or more)


RATE_LOAD = f"""[entry.load]
rate = {{ value = "0.75 mcg/kg/min", {NUMBER}
rate_maximum = {{ value = "%s", {NUMBER}
duration = {{ value = "3 h", {NUMBER}

[entry.maintenance]"""


def with_rate_load(folder, highest: str, *, steps: bool = True):
    path = folder / "dosing.toml"
    text = path.read_text("utf-8")
    start, end = text.index("[entry.load]"), text.index("[entry.maintenance]")
    text = text[:start] + RATE_LOAD % highest + text[end + len("[entry.maintenance]") :]
    if steps:
        text = text.replace("[entry.total_24_h]", STEPS.format(first="0.25 mcg/kg/min", second="1 mcg/kg/min"))
    path.write_text(text, "utf-8")
    return folder


def test_a_load_as_a_rate_counts_in_the_totals(folder) -> None:
    # 0.75 mcg/kg/min for 3 h is 0.135 mg/kg: 0.25 x 1.44 + 0.135 = 0.495, 0.855 and 1.575, not what is printed.
    found = check_drug_folder(with_rate_load(folder, "1 mcg/kg/min"))
    assert [problem.says.split(":")[1].split(",")[0].strip() for problem in found] == [
        "0.495 mg/kg",
        "0.855 mg/kg",
        "1.575 mg/kg",
    ]


def test_where_the_load_is_a_rate_those_of_the_infusion_are_listed(folder) -> None:
    found = check_drug_folder(with_rate_load(folder, "1 mcg/kg/min", steps=False))
    assert found[0].says.startswith("The load is a rate: list the rates of the infusion as steps")


def test_the_rates_of_a_load_stand_in_order(folder) -> None:
    found = check_drug_folder(with_rate_load(folder, "0.5 mcg/kg/min"))
    assert "0.5 mcg/kg/min lies below the rate of 0.75 mcg/kg/min." in [problem.says for problem in found]


def test_a_cap_that_stands_alone_need_not_multiply_out(folder, plant) -> None:
    for key, value in (("minimum", "0.41"), ("standard", "0.77")):
        line = f'{key} = {{ value = "{value} mg/kg", source = "label:dose", status = "confirmed" }}\n'
        plant("dosing.toml", line, "")
    plant("dosing.toml", 'maximum = { value = "1.49 mg/kg"', 'maximum = { value = "1.2 mg/kg"')
    assert check_drug_folder(folder) == ()


def test_an_entry_has_a_renal_table_or_a_limit_of_impaired_kidneys(proves) -> None:
    new = f'[entry.kidney]\nimpaired_below = {{ value = "50 mL/min/1.73 m2", {NUMBER}\n\n[entry.renal]'
    proves("dosing.toml", "[entry.renal]", new, key=f"{ENTRY}.kidney", says="not both")


SYRINGE = """[[syringe]]
id = "{id}"
amount = {{ value = "1 mg/kg", source = "label:syringe", status = "confirmed" }}
volume = {{ value = "50 mL", source = "label:syringe", status = "confirmed" }}
delivers = {{ value = "{delivers}", source = "label:syringe", status = "confirmed" }}
diluents = ["dextrose 5 %"]

[strengths]"""


@pytest.mark.parametrize(
    ("delivers", "sound"),
    [
        ("0.33 mcg/kg/min", True),  # 1,000 / 50 / 60 = 0.3333, printed with two decimals
        ("0.3 mcg/kg/min", True),
        ("0.34 mcg/kg/min", False),
        ("0.333 mcg/kg/min", True),
        ("0.332 mcg/kg/min", False),
    ],
)
def test_a_syringe_by_weight_multiplies_out_to_its_last_digit(folder, plant, delivers: str, sound: bool) -> None:
    plant("drug.toml", "[strengths]", SYRINGE.format(id="s", delivers=delivers))
    found = check_drug_folder(folder)
    assert (found == ()) is sound
    if not sound:
        assert f"{delivers} is not what 1 mL/h gives of 1 mg/kg in 50 mL: 0.3333 mcg/kg/min." in found[0].says
    else:
        assert [item.id for item in load_drug(folder).syringes] == ["s"]


def test_a_syringe_that_is_not_sound_is_none_and_an_id_stands_once(folder, plant) -> None:
    twice = SYRINGE.format(id="s", delivers="0.33 mcg/kg/min").removesuffix("[strengths]")
    broken = twice.replace('"1 mg/kg"', '"1 mg"').replace('"s"', '"t"')
    plant("drug.toml", "[strengths]", f"{twice}{twice}{broken}[strengths]")
    says = [problem.says for problem in check_drug_folder(folder)]
    assert len(says) == 2
    assert any("Id 's' stands twice" in item for item in says)
