"""The label's tables as received (`tests/authorities/label`): the raw arithmetic equals every cell.

Raw arithmetic is done with fractions in this file, rounded half up by hand, and held against the received table; then
the program is held against the same table. Where the program's own rounding differs, a limit would be crossed, and it
says so.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest

from inotrope.dosing import (
    Ceiling,
    Limit,
    loading_dose,
    prepare,
    rate_table,
    renal_line,
    standard_preparations,
    to_pump,
)
from inotrope.units import Quantity
from tests.dosing.adult import adult_entry, case, milrinone, quantity

TABLES = Path(__file__).parents[1] / "authorities" / "label"


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def half_up(value: Fraction, step: Fraction) -> Fraction:
    return floor(value / step + Fraction(1, 2)) * step


def pump_cells() -> list[tuple[str, str, str]]:
    return [
        (row["rate_mcg_per_kg_min"], weight, printed)
        for row in rows("pump_rate_table.csv")
        for weight, printed in row.items()
        if weight != "rate_mcg_per_kg_min"
    ]


def maximum() -> Ceiling:
    top = adult_entry().maintenance.maximum
    return Ceiling((Limit("maximum", top.value, "the entry's maximum rate is 0.75 mcg/kg/min", top.source),))


def kg(weight: str) -> Quantity:
    return quantity(f"{weight} kg")


@pytest.mark.parametrize(("rate", "weight", "printed"), pump_cells())
def test_every_printed_pump_rate(rate: str, weight: str, printed: str) -> None:
    exact = Fraction(rate) * Fraction(weight) * 60 / 200
    assert half_up(exact, Fraction(1, 10)) == Fraction(printed)
    ordered, strength, step = quantity(f"{rate} mcg/kg/min"), quantity("200 mcg/mL"), quantity("0.1 mL/h")
    bare = to_pump(ordered, weight=kg(weight), concentration=strength, step=step, ceiling=None)
    assert bare.rate == bare.printed == quantity(f"{printed} mL/h")
    assert bare.says == ""
    planned = to_pump(ordered, weight=kg(weight), concentration=strength, step=step, ceiling=maximum())
    assert planned.printed == quantity(f"{printed} mL/h")
    crosses = Fraction(printed) * 200 / 60 / Fraction(weight) > Fraction(3, 4)
    if crosses:
        assert Fraction(planned.rate.value) == Fraction(printed) - Fraction(1, 10)
        assert f"half up, as tables round, it would be {printed} mL/h" in planned.says
        assert planned.delivered < quantity("0.75 mcg/kg/min")
    else:
        assert planned.rate == planned.printed
        assert planned.says == ""


def test_only_the_cells_that_round_up_at_the_maximum_differ() -> None:
    # 0.225 mL/h per kg: 30 kg 6.75, 50 kg 11.25, 70 kg 15.75, 90 kg 20.25, 110 kg 24.75 end in a 5 that rounds up.
    weights = [kg(text) for text in ("30", "40", "50", "60", "70", "80", "90", "100", "110", "120")]
    found = rate_table(
        weights=weights,
        rates=[quantity(f"{row['rate_mcg_per_kg_min']} mcg/kg/min") for row in rows("pump_rate_table.csv")],
        concentration=quantity("0.2 mg/mL"),
        step=quantity("0.1 mL/h"),
        entry=adult_entry(),
    )
    printed = [tuple(row.values())[1:] for row in rows("pump_rate_table.csv")]
    assert [[str(cell) for cell in row] for row in found.cells] == [list(row) for row in printed]
    assert [text.split(" at ")[0] for text in found.crossings] == ["30 kg", "50 kg", "70 kg", "90 kg", "110 kg"]
    assert "50 kg at 0.75 mcg/kg/min: 11.3 mL/h delivers 0.7533 mcg/kg/min, above the maximum" in found.crossings[1]
    assert found.crossings[1].endswith("a plan sets 11.2 mL/h")
    assert found.concentration == quantity("200 mcg/mL")


@pytest.mark.parametrize("row", rows("load_volume_ml.csv"), ids=lambda row: row["weight_kg"])
def test_every_printed_load(row: dict[str, str]) -> None:
    assert Fraction(50) * Fraction(row["weight_kg"]) / 1000 == Fraction(row["load_ml"])
    load = adult_entry().load
    assert load is not None
    given = loading_dose(load, weight=kg(row["weight_kg"]), product="vial 1 mg/mL", strength=quantity("1 mg/mL"))
    (volume,) = given.volumes
    assert volume.volume == quantity(f"{row['load_ml']} mL")
    assert given.dose == quantity(f"{row['load_ml']} mg")


@pytest.mark.parametrize("row", rows("print_errors.csv"), ids=lambda row: row["weight"])
def test_the_cells_printed_wrong_elsewhere_are_not_ours(row: dict[str, str]) -> None:
    load = adult_entry().load
    assert load is not None
    given = loading_dose(load, weight=kg(row["weight"]), product="vial 1 mg/mL", strength=quantity("1 mg/mL"))
    assert given.volumes[0].volume == quantity(f"{row['right_ml']} mL")
    assert Fraction(row["weight"]) / 20 == Fraction(row["right_ml"]) != Fraction(row["printed_ml"])


@pytest.mark.parametrize("row", rows("maintenance_24_h.csv"), ids=lambda row: row["rate_mcg_per_kg_min"])
def test_every_printed_24_h_total(row: dict[str, str]) -> None:
    exact = Fraction(row["rate_mcg_per_kg_min"]) * 1440 / 1000 + Fraction(50, 1000)
    assert half_up(exact, Fraction(1, 100)) == Fraction(row["total_mg_per_kg"])
    total = adult_entry().total_24_h
    assert total is not None
    rate = quantity(f"{row['rate_mcg_per_kg_min']} mcg/kg/min")
    of_the_rate = {
        adult_entry().maintenance.minimum.value: total.minimum.value,
        adult_entry().maintenance.standard.value: total.standard.value,
        adult_entry().maintenance.maximum.value: total.maximum.value,
    }
    assert of_the_rate[rate] == quantity(f"{row['total_mg_per_kg']} mg/kg")


@pytest.mark.parametrize("row", rows("renal_points.csv"), ids=lambda row: row["crcl_ml_min_1_73"])
def test_every_printed_renal_point(row: dict[str, str]) -> None:
    renal = adult_entry().renal
    assert renal is not None
    clearance = quantity(f"{row['crcl_ml_min_1_73']} mL/min/1.73 m2")
    assert renal_line(renal, clearance) == quantity(f"{row['rate_mcg_per_kg_min']} mcg/kg/min")
    # The column of volumes is 0.3 x rate, printed to two decimals.
    per_kg = Fraction(row["rate_mcg_per_kg_min"]) * 60 / 200
    assert half_up(per_kg, Fraction(1, 100)) == Fraction(row["ml_per_kg_h_printed"])


def test_the_printed_ml_per_kg_h_lose_up_to_2_2_percent_and_are_never_dosed_from() -> None:
    for row in rows("ml_per_kg_h_corotrope.csv"):
        exact = Fraction(row["rate"]) * 60 / 200
        lost = (exact - Fraction(row["printed"])) / exact
        assert 0 <= lost < Fraction(23, 1000)
        planned = to_pump(
            quantity(f"{row['rate']} mcg/kg/min"),
            weight=kg("80"),
            concentration=quantity("200 mcg/mL"),
            step=quantity("0.1 mL/h"),
            ceiling=None,
        )
        assert Fraction(planned.exact.value) == exact * 80


def test_the_printed_dilutions_are_offered() -> None:
    offered = standard_preparations(milrinone())
    for row in rows("dilutions.csv"):
        assert Fraction(row["drug_ml"]) * 1000 / Fraction(row["total_ml"]) == Fraction(row["concentration_mcg_ml"])
        assert Fraction(row["drug_ml"]) + Fraction(row["diluent_ml"]) == Fraction(row["total_ml"])
        (found,) = [item for item in offered if item.recipe.startswith(f"{row['drug_ml']} mL of 1 mg/mL vial")]
        assert found.concentration == quantity(f"{row['concentration_mcg_ml']} mcg/mL")
        assert found.volume == quantity(f"{row['total_ml']} mL")
        assert f"+ {row['diluent_ml']} mL diluent" in found.recipe


def _inputs(row: dict[str, str]) -> dict[str, str]:
    return dict(part.split("=") for part in row["inputs"].split())


@pytest.mark.parametrize("row", rows("section_7_checks.csv"), ids=lambda row: f"{row['number']}-{row['inputs']}")
def test_the_checks_that_need_no_model(row: dict[str, str]) -> None:
    found = {
        "load_dose": _load,
        "load_volume": _load,
        "total_24_h_with_load": lambda inputs: Decimal(inputs["rate"]) * 1440 / 1000 + _load_per_kg(),
        "total_24_h_without_load": lambda inputs: quantity(f"{inputs['rate']} mcg/kg/min").in_unit("mg/kg/day"),
        "pump_rate": _pump,
        "dilution": lambda inputs: 1000 * Decimal(inputs["drug_ml"]) / sum(map(Decimal, inputs.values())),
        "renal_line": _line,
    }[row["check"]](_inputs(row))
    assert abs(found - Decimal(row["expected"])) <= Decimal(row["tolerance"])


def _load(inputs: dict[str, str]) -> Decimal:
    load = adult_entry().load
    assert load is not None
    given = loading_dose(load, weight=kg(inputs["weight_kg"]), product="vial", strength=quantity("1 mg/mL"))
    assert given.dose is not None
    assert given.dose.in_unit("mg") == given.volumes[0].volume.in_unit("mL")  # 1 mg/mL
    return given.dose.in_unit("mg")


def _load_per_kg() -> Decimal:
    load = adult_entry().load
    assert load is not None
    return load.dose.value.in_unit("mg/kg")


def _pump(inputs: dict[str, str]) -> Decimal:
    found = to_pump(
        quantity(f"{inputs['rate']} mcg/kg/min"),
        weight=kg(inputs["weight_kg"]),
        concentration=quantity(f"{inputs['concentration_mcg_ml']} mcg/mL"),
        step=quantity("0.1 mL/h"),
        ceiling=None,
    )
    return found.printed.in_unit("mL/h")


def _line(inputs: dict[str, str]) -> Decimal:
    renal = adult_entry().renal
    assert renal is not None
    return renal_line(renal, quantity(f"{inputs['crcl']} mL/min/1.73 m2")).in_unit("mcg/kg/min")


def test_a_premixed_bag_needs_no_recipe_from_a_vial() -> None:
    found = prepare(case(), milrinone(), adult_entry(), pump_rate=quantity("9.2 mL/h"))
    assert found.recipe == "milrinone in dextrose 5 %, premixed bag, ready to use, not diluted"
