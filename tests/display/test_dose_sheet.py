"""A bare conversion and the ward's table, drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from inotrope.display import Mark, conversion_sheet, no_product_sheet, table_sheet, to_text
from inotrope.dosing import dose_to_pump, pump_to_dose, rate_table
from inotrope.drug import load_drug
from inotrope.units import Quantity

DRUG = load_drug("milrinone")
ENTRY = DRUG.entries[0]
BAG = Quantity(Decimal(200), "mcg/mL")
STEP = Quantity(Decimal("0.1"), "mL/h")


def kg(number: int) -> Quantity:
    return Quantity(Decimal(number), "kg")


def rate(text: str) -> Quantity:
    return Quantity(Decimal(text), "mcg/kg/min")


def test_a_rate_becomes_a_pump_rate_with_its_product_and_its_arithmetic() -> None:
    # 0.5 x 70 x 60 / 200 = 10.5 mL/h
    found = dose_to_pump(rate("0.5"), weight=kg(70), concentration=BAG, step=STEP, entry=ENTRY)
    text = to_text(conversion_sheet(found, drug=DRUG, entry=ENTRY, weight=kg(70), concentration=BAG, asked_rate=True))
    assert re.search(r"Pump +10\.5 mL/h of milrinone 200 mcg/mL\n", text)
    assert "2,100 mcg/h" in text
    assert "no rule of safety was looked at" in " ".join(text.split())


def test_a_pump_rate_becomes_a_rate_and_a_crossing_stands_at_the_head() -> None:
    # 11.3 x 200 / 60 / 50 = 0.7533 mcg/kg/min, above 0.75
    found = pump_to_dose(Quantity(Decimal("11.3"), "mL/h"), weight=kg(50), concentration=BAG, entry=ENTRY)
    sheet = conversion_sheet(found, drug=DRUG, entry=ENTRY, weight=kg(50), concentration=BAG, asked_rate=False)
    text = to_text(sheet)
    assert sheet.status is not None
    assert sheet.status.mark is Mark.STOP
    assert "0.7533 mcg/kg/min is above" in text
    assert "Rate asked" not in text


def test_below_the_range_is_told_and_stops_nothing() -> None:
    found = dose_to_pump(rate("0.1"), weight=kg(70), concentration=BAG, step=STEP, entry=ENTRY)
    sheet = conversion_sheet(found, drug=DRUG, entry=ENTRY, weight=kg(70), concentration=BAG, asked_rate=True)
    assert sheet.status is not None
    assert sheet.status.mark is Mark.INFORM


def test_a_rounding_that_crosses_names_the_setting_that_does_not() -> None:
    # 0.75 x 50 x 60 / 200 = 11.25, printed 11.3; 11.2 x 200 / 60 / 50 = 0.7467
    found = dose_to_pump(rate("0.75"), weight=kg(50), concentration=BAG, step=STEP, entry=ENTRY)
    text = to_text(conversion_sheet(found, drug=DRUG, entry=ENTRY, weight=kg(50), concentration=BAG, asked_rate=True))
    assert "the next lower setting, 11.2 mL/h, delivers 0.7467 mcg/kg/min" in " ".join(text.split())


def test_a_page_without_a_conversion_shows_no_rate() -> None:
    text = to_text(replace(no_product_sheet("It is too weak.", drug=DRUG), versions=(), notice=""))
    assert "[X] STOP" in text
    assert "It is too weak." in text
    assert not re.search(r"\d", text)


def test_a_table_above_the_maximum_says_so_before_the_table() -> None:
    found = rate_table(weights=[kg(70)], rates=[rate("0.5"), rate("1")], concentration=BAG, step=STEP, entry=ENTRY)
    text = " ".join(to_text(table_sheet(found, drug=DRUG, entry=ENTRY, assumed="The premix is used")).split())
    assert text.index("[~] ASSUMED The premix is used") < text.index("0.75 mcg/kg/min: 1 mcg/kg/min. Do not use")
    assert text.index("Do not use") < text.index("Pump rates in mL/h")


def test_the_table_fits_a_narrow_terminal_with_a_unit_on_every_number() -> None:
    found = rate_table(
        weights=[kg(number) for number in range(30, 121, 10)],
        rates=[rate(text) for text in ("0.375", "0.4", "0.5", "0.6", "0.7", "0.75")],
        concentration=BAG,
        step=STEP,
        entry=ENTRY,
    )
    sheet = table_sheet(found, drug=DRUG, entry=ENTRY)
    text = to_text(replace(sheet, versions=()))
    assert max(map(len, text.splitlines())) <= 80
    row = next(line for line in text.splitlines() if line.startswith("  50 kg"))
    # The label's line for 50 kg: 5.6, 6.0, 7.5, 9.0, 10.5, 11.3 mL/h.
    assert re.findall(r"([\d.]+) mL/h", row) == ["5.6", "6", "7.5", "9", "10.5", "11.3"]
    assert "a plan sets 11.2 mL/h" in " ".join(text.split())
