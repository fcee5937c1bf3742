"""Printed tables round half up. In which cells does that deliver more than the label's maximum?"""

from decimal import Decimal

from inotrope import Quantity, load_drug
from inotrope.dosing import rate_table

entry = load_drug("milrinone").entries[0]
table = rate_table(
    weights=[Quantity(Decimal(weight), "kg") for weight in range(30, 121, 10)],
    rates=[entry.maintenance.maximum.value],
    concentration=Quantity(Decimal(200), "mcg/mL"),
    step=entry.rounding.pump_step.value,
    entry=entry,
)
for crossing in table.crossings:
    print(crossing)
