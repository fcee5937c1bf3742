"""A bare conversion and the ward's table, drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from inotrope.display import conversion_sheet, table_sheet, to_text
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


def test_a_pump_rate_becomes_a_rate_and_a_crossing_is_a_warning() -> None:
    # 11.3 x 200 / 60 / 50 = 0.7533 mcg/kg/min, above 0.75
    found = pump_to_dose(Quantity(Decimal("11.3"), "mL/h"), weight=kg(50), concentration=BAG, entry=ENTRY)
    text = to_text(conversion_sheet(found, drug=DRUG, entry=ENTRY, weight=kg(50), concentration=BAG, asked_rate=False))
    assert "0.7533 mcg/kg/min" in text
    assert "[!] WARN" in text
    assert "Rate asked" not in text


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
